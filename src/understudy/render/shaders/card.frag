// A plane of the backdrop with the vignette and the grain of the lens, which stay where they are while it moves.
in vec2 st;
out vec4 o;
uniform sampler2D card;
uniform sampler2D grain;
uniform vec4 lens_feel;      // vignette, grain, aspect, height in pixels
void main() {
    vec4 c = texture(card, st);
    vec2 d = gl_FragCoord.xy / lens_feel.w - .5 * vec2(lens_feel.z, 1.);
    float dark = 1. - lens_feel.x * dot(d, d) * .75;
    float g = texelFetch(grain, ivec2(gl_FragCoord.xy) & 127, 0).r - .5;
    o = vec4(c.rgb * dark + g * lens_feel.y * c.a, c.a);
}
