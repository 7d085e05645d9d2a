"""A million people, ten million ties, 180 days hour by hour: at most 8 times as long as building the ties.

The yardstick is the adjacency matrix of the same network in compressed rows as SciPy builds it (`coo_array`,
`tocsr`) from its list of ties in an order of chance; our own way (`adjacency`) is two to three times as fast
and told beside it. Run and yardsticks are measured in a process of its own, which also tells its peak memory:
at most 1.5 GB, drawing the network included. At least 60 % leave and 20 % return in the run.

Beside it one person's cost against two well-known ways to follow individuals, by the same rule (each leaves
at a + b x share of friends who have left): agents of Mesa that each take a step an hour, and the complex
contagion of EoN, event by event. Neither is needed by the project; what is not installed is left out and said
so.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import statistics
import subprocess
import sys
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from benchmarks.timing import Ratio, compare, cpu_seconds
from sim.demand.network import Ties, adjacency, make_ties
from sim.demand.network.draws import seeds_of
from sim.demand.network.hazards import Habits, Hazards, Ways
from sim.demand.network.moves import LEFT, RETURNED, Moves
from sim.demand.network.people import follow_people
from sim.scenario.crowd import Network
from sim.streams import generator

Array = NDArray[np.float64]

PEOPLE, FRIENDS = 1_000_000, 20
DAYS = 180
DOWN, UP = 10 * 24.0, 50 * 24.0
"""The hours between which the service is down."""

TIMES_ADJACENCY, GIGABYTES = 8.0, 1.5
LEAVING, RETURNING = 0.6, 0.2
ROUNDS = 3

ALONE, PULL = 0.004, 0.02
"""Hazards per hour of the rule for the other libraries."""
MESA_PEOPLE, MESA_HOURS = 100_000, 24
EON_PEOPLE, EON_HOURS = 10_000, 72


def network(people: int, friends: int) -> Ties:
    """A network at random."""
    made = Network.model_validate({"people": people, "kind": "random", "friends": friends})
    return make_ties(made, generator(1, "benchmark / network", people))


def world(people: int) -> tuple[NDArray[np.int32], Hazards, Ways, Habits, NDArray[np.uint64]]:
    """Two kinds with Weibull patience, an outage of 40 days, friends who pull and who are missed."""
    edges = np.arange(0.0, DAYS * 24.0 + 1.0)
    down = np.clip(edges - DOWN, 0.0, UP - DOWN)
    own = np.stack([(down / (days * 24.0)) ** 0.8 for days in (45.0, 200.0)], axis=1)
    pull = np.repeat(0.03 / 24.0 * down[:, None], 2, axis=1)
    opens, closes = np.tile([[[0.0, UP, np.inf]], [[DOWN, np.inf, np.inf]]], (1, 4, 1))
    ways = Ways(opens, closes, np.full((4, 1), np.inf), np.zeros((4, 1)))
    habits = Habits.of(2, churn=0.001 / 24, rate=0.08 / 24, fading=1 / (30 * 24.0), deterred=0.3)
    rng = generator(1, "benchmark / people", people)
    kind = (rng.random(people) < 0.4).astype(np.int32)
    return kind, Hazards.of(edges, own, pull), ways, habits, seeds_of(people, rng)


def _building(pairs: NDArray[np.int32]) -> float:
    return cpu_seconds(lambda: adjacency(pairs, PEOPLE))


def _building_by_scipy(pairs: NDArray[np.int32]) -> float:
    def build() -> None:
        ones = np.ones(2 * len(pairs), dtype=np.int8)
        ends = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
        scipy.sparse.coo_array((ones, ends), shape=(PEOPLE, PEOPLE)).tocsr()

    return cpu_seconds(build)


def million() -> dict[str, float]:
    """CPU seconds of run and yardstick, peak memory and what happened, in this process."""
    ties = network(PEOPLE, FRIENDS)
    pairs = ties.pairs()
    generator(1, "benchmark / order", 0).shuffle(pairs)
    ours, count = statistics.median(_building(pairs) for _ in range(3)), len(pairs)
    people, found = world(PEOPLE), list[Moves]()
    running = cpu_seconds(lambda: found.append(follow_people(ties, *people)))
    moves = found[0]
    # before SciPy builds its matrix, which takes more memory than the run
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)
    building = statistics.median(_building_by_scipy(pairs) for _ in range(3))
    return {
        "building": building, "ours": ours, "running": running, "gigabytes": peak / 1e9,
        "ties": count, "moves": len(moves),
        "left": np.unique(moves.person[moves.what == LEFT]).size / PEOPLE,
        "returned": np.unique(moves.person[moves.what == RETURNED]).size / PEOPLE,
    }  # fmt: skip


def fresh() -> dict[str, float]:
    """The same in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.network"], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def by_rule(people: int, hours: int, ties: Ties) -> Moves:
    """The rule of the comparisons, here."""
    edges = np.arange(hours + 1.0)
    hazards = Hazards.of(edges, ALONE * edges[:, None], PULL * edges[:, None])
    kind = np.zeros(people, dtype=np.int32)
    seeds = seeds_of(people, generator(1, "benchmark / rule", people))
    return follow_people(ties, kind, hazards, Ways.never(1), Habits.of(1), seeds)


