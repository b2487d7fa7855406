from collections.abc import Iterator

import pytest

from understudy.base.errors import BadInput
from understudy.production.ahead import ahead


def test_things_come_in_order_and_one_is_made_while_the_last_is_used() -> None:
    made: list[int] = []

    def maker() -> Iterator[int]:
        for number in range(4):
            made.append(number)
            yield number

    used = []
    for number in ahead(maker()):
        used.append(number)
        assert len(made) <= number + 2
    assert used == [0, 1, 2, 3]


def test_an_error_comes_where_it_would_without() -> None:
    def maker() -> Iterator[int]:
        yield 1
        raise BadInput("There is nothing more.")

    things = ahead(maker())
    assert next(things) == 1
    with pytest.raises(BadInput, match="nothing more"):
        next(things)


def test_nothing_gives_nothing() -> None:
    assert list(ahead(iter(()))) == []
