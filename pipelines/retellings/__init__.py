"""Retellings: which article of korea.kr an article of newsdao.kr retells, and which releases are one.

Pure: light records in, matches and relations out, each with a score and the reason in words. Ids of the sites
are no evidence and not used.

At a million articles the caller gives a :class:`Linker` only the candidates: the originals of the days
``window(retelling)``, and those of any day whose title is one of ``headlines(retelling)``.
"""

from __future__ import annotations

from pipelines.retellings.headlines import Candidate, headlines, window
from pipelines.retellings.linker import Linker, Match
from pipelines.retellings.releases import joint_and_reposts
from pipelines.retellings.sketches import SKETCH_VERSION, Sketch, sketch

__all__ = [
    "SKETCH_VERSION",
    "Candidate",
    "Linker",
    "Match",
    "Sketch",
    "headlines",
    "joint_and_reposts",
    "sketch",
    "window",
]
