// Draws an avatar of Gaussians with WebGL 2 alone: render/splat/kernels.py, with a quad a Gaussian in place of tiles.
// What a pose moves comes as one texture of maps; all else is uploaded once.
import { Cloud } from "./cloud.js";
import { MAP, OWN, SHARED, Shadows, WIDE, built } from "./shadows.js";

const HARMONICS = 16, FOOTPRINT_PX2 = 0.12, FAINTEST = 64, DIMMEST = 0.12, WHITE = 0.1, ONWARD = 2, KEEN = 6;
// texels of a bone's light; where in them the first harmonic stands, and where the lamps begin, three each
const LIT = 32, FLOOR = 16, BEAMS = 17, Y00 = 0.282095, TURNED_AWAY = 0.2;

const VERTEX = (packs, lobes, lamps) => `#version 300 es
${SHARED}
in uint which;
uniform sampler2D packed, lit, reached;
uniform mat3 view; uniform vec3 shift, lens; uniform vec4 focus; uniform vec2 size;
uniform vec4 mixed[${packs - 3}];
uniform vec3 brightest;
uniform vec4 lobeTo[${lobes}]; uniform vec3 lobeLight[${lobes}], lampPower[${Math.max(lamps, 1)}];
uniform mat3 inset, outset; uniform float curve[8];
out vec2 at; flat out vec4 ink;
vec3 lightOf(int joint, vec4 a, vec4 b, float c) {
  vec3 sum = texelFetch(lit, ivec2(0, joint), 0).rgb + c * texelFetch(lit, ivec2(9, joint), 0).rgb;
  for (int k = 0; k < 4; k++) sum += a[k] * texelFetch(lit, ivec2(1 + k, joint), 0).rgb + b[k] * texelFetch(lit, ivec2(5 + k, joint), 0).rgb;
  return sum;
}
float lampOf(int joint, int lamp, vec4 a, vec4 b, float c) {
  vec4 one = texelFetch(lit, ivec2(${BEAMS} + 3 * lamp, joint), 0), two = texelFetch(lit, ivec2(${BEAMS + 1} + 3 * lamp, joint), 0);
  vec4 three = texelFetch(lit, ivec2(${BEAMS + 2} + 3 * lamp, joint), 0);
  return one.x + dot(a, vec4(one.yzw, two.x)) + dot(b, vec4(two.yzw, three.x)) + c * three.y;
}
vec3 toned(vec3 light) {
  vec3 x = clamp((log2(max(inset * light, vec3(2e-4))) + 12.47393) / 16.5, 0., 1.), bent = vec3(curve[7]);
  for (int k = 6; k >= 0; k--) bent = bent * x + curve[k];
  return clamp(outset * bent, 0., 1.);
}
void main() {
  int i = int(which);
  gl_Position = vec4(2., 2., 2., 1.);
  vec4 g0 = texel(own, ${OWN} * i), g1 = texel(own, ${OWN} * i + 1), g2 = texel(own, ${OWN} * i + 2);
  int c = int(g0.w);
  vec4 m0 = texel(maps, ${MAP} * c), m1 = texel(maps, ${MAP} * c + 1), m2 = texel(maps, ${MAP} * c + 2);
  vec3 p = placed(g0.xyz, g2.w, m0, m1, m2);
  vec3 v = view * p + shift;
  float away = -v.z;
  if (away < .05) return;
  vec4 g3 = texel(own, ${OWN} * i + 3), g4 = texel(own, ${OWN} * i + 4), g6 = texel(own, ${OWN} * i + 6);
  bool fibre = (int(g6.w) & 1) == 1;
  vec3 n = normalize(vec3(dot(m0.xyz, g4.xyz), dot(m1.xyz, g4.xyz), dot(m2.xyz, g4.xyz))), to = normalize(lens - p);
  if (g3.x > 0. && !fibre && dot(n, to) < -${TURNED_AWAY}) return;
  float r = 1. / away;
  vec2 middle = focus.zw + focus.xy * v.xy * r;
  // what a step in the rest pose is in pixels
  vec3 v0 = vec3(view[0].x, view[1].x, view[2].x), v1 = vec3(view[0].y, view[1].y, view[2].y), v2 = vec3(view[0].z, view[1].z, view[2].z);
  vec3 a = focus.x * r * (v0 + v.x * r * v2), b = focus.y * r * (v1 + v.y * r * v2);
  vec3 ca = a.x * m0.xyz + a.y * m1.xyz + a.z * m2.xyz, cb = b.x * m0.xyz + b.y * m1.xyz + b.z * m2.xyz;
  mat3 spread = mat3(g1.x, g1.y, g1.z, g1.y, g1.w, g2.x, g1.z, g2.x, g2.y);
  vec3 sa = spread * ca, sb = spread * cb;
  float xx = dot(ca, sa), xy = dot(cb, sa), yy = dot(cb, sb), bare = xx * yy - xy * xy;
  xx += ${FOOTPRINT_PX2};
  yy += ${FOOTPRINT_PX2};
  float opacity = g2.z * sqrt(max(bare, 1e-9) / (xx * yy - xy * xy));
  if (opacity < 1. / ${FAINTEST}.) return;
  float far = 2. * log(opacity * ${FAINTEST}.);
  vec2 reach = sqrt(far * vec2(xx, yy));
  if (any(lessThan(middle + reach, vec2(0.))) || any(greaterThanEqual(middle - reach, size)) || max(reach.x, reach.y) > 400.) return;

  vec4 g5 = texel(own, ${OWN} * i + 5);
  vec4 k0 = texel(packed, ${packs} * i), k1 = texel(packed, ${packs} * i + 1), k2 = texel(packed, ${packs} * i + 2);
  int joint = int(g5.x);
  vec3 light = lightOf(joint, k0, k1, k2.x), least = texelFetch(lit, ivec2(${FLOOR}, joint), 0).rgb;
  if (g5.z < .999) {
    light = mix(lightOf(int(g5.y), k0, k1, k2.x), light, g5.z);
    least = mix(texelFetch(lit, ivec2(${FLOOR}, int(g5.y)), 0).rgb, least, g5.z);
  }
  vec4 open = 1. - g5.w * (1. - texel(reached, i));
  for (int k = 0; k < ${lamps}; k++) {
    float one = lampOf(joint, k, k0, k1, k2.x);
    if (g5.z < .999) one = mix(lampOf(int(g5.y), k, k0, k1, k2.x), one, g5.z);
    light += open[k] * one * lampPower[k];
    least += open[k] * ${Y00} * lampPower[k];
  }
  vec3 paint = (k2.yzw + 1.) * .5;
  paint *= paint * brightest;
  light *= paint;
  least *= paint;
  vec3 sheen = vec3(g3.zw, g4.w);
  vec4 t0 = texelFetch(lit, ivec2(13, joint), 0), t1 = texelFetch(lit, ivec2(14, joint), 0), t2 = texelFetch(lit, ivec2(15, joint), 0);
  float more = dot(sheen, vec3(dot(t0.xyz, to), dot(t1.xyz, to), dot(t2.xyz, to)));
  for (int k = 0; k < ${packs - 3}; k++) more += dot(mixed[k], texel(packed, ${packs} * i + 3 + k));
  light = max(light, ${DIMMEST} * least) * exp(clamp(more, -3., 2.));
  if (g3.x > 0.) {
    vec3 mirrored = 2. * dot(n, to) * n - to;
    if (fibre) {
      // hair mirrors all round its longest axis
      vec3 t = normalize(vec3(dot(m0.xyz, g6.xyz), dot(m1.xyz, g6.xyz), dot(m2.xyz, g6.xyz)));
      vec3 tint = paint / max(max(paint.r, paint.g), max(paint.b, 1e-4));
      for (int k = 0; k < ${lobes}; k++) {
        vec3 both = to + lobeTo[k].xyz;
        float long2 = max(dot(both, both), 1e-12), lies = dot(t, both), turned = max(.35 + .65 * dot(n, lobeTo[k].xyz), 0.);
        float off = g3.y * lobeTo[k].w / (g3.y + lobeTo[k].w) * lies * lies;
        // mirrored, and through it
        vec3 shine = turned * exp(-off / long2) * mix(tint, vec3(1.), ${WHITE}) + ${ONWARD.toFixed(1)} * exp(-.25 * off - ${(0.5 * KEEN).toFixed(1)} * long2) * tint;
        light += (k < ${lamps} ? open[k] : 1.) * g3.x * shine * lobeLight[k];
      }
    } else for (int k = 0; k < ${lobes}; k++) {
      float sharp = g3.y * lobeTo[k].w / (g3.y + lobeTo[k].w), off = sharp * (dot(mirrored, lobeTo[k].xyz) - 1.);
      if (off > -12.) light += (k < ${lamps} ? open[k] : 1.) * g3.x * sharp * .159155 * exp(off) * lobeLight[k];
    }
  }
  ink = vec4(toned(light), opacity);
  // along the axes of the ellipse, as far as it is seen
  float half_ = .5 * (xx + yy), root = length(vec2(.5 * (xx - yy), xy));
  float one = half_ + root, two = max(half_ - root, 1e-6);
  vec2 along = abs(xy) > 1e-7 * one ? normalize(vec2(xy, one - xx)) : xx >= yy ? vec2(1., 0.) : vec2(0., 1.);
  at = (vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2. - 1.) * sqrt(far);
  vec2 corner = middle + at.x * sqrt(one) * along + at.y * sqrt(two) * vec2(-along.y, along.x);
  gl_Position = vec4(2. * corner / size - 1., 0., 1.);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec2 at; flat in vec4 ink;
out vec4 seen;
void main() {
  float share = min(ink.a * exp(-.5 * dot(at, at)), .995);
  share *= step(${1 / FAINTEST}, share);
  seen = vec4(ink.rgb * share, share);
}`;

