// Hair: three paths of light through a fibre (Marschner et al. 2003, as two shifted lobes along the strand after Scheuermann
// 2004): the glint off its surface, the glow that comes back through it and takes its colour, and what passes from behind.
// Energy: the glint reflects what Fresnel gives at 1.55 (4.7 %), so dark hair stays dark under a wide sky.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
in vec4 strand;
in float seed;
#ifdef COLOURED
in vec3 colour;
#endif
#ifdef THIN
in float cover;
#endif
out vec4 o;
uniform vec3 base;
uniform float gloss;
uniform sampler2D albedo;

void main() {
    float alpha = 1., tone = .6;
    vec3 tint = vec3(.66);
#ifdef TEXTURED
    vec4 h = texture(albedo, uv);
    ivec2 cell = ivec2(gl_FragCoord.xy);
    float keep = float(((cell.x ^ cell.y) & 1) * 2 + (cell.y & 1)) * .13 + .24;
    if (h.a < keep) discard;
    tint = h.rgb * h.rgb;
    tone = h.g;
#endif
#ifdef THIN
    alpha = cover * smoothstep(1.02, .75, strand.w);
#endif
    vec3 t = normalize(strand.xyz), v = normalize(lens.xyz - at), n = normalize(normal.xyz);
    float facing = dot(n, v);
    float deep = facing < 0. ? .55 : 1.;
    if (facing < 0.) n = -n;
    float shade = 1.;
#ifdef COLOURED
    shade = colour.g;
#endif
    vec3 col = base * tint * (.90 + .20 * seed) * shade;
    float occ = deep * shade * (.55 + .75 * tone * tone);
    vec3 lit = (sky.rgb * .62 + lamp.rgb * .80) * deep;
    float jitter = (tone - .7) * .30 + (seed - .5) * .08;
    vec3 t1 = t + n * (-.10 + jitter), t2 = t + n * (.13 + jitter);
    float i1 = 1. / dot(t1, t1), i2 = 1. / dot(t2, t2);
    vec3 glint = vec3(0.), glow = vec3(0.);
    for (int i = 0; i < LIGHT_COUNT; i++) {
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb * (i == 0 ? lamp.w : i == 1 ? sky.w : normal.w);
        float nl = dot(n, l);
        vec3 h = l + v;
        float ih = 1. / dot(h, h), h1 = dot(t1, h), h2 = dot(t2, h);
        float k1 = max(1. - h1 * h1 * i1 * ih, 0.), k2 = max(1. - h2 * h2 * i2 * ih, 0.);
        k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1;
        k2 *= k2; k2 *= k2; k2 *= k2; k2 *= k2;
        c *= occ;
        float front = clamp((nl + .20) * 1.6, 0., 1.);
        glint += c * (front * .034 * k1);
        glow += c * (front * .34 * k2);
        float back = clamp(-dot(l, v), 0., 1.);
        glow += c * (back * back * clamp(.55 - nl, 0., 1.) * .55);
    }
    glint += sky.rgb * (.010 * occ);
    glow += sky.rgb * (.10 * occ);
    o = vec4(picture(col * (lit + glow * gloss) + glint * gloss) * alpha, alpha);
}
