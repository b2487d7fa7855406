"""The contract over every script reader on this machine."""

from understudy.testing.script_contract import *  # noqa: F403
