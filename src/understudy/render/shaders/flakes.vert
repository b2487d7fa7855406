in vec2 in_corner;
in vec4 in_flake;            // x, y in the picture (0..1), radius (share of the height), opacity
uniform float aspect;
out vec2 p;
out float opacity;
void main() {
    p = in_corner * 2. - 1.;
    opacity = in_flake.w;
    vec2 c = in_flake.xy + p * in_flake.z * vec2(1. / aspect, 1.);
    gl_Position = vec4(c * 2. - 1., 0., 1.);
}
