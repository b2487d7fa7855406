"""What a back-end says of itself before it is used."""

from dataclasses import dataclass

PERMISSIVE = frozenset(
    {"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "CC0-1.0", "PSF-2.0", "own", "none"}
)


@dataclass(frozen=True)
class Card:
    """The label of one back-end.

    name: its entry-point name. summary: one line for `understudy doctor`. code_licence and weights_licence: SPDX
    identifiers ('own' = Understudy's licence, 'none' = there are no weights). needs: what must be on the machine, in
    words. better: what would sound or look better, or ''. streams: whether results arrive in pieces.
    deterministic: whether the same input and seed give the same bytes on a CPU. separate_process: whether copyleft
    code stays on its own side of a process boundary. resumes: of a renderer, whether a stopped shot goes on picture by
    picture (see `hub.shelf`). passes: of a renderer, whether it gives passes (see `hub.passes`). avatar: of a renderer,
    whether it draws the avatar in an actor's bundle and refuses actors without. remote: whether what it is given
    leaves this machine; such a back-end works only for who asks for it by name.
    """

    name: str
    summary: str
    code_licence: str
    weights_licence: str = "none"
    needs: str = ""
    languages: tuple[str, ...] = ()
    streams: bool = False
    deterministic: bool = True
    separate_process: bool = False
    resumes: bool = False
    passes: bool = False
    avatar: bool = False
    remote: bool = False

    @property
    def permissive(self) -> bool:
        return self.code_licence in PERMISSIVE and self.weights_licence in PERMISSIVE
