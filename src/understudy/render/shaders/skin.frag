// Skin. Diffuse light arrives from the vertices, already spread; here it meets pigment, relief and the oily film:
// two GGX lobes (after d'Eon & Luebke, "Advanced Techniques for Realistic Real-Time Skin Rendering", 2007).
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
in vec4 masks;               // curvature, translucency, wetness, flush
uniform float flush;
#ifdef FOLDS
in float fold;               // how much of the wrinkle map shows
uniform sampler2D folds;     // slope x, slope y
uniform bool folded;
#endif
#ifdef FURROWS
uniform sampler2D furrows;   // slope x, slope y, depth; repeats
#endif
out vec4 o;
uniform sampler2D albedo;    // square root of linear colour
uniform sampler2D detail;    // slope x, slope y, roughness, occlusion
uniform float bump;

void main() {
    vec3 a = texture(albedo, uv).rgb;
    a *= a;
    // blood: it takes green, then blue, and shows less under melanin
    if (flush != 0.) a *= exp2(masks.a * clamp(a.g * 2.4, .3, 1.) * vec3(-.25, -.76, -.62));
    vec4 t = texture(detail, uv);
    vec2 slope = t.rg * 2. - 1.;
    float deep = 0.;
#ifdef FURROWS
    vec3 f = texture(furrows, uv * 58.).rgb;
    float dry = 1. - masks.b;
    slope += (f.rg * 2. - 1.) * (.13 * dry);
    deep += f.b * .06 * dry;
#endif
#ifdef FOLDS
    if (folded) {
        vec2 w = (texture(folds, uv).rg * 255. - 128.) / 127. * fold;
        slope += w;
        deep += .55 * dot(w, w);
    }
#endif
    slope *= min(1., .92 * inversesqrt(max(dot(slope, slope), 1e-6)));
    vec3 n0 = normalize(normal.xyz), v = normalize(lens.xyz - at);
    vec3 n = bumped(n0, at, uv, slope * vec2(bump, -bump));
    float ao = t.a * (1. - min(deep, .4)), rough = clamp(t.b, .2, 1.) * (1. - .45 * masks.b);
    float nv = clamp(dot(n, v), .02, 1.);
    const vec3 fine = vec3(.36, .62, .78);   // how much of the fine relief is left in each channel by diffusion
    vec3 occ = vec3(ao * (1.55 - .55 * ao), ao, ao);
    occ.r = min(occ.r, 1.);
    vec3 dn = n - n0;
    vec3 lit = (sky.rgb + sky_slope(dn) * fine) * occ + lamp.rgb * (.4 + .6 * occ);
    vec3 shine = vec3(0.);
    for (int i = 0; i < LIGHT_COUNT; i++) {
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb * (i == 0 ? lamp.w : (i == 1 ? sky.w : normal.w) * ao);
        float d = dot(n, l), nl = clamp(d, 0., 1.);
        // relief beyond the edge of light turns to a lamp that the form itself hides from it
        c *= smoothstep(-.22, .18, dot(n0, l));
        lit += c * fine * (dot(dn, l) * smoothstep(-.1, .3, d) / PI);
        vec3 h = normalize(l + v);
        float nh = clamp(dot(n, h), 0., 1.), f = min(fresnel(clamp(dot(v, h), 0., 1.), .028), .5 - .3 * rough) * nl;
        float r1 = rough + light_to[i].w * .22;
        float s = ggx(nh, r1 * r1) * smith(nl, nv, r1 * r1);
        if (i == 0) {
            float r2 = rough * .58 + light_to[i].w * .28;
            s = .82 * s + .18 * ggx(nh, r2 * r2) * smith(nl, nv, r2 * r2);
        }
        shine += c * (f * s);
    }
    vec2 eb = split_sum(rough, nv);
    vec3 r = reflect(-v, n);
    float see = clamp(ao * (1.2 + .6 * nv) - .55 * (1. - ao), 0., 1.);
    float horizon = clamp(1. + 1.3 * dot(r, n0), 0., 1.);
    shine += mirrored(r, rough * .85) * (.026 * eb.x + .70 * eb.y) * see * horizon * horizon;
    // fine vellus hair scatters light at grazing angles
    float graze = 1. - clamp(dot(n0, v), 0., 1.);
    lit += sky.rgb * (.30 * graze * graze * graze * ao);
    o = vec4(picture(a * lit + shine), 1.);
}
