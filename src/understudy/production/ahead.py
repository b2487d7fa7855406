"""One thing ahead: what a slow maker gives next is made while the last is used."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yields items in order, the next one made in a thread of its own meanwhile; its errors come where it would."""
    nothing = object()
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, items, nothing)
        while (item := coming.result()) is not nothing:
            coming = maker.submit(next, items, nothing)
            yield item  # type: ignore[misc]
