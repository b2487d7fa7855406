// The sound of a session as it is played: samples by their number on the session's clock, and a head that reads them.
//
// The head never leaves a sample of speech out: where speech comes late it waits (and what is seen waits with it).
// Nothing ever jumps: what is dropped fades within 8 ms.
import { Playout } from "./playout.js";

export const RATE_HZ = 24000, FADE = 192;
const KEPT = 1 << 17, BLOCK = 128, GIVEN_UP = RATE_HZ, REFILLED = RATE_HZ * 0.05;

export class Reel {
  constructor() {
    this.playout = new Playout();
    this.ring = new Float32Array(KEPT);
    this.reset();
  }

  reset() {
    this.playout.reset();
    this.ring.fill(0);
    this.turn = 0;
    this.refused = -1;
    this.refusedUntil = 0;
    this.beganAt = null;
    this.head = null;          // number of the next sample that is played
    this.end = 0;              // one after the last sample there is
    this.spoken = [];          // [from, to) of speech, in samples
    this.waiting = 0;          // samples for which the head has waited for speech
    this.refilling = 0;        // samples of these for which there was speech, but little
    this.underruns = 0;
    this.dropped = 0;          // beats of turns that were over
    this.rest = 0;             // what the fade of a hold goes on from
    this.tail = new Float32Array(FADE);
    this.tailed = FADE;
    this.last = 0;
    this.rise = 0;
  }

  // Begins in the midst of a session: which time of it is played at a time of the clock, seconds both.
  begin(clock, session) {
    this.playout.begin(clock, clock - session);
    this.head = Math.round(session * RATE_HZ);
    this.beganAt = Math.round(clock * RATE_HZ);
  }

  // A beat: {turn, voiced, start, rate, samples, sound, past: whether it came before there was sound}. now: samples that
  // the clock has played since it began.
  put(beat, now) {
    if (beat.turn < this.turn || (beat.voiced && beat.turn <= this.refused && now < this.refusedUntil)) {
      this.dropped++;
      return;
    }
    this.take(beat.turn);
    const start = Math.round(beat.start * RATE_HZ), length = beat.samples;
    if (beat.past && (this.head === null || start + length <= this.head)) return;
    if (!beat.past && this.playout.came(now / RATE_HZ, beat.start)) this.head = now - Math.round(this.playout.offset * RATE_HZ);
    else if (this.beganAt !== null) this.head += Math.max(0, now - this.beganAt);   // the clock went on meanwhile
    this.beganAt = null;
    // speech that begins must not lose its first sound
    if (beat.voiced && !beat.past && !this.#speech(start - 1) && this.head > start) {
      this.head = start;
      this.playout.offset = (now - start) / RATE_HZ;
    }
    const under = start < this.end && this.#speech(start) ? Array.from({ length: FADE }, (_, i) => this.#sample(start + i)) : [];
    if (start < this.end) this.#forget(start);
    for (let i = Math.max(this.end, start - KEPT / 2); i < start; i++) this.ring[i & (KEPT - 1)] = 0;
    const sound = beat.sound;
    for (let i = 0; i < length; i++) this.ring[(start + i) & (KEPT - 1)] = sound && i < sound.length ? sound[i] / 32767 : 0;
    for (let i = 0; i < under.length; i++) this.ring[(start + i) & (KEPT - 1)] += under[i] * (1 - i / FADE);
    this.end = start + length;
    if (beat.voiced) {
      const last = this.spoken[this.spoken.length - 1];
      if (last && last[1] === start) last[1] = this.end;
      else this.spoken.push([start, this.end]);
      while (this.spoken.length > 64) this.spoken.shift();
    }
  }

  // A turn began: what is left of older ones is not played.
  take(turn) {
    if (turn <= this.turn) return;
    this.turn = turn;
    if (this.head !== null) this.#cut(this.head);
  }

  // The user wants silence, before the server has heard of it.
  hush(now) {
    this.refused = this.turn;
    this.refusedUntil = now + RATE_HZ;
    if (this.head !== null) this.#cut(this.head);
  }

  // Fills a block with what sounds now. now: number of its first sample on the clock that plays.
  read(out, now) {
    if (this.head === null || this.beganAt !== null) {
      out.fill(0);
      return;
    }
    const head = this.head, speaking = this.#speech(head) || this.#speech(head - 1);
    let waits = false;
    if (speaking && head + out.length > this.end) {
      waits = this.end >= head && this.waiting < GIVEN_UP;
    } else if (this.waiting > 0 && this.end - head < REFILLED && this.refilling < 2 * REFILLED && this.#speech(head)) {
      this.refilling += out.length;
      waits = true;
    }
    if (waits) {
      if (this.waiting === 0) {
        this.underruns++;
        this.refilling = 0;
        this.#fade((i) => this.last * (1 - i / FADE));
      }
      this.waiting += out.length;
      this.playout.offset += out.length / RATE_HZ;
      out.fill(0);
    } else {
      if (this.waiting > 0) this.rise = FADE / 4;
      this.waiting = 0;
      for (let i = 0; i < out.length; i++) {
        const n = head + i;
        let x = this.#sample(n);
        if (this.rise > 0) x *= 1 - this.rise-- / (FADE / 4);
        out[i] = x;
      }
      this.head = head + out.length;
      // in silence the head may slip a few samples towards where it should be
      if (!this.#soon(this.head)) {
        this.playout.settle(out.length / RATE_HZ);
        const wanted = now + out.length - Math.round(this.playout.offset * RATE_HZ);
        this.head += Math.max(-16, Math.min(16, wanted - this.head));
      }
    }
    for (let i = 0; i < out.length && this.tailed < FADE; i++) out[i] += this.tail[this.tailed++];
    this.last = out[out.length - 1];
  }

  get buffered() {
    return this.head === null ? 0 : Math.max(0, this.end - this.head) / RATE_HZ;
  }

  #sample(n) {
    return n < this.end ? this.ring[n & (KEPT - 1)] : 0;
  }

  #speech(n) {
    return this.spoken.some(([from, to]) => n >= from && n < to);
  }

  // whether speech is on or comes within a twentieth of a second
  #soon(n) {
    return this.spoken.some(([from, to]) => n + RATE_HZ / 20 >= from && n < to);
  }

  // what stands from a sample on is not played; what sounds now goes out softly
  #cut(at) {
    const old = Array.from({ length: FADE }, (_, i) => this.#sample(at + i));
    this.#forget(at);
    this.spoken = [];   // what is over by will is not waited for
    this.#fade((i) => old[i] * (1 - i / FADE));
    this.waiting = 0;
  }

  #forget(from) {
    this.end = Math.min(this.end, from);
    this.spoken = this.spoken.filter(([a]) => a < from).map(([a, b]) => [a, Math.min(b, from)]);
  }

  #fade(by) {
    const left = this.tail.slice(this.tailed);
    for (let i = 0; i < FADE; i++) this.tail[i] = by(i) + (i < left.length ? left[i] : 0);
    this.tailed = 0;
  }
}