// harmonics of a direction, in the order of render/environment.py
const harmonics = (x, y, z) => [0.282095, 0.488603 * y, 0.488603 * z, 0.488603 * x, 1.092548 * x * y, 1.092548 * y * z,
  0.315392 * (3 * z * z - 1), 1.092548 * x * z, 0.546274 * (x * x - y * y), 0.590044 * y * (3 * x * x - y * y), 2.890611 * x * y * z,
  0.457046 * y * (5 * z * z - 1), 0.373176 * z * (5 * z * z - 3), 0.457046 * x * (5 * z * z - 1), 1.445306 * z * (x * x - y * y),
  0.590044 * x * (x * x - 3 * y * y)];

export class Gaussians {
  // gl: WebGL 2, its canvas premultiplied. buffer: the file. setting: {sources, lamps, zonal, lobes, tone, stand} of a place.
  constructor(gl, buffer, setting) {
    const cloud = new Cloud(buffer);
    Object.assign(this, { gl, cloud, setting, timing: { pose: 0, light: 0, sort: 0, submit: 0 } });
    this.packs = 3 + Math.ceil(cloud.gains.length / 4);
    this.lobes = Math.max(1, setting.lobes.length);
    this.lamps = setting.lamps.length;
    this.program = this.#program();
    this.#upload();
    this.litRows = new Float32Array(4 * LIT * cloud.bones.length);
    this.#constants();
  }

