// Pictures from the server on the page: each is shown when its moment has come, the set of the page around it.
const KEPT = 24, FPS = 20, SETTLES_MS = 400, EDGE = 0.09;

export class Screen {
  // canvas: a fresh one. ask: sends a message to the server.
  constructor(canvas, given, ask) {
    Object.assign(this, { canvas, given, ask, coming: [], shown: null, times: [], late: [], came: 0, first: null });
    this.context = canvas.getContext("2d", { alpha: false });
    this.plates = {};
    this.size = "";
    this.resized = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.begin(), SETTLES_MS);
    };
    addEventListener("resize", this.resized);
  }

  // Asks for pictures that fit the window.
  begin() {
    this.ask({ kind: "pictures", width: innerWidth, height: innerHeight, fps: FPS });
  }

  // No more pictures are to come.
  end() {
    clearTimeout(this.timer);
    removeEventListener("resize", this.resized);
    this.reset();
  }

  // A picture came: {turn, start, bitmap}. at: session time when it did.
  put(picture, at) {
    this.came++;
    if (this.late.push(at - picture.start) > 200) this.late.shift();
    this.cut(picture.start);
    this.coming.push(picture);
    if (this.coming.length > KEPT) this.coming.shift().bitmap.close();
  }

  // Forgets what was to be shown from a time on: something else takes its place.
  cut(start) {
    while (this.coming.length && this.coming[this.coming.length - 1].start >= start - 1e-6) this.coming.pop().bitmap.close();
  }

  // Forgets all that is to come; what is on show stays until there is another picture.
  reset() {
    this.cut(-Infinity);
  }

  // Shows the picture whose moment is nearest to a session time. Returns whether that is another one than before.
  show(at, half = 0.012) {
    let next = null;
    while (this.coming.length && this.coming[0].start <= at + half) {
      next?.bitmap.close();
      next = this.coming.shift();
    }
    if (!next && !this.shown && this.coming.length) next = this.coming.shift();
    const size = `${innerWidth}x${innerHeight}x${devicePixelRatio}`;
    if (!next && size === this.size) return false;
    if (next) {
      this.shown?.bitmap.close();
      this.shown = next;
      this.first ??= performance.now();
      if (this.times.push(performance.now()) > 60) this.times.shift();
    }
    this.size = size;
    this.#paint();
    return next !== null;
  }

  // pictures a second of the last ones shown; how late they came (seconds, negative: before they were due), median and worst
  get metrics() {
    const t = this.times, late = [...this.late].sort((a, b) => a - b), of = (share) => late[Math.floor(share * (late.length - 1))] ?? null;
    return { pictures: this.came, pictures_fps: t.length > 1 ? 1000 * (t.length - 1) / (t[t.length - 1] - t[0]) : 0,
      late_s: of(0.5), latest_s: of(0.95), picture_px: this.shown ? [this.shown.bitmap.width, this.shown.bitmap.height] : null };
  }

  #paint() {
    const { canvas, context } = this, ratio = Math.min(devicePixelRatio, 1.5);
    const width = Math.round(innerWidth * ratio), height = Math.round(innerHeight * ratio), aspect = width / height;
    const fresh = canvas.width !== width || canvas.height !== height;
    if (fresh) Object.assign(canvas, { width, height });
    const bitmap = this.shown?.bitmap, own = bitmap ? bitmap.width / bitmap.height : 0;
    // the picture fills the height, or the width of a window that is narrower than it
    const w = own > aspect ? width : height * own, h = w / (own || 1), x = (width - w) / 2, y = (height - h) / 2;
    if (fresh || !bitmap || this.hung !== (w | 0)) {
      this.#hang(aspect, w < width - 2);
      this.hung = w | 0;
    }
    if (!bitmap) return;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    const side = w < width - 8 ? Math.min(EDGE * w, x) : 0;
    if (side < 1) {
      context.drawImage(bitmap, x, y, w, h);
      return;
    }
    // its sides go over into the set, which is the same one there: strips of growing strength
    const steps = 12, band = side / steps, scale = bitmap.width / w;
    for (let i = 0; i < steps; i++) {
      context.globalAlpha = (i + 0.5) / steps;
      for (const left of [x + i * band, x + w - (i + 1) * band])
        context.drawImage(bitmap, (left - x) * scale, 0, band * scale, bitmap.height, left, y, band, h);
    }
    context.globalAlpha = 1;
    context.drawImage(bitmap, side * scale, 0, bitmap.width - 2 * side * scale, bitmap.height, x + side, y, w - 2 * side, h);
  }

  // The set behind her, as stage.js hangs it; until it is there, its colour.
  #hang(aspect) {
    const { context, canvas } = this, kind = aspect >= 1 ? "wide" : "tall", url = this.given.plates[kind], plate = this.plates[kind];
    context.fillStyle = `rgb(${this.given.place.backdrop.middle.map((c) => Math.round(255 * Math.max(0, c) ** 0.4545)).join()})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (plate?.complete && plate.naturalWidth) {
      const scale = Math.max(canvas.width / plate.naturalWidth, canvas.height / plate.naturalHeight);
      const w = plate.naturalWidth * scale, h = plate.naturalHeight * scale;
      context.drawImage(plate, (canvas.width - w) / 2, (canvas.height - h) / 2, w, h);
    } else if (url && !plate) {
      this.plates[kind] = Object.assign(new Image(), { src: url, onload: () => { this.size = ""; this.hung = null; } });
    }
  }
}
