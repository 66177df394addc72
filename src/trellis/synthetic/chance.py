"""Seeded draws: the same words in, the same people out, in every process."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID


class Chance(random.Random):
    """A random stream of its own, named by what it is for.

    Seeded by text, which Python turns into a number by SHA-512: no hash order, so
    two processes draw the same.
    """

    def __init__(self, *words: object) -> None:
        super().__init__(":".join(["trellis", *map(str, words)]))

    def key(self) -> UUID:
        """A record key made from the stream (version 4 in form)."""
        return UUID(int=self.getrandbits(128), version=4)

    def happens(self, share: float) -> bool:
        """True in ``share`` (0 to 1) of draws."""
        return self.random() < share

    def pick(self, shares: Sequence[tuple[str, float]]) -> str:
        """One of the words, each as often as its share says."""
        words = [word for word, _ in shares]
        return self.choices(words, [share for _, share in shares])[0]

    def day(self, first: date, last: date) -> date:
        """A day from ``first`` to ``last``, both possible; ``first`` if none is."""
        return first + timedelta(days=self.randint(0, max(0, (last - first).days)))

    def share(self, mean: float, correlation: float) -> float:
        """A share drawn from the beta distribution with this mean and correlation.

        The two parameters are ``mean * (1 / correlation - 1)`` and the same of
        ``1 - mean``: counts drawn with the result are beta-binomial.
        """
        strength = 1 / correlation - 1
        return self.betavariate(mean * strength, (1 - mean) * strength)
