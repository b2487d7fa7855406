// Poses an avatar as a page does: node posed.mjs avatar.bin told.json out.bin. Out: maps, then the order, farthest first.
import { readFileSync, writeFileSync } from "node:fs";
import { Bones } from "../../../src/understudy/exchange/web/bones.js";
import { Cloud } from "../../../src/understudy/exchange/web/cloud.js";

const [, , from, told, to] = process.argv, bytes = readFileSync(from);
const { channels, stand, rows, away } = JSON.parse(readFileSync(told, "utf8"));
const cloud = new Cloud(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), bones = new Bones(cloud.bones, channels, stand);
let sway;
for (const [second, row] of rows) {
  cloud.pose(bones.face(row), bones.turn(row));
  sway = bones.sway(row, second);
}
const shown = cloud.sort([0, 0, -1, away], sway);
writeFileSync(to, Buffer.concat([Buffer.from(cloud.maps.buffer), Buffer.from(cloud.order.buffer, 0, 4 * shown), Buffer.from(Float32Array.from(sway).buffer)]));
