"""Every kind of network: simple, symmetric, the same for the same generator, and as many friends as asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.demand.network import Ties, make_ties
from sim.errors import ScenarioError
from sim.scenario.crowd import Network
from sim.streams import generator
from tests.unit.network_samples import drawn

KINDS: list[Mapping[str, Any]] = [
    {"kind": "random", "friends": 6.5},
    {"kind": "regular", "friends": 7},
    {"kind": "preferential", "friends": 8},
    {"kind": "small_world", "friends": 6, "rewired": 0.3},
    {"kind": "communities", "friends": 6, "groups": 7, "inside": 0.7},
]
FULL: list[Mapping[str, Any]] = [
    {"kind": "random", "friends": 9.5},
    {"kind": "random", "friends": 9},
    {"kind": "regular", "friends": 9},
    {"kind": "regular", "friends": 5},
    {"kind": "regular", "friends": 1},
    {"kind": "preferential", "friends": 8},
    {"kind": "small_world", "friends": 8, "rewired": 1.0},
    {"kind": "communities", "friends": 8.5, "groups": 2, "inside": 0.45},
]
asked = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind["kind"]))


def assert_simple(ties: Ties) -> None:
    owner = np.repeat(np.arange(ties.people), ties.degree)
    keys = owner * ties.people + ties.friend
    assert (ties.friend >= 0).all()
    assert (ties.friend < ties.people).all()
    assert (np.diff(keys) > 0).all()  # ascending, none twice
    assert (owner != ties.friend).all()
    assert (
        np.sort(ties.friend.astype(np.int64) * ties.people + owner) == keys
    ).all()  # either end knows the other


@asked
def test_networks_are_simple_and_symmetric(kind: Mapping[str, Any]) -> None:
    ties = drawn(people=1000, **kind)
    assert ties.people == 1000
    assert_simple(ties)


@pytest.mark.parametrize("kind", FULL, ids=str)
def test_nearly_everybody_may_be_tied_to_everybody(kind: Mapping[str, Any]) -> None:
    for replication in range(20):
        assert_simple(drawn(people=10, replication=replication, **kind))


@asked
def test_the_same_generator_gives_the_same_bits_and_another_gives_others(kind: Mapping[str, Any]) -> None:
    one, same, other = (drawn(people=1000, replication=k, **kind) for k in (3, 3, 4))
    assert one.friend.tobytes() == same.friend.tobytes()
    assert one.start.tobytes() == same.start.tobytes()
    assert one.friend.tobytes() != other.friend.tobytes()


@pytest.mark.parametrize("people", [500, 2000])
@asked
def test_people_have_as_many_friends_as_asked_whatever_their_number(
    people: int, kind: Mapping[str, Any]
) -> None:
    """In 4 standard errors of the number of ties, which is binomial or fixed; at n and at 4 n."""
    ties = drawn(people=people, **kind)
    friends = float(str(kind["friends"]))
    if kind["kind"] in {"random", "communities"}:
        wanted = people * friends / 2
        assert abs(ties.count - wanted) < 4 * wanted**0.5
    elif kind["kind"] == "preferential":
        assert ties.count == friends / 2 * (people - friends / 2)
    else:
        assert ties.count == people * friends / 2


def test_ties_of_a_file_are_taken_as_they_are() -> None:
    ties = drawn(kind="edges", ties=((2, 0), (3, 1)))
    assert ties.pairs().tolist() == [[0, 2], [1, 3]]


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        (((1, 1),), "1 is tied to himself"),
        (((0, 1), (1, 0)), "stands twice"),
        (((-1, 0),), "names another"),
        (((0, 10**9),), "at most 10,000,000"),
    ],
)
def test_ties_that_make_no_network_are_refused(ties: tuple[tuple[int, int], ...], said: str) -> None:
    with pytest.raises(ScenarioError, match=f"users.network.ties: .*{said}"):
        drawn(kind="edges", ties=ties)


def test_a_file_that_was_not_read_is_refused() -> None:
    with pytest.raises(ScenarioError, match="there are no ties"):
        make_ties(Network.model_construct(kind="edges", ties=()), generator(1, "network", 0))


@pytest.mark.parametrize(("groups", "inside"), [(50, 0.8), (2, 0.0), (200, 0.5)])
def test_groups_that_do_not_fit_are_refused(groups: int, inside: float) -> None:
    with pytest.raises(ValidationError, match="too small or too large"):
        drawn(kind="communities", people=100, friends=60, groups=groups, inside=inside)
