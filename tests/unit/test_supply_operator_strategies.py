"""The strategies that come with the package, on the case they are shipped with: they do what they say."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.scenario import load_scenario
from sim.scenario.file import ScenarioFile
from sim.supply.timeline import Timeline
from tests.supplies import downtime, plan_of, told

FILE = Path(__file__).parents[2] / "scenarios" / "hosting_strategies.yaml"
SOME = range(60)


@lru_cache(maxsize=1)
def strategies() -> ScenarioFile:
    """The shipped comparison of ways of hosting."""
    return load_scenario(FILE)


@lru_cache(maxsize=8)
def played(name: str) -> list[Timeline]:
    """Some replications under one strategy."""
    plan = plan_of(strategies().strategies[name])
    return [plan.run(k) for k in SOME]


def agreed(timeline: Timeline) -> list[str]:
    """The hosts that agreed, in order."""
    return [who.rsplit(".", 1)[-1] for _, who, _ in told(timeline, "accepted") if who.startswith("host.")]


def test_a_warm_standby_that_agrees_is_ready_before_the_suspension_else_the_search_goes_on() -> None:
    headline = strategies().strategies["warm_standby"].headline
    struck = strategies().strategies["warm_standby"].events
    at = next(event.at for event in struck if event.id == "suspend_host")
    ready = searched = 0
    for timeline in played("warm_standby"):
        hosts = agreed(timeline)
        if hosts[:1] == ["second_host"] and timeline.levels[headline].at(at) > 0:
            ready += 1
        elif "second_host" not in hosts:
            searched += 1
            asked = [who for _, who, _ in told(timeline, "asked") if who.startswith("host.")]
            assert len(asked) > 1
            assert downtime(timeline, headline) > 0
    # It agrees in more than half of the cases; it takes at most a day of the 30 hours of notice.
    assert ready > len(SOME) / 3
    assert searched > len(SOME) / 10


def test_what_is_prepared_or_kept_as_a_last_resort_never_ends_later_run_by_run() -> None:
    headline = strategies().strategies["single_host"].headline
    alone, plan, own = (
        [downtime(one, headline) for one in played(name)]
        for name in ("single_host", "documented_plan", "own_hardware")
    )
    assert sum(plan) < sum(alone)
    for last, planned, timeline in zip(own, plan, played("own_hardware"), strict=True):
        assert last <= planned
        assert last == planned or agreed(timeline)[-1] == "own_machines"
