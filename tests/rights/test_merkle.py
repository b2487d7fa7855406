import hashlib

import pytest

from understudy.rights import merkle

COUNT = 21
LEAVES = [merkle.leaf_hash(bytes([i])) for i in range(COUNT)]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def node(level: int, place: int) -> bytes:
    return naive_root(LEAVES[place << level : (place + 1) << level])


@pytest.mark.parametrize("size", range(COUNT + 1))
def test_the_root_is_that_of_the_standard(size: int) -> None:
    assert merkle.root(size, node) == naive_root(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, COUNT + 1))
def test_every_leaf_proves_itself_and_no_other(size: int) -> None:
    root = merkle.root(size, node)
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, node)
        assert merkle.verify_inclusion(LEAVES[index], index, size, proof, root)
        assert not merkle.verify_inclusion(merkle.leaf_hash(b"?"), index, size, proof, root)
        assert not merkle.verify_inclusion(LEAVES[index], index, size, (*proof, root), root)
        if size > 1:
            assert not merkle.verify_inclusion(LEAVES[index], (index + 1) % size, size, proof, root)


@pytest.mark.parametrize("size", range(1, COUNT + 1))
def test_every_past_is_the_start_of_the_present(size: int) -> None:
    root = merkle.root(size, node)
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(old, size, node)
        past = merkle.root(old, node)
        assert merkle.verify_consistency(old, size, past, root, proof)
        assert not merkle.verify_consistency(old, size, merkle.leaf_hash(b"?"), root, proof)
        assert not merkle.verify_consistency(old, size, past, merkle.leaf_hash(b"?"), proof)
