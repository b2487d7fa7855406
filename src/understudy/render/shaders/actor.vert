// Skins one vertex. Defines: FIBRE (lit here, drawn as it is), STRAND (hair, lashes, brows), MASKS (skin), PLAIN (depth only), SHADOW (seen by the light).
in vec3 in_at;
in vec3 in_normal;
in uvec4 in_joints;
in vec4 in_weights;
#ifndef PLAIN
in vec4 in_reach;            // baked: open sky, second lamp, third lamp
#endif
#ifndef PLAIN
#ifdef FIBRE
#define GIVEN
out vec3 shown;
uniform float gloss;
#ifdef THIN
out float ink;
#endif
uniform vec3 base;
#else
#define GIVEN out
#endif
in vec2 in_uv;
GIVEN vec3 at;
GIVEN vec4 normal;             // w: how much of the third lamp arrives
GIVEN vec4 sky;                // light from everywhere, irradiance / pi; w: how much of the second lamp arrives
GIVEN vec4 lamp;               // light of all lamps, irradiance / pi; w: how much of the first lamp arrives
GIVEN vec2 uv;
#ifdef MADE
out vec3 made;               // where the vertex lies on the unposed head
#endif
uniform sampler2D shadow_moments;
uniform vec3 wrap;           // how far light creeps round: red, green, blue
#ifdef MASKS
in vec4 in_masks;
out vec4 masks;
uniform float flush;         // -1 pale .. 1 deep red
#endif
#ifdef FOLDS
in float in_fold;
out float fold;
#endif
#ifdef COLOURED
in vec3 in_colour;
GIVEN vec3 colour;
#endif
#ifdef STRAND
in vec4 in_strand;
in float in_seed;
uniform vec4 sway[3];        // what a point that hangs free adds to its place, see render/sway.py
uniform float free_y;
GIVEN vec4 strand;
GIVEN float seed;
#endif
#endif
#ifdef THIN
in vec3 in_side;
uniform float stronger;      // how many hairs this one stands for
GIVEN float cover;
#endif
#ifdef TEAR
uniform float raised;        // metres along the normal
#endif
#ifdef ALPHA
in vec2 in_uv;
out vec2 uv;
#endif

vec3 irradiance(vec3 n) {
    return max(harmonics[0].rgb * .282095 + .488603 * (harmonics[1].rgb * n.y + harmonics[2].rgb * n.z + harmonics[3].rgb * n.x)
        + 1.092548 * (harmonics[4].rgb * n.x * n.y + harmonics[5].rgb * n.y * n.z + harmonics[7].rgb * n.x * n.z)
        + harmonics[6].rgb * .315392 * (3. * n.z * n.z - 1.) + harmonics[8].rgb * .546274 * (n.x * n.x - n.y * n.y), vec3(0.));
}

#ifndef PLAIN
// Variance shadow map (Donnelly & Lauritzen 2006), blurred when it is made; its lowest part is cut against bleeding.
// Its edge is wider than the mesh is coarse, so it is looked up here and not for every sample.
float shadow(vec3 p, float bias) {
    vec3 s = (shadow_from_stage * vec4(p, 1.)).xyz;
    vec2 m = textureLod(shadow_moments, s.xy, 0.).rg;
    float d = s.z - bias - m.x;
    float v = max(m.y - m.x * m.x, 3e-6);
    float lit = clamp((v / (v + d * d) - .22) / .78, 0., 1.);
    vec2 e = abs(s.xy - .5);
    return d <= 0. ? 1. : mix(lit, 1., smoothstep(.44, .5, max(e.x, e.y)));
}

// Diffusion in skin, pre-integrated over curvature (Penner 2011): zero at -w, straight from w on.
vec3 diffused(vec3 d, vec3 w) {
    vec3 a = max(d + w, 0.);
    return mix(a * a / (4. * w), max(d, 0.), step(w, d));
}
#endif

