// The actor on the set, before the lens of the films, as large as the window, and as finely as the machine can.
import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { figureOf, rendererOf } from "../../exchange/web/figure.js";
import { byProcessor } from "./look.js";
import { Posing } from "./posing.js";
import { Quality } from "./quality.js";

export { Presence } from "./presence.js";

// How much wider than high a picture must be before the frame of the films fits into it.
const TALL = 0.62;

// Whether pictures are drawn by the processor, so that it is better to begin coarsely.
function slowly() {
  const gl = document.createElement("canvas").getContext("webgl2"), info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return byProcessor(name);
}

export class Stage {
  // given: {place, plates: {wide, tall}, frame, shapes, channels}. coming: her body, a Response. Raises Error without
  // WebGL 2.
  static async open(canvas, given, coming) {
    const glb = coming.then((r) => {
      if (!r.ok) throw new Error(`the server did not give her body (${r.status})`);
      return r.arrayBuffer();
    });
    const slow = slowly();
    const renderer = rendererOf(THREE, given.place, { canvas, antialias: !slow, powerPreference: "high-performance" });
    const scene = new THREE.Scene();
    const gltf = await new GLTFLoader().parseAsync(await glb, "");
    const figure = await figureOf(THREE, gltf, { renderer, scene, place: given.place, shapes: given.shapes, mirrored: slow ? 128 : 256 });
    return new Stage(given, renderer, scene, figure, slow);
  }

  constructor(given, renderer, scene, figure, slow) {
    Object.assign(this, { given, renderer, scene, figure, aside: 0, wanted: 0, drawn: 0, fence: null });
    scene.background = new THREE.Color(...given.place.backdrop.middle);
    this.plates = {};
    this.posing = new Posing(THREE, figure.parts, given.channels);
    this.camera = new THREE.PerspectiveCamera();
    this.camera.position.set(0, 0, given.frame.distance_m);
    this.quality = new Quality(figure, slow ? 2 : 0);
    this.size = "";
    this.lay();
  }

  // The lens follows the window: the frame of a medium close-up, eyes on the upper third; a tall window sees more below.
  lay() {
    const width = window.innerWidth, height = window.innerHeight, { frame } = this.given;
    const size = `${width}x${height}x${this.quality.scale}x${window.devicePixelRatio}x${this.aside.toFixed(4)}`;
    if (size === this.size) return;
    if (size.split("x").slice(0, 4).join() !== this.size.split("x").slice(0, 4).join()) {
      this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2) * this.quality.scale);
      this.renderer.setSize(width, height);
    }
    this.size = size;
    const tall = Math.max(1, TALL * height / width);
    this.height_m = frame.height_m * tall;
    const near = 0.3, far = 12, s = frame.distance_m, h = this.height_m / 2, w = h * width / height;
    const up = frame.eye_line - 0.5 + (tall > 1 ? frame.lift : 0);
    this.camera.projectionMatrix.set(s / w, 0, this.aside, 0, 0, s / h, 2 * up, 0,
      0, 0, -(far + near) / (far - near), -2 * far * near / (far - near), 0, 0, -1, 0);
    this.camera.projectionMatrixInverse.copy(this.camera.projectionMatrix).invert();
    this.#hang(width / height);
  }

  // The set behind her, painted for a wide and for a tall window; what does not fit is cut off at both sides.
  #hang(aspect) {
    const kind = aspect >= 1 ? "wide" : "tall", url = this.given.plates[kind];
    if (!url) return;
    const cover = (plate) => {
      const own = plate.image.width / plate.image.height, x = Math.min(1, aspect / own), y = Math.min(1, own / aspect);
      plate.repeat.set(x, y);
      plate.offset.set((1 - x) / 2 * (1 + this.aside * 0.4), (1 - y) / 2);
      plate.updateMatrix();
      this.scene.background = plate;
    };
    if (this.plates[kind]) return cover(this.plates[kind]);
    new THREE.TextureLoader().load(url, (plate) => {
      plate.colorSpace = THREE.SRGBColorSpace;
      plate.matrixAutoUpdate = false;
      this.plates[kind] = plate;
      this.size = "";
    });
  }

  // Lets go of all that the graphics hold.
  free() {
    if (this.fence) this.renderer.getContext().deleteSync(this.fence);
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  // aside: share of half the width by which she stands to the left of the middle
  stand(aside) {
    this.wanted = aside;
  }

  // Draws a row of all channels. second: when this is, for hair that swings; null at rest.
  draw(row, second) {
    const { posing, figure } = this;
    this.aside += (this.wanted - this.aside) * 0.12;
    if (Math.abs(this.wanted - this.aside) < 1e-3) this.aside = this.wanted;
    this.lay();
    figure.wear(posing.face(row));
    posing.turn(row);
    figure.colour(row[posing.blood], row[posing.tears]);
    figure.swing?.sway(figure.hair, posing.head.slice(0, 3).map((i) => row[i]), second);
    const fine = this.renderer.domElement.height / this.height_m;
    figure.fit(fine, this.quality.strands);
    this.renderer.shadowMap.autoUpdate = this.quality.shades(this.drawn++);
    this.renderer.render(this.scene, this.camera);
    const gl = this.renderer.getContext();
    if (this.fence) gl.deleteSync(this.fence);
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  // Whether the last picture is still being drawn: another one would only wait behind it, and the page with it.
  get busy() {
    const gl = this.renderer.getContext();
    return !!this.fence && gl.getSyncParameter(this.fence, gl.SYNC_STATUS) === gl.UNSIGNALED;
  }
}
