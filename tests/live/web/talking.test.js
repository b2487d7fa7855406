// The page's own arithmetic, without a browser: node --test tests/live/web/
import assert from "node:assert/strict";
import test from "node:test";
import { Frames } from "../../../src/understudy/live/web/frames.js";
import { Playout } from "../../../src/understudy/live/web/playout.js";
import { FADE, RATE_HZ, Reel } from "../../../src/understudy/live/web/reel.js";
import { Patience, byProcessor } from "../../../src/understudy/live/web/look.js";
import { picture, unpacked } from "../../../src/understudy/live/web/packet.js";
import { Screen } from "../../../src/understudy/live/web/screen.js";

const BLOCK = 128, PER_BEAT = 800;
const tone = (from, n = PER_BEAT) => Int16Array.from({ length: n }, (_, i) => 16000 + ((from + i) % 8000));

// plays a reel against beats that come at given blocks; returns all samples
function played(reel, blocks, coming) {
  const out = new Float32Array(blocks * BLOCK), block = new Float32Array(BLOCK);
  for (let b = 0; b < blocks; b++) {
    for (const beat of coming[b] ?? []) reel.put(beat, b * BLOCK);
    reel.read(block, b * BLOCK);
    out.set(block, b * BLOCK);
  }
  return out;
}

function beat(number, { voiced = true, turn = 0, late = 0, sound } = {}) {
  const start = number * PER_BEAT;
  return { turn, voiced, start: start / RATE_HZ, samples: PER_BEAT, sound: voiced ? sound ?? tone(start) : null, at: start + late };
}

// beats that each come a tenth of a second before their time, and what `late` adds
function schedule(beats, lead = 2400) {
  const coming = {};
  for (const one of beats) (coming[Math.max(0, Math.ceil((one.at - lead + 4800) / BLOCK))] ??= []).push(one);
  return coming;
}

test("speech is played sample by sample, without a gap and without a repetition", () => {
  const reel = new Reel(), beats = Array.from({ length: 30 }, (_, i) => beat(i, { voiced: i >= 5 && i < 25 }));
  const out = played(reel, 300, schedule(beats));
  const first = out.findIndex((x) => x > 0.4), said = out.slice(first, first + 20 * PER_BEAT);
  const wanted = Float32Array.from(tone(5 * PER_BEAT, 20 * PER_BEAT), (x) => x / 32767);
  assert.deepEqual(said.slice(0, wanted.length), wanted);
  assert.equal(reel.underruns, 0);
});

test("a turn that ends is silent within 8 ms, and does not click", () => {
  const reel = new Reel(), coming = schedule(Array.from({ length: 40 }, (_, i) => beat(i, { sound: new Int16Array(PER_BEAT).fill(16000) })));
  const block = new Float32Array(BLOCK), out = [];
  for (let b = 0; b < 200; b++) {
    for (const one of coming[b] ?? []) reel.put(one, b * BLOCK);
    if (b === 100) reel.take(1);
    reel.read(block, b * BLOCK);
    out.push(...block);
  }
  const cut = 100 * BLOCK;
  assert.ok(out[cut - 1] > 0.45);
  assert.ok(out.slice(cut + FADE).every((x) => x === 0));
  const steps = out.slice(cut - 1, cut + FADE + 1).map((x, i, all) => (i ? Math.abs(x - all[i - 1]) : 0));
  assert.ok(Math.max(...steps) < 0.01, `a step of ${Math.max(...steps)}`);
});

test("beats of a turn that is over are not played", () => {
  const reel = new Reel();
  reel.put(beat(0, { turn: 2 }), 0);
  reel.put(beat(1, { turn: 1 }), 0);
  assert.equal(reel.dropped, 1);
  assert.equal(reel.end, PER_BEAT);
});

test("speech that comes late is waited for, and none of it is lost", () => {
  const reel = new Reel();
  const beats = Array.from({ length: 40 }, (_, i) => beat(i, { voiced: i >= 5 && i < 35, late: i >= 15 ? 6000 : 0 }));
  const out = played(reel, 400, schedule(beats));
  assert.equal(reel.underruns, 1);
  // every sample of the tone but those near the seam
  const heard = out.filter((x) => x > 0.48).length;
  assert.ok(heard >= 30 * PER_BEAT - 2 * FADE, `${heard} of ${30 * PER_BEAT}`);
  assert.ok(reel.head / RATE_HZ < 400 * BLOCK / RATE_HZ);
});

test("a beat that begins before the end of others replaces them from there on", () => {
  const reel = new Reel();
  for (let i = 0; i < 4; i++) reel.put(beat(i, { voiced: false }), 0);
  reel.put({ ...beat(1), start: 1.5 * PER_BEAT / RATE_HZ }, 0);
  assert.equal(reel.end, 2.5 * PER_BEAT);
});

test("the offset follows the latest beats, within its bounds, and only slowly", () => {
  const playout = new Playout();
  for (let i = 0; i < 300; i++) playout.came(i / 30 + (i % 30 === 7 ? 0.06 : 0), i / 30 + 0.05);
  const before = playout.offset;
  playout.settle(0.1);
  assert.ok(playout.offset > before && playout.offset - before < 0.013);
  for (let i = 0; i < 100; i++) playout.settle(0.1);
  assert.ok(Math.abs(playout.offset - (0.06 - 0.05 + 0.02)) < 0.003, playout.offset);
  playout.came(10.5, 5);   // one that hung for seconds does not take the talk along
  assert.ok(playout.target <= playout.usual + 0.2 + 1e-9);
});

