"""Where Understudy keeps what belongs to the user of this machine."""

import os
from pathlib import Path


def home() -> Path:
    """Returns the folder for keys, the ledger and the roster: $UNDERSTUDY_HOME, else ~/.local/share/understudy."""
    chosen = os.environ.get("UNDERSTUDY_HOME")
    if chosen:
        return Path(chosen).expanduser()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "understudy"


def cache() -> Path:
    """Returns the folder for what can be made again at any time: $UNDERSTUDY_CACHE, else ~/.cache/understudy."""
    chosen = os.environ.get("UNDERSTUDY_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    data = os.environ.get("XDG_CACHE_HOME")
    return (Path(data) if data else Path.home() / ".cache") / "understudy"
