"""What a check of a file found, in facts and in plain words."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The one-word answer. Only GENUINE means: ours, unchanged and complete."""

    GENUINE = "genuine"
    """Signed here, unchanged, every mark in place and in agreement, and the ledger proves the release."""
    INCOMPLETE = "incomplete"
    """Signed by someone trusted, but something cannot be confirmed."""
    UNKNOWN_SIGNER = "unknown signer"
    """Intact since it was signed, but nobody here vouches for the signer."""
    STRIPPED = "credentials stripped"
    """Our picture by its watermark and the ledger; the signed credentials were removed."""
    ALTERED = "altered"
    """The file is not what was signed."""
    CONTRADICTION = "contradiction"
    """Its marks disagree with each other or with the ledger."""
    UNMARKED = "no marks"
    """Nothing in the file says where it comes from."""


@dataclass(frozen=True)
class LedgerFinding:
    """The entry of the release. found_by: 'sha256', 'manifest' or 'watermark'. proven: included under a signed
    checkpoint of `checkpoint_size` entries. same_file: the file is byte for byte the released one. fingerprint_bits:
    how many of 64 bits the picture differs by from the recorded one, -1 when it was not compared.
    """

    index: int
    found_by: str
    proven: bool
    same_file: bool
    checkpoint_size: int
    released_at: str
    fingerprint_bits: int = -1


@dataclass(frozen=True)
class Report:
    """Everything `verify` found.

    credentials: state of the C2PA manifest: 'trusted', 'valid' (stranger), 'invalid' or 'none'. problems: C2PA codes.
    watermark: 'found', 'absent', 'unreadable here' (no key on this machine) or 'not used' (sound).
    watermark_score: standard deviations above wrong keys. findings: sentences for people, most important first.
    """

    path: str
    media_type: str
    verdict: Verdict
    findings: tuple[str, ...]
    credentials: str
    signer: str = ""
    signer_meaning: str = ""
    manifest_id: str = ""
    problems: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    digital_source_type: str = ""
    ai_tag: bool = False
    watermark: str = "absent"
    watermark_id: str = ""
    watermark_score: float = 0.0
    watermark_flipped: bool = False
    soft_binding: str = ""
    licence_ids: tuple[str, ...] = ()
    approval: tuple[str, ...] = ()
    ledger: LedgerFinding | None = None

    @property
    def exit_code(self) -> int:
        """Returns 0 for genuine and complete, 1 for anything else."""
        return 0 if self.verdict is Verdict.GENUINE else 1

    @property
    def matrix(self) -> str:
        """Returns the cell of manifest x watermark, as 'trusted x found'."""
        return f"{self.credentials} x {self.watermark}"
