"""What she is asked and what she says, judged in code outside any model."""

from understudy.dialogue.policy.policy import Policy, Rule, Verdict

__all__ = ["Policy", "Rule", "Verdict"]
