// Hair lit at its points, drawn as it is: the formulas of render/shaders/actor.vert (FIBRE) and fibre.glsl, whose
// sources are named there, over the skinning of three.js.
import { AGX } from "./tone.js";

const PLACED = `
#include <skinning_pars_vertex>
attribute vec4 along;     // direction; how far along the strand
attribute vec4 outward;   // out of the hair; a number of its own
uniform mat4 sway;        // what a point that hangs free adds to its place
uniform float freeY;
#ifdef RIDING
attribute float root;
uniform highp sampler2D ridden;
#endif
mat4 bones;
vec3 placed() {
  bones = getBoneMatrix(skinIndex.x) * skinWeight.x + getBoneMatrix(skinIndex.y) * skinWeight.y
    + getBoneMatrix(skinIndex.z) * skinWeight.z + getBoneMatrix(skinIndex.w) * skinWeight.w;
  vec3 rest = position;
  #ifdef RIDING
  int number = int(root + .5);
  rest += texelFetch(ridden, ivec2(number & 63, number >> 6), 0).xyz;
  #endif
  vec4 q = bones * vec4(rest, 1.);
  float loose = pow(clamp(along.w, 0., 1.), 1.5) * clamp((freeY - position.y) / .20, 0., 1.);
  return q.xyz + loose * (sway * q).xyz;
}`;

const LIT = `
attribute vec4 lit;       // how much of everything and of each lamp arrives
attribute vec4 tint;      // square roots of its colour
uniform vec3 lampTo[3], lampColour[3], harmonics[9];
uniform float toneMappingExposure, gloss, taper, thin;
varying vec4 shown;
${AGX}
vec3 irradiance(vec3 n) {
  return max(harmonics[0] * .282095 + .488603 * (harmonics[1] * n.y + harmonics[2] * n.z + harmonics[3] * n.x)
    + 1.092548 * (harmonics[4] * n.x * n.y + harmonics[5] * n.y * n.z + harmonics[7] * n.x * n.z)
    + harmonics[6] * .315392 * (3. * n.z * n.z - 1.) + harmonics[8] * .546274 * (n.x * n.x - n.y * n.y), vec3(0.));
}
float eighth(float k) { k *= k; k *= k; return k * k; }
void main() {
  vec3 at = placed();
  gl_Position = projectionMatrix * viewMatrix * vec4(at, 1.);
  vec3 n = normalize(mat3(bones) * outward.xyz), t = normalize(mat3(bones) * along.xyz), v = normalize(cameraPosition - at);
  float seed = outward.w, jitter = (seed - .5) * .16;
  vec3 sky = irradiance(n) * lit.x, lamps = vec3(0.), glint = vec3(0.), glow = vec3(0.);
  bool behind = dot(n, v) < 0.;
  vec3 m = behind ? -n : n;
  float deep = behind ? .55 : 1., occ = deep * (.70 + .40 * seed);
  vec3 t1 = t + m * (-.10 + jitter), t2 = t + m * (.13 + jitter);
  float i1 = 1. / dot(t1, t1), i2 = 1. / dot(t2, t2);
  for (int i = 0; i < 3; i++) {
    vec3 l = lampTo[i], h = l + v;
    float s = i == 0 ? lit.y : i == 1 ? lit.z : lit.w, tl = dot(t, l);
    vec3 s3 = i == 0 ? vec3(mix(s, sqrt(s), .5), s, s * .97) : vec3(s);
    float d = clamp((dot(n, l) + .35) / 1.35, 0., 1.) * sqrt(max(1. - tl * tl, 0.)) * .95;
    lamps += lampColour[i] * s3 * (d / 3.14159265);
    vec3 c = lampColour[i] * (s * occ);
    float nl = dot(m, l), ih = 1. / dot(h, h), h1 = dot(t1, h), h2 = dot(t2, h);
    float k1 = eighth(eighth(max(1. - h1 * h1 * i1 * ih, 0.))), k2 = eighth(max(1. - h2 * h2 * i2 * ih, 0.));
    k2 *= k2;
    float front = clamp((nl + .20) * 1.6, 0., 1.), back = clamp(-dot(l, v), 0., 1.);
    glint += c * (front * .034 * k1);
    glow += c * (front * .34 * k2 + back * back * clamp(.55 - nl, 0., 1.) * .55);
  }
  sky *= deep;
  lamps *= deep;
  glint += sky * (.010 * occ);
  glow += sky * (.10 * occ);
  vec3 c = CustomToneMapping(tint.rgb * tint.rgb * (sky * .62 + lamps * .80 + glow * gloss) + glint * gloss);
  // one that ends grows thin: fewer samples of its pixels are covered
  shown = vec4(mix(1.055 * pow(c, vec3(1. / 2.4)) - .055, 12.92 * c, vec3(lessThan(c, vec3(.0031308)))),
    1. - thin * smoothstep(1. - taper, 1.02, along.w));
}`;

// Returns the material of strands (thin) or of what lies under them, and the one that casts its shadow. taper: the
// share of a strand over which it grows thin.
export function fibreMaterial(THREE, uniforms, riding, thin, taper) {
  const defines = riding ? { RIDING: 1 } : {}, side = THREE.DoubleSide;
  const made = new THREE.ShaderMaterial({
    uniforms: { ...uniforms, gloss: { value: thin ? 1 : 0 }, taper: { value: taper }, thin: { value: thin ? 0.7 : 0 } },
    defines, side, toneMapped: false, alphaToCoverage: thin, vertexShader: PLACED + LIT,
    // alpha says how many samples are covered, not that the page shows through the picture
    blending: THREE.CustomBlending, blendSrc: THREE.OneFactor, blendDst: THREE.ZeroFactor,
    blendSrcAlpha: THREE.ZeroFactor, blendDstAlpha: THREE.OneFactor,
    fragmentShader: "varying vec4 shown; void main() { gl_FragColor = shown; }" });
  const shadow = new THREE.ShaderMaterial({
    uniforms, defines, side, toneMapped: false,
    vertexShader: PLACED + "void main() { gl_Position = projectionMatrix * viewMatrix * vec4(placed(), 1.); }",
    fragmentShader: "void main() { gl_FragColor = vec4(1.); }" });
  return { made, shadow };
}
