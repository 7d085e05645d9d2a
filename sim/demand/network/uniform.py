"""Ties at random: every pair of people is tied with the same chance.

In: people, friends on average. Out: pairs. Exact, the law G(n, p) of Gilbert (1959, Ann. Math. Stat. 30:1141)
with p = friends / (n - 1): the number of ties is binomial, and given it every set of pairs is equally likely.
Numbers of friends are binomial, for many people Poisson.
"""

from __future__ import annotations

import numpy as np

from sim.demand.network.sampling import distinct, pair_total, pairs_of
from sim.demand.network.ties import Pairs


def uniform_pairs(people: int, friends: float, generator: np.random.Generator) -> Pairs:
    """Every pair with chance friends / (people - 1).

    Checked by: tests/unit/test_network_random.py
    """
    total = pair_total(people)
    count = int(generator.binomial(total, min(friends / (people - 1), 1.0)))
    return pairs_of(distinct(count, total, generator), people)
