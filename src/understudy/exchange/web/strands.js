// Hair grown from guides: a port of render/strands.py (children between guides) and render/threads.py (how they are
// drawn). Everything follows from the groom and its seed; what it costs follows from how large the head is.
const CLUMP = 9, BESIDE = 12, MIXED = 6, HAIRS = 7, WHITE = [0.40, 0.39, 0.37];
export const SHORT_M = 0.05;
const FALL_M = 0.15, STEP_M = 0.027, SUNK_M = 0.0025, REACHED = 0.7, BELOW = 0.7;
// layers over each other; skin they grow on; least and most strands; share and breadth of the ribbons under them
const CUTS = {
  hair: { layers: 5.2, area: 0.055, least: 1500, most: 30000, coat: 0.22, breadth: 0.0085 },
  beard: { layers: 6.0, area: 0.012, least: 900, most: 14000, coat: 0, breadth: 0 },
};

export function random(seed) {
  let state = seed >>> 0;
  const draw = () => {  // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  draw.normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return draw;
}

// Math.hypot guards against overflow, which takes time and cannot happen here.
const length = (x, y, z) => Math.sqrt(x * x + y * y + z * z);
const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

function median(values) {
  return Float32Array.from(values).sort()[values.length >> 1] ?? 0;
}

// The guides of one entry of extras.understudy.grooms (exchange/page_hair.py), ready to grow from.
export class Guides {
  constructor(entry, views) {
    Object.assign(this, entry, { cut: CUTS[entry.name] });
    const n = this.count, grid = new Int16Array(views.points, 0, n * this.per * 3);
    this.at = new Float32Array(grid.length);
    for (let i = 0; i < grid.length; i++) this.at[i] = this.centre[i % 3] + this.extent * grid[i] / 32767;
    this.lock = new Uint32Array(views.lock);
    this.out = new Int8Array(views.out);
    for (const key of ["tone", "lit", "joints", "weights", "skin", "deep", "alone"]) this[key] = new Uint8Array(views[key]);
    this.corners = new Uint32Array(views.root);
    this.bary = new Uint16Array(views.bary);
    const long = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 1; j < this.per; j++) {
        const a = 3 * (i * this.per + j);
        long[i] += length(this.at[a] - this.at[a - 3], this.at[a + 1] - this.at[a - 2], this.at[a + 2] - this.at[a - 1]);
      }
    }
    this.long = long;
    this.typical = median(long);
    this.points = clamp(Math.round(this.typical / STEP_M * (1 + 1.2 * this.curl)) + 2, 4, this.per);
    this.#meet();
    // how likely a strand grows by each guide: the more, the more skin it has to itself
    this.odds = new Float32Array(n);
    let sum = 0;
    for (let i = 0; i < n; i++) this.odds[i] = sum += this.alone[i] ? 0 : this.reach[i];
  }

  // how many strands cover the head where a metre is so many pixels
  wanted(pxPerM) {
    const covered = this.cut.area * (1 + this.typical / FALL_M);
    return Math.round(clamp(this.cut.layers * covered * pxPerM / this.typical, this.cut.least,
      Math.min(this.cut.most, Math.max(this.children, this.cut.least))));
  }

  // the guide at a share of all skin
  by(share) {
    const wanted = share * this.odds[this.count - 1];
    let low = 0, high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.odds[middle] > wanted) high = middle; else low = middle + 1;
    }
    return low;
  }

  // the guides beside each, nearest first, itself at the head of them
  #meet() {
    const n = this.count, step = 3 * this.per, at = this.at, wide = Math.min(BESIDE + 1, n);
    this.beside = new Uint16Array(n * wide);
    this.wide = wide;
    this.reach = new Float32Array(n);
    const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => at[a * step] - at[b * step]);
    const ids = new Uint16Array(wide), far = new Float32Array(wide);
    for (let o = 0; o < n; o++) {
      const i = order[o], x = at[i * step], y = at[i * step + 1], z = at[i * step + 2];
      let known = 0;
      const offer = (j) => {
        const dx = at[j * step] - x, dy = at[j * step + 1] - y, dz = at[j * step + 2] - z, d = dx * dx + dy * dy + dz * dz;
        if (known < wide || d < far[wide - 1]) {
          let k = known < wide ? known++ : wide - 1;
          for (; k > 0 && far[k - 1] > d; k--) { far[k] = far[k - 1]; ids[k] = ids[k - 1]; }
          far[k] = d;
          ids[k] = j;
        }
        return dx * dx;
      };
      offer(i);
      // outwards from it along x, until nothing nearer can come
      for (let up = o + 1; up < n && !(offer(order[up]) > far[wide - 1] && known === wide); up++);
      for (let down = o - 1; down >= 0 && !(offer(order[down]) > far[wide - 1] && known === wide); down--);
      this.beside.set(ids, i * wide);
      this.reach[i] = Math.min(0.012, Math.sqrt(far[Math.min(3, wide - 1)]));
    }
  }

  // the place (x, y, z), what lies there and its number, of guide i at share t of its way
  index(i, t) {
    return i * this.per + Math.round(t * (this.per - 1));
  }

  place(i, t, into, to) {
    const f = t * (this.per - 1), low = Math.min(Math.floor(f), this.per - 2), part = f - low, a = 3 * (i * this.per + low);
    for (let c = 0; c < 3; c++) into[to + c] = this.at[a + c] * (1 - part) + this.at[a + 3 + c] * part;
  }
}