void main() {
    uvec4 j = in_joints * 3u;
    vec4 row0 = bones[j.x] * in_weights.x + bones[j.y] * in_weights.y + bones[j.z] * in_weights.z + bones[j.w] * in_weights.w;
    vec4 row1 = bones[j.x + 1u] * in_weights.x + bones[j.y + 1u] * in_weights.y + bones[j.z + 1u] * in_weights.z + bones[j.w + 1u] * in_weights.w;
    vec4 row2 = bones[j.x + 2u] * in_weights.x + bones[j.y + 2u] * in_weights.y + bones[j.z + 2u] * in_weights.z + bones[j.w + 2u] * in_weights.w;
    vec4 p = vec4(in_at, 1.);
    vec3 q = vec3(dot(row0, p), dot(row1, p), dot(row2, p));
#if defined(STRAND) && !defined(PLAIN)
    q += pow(clamp(in_strand.w, 0., 1.), 1.5) * clamp((free_y - in_at.y) / .20, 0., 1.)
        * vec3(dot(sway[0], vec4(q, 1.)), dot(sway[1], vec4(q, 1.)), dot(sway[2], vec4(q, 1.)));
#endif
#ifdef THIN
    // A hair thinner than a sample is drawn one sample wide and as much fainter.
    vec3 side = vec3(dot(row0.xyz, in_side), dot(row1.xyz, in_side), dot(row2.xyz, in_side));
    float half_m = max(length(side.xy), 1e-7);
    float grow = max(stronger, THIN / (lens.w * half_m));
    q += side * (grow - 1.);
    cover = stronger / grow;
#endif
#ifdef TEAR
    q += raised * normalize(vec3(dot(row0.xyz, in_normal), dot(row1.xyz, in_normal), dot(row2.xyz, in_normal)));
#endif
#ifdef SHADOW
    gl_Position = vec4((shadow_from_stage * vec4(q, 1.)).xyz * 2. - 1., 1.);
#else
    gl_Position = clip_from_stage * vec4(q, 1.);
#endif
#ifdef ALPHA
    uv = in_uv;
#endif
#ifndef PLAIN
    at = q;
    vec3 n = normalize(vec3(dot(row0.xyz, in_normal), dot(row1.xyz, in_normal), dot(row2.xyz, in_normal)));
    normal = vec4(n, in_reach.z);
    sky = vec4(irradiance(n) * in_reach.x, in_reach.y);
    float s0 = shadow(q + n * SHADOW_LIFT, SHADOW_LIFT);
    lamp = vec4(0., 0., 0., s0);
    vec3 creep = wrap;
#ifdef MASKS
    creep *= .42 + 1.2 * in_masks.r;
#endif
    for (int i = 0; i < LIGHT_COUNT; i++) {
        vec3 s3 = i == 0 ? vec3(mix(s0, sqrt(s0), .5), s0, s0 * .97) : vec3(i == 1 ? in_reach.y : in_reach.z);
        float d = dot(n, light_to[i].xyz);
#ifdef STRAND
        vec3 t = vec3(dot(row0.xyz, in_strand.xyz), dot(row1.xyz, in_strand.xyz), dot(row2.xyz, in_strand.xyz));
        float tl = dot(t, light_to[i].xyz);
        d = clamp((d + .35) / 1.35, 0., 1.) * sqrt(max(1. - tl * tl, 0.)) * .95;
        lamp.rgb += light_colour[i].rgb * s3 * (d / 3.14159265);
#else
        lamp.rgb += diffused(vec3(d), creep + light_to[i].w * .35) * s3 * light_colour[i].rgb / 3.14159265;
#ifdef MASKS
        lamp.rgb += light_colour[i].rgb / 3.14159265 * clamp(.4 - .6 * d, 0., 1.) * in_masks.g * vec3(.20, .055, .028) * mix(s3, vec3(1.), .35);
#endif
#endif
    }
    uv = in_uv;
#ifdef MADE
    made = in_at;
#endif
#ifdef MASKS
    masks = vec4(in_masks.rgb, in_masks.a * flush);
#endif
#ifdef FOLDS
    fold = in_fold;
#endif
#ifdef COLOURED
    colour = in_colour;
#endif
#ifdef STRAND
    strand = vec4(dot(row0.xyz, in_strand.xyz), dot(row1.xyz, in_strand.xyz), dot(row2.xyz, in_strand.xyz), in_strand.w);
    seed = in_seed;
#endif
#ifdef FIBRE
    vec3 t = normalize(strand.xyz), to_lens = normalize(lens.xyz - at), outward = n;
    float facing = dot(n, to_lens), deep = facing < 0. ? .55 : 1.;
    if (facing < 0.) outward = -n;
    vec3 reach = vec3(lamp.w, sky.w, normal.w);
#ifdef THIN
    vec3 own = base * (.59 + .13 * seed);
    float open = deep * .82, jitter = (seed - .5) * .08 - .03;
#else
    vec3 own = base;
    float open = deep * (.70 + .40 * seed), jitter = (seed - .5) * .16;
#endif
#ifdef COLOURED
    own *= colour;
#endif
    shown = picture(fibre(own, t, outward, to_lens, sky.rgb * deep, lamp.rgb * deep, reach, open, jitter, gloss));
#ifdef THIN
    ink = cover * smoothstep(1.02, .75, in_strand.w);
#endif
#endif
#endif
}
