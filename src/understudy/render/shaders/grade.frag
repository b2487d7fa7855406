// From scene light to picture: AgX with the grade and the veil folded in, see render/tone.py.
in vec2 st;
in vec2 spot;
out vec4 o;
uniform sampler2D source;
uniform vec4 to_agx[3];
uniform vec4 from_agx[3];
uniform vec4 curve[2];
void main() {
    vec4 c4 = vec4(texture(source, spot).rgb, 1.);
    vec3 c = max(vec3(dot(to_agx[0], c4), dot(to_agx[1], c4), dot(to_agx[2], c4)), 2e-4);
    c = clamp((log2(c) + 12.47393) / 16.5, 0., 1.);
    vec4 k = curve[0], k2 = curve[1];
    c = k.x + c * (k.y + c * (k.z + c * (k.w + c * (k2.x + c * (k2.y + c * (k2.z + c * k2.w))))));
    o = vec4(clamp(vec3(dot(from_agx[0].rgb, c), dot(from_agx[1].rgb, c), dot(from_agx[2].rgb, c)), 0., 1.), 1.);
}