test("the offset takes up what two clocks drift apart in an hour", () => {
  const playout = new Playout(), drift = 1 + 100e-6;
  let worst = 0;
  for (let i = 0; i < 3600 * 30; i++) {
    const local = i / 30 * drift;
    playout.came(local, i / 30 + 0.05);
    playout.settle(1 / 30);
    if (i > 1000) worst = Math.max(worst, Math.abs(playout.at(local) - (i / 30 + 0.03)));
  }
  assert.ok(worst < 0.01, `${worst} s`);
});

test("poses are drawn between frames, replaced, cut and held", () => {
  const frames = new Frames(2);
  assert.equal(frames.at(0), Infinity);
  frames.put(0, Int16Array.from([0, 0, 8192, 0, 16384, 0]));
  assert.equal(frames.at(0.5 / 60), 0);
  assert.equal(frames.shown[0], 0.5);
  frames.put(1 / 60, Int16Array.from([0, 4096]));
  assert.ok(frames.at(3 / 60) > 0);
  assert.deepEqual([...frames.shown], [0, 0.5]);
  for (let i = 0; i < 2000; i++) frames.put(i / 60, Int16Array.from([i % 100, 0]));
  assert.equal(frames.rows.length, 2 * 512);
  frames.cut(1990 / 60);
  assert.equal(frames.end, 1991);
});

test("sound that begins late begins where the picture is", () => {
  const reel = new Reel(), block = new Float32Array(BLOCK);
  reel.begin(10, 3);   // at 10 s of the clock, 3 s of the session are shown
  for (let i = 86; i < 96; i++) reel.put({ ...beat(i), past: true }, 10.1 * RATE_HZ);
  assert.ok(Math.abs(reel.head - 3.1 * RATE_HZ) <= 1, `${reel.head / RATE_HZ}`);
  reel.read(block, 10.1 * RATE_HZ);
  assert.equal(block[0], Math.fround(tone(reel.head - BLOCK, 1)[0] / 32767));
});

test("what is not a beat is nothing", () => {
  assert.equal(unpacked(new ArrayBuffer(4)), null);
  assert.equal(unpacked(new ArrayBuffer(64)), null);
});

test("a picture is told from a beat, and opened as it was packed", async () => {
  const packet = new Uint8Array(23), view = new DataView(packet.buffer);
  packet.set([0x55, 0x50, 1]);
  view.setUint32(4, 7, true);
  view.setFloat64(8, 1.5, true);
  view.setUint16(16, 768, true);
  view.setUint16(18, 432, true);
  packet.set([1, 2, 3], 20);
  const { jpeg, ...rest } = picture(packet.buffer);
  assert.deepEqual(rest, { turn: 7, start: 1.5, width: 768, height: 432 });
  assert.deepEqual([...new Uint8Array(await jpeg.arrayBuffer())], [1, 2, 3]);
  assert.equal(unpacked(packet.buffer), null);
  packet[1] = 0x42;
  assert.equal(picture(packet.buffer), null);
});

test("a processor that draws is known by name, and a slow page by its pace at its coarsest", () => {
  for (const name of ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)", "llvmpipe (LLVM 15)", "Microsoft Basic Render Driver"])
    assert.ok(byProcessor(name), name);
  for (const name of ["ANGLE (NVIDIA, NVIDIA GeForce RTX 3060)", "Apple M1", "Mesa Intel(R) UHD Graphics 620"]) assert.ok(!byProcessor(name), name);
  const gone = (fps, coarsest) => {
    const patience = new Patience();
    return Array.from({ length: 5 * fps }, (_, i) => i).some((i) => patience.over(i / fps, coarsest));
  };
  assert.ok(gone(4, true));
  assert.ok(!gone(4, false));
  assert.ok(!gone(20, true));
});

test("the picture whose moment has come is shown, older ones are let go, and what is replaced never comes", () => {
  Object.assign(globalThis, { addEventListener: () => {}, removeEventListener: () => {}, innerWidth: 320, innerHeight: 200 });
  const seen = [], closed = [], style = {};
  const canvas = { style, classList: { toggle: () => {} }, parentNode: null, getContext: () => ({ transferFromImageBitmap: (b) => seen.push(b.n) }) };
  const screen = new Screen(canvas, { plates: {} }, () => {});
  const put = (n, start) => screen.put({ turn: 0, start, bitmap: { n, width: 160, height: 100, close: () => closed.push(n) } }, 0);
  put(0, 5);
  assert.ok(screen.show(0), "the first is a poster: shown before its time");
  for (let n = 1; n < 5; n++) put(n, 5 + n / 10);
  assert.ok(!screen.show(5.05));
  assert.ok(screen.show(5.25));
  assert.deepEqual([seen, closed], [[0, 2], [1]]);
  put(9, 5.35);
  assert.ok(screen.show(5.9));
  assert.deepEqual([seen, closed], [[0, 2, 9], [1, 4, 3]]);
  assert.deepEqual([style.width, style.height, style.left], ["320px", "200px", "0px"]);
});
