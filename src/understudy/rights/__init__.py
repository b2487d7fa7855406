"""Who may act, what leaves the building, and how anyone can check it later.

This is the only stage that writes media files. Every file gets all of its marks, in this order: the label a viewer
sees, the watermark in the pixels, the encoding, the machine-readable AI tag, and the C2PA signature last; then one
entry in the append-only ledger; and only then the file appears under its name.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.rights.airing import Airing as Airing
    from understudy.rights.airing import checked_address as checked_address
    from understudy.rights.airing import named_address as named_address
    from understudy.rights.consent import consent_named as consent_named
    from understudy.rights.consent import new_signer as new_signer
    from understudy.rights.consent import open_consent as open_consent
    from understudy.rights.consent import read_signer as read_signer
    from understudy.rights.consent import sign_consent as sign_consent
    from understudy.rights.consent import withdraw as withdraw
    from understudy.rights.consent import write_consent as write_consent
    from understudy.rights.face import face_licence as face_licence
    from understudy.rights.face import may_portray as may_portray
    from understudy.rights.face import seal_face as seal_face
    from understudy.rights.granting import authorise as authorise
    from understudy.rights.house import pin_house as pin_house
    from understudy.rights.house import pinned as pinned
    from understudy.rights.keys import trust_licensor as trust_licensor
    from understudy.rights.ledger import Ledger as Ledger
    from understudy.rights.licence import decide as decide
    from understudy.rights.licence import licensed_here as licensed_here
    from understudy.rights.licence import sign_licence as sign_licence
    from understudy.rights.live import OnAir as OnAir
    from understudy.rights.live import go_live as go_live
    from understudy.rights.model import release_model as release_model
    from understudy.rights.motion import release_motion as release_motion
    from understudy.rights.passes import PassesOut as PassesOut
    from understudy.rights.pictures import LivePictures as LivePictures
    from understudy.rights.release import Release as Release
    from understudy.rights.release import open_release as open_release
    from understudy.rights.replica import may_match as may_match
    from understudy.rights.replica import seal_match as seal_match
    from understudy.rights.replica import voice_licence as voice_licence
    from understudy.rights.report import Report as Report
    from understudy.rights.report import Verdict as Verdict
    from understudy.rights.segment import Segment as Segment
    from understudy.rights.sound import release_sound as release_sound
    from understudy.rights.still import release_still as release_still
    from understudy.rights.verification import verify as verify
    from understudy.rights.workroom import Workroom as Workroom
    from understudy.rights.workroom import open_workroom as open_workroom

_HOMES = {
    "Airing": "airing",
    "checked_address": "airing",
    "named_address": "airing",
    "authorise": "granting",
    "pin_house": "house",
    "pinned": "house",
    "trust_licensor": "keys",
    "Ledger": "ledger",
    "sign_licence": "licence",
    "OnAir": "live",
    "go_live": "live",
    "LivePictures": "pictures",
    "PassesOut": "passes",
    "release_model": "model",
    "release_motion": "motion",
    "Workroom": "workroom",
    "open_workroom": "workroom",
    "Release": "release",
    "Segment": "segment",
    "open_release": "release",
    "Report": "report",
    "Verdict": "report",
    "release_sound": "sound",
    "release_still": "still",
    "may_match": "replica",
    "seal_match": "replica",
    "voice_licence": "replica",
    "new_signer": "consent",
    "read_signer": "consent",
    "write_consent": "consent",
    "sign_consent": "consent",
    "open_consent": "consent",
    "withdraw": "consent",
    "face_licence": "face",
    "may_portray": "face",
    "seal_face": "face",
    "decide": "licence",
    "licensed_here": "licence",
    "consent_named": "consent",
    "verify": "verification",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
