// Reads mono PCM16 at a rate and prints wawa-lipsync's viseme of every 60th of a second and its CPU time as JSON.
//   node benchmarks/peers/wawa.mjs speech.pcm 48000
// Emulated: AnalyserNode after the Web Audio specification (2048 samples, Blackman, smoothing .8, -100 to -30 dB) and a
// clock that runs with the sound.
import { readFileSync } from "node:fs";

const SIZE = 2048;
const rate = Number(process.argv[3]);
const pcm = new Int16Array(new Uint8Array(readFileSync(process.argv[2])).buffer);
let now = 0; // samples played
const blackman = Float64Array.from({ length: SIZE }, (_, i) =>
  0.42 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE) + 0.08 * Math.cos((4 * Math.PI * i) / SIZE));

function spectrum(real, imaginary) {
  for (let i = 1, j = 0; i < SIZE; i++) {
    let bit = SIZE >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [real[i], real[j]] = [real[j], real[i]];
  }
  for (let length = 2; length <= SIZE; length <<= 1) {
    const angle = (-2 * Math.PI) / length;
    for (let at = 0; at < SIZE; at += length) {
      for (let k = 0; k < length / 2; k++) {
        const c = Math.cos(angle * k), s = Math.sin(angle * k), a = at + k, b = a + length / 2;
        const x = real[b] * c - imaginary[b] * s, y = real[b] * s + imaginary[b] * c;
        real[b] = real[a] - x; imaginary[b] = imaginary[a] - y;
        real[a] += x; imaginary[a] += y;
      }
    }
  }
}

class Analyser {
  fftSize = SIZE;
  smooth = new Float64Array(SIZE / 2);
  get frequencyBinCount() { return SIZE / 2; }
  connect() {}
  getByteFrequencyData(out) {
    const real = new Float64Array(SIZE), imaginary = new Float64Array(SIZE);
    for (let i = 0; i < SIZE; i++) {
      const at = now - SIZE + i;
      real[i] = at >= 0 && at < pcm.length ? (pcm[at] / 32768) * blackman[i] : 0;
    }
    spectrum(real, imaginary);
    for (let k = 0; k < SIZE / 2; k++) {
      this.smooth[k] = 0.8 * this.smooth[k] + 0.2 * (Math.hypot(real[k], imaginary[k]) / SIZE);
      const level = 20 * Math.log10(Math.max(this.smooth[k], 1e-12));
      out[k] = Math.max(0, Math.min(255, Math.floor((255 / 70) * (level + 100))));
    }
  }
}
globalThis.window = { AudioContext: class {
  sampleRate = rate; destination = {};
  createAnalyser() { return new Analyser(); }
} };
performance.now = () => (1000 * now) / rate;
const { Lipsync } = await import("./node_modules/wawa-lipsync/dist/wawa-lipsync.es.js");
const lips = new Lipsync();
const found = [];
const began = process.cpuUsage();
for (let frame = 0; (now = Math.round((frame * rate) / 60)) < pcm.length; frame++) {
  lips.processAudio();
  found.push([frame / 60, lips.viseme.replace("viseme_", "")]);
}
const used = process.cpuUsage(began);
console.log("RESULT" + JSON.stringify({ visemes: found, cpu_s: (used.user + used.system) / 1e6 }));
