"""Passes leave the building: one EXR and one JSON a picture, and a signed list that says what they are.

Each EXR carries the digital source type and the AI tag in its header; `passes.json` names every file with its digest,
the grant, and the signature of this installation, and the ledger has an entry of it.
"""

import json
from pathlib import Path

import numpy as np

from understudy.base.errors import BadInput
from understudy.base.exr import write_exr
from understudy.hub.passes import Passes
from understudy.hub.rights import Grant
from understudy.rights import aigc
from understudy.rights.granting import grant_digest, require_genuine
from understudy.rights.ledger import Ledger, now
from understudy.rights.outlet import require_writable, sha256_of, trouble
from understudy.rights.tokens import sign_token

_LIST = "passes.json"


class PassesOut:
    """A folder of passes in the making. Raises NotAllowed for a grant that is not genuine, Unavailable for the disk."""

    def __init__(self, folder: Path, *, grant: Grant, title: str, produce_id: str) -> None:
        require_genuine([grant])
        require_writable(folder, folder / _LIST)
        self._folder, self._grant, self._title = folder, grant, title
        self._notes = {
            "DigitalSourceType": aigc.SOURCE_TYPE,
            "AIGC": aigc.tag(produce_id),
            "comments": "Synthetic: computer-generated picture data of an AI actor, made with Understudy.",
            "owner": title,
        }

    def has(self, index: int) -> bool:
        """Tells whether the passes of a picture are written."""
        return self._path(index, ".exr").is_file() and self._path(index, ".json").is_file()

    def write(self, index: int, passes: Passes) -> None:
        """Writes the passes of one picture."""
        channels = {
            "depth.Z": passes.depth_m,
            "mask.A": passes.mask,
            **{f"normal.{axis}": passes.normal[..., i] for i, axis in enumerate("XYZ")},
            **{f"albedo.{axis}": passes.albedo[..., i] for i, axis in enumerate("RGB")},
        }
        landmarks = {name: [round(float(v), 4) for v in at] for name, at in passes.landmarks.items()}
        facts = {"schema": "Landmarks.1", "synthetic": True, "picture": index, "landmarks": landmarks}
        draft = self._path(index, ".exr.part")
        try:
            write_exr(draft, {n: np.asarray(p, np.float32) for n, p in channels.items()}, self._notes)
            self._path(index, ".json").write_text(json.dumps(facts, indent=1) + "\n")
            draft.replace(self._path(index, ".exr"))
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise trouble(error, draft) from error

    def finish(self) -> Path:
        """Signs the list of what was written, records it, and returns its path. Raises BadInput when there is none."""
        files = sorted([*self._folder.glob("picture-*.exr"), *self._folder.glob("picture-*.json")])
        if not files:
            raise BadInput("No passes were written; the look that drew this has none.")
        facts = {
            "kind_of_work": "passes",
            "title": self._title,
            "synthetic": True,
            "digital_source_type": aigc.SOURCE_TYPE,
            "made_at": now(),
            "grant": grant_digest(self._grant),
            "actor": self._grant.actor_digest,
            "files": {path.name: sha256_of(path) for path in files},
        }
        out = self._folder / _LIST
        signed = {**facts, "token": sign_token(facts)}
        try:
            out.write_text(json.dumps(signed, indent=1) + "\n")
        except OSError as error:
            raise trouble(error, out) from error
        event = {name: value for name, value in facts.items() if name != "title"}  # no title is ever in the ledger
        event |= {"files": len(files), "sha256": sha256_of(out)}
        Ledger().record("passes.signed", event, [f"sha256:{event['sha256']}"])
        return out

    def _path(self, index: int, ending: str) -> Path:
        return self._folder / f"picture-{index:06d}{ending}"
