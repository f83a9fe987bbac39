"""How much two texts share, exactly, and which of many texts are worth comparing.

A text is taken as the set of its runs of three words; two texts are as alike as the share of runs that both
have (Jaccard). Comparing every pair is too much, so each text gets MinHash bands: texts that share four
fifths of their runs have a band in common in 9,997 of 10,000 cases, those that share a fiftieth in 32.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from hashlib import blake2b

FEWEST_WORDS = 30
"""A shorter text is mostly a remark instead of a text, and not compared."""

_RUN = 3  # words
_MINIMA = struct.Struct("<16I")  # of one BLAKE2b digest: 8 bands of two


def bands(text: str) -> tuple[int, ...]:
    """Return the MinHash bands of a text, 64 bits each, equal on every machine; none for one too short."""
    runs = _runs(text)
    if not runs:
        return ()
    hashed = (_MINIMA.unpack(blake2b(run.encode()).digest()) for run in runs)
    minima = tuple(map(min, zip(*hashed, strict=True)))
    return tuple(one << 32 | other for one, other in zip(minima[::2], minima[1::2], strict=True))


def share(text: str, other: str) -> float | None:
    """Return which share of their runs of words two texts have in common; None where one is too short."""
    mine, its = _runs(text), _runs(other)
    if not (mine and its):
        return None
    common = len(mine & its)
    return common / (len(mine) + len(its) - common)


@lru_cache(maxsize=256)
def _runs(text: str) -> frozenset[str]:
    words = text.split()
    if len(words) < FEWEST_WORDS:
        return frozenset()
    return frozenset(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
