// What hangs free follows the head late and swings past it a little: render/sway.py, for turns of the head alone.
const FREQUENCY_HZ = 1.7, DAMPING = 0.42, STEP_S = 1 / 240, MOST = 0.16, FORGOTTEN_S = 0.5;

export class Swing {
  constructor(THREE, head) {
    Object.assign(this, { THREE, head, second: null, at: [0, 0, 0], speed: [0, 0, 0], goal: [0, 0, 0] });
  }

  // Moves the spring on to an instant (none: at rest) and tells the hair how far its head has left it behind.
  sway(hair, head, second) {
    const gone = second - this.second;
    if (second === null || this.second === null || !(gone >= 0 && gone <= FORGOTTEN_S)) {
      this.at = [...head];
      this.speed = [0, 0, 0];
    } else {
      const steps = Math.max(1, Math.round(gone / STEP_S)), dt = gone / steps, omega = 2 * Math.PI * FREQUENCY_HZ;
      for (let number = 1; number <= steps; number++) {
        for (let c = 0; c < 3; c++) {
          const goal = this.goal[c] + (head[c] - this.goal[c]) * (number / steps);
          // implicit in both, so that no step size makes it ring
          this.speed[c] = (this.speed[c] + dt * omega ** 2 * (goal - this.at[c])) / (1 + 2 * DAMPING * omega * dt + (omega * dt) ** 2);
          this.at[c] += dt * this.speed[c];
        }
      }
    }
    this.second = second;
    this.goal = [...head];
    const { Matrix4, Euler } = this.THREE;
    const lag = this.at.map((x, c) => Math.max(-MOST, Math.min(MOST, x - head[c])));
    this.head.updateWorldMatrix(true, false);
    const place = this.head.matrixWorld;  // the joint's own axes are the stage's at rest
    const back = new Matrix4().multiplyMatrices(place, new Matrix4().makeRotationFromEuler(new Euler(...lag, "YXZ"))).multiply(place.clone().invert());
    const whole = new Matrix4();
    back.elements.forEach((x, i) => { whole.elements[i] = x - (i % 5 === 0 ? 1 : 0); });
    for (const one of hair) if (one.guides.name === "hair") one.uniforms.sway.value.copy(whole);
  }
}
