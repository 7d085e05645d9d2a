"""A million people with ten million ties: drawn, joined and peeled within 1.2 GB."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sim.demand.network import k_core, stay_above
from tests.unit.network_samples import drawn
from tests.unit.test_network_making import assert_simple

PEOPLE = 1_000_000
MOST_BYTES = 1.2e9
KINDS: list[Mapping[str, Any]] = [
    {"kind": "random"},
    {"kind": "regular"},
    {"kind": "preferential"},
    {"kind": "small_world"},
    {"kind": "communities", "groups": 1000},
]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind["kind"]))
def test_a_million_people_fit_into_memory(kind: Mapping[str, Any]) -> None:
    tracemalloc.start()
    try:
        ties = drawn(people=PEOPLE, friends=20, **kind)
        alive = np.arange(PEOPLE) % 10 > 2
        core, staying = k_core(ties, 8, alive), stay_above(ties, 0.5, alive)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < MOST_BYTES
    assert abs(ties.count - 1e7) < 4 * 1e7**0.5 + 200
    assert_simple(ties)
    assert (ties.count_friends(core)[core] >= 8).all()
    assert (2 * ties.count_friends(staying)[staying] >= ties.degree[staying]).all()
    assert not (core | staying)[~alive].any()
