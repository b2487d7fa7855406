"""The contract over every renderer on this machine."""

from understudy.testing.render_contract import *  # noqa: F403
