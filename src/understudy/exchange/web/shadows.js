// Which Gaussians a lamp reaches, on the graphics card: render/splat/shadowing.py, with points for its texels.
import { TEXEL_M } from "./cloud.js";

export const WIDE = 1540, OWN = 7, MAP = 3;   // texels in a row of a texture, of a Gaussian, of a map
const SIDE = 256, TAPS = 12, GOLDEN_RAD = 2.39996323, STEEPEST = 0.35, BIAS_M = 0.004, RAMP_M = 0.008, FADE_M = 0.012, FADES = 4;
const NEAR_M = 0.05, UNDER_M = 0.1, STRONG = 0.25;
const FAR_M = 1;   // what is farther than this before or behind the middle of a picture is not told apart

// What every shader asks of a Gaussian.
export const SHARED = `precision highp float; precision highp int; precision highp sampler2D; precision highp sampler2DArray;
uniform sampler2D own, maps;
uniform vec4 sway[3];
vec4 texel(sampler2D from, int i) { return texelFetch(from, ivec2(i % ${WIDE}, i / ${WIDE}), 0); }
vec3 placed(vec3 rest, float loose, vec4 m0, vec4 m1, vec4 m2) {
  vec4 from = vec4(rest, 1.);
  vec3 p = vec3(dot(m0, from), dot(m1, from), dot(m2, from));
  return p + loose * vec3(dot(sway[0], vec4(p, 1.)), dot(sway[1], vec4(p, 1.)), dot(sway[2], vec4(p, 1.)));
}`;
const SLOPES = `
vec2 slopes(vec4 u, vec4 v, vec4 t, vec3 n) {
  float facing = dot(t.xyz, n);
  facing = (facing < 0. ? -1. : 1.) * max(abs(facing), ${STEEPEST});
  return -vec2(dot(u.xyz, n), dot(v.xyz, n)) * ${TEXEL_M * TEXEL_M} / facing;
}`;

const THROW = `#version 300 es
${SHARED}
uniform vec4 frame[3];
flat out vec2 at, rise; flat out float high;
${SLOPES}
void main() {
  int i = gl_VertexID / 3, part = gl_VertexID % 3;
  gl_Position = vec4(2., 2., 2., 1.);
  gl_PointSize = 1.;
  vec4 g0 = texel(own, ${OWN} * i), g2 = texel(own, ${OWN} * i + 2), g6 = texel(own, ${OWN} * i + 6);
  int kind = int(g6.w), c = int(g0.w), span = (kind >> 1) & 3;
  bool fibre = (kind & 1) == 1;
  if (kind < 8 || g2.z < ${STRONG} || (part > 0 && !fibre)) return;
  vec4 m0 = texel(maps, ${MAP} * c), m1 = texel(maps, ${MAP} * c + 1), m2 = texel(maps, ${MAP} * c + 2);
  vec3 p = placed(g0.xyz, g2.w, m0, m1, m2);
  if (part > 0) {
    span = 0;
    p += (part == 1 ? 1. : -1.) * vec3(dot(m0.xyz, g6.xyz), dot(m1.xyz, g6.xyz), dot(m2.xyz, g6.xyz));
  }
  at = vec2(dot(frame[0], vec4(p, 1.)), dot(frame[1], vec4(p, 1.)));
  high = dot(frame[2], vec4(p, 1.));
  ivec2 in_ = ivec2(floor(at));
  if (any(lessThan(in_, ivec2(span))) || any(greaterThanEqual(in_, ivec2(${SIDE} - span)))) return;
  rise = vec2(0.);
  if (span > 0 && !fibre) {
    vec4 g4 = texel(own, ${OWN} * i + 4);
    rise = slopes(frame[0], frame[1], frame[2], normalize(vec3(dot(m0.xyz, g4.xyz), dot(m1.xyz, g4.xyz), dot(m2.xyz, g4.xyz))));
  }
  gl_PointSize = float(2 * span + 1);
  gl_Position = vec4((floor(at) + .5) * ${2 / SIDE} - 1., 0., 1.);
}`;
const DEPTH = `#version 300 es
precision highp float;
flat in vec2 at, rise; flat in float high;
void main() {
  gl_FragDepth = clamp(.5 - (high + dot(floor(gl_FragCoord.xy) - floor(at), rise)) * ${0.5 / FAR_M}, 0., 1.);
}`;

