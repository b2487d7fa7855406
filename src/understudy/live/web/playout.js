// Where a piece of the session stands on the clock that plays it: local time = session time + offset.
//
// A beat that comes at `local` for session time `start` is late by local - start, the same for all but for what the way
// does to each. The offset aims at the latest of the last seconds and a margin, so that the next one is there in time;
// it moves slowly, and only in silence, which also takes up whatever two clocks drift apart.
export const LEAST_S = 0.02, MOST_S = 0.2;
const WINDOW_S = 15, BUCKET_S = 1, SLEW = 0.03, QUICK = 0.12;

export class Playout {
  constructor() {
    this.reset();
  }

  reset() {
    this.offset = null;
    this.buckets = [];
    this.usual = null;
    this.jitter = 0;
  }

  // Begins with an offset that is known already.
  begin(local, offset) {
    const late = offset - LEAST_S;
    this.buckets = [{ bucket: Math.floor(local / BUCKET_S), most: late, least: late }];
    this.usual = late;
    this.offset = offset;
  }

  // Notes that a beat came. Returns whether it is the first one, from which on there is an offset.
  came(local, start) {
    const late = local - start, first = this.offset === null;
    const bucket = Math.floor(local / BUCKET_S);
    const last = this.buckets[this.buckets.length - 1];
    if (last && last.bucket === bucket) {
      last.most = Math.max(last.most, late);
      last.least = Math.min(last.least, late);
    } else {
      this.buckets.push({ bucket, most: late, least: late });
      while (this.buckets[0].bucket < bucket - WINDOW_S) this.buckets.shift();
    }
    if (first) {
      this.usual = late;
      this.offset = this.target;
    }
    this.jitter += (Math.abs(late - this.usual) - this.jitter) / 16;
    this.usual += (late - this.usual) / 64;
    return first;
  }

  // Where the offset should be.
  get target() {
    const most = Math.max(...this.buckets.map((b) => b.most));
    return Math.min(Math.max(most + LEAST_S, this.usual + LEAST_S), this.usual + MOST_S);
  }

  // How long an average beat waits before it is played, seconds.
  get buffer() {
    return this.offset === null ? 0 : this.offset - this.usual;
  }

  // Moves the offset towards where it should be, for as many seconds of silence.
  settle(seconds) {
    if (this.offset === null) return;
    const way = this.target - this.offset, most = seconds * (way > 0 || -way > 0.1 ? QUICK : SLEW);
    this.offset += Math.max(-most, Math.min(most, way));
  }

  // Session time at a local time.
  at(local) {
    return local - (this.offset ?? 0);
  }
}
