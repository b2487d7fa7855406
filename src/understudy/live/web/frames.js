// Poses that came and are not yet shown, by their number on the session's clock. Bounded: what is old is written over.
export const FRAME_HZ = 60, SCALE = 8192, KEPT = 512;

export class Frames {
  constructor(channels) {
    this.channels = channels;
    this.rows = new Float32Array(KEPT * channels);
    this.number = new Float64Array(KEPT);
    this.shown = new Float32Array(channels);
    this.reset();
  }

  reset() {
    this.number.fill(-1);
    this.end = -1;       // one after the last frame there is
    this.held = 0;
  }

  // Lays frames down; what came earlier for later is forgotten, because this replaces it.
  put(start, rows) {
    const first = Math.round(start * FRAME_HZ), count = rows.length / this.channels;
    for (let i = 0; i < count; i++) {
      const slot = (first + i) % KEPT;
      this.number[slot] = first + i;
      for (let c = 0; c < this.channels; c++) this.rows[slot * this.channels + c] = rows[i * this.channels + c] / SCALE;
    }
    this.end = first + count;
  }

  // Forgets what stands after a time.
  cut(second) {
    this.end = Math.min(this.end, Math.ceil(second * FRAME_HZ) + 1);
  }

  // The pose at a session time, in `shown`; between two frames it is between them. Returns for how many seconds past
  // the last frame this is: 0 when there is one.
  at(second) {
    const place = second * FRAME_HZ, low = Math.floor(place), last = this.end - 1;
    const a = this.#row(Math.min(low, last)), b = this.#row(Math.min(low + 1, last));
    if (a < 0 && b < 0) return last < 0 ? Infinity : Math.max(0, (place - last) / FRAME_HZ);
    const part = a < 0 || b < 0 ? 0 : place - low, from = a < 0 ? b : a, to = b < 0 ? from : b;
    const share = Math.min(1, Math.max(0, part));
    for (let c = 0; c < this.channels; c++)
      this.shown[c] = this.rows[from + c] * (1 - share) + this.rows[to + c] * share;
    return Math.max(0, (place - last) / FRAME_HZ);
  }

  #row(number) {
    return number >= 0 && this.number[number % KEPT] === number ? (number % KEPT) * this.channels : -1;
  }
}
