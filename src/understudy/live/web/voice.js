// The thread of the sound: beats come straight from the line, samples go out, and the page is told where the head is.
import { Reel } from "./reel.js";

const TOLD = 8;   // blocks between two reports

class Voice extends AudioWorkletProcessor {
  constructor() {
    super();
    this.reel = new Reel();
    this.count = 0;
    this.was = -1;
    this.port.onmessage = ({ data }) => {
      if (data.line) {
        data.line.onmessage = (event) => this.#told(event.data);
        return;
      }
      this.#told(data);
    };
  }

  #told(data) {
    if (data.beat) this.reel.put(data.beat, currentFrame);
    else if (data.turn !== undefined) this.reel.take(data.turn);
    else if (data.hush) this.reel.hush(currentFrame);
    else if (data.reset) this.reel.reset();
    else if (data.begin) this.reel.begin(data.begin.clock, data.begin.session);
  }

  process(_, [[out]]) {
    const reel = this.reel, head = reel.head, waited = reel.waiting;
    if (out) reel.read(out, currentFrame);
    if (head !== null && (this.count++ % TOLD === 0 || (waited > 0) !== (reel.waiting > 0) || head - currentFrame !== this.was)) {
      this.was = reel.head - currentFrame - (out?.length ?? 128);
      this.port.postMessage({
        clock: currentFrame, head, waits: reel.waiting > 0, underruns: reel.underruns, dropped: reel.dropped,
        buffer: reel.playout.buffer, jitter: reel.playout.jitter, ahead: reel.buffered,
      });
    }
    return true;
  }
}
registerProcessor("voice", Voice);

// Listens to all that goes out and tells when something loud begins: for the clap test.
class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.quiet = sampleRate;
  }

  process([input], [output]) {
    const sound = input[0];
    if (!sound) return true;
    for (let i = 0; i < sound.length; i++) {
      if (Math.abs(sound[i]) > 0.5) {
        if (this.quiet > sampleRate / 4) this.port.postMessage({ clap: currentFrame + i });
        this.quiet = 0;
      } else this.quiet++;
    }
    for (const channel of output) channel.set(sound);
    return true;
  }
}
registerProcessor("tap", Tap);
