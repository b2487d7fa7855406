// A plane of the backdrop; drawn upside down, as the picture is.
in vec2 in_corner;           // 0..1 from the top left
uniform mat4 clip_from_stage;
uniform vec4 corners;        // left, right, bottom, top on its plane
uniform float depth;
out vec2 st;
void main() {
    st = in_corner;
    vec4 p = clip_from_stage * vec4(mix(corners.x, corners.y, in_corner.x), mix(corners.w, corners.z, in_corner.y), depth, 1.);
    gl_Position = vec4(p.x, -p.y, 0., p.w);
}
