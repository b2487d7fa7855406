"""The film look: `--look film`, extra [film]."""

from understudy.render.film.film import Film, survey
from understudy.render.film.options import TraceOptions

__all__ = ["Film", "TraceOptions", "survey"]
