// AgX with the grade folded in, see render/tone.py.
vec3 picture(vec3 c) {
    c = max(vec3(dot(to_agx[0], vec4(c, 1.)), dot(to_agx[1], vec4(c, 1.)), dot(to_agx[2], vec4(c, 1.))), 2e-4);
    // log2 from the bits of a float, bent towards the true curve: off by less than 0.01
    c = vec3(floatBitsToInt(c)) * (1. / 8388608.) - 127.;
    vec3 m = fract(c);
    c = clamp((c + m * (1. - m) * .344 + 12.47393) / 16.5, 0., 1.);
    vec4 k = curve[0], k2 = curve[1];
    c = k.x + c * (k.y + c * (k.z + c * (k.w + c * (k2.x + c * (k2.y + c * (k2.z + c * k2.w))))));
    return clamp(vec3(dot(from_agx[0].rgb, c), dot(from_agx[1].rgb, c), dot(from_agx[2].rgb, c)), 0., 1.);
}
