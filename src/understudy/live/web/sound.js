// Her voice: a thread that plays beats on the clock of the sound, and that clock as the page reads it.
const RATE_HZ = 24000, DUCKED = 0.22;

export class Sound {
  constructor(line) {
    Object.assign(this, { line, context: null, report: null, reports: [], ahead: null, claps: [], muted: false, onclap: () => {} });
  }

  get running() {
    return this.context?.state === "running" && this.report !== null;
  }

  // Begins to sound; only after the user has touched the page, as browsers ask. session: tells which time of the session
  // is shown at a second of the page, so that sound begins where the picture is.
  async start(session) {
    if (this.context) return this.context.resume();
    this.context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
    await this.context.audioWorklet.addModule("web/voice.min.js");
    this.node = new AudioWorkletNode(this.context, "voice", { numberOfInputs: 0, outputChannelCount: [1] });
    this.tap = new AudioWorkletNode(this.context, "tap", { outputChannelCount: [1] });
    this.gain = this.context.createGain();
    this.gain.gain.value = this.muted ? 0 : 1;
    this.node.connect(this.gain).connect(this.tap).connect(this.context.destination);
    this.node.port.onmessage = ({ data }) => {
      this.report = data;
      this.reports.push(data);
      if (this.reports.length > 64) this.reports.shift();
    };
    this.tap.port.onmessage = ({ data }) => this.onclap(data.clap);
    const { port1, port2 } = new MessageChannel();
    this.node.port.postMessage({ line: port1 }, [port1]);
    await this.context.resume();
    const at = session(performance.now() / 1000 + this.latency_s);
    const begin = at === null ? null : { clock: this.context.currentTime, session: at };
    this.line.postMessage({ voice: true, begin }, [port2]);
  }

  mute(on) {
    this.muted = on;
    this.#to(on ? 0 : 1, 0.02);
  }

  // Softer while the user seems to speak over her; the server decides whether she stops.
  duck(on) {
    if (!this.muted) this.#to(on ? DUCKED : 1, on ? 0.03 : 0.25);
  }

  get latency_s() {
    const c = this.context;
    return c ? c.outputLatency || c.baseLatency || 0 : 0;
  }

  // What the clock of the sound shows at the loudspeaker now, seconds; read evenly, for it moves in blocks.
  heard() {
    const now = performance.now() / 1000, seen = this.context.currentTime - this.latency_s - now;
    if (this.ahead === null || Math.abs(seen - this.ahead) > 0.06) this.ahead = seen;
    else this.ahead += (seen - this.ahead) * 0.04;
    return now + this.ahead;
  }

  // Session time that is heard at a time of that clock.
  session(heard) {
    const clock = heard * RATE_HZ;
    let at = this.reports[0] ?? this.report;
    for (const one of this.reports) if (one.clock <= clock) at = one;
    return (at.head + (at.waits ? 0 : clock - at.clock)) / RATE_HZ;
  }

  #to(value, seconds) {
    if (!this.gain) return;
    const t = this.context.currentTime;
    this.gain.gain.cancelScheduledValues(t);
    this.gain.gain.setTargetAtTime(value, t, seconds / 3);
  }
}
