// Shared by every material: mirrored surroundings, microfacets, tone.
uniform sampler2D surroundings;
const float PI = 3.14159265;

vec3 mirrored(vec3 r, float rough) {
    vec2 o = r.xy / (abs(r.x) + abs(r.y) + abs(r.z));
    if (r.z < 0.) o = (1. - abs(o.yx)) * vec2(o.x >= 0. ? 1. : -1., o.y >= 0. ? 1. : -1.);
    vec3 root = textureLod(surroundings, o * .5 + .5, rough * 5.).rgb;
    return root * root * 16.;
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
