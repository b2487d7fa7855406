// Lays the actor over the plate: four taps fold the finer samples into one pixel, and where they differ two more along
// the edge smooth its steps (after Lottes, "FXAA 3.11", 2011, console version); then vignette and grain.
// The picture is drawn upside down, so that reading it back starts with the top row.
in vec2 st;
in vec2 spot;
out vec4 o;
uniform sampler2D actor;
uniform sampler2D grain;
uniform vec2 tap;            // quarter of a pixel's footprint, in texture coordinates
uniform vec4 lens_feel;      // vignette, grain, aspect, how far the set's light creeps round the outline
#ifdef WRAP
uniform sampler2D around;    // the actor's outline, blurred: 1 inside, 1/2 at the edge
uniform sampler2D spill;     // the set, out of all focus
#endif
void main() {
#ifdef FOLD
    vec4 a = texture(actor, st - tap), b = texture(actor, st + vec2(tap.x, -tap.y));
    vec4 d0 = texture(actor, st + vec2(-tap.x, tap.y)), e = texture(actor, st + tap);
    vec4 c = (a + b + d0 + e) * .25;
    if (c.a < .002) discard;
    const vec4 luma = vec4(.3, .5, .1, .35);
    float la = dot(a, luma), lb = dot(b, luma), ld = dot(d0, luma), le = dot(e, luma);
    float spread = max(max(la, lb), max(ld, le)) - min(min(la, lb), min(ld, le));
    vec2 along = vec2(ld + le - la - lb, la + ld - lb - le);
    along /= max(max(abs(along.x), abs(along.y)), .004);
    vec2 step_ = along * tap * 3.2;
    vec4 smooth_ = (texture(actor, st + step_) + texture(actor, st - step_)) * .5;
    c = mix(c, mix(c, smooth_, .72), smoothstep(.04, .16, spread));
#else
    vec4 c = texture(actor, st);
    if (c.a < .002) discard;
#endif
#ifdef WRAP
    float rim = clamp(2.2 - 2.2 * texture(around, spot).r, 0., 1.);
    vec3 s = texture(spill, spot).rgb;
    c.rgb += s * s * (rim * rim * lens_feel.w) * (c.a - c.rgb);
#endif
    vec2 d = (spot - .5) * vec2(lens_feel.z, 1.);
    float dark = 1. - lens_feel.x * dot(d, d) * .75;
    float g = texelFetch(grain, ivec2(gl_FragCoord.xy) & 127, 0).r - .5;
    o = vec4(c.rgb * dark + g * lens_feel.y * c.a, c.a);
}
