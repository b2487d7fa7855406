// What she does while nothing comes from the server: before the first beat, and when the line is broken. She blinks,
// breathes and lets her face come to rest; nobody is to look at a frozen picture.
import { Idle } from "../../exchange/web/acting.js";

const AFTER_S = 0.6, EASE_S = 0.7;

export class Presence {
  constructor(posing) {
    this.posing = posing;
    this.idle = new Idle();
    this.share = 1;
    this.last = null;
    this.eye = { x: 0, y: 0, z: 1 };
  }

  // Changes a row in place. missing: for how many seconds there has been nothing to show. second: of the page.
  over(row, missing, second) {
    const step = this.last === null ? 1 : Math.min(0.1, second - this.last) / EASE_S;
    this.last = second;
    this.share = missing > AFTER_S ? Math.min(1, this.share + step) : Math.max(0, this.share - 2.5 * step);
    const { face, head } = this.idle.at(second, {}, this.eye);
    if (this.share === 0) return;
    const p = this.posing, left = 1 - this.share;
    for (const [name, i] of p.shapes) row[i] = row[i] * left + this.share * (/^eyeLook/.test(name) ? 0 : face[name] ?? 0);
    p.head.forEach((at, i) => { row[at] = row[at] * left + this.share * (i < 3 ? head[i] : 0); });
    for (const [, a, b] of p.eyes) {
      row[a] = row[a] * left - this.share * head[0];
      row[b] = row[b] * left - this.share * head[1];
    }
    for (const [, ...xyz] of p.vectors) for (const at of xyz) row[at] *= left;
    row[p.breath] = row[p.breath] * left + this.share * (0.5 - 0.5 * Math.cos(second * 2 * Math.PI / 4.2));
    row[p.blood] *= left;
    row[p.tears] *= left;
  }
}
