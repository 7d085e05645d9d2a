"""`Ties`: the friends of everybody, from pairs in any order and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.network import Ties, adjacency, side_by_side, ties_of

Simple = tuple[int, list[tuple[int, int]]]


@st.composite
def simple_graphs(draw: st.DrawFn, most: int = 12) -> Simple:
    """A number of people, and pairs of them, each once, in any order."""
    people = draw(st.integers(1, most))
    every = [(a, b) for a in range(people) for b in range(a)]
    chosen = draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    return people, [pair if draw(st.booleans()) else pair[::-1] for pair in chosen]


def friends(ties: Ties) -> list[list[int]]:
    return [ties.friend[a:b].tolist() for a, b in zip(ties.start[:-1], ties.start[1:], strict=True)]


@given(simple_graphs())
def test_everybody_has_the_friends_of_the_pairs_in_ascending_order(graph: Simple) -> None:
    people, pairs = graph
    wanted = [sorted({a + b - who for a, b in pairs if who in (a, b)}) for who in range(people)]
    ties = ties_of(pairs, people)
    assert friends(ties) == wanted
    assert ties.degree.tolist() == [len(each) for each in wanted]
    assert (ties.people, ties.count) == (people, len(pairs))
    assert ties.pairs().tolist() == sorted(sorted(pair) for pair in pairs)
    assert not ties.group.any()
    assert (ties.start.dtype.name, ties.friend.dtype.name) == ("int64", "int32")


@given(simple_graphs())
def test_friends_of_some_people_stand_one_after_the_other(graph: Simple) -> None:
    ties = ties_of(graph[1], graph[0])
    some = [who for who in range(graph[0]) for _ in range(who % 3)][
        ::-1
    ]  # some left out, some asked for twice
    wanted = [friend for who in some for friend in friends(ties)[who]]
    assert ties.friends_of(np.array(some, dtype=np.int64)).tolist() == wanted
    assert ties.friends_of(np.array(some, dtype=np.int32)).tolist() == wanted


@given(simple_graphs(), st.data())
def test_friends_within_a_mask_are_counted(graph: Simple, data: st.DataObject) -> None:
    ties = ties_of(graph[1], graph[0])
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=graph[0], max_size=graph[0])))
    assert ties.count_friends(mask).tolist() == [int(mask[each].sum()) for each in friends(ties)]


@given(simple_graphs(), simple_graphs())
def test_networks_side_by_side_keep_their_ties_and_have_none_between(one: Simple, two: Simple) -> None:
    both = side_by_side([ties_of(one[1], one[0], np.arange(one[0], dtype=np.int32)), ties_of(two[1], two[0])])
    moved = [(a + one[0], b + one[0]) for a, b in two[1]]
    assert friends(both) == friends(ties_of([*one[1], *moved], one[0] + two[0]))
    assert both.group.tolist() == [*range(one[0]), *[one[0]] * two[0]]
    assert [each.dtype.name for each in (both.start, both.friend, both.group)] == ["int64", "int32", "int32"]


def test_no_network_side_by_side_is_nobody() -> None:
    assert side_by_side([]).people == 0


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([(0, 1), (2, 2)], "2 is tied to himself"),
        ([(0, 1), (2, 1), (1, 0)], "the tie of 0 and 1 stands twice"),
        ([(0, 3)], "numbered from 0 to 2"),
        ([(-1, 0)], "numbered from 0 to 2"),
    ],
)
def test_what_is_no_simple_network_is_refused(pairs: list[tuple[int, int]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        adjacency(pairs, 3)


def test_one_person_may_have_no_ties_and_there_may_be_none_at_all() -> None:
    assert friends(ties_of([], 2)) == [[], []]
    assert ties_of([], 2).count_friends(np.ones(2, dtype=np.bool_)).tolist() == [0, 0]
