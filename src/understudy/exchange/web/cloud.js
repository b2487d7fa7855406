// An avatar's Gaussians and what they ride, as render/splat/afar.py packs them; plain arrays, no graphics.
const ARRAYS = { uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int32: Int32Array, uint32: Uint32Array };
// hub/avatar.py: ranges of the logarithms of sizes, of gloss and of its sharpness.
const SIZES = [2e-5, 0.05], GLOSSES = [1e-4, 4], SHARPNESSES = [1, 6000];
const NEAREST_M = 0.05, FLAT_M2 = 1e-12;
// render/splat/shadowing.py: texels of a picture of depth, and the least deviation of a hair that throws a shadow.
export const TEXEL_M = 0.004;
const COVERS = 1.3, THICK_M = 0.0008;

const fromLog = (code, [low, high]) => low * (high / low) ** (code / 255);

// One half of the file: {head, planes: name -> array, column after column}.
function half(bytes) {
  const end = bytes.indexOf(10), head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))), planes = {};
  let at = end + 1;
  for (const [name, [kind, wide, rows = head.count]] of Object.entries(head.planes)) {
    const size = ARRAYS[kind].BYTES_PER_ELEMENT * wide * rows;
    if (at + size > bytes.length) throw new Error("the avatar is cut short");
    planes[name] = new ARRAYS[kind](bytes.slice(at, at + size).buffer);
    at += size;
  }
  return { head, planes };
}

export class Cloud {
  // buffer: the file. Raises Error for anything else.
  constructor(buffer) {
    const bytes = new Uint8Array(buffer), length = new DataView(buffer).getUint32(0, true);
    this.#ridden(half(bytes.subarray(4, 4 + length)));
    this.#gaussians(half(bytes.subarray(4 + length)));
    this.depth = new Float32Array(this.count);
    this.keys = new Uint16Array(this.count);
    this.order = new Uint32Array(this.count);
    this.slots = new Uint32Array(65537);
  }

