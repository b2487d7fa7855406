in vec2 p;
in float longer;
in float opacity;
out vec4 o;
uniform vec3 base;
uniform float soft;
void main() {
    float r = length(vec2(p.x, max(abs(p.y) - longer, 0.)));
    float ends = 1. - .6 * smoothstep(.3, 1., abs(p.y) / (1. + longer)) * min(longer, 1.);
    float a = smoothstep(1., soft * (1. - .6 * min(longer, 1.)), r) * opacity * ends;
    o = vec4(base * a, a);
}
