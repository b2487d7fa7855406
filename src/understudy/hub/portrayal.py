"""Whose face an actor has, and by whose leave: a person in a video, who signed for that very video."""

from dataclasses import dataclass

FACE_CONSENT_MEMBER = "face_consent.jws"
"""Member of an `.actor`: the person's signed leave."""
FACE_MEMBER = "face.jws"
"""Member of an `.actor`: by the installation that made it, says that this face was made from the video the consent
names."""
FACE_KIND = "independently_created"
"""Kind of the identity, and of the licence, of an actor who was made from a video of a person."""


@dataclass(frozen=True)
class Portrayal:
    """consent_id: of the signed consent. video_sha256: hex, of the video that it names."""

    consent_id: str
    video_sha256: str
