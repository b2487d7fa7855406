// Hair: three paths of light through a fibre (Marschner et al. 2003, as two shifted lobes along the strand after Scheuermann
// 2004): the glint off its surface, the glow that comes back through it and takes its colour, and what passes from behind.
// Energy: the glint reflects what Fresnel gives at 1.55 (4.7 %), so dark hair stays dark under a wide sky.
// t: along the strand; n: out of the hair; v: to the lens; reach: how much of each lamp arrives; occ: how open it lies;
// jitter: how far its scales tilt its lobes.
vec3 fibre(vec3 col, vec3 t, vec3 n, vec3 v, vec3 sky, vec3 lamps, vec3 reach, float occ, float jitter, float gloss) {
    vec3 t1 = t + n * (-.10 + jitter), t2 = t + n * (.13 + jitter);
    float i1 = 1. / dot(t1, t1), i2 = 1. / dot(t2, t2);
    vec3 glint = vec3(0.), glow = vec3(0.);
    for (int i = 0; i < LIGHT_COUNT; i++) {
        vec3 l = light_to[i].xyz, c = light_colour[i].rgb * reach[i];
        float nl = dot(n, l);
        vec3 h = l + v;
        float ih = 1. / dot(h, h), h1 = dot(t1, h), h2 = dot(t2, h);
        float k1 = max(1. - h1 * h1 * i1 * ih, 0.), k2 = max(1. - h2 * h2 * i2 * ih, 0.);
        k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1; k1 *= k1;
        k2 *= k2; k2 *= k2; k2 *= k2; k2 *= k2;
        c *= occ;
        float front = clamp((nl + .20) * 1.6, 0., 1.);
        glint += c * (front * .034 * k1);
        glow += c * (front * .34 * k2);
        float back = clamp(-dot(l, v), 0., 1.);
        glow += c * (back * back * clamp(.55 - nl, 0., 1.) * .55);
    }
    glint += sky * (.010 * occ);
    glow += sky * (.10 * occ);
    return col * (sky * .62 + lamps * .80 + glow * gloss) + glint * gloss;
}
