"""OSC messages, put together by python-osc and packed into datagrams that fit."""

from collections.abc import Iterable, Iterator
from typing import Final

from understudy.base.errors import MissingExtra
from understudy.live.outlets.outlet import LARGEST_BYTES

Value = str | float | int | bool
Message = tuple[str, tuple[Value, ...]]
"""Address and arguments; a float goes as 'f', an int as 'i', a bool as 'T' or 'F'."""
_BUNDLE_HEAD: Final = 16
_SIZE: Final = 4


def bundles(messages: Iterable[Message], largest: int = LARGEST_BYTES) -> Iterator[bytes]:
    """Yields bundles ('immediately') with all messages in order, each at most `largest` bytes. Raises MissingExtra."""
    try:
        from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
        from pythonosc.osc_message_builder import OscMessageBuilder
    except ImportError as error:
        raise MissingExtra("Sending OSC", "live") from error
    builder, size = OscBundleBuilder(IMMEDIATELY), _BUNDLE_HEAD
    for address, values in messages:
        message = OscMessageBuilder(address)
        for value in values:
            message.add_arg(value)
        built = message.build()
        if size > _BUNDLE_HEAD and size + _SIZE + built.size > largest:
            yield builder.build().dgram
            builder, size = OscBundleBuilder(IMMEDIATELY), _BUNDLE_HEAD
        builder.add_content(built)
        size += _SIZE + built.size
    if size > _BUNDLE_HEAD:
        yield builder.build().dgram
