in vec2 p;
in float longer;
in float opacity;
out vec4 o;
uniform vec3 base;
uniform float soft;
void main() {
    float r = length(vec2(p.x, max(abs(p.y) - longer, 0.)));
    float a = smoothstep(1., soft, r) * opacity;
    o = vec4(base * a, a);
}
