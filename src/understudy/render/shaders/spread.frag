// Nine taps of a Gaussian along one axis; reach is two standard deviations.
in vec2 st;
in vec2 spot;
out vec4 o;
uniform sampler2D source;
uniform vec2 reach;
void main() {
    float total = 0., weight = 0.;
    for (int i = -4; i <= 4; i++) {
        float w = exp(-.125 * float(i * i));
        total += w * texture(source, spot + reach * (float(i) * .25)).r;
        weight += w;
    }
    o = vec4(total / weight);
}
