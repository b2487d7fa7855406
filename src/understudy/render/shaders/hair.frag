// Cards of hair; what light does in them is said in fibre.glsl.
in vec3 at;
in vec4 normal;
in vec4 sky;
in vec4 lamp;
in vec2 uv;
in vec4 strand;
in float seed;
#ifdef COLOURED
in vec3 colour;
#endif
out vec4 o;
uniform vec3 base;
uniform float gloss;
uniform sampler2D albedo;

void main() {
    vec4 h = texture(albedo, uv);
    ivec2 cell = ivec2(gl_FragCoord.xy);
    float keep = float(((cell.x ^ cell.y) & 1) * 2 + (cell.y & 1)) * .13 + .24;
    if (h.a < keep) discard;
    vec3 tint = h.rgb * h.rgb;
    float tone = h.g;
    vec3 t = normalize(strand.xyz), v = normalize(lens.xyz - at), n = normalize(normal.xyz);
    float facing = dot(n, v);
    float deep = facing < 0. ? .55 : 1.;
    if (facing < 0.) n = -n;
    float shade = 1.;
#ifdef COLOURED
    shade = colour.g;
#endif
    vec3 col = base * tint * (.90 + .20 * seed) * shade;
    float occ = deep * shade * (.55 + .75 * tone * tone);
    float jitter = (tone - .7) * .30 + (seed - .5) * .08;
    vec3 reach = vec3(lamp.w, sky.w, normal.w);
    vec3 c = fibre(col, t, n, v, sky.rgb * deep, lamp.rgb * deep, reach, occ, jitter, gloss);
    o = vec4(picture(c), 1.);
}
