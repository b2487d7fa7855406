"""An actor goes on air: a live session is let out with its marks, and begins and ends in the ledger."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from understudy.base.errors import NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Purpose
from understudy.rights.granting import grant_digest, require_genuine
from understudy.rights.ledger import Ledger
from understudy.rights.marked import marks_of


@dataclass(frozen=True)
class OnAir:
    """Leave to show one actor live. marks: what the body and every channel must carry. notice: what people read."""

    marks: Mapping[str, str]
    grant: Grant
    mark: str

    @property
    def notice(self) -> str:
        return self.marks["notice"]

    def end(self, seconds: float, turns: int) -> None:
        """Records that the session is over, and how long it was."""
        facts = {"mark": self.mark, "seconds": round(seconds, 1), "turns": turns, "grant": grant_digest(self.grant)}
        Ledger().record("live.ended", facts, [f"live:{self.mark}"])


def go_live(actor: Actor, grant: Grant, *, title: str) -> OnAir:
    """Lets an actor out live and records it. Raises NotAllowed for a grant that is not genuine, not this actor's or
    not for live conversation, Unavailable when the ledger cannot be used."""
    require_genuine([grant])
    grant.require(actor.name, actor.digest)
    if grant.purpose is not Purpose.LIVE_CONVERSATION:
        raise NotAllowed(f"The grant is for {grant.purpose}; ask rights.authorise for live_conversation.")
    mark = secrets.token_hex(6)
    marks = marks_of([actor], [grant], title=title, kind="performance", mark=mark)
    facts = {
        "mark": mark,
        "grant": grant_digest(grant),
        "licence": grant.licence_id,
        "actor": actor.digest,
        "approval": str(grant.approval),
    }
    Ledger().record("live.begun", facts, [f"live:{mark}"])
    return OnAir(marks, grant, mark)
