"""What nobody knows of the operator and its candidates varies between replications, by path."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from sim.scenario import Scenario
from sim.supply.run import Run
from tests.supplies import downtime, many, plan_of, platform, played

CANDIDATE = "response.replace.host.search.standby.1"
TASK = "response.replace.host.tasks.move"


def uncertain(**unknowns: Any) -> Scenario:
    """A standby, work and an appeal, all of them as certain as they can be but for the unknowns."""
    near = {"name": "near", "reply": "1 h", "acceptance": "100 %", "lead": "5 h", "capacity": "50 %"}
    search = {
        "standby": [near], "candidates": 3, "acceptance": "100 %", "reply": "2 h",
        "withdraws": "0 per day", "drops": "0 per day",
    }  # fmt: skip
    tasks = {
        "move": {
            "after": ["host_found"], "data": "36 TB", "bandwidth": "1 Gbit/s", "rework": "0 %",
            "cost_per_tb": 10,
        }
    }  # fmt: skip
    return platform(
        suppliers={"host": {"kind": "host"}, "store": {"kind": "store"}},
        capabilities={"use": {"needs": ["host"]}, "install": {"needs": ["store"]}},
        events=[{"suspend": "host", "at": "100 h"}, {"delist": "store", "at": "100 h"}],
        response={
            "detection": "0 h",
            "runway": "9000 h",
            "appeal": {"store": {"review": "50 h", "granted": "50 %", "at_most": 9}},
            "replace": {"host": {"search": search, "tasks": tasks, "prepared": "10 %"}},
        },
        unknowns={path.replace("__", "."): law for path, law in unknowns.items()},
    )


@pytest.mark.parametrize(
    ("path", "law", "of"),
    [
        (f"{CANDIDATE}.lead", {"low": "1 h", "high": "50 h"}, "use"),
        (f"{CANDIDATE}.withdraws", {"low": "0 per day", "high": "900 % per day"}, "use"),
        ("response.replace.host.search.withdraws", {"low": "0 per day", "high": "900 % per day"}, "use"),
        ("response.replace.host.search.drops", {"low": "0 per day", "high": "900 % per day"}, "use"),
        ("response.replace.host.search.publicity", {"low": "0 %", "high": "100 %"}, "use"),
        ("response.replace.host.prepared", {"low": "0 %", "high": "50 %"}, "use"),
        (f"{TASK}.rework", {"low": "0 %", "high": "90 %"}, "use"),
        ("response.appeal.store.granted", {"low": "0 %", "high": "100 %"}, "install"),
        ("response.appeal.store.review", {"low": "10 h", "high": "100 h"}, "install"),
        ("response.runway", {"low": "10 h", "high": "300 h"}, "use"),
    ],
)
def test_an_unknown_reaches_what_it_is_about(path: str, law: Any, of: str) -> None:
    certain = {round(downtime(timeline, "use"), 6) for timeline in many(uncertain(), blocks=1)}
    assert len(certain) == 1
    varied = {round(downtime(timeline, of), 6) for timeline in many(uncertain(**{path: law}), blocks=1)}
    # Whether the operator holds out makes two lengths, who agrees first a few, everything else many.
    assert len(varied) >= (2 if path.endswith(("runway", "publicity")) else 6)


def test_an_unknown_capacity_is_what_comes_back() -> None:
    scenario = uncertain(**{f"{CANDIDATE}.capacity": {"low": "20 %", "high": "90 %"}})
    seen = {played(scenario, k).levels["use"].values[-1] for k in range(10)}
    assert len(seen) == 10
    assert all(0.2 <= value <= 0.9 for value in seen)


def test_an_unknown_price_or_volume_is_what_is_spent() -> None:
    for path, law in (
        (f"{TASK}.cost_per_tb", {"low": 5, "high": 20}),
        (f"{TASK}.data", {"low": "9 TB", "high": "99 TB"}),
    ):
        assert len({played(uncertain(**{path: law}), k).spent for k in range(10)}) == 10
    assert played(uncertain()).spent == pytest.approx(360.0)


def test_nothing_of_a_replication_is_left_when_it_is_over() -> None:
    """References in a circle would be kept until the collector comes: memory of a long study."""
    plan = plan_of(
        uncertain(**{"response.replace.host.search.withdraws": {"low": "0 per day", "high": "90 % per day"}})
    )
    plan.run(0)
    gc.collect()
    gc.disable()
    try:
        for k in range(20):
            plan.run(k)
        assert not [one for one in gc.get_objects() if isinstance(one, Run)]
    finally:
        gc.enable()
