"""Is this file ours, unchanged and complete? Everything that can say so is read, and must agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.rights.aigc import AI_SOURCE_TYPES, KNOWN_SOURCE_TYPES
from understudy.rights.fingerprint import SAME, distance
from understudy.rights.keys import keys_exist, watermark_key
from understudy.rights.ledger import Entry, Ledger
from understudy.rights.manifest import Credentials, read_file
from understudy.rights.media import Contents, look_into
from understudy.rights.outlet import sha256_of
from understudy.rights.report import LedgerFinding, Report, Verdict
from understudy.rights.watermark import Detection, Detector

_MEANING = {
    "trusted": "This installation vouches for the signer.",
    "valid": (
        "Nobody here vouches for the signer: anyone can make such a certificate. It shows that the file has not "
        "changed since it was signed, not who made it."
    ),
    "invalid": "The signature does not fit the file, so the signer's name means nothing.",
    "none": "",
}


@dataclass(frozen=True)
class _Evidence:
    credentials: Credentials
    contents: Contents
    mark: Detection | None
    entry: Entry | None
    ledger: LedgerFinding | None
    signed_here: bool

    @property
    def is_sound(self) -> bool:
        return self.contents.media_type.startswith("audio/")

    @property
    def marked(self) -> bool:
        return self.mark is not None and self.mark.payload is not None

    @property
    def moved(self) -> bool:
        """Tells whether the watermark sits on another picture than the one it was made for."""
        return self.ledger is not None and self.ledger.fingerprint_bits > SAME


def verify(path: Path) -> Report:
    """Returns what all marks of an MP4, PNG, JPEG or WAV say, and whether they agree. Raises BadInput.

    Any other file is known when it was released here and is unchanged: models, curves, subtitles, edits. Nothing is
    fetched. The watermark and the ledger can be read only where the file was made; the C2PA credentials
    anywhere.
    """
    path = Path(path)
    try:
        contents = look_into(path)
    except BadInput:
        known = _by_digest(path)
        if known is None:
            raise
        return known
    credentials = read_file(path, contents.media_type)
    at_home = keys_exist()
    mark = _watermark(contents) if at_home else None
    entry, finding = _ledger(path, contents, credentials, mark) if at_home else (None, None)
    signed_here = bool(at_home and credentials.licence and credentials.licence.get("ledger") == Ledger().origin)
    evidence = _Evidence(credentials, contents, mark, entry, finding, signed_here)
    verdict, sentence = _verdict(evidence)
    grants = (credentials.licence or {}).get("grants", [])
    event = entry.event if entry else {}
    return Report(
        path=str(path),
        media_type=contents.media_type,
        verdict=verdict,
        findings=(sentence, *_remarks(evidence)),
        credentials=credentials.state,
        signer=credentials.signer,
        signer_meaning=_MEANING[credentials.state],
        manifest_id=credentials.manifest_id,
        problems=credentials.problems,
        actions=credentials.actions,
        digital_source_type=credentials.digital_source_type,
        ai_tag=contents.ai_tag is not None,
        watermark=_watermark_word(evidence),
        watermark_id=(mark.payload or "") if mark else "",
        watermark_score=mark.score if mark else 0.0,
        watermark_flipped=bool(mark and mark.payload and mark.flipped),
        soft_binding=credentials.soft_binding,
        licence_ids=tuple(str(g.get("licence_id", "")) for g in grants) or tuple(event.get("licences", ())),
        approval=tuple(event.get("approval", ())) or tuple(sorted({str(g.get("approval", "")) for g in grants})),
        ledger=finding,
    )


def _by_digest(path: Path) -> Report | None:
    """Returns the report on a file that can carry no signature and was released here as it is, None for another."""
    if not path.is_file() or not keys_exist():
        return None
    ledger = Ledger()
    entries = ledger.find(f"sha256:{sha256_of(path)}")
    checkpoint = ledger.checkpoint()
    if not entries or checkpoint is None or entries[0].event.get("kind") not in ("output.model", "output.performance"):
        return None
    entry, event = entries[0], entries[0].event
    proven = ledger.proves(entry)
    return Report(
        path=str(path),
        media_type=str(event.get("media_type", "")),
        verdict=Verdict.GENUINE if proven else Verdict.CONTRADICTION,
        findings=(
            "This is our work as it was released here; a file of its kind carries no signature that others can check."
            if proven
            else "The ledger entry of this file is not covered by a signed checkpoint: the ledger was tampered with.",
        ),
        credentials="none",
        watermark="not used",
        licence_ids=tuple(map(str, event.get("licences", ()))),
        approval=tuple(map(str, event.get("approval", ()))),
        ledger=LedgerFinding(
            index=entry.index,
            found_by="sha256",
            proven=proven,
            same_file=True,
            checkpoint_size=checkpoint.size,
            released_at=str(event.get("time", "")),
        ),
    )


def _verdict(e: _Evidence) -> tuple[Verdict, str]:
    if e.credentials.state == "invalid":
        return Verdict.ALTERED, "The file was changed after it was signed, or its signature was damaged."
    if e.credentials.state == "none":
        return _without_credentials(e)
    if e.credentials.state == "valid":
        if e.marked:
            return (
                Verdict.CONTRADICTION,
                "The picture carries our watermark, but a stranger signed the file: our film under other credentials.",
            )
        return Verdict.UNKNOWN_SIGNER, "The file is as it was signed, but nobody here vouches for its signer."
    if not e.signed_here:
        return (
            Verdict.INCOMPLETE,
            "A signer trusted here signed the file elsewhere; its watermark and ledger can be checked only there.",
        )
    return _signed_here(e)


def _without_credentials(e: _Evidence) -> tuple[Verdict, str]:
    if not e.marked:
        return (
            Verdict.UNMARKED,
            "Nothing in the file proves its origin; that does not make it a real recording.",
        )
    if e.ledger is None:
        return Verdict.CONTRADICTION, "The watermark reads with our key, but the ledger knows no such release."
    if e.moved:
        return (
            Verdict.CONTRADICTION,
            f"The watermark of ledger entry {e.ledger.index} sits on a picture that is not the released one.",
        )
    return (
        Verdict.STRIPPED,
        f"This is our work with its credentials removed: its watermark leads to ledger entry {e.ledger.index} "
        f"of {e.ledger.released_at}.",
    )


def _signed_here(e: _Evidence) -> tuple[Verdict, str]:
    wrong = next(_contradictions(e), "")
    if wrong:
        return Verdict.CONTRADICTION, wrong
    if e.contents.ai_tag is None:
        return Verdict.INCOMPLETE, "The file is signed and recorded here, but its machine-readable AI tag is missing."
    if not e.is_sound and not e.marked:
        return Verdict.INCOMPLETE, "The file is exactly as released, but too little picture carries its watermark."
    return Verdict.GENUINE, "This is our work, unchanged, with all its marks, and the ledger proves its release."


def _contradictions(e: _Evidence) -> Iterator[str]:
    made = e.credentials
    if made.digital_source_type not in KNOWN_SOURCE_TYPES:
        yield "The credentials name no known digital source type, which our releases always do."
    if made.digital_source_type not in AI_SOURCE_TYPES:
        yield "The credentials do not call this AI media, although it was signed here."
    if e.entry is None or e.ledger is None or e.ledger.found_by == "watermark":
        yield "The file is signed with this installation's key, but the ledger holds no such release."
    elif not e.ledger.proven:
        yield "The ledger entry of this release is not covered by a signed checkpoint: the ledger was tampered with."
    elif e.moved:
        yield "The picture is not the one the ledger recorded under its watermark."
    if e.is_sound:
        return
    if not made.soft_binding:
        yield "The credentials bind no watermark, which our films and stills always have."
    if e.marked and e.mark is not None and e.mark.payload != made.soft_binding:
        yield "The watermark in the picture is not the one that the credentials bind."
    readable = e.entry is None or bool(e.entry.event.get("watermark_readable", True))
    same = e.ledger is not None and e.ledger.same_file
    if not e.marked and not (same and not readable):
        yield "The credentials bind a watermark, but the picture carries none."


def _remarks(e: _Evidence) -> Iterator[str]:
    if e.credentials.state == "trusted" and e.signed_here:
        yield "Elsewhere this signer shows as unknown until its root certificate is installed there."
    if e.credentials.state == "invalid" and e.marked and e.ledger is not None and not e.moved:
        yield f"It was made from our work: its watermark leads to ledger entry {e.ledger.index}."
    if e.mark is None and not e.is_sound:
        yield "There is no watermark key on this machine, so a watermark could not be looked for."
    if e.is_sound:
        yield "Sound carries no watermark; without its credentials it cannot be traced."
    if e.marked and e.mark is not None and e.mark.flipped:
        yield "The picture is mirrored."
    if e.credentials.state in ("none", "invalid") and e.contents.ai_tag is not None:
        yield "An unsigned tag in the file says that it is made by AI."


def _watermark(contents: Contents) -> Detection | None:
    if contents.media_type.startswith("audio/"):
        return None
    detector = Detector()
    for grid in contents.grids:
        detector.add(grid)
    return detector.result(watermark_key(), Ledger().marks("watermark"))


def _watermark_word(e: _Evidence) -> str:
    if e.is_sound:
        return "not used"
    return "unreadable here" if e.mark is None else "found" if e.marked else "absent"


def _ledger(
    path: Path, contents: Contents, credentials: Credentials, mark: Detection | None
) -> tuple[Entry | None, LedgerFinding | None]:
    ledger, digest = Ledger(), sha256_of(path)
    names = {"sha256": digest, "manifest": credentials.manifest_id, "watermark": (mark.payload or "") if mark else ""}
    for found_by, value in names.items():
        entries = ledger.find(f"{found_by}:{value}") if value else ()
        if entries:
            entry, checkpoint = entries[0], ledger.checkpoint()
            event = entry.event
            looks = contents.looks_flipped if mark and mark.payload and mark.flipped else contents.looks
            recorded = [str(look) for _, look in event.get("fingerprints", ())]
            bits = min((distance(a, b) for a in looks for b in recorded), default=-1)
            finding = LedgerFinding(
                index=entry.index,
                found_by=found_by,
                proven=ledger.proves(entry),
                same_file=str(event.get("sha256", "")) == digest,
                checkpoint_size=checkpoint.size if checkpoint else 0,
                released_at=str(event.get("time", "")),
                fingerprint_bits=bits,
            )
            return entry, finding
    return None, None
