"""Understudy: an open AI-actor engine. Importing it loads no graphics, no speech and no network."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.base.errors import UnderstudyError
    from understudy.hub.actor import Actor, house_actors
    from understudy.hub.frames import Shot, ShotSize
    from understudy.hub.performance import Performance
    from understudy.hub.place import Place, places
    from understudy.hub.rights import Grant, Released
    from understudy.hub.script import Direction, Line, Script
    from understudy.hub.speech import Speech
    from understudy.production.animate import animate
    from understudy.production.film import perform
    from understudy.production.say import say
    from understudy.production.shoot import shoot
    from understudy.production.still import still
    from understudy.rights import verify

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Direction",
    "Grant",
    "Line",
    "Performance",
    "Place",
    "Released",
    "Script",
    "Shot",
    "ShotSize",
    "Speech",
    "UnderstudyError",
    "animate",
    "house_actors",
    "perform",
    "places",
    "say",
    "shoot",
    "still",
    "verify",
]

_HOME = {
    "Actor": "hub.actor",
    "Direction": "hub.script",
    "Grant": "hub.rights",
    "Line": "hub.script",
    "Performance": "hub.performance",
    "Place": "hub.place",
    "Released": "hub.rights",
    "Script": "hub.script",
    "Shot": "hub.frames",
    "ShotSize": "hub.frames",
    "Speech": "hub.speech",
    "UnderstudyError": "base.errors",
    "animate": "production.animate",
    "house_actors": "hub.actor",
    "perform": "production.film",
    "places": "hub.place",
    "say": "production.say",
    "shoot": "production.shoot",
    "still": "production.still",
    "verify": "rights",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'understudy' has no attribute '{name}'")
    return getattr(import_module(f"understudy.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
