"""What HTTP serves: a placeholder until the page is there."""

from collections.abc import Mapping
from typing import Any

from understudy.hub.actor import Actor


def site(actor: Actor, place: str, marks: Mapping[str, str]) -> tuple[dict[str, tuple[bytes, str]], dict[str, Any]]:
    return {"/": (b"page", "text/html")}, {}
