"""One replication person by person: who left when because of whom, and who followed whom.

In: a scenario, the timeline of one replication, its inputs. Out: `Unravelling`. The people and their moves
are those of the same replication in `simulate_people`, bit by bit, unless another number of people is asked
for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.moves import LEFT, NOBODY, RETURNED, Moves
from sim.demand.network.refused import refused
from sim.demand.network.simulate import STEP, edges_of, followed
from sim.demand.network.situation import Situation, situation_of
from sim.demand.network.ties import Ties
from sim.demand.stepping.crowd import Crowd
from sim.errors import ScenarioError
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK
from sim.supply.timeline import Timeline

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cascade:
    """The tree of who followed whom: an entry for every time somebody left, in order of time.

    Attributes
    ----------
    move
        Its place among the moves.
    parent
        The leaving it followed; -1 where one left of oneself, or after a friend who is gone for good.
    depth
        How many leavings came before it, one because of the other.
    size
        How many followed it, directly or through others.
    """

    move: Index
    parent: Index
    depth: Index
    size: Index


@dataclass(frozen=True, slots=True)
class Classes:
    """People alike, a class an entry: so many friends, one community, one segment.

    Attributes
    ----------
    number
        What they have in common.
    people, left, returned
        How many there are, and how many ever left, and ever returned.
    followed
        How often one of them left because of friends.
    """

    number: Index
    people: Index
    left: Index
    returned: Index
    followed: Index


@dataclass(frozen=True, slots=True)
class Unravelling:
    """One replication.

    Attributes
    ----------
    ties, moves
        Who is friends with whom; every move.
    segments, segment
        Names, and the segment of each person.
    places
        Where those away can be, by the number in `Moves.place`.
    causes
        What the numbers of `Moves.cause` from 0 on mean: "patience", "app" (it stopped working), or a rival.
    users
        How many users each person stands for. Shape (people,).
    down
        When the service cannot be used, of each segment, as intervals in hours.
    """

    ties: Ties
    moves: Moves
    segments: tuple[str, ...]
    segment: NDArray[np.int32]
    places: tuple[str, ...]
    causes: tuple[str, ...]
    users: Array
    down: tuple[tuple[tuple[float, float], ...], ...]

    def cascade(self) -> Cascade:
        """Who followed whom."""
        return cascade_of(self.moves)

    def by_degree(self) -> Classes:
        """By how many friends one has."""
        return classes_of(self.moves, self.ties.degree)

    def by_community(self) -> Classes:
        """By the community one belongs to."""
        return classes_of(self.moves, self.ties.group)


def unravel(
    scenario: Scenario,
    timeline: Timeline,
    inputs: Inputs,
    replication: int,
    people: int | None = None,
    step: float = STEP,
) -> Unravelling:
    """Follow one replication of a block, and keep who moved because of whom.

    Parameters
    ----------
    inputs
        Of the block that the replication is in.
    replication
        Its number, of all, not within the block.
    people
        How many individuals stand for all users; None: as many as the scenario says. Ignored for ties from a
        file.
    step
        Hours after which people hear what their friends did.

    Raises
    ------
    ScenarioError
        If something is said of the users that individuals cannot show; see `refused`.

    Checked by: tests/unit/test_network_unravel.py
    """
    if problems := refused(scenario):
        raise ScenarioError(problems)
    crowd = Crowd.of(scenario, [timeline] * BLOCK, inputs)
    row = np.array([replication - inputs.draws.block * BLOCK])
    situation = situation_of(scenario, crowd, inputs, row, edges_of(crowd.horizon, step), people)
    weight = situation.crowd.start[:, 0] / np.maximum(situation.counts[0], 1)
    return Unravelling(
        ties=situation.ties,
        moves=followed(situation, traced=True),
        segments=crowd.names,
        segment=situation.segment,
        places=crowd.places,
        causes=situation.causes,
        users=weight[situation.segment],
        down=_down(situation),
    )


def _down(situation: Situation) -> tuple[tuple[tuple[float, float], ...], ...]:
    found = []
    for climate in situation.crowd.climates:
        phases, intervals = climate.phases, list[tuple[float, float]]()
        for p in np.flatnonzero(~phases.up[:, 0] & (phases.length[:, 0] > 0.0)):
            begin = float(phases.start[p, 0])
            end = begin + float(phases.length[p, 0])
            if intervals and intervals[-1][1] == begin:
                begin = intervals.pop()[0]
            intervals.append((begin, end))
        found.append(tuple(intervals))
    return tuple(found)


def cascade_of(moves: Moves) -> Cascade:
    """The tree: one follows the last leaving of the friend that is named."""
    move = np.flatnonzero(moves.what == LEFT)
    parent, depth = np.full(move.size, -1, dtype=np.int64), np.zeros(move.size, dtype=np.int64)
    latest: dict[int, int] = {}
    people, because = moves.person[move].tolist(), moves.because[move].tolist()
    for number, (person, friend) in enumerate(zip(people, because, strict=True)):
        if friend != NOBODY:
            parent[number] = latest.get(friend, -1)
            depth[number] = 1 + (depth[parent[number]] if parent[number] >= 0 else 0)
        latest[person] = number
    size = np.zeros(move.size, dtype=np.int64)
    for number in range(move.size - 1, -1, -1):  # who follows comes later
        if parent[number] >= 0:
            size[parent[number]] += 1 + size[number]
    return Cascade(move, parent, depth, size)


def classes_of(moves: Moves, of: NDArray[np.int32]) -> Classes:
    """The people by a number that each has. ``of`` of shape (people,)."""
    number, which = np.unique(of, return_inverse=True)

    def counted(who: NDArray[np.int32]) -> Index:
        return np.asarray(np.bincount(which[who], minlength=number.size))

    left = moves.person[moves.what == LEFT]
    return Classes(
        number=number.astype(np.int64),
        people=np.bincount(which, minlength=number.size),
        left=counted(np.unique(left)),
        returned=counted(np.unique(moves.person[moves.what == RETURNED])),
        followed=counted(moves.person[(moves.what == LEFT) & (moves.because != NOBODY)]),
    )