  #program() {
    const { program, at } = built(this.gl, VERTEX(this.packs, this.lobes, this.lamps), FRAGMENT);
    this.at = at;
    return program;
  }

  #texture(unit, inner, kind, texels, data, wide = WIDE) {
    const { gl } = this, texture = gl.createTexture(), high = Math.ceil(texels / wide);
    if (high > gl.getParameter(gl.MAX_TEXTURE_SIZE)) throw new Error("the avatar is larger than the graphics of this browser can hold");
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, inner, wide, high);
    for (const [key, value] of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) gl.texParameteri(gl.TEXTURE_2D, key, value);
    const padded = new data.constructor(4 * wide * high);
    padded.set(data.subarray(0, padded.length));
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, wide, high, gl.RGBA, kind, padded);
    return { texture, unit, wide, high, kind, padded };
  }

  #upload() {
    const { gl, cloud, packs } = this, n = cloud.count, own = new Float32Array(4 * OWN * n), small = new Int8Array(4 * packs * n);
    for (let i = 0, at = 0; i < n; i++, at += 4 * OWN) {
      const [j0, j1, share] = cloud.held[cloud.carrier[i]], s = 6 * i;
      own.set([cloud.place[3 * i], cloud.place[3 * i + 1], cloud.place[3 * i + 2], cloud.carrier[i]], at);
      own.set(cloud.spread.subarray(s, s + 6), at + 4);
      own.set([cloud.opacity[i], cloud.loose[i], cloud.gloss[2 * i], cloud.gloss[2 * i + 1], cloud.sheen[3 * i], cloud.sheen[3 * i + 1],
        cloud.normal[3 * i], cloud.normal[3 * i + 1], cloud.normal[3 * i + 2], cloud.sheen[3 * i + 2], j0, j1, share, cloud.felt[i],
        cloud.along[3 * i], cloud.along[3 * i + 1], cloud.along[3 * i + 2],
        cloud.fibre[i] + 2 * cloud.span[i] + 8 * cloud.throws[i]], at + 10);
      for (let k = 0; k < 9; k++) small[4 * packs * i + k] = cloud.codes[k * n + i];
      for (let c = 0; c < 3; c++) small[4 * packs * i + 9 + c] = cloud.paint[c * n + i];
      for (let k = 0; k < cloud.gains.length; k++) small[4 * packs * i + 12 + k] = cloud.gain[k * n + i];
    }
    this.#texture(0, gl.RGBA32F, gl.FLOAT, OWN * n, own);
    this.#texture(1, gl.RGBA8_SNORM, gl.BYTE, packs * n, small);
    this.maps = this.#texture(2, gl.RGBA32F, gl.FLOAT, cloud.maps.length / 4, cloud.maps);
    this.lit = this.#texture(3, gl.RGBA32F, gl.FLOAT, LIT * cloud.bones.length, new Float32Array(4 * LIT * cloud.bones.length), LIT);
    this.shadows = new Shadows(gl, cloud, this.setting.lamps, 4);
    // the maps are posed where they are uploaded from
    cloud.maps = this.maps.padded.subarray(0, cloud.maps.length);
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    this.order = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.order);
    gl.bufferData(gl.ARRAY_BUFFER, 4 * n, gl.DYNAMIC_DRAW);
    const which = gl.getAttribLocation(this.program, "which");
    gl.enableVertexAttribArray(which);
    gl.vertexAttribIPointer(which, 1, gl.UNSIGNED_INT, 0, 0);
    gl.vertexAttribDivisor(which, 1);
    gl.bindVertexArray(null);
  }

  // what neither pose nor lens changes
  #constants() {
    const { gl, at, setting } = this, [inset, curve, outset] = setting.tone;
    gl.useProgram(this.program);
    ["own", "packed", "maps", "lit", "reached"].forEach((name, unit) => gl.uniform1i(at[name], unit));
    gl.uniformMatrix3fv(at.inset, true, inset.flat());
    gl.uniformMatrix3fv(at.outset, true, outset.flat());
    gl.uniform1fv(at.curve, curve);
    gl.uniform3fv(at.brightest, this.cloud.brightest);
    const lobes = setting.lobes.length ? setting.lobes : [[0, 1, 0, 0, 0, 0, 1]];
    gl.uniform4fv(at.lobeTo, lobes.flatMap(([x, y, z, , , , sharp]) => [x, y, z, sharp]));
    gl.uniform3fv(at.lobeLight, lobes.flatMap((l) => l.slice(3, 6)));
    if (this.lamps) gl.uniform3fv(at.lampPower, setting.lamps.flatMap((l) => l.slice(3, 6)));
    // columns of the light texture that never change
    this.bands = [0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3].map((l) => setting.zonal[l].map((x) => x * Math.sqrt(4 * Math.PI / (2 * l + 1))));
  }

  // The light as each bone sees it, already through the book of what Gaussians pass on: seen_by of lighting.py.
  #lights(mats) {
    const { cloud, setting, litRows } = this, seen = new Float64Array(3 * HARMONICS);
    for (let j = 0; j < cloud.bones.length; j++) {
      const m = mats.subarray(12 * j, 12 * j + 12);
      const local = (x, y, z) => harmonics(m[0] * x + m[4] * y + m[8] * z, m[1] * x + m[5] * y + m[9] * z, m[2] * x + m[6] * y + m[10] * z);
      seen.fill(0);
      for (const [x, y, z, ...rgb] of setting.sources)
        local(x, y, z).forEach((basis, h) => { for (let c = 0; c < 3; c++) seen[3 * h + c] += basis * rgb[c]; });
      harmonics(m[4], m[5], m[6]).forEach((basis, h) => { for (let c = 0; c < 3; c++) seen[3 * h + c] += basis * this.bands[h][c]; });
      [cloud.middle, ...cloud.book].forEach((passed, k) => {
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let h = 1; h < HARMONICS; h++) sum += passed[h - 1] * seen[3 * h + c];
          litRows[4 * (LIT * j + k) + c] = k ? sum : sum + seen[c];
          litRows[4 * (LIT * j + FLOOR) + c] = seen[c];
        }
      });
      setting.lamps.forEach(([x, y, z], l) => {
        const beam = local(x, y, z);
        [cloud.middle, ...cloud.book].forEach((passed, k) => {
          let sum = k ? 0 : beam[0];
          for (let h = 1; h < HARMONICS; h++) sum += passed[h - 1] * beam[h];
          litRows[4 * (LIT * j + BEAMS + 3 * l) + k] = sum;
        });
      });
      // rows that lead from the stage into the bone's axes, for sheen
      for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) litRows[4 * (LIT * j + 13 + r) + c] = m[4 * c + r];
    }
    this.#refresh(this.lit, litRows);
  }

  #refresh({ texture, unit, wide, high, kind, padded }, data) {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, wide, high, gl.RGBA, kind, data ?? padded);
  }

  // What is to be drawn (and what is bound to draw into is the page afterwards): weights of the face, bones (12 numbers each), what hair follows, values by name of a driver.
  pose(face, mats, sway, drives) {
    const began = performance.now(), { gl, cloud } = this;
    this.sway = sway;
    cloud.pose(face, mats);
    const posed = performance.now();
    this.#lights(mats);
    const told = cloud.record.drivers.map((name) => drives[name] ?? 0);
    this.mixed = new Float32Array(4 * (this.packs - 3));
    cloud.gains.forEach((gain, k) => { this.mixed[k] = gain * cloud.mix[k].reduce((sum, share, d) => sum + share * told[d], 0); });
    this.#refresh(this.maps, null);
    this.shadows.cast(mats, sway);
    this.timing.pose = posed - began;
    this.timing.light = performance.now() - posed;
    gl.useProgram(this.program);
    gl.uniform4fv(this.at.mixed, this.mixed);
    gl.uniform4fv(this.at.sway, sway);
  }

  // Draws into what is bound. lens: {view: 9 numbers, rows, stage -> camera, shift, place, focus: [fx, fy, cx, cy] in
  // pixels, y up}. size: of the picture in pixels.
  draw({ view, shift, place, focus }, size) {
    const began = performance.now(), { gl, cloud, at } = this;
    const shown = cloud.sort([-view[6], -view[7], -view[8], -shift[2]], this.sway);
    const sorted = performance.now();
    gl.useProgram(this.program);
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.order);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, cloud.order, 0, shown);
    gl.uniformMatrix3fv(at.view, true, view);
    gl.uniform3fv(at.shift, shift);
    gl.uniform3fv(at.lens, place);
    gl.uniform4fv(at.focus, focus);
    gl.uniform2fv(at.size, size);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.CULL_FACE);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.viewport(0, 0, ...size);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, shown);
    gl.bindVertexArray(null);
    this.timing.sort = sorted - began;
    this.timing.submit = performance.now() - sorted;
  }
}
