// Reads mono PCM16 at a rate and prints HeadAudio's classes as [seconds, viseme] and its CPU time as JSON.
//   node benchmarks/peers/headaudio.mjs speech.pcm 16000
// Emulated: its worklet is stubbed and fed 128 samples at a time, as a browser would. The classes are printed as they
// are; its own output adds easing and never shows viseme 0, aa (`if (viseme)` in its source).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

globalThis.AudioWorkletNode = class {};
const modules = "./node_modules/@met4citizen/headaudio/modules/";
const { Processor } = await import(modules + "processor.mjs");
const { Training } = await import(modules + "training.mjs");
const PARAMS = await import(modules + "parameters.mjs");

const rate = Number(process.argv[3]);
const pcm = new Int16Array(new Uint8Array(readFileSync(process.argv[2])).buffer);
const file = fileURLToPath(new URL("./node_modules/@met4citizen/headaudio/dist/model-en-mixed.bin", import.meta.url));
const buffer = new Uint8Array(readFileSync(file)).buffer;
const training = new Training();
const model = [];
for (let at = 0; at + PARAMS.RECORD_OFFSET <= buffer.byteLength; at += PARAMS.RECORD_OFFSET) {
  model.push(training.decodeBinaryRecord(new Float32Array(buffer, at, PARAMS.RECORD_LEN)));
}
const found = [];
const port = { onmessage: null, postMessage: (m) => {
  if (m.event === "viseme") found.push([m.t, m.viseme]);
  if (m.event === "ended") found.push([m.t, PARAMS.MODEL_VISEME_SIL]);
} };
const began = process.cpuUsage();
const processor = new Processor({ sampleRate: rate }, { port });
processor._onmessage({ data: { event: "model", model } });
const block = new Float32Array(128);
for (let at = 0; at + 128 <= pcm.length; at += 128) {
  for (let i = 0; i < 128; i++) block[i] = pcm[at + i] / 32768;
  processor.process(block);
}
const used = process.cpuUsage(began);
console.log("RESULT" + JSON.stringify({ visemes: found, cpu_s: (used.user + used.system) / 1e6 }));
