"""Group mentions that are the same, by union-find over what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

T = TypeVar("T")

_MAX_ALIKE = 24  # groups that share one thing and are compared


class Groups(Generic[T]):
    """Disjoint groups of mentions, each with what its mentions say together.

    Args:
        same: whether two groups, each given as one mention, are the same contact.
        unite: what two of them say together.
        keys: what groups that may be the same have in common.
    """

    def __init__(
        self,
        same: Callable[[T, T], bool],
        unite: Callable[[T, T], T],
        keys: Callable[[T], Iterable[Hashable]],
    ) -> None:
        self.same, self.unite, self.keys = same, unite, keys
        self.parents: list[int] = []
        self.said: list[T] = []
        self.held: dict[Hashable, dict[int, None]] = {}

    def add(self, mention: T) -> None:
        """Add a mention, and bring together all groups that it shows to be the same."""
        place = len(self.parents)
        self.parents.append(place)
        self.said.append(mention)
        for near in self.near(mention):
            root, mine = self._root(near), self._root(place)
            if root != mine and self.same(self.said[root], self.said[mine]):
                first, second = sorted((root, mine))
                self.parents[second] = first
                self.said[first] = self.unite(self.said[first], self.said[second])
                place = first
        self._hold(self._root(place))

    def near(self, mention: T) -> list[int]:
        """Return the groups that share something with a mention, in order; the nearest of many."""
        places = {place for key in self.keys(mention) for place in self.held.get(key, ())}
        return sorted({self._root(place) for place in places})

    def mentions(self) -> Sequence[T]:
        """Return the merged mention of each group, in order of first mention."""
        return [said for place, said in enumerate(self.said) if self.parents[place] == place]

    def _root(self, place: int) -> int:
        while self.parents[place] != place:
            self.parents[place] = self.parents[self.parents[place]]
            place = self.parents[place]
        return place

    def _hold(self, place: int) -> None:
        """Index a group under all its keys; repeated when it grows."""
        for key in self.keys(self.said[place]):
            held = self.held.setdefault(key, {})
            held[place] = None
            if len(held) > _MAX_ALIKE:
                del held[next(iter(held))]
