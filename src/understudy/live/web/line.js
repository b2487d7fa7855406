// The line to the server, on a thread of its own, so that drawing never delays sound: beats go to the voice and to the
// picture, packets of the microphone go out, and when the line breaks it is tried again and the session goes on.
import { picture, unpacked } from "./packet.js";

const WAITS_S = [0.3, 0.6, 1.2, 2.5, 5, 8], PING_S = 2, DEAD_S = 8, RECENT = 30;
let socket = null, url = "", hello = {}, tries = 0, timer = 0, heard = 0, turn = 0, dropped = 0, closed = false;
const recent = [];
let voice = null, refused = -1, refusedUntil = 0;
const stats = { beats: 0, bytes: 0, dropped: 0, rtt: null, reconnects: 0 };

function open() {
  clearTimeout(timer);
  if (closed) return;
  socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const own = socket;
  socket.onopen = () => {
    heard = performance.now();
    own.send(JSON.stringify({ kind: "hello", ...hello }));
    ping();
  };
  socket.onmessage = ({ data }) => {
    if (own !== socket) return;
    heard = performance.now();
    if (typeof data === "string") said(JSON.parse(data));
    else beat(data);
  };
  socket.onclose = () => own === socket && lost();
  socket.onerror = () => {};
}

function lost() {
  socket = null;
  if (closed) return;
  const wait = WAITS_S[Math.min(tries++, WAITS_S.length - 1)] * (0.85 + 0.3 * Math.random());
  postMessage({ lost: true, tries, wait });
  clearTimeout(timer);
  timer = setTimeout(open, wait * 1000);
}

function said(message) {
  if (message.kind === "hello") {
    if (tries > 0 || stats.beats > 0) stats.reconnects++;
    tries = 0;
    turn = message.turn ?? 0;
    refused = -1;
    hello.session = message.session ?? "";
    recent.length = 0;
    voice?.postMessage({ reset: true });
  } else if (message.kind === "turn") {
    turn = Math.max(turn, message.turn);
    recent.length = 0;
    voice?.postMessage({ turn });
  } else if (message.kind === "clock") {
    const rtt = performance.now() - message.echo;
    stats.rtt = stats.rtt === null ? rtt : stats.rtt + (rtt - stats.rtt) / 8;
  }
  postMessage({ message, at: performance.timeOrigin + performance.now() });
}

function beat(data) {
  const found = unpacked(data);
  if (!found) return seen(picture(data), data.byteLength);
  stats.beats++;
  stats.bytes += data.byteLength;
  const now = performance.now();
  if (found.turn < turn || (found.voiced && found.turn <= refused && now < refusedUntil)) {
    stats.dropped++;
    return;
  }
  turn = found.turn;
  const { rows, sound, ...rest } = found, samples = Math.round(found.frames / 60 * 24000);
  const heard = { ...rest, samples, sound: sound.length ? sound : null };
  recent.push(heard);
  if (recent.length > RECENT) recent.shift();
  voice?.postMessage({ beat: heard });
  postMessage({ beat: { ...rest, rows, loud: sound.length > 0 }, at: performance.timeOrigin + now }, [rows.buffer]);
}

// A picture is opened here, so that the page has only to show it.
async function seen(found, bytes) {
  if (!found) return;
  stats.bytes += bytes;
  if (found.turn < turn) return;
  const { jpeg, ...rest } = found, bitmap = await createImageBitmap(jpeg).catch(() => null);
  if (!bitmap) return;
  if (found.turn < turn) bitmap.close();
  else postMessage({ picture: { ...rest, bitmap }, at: performance.timeOrigin + performance.now() }, [bitmap]);
}

function send(what) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(what);
}

function ping() {
  send(JSON.stringify({ kind: "ping", t: performance.now() }));
}

setInterval(() => {
  if (!socket || socket.readyState !== WebSocket.OPEN) return;
  if (performance.now() - heard > DEAD_S * 1000) socket.close();
  ping();
  postMessage({ stats });
}, PING_S * 1000);

onmessage = ({ data, ports }) => {
  if (data.open) {
    ({ url, hello } = data.open);
    open();
  } else if (data.send) send(JSON.stringify(data.send));
  else if (data.voice) {
    voice = ports[0];
    // what has come already and is still to be heard
    if (data.begin) voice.postMessage({ begin: data.begin });
    for (const one of recent) voice.postMessage({ beat: { ...one, past: true } });
  }
  else if (data.ear) ports[0].onmessage = (event) => socket?.bufferedAmount < 64000 && send(event.data.mic);
  else if (data.hush) {
    refused = turn;
    refusedUntil = performance.now() + 1000;
    voice?.postMessage({ hush: true });
    send(JSON.stringify({ kind: "stop" }));
  } else if (data.now) {
    if (!socket) open();
  } else if (data.fresh) {
    hello.session = "";
    stats.beats = 0;
    socket?.close();
  } else if (data.break) {
    socket?.close();
  } else if (data.close) {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  }
};
