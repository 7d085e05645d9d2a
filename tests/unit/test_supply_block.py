"""A block: what its replications share, what differs between them, and what is told only when asked for."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import Any

import numpy as np

from sim.scenario import Inputs
from sim.scenario.laws import Law
from sim.streams import BLOCK, Draws
from sim.supply import simulate_supply
from sim.supply.quantities import Column, Drawn, Table, Transfer
from sim.supply.timeline import Happening, Told
from tests.supplies import downtime, plan_of, platform, played

EVENT = {"suspend": "host", "at": "100 h", "notice": "10 h"}


def varied(unknowns: Any, **more: Any) -> Any:
    search = {"candidates": 9, "acceptance": "20 %", "reply": "5 h"}
    tasks = {"work": {"after": ["host_found"], "takes": "10 h", "cost": 7}}
    response = {"detection": "1 h", "replace": {"host": {"search": search, "tasks": tasks}}}
    return platform(events=[EVENT], response=response, unknowns=unknowns, **more)


def test_without_anything_set_all_replications_share_one_timeline_and_draw_nothing() -> None:
    scenario = platform()
    draws = Draws(1, 0)
    first, second = simulate_supply(scenario, Inputs(scenario, draws), (0, 7))
    assert first is second
    assert not draws.used


def test_a_replication_does_not_depend_on_the_others() -> None:
    scenario = varied({"response.replace.host.tasks.work.takes": {"mean": "10 h"}})
    together = simulate_supply(scenario, Inputs(scenario, Draws(1, 0)), range(20))
    assert played(scenario, 13) == together[13]
    assert len({downtime(each) for each in together}) > 10


def test_quantities_drawn_together_are_the_very_bits_that_each_gives_alone() -> None:
    inputs = Inputs(platform(), Draws(1, 0))
    hours = [Law.of("pert", low=1.0, likely=1.0 + i, high=9.0) for i in range(5)]
    line = Transfer((Drawn(hours[1], "volume"), 5e6, Drawn(hours[2], "utilisation")))
    reply = Drawn(Law.of("exponential", mean=36.0), "reply")
    one_each = [Drawn(law, f"{i}") for i, law in enumerate(hours)]
    columns: list[Column] = [*one_each, 7.0, line, reply, Drawn(hours[0], "again")]
    table = Table(columns, inputs)
    for attempt in (1, 0):
        rows = np.array([table.row(attempt, k) for k in range(BLOCK)])
        for place, column in enumerate(columns):
            alone = column(inputs, attempt) if callable(column) else column
            np.testing.assert_array_equal(rows[:, place], np.broadcast_to(alone, BLOCK))


def test_blocks_differ() -> None:
    scenario = varied({"response.replace.host.tasks.work.takes": {"mean": "10 h"}})
    assert played(scenario, 3, block=0) != played(scenario, 3, block=1)


def test_what_nobody_knows_varies_between_replications_and_not_within() -> None:
    unknowns = {
        "events.suspend_host.notice": {"low": "5 h", "high": "15 h"},
        "response.replace.host.tasks.work.cost": {"low": 5, "high": 50},
        "response.replace.host.search.acceptance": {"low": "10 %", "high": "90 %"},
        "response.replace.host.search.reply": {"low": "1 h", "high": "9 h"},
    }
    timelines = [played(varied(unknowns), k) for k in range(4)]
    assert len({t.suppliers["host"][1] for t in timelines}) == 4
    assert len({t.spent for t in timelines}) == 4
    for timeline in timelines:
        asked = [h.time for h in timeline.happenings if h.event == "asked"]
        gaps = {round(b - a, 6) for a, b in pairwise(asked)}
        assert len(gaps) <= 1


def test_one_entitys_law_leaves_every_other_entitys_draws_as_they_were() -> None:
    def ends(reply: str) -> list[tuple[str, float]]:
        tasks = {"a": {"takes": {"mean": "10 h"}}, "b": {"takes": {"mean": "20 h"}}}
        search = {"candidates": 3, "acceptance": "100 %", "reply": reply}
        tasks["c"] = {"after": ["host_found"], "takes": {"mean": "5 h"}}  # type: ignore[dict-item]
        response = {"detection": "0 h", "replace": {"host": {"search": search, "tasks": tasks}}}
        timeline = played(platform(events=[EVENT], response=response))
        return [(r.name, r.end - r.start) for r in timeline.records if r.kind == "task"]

    for (name, before), (_, after) in zip(ends("1 h"), ends("40 h"), strict=True):
        assert abs(before - after) < 1e-9, name


def test_what_is_told_when_asked_is_a_sequence_like_any_other() -> None:
    asked = []

    def tell() -> tuple[str, ...]:
        asked.append(1)
        return ("a", "b", "c")

    told = Told(tell)
    assert not asked
    assert told == ("a", "b", "c") == told[:]
    assert (told[1], list(told), len(told), repr(told)) == ("b", ["a", "b", "c"], 3, "('a', 'b', 'c')")
    assert hash(told) == hash(("a", "b", "c"))
    assert pickle.loads(pickle.dumps(told)) == ("a", "b", "c")
    assert asked == [1]
    assert told != 3


def test_a_timeline_can_be_sent_to_another_process() -> None:
    timeline = plan_of(varied({})).run(5)
    sent = pickle.loads(pickle.dumps(timeline))
    assert sent == timeline
    assert isinstance(sent.happenings[0], Happening)


def test_nothing_of_a_replication_waits_for_the_collector() -> None:
    """A study makes hundreds of thousands; what refers to itself would pile up in between."""
    import gc

    plan = plan_of(varied({}))
    plan.run(0)
    gc.collect()
    for k in range(20):
        plan.run(k)
    assert gc.collect() < 20
