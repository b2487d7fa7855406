// Everything else: cloth, teeth, tongue. Defines: TEXTURED, BUMPED, COLOURED, MOUTH, CLOTH.
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
uniform vec2 mouth_depth;    // z of the lips' edge, and how far behind it is dark (metres)

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
    // The lips shade what is behind them: by distance under the upper lip's edge, towards the corners, and by depth.
    float x = made.x;
    float top = mouth[0].x + mouth[0].y * x + mouth[0].z * x * x, low = mouth[1].x + mouth[1].y * x + mouth[1].z * x * x;
    float under = clamp((top - made.y) / .006, 0., 1.), over = clamp((made.y - low) / .006, 0., 1.);
    float corner = 1. - smoothstep(.5, 1.05, abs(x) / max(mouth[0].w, .001));
    float deep = clamp((mouth_depth.x - made.z) / mouth_depth.y, 0., 1.);
    float open = clamp(mouth[1].w / .004, 0., 1.);
    ao = 1.25 * (.60 + .40 * under) * (.78 + .22 * over) * (.18 + .82 * corner) * (1. - .95 * deep) * (.3 + .7 * open);
    s0 = min(s0, ao);
    vec3 lit = (sky.rgb + lamp.rgb * .75) * ao;
#else
    vec3 lit = max(sky.rgb + sky_slope(n - n0), 0.) * ao + lamp.rgb * ao;
#endif
    float nv = clamp(dot(n, v), .02, 1.);
    vec3 shine = vec3(0.), dn = n - n0;
#ifdef CLOTH
    const int lamps = 1;
#else
    const int lamps = LIGHT_COUNT;
#endif
    for (int i = 0; i < lamps; i++) {
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb * (i == 0 ? s0 : (i == 1 ? sky.w : normal.w) * ao);
        float d = dot(n, l);
#ifdef BUMPED
        lit += c * (dot(dn, l) * clamp((d + .1) * 2.5, 0., 1.) / PI);
#endif
#ifndef CLOTH
        vec3 h = normalize(l + v);
        float nl = clamp(d, 0., 1.), r = rough + light_to[i].w * .2;
        shine += c * nl * fresnel(clamp(dot(v, h), 0., 1.), .04) * ggx(clamp(dot(n, h), 0., 1.), r * r) * smith(nl, nv, r * r);
#endif
    }
#ifdef CLOTH
    // fibres on the surface catch light at grazing angles
    float graze = 1. - nv;
    lit += (sky.rgb + s0 * light_colour[0].rgb * .08) * (graze * graze * graze * 1.2 * ao);
#else
    vec2 eb = split_sum(rough, nv);
#ifdef MOUTH
    ao *= .35;
#endif
    shine += mirrored(reflect(-v, n), rough) * (.04 * eb.x + eb.y) * ao * .6;
#endif
    o = vec4(picture(a * lit + shine), 1.);
}
