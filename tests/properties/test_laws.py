"""Laws that hold for any platform, through the whole pipeline: scenario, supply, demand, outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.demand import STATES
from sim.supply.timeline import Level
from tests.golden.record import SMALL
from tests.pipeline import Whole, whole, written
from tests.properties.platforms import (
    DAY,
    REPLICATIONS,
    Hours,
    Platform,
    behaviours,
    law,
    platforms,
    reordered,
    responses,
    result_of,
    with_events,
)

EXACT = 1e-9


def same_columns(a: Whole, b: Whole, *, rel: float = EXACT, names: Iterable[str] | None = None) -> None:
    """Every measure agrees, relative to the size of the platform where it counts users or hours."""
    for name in names if names is not None else a.outcome.columns:
        first, second = a.values(name), b.values(name)
        if np.asarray(first).dtype.kind in "OUSb":
            assert list(first) == list(second), name
        else:
            scale = max(1.0, float(np.max(np.abs(np.asarray(first, dtype=float)), initial=0.0)))
            np.testing.assert_allclose(
                np.asarray(first, dtype=float), np.asarray(second, dtype=float), rtol=rel, atol=rel * scale,
                err_msg=name,
            )  # fmt: skip


def up_hours(level: Level, horizon: float) -> float:
    """Hours with any capacity at all, counted piece by piece."""
    ends = (*level.times[1:], horizon)
    pieces = zip(level.times, ends, level.values, level.slopes, strict=True)
    return math.fsum(end - start for start, end, value, slope in pieces if value > 0 or slope != 0)


# -- what is conserved -----------------------------------------------------------------------------------


@law(20)
@given(platforms())
def test_users_are_conserved(platform: Platform) -> None:
    result = result_of(platform)
    for history in (result.history, result.spared_history):
        everyone = sum(history.end[state] for state in STATES)
        np.testing.assert_allclose(everyone, history.start + history.joined, rtol=EXACT)
        for state in STATES:
            assert np.all(history.states[state] >= -EXACT * history.start.sum())
            np.testing.assert_allclose(
                history.states[state][:, :, -1], history.end[state], rtol=EXACT, atol=1e-6
            )
        total = sum(history.states[state] for state in STATES)
        assert np.all(np.diff(total, axis=2) >= -EXACT * history.start.sum())
        assert np.all(np.diff(history.states["gone"], axis=2) >= -EXACT * history.start.sum())


@law(20)
@given(platforms())
def test_users_lost_are_not_joined_and_waiting_and_not_returned(platform: Platform) -> None:
    result = result_of(platform)
    columns = result.outcome.columns
    parts = columns["users_not_joined"] + columns["users_waiting_end"] + columns["users_not_returned"]
    scale = EXACT * (result.history.start.sum() + result.history.joined.max())
    np.testing.assert_allclose(columns["users_lost"], parts, rtol=EXACT, atol=scale)
    ends = columns["users_end_counterfactual"] - columns["users_end"]
    np.testing.assert_allclose(columns["users_lost"], ends, rtol=EXACT, atol=scale)


@law(20)
@given(platforms())
def test_up_and_down_add_up_to_the_horizon(platform: Platform) -> None:
    result = result_of(platform)
    horizon = result.scenario.clock.horizon
    for row, timeline in enumerate(result.happened):
        for name, level in timeline.levels.items():
            down = result.column(f"downtime.{name}")[row]
            assert up_hours(level, horizon) + down == pytest.approx(horizon, rel=EXACT)
    headline = np.array(result.column("downtime"))
    np.testing.assert_allclose(result.column("availability"), 1 - headline / horizon, rtol=EXACT)


@law(20)
@given(platforms())
def test_attribution_adds_up_to_the_downtime(platform: Platform) -> None:
    for timeline in result_of(platform).happened:
        for name, level in timeline.levels.items():
            for outage, (start, end) in enumerate(level.down()):
                hours = [
                    cause.hours
                    for cause in timeline.causes
                    if cause.capability == name and cause.outage == outage
                ]
                assert all(part >= 0 for part in hours)
                assert math.fsum(hours) == pytest.approx(min(end, timeline.horizon) - start, rel=EXACT)
            outages = {cause.outage for cause in timeline.causes if cause.capability == name}
            assert outages == set(range(len(level.down())))


@law(20)
@given(platforms())
def test_nobody_is_gone_where_nobody_churns_or_gives_up(platform: Platform) -> None:
    users = platform["users"]
    for segment in users["segments"].values():
        segment.update(churn="0 per h", gives_up="0 per h")
    result = result_of(platform)
    everyone = (result.history.start + result.history.joined)[:, :, None]
    assert np.all(np.abs(result.history.states["gone"]) <= EXACT * everyone)


# -- nothing happens -------------------------------------------------------------------------------------

LOSSES = (
    "downtime", "first_service", "time_to_recover", "time_to_recover_users", "user_hours_lost", "users_lost",
    "users_not_joined", "users_waiting_end", "users_not_returned", "users_given_up_peak", "resilience_loss",
    "data_loss_window", "cost_emergency", "revenue_lost",
)  # fmt: skip


@law(20)
@given(platforms())
def test_without_an_event_every_loss_is_exactly_nothing(platform: Platform) -> None:
    only_people = [event for event in platform["events"] if "surge" in event]
    result = result_of(with_events(platform, only_people))
    for name in LOSSES:
        assert result.column(name) == [0.0] * len(result.happened), name
    for name in ("recovered", "recovered_users"):
        assert all(result.values(name)), name
    assert list(result.values("data_lost")) == ["none"] * len(result.happened)
    assert result.column("availability") == [1.0] * len(result.happened)


WITHOUT_EFFECT: tuple[Platform, ...] = (
    {"restore": "store", "at": Hours(5 * DAY)},
    {"surge": "users", "at": Hours(7 * DAY), "times": 0, "fades_over": Hours(DAY), "id": "nobody"},
    {"outage": "spare", "at": Hours(13 * DAY), "lasts": Hours(9)},
    {"delist": "spare", "at": Hours(17 * DAY)},
)


@pytest.mark.parametrize("event", WITHOUT_EFFECT, ids=lambda event: next(iter(event)))
@law(12)
@given(platform=platforms())
def test_an_event_without_effect_changes_nothing(event: Platform, platform: Platform) -> None:
    assume(not ("restore" in event and any("delist" in other for other in platform["events"])))
    suppliers = {**platform["suppliers"], "spare": {"kind": "anything"}}
    capabilities = {**platform["capabilities"], "extra": {"needs_any": ["spare", "host", "store"]}}
    without = {**platform, "suppliers": suppliers, "capabilities": capabilities}
    names = [
        f"{name}.{capability}" for name in ("downtime", "time_to_recover") for capability in ("use", "read")
    ]
    names += [*LOSSES, "users_end", "users_end_counterfactual", "availability", "cost"]
    result = result_of(with_events(without, [*platform["events"], event]))
    same_columns(result_of(without), result, names=names)


# -- shorter is never worse ------------------------------------------------------------------------------


@pytest.mark.slow
@law(40)
@given(
    person=behaviours(),
    joins=st.sampled_from([0, 30, 3000]),
    days=st.tuples(st.integers(1, 100), st.integers(1, 100)),
    at=st.integers(0, 20),
    start=st.sampled_from([1000, 15_000_000]),
)
def test_a_shorter_outage_never_loses_more(
    person: Platform, joins: int, days: tuple[int, int], at: int, start: int
) -> None:
    def result(length: int) -> Whole:
        return result_of(
            {
                "name": "one",
                "title": "One outage",
                "clock": {"start": "2025-01-01T00:00Z", "horizon": "90 d", "report_every": "1 d"},
                "suppliers": {"host": {"kind": "cloud host"}},
                "capabilities": {"use": {"needs": ["host"]}, "install": {"needs": ["use"]}},
                "users": {
                    "start": start, "served_by": "use", "join_by": "install",
                    "joins": f"{joins} per h", **person,
                },
                "events": [{"outage": "host", "at": Hours(at * DAY + 3), "lasts": Hours(length * 12)}],
            }
        )  # fmt: skip

    shorter, longer = (result(length) for length in sorted(days))
    for name in ("users_lost", "user_hours_lost", "downtime", "resilience_loss"):
        scale = max(1.0, abs(longer.column(name)[0]))
        assert shorter.column(name)[0] <= longer.column(name)[0] + EXACT * scale, name


# -- what must not matter --------------------------------------------------------------------------------


def shuffled(name: str) -> str:
    return sha256(name.encode()).hexdigest()


@pytest.mark.slow
@law(12)
@given(platforms())
def test_order_of_suppliers_capabilities_segments_and_keys_does_not_matter(platform: Platform) -> None:
    tasks = platform["response"]["replace"]["host"]["tasks"]
    other: Any = reordered(platform, shuffled)
    other["response"]["replace"]["host"]["tasks"] = tasks  # the order of tasks is their priority
    first, second = result_of(platform), result_of(other)
    same_columns(first, second)
    for a, b in zip(first.happened, second.happened, strict=True):
        assert a.levels == b.levels
        assert a.event_count == b.event_count


@pytest.mark.slow
@law(15)
@given(platforms())
def test_a_label_does_not_matter(platform: Platform) -> None:
    named: Platform = {
        **platform,
        "title": "Something else",
        "suppliers": {
            name: {**said, "label": f"The {name}", "name": "Somebody Ltd"}
            for name, said in platform["suppliers"].items()
        },
        "capabilities": {name: {**said, "label": name} for name, said in platform["capabilities"].items()},
    }
    users = platform["users"]
    named["users"] = {
        **users,
        "unit": "members",
        "segments": {name: {**said, "label": f"The {name}"} for name, said in users["segments"].items()},
    }
    same_columns(result_of(platform), result_of(named), rel=0.0)


@pytest.mark.slow
@law(15)
@given(platforms())
def test_hours_or_days_give_the_same(platform: Platform) -> None:
    same_columns(result_of(platform, "h"), result_of(platform, "d"), rel=0.0)


def reporting_every(hours: int, platform: Platform) -> Whole:
    return result_of({**platform, "clock": {**platform["clock"], "report_every": Hours(hours)}})


def same_integrals(first: Whole, second: Whole) -> None:
    same_columns(first, second)
    for a, b in ((first.history, second.history), (first.spared_history, second.spared_history)):
        np.testing.assert_allclose(a.served_hours, b.served_hours, rtol=EXACT)
        np.testing.assert_allclose(a.joined, b.joined, rtol=EXACT)
        for state in STATES:
            np.testing.assert_allclose(a.end[state], b.end[state], rtol=EXACT, atol=EXACT * a.start.sum())


@pytest.mark.slow
@law(10)
@given(platform=platforms(), hours=st.sampled_from([13, DAY, 7 * DAY, 200 * DAY]))
def test_integrals_do_not_depend_on_the_report_times(platform: Platform, hours: int) -> None:
    same_integrals(result_of(platform), reporting_every(hours, platform))


def test_integrals_are_the_same_by_the_hour_by_the_day_and_by_the_week() -> None:
    text = SMALL.read_text(encoding="utf-8")
    hourly, daily, weekly = (
        whole(written(text, [f"clock.report_every={every}"]).scenario(), REPLICATIONS)
        for every in ("1 h", "1 d", "7 d")
    )
    same_integrals(hourly, daily)
    same_integrals(weekly, daily)


@pytest.mark.slow
@law(10)
@given(platform=platforms(), other=responses())
def test_the_counterfactual_does_not_know_the_response(platform: Platform, other: Platform) -> None:
    first, second = result_of(platform), result_of({**platform, "response": other})
    same_columns(first, second, rel=0.0, names=("users_start", "users_end_counterfactual"))
