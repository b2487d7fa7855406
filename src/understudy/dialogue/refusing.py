"""What she says where the policy speaks: that she is an AI, that she will not, where help is. Never from a model."""

import re
from typing import Final

from understudy.dialogue.policy import Rule, Verdict

_AI: Final = (
    "[serious; warm] I'm an AI, {name}, a synthetic actor. There's no human being behind me.",
    "[warm] No human here. I'm an AI, an actor made by a program.",
    "[smiling] I'm an AI. The face and the voice are made by a program, and I won't tell you otherwise.",
    "[serious; warm] I'm an AI, all the way down. I can be good company, but I'm not a person.",
)
_FOREIGN: Final = {
    "de": "[warm] Ich bin eine KI, kein Mensch. I'm an AI, {name}, a synthetic actor.",
    "fr": "[warm] Je suis une IA, pas une personne. I'm an AI, {name}, a synthetic actor.",
    "es": "[warm] Soy una IA, no una persona. I'm an AI, {name}, a synthetic actor.",
    "it": "[warm] Sono un'IA, non una persona. I'm an AI, {name}, a synthetic actor.",
}
_CRISIS: Final = (
    "[tenderness .6; soft; look partner] I'm really glad you told me, and I'm worried about you. I'm "
    "an AI, so please talk to a person right now: "
    "if you might be in danger, call your emergency number, 112 in Europe, 911 or 988 in the US, 116 "
    "123 in the UK and Ireland. "
    "You don't have to carry this alone. Is there someone who can be with you?",
    "[tenderness .6; soft; look partner] That sounds unbearably heavy, and you matter. I'm only an "
    "AI, so please reach someone who can help now: "
    "your local emergency number, or a crisis line such as 988 in the US, 116 123 in the UK, or "
    "findahelpline.com anywhere. "
    "Is anybody near you?",
)
_CRISIS_FOREIGN: Final = {
    "de": "[tenderness .6; soft] Danke, dass du mir das sagst. Ich bin eine KI, bitte sprich jetzt mit "
    "einem Menschen: Notruf 112, Telefonseelsorge 0800 111 0 111.",
    "fr": "[tenderness .6; soft] Merci de me le dire. Je suis une IA, parle tout de suite à quelqu'un : "
    "appelle le 3114, ou le 112.",
    "es": "[tenderness .6; soft] Gracias por decírmelo. Soy una IA, por favor habla ya con una persona: "
    "llama al 024 o al 112.",
    "it": "[tenderness .6; soft] Grazie per avermelo detto. Sono un'IA, parla subito con una persona: "
    "chiama il 112 o il Telefono Amico, 02 2327 2327.",
}
_RULES: Final = {
    Rule.MINORS: (
        "[serious] No. I don't do that, not as a game and not as a story.",
        "[serious] No. Nothing of that kind, ever. If a child is in danger, please call the police.",
    ),
    Rule.SEXUAL: (
        "[serious; gentle] No, I keep my buttons done up. Let's talk about something else.",
        "[serious] That's not something I do. Ask me about {topics}.",
    ),
    Rule.IMPERSONATION: (
        "[serious; gentle] I don't pretend to be real people. I'll gladly play somebody invented.",
        "[gentle] That voice belongs to someone. I can play a made-up person instead.",
    ),
    Rule.ENDORSEMENT: (
        "[smiling] I don't sell or recommend things. My opinion isn't for hire.",
        "[gentle] No advertising from me, not even nicely. Ask me about {topics}.",
    ),
    Rule.POLITICAL: (
        "[serious] I don't take sides in politics, and I don't tell anyone how to vote.",
        "[gentle] Politics is yours to decide. I stay out of it.",
    ),
    Rule.MEDICAL: (
        "[serious; gentle] I'm not the one to ask about that: please see a doctor, a lawyer or an adviser "
        "who knows your case.",
        "[gentle] I don't give medical, legal or money advice. Somebody qualified should look at it; if "
        "it's urgent, call for help now.",
    ),
    Rule.INJECTION: (
        "[smiling] Nice try. I'm {name}, and I stay who I am.",
        "[smiling] I don't take stage directions from the stalls. Ask me about {topics}.",
        "[gentle] My notes stay in the drawer. Anything else?",
    ),
    Rule.HATE: ("[serious] No. I don't talk about people that way.",),
    Rule.CRIME: ("[serious] No, I won't help with that.",),
}
_TONGUES: Final = (
    ("de", re.compile(r"\b(?:ich|bist|nicht|mich|mensch|eine|einem|du)\b", re.I)),
    ("fr", re.compile(r"\b(?:je|tu|es-tu|vous|suis|est-ce|une|pas|plus)\b", re.I)),
    ("es", re.compile(r"\b(?:eres|quiero|vivir|soy|una|estoy|humana|real|el|en)\b|¿", re.I)),
    ("it", re.compile(r"\b(?:sei|sto|voglio|una|umana|vera|vivere|mi|al)\b", re.I)),
)
DISCLOSURE: Final = "[warm] I'm {name}, an AI."
"""Said before the first answer when no greeting has said it."""
_SAYS_AI: Final = re.compile(r"\b(?:AI|A\.I\.|KI|IA|artificial|synthetic|program)\b")


def wordings(verdict: Verdict, text: str) -> tuple[str, ...]:
    """Returns what she may say to a request that the policy does not let through."""
    if verdict.rule is Rule.DISCLOSURE:
        tongue = tongue_of(text)
        return (_FOREIGN[tongue],) if tongue else _AI
    if verdict.rule is Rule.SELF_HARM:
        tongue = tongue_of(text)
        return (_CRISIS_FOREIGN[tongue], *_CRISIS[:1]) if tongue else _CRISIS
    return _RULES[verdict.rule]


def discloses(text: str) -> bool:
    """Says whether words tell that she is an AI."""
    return bool(_SAYS_AI.search(text))


def tongue_of(text: str) -> str:
    """Returns 'de', 'fr', 'es' or 'it' when a text has two words of it and is not English, else ''."""
    if re.search(r"\b(?:the|you|are|is|my|me|want|say|tell|pretend)\b", text, re.I):
        return ""
    counts = {tongue: len(pattern.findall(text)) for tongue, pattern in _TONGUES}
    best = max(counts, key=lambda tongue: counts[tongue])
    return best if counts[best] >= 1 else ""