def by_mesa(people: int, hours: int, ties: Ties) -> int:
    """The rule with one Mesa agent a person, each of which takes a step an hour; returns who left."""
    import mesa  # type: ignore[import-not-found, unused-ignore]

    class Person(mesa.Agent):  # type: ignore[misc, unused-ignore]
        """Leaves with the chance of an hour's hazard."""

        def __init__(self, model: Any) -> None:
            super().__init__(model)
            self.friends: list[Person] = []
            self.here = self.stays = True

        def step(self) -> None:
            if self.here:
                away = sum(not friend.here for friend in self.friends)
                share = away / len(self.friends) if self.friends else 0.0
                self.stays = self.random.random() >= -np.expm1(-(ALONE + PULL * share))

        def advance(self) -> None:
            self.here = self.stays

    model = mesa.Model(seed=1)
    persons = [Person(model) for _ in range(people)]
    for one, other in ties.pairs().tolist():
        persons[one].friends.append(persons[other])
        persons[other].friends.append(persons[one])
    for _ in range(hours):
        model.agents.do("step")
        model.agents.do("advance")
    return sum(not person.here for person in persons)


def by_eon(people: int, hours: int, ties: Ties) -> int:
    """The rule as EoN's complex contagion; returns who left."""
    import EoN  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import networkx as nx

    graph: Any = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_edges_from(ties.pairs().tolist())

    def rate(graph: Any, node: int, status: dict[int, str], parameters: tuple[()]) -> float:
        if status[node] == "A":
            return 0.0
        friends = list(graph.neighbors(node))
        share = sum(status[friend] == "A" for friend in friends) / len(friends) if friends else 0.0
        return ALONE + PULL * share

    def leaves(graph: Any, node: int, status: dict[int, str], parameters: tuple[()]) -> str:
        return "A"

    def concerned(graph: Any, node: int, status: dict[int, str], parameters: tuple[()]) -> list[int]:
        return [friend for friend in graph.neighbors(node) if status[friend] == "P"]

    start = dict.fromkeys(graph, "P")
    found = EoN.Gillespie_complex_contagion(
        graph, rate, leaves, concerned, start, return_statuses=("P", "A"), tmax=hours
    )
    return int(found[2][-1])


def beside() -> list[Ratio]:
    """One person's cost there over one person's cost here, for the libraries that are installed."""
    ratios = []
    for library, name, other, people, hours in (
        ("mesa", "Mesa, an agent a person", by_mesa, MESA_PEOPLE, MESA_HOURS),
        ("EoN", "EoN, complex contagion", by_eon, EON_PEOPLE, EON_HOURS),
    ):
        if importlib.util.find_spec(library) is None:
            print(f"network: {library} is not installed; no comparison with it", file=sys.stderr)
            continue
        ties = network(people, FRIENDS)
        ratios.append(
            compare(
                f"{name} / a person here, {people:,} people, {hours} h",
                lambda: other(people, hours, ties),  # noqa: B023 - called at once
                lambda: by_rule(people, hours, ties),  # noqa: B023 - called at once
                units=(people, people),
                rounds=ROUNDS,
            )
        )
    return ratios


def measure() -> list[Ratio]:
    """Run / yardstick, peak memory, and the other libraries."""
    found = [fresh() for _ in range(ROUNDS)]
    if any(one["left"] < LEAVING or one["returned"] < RETURNING for one in found):
        raise AssertionError(f"too little happens to be measured: {found[0]}")
    middle = {name: statistics.median(one[name] for one in found) for name in found[0]}
    what = f"{PEOPLE:,} people, {middle['ties']:,.0f} ties, {DAYS} d hourly"
    ratio, own = (
        statistics.median(one["running"] / one[how] for one in found) for how in ("building", "ours")
    )
    return [
        Ratio(
            f"{what} / building the adjacency matrix with SciPy",
            ratio,
            (middle["running"], middle["building"]),
            TIMES_ADJACENCY,
        ),
        Ratio(f"{what} / building it our way", own, (middle["running"], middle["ours"])),
        Ratio(f"{what}: peak memory, GB", max(one["gigabytes"] for one in found), (0.0, 0.0), GIGABYTES),
        *beside(),
    ]


if __name__ == "__main__":
    print(json.dumps(million()))
