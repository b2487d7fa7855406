in vec2 in_corner;           // 0..1
uniform vec4 rect;           // x, y, width, height in the picture, 0..1 from the top left
out vec2 st;
out vec2 spot;
void main() {
    st = vec2(in_corner.x, 1. - in_corner.y);
    spot = rect.xy + in_corner * rect.zw;
    gl_Position = vec4(spot * 2. - 1., 0., 1.);
}
