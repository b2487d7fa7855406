"""A voice brought near to a person's, with their leave: one file `name.voice`. The recording itself is not in it."""

from dataclasses import dataclass
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.bundle import decode, encode, read_bundle, write_bundle
from understudy.hub.voice import Voice

CONSENT_MEMBER = "consent.jws"
MATCH_MEMBER = "match.jws"
"""Members of a `.voice` and of an `.actor` that speaks with one."""


@dataclass(frozen=True)
class Likeness:
    """voice: with its `match`. consent_jws: the person's signed leave. match_jws: by the installation that matched it,
    says that this voice was made of the recording that the consent names."""

    voice: Voice
    consent_jws: str
    match_jws: str

    @staticmethod
    def open(path: Path) -> "Likeness":
        """Opens a `.voice` file. Raises BadInput."""
        if not path.is_file():
            raise BadInput(f"There is no voice file at {path}; make one with: understudy voice match.")
        bundle = read_bundle(path.read_bytes(), str(path))
        for member in ("voice.json", CONSENT_MEMBER, MATCH_MEMBER):
            if member not in bundle:
                raise BadInput(f"{path} is not a complete voice: '{member}' is missing; match it again.")
        voice = decode(Voice, "Voice", bundle["voice.json"], str(path))
        return Likeness(voice, *(bundle[m].decode(errors="replace") for m in (CONSENT_MEMBER, MATCH_MEMBER)))

    def members(self) -> dict[str, bytes]:
        """Returns what an actor with this voice carries in its file."""
        return {CONSENT_MEMBER: self.consent_jws.encode(), MATCH_MEMBER: self.match_jws.encode()}

    def save(self, path: Path) -> None:
        """Writes the `.voice` bundle; the same voice gives the same bytes."""
        write_bundle(path, {"voice.json": encode("Voice.1", self.voice), **self.members()})