const ALL = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 3. : -1., gl_VertexID == 2 ? 3. : -1., 0., 1.); }`;
const REACH = (count, lamps) => `#version 300 es
${SHARED}
uniform sampler2DArray depths;
uniform vec4 frames[${3 * lamps}];
uniform float spread[${lamps}];
uniform vec2 disc[${TAPS}];
out vec4 open;
${SLOPES}
float nearest(int lamp, ivec2 at) { return (1. - 2. * texelFetch(depths, ivec3(at, lamp), 0).r) * ${FAR_M.toFixed(1)}; }
float hides(int lamp, ivec2 at, float t) { return clamp((nearest(lamp, at) - t) / ${RAMP_M}, 0., 1.); }
void main() {
  int i = int(gl_FragCoord.y) * ${WIDE} + int(gl_FragCoord.x);
  vec4 reached = vec4(1.);   // an output cannot be written by number
  open = reached;
  if (i >= ${count}) return;
  vec4 g0 = texel(own, ${OWN} * i), g2 = texel(own, ${OWN} * i + 2), g4 = texel(own, ${OWN} * i + 4), g6 = texel(own, ${OWN} * i + 6);
  int kind = int(g6.w), c = int(g0.w);
  bool fibre = (kind & 1) == 1;
  vec4 m0 = texel(maps, ${MAP} * c), m1 = texel(maps, ${MAP} * c + 1), m2 = texel(maps, ${MAP} * c + 2);
  vec3 n = normalize(vec3(dot(m0.xyz, g4.xyz), dot(m1.xyz, g4.xyz), dot(m2.xyz, g4.xyz)));
  float bias = ${BIAS_M} * float(1 + ((kind >> 1) & 3));
  vec4 p = vec4(placed(g0.xyz, g2.w, m0, m1, m2) + (fibre ? 0. : bias) * n, 1.);
  for (int lamp = 0; lamp < ${lamps}; lamp++) {
    vec4 fu = frames[3 * lamp], fv = frames[3 * lamp + 1], ft = frames[3 * lamp + 2];
    if (!fibre && dot(ft.xyz, n) < -${STEEPEST}) { reached[lamp] = 0.; continue; }
    vec2 at = vec2(dot(fu, p), dot(fv, p));
    float t = dot(ft, p) + bias, wide = min(1.5 + spread[lamp] * ${NEAR_M / TEXEL_M}, 8.);
    if (any(lessThan(at, vec2(wide + 2.))) || any(greaterThanEqual(at, vec2(${SIDE}. - wide - 2.)))) continue;
    vec2 rise = fibre ? vec2(0.) : slopes(fu, fv, ft, n);
    float far = 0., count = 0., least = 1e9;
    for (int k = 0; k < ${TAPS}; k += 2) {
      vec2 off = wide * disc[k];
      float behind = nearest(lamp, ivec2(at + off)) - t - dot(off, rise);
      if (behind > 0.) { far += behind; count += 1.; least = min(least, behind); }
    }
    if (count == 0.) continue;
    if (count == ${TAPS / 2}. && least > (fibre ? ${FADES * FADE_M} : ${RAMP_M})) { reached[lamp] = 0.; continue; }
    wide = min(max(far / count * spread[lamp] / ${TEXEL_M}, 1.), wide);
    float hidden = 0.;
    for (int k = 0; k < ${TAPS}; k += fibre ? 2 : 1) {
      vec2 off = wide * disc[k], q = at + off - .5, f = fract(q);
      if (fibre) {
        hidden += 2. - 2. * exp(-max(nearest(lamp, ivec2(at + off)) - t, 0.) / ${FADE_M});
        continue;
      }
      ivec2 low = ivec2(floor(q));
      float level = t + dot(off, rise);
      hidden += mix(mix(hides(lamp, low, level), hides(lamp, low + ivec2(1, 0), level), f.x),
        mix(hides(lamp, low + ivec2(0, 1), level), hides(lamp, low + ivec2(1, 1), level), f.x), f.y);
    }
    reached[lamp] = 1. - hidden / ${TAPS}.;
  }
  open = reached;
}`;

// A program and where its uniforms are. Throws Error in words of its own.
export function built(gl, vertex, fragment) {
  const program = gl.createProgram(), at = {};
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    const why = gl.getAttachedShaders(program).map((s) => gl.getShaderInfoLog(s)).join(" ") + gl.getProgramInfoLog(program);
    throw new Error(`the graphics of this browser refuse the neural look (${why.trim().slice(0, 200)})`);
  }
  for (let i = 0; i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); i++) {
    const name = gl.getActiveUniform(program, i).name.replace("[0]", "");
    at[name] = gl.getUniformLocation(program, name);
  }
  return { program, at };
}

export class Shadows {
  // lamps: (x, y, z, r, g, b, spread) each. unit: of the texture that says which of them reach each Gaussian; the next
  // holds the depths.
  constructor(gl, cloud, lamps, unit) {
    Object.assign(this, { gl, cloud, lamps, unit, high: Math.ceil(cloud.count / WIDE) });
    this.head = Math.max(0, cloud.bones.findIndex((bone) => bone.name === "head"));
    this.reached = this.#texture(gl.TEXTURE_2D, unit);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, WIDE, this.high);
    if (!lamps.length) return;
    this.throwing = built(gl, THROW, DEPTH);
    this.reaching = built(gl, ALL, REACH(cloud.count, lamps.length));
    this.depths = this.#texture(gl.TEXTURE_2D_ARRAY, unit + 1);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.DEPTH_COMPONENT32F, SIDE, SIDE, lamps.length);
    this.targets = lamps.map((_, lamp) => {
      const target = gl.createFramebuffer();
      gl.bindFramebuffer(gl.FRAMEBUFFER, target);
      gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, this.depths, 0, lamp);
      return target;
    });
    this.target = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.target);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.reached, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.empty = gl.createVertexArray();
    gl.useProgram(this.throwing.program);
    gl.uniform1i(this.throwing.at.own, 0);
    gl.uniform1i(this.throwing.at.maps, 2);
    const { program, at } = this.reaching;
    gl.useProgram(program);
    gl.uniform1i(at.own, 0);
    gl.uniform1i(at.maps, 2);
    gl.uniform1i(at.depths, unit + 1);
    gl.uniform1fv(at.spread, lamps.map((lamp) => lamp[6]));
    gl.uniform2fv(at.disc, Array.from({ length: TAPS }, (_, k) => {
      const radius = Math.sqrt((k + 0.5) / TAPS), angle = k * GOLDEN_RAD;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }).flat());
  }

  #texture(kind, unit) {
    const { gl } = this, texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(kind, texture);
    for (const [key, value] of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) gl.texParameteri(kind, key, value);
    return texture;
  }

  // rows that lead from the stage to texels across, texels up and metres towards each lamp
  #frames(mats) {
    const m = mats.subarray(12 * this.head, 12 * this.head + 12), [x, y, z] = this.cloud.bones[this.head].origin;
    const middle = [0, 4, 8].map((r) => m[r] * x + m[r + 1] * y + m[r + 2] * z + m[r + 3] - (r === 4 ? UNDER_M : 0));
    const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    return this.lamps.flatMap(([x, y, z]) => {
      const way = [x, y, z], side = cross(Math.abs(y) < 0.9 ? [0, 1, 0] : [0, 0, 1], way), long = Math.hypot(...side);
      const across = side.map((v) => v / long), up = cross(way, across);
      return [[across, 1 / TEXEL_M, SIDE / 2], [up, 1 / TEXEL_M, SIDE / 2], [way, 1, 0]].flatMap(([axis, by, from]) =>
        [...axis.map((v) => v * by), from - by * axis.reduce((sum, v, k) => sum + v * middle[k], 0)]);
    });
  }

  // Throws the shadows of the pose that `maps` hold. mats, sway: as Gaussians.pose takes them.
  cast(mats, sway) {
    if (!this.lamps.length) return;
    const { gl, throwing, reaching } = this, frames = this.#frames(mats);
    gl.bindVertexArray(this.empty);
    gl.disable(gl.BLEND);
    gl.disable(gl.CULL_FACE);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LESS);
    gl.depthMask(true);
    gl.useProgram(throwing.program);
    gl.uniform4fv(throwing.at.sway, sway);
    gl.viewport(0, 0, SIDE, SIDE);
    // what is drawn into may not be read from meanwhile
    gl.activeTexture(gl.TEXTURE0 + this.unit + 1);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, null);
    this.targets.forEach((target, lamp) => {
      gl.bindFramebuffer(gl.FRAMEBUFFER, target);
      gl.clear(gl.DEPTH_BUFFER_BIT);
      gl.uniform4fv(throwing.at.frame, frames.slice(12 * lamp, 12 * lamp + 12));
      gl.drawArrays(gl.POINTS, 0, 3 * this.cloud.count);
    });
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.depths);
    gl.disable(gl.DEPTH_TEST);
    gl.useProgram(reaching.program);
    gl.uniform4fv(reaching.at.sway, sway);
    gl.uniform4fv(reaching.at.frames, frames);
    gl.activeTexture(gl.TEXTURE0 + this.unit);
    gl.bindTexture(gl.TEXTURE_2D, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.target);
    gl.viewport(0, 0, WIDE, this.high);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindTexture(gl.TEXTURE_2D, this.reached);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.bindVertexArray(null);
  }
}
