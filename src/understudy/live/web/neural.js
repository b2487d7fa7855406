// The neural look of a talk: the actor as Gaussians on a clear canvas over the picture of the set. It needs neither her
// body nor three.js, and stands in the page where Stage does (stage.js).
import { Bones } from "../../exchange/web/bones.js";
import { Gaussians } from "../../exchange/web/gaussians.js";
import { byProcessor } from "./look.js";
import { Quality } from "./quality.js";

export { Presence } from "./presence.js";

// How much wider than high a picture must be before the frame of the films fits into it.
const TALL = 0.62;
const DEGREE = 3;   // radians of head and gaze are made as large as weights: render/splat/drivers.py

export class Neural {
  // given: {neural, plates, place, frame, channels}. coming: the avatar, a Response. Raises Error where it cannot be drawn.
  static async open(canvas, given, coming) {
    const came = await coming;
    if (!came.ok) throw new Error(`the server did not give her avatar (${came.status})`);
    const buffer = await came.arrayBuffer();
    const gl = canvas.getContext("webgl2", { alpha: true, premultipliedAlpha: true, antialias: false, depth: false, powerPreference: "high-performance" });
    if (!gl) throw new Error("this browser has no WebGL 2");
    const info = gl.getExtension("WEBGL_debug_renderer_info");
    return new Neural(canvas, given, gl, buffer, byProcessor(info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : ""));
  }

  constructor(canvas, given, gl, buffer, slow) {
    Object.assign(this, { canvas, given, gl, aside: 0, wanted: 0, fence: null, size: "" });
    this.gaussians = new Gaussians(gl, buffer, given.neural);
    this.posing = new Bones(this.gaussians.cloud.bones, given.channels, given.neural.stand);
    this.quality = new Quality({ parts: {} }, slow ? 2 : 0);
    const [r, g, b] = given.place.backdrop.middle;
    canvas.style.background = `rgb(${[r, g, b].map((x) => Math.round(255 * x ** (1 / 2.2))).join()}) center / cover no-repeat`;
  }

  // The lens follows the window: the frame of a medium close-up, eyes on the upper third; a tall window sees more below.
  #lay() {
    const width = innerWidth, height = innerHeight, { frame, plates } = this.given, aspect = width / height;
    const scale = Math.min(devicePixelRatio, 2) * this.quality.scale;
    const w = Math.max(1, Math.round(width * scale)), h = Math.max(1, Math.round(height * scale));
    const size = `${w}x${h}x${width}x${this.aside.toFixed(4)}`;
    if (size === this.size) return;
    this.size = size;
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    const tall = Math.max(1, TALL / aspect), s = frame.distance_m;
    this.height_m = frame.height_m * tall;
    const half = this.height_m / 2, up = frame.eye_line - 0.5 + (tall > 1 ? frame.lift : 0);
    this.lens = { view: [1, 0, 0, 0, 1, 0, 0, 0, 1], shift: [0, 0, -s], place: [0, 0, s],
      focus: [s / half * h / 2, s / half * h / 2, w / 2 * (1 - this.aside), h / 2 * (1 - 2 * up)] };
    const plate = plates[aspect >= 1 ? "wide" : "tall"];
    if (plate) this.canvas.style.backgroundImage = `url("${plate}")`;
    this.canvas.style.backgroundPosition = `${50 + 20 * this.aside}% 50%`;
  }

  // aside: share of half the width by which she stands to the left of the middle
  stand(aside) {
    this.wanted = aside;
  }

  // Draws a row of all channels. second: when this is, for hair that swings; null at rest.
  draw(row, second) {
    const { gl, posing } = this;
    this.aside += (this.wanted - this.aside) * 0.12;
    if (Math.abs(this.wanted - this.aside) < 1e-3) this.aside = this.wanted;
    this.#lay();
    const face = posing.face(row), mats = posing.turn(row);
    this.gaussians.pose(face, mats, posing.sway(row, second), { ...face, ...this.#drives(row) });
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.gaussians.draw(this.lens, [this.canvas.width, this.canvas.height]);
    if (this.fence) gl.deleteSync(this.fence);
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  #drives(row) {
    const { posing } = this, [headPitch, headYaw, headRoll] = posing.head.map((i) => DEGREE * row[i]);
    const [[, lp, ly], [, rp, ry]] = posing.eyes;
    return { headPitch, headYaw, headRoll, leftGazePitch: DEGREE * row[lp], leftGazeYaw: DEGREE * row[ly],
      rightGazePitch: DEGREE * row[rp], rightGazeYaw: DEGREE * row[ry], flush: row[posing.blood], tears: row[posing.tears] };
  }

  // Whether the browser took the graphics away.
  get lost() {
    return this.gl.isContextLost();
  }

  // Lets go of all that the graphics hold.
  free() {
    if (this.fence) this.gl.deleteSync(this.fence);
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  // Whether the last picture is still being drawn: another one would only wait behind it, and the page with it.
  get busy() {
    return !!this.fence && this.gl.getSyncParameter(this.fence, this.gl.SYNC_STATUS) === this.gl.UNSIGNALED;
  }
}
