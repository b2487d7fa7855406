// A row of all channels -> where the bones of a body stand (render/posing.py, hub/body.py), and hair that follows late
// (render/sway.py). Plain numbers; a matrix is 12 of them, rows.
const NECK_SHARE = 0.4, LIFT_M = 0.005, TILT_RAD = 0.022, SHOULDER_RAD = 0.045;
const JOINTS = ["hips", "spine", "chest", "upperChest", "neck", "leftShoulder", "leftUpperArm", "leftLowerArm", "leftHand",
  "rightShoulder", "rightUpperArm", "rightLowerArm", "rightHand"];
const HEAD = ["head.pitch", "head.yaw", "head.roll", "head.x", "head.y", "head.z"];
const FREQUENCY_HZ = 1.7, DAMPING = 0.42, STEP_S = 1 / 240, MOST = [0.16, 0.16, 0.16, 0.02, 0.02, 0.02], FORGOTTEN_S = 0.5;
const STILL = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

// A turn and a shift, one after the other: a @ b.
export function after(a, b) {
  const out = new Array(12);
  for (let r = 0; r < 12; r += 4) {
    for (let c = 0; c < 4; c++) out[r + c] = a[r] * b[c] + a[r + 1] * b[4 + c] + a[r + 2] * b[8 + c] + (c === 3 ? a[r + 3] : 0);
  }
  return out;
}

// Ry(yaw) Rx(pitch) Rz(roll)
export function angles(pitch, yaw, roll) {
  const cp = Math.cos(pitch), sp = Math.sin(pitch), cy = Math.cos(yaw), sy = Math.sin(yaw), cr = Math.cos(roll), sr = Math.sin(roll);
  return [cy * cr + sy * sp * sr, sy * sp * cr - cy * sr, sy * cp, 0, cp * sr, cp * cr, -sp, 0,
    cy * sp * sr - sy * cr, sy * sr + cy * sp * cr, cy * cp, 0];
}

// of a rotation vector
function turned(x, y, z) {
  const angle = Math.hypot(x, y, z);
  if (angle < 1e-9) return STILL.slice();
  const s = Math.sin(angle), c = 1 - Math.cos(angle);
  [x, y, z] = [x / angle, y / angle, z / angle];
  return [1 - c * (y * y + z * z), c * x * y - s * z, c * x * z + s * y, 0, c * x * y + s * z, 1 - c * (x * x + z * z), c * y * z - s * x, 0,
    c * x * z - s * y, c * y * z + s * x, 1 - c * (x * x + y * y), 0];
}

function shifted(m, x, y, z) {
  m[3] = x;
  m[7] = y;
  m[11] = z;
  return m;
}

export class Bones {
  // bones: [{name, parent, origin}], parents first. channels: names of the columns of a row. stand: shift to the stage.
  constructor(bones, channels, stand) {
    const at = Object.fromEntries(channels.map((name, i) => [name, i]));
    Object.assign(this, { bones, stand, at, mats: new Float32Array(12 * bones.length), swing: null });
    this.shapes = channels.map((name, i) => [name, i]).filter(([name]) => name.startsWith("face.")).map(([name, i]) => [name.slice(5), i]);
    this.head = HEAD.map((name) => at[name]);
    this.eyes = [["leftEye", at["leftEye.pitch"], at["leftEye.yaw"]], ["rightEye", at["rightEye.pitch"], at["rightEye.yaw"]]];
    this.breath = at.breath;
    this.blood = at.flush;
    this.tears = at.tears;
    this.vectors = JOINTS.map((name) => [name, at[`${name}.x`], at[`${name}.y`], at[`${name}.z`]]);
    this.number = Object.fromEntries(bones.map((bone, i) => [bone.name, i]));
  }

  // Returns the 52 weights of a row as {shape: weight}.
  face(row) {
    const worn = {};
    for (const [name, i] of this.shapes) worn[name] = row[i];
    return worn;
  }

