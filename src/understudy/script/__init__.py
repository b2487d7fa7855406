"""From a text to a Script: scenes of lines, each with its direction."""

from understudy.script.direction import direct
from understudy.script.reader import Reader, read

__all__ = ["Reader", "direct", "read"]
