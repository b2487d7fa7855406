"""From what a user says to what a character answers: persona, memory, mood, policy, and a model when there is one."""

from understudy.dialogue.memory import Memory, forget
from understudy.dialogue.mind import Mind
from understudy.dialogue.model import ChatServer, ModelError
from understudy.hub.character import character_of, plain_character, read_character

__all__ = ["ChatServer", "Memory", "Mind", "ModelError", "character_of", "forget", "plain_character", "read_character"]
