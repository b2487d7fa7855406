// Hair: two shifted highlights along the strand (Kajiya & Kay 1989; Scheuermann, "Practical Real-Time Hair Rendering",
// 2004), the second coloured by the fibre as Marschner's internal reflection is, and light from behind glows through.
in vec3 at;
in vec3 normal;
in vec3 sky;
in vec2 uv;
in vec3 made;
in vec4 strand;
in float seed;
#ifdef THIN
in float cover;
#endif
out vec4 o;
uniform vec3 base;
uniform sampler2D albedo;
uniform float opaque_from;

void main() {
    float alpha = 1., tone = .8;
#ifdef TEXTURED
    vec4 h = texture(albedo, uv);
    tone = h.g;
    alpha = h.a;
#ifdef FRINGE
    alpha = smoothstep(.04, opaque_from, alpha);
    if (h.a >= opaque_from || alpha < .02) discard;
#endif
#endif
#ifdef THIN
    alpha *= cover * smoothstep(1.02, .75, strand.w);
#endif
    vec3 t = normalize(strand.xyz), v = normalize(lens.xyz - at), n = normalize(normal);
    if (dot(n, v) < 0.) n = -n;
    vec3 col = base * (.55 + .8 * tone) * (.78 + .44 * seed);
    float occ = mix(.4, 1., smoothstep(.0, .22, strand.w)) * mix(.6, 1., tone);
    float s0 = shadow(at + n * .004, .004);
    float tv = dot(t, v);
    vec3 lit = sky * .85 * occ, shine = vec3(0.);
    float jitter = (tone - .6) * .25 + (seed - .5) * .10;
    for (int i = 0; i < LIGHTS; i++) {
        if (float(i) >= finish.w) break;
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb;
        float s = i == 0 ? s0 : 1.;
        float tl = dot(t, l), nl = dot(n, l);
        float sl = sqrt(max(1. - tl * tl, 0.));
        float wrap = clamp((nl + .35) / 1.35, 0., 1.);
        lit += c / PI * (wrap * sl * .95 * s * occ);
        vec3 h = normalize(l + v);
        float h1 = dot(normalize(t + n * (-.09 + jitter)), h), h2 = dot(normalize(t + n * (.11 + jitter)), h);
        float k1 = pow(max(1. - h1 * h1, 0.), 40.), k2 = pow(max(1. - h2 * h2, 0.), 9.);
        float facing = smoothstep(-.15, .3, nl) * s * occ;
        shine += c * facing * (.028 * k1 + .22 * k2 * col);
        float through = pow(clamp(-dot(l, v), 0., 1.), 3.) * clamp(.5 - nl, 0., 1.);
        shine += c * through * sl * (.55 * col + .01) * occ;
    }
    vec3 across = normalize(v - t * tv);
    vec3 r = reflect(-v, normalize(mix(n, across, .5)));
    shine += mirrored(r, .45) * (.018 + .30 * col) * occ * .55;
    o = vec4(picture(col * lit + shine) * alpha, alpha);
}
