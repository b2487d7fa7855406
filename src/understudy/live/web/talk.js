// What is said, and what the user does about it: captions as they sound, the transcript, and the desk below.
const $ = (id) => document.getElementById(id);
const WORDS = { idle: "here", listening: "listening", thinking: "thinking", speaking: "speaking", away: "away" };

export class Talk {
  // does: {say(text), stop(), mic(), mute(), forget(), retry()}
  constructor(does) {
    this.does = does;
    this.coming = [];        // clauses that are not heard yet
    this.shown = null;       // the turn whose words stand in the caption
    this.hers = null;        // its item of the transcript
    this.yours = null;
    this.fade = 0;
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = $("text").value.trim();
      if (!text) return;
      $("text").value = "";
      does.say(text);
    });
    $("mic").onclick = () => does.mic();
    $("stop").onclick = () => does.stop();
    $("mute").onclick = () => does.mute();
    $("retry").onclick = () => does.retry();
    $("pages").onclick = () => this.open(!document.body.classList.contains("open"));
    $("close").onclick = () => this.open(false);
    $("forget").onclick = () => $("sure").showModal();
    $("sure").addEventListener("close", () => $("sure").returnValue === "forget" && does.forget());
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !$("sure").open) {
        if (!$("stop").hidden) does.stop();
        else this.open(false);
      } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " "
        && (document.activeElement === document.body || document.activeElement === null)) {
        $("text").focus();   // whoever types, types to her
      }
    });
  }

  open(on) {
    document.body.classList.toggle("open", on);
    $("pages").setAttribute("aria-expanded", String(on));
    $("book").inert = !on;
    if (on) $("lines").scrollTop = $("lines").scrollHeight;
    else if ($("book").contains(document.activeElement)) $("pages").focus();
  }

  name(name) {
    $("name").textContent = name;
  }

  state(attitude) {
    this.attitude = attitude;
    $("state").dataset.attitude = attitude;
    $("word").textContent = WORDS[attitude] ?? attitude;
    $("stop").hidden = attitude !== "speaking" && attitude !== "thinking";
  }

  // A message `said`. at: session time that is heard now.
  said({ who, text, turn, final, start_s }, at) {
    if (who === "user") return this.#user(text, final);
    if (start_s !== undefined && start_s !== null && start_s > at + 0.02) this.coming.push({ text, turn, start_s });
    else this.#actor(text, turn);
  }

  // Session time moves on: what is due appears.
  at(session, now) {
    while (this.coming.length && this.coming[0].start_s <= session) {
      const { text, turn } = this.coming.shift();
      this.#actor(text, turn);
    }
    if (this.attitude === "speaking" || this.coming.length) this.fade = now + 3.5;
    $("captions").classList.toggle("gone", now > this.fade);
  }

  turn(why) {
    this.coming = [];
    if (why === "interrupted" && this.hers) {
      this.hers.append(" —");
      this.hers = null;
    }
  }

  note(text) {
    this.#line("note", text);
  }

  trouble(text) {
    this.#line("note", text);
    this.tell(text);
  }

  // One sentence over the desk, for a while.
  tell(text, seconds = 6) {
    $("tell").textContent = text;
    $("tell").hidden = !text;
    clearTimeout(this.telling);
    if (text && seconds) this.telling = setTimeout(() => { $("tell").hidden = true; }, seconds * 1000);
  }

  lost(text) {
    $("banner").hidden = !text;
    $("broken").textContent = text ?? "";
  }

  mic(on, weak) {
    $("mic").setAttribute("aria-pressed", String(on));
    $("mic").setAttribute("aria-label", on ? "Turn the microphone off" : "Talk with the microphone");
    $("mic").title = on ? "Microphone off" : "Talk";
    if (on && weak) this.tell("Speech is recognised offline here, which is weak on free speech. What she understood is shown; you can always type.", 9);
  }

  level(db, speech) {
    const share = Math.max(0, Math.min(1, (db + 60) / 45));
    $("mic").style.setProperty("--level", share.toFixed(2));
    $("mic").classList.toggle("hears", speech);
  }

  muted(on) {
    $("mute").setAttribute("aria-pressed", String(on));
    $("mute").textContent = on ? "Sound is off" : "Sound";
  }

  forgotten() {
    $("lines").replaceChildren();
    this.hers = this.yours = null;
    $("hers").textContent = $("yours").textContent = "";
  }

  #actor(text, turn) {
    if (this.shown !== turn || !this.hers) {
      this.shown = turn;
      $("hers").replaceChildren();
      this.hers = this.#line("hers", "");
    }
    $("yours").textContent = "";
    const clause = document.createElement("span");
    clause.textContent = ($("hers").childNodes.length ? " " : "") + text;
    // the caption holds what is said now and just before, not the whole answer
    while ($("hers").textContent.length + text.length > 150 && $("hers").firstChild) $("hers").firstChild.remove();
    $("hers").append(clause);
    this.hers.append((this.hers.textContent ? " " : "") + text);
    this.fade = performance.now() / 1000 + 3.5;
    this.#down();
  }

  #user(text, final) {
    $("yours").textContent = text;
    $("yours").classList.toggle("sure", !!final);
    $("hers").replaceChildren();
    this.hers = null;
    this.fade = performance.now() / 1000 + 4;
    this.yours ??= this.#line("yours", "");
    this.yours.textContent = text;
    if (final) this.yours = null;
    this.#down();
  }

  #line(who, text) {
    const item = document.createElement("li");
    item.className = who;
    item.textContent = text;
    $("lines").append(item);
    while ($("lines").children.length > 400) $("lines").firstChild.remove();
    this.#down();
    return item;
  }

  #down() {
    $("lines").scrollTop = $("lines").scrollHeight;
  }
}