// Lines of k points, with what the shader of fibre.js reads at each.
class Sheet {
  constructor(lines, k) {
    Object.assign(this, { lines, k });
    const n = lines * k;
    this.at = new Float32Array(n * 3);
    for (const key of ["along", "outward"]) this[key] = new Int8Array(n * 4);
    for (const key of ["lit", "tint", "joints", "weights"]) this[key] = new Uint8Array(n * 4);
    this.root = new Float32Array(n);
  }
}

// Returns `wanted` strands as a Sheet. part: which batch this is; each grows others.
export function grow(guides, wanted, part) {
  const g = guides, k = g.points, draw = random(g.seed * 9973 + part * 7919 + 17), sheet = new Sheet(wanted, k);
  const at = sheet.at, first = new Uint16Array(wanted), ids = new Uint16Array(wanted * MIXED), share = new Float32Array(wanted * MIXED);
  const deep = new Float32Array(wanted), far = new Float32Array(MIXED), spot = new Float32Array(3);
  const shape = new Float32Array(g.count * k * 3);
  for (let i = 0; i < g.count; i++) for (let j = 0; j < k; j++) g.place(i, j / (k - 1), shape, 3 * (i * k + j));
  const led = new Map();
  const t8 = Float32Array.from({ length: k }, (_, j) => (j / (k - 1)) ** 0.8);
  for (let s = 0; s < wanted; s++) {
    const a = g.by(draw()), o = 4 * a * g.per;
    // a disc on the skin about the guide
    let nx = g.out[o] / 127, ny = g.out[o + 1] / 127, nz = g.out[o + 2] / 127;
    let ux = -nz, uz = nx, l = Math.sqrt(ux * ux + uz * uz) || 1;
    if (l < 0.05) { ux = 1; uz = 0; l = 1; }
    ux /= l; uz /= l;
    const vx = ny * uz, vy = nz * ux - nx * uz, vz = -ny * ux;
    const angle = 2 * Math.PI * draw(), radius = 0.85 * g.reach[a] * Math.sqrt(draw()), cu = radius * Math.cos(angle), cv = radius * Math.sin(angle);
    const r = 3 * a * k;
    spot[0] = shape[r] + ux * cu + vx * cv;
    spot[1] = shape[r + 1] + vy * cv;
    spot[2] = shape[r + 2] + uz * cu + vz * cv;
    // the nearest guides, and how much each gives
    let known = 0;
    const own = s * MIXED;
    for (let b = 0; b < g.wide; b++) {
      const j = g.beside[a * g.wide + b], q = 3 * j * k;
      const d = length(shape[q] - spot[0], shape[q + 1] - spot[1], shape[q + 2] - spot[2]);
      if (known === MIXED && d >= far[MIXED - 1]) continue;
      let m = known < MIXED ? known++ : MIXED - 1;
      for (; m > 0 && far[m - 1] > d; m--) { far[m] = far[m - 1]; ids[own + m] = ids[own + m - 1]; }
      far[m] = d;
      ids[own + m] = j;
    }
    first[s] = ids[own];
    let sum = 0;
    for (let m = 0; m < known; m++) {
      const same = g.lock[ids[own + m]] === g.lock[first[s]] ? 1 : 0;
      sum += share[own + m] = same * (0.4 + draw()) / (far[m] + 1e-3) ** 1.5;
    }
    let wx = draw.normal(), wy = draw.normal(), wz = draw.normal();
    const stray = g.spread * Math.sqrt(draw()) / (length(wx, wy, wz) || 1);
    wx *= stray; wy *= stray; wz *= stray;
    for (let m = 0; m < known; m++) {
      const w = (share[own + m] /= sum), q = 3 * ids[own + m] * k;
      if (!w) continue;
      for (let j = 0; j < 3 * k; j += 3) {
        const p = 3 * s * k + j;
        at[p] += w * (shape[q + j] - shape[q]);
        at[p + 1] += w * (shape[q + j + 1] - shape[q + 1]);
        at[p + 2] += w * (shape[q + j + 2] - shape[q + 2]);
      }
      deep[s] += w * g.deep[ids[own + m]] / 255;
    }
    for (let j = 0; j < k; j++) {
      const p = 3 * (s * k + j);
      at[p] += spot[0] + wx * t8[j];
      at[p + 1] += spot[1] + wy * t8[j];
      at[p + 2] += spot[2] + wz * t8[j];
    }
    const h = 4 * g.index(first[s], 0.5), lifted = (wx * g.out[h] + wy * g.out[h + 1] + wz * g.out[h + 2]) / 127;
    deep[s] = clamp(deep[s] - 0.35 * lifted / Math.max(g.spread, 1e-5), 0, 1);
    if (s % CLUMP === 0) (led.get(first[s]) ?? led.set(first[s], []).get(first[s])).push(s);
  }
  lean(g, sheet, first, led, draw);
  finish(g, sheet, first, ids, share, deep, draw);
  return sheet;
}

