"""The Merkle tree of RFC 9162 (Certificate Transparency v2), section 2.1, over any store of perfect-subtree nodes.

`Node` gives the hash of the perfect subtree at (level, index): level 0 are the leaves, and the subtree at level k and
index i covers leaves i*2^k .. (i+1)*2^k - 1. Everything needs O(log n) nodes.
"""

import hashlib
from collections.abc import Callable, Sequence

Node = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Returns the hash of a leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    """Returns the root of the first `size` leaves; the empty tree has SHA-256 of nothing."""
    return _range(0, size, node) if size else hashlib.sha256(b"").digest()


def inclusion_proof(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Returns the path of leaf `index` in the tree of `size` leaves, lowest first (2.1.3.1)."""
    return tuple(_path(index, 0, size, node))


def consistency_proof(old: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Returns the proof that the tree of `old` leaves is the start of that of `size` leaves (2.1.4.1)."""
    return tuple(_subproof(old, 0, size, node, known=True)) if 0 < old < size else ()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Tells whether the leaf hash is at `index` of the tree with that root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, running = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            running = node_hash(sibling, running)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            running = node_hash(running, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and running == root_hash


def verify_consistency(old: int, size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tells whether the tree of `old` leaves with `old_root` is the start of that of `size` leaves (2.1.4.2)."""
    if old == size:
        return old_root == new_root and not proof
    if not 0 < old < size or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    before = after = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            before, after = node_hash(step, before), node_hash(step, after)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            after = node_hash(after, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and before == old_root and after == new_root


def _split(size: int) -> int:
    return int(1 << (size - 1).bit_length() - 1)


def _range(start: int, end: int, node: Node) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range(start, middle, node), _range(middle, end, node))


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _range(middle, end, node)]
    return [*_path(index, middle, end, node), _range(start, middle, node)]


def _subproof(old: int, start: int, end: int, node: Node, *, known: bool) -> list[bytes]:
    if old == end:
        return [] if known else [_range(start, end, node)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(old, start, middle, node, known=known), _range(middle, end, node)]
    return [*_subproof(old, middle, end, node, known=False), _range(start, middle, node)]
