// What the page measures of itself, for benches and tests: window.live.metrics().
const KEPT = 400, CLAP_JAW = 0.5;

export class Measure {
  constructor(sound) {
    Object.assign(this, { sound, frames: [], work: [], answers: [], sounds: [], pictures: [], asked: null, jaw: 0, drawn: null });
    this.held = 0;
    this.first = null;
    sound.onclap = (clap) => this.sounds.push(clap / 24000);
    if (this.sounds.length > KEPT) this.sounds.shift();
  }

  // A frame begins: ms of requestAnimationFrame. What was drawn last is on show now.
  frame(ms) {
    if (this.drawn !== null) {
      this.pictures.push(ms);
      this.drawn = null;
    }
    if (this.last !== undefined) this.#keep(this.frames, ms - this.last);
    this.last = ms;
  }

  drew(jaw, work) {
    this.#keep(this.work, work);
    if (jaw > CLAP_JAW && this.jaw <= CLAP_JAW) this.drawn = jaw;
    this.jaw = jaw;
    this.first ??= performance.now();
  }

  ask() {
    this.asked = { sent: performance.now(), turn: null };
  }

  // The first speech of a turn came; when it is heard, and drawn, is told by `passes`.
  speech(turn, start) {
    if (this.asked?.sent === undefined || this.asked.turn !== null) return;
    Object.assign(this.asked, { turn, start, came_ms: performance.now() - this.asked.sent });
  }

  // session: time that is on show now.
  passes(session) {
    if (this.asked?.turn == null || session < this.asked.start) return;
    const { sent, start, turn, came_ms } = this.asked;
    this.#keep(this.answers, { turn, came_ms, seen_ms: performance.now() - sent,
      heard_ms: performance.now() - sent - 1000 * (session - start) });
    this.asked = null;
  }

  // Seconds by which the picture of each clap came after its sound (negative: before), at the loudspeaker and the screen.
  claps() {
    const heard = this.sounds.map((s) => s - (this.sound.ahead ?? 0));
    return this.pictures.map((ms) => ms / 1000).map((p) => {
      const nearest = heard.reduce((best, s) => (Math.abs(p - s) < Math.abs(best) ? p - s : best), Infinity);
      return Math.abs(nearest) < 0.4 ? nearest : null;
    }).filter((x) => x !== null);
  }

  all(line, quality) {
    const report = this.sound.report ?? {}, mean = (list) => list.reduce((a, b) => a + b, 0) / (list.length || 1);
    return {
      first_picture_ms: this.first, fps: 1000 / mean(this.frames.slice(-60)), work_ms: mean(this.work.slice(-60)),
      quality: quality?.step ?? null, held: this.held, answers: this.answers, claps_s: this.claps(),
      sound: this.sound.running, latency_ms: 1000 * this.sound.latency_s, buffer_ms: 1000 * (report.buffer ?? 0),
      jitter_ms: 1000 * (report.jitter ?? 0), underruns: report.underruns ?? 0,
      dropped: (report.dropped ?? 0) + (line.dropped ?? 0), beats: line.beats ?? 0, bytes: line.bytes ?? 0,
      rtt_ms: line.rtt ?? null, reconnects: line.reconnects ?? 0,
    };
  }

  #keep(list, value) {
    list.push(value);
    if (list.length > KEPT) list.shift();
  }
}
