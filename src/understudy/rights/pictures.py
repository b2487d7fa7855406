"""Pictures of a live session: each leaves with the label and the watermark that films have."""

from understudy.base.errors import BadInput
from understudy.base.image import Image
from understudy.rights.granting import require_genuine
from understudy.rights.keys import watermark_key
from understudy.rights.label import label_for
from understudy.rights.ledger import Ledger
from understudy.rights.live import OnAir
from understudy.rights.watermark import Marker, grid_of

SMALLEST_PX = 128


class LivePictures:
    """Marks the pictures of one session, in order. The watermark carries the mark of the session in the ledger.

    Raises NotAllowed for a session whose grant is not genuine or no longer runs, BadInput for a size that cannot
    carry the marks.
    """

    def __init__(self, on_air: OnAir, size_px: tuple[int, int]) -> None:
        require_genuine([on_air.grant])
        if size_px[0] % 2 or size_px[1] % 2 or min(size_px) < SMALLEST_PX:
            size = "x".join(map(str, size_px))
            raise BadInput(f"Live pictures of {size} cannot be made; use even numbers of at least {SMALLEST_PX}.")
        self.size_px = size_px
        self._label = label_for(size_px)
        self._marker = Marker(watermark_key(), on_air.mark, size_px)
        facts = {"mark": on_air.mark, "size_px": list(size_px), "label": "burnt in"}
        Ledger().record("live.pictures", facts, [f"live:{on_air.mark}", f"watermark:{on_air.mark}"])

    def mark(self, picture: Image) -> Image:
        """Returns a picture as it may leave. Raises ValueError for one of another size."""
        if picture.size_px != self.size_px:
            raise ValueError(f"the session's pictures are {self.size_px}, and this one is {picture.size_px}")
        pixels = picture.pixels.copy()
        self._label.blend_rgb(pixels)
        self._marker.mark_rgb(pixels, grid_of(pixels[:, :, :3]) if self._marker.due else None)
        return Image(pixels)
