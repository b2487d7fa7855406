// The line of tears along the lower lid, and a tear that runs: clear water, seen by what it mirrors. Blended as a screen.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;                  // x: along, 0 at the inner corner or the lid
in float cover;
out vec4 o;
uniform float tears;         // 0 dry, 0.5 brimming, 1 running
uniform float running;       // 1 for the track of a tear

void main() {
    vec3 n = normalize(normal.xyz), v = normalize(lens.xyz - at), r = reflect(-v, n);
    float show = mix(.75, 1.6, tears), wide = 0.;
    if (running > .5) {
        float reached = clamp(tears * 2.2 - 1.1, 0., 1.);
        wide = .06;
        show = 1.1 * smoothstep(reached + .015, reached - .03, uv.x) * step(.001, reached);
        // the drop at its end is the fullest
        show *= .55 + .9 * smoothstep(.10, .0, reached - uv.x);
    }
    float f = fresnel(clamp(dot(n, v), 0., 1.), .025);
    vec3 c = vec3(0.);
    for (int i = 0; i < GLOW_COUNT; i++) {
        float z = dot(r, glow_to[i].xyz);
        vec2 d = vec2(glow_to[i].w, glow_right[i].w) - abs(vec2(dot(r, glow_right[i].xyz), dot(r, glow_up[i].xyz)) / max(z, .02));
        vec2 m = smoothstep(-.12, .12, d);
        c += glow_radiance[i].rgb * (m.x * m.y * step(.02, z) * 1.4);
    }
    for (int i = 0; i < LIGHT_COUNT; i++) {
        float s = i == 0 ? lamp.w : i == 1 ? sky.w : normal.w;
        float ca = cos(light_to[i].w + .16 + wide);
        c += light_colour[i].rgb * (s * smoothstep(ca - .05, ca + .05, dot(r, light_to[i].xyz)) * 2.2);
    }
    c = (max(c, 0.) + mirrored(r, .15) * .8) * (f * show * cover);
    o = vec4(1. - exp(-c * finish.x * 1.2), 0.);
}
