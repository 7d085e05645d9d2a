"""What every timeline promises: laws that several files ask of the supply sides that they make up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isclose
from typing import Any

from sim.scenario import Scenario
from sim.supply.timeline import Record, Timeline
from tests.properties.supplies import HORIZON
from tests.supplies import plan_of


def causes_add_up(timeline: Timeline) -> None:
    """The causes of every outage add up to its length; only the last may be cut, as the outage is."""
    for name, level in timeline.levels.items():
        mine = [cause for cause in timeline.causes if cause.capability == name]
        assert all(cause.hours > 0 for cause in mine)
        assert {cause.kind for cause in mine} <= {"task", "wait", "search", "supplier"}
        for outage, (start, end) in enumerate(level.down()):
            booked = [cause for cause in mine if cause.outage == outage]
            assert isclose(sum(cause.hours for cause in booked), end - start, rel_tol=1e-9)
            assert [cause.censored for cause in booked[:-1]] == [False] * (len(booked) - 1)
            assert booked[-1].censored == (end == HORIZON)
        assert len({cause.outage for cause in mine}) == len(level.down())


def records_in_order(timeline: Timeline) -> None:
    """Records come after what they waited for, and happenings one after another."""
    for place, one in enumerate(timeline.records):
        assert one.id == place
        assert 0.0 <= one.start <= one.end
        assert one.start < HORIZON
        assert one.end < HORIZON or one.end == inf or one.kind == "cut_over"
        assert all(timeline.records[before].end <= one.start for before in one.after)
    assert [h.time for h in timeline.happenings] == sorted(h.time for h in timeline.happenings)


def engineers_suffice(
    parts: Mapping[str, Any], timeline: Timeline
) -> tuple[dict[tuple[str, str], int], list[Record]]:
    """Never more engineers work than there are. Returns how many each task needs, and the tasks on record."""
    pool = parts["response"].get("engineers", inf)
    needed = {
        (role, name): task["engineers"]
        for role, replacement in parts["response"]["replace"].items()
        for name, task in replacement["tasks"].items()
    }
    works = [r for r in timeline.records if r.kind == "task"]
    for instant in {r.start for r in works}:
        assert sum(needed[r.role, r.name] for r in works if r.start <= instant < r.end) <= pool
    return needed, works


def alone_as_together(scenario: Scenario, replications: Sequence[int]) -> None:
    """A replication alone is the same, to the last bit, as one that is played after others."""
    alone = {k: plan_of(scenario).run(k) for k in replications}
    together = plan_of(scenario)
    for k in reversed(replications):
        assert together.run(k) == alone[k]
