// Everything else: cloth, teeth, tongue, metal. Defines: TEXTURED, BUMPED, COLOURED, MOUTH, CLOTH, SILK (glossy cloth), METAL.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
#ifdef MOUTH
in vec3 made;
#endif
#ifdef COLOURED
in vec3 colour;
#endif
out vec4 o;
uniform vec3 base;
uniform vec2 surface;        // roughness, wrap
uniform sampler2D albedo;
uniform sampler2D detail;
uniform float bump;
uniform float mouth_front;   // z from where on the lips shade what is behind them, metres
uniform vec3 facing;         // out of the mouth
uniform vec3 fibre;          // of cloth: sheen at grazing angles, how far fibres stand off, gloss
#if !defined(CLOTH) || defined(SILK)
#define SHINY
#endif

void main() {
    vec3 a = base;
    float rough = surface.x, ao = 1.;
    vec3 n0 = normalize(normal.xyz), v = normalize(lens.xyz - at), n = n0;
    if (!gl_FrontFacing) n = n0 = -n0;
#ifdef TEXTURED
    vec3 tex = texture(albedo, uv, .4).rgb;
    a *= tex * tex;
#endif
#ifdef COLOURED
    a *= colour;
#endif
#ifdef BUMPED
    vec4 t = texture(detail, uv, .6);
    n = bumped(n0, at, uv, (t.rg * 2. - 1.) * vec2(bump, -bump));
    rough *= t.b;
    ao *= t.a;
#endif
    float s0 = lamp.w;
#ifdef MOUTH
    // Light comes in by the opening: how much of it a place sees falls with depth, and grows with width and height of
    // the opening. It reddens on its way, from wall to wall.
    float x = made.x;
    float top = mouth[0].x + mouth[0].y * x + mouth[0].z * x * x, low = mouth[1].x + mouth[1].y * x + mouth[1].z * x * x;
    float half_width = max(mouth[0].w, .004), gap = max(mouth[1].w, .0003);
    float under = clamp((top - made.y) / .008 + .10, 0., 1.), over = clamp((made.y - low) / .005 + .45, 0., 1.);
    float corner = 1. - .50 * smoothstep(.60, 1.10, abs(x) / half_width);
    float back = max(mouth_front - made.z, 0.), area = 1.6 * half_width * gap;
    float seen = area / (area + 2.8 * back * back);
    float inner = smoothstep(.001, .014, back);
    ao = 1.15 * mix((.50 + .50 * under) * (.66 + .34 * over), .8, inner) * corner;
    vec3 entering = max(harmonics[0].rgb * .282095 + sky_slope(facing), 0.);
    for (int i = 0; i < LIGHT_COUNT; i++)
        entering += light_colour[i].rgb * (clamp(dot(facing, light_to[i].xyz), 0., 1.) / PI * (i == 0 ? mix(s0, 1., .4) : 1.));
    vec3 lit = mix(sky.rgb + lamp.rgb * .85, entering * (.55 + .45 * dot(n, facing)), inner) * seen * ao;
    lit *= mix(vec3(1.), vec3(1., .76, .69), inner * (1. - seen));
    lit += entering * vec3(.125, .046, .036) * (.3 + .7 * sqrt(seen));
    ao *= seen;
    s0 = min(s0, ao);
#else
    vec3 lit = max(sky.rgb + sky_slope(n - n0), 0.) * ao + lamp.rgb * ao;
#endif
#ifdef MOUTH
    float nv = clamp(dot(n, v), .32, 1.);   // the flanks of teeth lie in each other's shade and do not flare
#else
    float nv = clamp(dot(n, v), .02, 1.);
#endif
    vec3 shine = vec3(0.), dn = n - n0;
#ifdef SHINY
    const int lamps = LIGHT_COUNT;
#else
    const int lamps = 1;
#endif
#ifdef METAL
    vec3 f0 = a;
    a = vec3(0.);
#else
    const float f0 = .04;
#endif
    for (int i = 0; i < lamps; i++) {
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb * (i == 0 ? s0 : (i == 1 ? sky.w : normal.w) * ao);
        float d = dot(n, l);
#ifdef BUMPED
        lit += c * (dot(dn, l) * clamp((d + .1) * 2.5, 0., 1.) / PI);
#endif
#ifdef SHINY
        vec3 h = normalize(l + v);
        float nl = clamp(d, 0., 1.), r = rough + light_to[i].w * .2, vh = clamp(dot(v, h), 0., 1.);
        shine += c * nl * (f0 + (1. - f0) * fresnel(vh, 0.)) * ggx(clamp(dot(n, h), 0., 1.), r * r) * smith(nl, nv, r * r);
#endif
    }
#ifdef CLOTH
    // fibres on the surface catch light at grazing angles, paler than the cloth; more of them stand off a fuzzy one
    float graze = 1. - nv, rim = graze * graze * mix(graze, 1., fibre.y * .5);
    vec3 caught = (sky.rgb + s0 * light_colour[0].rgb * .08) * (rim * 2.2 * fibre.x * ao);
    lit += caught;
    shine += caught * dot(a, vec3(.12));
#endif
#ifdef SHINY
    vec2 eb = split_sum(rough, nv);
#ifdef MOUTH
    ao *= mix(.5, .2, inner);
#endif
#ifdef METAL
    shine += mirrored(reflect(-v, n), rough) * (f0 * eb.x + eb.y) * mix(1., sky.a, .3);
#else
    shine += mirrored(reflect(-v, n), rough) * (f0 * eb.x + eb.y) * ao * .6;
#endif
#ifdef SILK
    shine *= fibre.z;
#endif
#endif
    o = vec4(picture(a * lit + shine), 1.);
}
