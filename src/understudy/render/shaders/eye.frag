// The eyeball: white and iris under the lids' shade. Through the cornea the iris is seen where light bends it to, and
// the cornea gathers the main light on the far side of it.
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
uniform float iris;          // radius of the iris in radii of the eye
uniform mat3 eye_from_stage;
uniform float tears;         // 0 dry .. 1 weeping

// Shade of the lids at a place on the eye (x: left, y: up, in eye radii): dark at the upper lid, less at the lower.
float lid_shade(vec2 q, vec4 up, vec4 low) {
    float under = max(up.x + up.y * q.x + up.z * q.x * q.x - q.y, 0.);
    float above = max(q.y - (low.x + low.y * q.x + low.z * q.x * q.x), 0.);
    float gap = clamp((under + above) * 1.5, 0., 1.);
    float a = 1. - .50 * exp(-under * 14.) - .42 * exp(-under * 3.2);
    float b = 1. - .34 * exp(-above * 16.) - .16 * exp(-above * 4.);
    return clamp(a, 0., 1.) * b * mix(.35, 1., gap) * (1. - .42 * smoothstep(.40, .98, abs(q.x)));
}

void main() {
    vec3 p = (made - vec3(eye_rows[side * 3].w, eye_rows[side * 3 + 1].w, eye_rows[side * 3 + 2].w)) / radius;
    vec3 q = vec3(dot(eye_rows[side * 3].xyz, p), dot(eye_rows[side * 3 + 1].xyz, p), dot(eye_rows[side * 3 + 2].xyz, p));
    float ao = lid_shade(q.xy, lids[side * 2], lids[side * 2 + 1]);
    vec3 n = normalize(normal.xyz), v = normalize(lens.xyz - at);
    vec2 st = uv, m = vec2(0.);
    float ring = 0.;
    float inside = smoothstep(iris_uv * 1.06, iris_uv * .97, length(uv - .5));
    if (inside > 0.) {
        // out to the cornea along the view, bent there, and back to the plane of the iris
        vec3 e = normalize(eye_from_stage * v);
        float rim = sqrt(1. - iris * iris), high = 1. + .0009 / radius - rim;
        float ball = (high * high + iris * iris) / (2. * high);
        vec3 c = p - vec3(0., 0., rim + high - ball);
        float b = dot(c, e);
        vec3 outer = c + e * (sqrt(max(b * b - dot(c, c) + ball * ball, 0.)) - b);
        vec3 bent = refract(-e, outer / ball, 1. / 1.336);
        float far = (ball - high - .035 - outer.z) / min(bent.z, -.25);
        m = (outer.xy + bent.xy * far) / iris;
        float reach = length(m);
        m *= min(1., .91 / max(reach, 1e-4));
        st = mix(uv, .5 + m * iris_uv, inside);
        ring = inside * smoothstep(.74, 1.0, reach);
    }
    vec3 a = texture(albedo, st).rgb;
    a *= a;
    a *= 1. - .55 * ring;
    float white = 1. - inside;
    float vessel = clamp((a.r - a.g) * 7. - .35, 0., 1.);
    a *= mix(vec3(1.), vec3(1., .80 - .30 * vessel, .78 - .30 * vessel), white * tears);
    float s0 = mix(lamp.w, 1., .25);
    vec3 w = mix(vec3(.10), vec3(.52, .40, .36), white);
    vec3 shade = vec3(pow(ao, mix(1., .86, white)), ao, pow(ao, 1.06));
    vec3 lit = sky.rgb * shade;
    for (int i = 0; i < LIGHT_COUNT; i++) {
        float s = i == 0 ? s0 : i == 1 ? sky.w : normal.w;
        lit += light_colour[i].rgb / PI * s * shade * clamp((vec3(dot(n, light_to[i].xyz)) + w) / (1. + w), 0., 1.);
    }
    vec3 l = eye_from_stage * light_to[0].xyz;
    vec2 off = m + l.xy * .62;
    lit += light_colour[0].rgb * (inside * exp(-dot(off, off) * 4.2) * .30 * s0 * ao * clamp(l.z + .2, 0., 1.));
    o = vec4(picture(a * lit), 1.);
}
