// A few faces to choose from, and what a person does who waits: blinks, breath, small turns of the head, eye contact.
const both = (name, weight) => ({ [name + "Left"]: weight, [name + "Right"]: weight });
export const FACES = {
  rest: {},
  smile: { ...both("mouthSmile", 0.6), ...both("cheekSquint", 0.4), ...both("eyeSquint", 0.15) },
  laugh: { ...both("mouthSmile", 0.8), ...both("cheekSquint", 0.6), ...both("mouthUpperUp", 0.4), jawOpen: 0.25, ...both("eyeSquint", 0.3) },
  anger: { ...both("browDown", 0.9), ...both("eyeSquint", 0.35), ...both("noseSneer", 0.35), ...both("mouthPress", 0.4) },
  sadness: { browInnerUp: 0.8, ...both("mouthFrown", 0.5), mouthShrugLower: 0.3 },
  surprise: { browInnerUp: 0.8, ...both("browOuterUp", 0.8), ...both("eyeWide", 0.6), jawOpen: 0.22 },
  "say O": { jawOpen: 0.25, mouthFunnel: 0.5, mouthPucker: 0.3 },
};

export class Idle {
  constructor() {
    this.worn = {};
    this.nextBlink = 1.5;
    this.last = 0;
  }

  at(time, wanted, eye) {
    const step = Math.min(1, Math.max(0, time - this.last) * 6);
    this.last = time;
    for (const key of new Set([...Object.keys(this.worn), ...Object.keys(wanted)]))
      this.worn[key] = (this.worn[key] ?? 0) + step * ((wanted[key] ?? 0) - (this.worn[key] ?? 0));
    if (time > this.nextBlink + 0.28) this.nextBlink = time + 1.5 + 4 * Math.random();
    const since = time - this.nextBlink;
    const lid = since < 0 ? 0 : since < 0.09 ? since / 0.09 : Math.max(0, 1 - (since - 0.09) / 0.17);
    const face = { ...this.worn, ...both("eyeBlink", lid) };
    const head = [0.012 * Math.sin(time * 0.71), 0.03 * Math.sin(time * 0.43), 0.012 * Math.sin(time * 0.57)];
    const yaw = Math.atan2(eye.x, eye.z), pitch = -Math.atan2(eye.y, Math.hypot(eye.x, eye.z));
    const clamp = (v, m) => Math.max(-m, Math.min(m, v));
    head[1] += clamp(yaw, 0.5) * 0.35;
    const gaze = [clamp(pitch - head[0], 0.3), clamp(yaw - head[1], 0.5)];
    face.eyeLookDownLeft = face.eyeLookDownRight = clamp(gaze[0] / 0.35, 1) > 0 ? gaze[0] / 0.35 : 0;
    face.eyeLookUpLeft = face.eyeLookUpRight = gaze[0] < 0 ? -gaze[0] / 0.31 : 0;
    return { face, head, gaze };
  }
}
