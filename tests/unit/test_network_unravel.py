"""One replication person by person: the same people as in the block, and a tree that can be followed."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand.network import refused, simulate_people, unravel
from sim.demand.network.moves import CHURNED, FRIENDS, GAVE_UP, LEFT, RETURNED, TOO_FEW, Moves
from sim.demand.network.unravel import cascade_of, classes_of
from sim.demand.simulate import report_times
from sim.errors import ScenarioError
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK, Draws
from sim.supply.timeline import Timeline
from tests.pipeline import level, timeline, written

DAY = 24.0
PEOPLE = 120

FRIENDLY = (
    "friends: {waiting: 8 % per day, active: 1 % per day, returning: 50 %, at_least: 2, within: 2 d}, "
    f"network: {{kind: communities, people: {PEOPLE}, friends: 6, groups: 3, inside: 80 %}}"
)


def scenario(users: str = FRIENDLY, events: str = "") -> Scenario:
    text = f"""
name: unravelled
title: A small network comes apart
clock: {{start: 2025-01-01T00:00Z, horizon: 40 d, report_every: 2 d}}
suppliers:
  host: {{kind: cloud host}}
capabilities:
  use: {{needs: [host]}}
users:
  {{start: 60000, served_by: use, joins: 0 per day, churn: 1 % per month, gives_up: 1 % per day, {users}}}
