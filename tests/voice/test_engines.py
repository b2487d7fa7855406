"""The contract over every engine on this machine."""

from understudy.testing.voice_contract import *  # noqa: F403
