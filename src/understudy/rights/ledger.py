"""The append-only record of what was allowed, refused and released.

A Merkle tree (see `merkle`) in SQLite at `home()/ledger.sqlite`. A leaf is the canonical JSON of one event; after each
event the installation signs a checkpoint of the tree (origin, size, root: the text of C2SP tlog-checkpoint), so every
entry is provable at once and a rewritten past contradicts a checkpoint that somebody else already holds. Triggers stop
accidents; only checkpoints kept elsewhere stop the owner of the file. No names of people, no script text, no media.
"""

import base64
import datetime
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from understudy.base.errors import Unavailable
from understudy.base.folders import home
from understudy.rights import merkle
from understudy.rights.keys import installation_key, key_id, public_text
from understudy.rights.tokens import canonical

_TABLES = """
CREATE TABLE IF NOT EXISTS leaves (leaf INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS nodes (level INTEGER, place INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, place));
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS marks (mark TEXT NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY (mark, leaf));
"""
_FROZEN = ("leaves", "nodes", "checkpoints", "marks")


@dataclass(frozen=True)
class Entry:
    """One event as it stands in the ledger. body: its canonical JSON, the bytes of the leaf."""

    index: int
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass(frozen=True)
class Checkpoint:
    """A signed statement of the whole tree. note: text and signature as published."""

    origin: str
    size: int
    root: bytes
    note: str