  // Fills `mats`, stage-from-rest of every bone.
  turn(row) {
    const turns = this.#turns(row), posed = [];
    this.bones.forEach(({ name, parent, origin: [x, y, z] }, i) => {
      const m = turns[name] ?? STILL, about = m.slice();
      for (let r = 0, o = [x, y, z]; r < 3; r++) about[4 * r + 3] = m[4 * r + 3] + o[r] - m[4 * r] * x - m[4 * r + 1] * y - m[4 * r + 2] * z;
      posed[i] = after(parent >= 0 ? posed[parent] : shifted(STILL.slice(), ...this.stand), about);
      this.mats.set(posed[i], 12 * i);
    });
    return this.mats;
  }

  #turns(row) {
    const breath = row[this.breath], [pitch, yaw, roll, x, y, z] = this.head.map((i) => row[i]), left = 1 - NECK_SHARE, turns = {};
    for (const [name, a, b, c] of this.vectors) {
      let m = turned(row[a], row[b], row[c]);
      const lift = (name.startsWith("left") ? 1 : -1) * SHOULDER_RAD * breath;
      if (name === "upperChest") m = shifted(after(m, turned(-TILT_RAD * breath, 0, 0)), 0, LIFT_M * breath, 0);
      else if (name.endsWith("Shoulder")) m = after(turned(0, 0, lift), m);
      else if (name.endsWith("UpperArm")) m = after(turned(0, 0, -lift), m);
      else if (name === "neck")
        m = shifted(after(m, angles(NECK_SHARE * pitch + TILT_RAD * breath, NECK_SHARE * yaw, NECK_SHARE * roll)), NECK_SHARE * x, NECK_SHARE * y, NECK_SHARE * z);
      turns[name] = m;
    }
    turns.head = shifted(angles(left * pitch, left * yaw, left * roll), left * x, left * y, left * z);
    for (const [name, a, b] of this.eyes) turns[name] = angles(row[a], row[b], 0);
    return turns;
  }

  // Returns the 12 numbers of what hair that hangs free adds to where it is; after `turn`. second: null at rest.
  sway(row, second) {
    const head = this.head.map((i) => row[i]), s = this.swing, gone = second === null || !s ? -1 : second - s.second;
    if (!(gone >= 0 && gone <= FORGOTTEN_S)) this.swing = { second: second ?? Infinity, goal: head, at: [...head], speed: [0, 0, 0, 0, 0, 0] };
    else {
      const steps = gone > 0 ? Math.max(1, Math.round(gone / STEP_S)) : 0, dt = gone / Math.max(steps, 1), omega = 2 * Math.PI * FREQUENCY_HZ;
      for (let number = 1; number <= steps; number++) {
        for (let c = 0; c < 6; c++) {
          const goal = s.goal[c] + (head[c] - s.goal[c]) * (number / steps);
          // implicit in both, so that no step size makes it ring
          s.speed[c] = (s.speed[c] + dt * omega ** 2 * (goal - s.at[c])) / (1 + 2 * DAMPING * omega * dt + (omega * dt) ** 2);
          s.at[c] += dt * s.speed[c];
        }
      }
      Object.assign(s, { second, goal: head });
    }
    const lag = this.swing.at.map((x, c) => Math.max(-MOST[c], Math.min(MOST[c], x - head[c])));
    if (this.number.head === undefined || lag.every((x) => x === 0)) return new Array(12).fill(0);
    const place = [...this.mats.subarray(12 * this.number.head, 12 * this.number.head + 12)], o = this.bones[this.number.head].origin;
    const back = angles(lag[0], lag[1], lag[2]);
    for (let r = 0; r < 3; r++) back[4 * r + 3] = o[r] + lag[3 + r] - back[4 * r] * o[0] - back[4 * r + 1] * o[1] - back[4 * r + 2] * o[2];
    const t = [3, 7, 11].map((i) => place[i]), away = [0, 4, 8, 0, 1, 5, 9, 0, 2, 6, 10, 0].map((i, k) => (k % 4 === 3 ? 0 : place[i]));
    for (let r = 0; r < 3; r++) away[4 * r + 3] = -(away[4 * r] * t[0] + away[4 * r + 1] * t[1] + away[4 * r + 2] * t[2]);
    return after(after(place, back), away).map((x, i) => x - STILL[i]);
  }
}
