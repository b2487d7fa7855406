// A small picture enlarged, with the vignette and the grain of the lens, which stay where they are while it moves.
in vec2 st;
in vec2 spot;
out vec4 o;
uniform sampler2D source;
uniform sampler2D grain;
uniform vec4 lens_feel;      // vignette, grain, aspect
void main() {
    vec2 d = (spot - .5) * vec2(lens_feel.z, 1.);
    float dark = 1. - lens_feel.x * dot(d, d) * .75;
    float g = texelFetch(grain, ivec2(gl_FragCoord.xy) & 127, 0).r - .5;
    o = vec4(texture(source, spot).rgb * dark + g * lens_feel.y, 1.);
}
