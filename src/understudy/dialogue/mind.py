"""A mind: hears what a user says and answers as a character, line by line.

The order of an answer is fixed here, outside any model: what the policy says, what the user asked of the memory, then
the model or what she rehearsed; and every clause passes the policy before it leaves.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from understudy.dialogue.acts import act_of
from understudy.dialogue.clauses import Clauses
from understudy.dialogue.consolidating import consolidate
from understudy.dialogue.listening import Listening
from understudy.dialogue.memory import Memory
from understudy.dialogue.model import Answer, ChatServer, ModelError, Waiting
from understudy.dialogue.mood import Mood
from understudy.dialogue.noticing import noticed
from understudy.dialogue.offline import Known, Rehearsals
from understudy.dialogue.policy import Policy, Rule, Verdict
from understudy.dialogue.prompt import leaks, messages
from understudy.dialogue.refusing import DISCLOSURE, discloses, wordings
from understudy.dialogue.wording import Wording, filled
from understudy.hub.character import Character
from understudy.hub.rights import Licence
from understudy.hub.script import Direction, Line
from understudy.hub.talk import Reaction, Speaker, Turn

CONTEXT: Final = 24
"""Turns kept as short-term context."""
LONGEST: Final = 4_000
"""Characters of what a user says that are read."""
LONGEST_ANSWER: Final = 900
"""Characters of one answer; it ends with the clause that passes them."""
_MOST_FILLERS: Final = 2
_TAG_STIRS: Final = 0.35


class Mind:
    """One talk of one character with one user; synchronous, one call at a time; only `stop` may come from any thread.

    memory: None = nothing is kept after the talk. model: None = she answers from what she rehearsed. licence: whose
    prohibitions hold, None = all. user: names the rows of the memory, '' = none are kept. seed: same talk, same words.
    """

    def __init__(
        self,
        character: Character,
        *,
        memory: Memory | None = None,
        model: ChatServer | None = None,
        licence: Licence | None = None,
        user: str = "",
        seed: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._character = character
        self._memory = memory if user else None
        self._model = model
        self._user = user
        self._clock = clock
        self._talk = uuid.uuid4().hex
        self._wording = Wording(seed)
        self._policy = Policy(licence, (character.display_name,))
        self._offline = Rehearsals(character, self._wording)
        self._mood = Mood(character.temper, clock())
        self._listening = Listening(character, self._mood, self._wording, clock)
        self._turns: list[Turn] = []
        self._row = 0
        self._heard_final = ""
        self._disclosed = False
        self._stream: Answer | None = None
        self._stopping = self._speaking = False
        self._heard_so_far: str | None = None
        self._known = self._recollected()
        self._known.met_before = bool(self._memory and (self._memory.turns(user, 1) or self._memory.facts(user)))
        self.trouble = ""
        """What is wrong with the model server, in one sentence for the user's own eyes; '' = nothing."""
        self.verdict = Verdict()
        """What the policy said last."""

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Returns the talk as far as it is remembered, oldest first."""
        return tuple(self._turns)

    @property
    def user_name(self) -> str:
        """Returns what the user wants to be called, '' when nobody said."""
        return self._known.name

    def greet(self) -> Iterator[Line]:
        """Yields how she opens the talk; it always says that she is an AI."""
        text = self._offline.say("greeting_again" if self._known.met_before else "greeting", self._known)
        yield from self._recorded(self._lines(text if discloses(text) else f"{text} {self._own(DISCLOSURE)}"))
        self._disclosed = True

    def hear(self, text: str, *, final: bool = False) -> Reaction:
        """Takes what was recognised so far, or the whole turn, and returns how she reacts while she listens.

        About 3 ms a call. final: the user has finished; the mood takes all of it in.
        """
        said = _tidy(text)
        if final:
            self._heard_final = said
        reaction = self._listening.hear(said, final=final)
        hum = reaction.back_channel
        if hum is None or (self._policy.reply(hum.text).allowed and self._policy.request(said).allowed):
            return reaction
        return replace(reaction, back_channel=None)  # 'right' to what she would refuse would be a yes

    def answer(self, text: str) -> Iterator[Line]:
        """Yields her answer, the first line short.

        Closing the iterator, or `stop` from another thread, ends the model's stream at once. Never raises for what a
        user says or a server does; `trouble` and `verdict` tell what happened.
        """
        self.stop()
        self._stopping = False
        said = _tidy(text)
        if said != self._heard_final:
            self._listening.hear(said, final=True)
        self._heard_final = ""
        self.verdict, self.trouble = Verdict(), ""
        yield from self._recorded(self._opened(said))

    def stop(self) -> None:
        """Ends the answer that is being given; safe from any thread."""
        self._stopping = True
        stream = self._stream
        if stream is not None:
            stream.close()

    def heard(self, text: str) -> None:
        """Says what of the last answer reached the user; context and memory keep only that."""
        if self._speaking:
            self._heard_so_far = text
            return
        for k in range(len(self._turns) - 1, -1, -1):
            if self._turns[k].speaker is Speaker.ACTOR:
                self._turns[k] = replace(self._turns[k], heard=text)
                if self._memory and self._row:
                    self._memory.heard(self._row, text)
                return

    def mood(self, now_s: float | None = None) -> Direction:
        """Returns her mood as a Direction. now_s: on the clock of this mind, None = now."""
        return self._mood.direction(self._clock() if now_s is None else now_s)

    def filler(self) -> Line:
        """Returns a short thinking sound, for when the answer is late."""
        line = next(self._lines(self._offline.say("filler", self._known)))
        return self._played(line)

    def forget(self) -> int:
        """Forgets the user: the talk so far and all rows of the memory; returns how many rows those were."""
        gone = self._memory.forget(self._user) if self._memory else 0
        self._turns, self._row, self._known = [], 0, Known()
        self._offline = Rehearsals(self._character, self._wording)
        return gone

    def close(self) -> None:
        """Ends the talk; what it told about the user is kept, when there is a memory."""
        self.stop()
        if self._memory and any(turn.speaker is Speaker.USER for turn in self._turns):
            consolidate(
                self._memory, self._user, self._turns, model=self._model, policy=self._policy, now_s=self._clock()
            )

    def _opened(self, said: str) -> Iterator[tuple[Line, bool]]:
        """Yields the lines of an answer, the first answer of a talk without a greeting beginning with who she is."""
        lines = self._reply(said)
        first = next(lines, None)
        if not self._disclosed:
            self._disclosed = True
            if self.verdict.rule is not Rule.DISCLOSURE:
                yield from self._lines_kept(self._own(DISCLOSURE))
        if first is not None:
            yield first
        yield from lines

    def _reply(self, said: str) -> Iterator[tuple[Line, bool]]:
        if not re.search(r"\w", said):
            self._keep(Turn(Speaker.USER, "", self._clock()))
            yield from self._lines_kept(self._offline.say("unheard", self._known))
            return
        if act_of(said).kind == "forget_me":
            self.forget()
            yield from self._lines_kept(self._offline.say("forgotten", self._known))
            return
        self.verdict = self._policy.request(said)
        if not self.verdict.allowed:
            self._keep(Turn(Speaker.USER, said, self._clock()), stored=False)
            yield from self._lines_kept(self._own(self._wording.pick(wordings(self.verdict, said))))
            return
        self._keep(Turn(Speaker.USER, said, self._clock()))
        self._notice(said)
        source = self._by_model(said) if self._model else self._lines_kept(self._offline.answer(said, self._known))
        yield from self._guarded(source)

    def _guarded(self, source: Iterator[tuple[Line, bool]]) -> Iterator[tuple[Line, bool]]:
        """Passes on what the policy lets through; at the first clause that it stops she says that she will not."""
        before: list[str] = []
        length = 0
        for line, kept in source:
            if self._stopping:
                source.close()  # type: ignore[attr-defined]
                return
            verdict = self._policy.reply(line.text, " ".join(before[-3:]))
            if not verdict.allowed or leaks(" ".join([*before[-4:], line.text]), self._character):
                self.verdict = verdict if not verdict.allowed else Verdict(Rule.INJECTION, 1.0)
                source.close()  # type: ignore[attr-defined]
                declined = (
                    self._own(self._wording.pick(wordings(self.verdict, "")))
                    if self.verdict.rule in (Rule.DISCLOSURE, Rule.SELF_HARM)
                    else self._offline.say("declined", self._known)
                )
                yield from self._lines_kept(declined)
                return
            before.append(line.text)
            length += len(line.text)
            yield line, kept
            if length >= LONGEST_ANSWER:
                source.close()  # type: ignore[attr-defined]
                return

    def _by_model(self, said: str) -> Iterator[tuple[Line, bool]]:
        assert self._model is not None
        clauses = Clauses(self._character.display_name)
        fillers, got = 0, False
        try:
            with self._model.stream(self._messages(said)) as stream:
                self._stream = stream
                if self._stopping:
                    return
                for piece in stream:
                    if isinstance(piece, Waiting):
                        if fillers < _MOST_FILLERS:
                            fillers += 1
                            occasion = "stalled" if got or fillers > 1 else "filler"
                            yield next(self._lines(self._offline.say(occasion, self._known))), False
                        continue
                    for line in clauses.feed(piece):
                        got = True
                        yield self._stirring(line), True
                for line in clauses.finish() if stream.finished else ():
                    got = True
                    yield self._stirring(line), True
            if not got and stream.finished:
                self.trouble = "The model server sent an empty answer; check its model."
                yield from self._without_model(said)
        except ModelError as error:
            self.trouble = str(error)
            if got:
                yield from self._lines_kept(self._offline.say("cut_off", self._known))
            else:
                yield from self._without_model(said)
        finally:
            self._stream = None

    def _without_model(self, said: str) -> Iterator[tuple[Line, bool]]:
        """Yields what she rehearsed for this, when she is sure of it, else that her mind is blank."""
        sure = self._offline.sure(said)
        reply = self._offline.answer(said, self._known) if sure else self._offline.say("lost_server", self._known)
        yield from self._lines_kept(reply)

    def _messages(self, said: str) -> list[dict[str, str]]:
        return messages(
            self._character,
            self._turns[-CONTEXT:],
            mood=self.mood(),
            user=self._known.name,
            remembered=tuple(dict.fromkeys([*self._known.recalled, *self._known.facts[:6]])),
            known=self._offline.knows(said),
        )

    def _stirring(self, line: Line) -> Line:
        """Returns the line; what a model wants her to feel in it moves her mood a little."""
        self._mood.stir({n: _TAG_STIRS * w for n, w in line.direction.emotions.items()}, self._clock())
        return line

    def _notice(self, said: str) -> None:
        told = noticed(said)
        for fact in told:
            if fact.kind == "name":
                self._known.name = fact.value
            if self._memory:
                self._memory.note(self._user, replace(fact, at_s=self._clock()))
        texts = tuple(fact.text for fact in told)
        self._known.told = texts
        self._known.facts = tuple(dict.fromkeys([*(f.text for f in told if f.kind != "name"), *self._known.facts]))[:50]
        recalled = self._memory.recall(self._user, said, least=0.25) if self._memory else ()
        self._known.recalled = tuple(text for text in recalled if text not in texts and not text.endswith(f": {said}"))

    def _recollected(self) -> Known:
        facts = self._memory.facts(self._user) if self._memory else ()
        name = next((fact.value for fact in facts if fact.kind == "name"), "")
        return Known(name, tuple(fact.text for fact in facts if fact.kind != "name"))

    def _own(self, text: str) -> str:
        """Returns a wording of the house, filled in."""
        topics = self._wording.among(self._character.topics)
        return filled(text, self._known.name, {"name": self._character.display_name, "topics": topics})

    def _lines(self, text: str) -> Iterator[Line]:
        clauses = Clauses()
        yield from clauses.feed(text)
        yield from clauses.finish()

    def _lines_kept(self, text: str) -> Iterator[tuple[Line, bool]]:
        for line in self._lines(text):
            yield line, True

    def _played(self, line: Line) -> Line:
        """Returns the line as this character says it in this mood."""
        return replace(
            line,
            character=self._character.display_name,
            direction=self._mood.played_into(line.direction, self._clock()),
        )

    def _recorded(self, lines: Iterator[tuple[Line, bool]] | Iterator[Line]) -> Iterator[Line]:
        """Yields the lines in her mood and keeps what was said as a turn, also when the answer is broken off."""
        said: list[str] = []
        at, number = self._clock(), 0
        self._speaking, self._heard_so_far = True, None
        try:
            for item in lines:
                line, kept = item if isinstance(item, tuple) else (item, True)
                if kept:
                    said.append(line.text)
                yield replace(self._played(line), number=number)
                number += 1
        finally:
            lines.close()  # type: ignore[union-attr]
            self._speaking = False
            heard = self._heard_so_far
            if said:
                text = " ".join(part for part in said if part)
                self._keep(Turn(Speaker.ACTOR, text if heard is None else heard, at, heard))

    def _keep(self, turn: Turn, *, stored: bool = True) -> None:
        self._turns = [*self._turns, turn][-CONTEXT:]
        self._row = 0
        if self._memory and stored and turn.text:
            row = self._memory.add(self._user, turn, character=self._character.name, talk=self._talk)
            self._row = row if turn.speaker is Speaker.ACTOR else 0


def _tidy(text: str) -> str:
    """Returns the words of a user, without control signs; of a very long turn the beginning and the end."""
    kept = text if len(text) <= LONGEST else f"{text[: LONGEST // 4]} {text[-3 * LONGEST // 4 + 1 :]}"
    return " ".join("".join(c if c.isprintable() else " " for c in kept).split())
