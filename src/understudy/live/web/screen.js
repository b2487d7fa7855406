// Pictures from the server on the page: each is shown when its moment has come, the set of the page around it.
const KEPT = 24, FPS = 20, SETTLES_MS = 400, SOFT_PX = 6, CLOSE = 0.985;

export class Screen {
  // canvas: a fresh one. ask: sends a message to the server.
  constructor(canvas, given, ask) {
    Object.assign(this, { canvas, given, ask, coming: [], shown: null, size_px: null, times: [], late: [], came: 0, first: null });
    // no copy is made, and the browser scales: on a machine without a graphics card anything else costs more than drawing
    this.context = canvas.getContext("bitmaprenderer");
    canvas.style.transition = "none";
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
    if (!next && this.shown === null && this.coming.length) next = this.coming.shift();
    if (next) {
      this.size_px = [next.bitmap.width, next.bitmap.height];
      this.context.transferFromImageBitmap(next.bitmap);
      this.shown = next.start;
      this.first ??= performance.now();
      if (this.times.push(performance.now()) > 60) this.times.shift();
    }
    const size = `${innerWidth}x${innerHeight}x${this.size_px}`;
    if (size !== this.size && this.size_px) this.#lay();
    this.size = size;
    return next !== null;
  }

  // pictures a second of the last ones shown; how late they came (seconds, negative: before they were due), median and worst
  get metrics() {
    const t = this.times, late = [...this.late].sort((a, b) => a - b), of = (share) => late[Math.floor(share * (late.length - 1))] ?? null;
    return { pictures: this.came, pictures_fps: t.length > 1 ? 1000 * (t.length - 1) / (t[t.length - 1] - t[0]) : 0,
      late_s: of(0.5), latest_s: of(0.95), picture_px: this.size_px };
  }

  // Lays the picture over the set: it fills the height, or the width of a window that is narrower than it; where it
  // leaves more than a little room at its sides they go over into the set, which is the same one there.
  #lay() {
    const own = this.size_px[0] / this.size_px[1], aspect = innerWidth / innerHeight, { style, parentNode } = this.canvas;
    const w = own > aspect * CLOSE ? innerWidth : innerHeight * own, h = w / own, x = (innerWidth - w) / 2;
    Object.assign(style, { left: `${x}px`, top: `${(innerHeight - h) / 2}px`, width: `${w}px`, height: `${h}px` });
    this.canvas.classList.toggle("soft", x > SOFT_PX);
    const url = this.given.plates[aspect >= 1 ? "wide" : "tall"];
    if (parentNode && this.hung !== url) parentNode.style.setProperty("--plate", url ? `url("${new URL(this.hung = url, location.href)}")` : "none");
  }
}
