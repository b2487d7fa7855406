"""From what a user says to what a character answers: persona, memory, mood, policy, and a model when there is one."""

from understudy.dialogue.mind import Mind
from understudy.hub.character import read_character

__all__ = ["Mind", "read_character"]