// Clumps: a strand leans on the nearest leader of its lock, the more the nearer the tip; one in twenty goes astray.
function lean(g, sheet, first, led, draw) {
  const { at, k, lines } = sheet;
  const bend = Float32Array.from({ length: k }, (_, j) => clamp((j / (k - 1) - 0.1) / 0.7, 0, 1) ** 1.5);
  for (let s = 0; s < lines; s++) {
    if (s % CLUMP === 0 || draw() < 0.05) continue;
    let leader = -1, least = Infinity;
    const p = 3 * s * k;
    for (let b = 0; b < Math.min(8, g.wide); b++) {
      const guide = g.beside[first[s] * g.wide + b];
      if (g.lock[guide] !== g.lock[first[s]]) continue;
      for (const other of led.get(guide) ?? []) {
        const q = 3 * other * k, d = length(at[q] - at[p], at[q + 1] - at[p + 1], at[q + 2] - at[p + 2]);
        if (d < least) { least = d; leader = q; }
      }
    }
    if (leader < 0) continue;
    const pull = 0.75 * (0.2 + 0.5 * draw());
    for (let j = 0; j < k; j++) {
      for (let c = 0; c < 3; c++) at[p + 3 * j + c] += pull * bend[j] * (at[leader + 3 * j + c] - at[p + 3 * j + c]);
    }
  }
}

// Lengths, frizz, and what lies at each point: direction, light, colour, joints.
function finish(g, sheet, first, ids, share, deep, draw) {
  const { at, k, lines } = sheet, line = new Float32Array(3 * k), tint = new Float32Array(3);
  for (let s = 0; s < lines; s++) {
    const p = 3 * s * k, long = 1 - 0.22 * draw() ** 2;
    line.set(at.subarray(p, p + 3 * k));
    const amount = g.frizz * (draw() < 0.033 ? 4 : 1) * (0.4 + 1.2 * draw() ** 2);
    const waves = [0, 0, 0].map(() => 2 * Math.PI * (1.5 + 3.5 * draw())), phases = [0, 0, 0].map(() => 2 * Math.PI * draw());
    for (let j = 0; j < k; j++) {
      const t = j / (k - 1), f = t * long * (k - 1), low = Math.min(Math.floor(f), k - 2), part = f - low;
      const rise = clamp(t / 0.25, 0, 1) * (0.5 + 0.5 * t) * amount;
      for (let c = 0; c < 3; c++)
        at[p + 3 * j + c] = line[3 * low + c] * (1 - part) + line[3 * low + 3 + c] * part + rise * Math.sin(waves[c] * t + phases[c]);
    }
    // lighter and darker strands, and grey ones among them: a line stands for several hairs
    const k1 = Math.exp(0.5 * (g.tone[first[s]] / 255 - 0.5) + 0.16 * draw.normal());
    let grey = 0;
    if (g.grey > 0) for (let h = 0; h < HAIRS; h++) grey += draw() < g.grey ? 1 / HAIRS : 0;
    const pale = 0.9 + 0.2 * draw();
    for (let c = 0; c < 3; c++) tint[c] = g.colour[c] * k1 * (1 - grey) + WHITE[c] * grey * pale;
    describe(g, sheet, s, first[s], ids.subarray(s * MIXED, s * MIXED + MIXED), share.subarray(s * MIXED, s * MIXED + MIXED), tint,
      (j) => 1 - 0.5 * deep[s] * (0.55 + 0.45 * j / (k - 1)), long);
  }
}

function put(into, at, x, y, z, w) {
  into[at] = x;
  into[at + 1] = y;
  into[at + 2] = z;
  into[at + 3] = w;
}

