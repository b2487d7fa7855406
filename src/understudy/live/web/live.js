// A talk in a page: the line, the sound, the actor and the desk, put together.
import { Frames } from "./frames.js";
import { Measure } from "./measure.js";
import { Patience, lookAtFirst } from "./look.js";
import { Microphone } from "./microphone.js";
import { Playout } from "./playout.js";
import { Screen } from "./screen.js";
import { Sound } from "./sound.js";
import { Talk } from "./talk.js";

const PLAYED_MS = 250, CUT_S = 0.06, ASKS = 2, AGAIN_MS = 1200, LOOKS_MS = 20;
const given = JSON.parse(document.getElementById("given").textContent);
const line = new Worker("web/line.min.js", { type: "module" });
const send = (message) => line.postMessage({ send: message });
const frames = new Frames(given.channels.length), silent = new Playout(), sound = new Sound(line);
const measure = new Measure(sound), mic = new Microphone(line);
const first = lookAtFirst(), patience = new Patience();
const wish = new URLSearchParams(location.search).get("look"), forced = wish !== null;
let look = first, refused = false, asks = 0, screen = null, stage = null, presence = null, stats = {}, hello = null, connected = false, turn = 0, voicedUntil = -1, ducked = false;
const row = new Float32Array(given.channels.length), jaw = given.channels.indexOf("face.jawOpen");

function stored(store, key, make) {
  try {
    const found = store.getItem(key) ?? make();
    store.setItem(key, found);
    return found;
  } catch {
    return make();
  }
}
const fresh = () => (crypto.randomUUID?.() ?? String(Math.random()).slice(2));
const identity = () => ({
  user: stored(localStorage, "understudy.user", fresh), session: stored(sessionStorage, "understudy.session", () => "") });

// session time at the loudspeaker and on the screen; without sound the page's own clock stands in
function session(lead = 0) {
  return sound.running ? sound.session(sound.heard() + lead) : silent.at(performance.now() / 1000 + lead);
}

const talk = new Talk({
  say(text) {
    measure.ask();
    send({ kind: "say", text });
  },
  stop() {
    line.postMessage({ hush: true });
    frames.cut(session() + CUT_S);
    talk.state("listening");
  },
  async mic() {
    try {
      if (mic.on) await mic.stop();
      else await mic.start();
      talk.mic(mic.on, hello?.recogniser?.weak);
    } catch (error) {
      talk.mic(false);
      talk.tell(error.message, 9);
    }
  },
  mute() {
    sound.mute(!sound.muted);
    talk.muted(sound.muted);
  },
  forget() {
    send({ kind: "forget" });
    try {
      localStorage.removeItem("understudy.user");
    } catch { /* nothing is kept then */ }
    talk.forgotten();
    talk.tell("Forgotten. She will not know you next time.");
  },
  retry: () => line.postMessage({ now: true }),
});
mic.onlevel = (level, speech) => {
  talk.level(level, speech);
  const over = speech && talk.attitude === "speaking";
  if (over !== ducked) sound.duck(ducked = over);
};
mic.onend = () => mic.on && talk.does.mic();

const told = {
  hello(message) {
    hello = message;
    connected = true;
    turn = message.turn ?? 0;
    voicedUntil = -1;
    frames.reset();
    silent.reset();
    sound.reports.length = 0;
    sound.report = null;
    try {
      sessionStorage.setItem("understudy.session", message.session ?? "");
    } catch { /* then a reload begins anew */ }
    talk.name(message.actor?.display_name ?? given.name);
    if (!message.resumed && message.disclosure) talk.note(message.disclosure);
    talk.lost(null);
    talk.ears(message.recogniser !== null);
    talk.state("idle");
    if (mic.on) mic.tell();
    screen?.reset();
    screen?.begin();
  },
  // the server draws from now on, or it cannot
  pictures({ fps, text }) {
    if (fps || !screen) return;
    // the page that has them may be this one, just before it was loaded again
    if (text && asks++ < ASKS) return void setTimeout(() => screen?.begin(), AGAIN_MS);
    refused = true;
    screen.end();
    screen = null;
    if (text) talk.tell(text, 9);
    if (!stage) browser();
  },
  turn({ turn: now, why }) {
    turn = Math.max(turn, now);
    frames.cut(session() + CUT_S);
    screen?.cut(session() + CUT_S);
    voicedUntil = -1;
    if (ducked) sound.duck(ducked = false);
    talk.turn(why);
  },
  said: (message) => message.who === "user" || message.turn === undefined || message.turn >= turn ? talk.said(message, session()) : null,
  state: ({ attitude }) => talk.state(attitude),
  trouble: ({ text }) => talk.trouble(text),
};

