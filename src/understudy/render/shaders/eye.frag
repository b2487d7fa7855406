// The eyeball: white and iris under the lids' shade. The concave iris catches light opposite the lamp, as through a lens.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
in vec3 made;
out vec4 o;
uniform sampler2D albedo;
uniform int side;            // 0 left, 1 right
uniform float radius;
uniform float iris_uv;

// Shade of the lids at a place on the eye (x: left, y: up, in eye radii): dark at the upper lid, less at the lower.
float lid_shade(vec2 q, vec4 up, vec4 low, out float above) {
    float under = up.x + up.y * q.x + up.z * q.x * q.x - q.y;
    above = q.y - (low.x + low.y * q.x + low.z * q.x * q.x);
    float gap = clamp((under + above) * 1.5, 0., 1.);
    float a = 1. - .55 * exp(-max(under, 0.) / .09) - .40 * exp(-max(under, 0.) / .42);
    float b = 1. - .42 * exp(-max(above, 0.) / .07);
    return clamp(a, 0., 1.) * b * mix(.35, 1., gap) * (1. - .55 * smoothstep(.45, .98, abs(q.x)));
}

void main() {
    vec3 p = (made - vec3(eye_rows[side * 3].w, eye_rows[side * 3 + 1].w, eye_rows[side * 3 + 2].w)) / radius;
    vec3 q = vec3(dot(eye_rows[side * 3].xyz, p), dot(eye_rows[side * 3 + 1].xyz, p), dot(eye_rows[side * 3 + 2].xyz, p));
    float above;
    float ao = lid_shade(q.xy, lids[side * 2], lids[side * 2 + 1], above);
    vec3 n = normalize(normal.xyz), v = normalize(lens.xyz - at);
    vec2 c0 = uv - .5;
    float rho = length(c0), iris = smoothstep(iris_uv * 1.06, iris_uv * .97, rho);
    vec3 a = texture(albedo, uv).rgb;
    a *= a;
    float s0 = mix(lamp.w, 1., .25);
    vec3 w = vec3(.34, .24, .20) * (1. - .8 * iris);
    vec3 lit = sky.rgb * vec3(ao, pow(ao, 1.15), pow(ao, 1.22));
    for (int i = 0; i < LIGHT_COUNT; i++) {
        float s = (i == 0 ? s0 : i == 1 ? sky.w : normal.w) * ao;
        lit += light_colour[i].rgb / PI * s * clamp((vec3(dot(n, light_to[i].xyz)) + w) / (1. + w), 0., 1.);
    }
    // caustic: the cornea gathers the main light on the far side of the iris
    vec3 l = light_to[0].xyz;
    vec3 local = normalize(vec3(q.xy - normalize(vec3(dot(eye_rows[side*3].xyz, vec3(0,0,1)), dot(eye_rows[side*3+1].xyz, vec3(0,0,1)), 1.)).xy, .001));
    float far = clamp(-dot(normalize(local.xy + 1e-4), normalize(l.xy + 1e-4)), 0., 1.);
    lit += light_colour[0].rgb * (iris * far * far * smoothstep(.25, .8, rho / iris_uv) * .55 * s0 * ao);
    vec3 shine = vec3(0.);
    // the line of tears on the lower lid mirrors the sky.rgb
    float tear = exp(-pow((above - .03) / .022, 2.)) * smoothstep(.0, .15, ao);
    vec3 tn = normalize(vec3(n.x, n.y * .3 + .75, n.z * .8));
    shine += mirrored(reflect(-v, tn), .22) * tear * .22;
    o = vec4(picture(a * lit + shine), 1.);
}
