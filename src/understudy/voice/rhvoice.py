"""RHVoice: the best-sounding free English voices, found on the machine and run as a separate program.

Its library is GPL-3+ as distributions build it, so nothing of it is loaded here: each clause is one run of its command
line program (about 0.2 s). Only voices under free licences are offered; the package also brings two under CC BY-NC-ND
(lyubov, evgeniy-eng), which are never used.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from understudy.base.audio import read_sound
from understudy.base.errors import Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.voice.clause import Clause
from understudy.voice.engine import Sounding
from understudy.voice.spelling import respell

PROGRAM = "RHVoice-test"
VOICES = ("clb", "slt", "bdl", "alan")
"""Women: clb, slt. Men: bdl, alan (Scottish). CMU and LGPL voices."""
FOLDERS = ("/usr/share/RHVoice/voices", "/usr/local/share/RHVoice/voices")
_STOPS = {"-": ",", "…": ".", "": ",", ":": ","}


class RHVoice:
    """RHVoice's command line program."""

    card: ClassVar[Card] = Card(
        name="rhvoice",
        summary="RHVoice: American and Scottish English, two women and two men, 24 kHz, the clearest free voices",
        code_licence="GPL-3.0-or-later",
        weights_licence="LGPL-2.1-or-later",
        needs=f"the program {PROGRAM} and its English voices",
        languages=("en-US",),
        separate_process=True,
    )

    def missing(self) -> str:
        if not shutil.which(PROGRAM):
            return (
                f"RHVoice's program {PROGRAM} is not here; on Debian non-free: apt-get install rhvoice rhvoice-english"
            )
        if not _installed():
            return f"RHVoice has none of the voices {', '.join(VOICES)}; on Debian: apt-get install rhvoice-english"
        return ""

    def bases(self) -> Mapping[str, str]:
        return {} if self.missing() else dict.fromkeys(_installed(), "en-US")

    def say(self, clause: Clause, base: str) -> Sounding:
        if base not in VOICES:
            raise UnknownName("RHVoice voice", base, VOICES)
        if why := self.missing():
            raise Unavailable(why)
        words = " ".join(respell(w.phones) if w.phones and len(w.text) > 1 else w.text for w in clause.words)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clause.wav"
            command = [PROGRAM, "-p", base, "-o", str(path)]
            text = words + _STOPS.get(clause.mark, clause.mark)
            try:
                subprocess.run(command, input=text.encode(), check=True, capture_output=True, timeout=60)
            except (subprocess.SubprocessError, OSError) as error:
                raise Unavailable(f"{PROGRAM} failed ({error}); try it by hand, or choose another engine.") from error
            if not path.is_file():
                raise Unavailable(f"{PROGRAM} gives no sound for '{clause.text[:60]}'; write the words another way.")
            return Sounding(read_sound(path))


def _installed() -> list[str]:
    """Returns the free English voices on this machine; $RHVOICE_DATA names one more folder to look in."""
    folders = [Path(f) for f in (*FOLDERS, os.environ.get("RHVOICE_DATA", "")) if f]
    return [name for name in VOICES if any((folder / name).is_dir() for folder in folders)]