function describe(g, sheet, s, guide, ids, share, tint, shade, long) {
  const { at, k } = sheet, seed = (s * 0.61803399) % 1;
  for (let j = 0; j < k; j++) {
    const v = s * k + j, t = j / (k - 1), a = 3 * (v - (j > 0 ? 1 : 0)), b = 3 * (v + (j < k - 1 ? 1 : 0));
    const dx = at[b] - at[a], dy = at[b + 1] - at[a + 1], dz = at[b + 2] - at[a + 2], l = 127 / (length(dx, dy, dz) || 1);
    put(sheet.along, 4 * v, dx * l, dy * l, dz * l, 127 * t);
    const row = Math.round(t * long * (g.per - 1));
    let ox = 0, oy = 0, oz = 0, l0 = 0, l1 = 0, l2 = 0, l3 = 0;
    for (let m = 0; m < ids.length; m++) {
      const w = share[m];
      if (w < 0.003) continue;  // lost in eight bits
      const q = 4 * (ids[m] * g.per + row);
      ox += w * g.out[q]; oy += w * g.out[q + 1]; oz += w * g.out[q + 2];
      l0 += w * g.lit[q]; l1 += w * g.lit[q + 1]; l2 += w * g.lit[q + 2]; l3 += w * g.lit[q + 3];
    }
    put(sheet.outward, 4 * v, ox, oy, oz, 127 * seed);
    put(sheet.lit, 4 * v, l0, l1, l2, l3);
    for (let c = 0; c < 3; c++) {
      let value = Math.min(1, tint[c] * shade(j));
      // a strand is wider here than in life: at its root it takes on the skin
      if (j === 0) value = 0.45 * (g.skin[3 * guide + c] / 255) ** 2 + 0.55 * value;
      sheet.tint[4 * v + c] = 255 * Math.sqrt(value) + 0.5;
    }
    const q = 4 * (guide * g.per + row);
    for (let c = 0; c < 4; c++) {
      sheet.joints[4 * v + c] = g.joints[q + c];
      sheet.weights[4 * v + c] = g.weights[q + c];
    }
    sheet.root[v] = guide;
  }
}

// Broad dark ribbons along the innermost guides, somewhat shorter and deeper than the hair they carry: a Sheet of
// two lines each, left and right in turn; none for short hair, under which the skin is painted.
export function underCoat(guides) {
  const g = guides;
  if (g.typical <= SHORT_M || !g.cut.coat) return null;
  const draw = random(g.seed);
  const order = Array.from({ length: g.count }, (_, i) => [g.deep[i] / 255 - 0.6 * draw(), i]).sort((a, b) => b[0] - a[0]);
  const chosen = order.slice(0, Math.max(40, Math.round(g.cut.coat * g.count))).map((x) => x[1]).filter((i) => g.long[i] > 0.6 * SHORT_M);
  const k = clamp(g.per, 6, 14), sheet = new Sheet(2 * chosen.length, k), at = new Float32Array(3 * k), one = new Float32Array([1]);
  const tint = g.colour.map((c) => 0.8 * c);
  const half = (t) => g.cut.breadth / 2 * (t < 0.2 ? 0.2 + 4 * t : t < 0.6 ? 1 - 0.25 * (t - 0.2) : 0.9 - 1.375 * (t - 0.6));
  chosen.forEach((i, s) => {
    for (let j = 0; j < k; j++) g.place(i, 0.12 + REACHED * j / (k - 1), at, 3 * j);
    for (const right of [0, 1]) {
      for (let j = 0; j < k; j++) {
        const a = 3 * Math.max(0, j - 1), b = 3 * Math.min(k - 1, j + 1), q = 4 * g.index(i, 0.12 + REACHED * j / (k - 1));
        const d = [at[b] - at[a], at[b + 1] - at[a + 1], at[b + 2] - at[a + 2]], o = [g.out[q] / 127, g.out[q + 1] / 127, g.out[q + 2] / 127];
        const side = [d[1] * o[2] - d[2] * o[1], d[2] * o[0] - d[0] * o[2], d[0] * o[1] - d[1] * o[0]];
        const l = (right ? 1 : -1) * half(j / (k - 1)) / (length(side[0], side[1], side[2]) || 1), p = 3 * ((2 * s + right) * k + j);
        for (let c = 0; c < 3; c++) sheet.at[p + c] = at[3 * j + c] - SUNK_M * o[c] + side[c] * l;
      }
    }
    // both of one guide, with the same seed
    for (const right of [0, 1]) describe(g, sheet, 2 * s + right, i, [i], one, tint, () => 1, 0.12 + REACHED);
  });
  for (let i = 0; i < sheet.lit.length; i++) sheet.lit[i] *= BELOW;
  for (let v = 0; v < sheet.outward.length; v += 4) sheet.outward[v + 3] = 127 * ((Math.floor(v / 8 / k) * 0.61803399) % 1);
  return sheet;
}
