// Hair: two shifted highlights along the strand (Kajiya & Kay 1989; Scheuermann, "Practical Real-Time Hair Rendering",
// 2004), the second coloured by the fibre as Marschner's internal reflection is; light from behind glows through.
// Cards have soft edges: a sample is kept or dropped by an ordered pattern, which folding the samples makes even.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
in vec4 strand;
in float seed;
#ifdef THIN
in float cover;
#endif
out vec4 o;
uniform vec3 base;
uniform float gloss;
uniform sampler2D albedo;

void main() {
    float alpha = 1., tone = .8;
#ifdef TEXTURED
    vec4 h = texture(albedo, uv);
    tone = h.g;
    ivec2 cell = ivec2(gl_FragCoord.xy);
    float keep = float(((cell.x ^ cell.y) & 1) * 2 + (cell.y & 1)) * .2 + .14;
    if (h.a < keep) discard;
#endif
#ifdef THIN
    alpha = cover * smoothstep(1.02, .75, strand.w);
#endif
    vec3 t = normalize(strand.xyz), v = normalize(lens.xyz - at), n = normalize(normal.xyz);
    if (dot(n, v) < 0.) n = -n;
    vec3 col = base * ((.5 + .85 * tone) * (.84 + .32 * seed));
    float occ = mix(.7, 1., clamp(strand.w * 5., 0., 1.)) * mix(.6, 1., tone);
    vec3 lit = (sky.rgb * .6 + lamp.rgb * .8) * occ, shine = vec3(0.);
    float jitter = (tone - .6) * .25 + (seed - .5) * .10;
    vec3 t1 = t + n * (-.09 + jitter), t2 = t + n * (.11 + jitter);
    float i1 = 1. / dot(t1, t1), i2 = 1. / dot(t2, t2);
    for (int i = 0; i < LIGHT_COUNT; i++) {
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb * (i == 0 ? lamp.w : i == 1 ? sky.w : normal.w);
        float nl = dot(n, l);
        vec3 h = l + v;
        float ih = 1. / dot(h, h), h1 = dot(t1, h), h2 = dot(t2, h);
        float k1 = max(1. - h1 * h1 * i1 * ih, 0.), k2 = max(1. - h2 * h2 * i2 * ih, 0.);
        k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1;
        k2 *= k2; k2 *= k2; k2 *= k2;
        shine += c * (clamp((nl + .15) * 2.2, 0., 1.) * occ) * (.028 * k1 + .22 * k2 * col);
        float back = clamp(-dot(l, v), 0., 1.);
        shine += c * (back * back * clamp(.5 - nl, 0., 1.) * occ) * (.45 * col + .006);
    }
    shine += sky.rgb * (.006 + .15 * col) * occ;
    o = vec4(picture(col * lit + shine * gloss) * alpha, alpha);
}
