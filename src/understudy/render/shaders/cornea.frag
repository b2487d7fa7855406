// What the wet eye mirrors: lamps as discs and glows as crisp rectangles, never blurred by a map. Lifted, as a
// photographer lifts them with a small bright lamp by the lens. Blended as a screen.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
in vec3 made;
out vec4 o;
uniform int side;
uniform float radius;
uniform float iris_uv;
uniform float tears;
uniform mat3 eye_from_stage;

void main() {
    vec3 p = (made - vec3(eye_rows[side * 3].w, eye_rows[side * 3 + 1].w, eye_rows[side * 3 + 2].w)) / radius;
    vec2 q = vec2(dot(eye_rows[side * 3].xyz, p), dot(eye_rows[side * 3 + 1].xyz, p));
    float under = lids[side * 2].x + lids[side * 2].y * q.x + lids[side * 2].z * q.x * q.x - q.y;
    float rho = length(uv - .5), white = smoothstep(iris_uv * .98, iris_uv * 1.25, rho);
    vec3 n = normalize(mix(normalize(normal.xyz), normalize(p * eye_from_stage), smoothstep(iris_uv * 1.15, iris_uv * 1.4, rho)));
    vec3 v = normalize(lens.xyz - at), r = reflect(-v, n);
    float f = fresnel(clamp(dot(n, v), 0., 1.), .03);
    vec3 c = vec3(0.);
    for (int i = 0; i < GLOW_COUNT; i++) {
        float z = dot(r, glow_to[i].xyz);
        vec2 d = vec2(glow_to[i].w, glow_right[i].w) - abs(vec2(dot(r, glow_right[i].xyz), dot(r, glow_up[i].xyz)) / max(z, .02));
        vec2 m = smoothstep(-glow_up[i].w, glow_up[i].w, d);
        float small = smoothstep(.12, .03, glow_to[i].w * glow_right[i].w);
        c += glow_radiance[i].rgb * (m.x * m.y * step(.02, z) * mix(1.7, 6., small));
    }
    for (int i = 0; i < LIGHT_COUNT; i++) {
        float ca = cos(light_to[i].w * .8 + .02);
        c += light_colour[i].rgb * smoothstep(ca - .012, ca + .012, dot(r, light_to[i].xyz)) * 3.;
    }
    // the iris shows through: of the surroundings it mirrors little, of the lamps all
    c = max(c, 0.) * mix(1.7, .55, white) + mirrored(r, .1) * mix(.55, .30, white);
    c *= f * smoothstep(.0, .16, under) * (1. + .8 * tears * white);
    vec3 t = 1. - exp(-c * finish.x * 1.2);
    o = vec4(t, 0.);
}
