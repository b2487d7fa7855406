// Reads 16 kHz mono PCM16 and optional text, prints Rhubarb's mouth cues and its CPU time as JSON.
//   npm install --prefix benchmarks/peers && node benchmarks/peers/rhubarb.mjs speech.pcm ["what is said"]
import { readFileSync } from "node:fs";
import { Rhubarb } from "rhubarb-lip-sync-wasm";

const log = console.log;
console.log = () => {};
const pcm = readFileSync(process.argv[2]);
const began = process.cpuUsage();
const result = await Rhubarb.getLipSync(pcm, process.argv[3] ? { dialogText: process.argv[3] } : {});
const used = process.cpuUsage(began);
log("RESULT" + JSON.stringify({ cues: result.mouthCues, cpu_s: (used.user + used.system) / 1e6 }));
