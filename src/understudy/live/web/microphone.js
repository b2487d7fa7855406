// The user's microphone: without echo and noise, as packets on the line; and a guess, before the server's, of speech.
const FRESH = 3, OVER_DB = 12, LEAST_DB = -48, FLOOR_RISE = 0.004, FLOOR_FALL = 0.08, HANG = 18;

export class Microphone {
  constructor(line) {
    Object.assign(this, { line, on: false, stream: null, context: null, floor: -60, loud: 0, hang: 0, level: -90, speech: false });
    this.onlevel = () => {};
  }

  // Asks for the microphone. Raises Error with a sentence for people.
  async start() {
    if (!navigator.mediaDevices?.getUserMedia)
      throw new Error("This page may not use a microphone here: open it on localhost or over https. You can type.");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } });
    } catch (error) {
      throw new Error({
        NotAllowedError: "The microphone is not allowed for this page; allow it in the address bar, or type.",
        NotFoundError: "No microphone was found; plug one in, or type.",
        NotReadableError: "The microphone is in use elsewhere; free it, or type.",
      }[error.name] ?? `The microphone did not start (${error.name}); you can type.`);
    }
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule("web/ear.min.js");
    const node = new AudioWorkletNode(this.context, "ear", { numberOfOutputs: 0 });
    const { port1, port2 } = new MessageChannel();
    this.line.postMessage({ ear: true }, [port2]);
    node.port.postMessage({ line: port1 }, [port1]);
    node.port.onmessage = ({ data }) => this.#heard(data.level);
    this.node = node;
    this.context.createMediaStreamSource(this.stream).connect(node);
    await this.context.resume();
    for (const track of this.stream.getTracks()) track.onended = () => this.onend?.();
    this.on = true;
    this.tell();
  }

  tell() {
    this.line.postMessage({ send: { kind: "mic", on: this.on, rate_hz: 16000 } });
  }

  async stop() {
    this.on = false;
    this.tell();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.node?.port.postMessage({ on: false });
    await this.context?.close();
    this.stream = this.context = this.node = null;
    this.speech = false;
    this.onlevel(-90, false);
  }

  #heard(level) {
    if (!this.on) return;
    this.level = level;
    // the floor is what is always there, what is left of her own voice too
    this.floor += (level - this.floor) * (level > this.floor ? FLOOR_RISE : FLOOR_FALL);
    const over = level > Math.max(LEAST_DB, this.floor + OVER_DB);
    this.loud = over ? this.loud + 1 : 0;
    this.hang = over ? HANG : Math.max(0, this.hang - 1);
    this.speech = this.loud >= FRESH || (this.speech && this.hang > 0);
    this.onlevel(level, this.speech);
  }
}