class Ledger:
    """The ledger of this installation, created on first use."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "ledger.sqlite"

    @property
    def origin(self) -> str:
        """Returns the name under which this ledger signs: `understudy.ledger/` and the id of its key."""
        return f"understudy.ledger/{key_id(public_text(installation_key()))}"

    def record(self, kind: str, facts: Mapping[str, object], marks: Sequence[str] = ()) -> int:
        """Appends an event and returns its index. marks: names it can be found by ('watermark:..', 'sha256:..')."""
        body = canonical({**facts, "kind": kind, "time": now()})
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            index = int(db.execute("SELECT count(*) FROM leaves").fetchone()[0])
            db.execute("INSERT INTO leaves VALUES (?, ?)", (index, body))
            node = self._node(db)
            running, level, place = merkle.leaf_hash(body), 0, index
            db.execute("INSERT INTO nodes VALUES (0, ?, ?)", (index, running))
            while place & 1:
                running, level, place = merkle.node_hash(node(level, place - 1), running), level + 1, place >> 1
                db.execute("INSERT INTO nodes VALUES (?, ?, ?)", (level, place, running))
            db.executemany("INSERT OR IGNORE INTO marks VALUES (?, ?)", [(mark, index) for mark in marks])
            note = self._signed(index + 1, merkle.root(index + 1, node))
            db.execute("INSERT INTO checkpoints VALUES (?, ?)", (index + 1, note))
            db.execute("COMMIT")
        return index

    def entry(self, index: int) -> Entry | None:
        """Returns the entry at an index."""
        with self._open() as db:
            row = db.execute("SELECT body FROM leaves WHERE leaf = ?", (index,)).fetchone()
        return Entry(index, bytes(row[0])) if row else None

    def find(self, mark: str) -> tuple[Entry, ...]:
        """Returns the entries recorded under a mark, newest first."""
        with self._open() as db:
            rows = db.execute(
                "SELECT leaf, body FROM marks JOIN leaves USING (leaf) WHERE mark = ? ORDER BY leaf DESC", (mark,)
            ).fetchall()
        return tuple(Entry(int(leaf), bytes(body)) for leaf, body in rows)

    def marks(self, kind: str) -> tuple[str, ...]:
        """Returns every mark of a kind, without the kind: marks('watermark') are the ids of all releases."""
        with self._open() as db:
            rows = db.execute("SELECT DISTINCT mark FROM marks WHERE mark GLOB ?", (f"{kind}:*",)).fetchall()
        return tuple(str(mark).removeprefix(f"{kind}:") for (mark,) in rows)

    def checkpoint(self, size: int | None = None) -> Checkpoint | None:
        """Returns the signed checkpoint of a size, the newest by default."""
        with self._open() as db:
            row = db.execute(
                "SELECT note FROM checkpoints WHERE size = coalesce(?, (SELECT max(size) FROM checkpoints))", (size,)
            ).fetchone()
        return read_checkpoint(str(row[0]), public_text(installation_key())) if row else None

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Returns the inclusion proof of an entry in the tree of `size` leaves."""
        with self._open() as db:
            return merkle.inclusion_proof(index, size, self._node(db))

    def consistency(self, old: int, size: int) -> tuple[bytes, ...]:
        """Returns the proof that the tree of `old` leaves is the start of the tree of `size`."""
        with self._open() as db:
            return merkle.consistency_proof(old, size, self._node(db))

    def proves(self, entry: Entry) -> bool:
        """Tells whether an entry is included under the newest genuine checkpoint."""
        checkpoint = self.checkpoint()
        if checkpoint is None or entry.index >= checkpoint.size:
            return False
        proof = self.inclusion(entry.index, checkpoint.size)
        leaf = merkle.leaf_hash(entry.body)
        return merkle.verify_inclusion(leaf, entry.index, checkpoint.size, proof, checkpoint.root)

    def faults(self) -> tuple[str, ...]:
        """Reads everything and returns one sentence for each entry or checkpoint that does not fit; none is good."""
        with self._open() as db:
            rows = db.execute("SELECT leaf, body FROM leaves ORDER BY leaf").fetchall()
            notes = [str(row[0]) for row in db.execute("SELECT note FROM checkpoints ORDER BY size")]
            stored = {(level, place): bytes(h) for level, place, h in db.execute("SELECT * FROM nodes")}
        found = [f"Entry {i} is missing." for i, (leaf, _) in enumerate(rows) if leaf != i][:1]
        real = _nodes_of([bytes(body) for _, body in rows])
        found += [
            f"Entry {place} was changed after it was written."
            for (level, place), value in real.items()
            if level == 0 and stored.get((0, place)) != value
        ]
        public = public_text(installation_key())
        if len(notes) != len(rows):
            found.append(f"There are {len(rows)} entries and {len(notes)} checkpoints; some were removed.")
        for note in notes:
            checkpoint = read_checkpoint(note, public)
            if checkpoint is None or checkpoint.origin != self.origin:
                found.append("A checkpoint is not signed by this installation.")
            elif checkpoint.size > len(rows):
                found.append(f"The checkpoint of {checkpoint.size} entries covers entries that were removed.")
            elif merkle.root(checkpoint.size, lambda level, place: real[level, place]) != checkpoint.root:
                found.append(f"The first {checkpoint.size} entries are not those that were signed.")
                break
        return tuple(found)

    def _signed(self, size: int, root: bytes) -> str:
        key = installation_key()
        text = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        signature = bytes.fromhex(key_id(public_text(key))[:8]) + key.sign(text.encode())
        return f"{text}\n\u2014 {self.origin} {base64.b64encode(signature).decode()}\n"

    @staticmethod
    def _node(db: sqlite3.Connection) -> merkle.Node:
        def node(level: int, place: int) -> bytes:
            row = db.execute("SELECT hash FROM nodes WHERE level = ? AND place = ?", (level, place)).fetchone()
            return bytes(row[0]) if row else b""

        return node

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                    db.executescript(_TABLES + _triggers() + "PRAGMA user_version = 1;")
                yield db
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(
                f"The ledger {self.path} cannot be used ({error}); make its folder writable, free some disk space, "
                "or set UNDERSTUDY_HOME to another folder."
            ) from error


def read_checkpoint(note: str, public: str) -> Checkpoint | None:
    """Returns a published checkpoint when the public key (base64url, raw) signed it, else None."""
    try:
        text, tail = note.split("\n\n", 1)
        origin, size, root = text.split("\n")
        signature = base64.b64decode(tail.split(" ")[2])[4:]
        key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(public + "=" * (-len(public) % 4)))
        key.verify(signature, f"{text}\n".encode())
        return Checkpoint(origin, int(size), base64.b64decode(root), note)
    except (ValueError, IndexError, InvalidSignature):
        return None


def now() -> str:
    """Returns the time as RFC 3339 UTC with seconds."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _triggers() -> str:
    return "".join(
        f"CREATE TRIGGER IF NOT EXISTS {table}_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;\n"
        for table in _FROZEN
        for verb in ("UPDATE", "DELETE")
    )


def _nodes_of(bodies: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    row = [merkle.leaf_hash(body) for body in bodies]
    nodes: dict[tuple[int, int], bytes] = {}
    level = 0
    while row:
        nodes |= {(level, place): value for place, value in enumerate(row)}
        row = [merkle.node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        level += 1
    return nodes