events: [{events}]
"""
    return written(text).scenario()


def world() -> Timeline:
    return timeline(40 * DAY, {"use": level((0.0, 1.0), (3 * DAY, 0.0), (20.5 * DAY, 1.0))})


def inputs(made: Scenario, block: int = 0) -> Inputs:
    return Inputs(made, Draws(made.seed, block))


def test_the_people_are_those_of_the_replication_in_the_block() -> None:
    made = scenario()
    given, times = inputs(made), report_times(40 * DAY, 2 * DAY)
    history = simulate_people(made, [world()] * BLOCK, given, times)
    for replication in (0, 7, 199):
        found = unravel(made, world(), given, replication)
        away = np.zeros(times.size)
        changes = {LEFT: 1.0, RETURNED: -1.0, GAVE_UP: -1.0, CHURNED: -1.0}
        for time, person, what, place in zip(
            found.moves.time, found.moves.person, found.moves.what, found.moves.place, strict=True
        ):
            if place >= 0:
                away[times >= time] += changes[int(what)] * found.users[person]
        np.testing.assert_allclose(away, history.states["away"][replication].sum(axis=0), atol=1e-6)
    assert found.users.sum() == pytest.approx(60_000)


def test_replications_of_another_block_and_number_are_other_people() -> None:
    made = scenario()
    one, other, far = (
        unravel(made, world(), inputs(made, block), replication)
        for block, replication in ((0, 3), (0, 4), (1, 203))
    )
    assert not np.array_equal(one.ties.friend, other.ties.friend)
    assert not np.array_equal(one.moves.time, far.moves.time)


def test_whoever_followed_somebody_followed_a_friend_who_had_left() -> None:
    made = scenario()
    found = unravel(made, world(), inputs(made), 0)
    tree, moves = found.cascade(), found.moves
    left = {FRIENDS: 0, TOO_FEW: 0}
    for number, move in enumerate(tree.move.tolist()):
        friend = moves.because[move]
        if friend >= 0:
            assert friend in found.ties.friends_of(np.array([moves.person[move]]))
            left[int(moves.cause[move])] += 1
        if tree.parent[number] >= 0:
            before = tree.move[tree.parent[number]]
            assert moves.person[before] == friend
            assert moves.time[before] <= moves.time[move]
            assert tree.depth[number] == tree.depth[tree.parent[number]] + 1
    assert min(left.values()) > 5
    assert tree.depth.max() >= 3
    above = np.zeros(tree.move.size, dtype=np.int64)
    for number in np.flatnonzero(tree.parent >= 0).tolist():
        above[number] = above[tree.parent[number]] + 1
    assert tree.size.sum() == above.sum()  # pairs of one and another that it follows, counted from either


def test_tables_add_up_to_everybody() -> None:
    made = scenario()
    found = unravel(made, world(), inputs(made), 0)
    left = np.unique(found.moves.person[found.moves.what == LEFT]).size
    for table, of in ((found.by_degree(), found.ties.degree), (found.by_community(), found.ties.group)):
        assert table.people.sum() == PEOPLE
        assert table.left.sum() == left
        assert set(table.number) == set(of)
        assert (table.left <= table.people).all()
    assert found.by_community().number.size == 3


def test_a_tree_made_by_hand() -> None:
    """0 leaves; 1 and 2 follow; 3 follows 2; 0 returns and follows 3; 4 leaves; 5 after 6, who is gone."""
    made = [
        (1.0, 0, LEFT, 0, -1), (2.0, 1, LEFT, FRIENDS, 0), (3.0, 2, LEFT, FRIENDS, 0),
        (4.0, 3, LEFT, TOO_FEW, 2), (5.0, 0, RETURNED, 0, -1), (6.0, 0, LEFT, FRIENDS, 3),
        (7.0, 4, LEFT, 0, -1), (8.0, 5, LEFT, TOO_FEW, 6),
    ]  # fmt: skip
    time, person, what, cause, because = (np.array(column) for column in zip(*made, strict=True))
    place = np.zeros(len(made), dtype=np.int8)
    moves = Moves(
        time,
        person.astype(np.int32),
        what.astype(np.int8),
        place,
        cause.astype(np.int8),
        because.astype(np.int32),
    )
    tree = cascade_of(moves)
    assert tree.move.tolist() == [0, 1, 2, 3, 5, 6, 7]
    assert tree.parent.tolist() == [-1, 0, 0, 2, 3, -1, -1]
    assert tree.depth.tolist() == [0, 1, 1, 2, 3, 0, 1]
    assert tree.size.tolist() == [4, 0, 2, 1, 0, 0, 0]
    table = classes_of(moves, np.array([2, 2, 5, 5, 5, 5, 5], dtype=np.int32))
    assert table.number.tolist() == [2, 5]
    assert table.people.tolist() == [2, 5]
    assert table.left.tolist() == [2, 4]
    assert table.returned.tolist() == [1, 0]
    assert table.followed.tolist() == [2, 3]


def test_another_number_of_people_may_be_asked_for() -> None:
    made = scenario()
    found = unravel(made, world(), inputs(made), 0, people=60)
    assert found.ties.people == 60
    assert found.users.sum() == pytest.approx(60_000)
    assert found.down == (((72.0, 492.0),), ((72.0, 492.0),))


def test_finer_steps_leave_the_people_as_they_are() -> None:
    """Who never feels friends leaves at the same hour; with friends, hours differ a little."""
    made = scenario("network: {people: 100}")
    coarse, fine = (unravel(made, world(), inputs(made), 0, step=step) for step in (1.0, 0.25))
    np.testing.assert_allclose(coarse.moves.first_left(100), fine.moves.first_left(100), atol=1.0)


@pytest.mark.parametrize(
    ("users", "where"),
    [
        ("reopening: {admits: 100 per hour}", "users.reopening"),
        ("rivals: {other: {pull: 1 % per day, tries: 2 % per day}}", "users.rivals.other.tries"),
        ("rivals: {other: {pull: 1 % per day, users: 1000, grows: 1}}", "users.rivals.other.grows"),
        (
            "newcomers: {churn: 1 % per day, settle_over: 5 d, at_start: 10 %}",
            "users.segments.core.newcomers.at_start",
        ),
        (
            "join_by: use, patience: 9 d, segments: {one: {share: 50 %, moves: {to: two, share: 1 %}}, "
            "two: {share: 50 %}}",
            "users.segments.one.moves",
        ),
    ],
)
def test_what_individuals_cannot_show_is_refused(users: str, where: str) -> None:
    made = scenario(users)
    problems = refused(made)
    assert where in [problem.where for problem in problems]
    with pytest.raises(ScenarioError, match=where.rsplit(".", 1)[1]):
        unravel(made, world(), inputs(made), 0)
    with pytest.raises(ScenarioError):
        simulate_people(made, [world()] * BLOCK, inputs(made), report_times(40 * DAY, DAY))


def test_everything_else_is_not_refused() -> None:
    assert refused(scenario()) == []
