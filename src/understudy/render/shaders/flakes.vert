in vec2 in_corner;
in vec4 in_flake;            // x, y in the picture (0..1), radius (share of the height), opacity
in vec2 in_stroke;           // half of the way it goes while the shutter is open, upwards positive (share of the height)
uniform float aspect;
out vec2 p;
out float longer;
out float opacity;
void main() {
    float len = length(in_stroke);
    vec2 along = len > 1e-6 ? in_stroke / len : vec2(0., 1.);
    longer = len / in_flake.z;
    p = (in_corner * 2. - 1.) * vec2(1., 1. + longer);
    opacity = in_flake.w;
    vec2 q = (vec2(along.y, -along.x) * p.x + along * p.y) * in_flake.z;
    vec2 c = in_flake.xy + vec2(q.x / aspect, -q.y);
    gl_Position = vec4(c * 2. - 1., 0., 1.);
}
