// Shared by every material: shadow, mirrored surroundings, microfacets, tone. Sources are named in render/README.md.
uniform sampler2D shadow_moments;
uniform sampler2D surroundings;
const float PI = 3.14159265;

// Variance shadow map (Donnelly & Lauritzen 2006), blurred when it is made; the lower quarter is cut against bleeding.
float shadow(vec3 p, float bias) {
    vec3 s = (shadow_from_stage * vec4(p, 1.)).xyz;
    vec2 m = textureLod(shadow_moments, s.xy, 0.).rg;
    float d = s.z - bias - m.x;
    float v = max(m.y - m.x * m.x, 2e-6);
    float lit = clamp((v / (v + d * d) - .22) / .78, 0., 1.);
    return d <= 0. ? 1. : lit;
}

vec3 mirrored(vec3 r, float rough) {
    vec2 o = r.xy / (abs(r.x) + abs(r.y) + abs(r.z));
    if (r.z < 0.) o = (1. - abs(o.yx)) * vec2(o.x >= 0. ? 1. : -1., o.y >= 0. ? 1. : -1.);
    return textureLod(surroundings, o * .5 + .5, rough * 5.).rgb;
}

float ggx(float nh, float a) { float a2 = a * a; float d = nh * nh * (a2 - 1.) + 1.; return a2 / (PI * d * d); }
float smith(float nl, float nv, float a) { float k = a * .5; return .25 / ((nl * (1. - k) + k) * (nv * (1. - k) + k)); }
// Split-sum approximation (Karis, "Physically Based Shading on Mobile", 2014).
vec2 split_sum(float rough, float nv) {
    vec4 q = rough * vec4(-1., -.0275, -.572, .022) + vec4(1., .0425, 1.04, -.04);
    float a = min(q.x * q.x, exp2(-9.28 * nv)) * q.x + q.y;
    return vec2(-1.04, 1.04) * a + q.zw;
}
float fresnel(float vh, float f0) { float m = 1. - vh; float m2 = m * m; return f0 + (1. - f0) * m2 * m2 * m; }

// AgX, see render/tone.py.
vec3 picture(vec3 c) {
    c = max(c * tint.rgb * finish.x, vec3(0.));
    c = mat3(.842479062253094, .0423282422610123, .0423756549057051, .0784335999999992, .878468636469772, .0784336,
             .0792237451477643, .0791661274605434, .879142973793104) * c;
    c = clamp((log2(max(c, 1e-10)) + 12.47393) / 16.5, 0., 1.);
    vec3 x2 = c * c, x4 = x2 * x2;
    c = 15.5 * x4 * x2 - 40.14 * x4 * c + 31.96 * x4 - 6.868 * x2 * c + .4298 * x2 + .1191 * c - .00232;
    c = pow(max(c, vec3(0.)), vec3(finish.y));
    c = mix(vec3(dot(c, vec3(.2126, .7152, .0722))), c, finish.z);
    return clamp(mat3(1.19687900512017, -.0528968517574562, -.0529716355144438, -.0980208811401368, 1.15190312990417,
        -.0980434501171241, -.0990297440797205, -.0989611768448433, 1.15107367264116) * c, 0., 1.);
}

// The slope of the irradiance with the normal, from its linear part: cheap detail on top of the vertex's value.
vec3 sky_slope(vec3 dn) { return .488603 * (harmonics[1].rgb * dn.y + harmonics[2].rgb * dn.z + harmonics[3].rgb * dn.x); }

// Tangent frame from derivatives (Mikkelsen, "Bump mapping unparametrized surfaces", 2010).
vec3 bumped(vec3 n, vec3 p, vec2 st, vec2 slope) {
    vec3 dp1 = dFdx(p), dp2 = dFdy(p);
    vec2 d1 = dFdx(st), d2 = dFdy(st);
    vec3 a2 = cross(dp2, n), a1 = cross(n, dp1);
    vec3 t = a2 * d1.x + a1 * d2.x, b = a2 * d1.y + a1 * d2.y;
    float scale = inversesqrt(max(max(dot(t, t), dot(b, b)), 1e-20));
    return normalize((t * slope.x + b * slope.y) * scale + n * sqrt(max(1. - dot(slope, slope), .05)));
}
