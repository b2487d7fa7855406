// Lays the actor over the plate: four taps fold the finer samples into one pixel; then vignette and grain.
// The picture is drawn upside down, so that reading it back starts with the top row.
in vec2 st;
in vec2 spot;
out vec4 o;
uniform sampler2D actor;
uniform sampler2D grain;
uniform vec2 tap;            // quarter of a pixel's footprint, in texture coordinates
uniform vec4 lens_feel;      // vignette, grain, aspect
void main() {
    vec4 c = TAPS;
    if (c.a < .002) discard;
    vec2 d = (spot - .5) * vec2(lens_feel.z, 1.);
    float dark = 1. - lens_feel.x * dot(d, d) * .75;
    float g = texelFetch(grain, ivec2(gl_FragCoord.xy) & 127, 0).r - .5;
    o = vec4(c.rgb * dark + g * lens_feel.y * c.a, c.a);
}