function beat(found, arrived) {
  if (found.turn < turn) return;
  turn = found.turn;
  if (found.channels !== given.channels.length) return;
  silent.came(arrived, found.start);
  if (found.voiced) {
    const begins = found.start > voicedUntil + 1e-4;
    if (begins) {
      measure.speech(found.turn, found.start);
      if (silent.at(arrived) > found.start) silent.offset = arrived - found.start;
    }
    voicedUntil = found.start + found.frames / 60;
  }
  if (found.start < (frames.end - 0.5) / 60) screen?.cut(found.start);
  frames.put(found.start, found.rows);
}

function picture(found) {
  if (!screen || found.turn < turn) return found.bitmap.close();
  if (look !== "server") appear();
  screen.put(found, session());
}

line.onmessage = ({ data }) => {
  if (data.picture) picture(data.picture);
  else if (data.beat) beat(data.beat, (data.at - performance.timeOrigin) / 1000);
  else if (data.message) told[data.message.kind]?.(data.message);
  else if (data.stats) stats = data.stats;
  else if (data.lost) {
    connected = false;
    talk.state("away");
    talk.lost(data.tries < 2 ? "The line broke; calling again." : `The line is broken; calling again in ${Math.ceil(data.wait)} s.`);
  }
};

let before = performance.now(), interval = 1 / 60;
function draw(ms) {
  const began = performance.now(), now = began / 1000, since = (began - before) / 1000;
  before = began;
  interval += (Math.min(since, 0.04) - interval) * 0.1;
  measure.frame(ms);
  if (session() > voicedUntil) silent.settle(Math.min(since, 0.1));
  // what is drawn now is on show when the next frame begins
  const t = session(interval), missing = connected ? frames.at(t) : Infinity;
  if (missing > 0.02 && missing < 5) measure.held++;
  row.set(frames.shown);
  if (look === "server") {
    if (screen.show(t) && !document.body.classList.contains("screened")) document.body.classList.add("here", "screened");
  } else {
    if (stage.lost) return void plainly("the graphics of this browser gave up");
    presence.over(row, missing, now);
    stage.draw(row, now);
  }
  const work = performance.now() - began;
  if (look !== "server" || screen.shown !== null) measure.drew(row[jaw], work);
  measure.passes(t, true);
  talk.at(t, now);
  if (look === "server") return;
  stage.quality.took(1000 * since, work, began);
  if (!screen && !refused && !forced && patience.over(now, stage.quality.coarsest)) server();
}

// what was said is read when it is heard, whether she is drawn or not
setInterval(() => {
  measure.passes(session(), false);
  talk.at(session(), performance.now() / 1000);
}, 100);
setInterval(() => {
  if (connected && frames.end > 0) send({ kind: "played", s: session(), held: measure.held });
}, PLAYED_MS);

function touched() {
  sound.start((second) => (frames.end > 0 ? silent.at(second) : null)).then(() => document.body.classList.add("sounds"), (error) => talk.tell(`Sound did not start (${error.message}).`));
}
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched, { capture: true, once: true });
if (navigator.userActivation?.hasBeenActive) touched();
// the line ends with the page, so that the server knows; whoever comes back to it begins again
addEventListener("pagehide", () => line.terminate());
addEventListener("pageshow", (event) => event.persisted && location.reload());
addEventListener("visibilitychange", () => !document.hidden && sound.context?.state === "suspended" && sound.context.resume());

