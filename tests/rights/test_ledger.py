import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from understudy.rights import Ledger, merkle
from understudy.rights.keys import installation_key, public_text
from understudy.rights.ledger import read_checkpoint
from understudy.rights.tokens import canonical

pytestmark = pytest.mark.usefixtures("fresh_home")


def filled(count: int = 7) -> Ledger:
    ledger = Ledger()
    for number in range(count):
        ledger.record("test", {"number": number}, [f"number:{number}"])
    return ledger


def owner(ledger: Ledger, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Does what only the owner of the file can: takes the triggers off and rewrites."""
    with sqlite3.connect(ledger.path) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement, values in statements:
            db.execute(statement, values)


@pytest.mark.parametrize("table", ["leaves", "nodes", "checkpoints", "marks"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 100"])
def test_nothing_written_is_changed_or_removed(table: str, verb: str) -> None:
    ledger = filled(2)
    with sqlite3.connect(ledger.path) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(verb.format(table))


def test_every_entry_is_found_and_proven() -> None:
    ledger = filled()
    for number in range(7):
        (entry,) = ledger.find(f"number:{number}")
        assert entry.event["number"] == number and ledger.proves(entry)
    assert ledger.faults() == ()


def test_checkpoints_are_signed_and_consistent() -> None:
    ledger = filled()
    public = public_text(installation_key())
    past, present = ledger.checkpoint(3), ledger.checkpoint()
    assert past is not None and present is not None and present.size == 7
    assert merkle.verify_consistency(3, 7, past.root, present.root, ledger.consistency(3, 7))
    assert read_checkpoint(present.note, public) == present
    assert read_checkpoint(present.note.replace("\n7\n", "\n8\n"), public) is None


def test_an_edited_entry_is_found_out() -> None:
    ledger = filled()
    body = canonical({"kind": "test", "number": 99})
    owner(ledger, ("UPDATE leaves SET body = ? WHERE leaf = 3", (body,)))
    (entry,) = ledger.find("number:3")
    assert not ledger.proves(entry)
    assert any("Entry 3" in fault for fault in ledger.faults())


def test_a_consistent_rewrite_contradicts_the_signed_checkpoints() -> None:
    ledger = filled(2)
    body = canonical({"kind": "test", "number": 99})
    leaf = merkle.leaf_hash(body)
    with sqlite3.connect(ledger.path) as db:
        first = bytes(db.execute("SELECT hash FROM nodes WHERE level = 0 AND place = 0").fetchone()[0])
    owner(
        ledger,
        ("UPDATE leaves SET body = ? WHERE leaf = 1", (body,)),
        ("UPDATE nodes SET hash = ? WHERE level = 0 AND place = 1", (leaf,)),
        ("UPDATE nodes SET hash = ? WHERE level = 1 AND place = 0", (merkle.node_hash(first, leaf),)),
    )
    (entry,) = ledger.find("number:1")
    assert not ledger.proves(entry)
    assert any("not those that were signed" in fault for fault in ledger.faults())


def test_a_cut_off_end_is_found_out() -> None:
    ledger = filled()
    owner(ledger, ("DELETE FROM leaves WHERE leaf = 6", ()))
    assert any("removed" in fault for fault in ledger.faults())


def test_many_writers_make_one_tree() -> None:
    with ThreadPoolExecutor(4) as pool:
        indices = list(pool.map(lambda n: Ledger().record("test", {"n": n}), range(24)))
    assert sorted(indices) == list(range(24))
    assert Ledger().faults() == ()


def test_a_fresh_ledger_is_empty_and_sound(fresh_home: Path) -> None:
    assert Ledger().checkpoint() is None and Ledger().entry(0) is None and Ledger().faults() == ()
