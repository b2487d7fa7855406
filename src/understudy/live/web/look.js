// Who draws her: this browser, or the server where there is no graphics card. ?look=browser|server|neural says so at once;
// neural: this browser, as Gaussians.
const SLOW_FPS = 8, SLOW_S = 3;

// Returns "browser" or "server", before anything is loaded.
export function lookAtFirst(search = location.search) {
  const wanted = new URLSearchParams(search).get("look");
  if (wanted === "browser" || wanted === "server") return wanted;
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return "server";
  if (wanted === "neural") {
    gl.getExtension("WEBGL_lose_context")?.loseContext();
    return "browser";
  }
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return byProcessor(name) ? "server" : "browser";
}

// Whether a renderer of this name draws with the processor.
export const byProcessor = (name) => /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);

// Notices that drawing here goes too slowly, however coarsely it is done.
export class Patience {
  constructor() {
    this.since = null;
    this.frames = 0;
  }

  // A frame was drawn at a second. coarsest: whether it cannot be drawn more coarsely. Returns whether that is too slow.
  over(second, coarsest) {
    if (!coarsest || this.since === null) {
      this.since = second;
      this.frames = 0;
      return false;
    }
    this.frames++;
    const taken = second - this.since;
    if (taken < SLOW_S) return false;
    const slow = this.frames / taken < SLOW_FPS;
    this.since = second;
    this.frames = 0;
    return slow;
  }
}