const matching = matchMedia("(min-width: 1000px)");
new MutationObserver(() => stage?.stand(document.body.classList.contains("open") && matching.matches ? 400 / innerWidth : 0))
  .observe(document.body, { attributes: true, attributeFilter: ["class"] });

// She is drawn here: her body is fetched, and the code that draws it; or, when it is wished for, her Gaussians.
async function browser() {
  look = "browser";
  try {
    if (wish !== "neural" || !(await gaussians())) await mesh();
    document.body.classList.remove("screened");
    document.body.classList.add("here");
  } catch (error) {
    document.body.classList.add("here");
    const why = document.createElement("canvas").getContext("webgl2") ? error.message
      : "this browser has no WebGL 2; turn on hardware acceleration, or open the page in another browser";
    document.getElementById("unseen").textContent = `She cannot be drawn: ${why}. You can still write to her and hear her.`;
    document.getElementById("unseen").hidden = false;
  }
}

async function mesh() {
  const body = fetch("actor.glb");
  const { Presence, Stage } = await import(new URL("stage.min.js", import.meta.url).href);
  stage = await Stage.open(canvas(), given, body);
  presence = new Presence(stage.posing);
}

// Returns whether she stands there as Gaussians; what kept them away is told, and the mesh takes their place.
async function gaussians() {
  try {
    if (!given.neural) throw new Error(given.lacks || "she has no neural avatar");
    const avatar = fetch("avatar.bin");
    const { Neural, Presence } = await import(new URL("neural.min.js", import.meta.url).href);
    const opened = await Neural.open(canvas(), given, avatar);
    presence = new Presence(opened.posing);
    stage = opened;
    return true;
  } catch (error) {
    talk.tell(`${error.message.replace(/\.$/, "")}. She is drawn as a mesh instead.`, 9);
    return false;
  }
}

// Her Gaussians are gone for good; she goes on as a mesh.
function plainly(why) {
  stage = presence = null;
  given.neural = null;
  given.lacks = why;
  browser();
}

// The server shall draw her; what is drawn here stays on show until its first picture is there.
function server() {
  if (screen) return;
  screen = new Screen(document.getElementById("stage").cloneNode(), given, send);
  if (!stage) appear();
  if (connected) screen.begin();
}

function appear() {
  look = "server";
  stage?.free();
  stage = presence = null;
  document.getElementById("stage").replaceWith(screen.canvas);
}

// A canvas that nothing has drawn on: what it is drawn with cannot be changed later.
function canvas() {
  const old = document.getElementById("stage"), fresh = old.cloneNode();
  old.replaceWith(fresh);
  return fresh;
}

window.live = {
  metrics: () => ({ ...measure.all(stats, stage?.quality), look, neural: stage?.gaussians?.timing ?? null, ...screen?.metrics, session_s: session(), turn, connected, attitude: talk.attitude }),
  frame: () => draw(performance.now()),
  draw: (values) => { row.fill(0); for (const [name, value] of Object.entries(values)) row[given.channels.indexOf(name)] = value; stage.draw(row, null); },
  say: (text) => talk.does.say(text), stop: () => talk.does.stop(), line, sound, mic, frames, measure, stage: () => stage,
  screen: () => screen, server, browser,
};
const place = new URL("live", location.href);
place.protocol = place.protocol.replace("http", "ws");
line.postMessage({ open: { url: place.href, hello: identity() } });
if (first === "server") server();
else await browser();
const on = (ms) => {
  // pictures of the server come seldom enough to look for the next one at half the rate of the screen
  if (look === "server") setTimeout(() => requestAnimationFrame(on), LOOKS_MS);
  else requestAnimationFrame(on);
  if (look === "server" ? screen : stage && !stage.busy) draw(ms);
};
if (!new URLSearchParams(location.search).has("still")) requestAnimationFrame(on);
window.live.ready = true;
