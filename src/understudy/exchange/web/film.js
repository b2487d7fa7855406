// The neural look on the page of an actor: the Gaussians of the avatar on a clear canvas over the set, seen from where
// the camera of three.js stands.
import { Bones } from "./bones.js";
import { Gaussians } from "./gaussians.js";

const DEGREE = 3;   // radians of head and gaze are made as large as weights: render/splat/drivers.py
const TURNS = ["head.pitch", "head.yaw", "head.roll"], EYES = ["leftEye", "rightEye"];

export class Film {
  // buffer: the avatar (render/splat/afar.py). told: {setting, channels}. Throws Error where it cannot be drawn.
  constructor(buffer, { setting, channels }) {
    this.canvas = document.createElement("canvas");
    this.canvas.id = "film";
    Object.assign(this.canvas.style, { position: "fixed", inset: "0", width: "100%", height: "100%", pointerEvents: "none" });
    const gl = this.canvas.getContext("webgl2",
      { alpha: true, premultipliedAlpha: true, antialias: false, depth: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error("this browser has no WebGL 2");
    this.gl = gl;
    this.gaussians = new Gaussians(gl, buffer, setting);
    this.bones = new Bones(this.gaussians.cloud.bones, channels, setting.stand);
    this.at = Object.fromEntries(channels.map((name, i) => [name, i]));
    this.row = new Float32Array(channels.length);
    // three.js has the middle between the eyes at the origin
    this.eyes = setting.eyes.map((x, i) => x + setting.stand[i]);
  }

  // Draws a face, [pitch, yaw, roll] of the head and [pitch, yaw] of the eyes. size: of the picture in pixels.
  draw(face, head, gaze, second, camera, size) {
    const { gl, canvas, row, at, bones } = this;
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    row.fill(0);
    for (const [name, weight] of Object.entries(face)) if (`face.${name}` in at) row[at[`face.${name}`]] = weight;
    TURNS.forEach((name, i) => { row[at[name]] = head[i]; });
    for (const eye of EYES) [row[at[`${eye}.pitch`]], row[at[`${eye}.yaw`]]] = gaze;
    const [pitch, yaw, roll] = head.map((x) => DEGREE * x), [up, aside] = gaze.map((x) => DEGREE * x);
    const drives = { headPitch: pitch, headYaw: yaw, headRoll: roll, leftGazePitch: up, leftGazeYaw: aside, rightGazePitch: up,
      rightGazeYaw: aside, flush: 0, tears: 0 };
    const mats = bones.turn(row);
    this.gaussians.pose(face, mats, bones.sway(row, second), { ...bones.face(row), ...drives });
    camera.updateMatrixWorld();
    const e = camera.matrixWorldInverse.elements, p = camera.position, [x, y, z] = this.eyes;
    const view = [e[0], e[4], e[8], e[1], e[5], e[9], e[2], e[6], e[10]];
    const shift = [0, 1, 2].map((r) => e[12 + r] - view[3 * r] * x - view[3 * r + 1] * y - view[3 * r + 2] * z);
    const focal = size[1] / 2 / Math.tan(camera.fov / 360 * Math.PI);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.gaussians.draw({ view, shift, place: [p.x + x, p.y + y, p.z + z], focus: [focal, focal, size[0] / 2, size[1] / 2] }, size);
  }
}
