"""What she keeps of a user: what was said and when, and what it told about the user. SQLite, on this machine alone.

One row a turn and one a fact, each with its sentence vector for retrieval. A write-ahead log makes every committed row
survive a kill; `forget` deletes all rows of a user, overwrites them and vacuums the file.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from understudy.base.errors import BadInput, Unavailable
from understudy.base.folders import home
from understudy.dialogue.embedding import embed
from understudy.hub.talk import Speaker, Turn

MOST_TURNS: Final = 4_000
"""Turns kept a user; older ones go first."""
MOST_FACTS: Final = 400
LONGEST_FACT: Final = 160
QUOTED: Final = "You said: "
"""Begins a recalled sentence that is the user's own words."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS turn (
  id INTEGER PRIMARY KEY, user TEXT NOT NULL, character TEXT NOT NULL, talk TEXT NOT NULL, at_s REAL NOT NULL,
  speaker TEXT NOT NULL, text TEXT NOT NULL, heard TEXT, vector BLOB);
CREATE INDEX IF NOT EXISTS turn_user ON turn (user, at_s);
CREATE TABLE IF NOT EXISTS fact (
  user TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, text TEXT NOT NULL, at_s REAL NOT NULL, vector BLOB,
  PRIMARY KEY (user, kind, value));
"""


@dataclass(frozen=True)
class Noted:
    """Something known about a user. kind: 'name', 'likes', 'lives', 'told' ... value: the bare word or words.

    text: a sentence to say it with ('You like jazz.'). at_s: when it was told, Unix time.
    """

    kind: str
    value: str
    text: str
    at_s: float = 0.0


class Memory:
    """The memory of one machine. path: the file; None = in the user's own folder. Safe to share between threads."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "memory.sqlite"
        self._lock = threading.RLock()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=10.0, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.executescript(_SCHEMA)
            self.path.chmod(0o600)
        except sqlite3.DatabaseError as error:
            raise BadInput(f"{self.path} is no memory of Understudy ({error}); move it away.") from error
        except OSError as error:
            raise Unavailable(
                f"The memory cannot be kept at {self.path} ({error.strerror}); free or allow it."
            ) from error

    def add(self, user: str, turn: Turn, *, character: str = "", talk: str = "") -> int:
        """Keeps a turn and returns its row; old turns beyond MOST_TURNS go."""
        vector = embed([turn.known])[0].astype(np.float16).tobytes() if turn.speaker is Speaker.USER else None
        with self._writing() as db:
            row = db.execute(
                "INSERT INTO turn (user, character, talk, at_s, speaker, text, heard, vector) VALUES (?,?,?,?,?,?,?,?)",
                (user, character, talk, turn.at_s, turn.speaker.value, turn.text, turn.heard, vector),
            ).lastrowid
            db.execute(
                "DELETE FROM turn WHERE user = ? AND id <= (SELECT id FROM turn WHERE user = ? ORDER BY id DESC"
                " LIMIT 1 OFFSET ?)",
                (user, user, MOST_TURNS),
            )
        return int(row or 0)

    def heard(self, row: int, text: str) -> None:
        """Keeps of a turn only what was heard: the rest is overwritten."""
        with self._writing() as db:
            db.execute("UPDATE turn SET text = ?, heard = ? WHERE id = ?", (text, text, row))

    def note(self, user: str, noted: Noted) -> None:
        """Keeps a fact; a name or a place replaces the old one, the same fact is renewed."""
        value, text = noted.value[:LONGEST_FACT], noted.text[:LONGEST_FACT]
        vector = embed([text])[0].astype(np.float16).tobytes()
        with self._writing() as db:
            if noted.kind in ("name", "lives", "age"):
                db.execute("DELETE FROM fact WHERE user = ? AND kind = ?", (user, noted.kind))
            db.execute(
                "INSERT OR REPLACE INTO fact (user, kind, value, text, at_s, vector) VALUES (?,?,?,?,?,?)",
                (user, noted.kind, value, text, noted.at_s or time.time(), vector),
            )
            db.execute(
                "DELETE FROM fact WHERE user = ? AND rowid NOT IN (SELECT rowid FROM fact WHERE user = ? ORDER BY"
                " at_s DESC LIMIT ?)",
                (user, user, MOST_FACTS),
            )

    def facts(self, user: str) -> tuple[Noted, ...]:
        """Returns what is known about a user, newest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT kind, value, text, at_s FROM fact WHERE user = ? ORDER BY at_s DESC, rowid DESC", (user,)
            ).fetchall()
        return tuple(Noted(*row) for row in rows)

    def turns(self, user: str, count: int = 20) -> tuple[Turn, ...]:
        """Returns the last turns with a user, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT speaker, text, at_s, heard FROM turn WHERE user = ? ORDER BY id DESC LIMIT ?", (user, count)
            ).fetchall()
        return tuple(Turn(Speaker(r[0]), r[1], r[2], r[3]) for r in reversed(rows))

    def recall(self, user: str, text: str, count: int = 4, least: float = 0.35) -> tuple[str, ...]:
        """Returns the facts and earlier words of the user that are nearest to a text in meaning, nearest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT text, vector FROM fact WHERE user = ?1 UNION ALL SELECT * FROM (SELECT ?2 || text,"
                " vector FROM turn WHERE user = ?1 AND vector IS NOT NULL ORDER BY id DESC LIMIT 1000)", (user, QUOTED)
            ).fetchall()  # fmt: skip
        if not rows:
            return ()
        vectors = np.stack([np.frombuffer(row[1], np.float16) for row in rows]).astype(np.float32)
        near = vectors @ embed([text])[0]
        order = [k for k in np.argsort(-near)[: 4 * count] if near[k] >= least]
        return tuple(dict.fromkeys(rows[k][0] for k in order))[:count]

    def forget(self, user: str) -> int:
        """Deletes all that is kept about a user and returns how many rows that were."""
        with self._lock:
            with self._writing() as db:
                gone = db.execute("DELETE FROM turn WHERE user = ?", (user,)).rowcount
                gone += db.execute("DELETE FROM fact WHERE user = ?", (user,)).rowcount
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(gone)

    def users(self) -> tuple[str, ...]:
        """Returns the users there is something about."""
        with self._lock:
            rows = self._db.execute("SELECT user FROM turn UNION SELECT user FROM fact ORDER BY 1").fetchall()
        return tuple(row[0] for row in rows)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise Unavailable(
                    f"The memory at {self.path} cannot be written ({error}); check disk and rights."
                ) from error


def forget(user: str, path: Path | None = None) -> int:
    """Deletes all that is kept about a user on this machine and returns how many rows that were."""
    memory = Memory(path)
    try:
        return memory.forget(user)
    finally:
        memory.close()
