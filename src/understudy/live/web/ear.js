// The thread of the microphone: sound at any rate becomes int16 at 16 kHz, 512 samples a packet, and how loud it was.
const RATE_HZ = 16000, PACKET = 512, TAPS = 24;

class Ear extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE_HZ;
    this.past = new Float32Array(2 * TAPS + 1 + 128 + Math.ceil(this.step) * 4);
    this.have = 2 * TAPS;      // samples in `past` before what comes
    this.at = TAPS;            // where in `past` the next sample out lies
    this.out = new Int16Array(PACKET);
    this.count = 0;
    this.power = 0;
    this.line = null;
    this.on = true;
    this.port.onmessage = ({ data }) => {
      if (data.line) this.line = data.line;
      if (data.on !== undefined) this.on = data.on;
    };
  }

  process([input]) {
    const sound = input[0];
    if (!sound || !this.on) return this.on;
    if (this.have + sound.length > this.past.length) {
      const grown = new Float32Array(this.have + sound.length + 512);
      grown.set(this.past.subarray(0, this.have));
      this.past = grown;
    }
    this.past.set(sound, this.have);
    this.have += sound.length;
    while (this.at + TAPS < this.have) {
      this.#push(this.#low(this.at));
      this.at += this.step;
    }
    const drop = Math.max(0, Math.floor(this.at) - TAPS);
    this.past.copyWithin(0, drop, this.have);
    this.have -= drop;
    this.at -= drop;
    return true;
  }

  // the sound at a place between samples, without what 16 kHz cannot hold: a windowed sinc
  #low(at) {
    const middle = Math.floor(at), cut = Math.min(1, 0.92 / this.step);
    let sum = 0;
    for (let i = middle - TAPS + 1; i <= middle + TAPS; i++) {
      const x = i - at, w = 0.5 + 0.5 * Math.cos(Math.PI * x / (TAPS + 1)), a = Math.PI * x * cut;
      sum += (this.past[i] ?? 0) * w * cut * (Math.abs(a) < 1e-6 ? 1 : Math.sin(a) / a);
    }
    return sum;
  }

  #push(x) {
    this.power += x * x;
    this.out[this.count++] = Math.max(-32768, Math.min(32767, Math.round(x * 32767)));
    if (this.count < PACKET) return;
    const level = 10 * Math.log10(this.power / PACKET + 1e-9), sound = this.out.slice().buffer;
    this.count = this.power = 0;
    this.line?.postMessage({ mic: sound }, [sound]);
    this.port.postMessage({ level });
  }
}
registerProcessor("ear", Ear);
