// A spectacle lens: what it mirrors, over a slight darkening of what is behind it. Blended over.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
out vec4 o;
uniform vec3 base;
uniform float tint;          // 0 clear .. 1 black

void main() {
    vec3 n = normalize(normal.xyz), v = normalize(lens.xyz - at);
    if (!gl_FrontFacing) n = -n;
    vec3 r = reflect(-v, n);
    float nv = clamp(dot(n, v), 0., 1.);
    vec3 c = mirrored(r, .04) * .5;
    for (int i = 0; i < GLOW_COUNT; i++) {
        float z = dot(r, glow_to[i].xyz);
        vec2 d = vec2(glow_to[i].w, glow_right[i].w) - abs(vec2(dot(r, glow_right[i].xyz), dot(r, glow_up[i].xyz)) / max(z, .02));
        vec2 m = smoothstep(-glow_up[i].w, glow_up[i].w, d);
        c += glow_radiance[i].rgb * (m.x * m.y * step(.02, z) * .5);
    }
    // both faces mirror, and a coating takes half of it away
    float f = fresnel(nv, .04);
    vec3 t = 1. - exp(-max(c, 0.) * finish.x * f * 1.1);
    float dark = 1. - (1. - tint) * (1. - .10 * (1. - nv));
    float cover = clamp(dark + max(t.r, max(t.g, t.b)) * (1. - dark), 0., 1.);
    vec3 body = picture(base * (sky.rgb + lamp.rgb)) * dark;
    o = vec4(body + t * (1. - .5 * dark), cover);
}
