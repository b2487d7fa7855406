// A row of all channels -> the joints of the body: render/posing.py.
const NECK_SHARE = 0.4, LIFT_M = 0.005, TILT_RAD = 0.022, SHOULDER_RAD = 0.045;
const JOINTS = ["hips", "spine", "chest", "upperChest", "neck", "leftShoulder", "leftUpperArm", "leftLowerArm", "leftHand",
  "rightShoulder", "rightUpperArm", "rightLowerArm", "rightHand"];
const HEAD = ["head.pitch", "head.yaw", "head.roll", "head.x", "head.y", "head.z"];

export class Posing {
  // channels: names of the columns of a row. parts: objects of the body by name, as they stand at rest.
  constructor(THREE, parts, channels) {
    this.THREE = THREE;
    const at = Object.fromEntries(channels.map((name, i) => [name, i]));
    this.shapes = channels.map((name, i) => [name, i]).filter(([name]) => name.startsWith("face.")).map(([name, i]) => [name.slice(5), i]);
    this.head = HEAD.map((name) => at[name]);
    this.eyes = [["leftEye", at["leftEye.pitch"], at["leftEye.yaw"]], ["rightEye", at["rightEye.pitch"], at["rightEye.yaw"]]];
    this.breath = at.breath;
    this.blood = at.flush;
    this.tears = at.tears;
    this.vectors = JOINTS.map((name) => [name, at[`${name}.x`], at[`${name}.y`], at[`${name}.z`]]);
    this.rest = {};
    for (const name of [...JOINTS, "head", "leftEye", "rightEye"]) {
      const part = parts[name];
      if (!part) continue;
      // a turn is in the axes of the model; a joint may have axes of its own
      const model = new THREE.Quaternion();
      part.parent.getWorldQuaternion(model);
      this.rest[name] = { part, turn: part.quaternion.clone(), place: part.position.clone(), model, back: model.clone().invert() };
    }
    this.q = new THREE.Quaternion();
    this.r = new THREE.Quaternion();
    this.v = new THREE.Vector3();
    this.e = new THREE.Euler();
  }

  // Returns the 52 weights of a row as {shape: weight}.
  face(row) {
    const worn = {};
    for (const [name, i] of this.shapes) worn[name] = row[i];
    return worn;
  }

  turn(row) {
    const breath = row[this.breath], [pitch, yaw, roll, x, y, z] = this.head.map((i) => row[i]);
    for (const [name, a, b, c] of this.vectors) {
      if (!this.rest[name]) continue;
      const q = this.#vector(this.q, row[a], row[b], row[c]), side = name.startsWith("left") ? 1 : -1;
      let shift = null;
      if (name === "upperChest") {
        q.multiply(this.#vector(this.r, -TILT_RAD * breath, 0, 0));
        shift = this.v.set(0, LIFT_M * breath, 0);
      } else if (name.endsWith("Shoulder")) {
        q.premultiply(this.#vector(this.r, 0, 0, side * SHOULDER_RAD * breath));
      } else if (name.endsWith("UpperArm")) {
        q.premultiply(this.#vector(this.r, 0, 0, -side * SHOULDER_RAD * breath));
      } else if (name === "neck") {
        q.multiply(this.#angles(this.r, NECK_SHARE * pitch + TILT_RAD * breath, NECK_SHARE * yaw, NECK_SHARE * roll));
        shift = this.v.set(x, y, z).multiplyScalar(NECK_SHARE);
      }
      this.#set(name, q, shift);
    }
    const left = 1 - NECK_SHARE;
    this.#set("head", this.#angles(this.q, left * pitch, left * yaw, left * roll), this.v.set(x, y, z).multiplyScalar(left));
    for (const [name, a, b] of this.eyes) this.#set(name, this.#angles(this.q, row[a], row[b], 0), null);
  }

  #set(name, q, shift) {
    const rest = this.rest[name];
    if (!rest) return;
    rest.part.quaternion.copy(q).premultiply(rest.back).multiply(rest.model).multiply(rest.turn);
    rest.part.position.copy(rest.place);
    if (shift) rest.part.position.add(shift.applyQuaternion(rest.back));
  }

  #vector(q, x, y, z) {
    const angle = Math.sqrt(x * x + y * y + z * z), s = angle < 1e-9 ? 0.5 : Math.sin(angle / 2) / angle;
    return q.set(x * s, y * s, z * s, Math.cos(angle / 2));
  }

  // pitch, yaw, roll: Ry Rx Rz
  #angles(q, pitch, yaw, roll) {
    return q.setFromEuler(this.e.set(pitch, yaw, roll, "YXZ"));
  }
}
