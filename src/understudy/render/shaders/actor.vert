// Skins one vertex. Defines: STRAND (hair, lashes, brows), MASKS (skin), PLAIN (depth only), SHADOW (seen by the light).
in vec3 in_at;
in vec3 in_normal;
in uvec4 in_joints;
in vec4 in_weights;
#ifndef PLAIN
in vec2 in_uv;
out vec3 at;
out vec3 normal;
out vec3 sky;
out vec2 uv;
out vec3 made;
#ifdef MASKS
in vec4 in_masks;
out vec4 masks;
#endif
#ifdef COLOURED
in vec3 in_colour;
out vec3 colour;
#endif
#ifdef STRAND
in vec4 in_strand;
in float in_seed;
out vec4 strand;
out float seed;
#endif
#endif
#ifdef THIN
in vec3 in_side;
out float cover;
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

void main() {
    uvec4 j = in_joints * 3u;
    vec4 row0 = bones[j.x] * in_weights.x + bones[j.y] * in_weights.y + bones[j.z] * in_weights.z + bones[j.w] * in_weights.w;
    vec4 row1 = bones[j.x + 1u] * in_weights.x + bones[j.y + 1u] * in_weights.y + bones[j.z + 1u] * in_weights.z + bones[j.w + 1u] * in_weights.w;
    vec4 row2 = bones[j.x + 2u] * in_weights.x + bones[j.y + 2u] * in_weights.y + bones[j.z + 2u] * in_weights.z + bones[j.w + 2u] * in_weights.w;
    vec4 p = vec4(in_at, 1.);
    vec3 q = vec3(dot(row0, p), dot(row1, p), dot(row2, p));
#ifdef THIN
    // A hair thinner than a sample is drawn one sample wide and as much fainter.
    vec3 side = vec3(dot(row0.xyz, in_side), dot(row1.xyz, in_side), dot(row2.xyz, in_side));
    float half_m = max(length(side.xy), 1e-7);
    float grow = max(1., THIN / (lens.w * half_m));
    q += side * (grow - 1.);
    cover = 1. / grow;
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
    normal = vec3(dot(row0.xyz, in_normal), dot(row1.xyz, in_normal), dot(row2.xyz, in_normal));
    normal = normalize(normal);
    sky = irradiance(normal);
    uv = in_uv;
    made = in_at;
#ifdef MASKS
    masks = in_masks;
#endif
#ifdef COLOURED
    colour = in_colour;
#endif
#ifdef STRAND
    strand = vec4(dot(row0.xyz, in_strand.xyz), dot(row1.xyz, in_strand.xyz), dot(row2.xyz, in_strand.xyz), in_strand.w);
    seed = in_seed;
#endif
#endif
}
