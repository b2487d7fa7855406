"""Where finished pictures of a shot wait while work is interrupted, so that it goes on at the next one."""

from typing import Protocol

from understudy.base.image import Image


class Shelf(Protocol):
    """Pictures of one shot by index. What lies on it is sealed: nothing but this installation can use it."""

    def has(self, index: int) -> bool:
        """Tells whether picture `index` waits here."""
        ...

    def load(self, index: int) -> Image | None:
        """Returns a picture, None when it is missing or was changed."""
        ...

    def keep(self, index: int, image: Image) -> None:
        """Puts a picture here. Raises Unavailable when the disk is full."""
        ...