  #ridden({ head, planes }) {
    this.bones = head.bones;
    const rows = planes.rest.length / 3, [low, high] = head.box, carriers = planes.corners.length / 3;
    this.rest = new Float32Array(3 * rows);
    for (let v = 0; v < rows; v++)
      for (let c = 0; c < 3; c++) this.rest[3 * v + c] = low[c] + planes.rest[c * rows + v] / 65535 * (high[c] - low[c]);
    this.posed = new Float32Array(3 * rows);
    this.joints = new Uint8Array(4 * rows);
    this.weights = new Float32Array(4 * rows);
    this.alone = new Int16Array(rows).fill(-1);
    for (let v = 0; v < rows; v++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += planes.weights[k * rows + v];
      for (let k = 0; k < 4; k++) {
        this.joints[4 * v + k] = planes.joints[k * rows + v];
        this.weights[4 * v + k] = planes.weights[k * rows + v] / (sum || 1);
        if (this.weights[4 * v + k] > 0.9999) this.alone[v] = this.joints[4 * v + k];
      }
    }
    const moves = planes.moved.length;
    this.shapes = [];
    let at = 0;
    for (const [name, count] of Object.entries(head.shapes)) {
      const vertices = new Uint32Array(count), offsets = new Float32Array(3 * count);
      for (let k = 0, vertex = 0; k < count; k++) {
        vertices[k] = 3 * (vertex += planes.moved[at + k]);
        for (let c = 0; c < 3; c++)
          offsets[3 * k + c] = head.step_m * (256 * planes.high[c * moves + at + k] + planes.low[c * moves + at + k]);
      }
      this.shapes.push({ name, vertices, offsets });
      at += count;
    }
    this.corners = new Int32Array(3 * carriers);
    for (let c = 0; c < 3; c++)
      for (let t = 0, corner = 0; t < carriers; t++) this.corners[3 * t + c] = corner += planes.corners[c * carriers + t];
    this.held = Array.from({ length: carriers }, (_, t) => [planes.held[t], planes.held[carriers + t], planes.share[t] / 65535]);
    this.maps = new Float32Array(12 * carriers);
    this.#restFrames(carriers);
  }

  // the inverse of each triangle's edges and unit normal at rest, and its first corner
  #restFrames(carriers) {
    this.inverse = new Float32Array(9 * carriers);
    const { rest, corners, inverse } = this;
    for (let t = 0; t < carriers; t++) {
      const [a, b, c] = [0, 1, 2].map((k) => 3 * corners[3 * t + k]);
      if (a < 0) continue;
      const e = [0, 1, 2].map((k) => rest[b + k] - rest[a + k]), f = [0, 1, 2].map((k) => rest[c + k] - rest[a + k]);
      const n = [e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0]];
      const area = Math.hypot(...n), at = 9 * t;
      if (area < FLAT_M2) {
        inverse[at] = inverse[at + 4] = inverse[at + 8] = 1;
        continue;
      }
      const u = n.map((x) => x / area);
      // rows of the inverse of columns (e, f, u): f x u, u x e and e x f over the determinant, which is the area
      inverse.set([f[1] * u[2] - f[2] * u[1], f[2] * u[0] - f[0] * u[2], f[0] * u[1] - f[1] * u[0],
        u[1] * e[2] - u[2] * e[1], u[2] * e[0] - u[0] * e[2], u[0] * e[1] - u[1] * e[0], ...n].map((x) => x / area), at);
    }
  }

  #gaussians({ head, planes }) {
    const n = head.count, [low, high] = head.box;
    Object.assign(this, { count: n, record: head.avatar, middle: head.middle, book: head.book, gains: head.gains, mix: head.mix });
    this.place = new Float32Array(3 * n);
    this.carrier = new Uint32Array(n);
    this.loose = new Float32Array(n);
    this.opacity = new Float32Array(n);
    this.spread = new Float32Array(6 * n);
    this.gloss = new Float32Array(2 * n);
    this.normal = new Float32Array(3 * n);
    this.sheen = new Float32Array(3 * n);
    this.along = new Float32Array(3 * n);
    this.fibre = new Uint8Array(n);   // what rides a bone is hair
    this.felt = new Float32Array(n);
    this.span = new Uint8Array(n);    // texels that its shadow covers every way
    this.throws = new Uint8Array(n);
    this.codes = planes.codes;
    this.paint = planes.paint;
    this.brightest = head.brightest;
    this.gain = planes.gain;
    for (let i = 0, row = -1; i < n; i++) {
      if (i === 0 || planes.carrier[i]) row++;
      this.carrier[i] = row;
      this.fibre[i] = this.corners[3 * row] < 0 ? 1 : 0;
      this.felt[i] = planes.felt ? planes.felt[i] / 255 : 0;
      this.loose[i] = planes.loose[i] / 255;
      this.opacity[i] = planes.opacity[i] / 255;
      for (let c = 0; c < 3; c++) {
        this.place[3 * i + c] = low[c] + planes.place[c * n + i] / 65535 * (high[c] - low[c]);
        this.sheen[3 * i + c] = planes.sheen[c * n + i] / 127 * 2;
      }
      const [nx, ny, nz] = [0, 1, 2].map((c) => planes.normal[c * n + i]), long = Math.hypot(nx, ny, nz) || 1;
      this.normal.set([nx / long, ny / long, nz / long], 3 * i);
      this.gloss[2 * i] = planes.gloss[i] ? fromLog(planes.gloss[i], GLOSSES) : 0;
      this.gloss[2 * i + 1] = fromLog(planes.gloss[n + i], SHARPNESSES);
      this.#spread(i, [0, 1, 2, 3].map((c) => planes.turn[c * n + i]), [0, 1, 2].map((c) => fromLog(planes.size[c * n + i], SIZES)));
    }
    if (this.carrier[n - 1] !== this.held.length - 1) throw new Error("the avatar does not fit what it rides");
  }

  // covariance at rest: xx xy xz yy yz zz
  #spread(i, turn, size) {
    const long = Math.hypot(...turn) || 1, [w, x, y, z] = turn.map((q) => q / long);
    const axes = [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), 2 * (x * y + w * z), 1 - 2 * (x * x + z * z),
      2 * (y * z - w * x), 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)].map((a, k) => a * size[k % 3]);
    let longest = 0;
    for (let k = 1; k < 3; k++) if (size[k] > size[longest]) longest = k;
    for (let r = 0; r < 3; r++) this.along[3 * i + r] = axes[3 * r + longest];
    const second = size[0] + size[1] + size[2] - Math.max(...size) - Math.min(...size);
    this.span[i] = Math.min(Math.round(COVERS * second / TEXEL_M), 2);
    this.throws[i] = !this.fibre[i] || second > THICK_M ? 1 : 0;
    let at = 6 * i;
    for (let r = 0; r < 3; r++) for (let c = r; c < 3; c++)
      this.spread[at++] = axes[3 * r] * axes[3 * c] + axes[3 * r + 1] * axes[3 * c + 1] + axes[3 * r + 2] * axes[3 * c + 2];
  }

  // Poses what is ridden: `maps` are stage-from-rest then. face: shape -> weight. mats: 12 numbers a bone, rows.
  pose(face, mats) {
    const { rest, posed, joints, weights, alone } = this;
    posed.set(rest);
    for (const { name, vertices, offsets } of this.shapes) {
      const w = face[name];
      if (!w) continue;
      for (let k = 0, o = 0; k < vertices.length; k++, o += 3) {
        const at = vertices[k];
        posed[at] += w * offsets[o];
        posed[at + 1] += w * offsets[o + 1];
        posed[at + 2] += w * offsets[o + 2];
      }
    }
    for (let v = 0, at = 0; v < alone.length; v++, at += 3) {
      const x = posed[at], y = posed[at + 1], z = posed[at + 2];
      if (alone[v] >= 0) {
        const m = 12 * alone[v];
        posed[at] = mats[m] * x + mats[m + 1] * y + mats[m + 2] * z + mats[m + 3];
        posed[at + 1] = mats[m + 4] * x + mats[m + 5] * y + mats[m + 6] * z + mats[m + 7];
        posed[at + 2] = mats[m + 8] * x + mats[m + 9] * y + mats[m + 10] * z + mats[m + 11];
        continue;
      }
      let px = 0, py = 0, pz = 0;
      for (let k = 4 * v; k < 4 * v + 4; k++) {
        const w = weights[k], m = 12 * joints[k];
        if (w === 0) continue;
        px += w * (mats[m] * x + mats[m + 1] * y + mats[m + 2] * z + mats[m + 3]);
        py += w * (mats[m + 4] * x + mats[m + 5] * y + mats[m + 6] * z + mats[m + 7]);
        pz += w * (mats[m + 8] * x + mats[m + 9] * y + mats[m + 10] * z + mats[m + 11]);
      }
      posed[at] = px;
      posed[at + 1] = py;
      posed[at + 2] = pz;
    }
    this.#frames(mats);
  }

  #frames(mats) {
    const { rest, posed, corners, inverse, maps } = this;
    for (let t = 0, at = 0, i = 0, k = 0; k < corners.length; t++, at += 12, i += 9, k += 3) {
      if (corners[k] < 0) {
        for (let j = 0; j < 12; j++) maps[at + j] = mats[12 * corners[k + 1] + j];
        continue;
      }
      const a = 3 * corners[k], b = 3 * corners[k + 1], c = 3 * corners[k + 2];
      const e0 = posed[b] - posed[a], e1 = posed[b + 1] - posed[a + 1], e2 = posed[b + 2] - posed[a + 2];
      const f0 = posed[c] - posed[a], f1 = posed[c + 1] - posed[a + 1], f2 = posed[c + 2] - posed[a + 2];
      let n0 = e1 * f2 - e2 * f1, n1 = e2 * f0 - e0 * f2, n2 = e0 * f1 - e1 * f0;
      const scale = 1 / Math.max(Math.sqrt(n0 * n0 + n1 * n1 + n2 * n2), 1e-12);
      n0 *= scale;
      n1 *= scale;
      n2 *= scale;
      for (let col = 0; col < 3; col++) {
        const p = inverse[i + col], q = inverse[i + 3 + col], r = inverse[i + 6 + col];
        maps[at + col] = e0 * p + f0 * q + n0 * r;
        maps[at + 4 + col] = e1 * p + f1 * q + n1 * r;
        maps[at + 8 + col] = e2 * p + f2 * q + n2 * r;
      }
      const x = rest[a], y = rest[a + 1], z = rest[a + 2];
      maps[at + 3] = posed[a] - maps[at] * x - maps[at + 1] * y - maps[at + 2] * z;
      maps[at + 7] = posed[a + 1] - maps[at + 4] * x - maps[at + 5] * y - maps[at + 6] * z;
      maps[at + 11] = posed[a + 2] - maps[at + 8] * x - maps[at + 9] * y - maps[at + 10] * z;
    }
  }

  // Sorts, farthest first; returns how many stand before the lens. back: (x, y, z, w), how far behind a place of the
  // stage is from the lens. sway: 12 numbers, rows of what hair that hangs free follows.
  sort(back, sway) {
    const { count, place, carrier, loose, maps, depth, keys, order, slots } = this;
    let low = Infinity, high = -Infinity;
    const [bx, by, bz, bw] = back;
    for (let i = 0, at = 0; i < count; i++, at += 3) {
      const m = 12 * carrier[i], x = place[at], y = place[at + 1], z = place[at + 2], s = loose[i];
      let px = maps[m] * x + maps[m + 1] * y + maps[m + 2] * z + maps[m + 3];
      let py = maps[m + 4] * x + maps[m + 5] * y + maps[m + 6] * z + maps[m + 7];
      let pz = maps[m + 8] * x + maps[m + 9] * y + maps[m + 10] * z + maps[m + 11];
      if (s > 0) {
        const qx = px + s * (sway[0] * px + sway[1] * py + sway[2] * pz + sway[3]);
        const qy = py + s * (sway[4] * px + sway[5] * py + sway[6] * pz + sway[7]);
        pz += s * (sway[8] * px + sway[9] * py + sway[10] * pz + sway[11]);
        px = qx;
        py = qy;
      }
      const away = bx * px + by * py + bz * pz + bw;
      depth[i] = away;
      if (away < NEAREST_M) continue;
      if (away < low) low = away;
      if (away > high) high = away;
    }
    const scale = 65535 / Math.max(high - low, 1e-6);
    slots.fill(0);
    let shown = 0;
    for (let i = 0; i < count; i++) {
      if (depth[i] < NEAREST_M) continue;
      keys[i] = (high - depth[i]) * scale;
      slots[keys[i] + 1]++;
      shown++;
    }
    for (let k = 0; k < 65536; k++) slots[k + 1] += slots[k];
    for (let i = 0; i < count; i++) if (depth[i] >= NEAREST_M) order[slots[keys[i]]++] = i;
    return shown;
  }
}
