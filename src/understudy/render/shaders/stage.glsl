// What every program of the actor knows: camera, light, joints, finish. Filled once a frame by render/uniforms.py.
#define LIGHTS 3
#define GLOWS 8
layout(std140) uniform Stage {
    mat4 clip_from_stage;
    mat4 shadow_from_stage;      // xy and depth in 0..1
    vec4 lens;                   // xyz: place of the lens; w: picture samples per metre at the actor
    vec4 light_to[LIGHTS];       // xyz: direction; w: angular radius
    vec4 light_colour[LIGHTS];   // irradiance
    vec4 harmonics[9];           // irradiance / pi
    vec4 finish;                 // exposure; y..w unused
    vec4 to_agx[3];              // rows: tint, exposure and AgX's inset; w: the veil over everything
    vec4 from_agx[3];            // rows: saturation and AgX's outset
    vec4 curve[2];               // polynomial of AgX's curve and the grade's contrast
    vec4 glow_to[GLOWS];         // w: half width
    vec4 glow_right[GLOWS];      // w: half height
    vec4 glow_up[GLOWS];         // w: edge
    vec4 glow_radiance[GLOWS];
    vec4 eye_rows[6];            // head-from-eye rotation rows of the left, then the right eye; w: centre
    vec4 lids[4];                // left upper, left lower, right upper, right lower: parabola; w: how far it is shut
    vec4 mouth[2];               // upper and lower lip edge: parabola over x; w: half width, opening (metres)
    vec4 wrinkles;               // brows up, brows together, smile, nose
    vec4 bones[3 * 200];          // rows of stage-from-rest
};
