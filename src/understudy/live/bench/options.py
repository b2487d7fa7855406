"""How `understudy bench live` is run, and what is said in it."""

from dataclasses import dataclass

TEXTS = (
    "Yes.", "No, not at all.", "I think so, too.", "Good morning.", "Well, that depends on the weather.",
    "Let me think about it.", "Who told you that?", "It was a long winter, and nobody came to the house.",
    "Of course.", "You could ask her yourself, if you like.", "Thank you.", "I have never been to Paris.",
    "The train leaves at seven, and we are late already, so let us go.", "Maybe.", "Tell me more about your sister.",
    "That is kind of you.", "When the lights went out, everybody laughed, and then nobody did.", "Really?",
    "I would rather stay here tonight.", "Good.",
)  # fmt: skip
"""What is said, of mixed lengths, 1 to 14 words."""


@dataclass(frozen=True)
class LiveBenchOptions:
    """How the benchmark is run; the shell takes its defaults and help from here."""

    actor: str = "emi"
    voice: str = ""
    """Engine or engine/voice; '' = what `understudy live` would take here."""
    turns: int = 200
    """Turns of the first rows."""
    crowd: int = 20
    """Talks at once."""
    minutes: float = 20.0
    """Length of the long run."""
    doors: int = 200
    """How often somebody connects and leaves."""
