// As fine a picture as the machine draws in time: pixels, strands of hair and the shadow give way in this order.
const STEPS = [
  { scale: 1, strands: 1, shadow: true },
  { scale: 0.75, strands: 0.8, shadow: true },
  { scale: 0.6, strands: 0.6, shadow: true },
  { scale: 0.5, strands: 0.45, shadow: false },
  { scale: 0.36, strands: 0.3, shadow: false, bare: true },
];
const SMALL = /^(hairFine|lashesLines|browsLines)$/;
const SLOW_MS = 40, FAST_MS = 21, OVER = 8, KEEP_MS = 20000;

export class Quality {
  constructor(figure, start) {
    Object.assign(this, { figure, step: start, slow: 0, fast: 0, changed: 0, fixed: null });
    const wanted = new URLSearchParams(location.search).get("quality");
    if (wanted !== null) this.fixed = Math.max(0, Math.min(STEPS.length - 1, Number(wanted) || 0));
    this.#set(this.fixed ?? start);
  }

  // Whether nothing can give way any more.
  get coarsest() {
    return this.step === STEPS.length - 1 && this.fixed === null;
  }

  get scale() {
    return STEPS[this.step].scale;
  }

  // Whether the shadow is drawn again in a frame of this number.
  shades(number) {
    return this.shadow || number % 12 === 0;
  }

  get strands() {
    return STEPS[this.step].strands;
  }

  // Hears how long it was since the last frame, and how much of that was work here. A machine that was too slow once is
  // not asked again soon.
  took(ms, work, now) {
    if (this.fixed !== null || document.hidden) return;
    this.slow = ms > SLOW_MS ? this.slow + 1 + (ms > 3 * SLOW_MS) : 0;
    this.fast = ms < FAST_MS && work < FAST_MS / 2 ? this.fast + 1 : 0;
    if (this.slow > OVER && this.step < STEPS.length - 1) this.#set(this.step + 1, now);
    else if (this.fast > 240 && this.step > 0 && now - this.changed > KEEP_MS * (1 + this.step)) this.#set(this.step - 1, now);
  }

  #set(step, now = 0) {
    this.step = step;
    this.changed = now;
    this.slow = this.fast = 0;
    const { shadow, bare = false } = STEPS[step];
    // the shadow stays and is drawn less often: without it every material would have to be compiled again
    this.shadow = shadow;
    for (const [name, part] of Object.entries(this.figure.parts)) if (SMALL.test(name)) part.visible = !bare;
  }
}
