// Skin: pre-integrated diffusion per channel by curvature (after Penner, "Pre-Integrated Skin Shading", 2011), with the
// shadow's edge and the occlusion reddened the same way; two-lobe GGX; light through ears and nostrils.
in vec3 at;
in vec3 normal;
in vec3 sky;
in vec2 uv;
in vec3 made;
in vec4 masks;               // curvature, translucency, wetness, 1
out vec4 o;
uniform sampler2D albedo;    // square root of linear colour
uniform sampler2D detail;    // slope x, slope y, roughness, occlusion
uniform float bump;

vec3 diffused(vec3 d, vec3 w) {
    vec3 a = max(d + w, 0.);
    return mix(a * a / (4. * w), max(d, 0.), step(w, d));
}

void main() {
    vec3 a = texture(albedo, uv).rgb;
    a *= a;
    vec4 t = texture(detail, uv);
    vec3 n0 = normalize(normal), v = normalize(lens.xyz - at);
    vec3 n = bumped(n0, at, uv, (t.rg * 2. - 1.) * vec2(bump, -bump));
    float rough = clamp(t.b, .2, 1.), ao = t.a;
    rough = mix(rough, rough * .55, masks.b);
    float nv = clamp(dot(n, v), .02, 1.);
    vec3 w = vec3(.42, .17, .10) * (.42 + 1.2 * masks.r);
    vec3 soft = vec3(.78, .42, .22);     // how much of the fine relief each channel loses to diffusion
    vec3 occ = pow(vec3(ao), vec3(.62, .92, 1.02));
    float s0 = shadow(at + n0 * .0015, .0015);
    vec3 lit = (sky + sky_slope(n - n0) * (1. - soft)) * occ;
    vec3 shine = vec3(0.);
    for (int i = 0; i < LIGHTS; i++) {
        if (float(i) >= finish.w) break;
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb;
        float s = i == 0 ? s0 : ao;
        vec3 s3 = vec3(mix(s, sqrt(s), .5), s, s * .97);
        float d = dot(n, l), d0 = dot(n0, l);
        vec3 wl = w + light_to[i].w * .35;
        lit += diffused(mix(vec3(d), vec3(d0), soft), wl) * s3 * c / PI;
        float back = clamp(.4 - .6 * d0, 0., 1.) * masks.g;
        lit += c / PI * back * vec3(.62, .12, .05) * mix(s, 1., .6);
        if (d > -.05) {
            vec3 h = normalize(l + v);
            float nh = clamp(dot(n, h), 0., 1.), nl = clamp(d, 0., 1.);
            float r1 = rough + light_to[i].w * .22, r2 = rough * .58 + light_to[i].w * .30;
            float f = fresnel(clamp(dot(v, h), 0., 1.), .028);
            shine += c * s * nl * f * (.74 * ggx(nh, r1 * r1) * smith(nl, nv, r1 * r1) + .26 * ggx(nh, r2 * r2) * smith(nl, nv, r2 * r2));
        }
    }
    vec2 eb = split_sum(rough, nv);
    vec3 r = reflect(-v, n);
    float see = clamp(pow(nv + ao, exp2(-16. * rough - 1.)) - 1. + ao, 0., 1.);
    float horizon = clamp(1. + 1.3 * dot(r, n0), 0., 1.);
    shine += mirrored(r, rough * .85) * (.028 * eb.x + .85 * eb.y) * see * horizon * horizon;
    // fine vellus hair scatters light at grazing angles
    float graze = 1. - clamp(dot(n0, v), 0., 1.);
    lit += sky * (.30 * graze * graze * graze * ao);
    o = vec4(picture(a * lit + shine), 1.);
}
