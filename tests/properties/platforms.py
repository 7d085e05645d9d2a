"""Platforms that hypothesis makes up, and how they are written down.

A platform is a mapping as a scenario file has it, except that a `Hours` stands for every length of time and a
`PerHour` for every rate, so that one platform can be written in hours or in days.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import seed, settings
from hypothesis import strategies as st

from tests.pipeline import Whole, whole, written

Platform = dict[str, Any]
Test = TypeVar("Test", bound=Callable[..., None])

DAY = 24
REPLICATIONS = range(4)


def law(examples: int) -> Callable[[Test], Test]:
    """The same examples every time, and in every test that asks for the same things; ``examples`` of them."""

    def holds(test: Test) -> Test:
        return seed(20250310)(settings(deadline=None, max_examples=examples, database=None)(test))

    return holds


@dataclass(frozen=True)
class Hours:
    """A whole number of hours; a multiple of 3 is a finite decimal in days too."""

    hours: int

    def text(self, unit: str) -> str:
        return f"{self.hours} h" if unit == "h" else f"{self.hours / DAY!r} d"


@dataclass(frozen=True)
class PerHour:
    """A rate, in hundred-thousandths an hour."""

    amount: int

    def text(self, unit: str) -> str:
        times = 1 if unit == "h" else DAY
        return f"{self.amount * times / 100_000!r} per {'h' if unit == 'h' else 'day'}"


def text_of(platform: object, unit: str = "h") -> str:
    """A scenario file: JSON is YAML."""

    def said(value: object) -> object:
        if isinstance(value, Hours | PerHour):
            return value.text(unit)
        if isinstance(value, Mapping):
            return {key: said(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [said(item) for item in value]
        return value

    return json.dumps(said(platform), indent=1)


def result_of(platform: Platform, unit: str = "h") -> Whole:
    """The whole pipeline, a few replications. Kept for the next test that asks for the same platform."""
    return _result_of(text_of(platform, unit))


@lru_cache(maxsize=40)
def _result_of(text: str) -> Whole:
    return whole(written(text).scenario(), REPLICATIONS)


# -- what a platform may be ------------------------------------------------------------------------------

DAYS = st.integers(1, 40).map(lambda days: Hours(days * DAY))
SHORT = st.integers(1, 480).map(lambda n: Hours(3 * n))
RATES = st.sampled_from([0, 5, 20, 50]).map(PerHour)
PERCENT = st.integers(0, 20).map(lambda n: f"{5 * n} %")


@st.composite
def spread_laws(draw: st.DrawFn) -> Platform | Hours:
    """A length of time: constant, or any of the families."""
    low, more, most = (3 * draw(st.integers(1, 100)) for _ in range(3))
    shapes: list[Platform | Hours] = [
        Hours(low),
        {"mean": Hours(low + more)},
        {"low": Hours(low), "likely": Hours(low + more), "high": Hours(low + more + most)},
        {"low": Hours(low), "high": Hours(low + more)},
        {"median": Hours(low), "p90": Hours(low + more)},
        {"law": "weibull", "shape": draw(st.sampled_from([0.7, 1.0, 1.6])), "scale": Hours(low + more)},
        {"law": "gamma", "mean": Hours(low + more), "cv": draw(st.sampled_from([0.5, 1.2]))},
        {"values": [Hours(low), Hours(low + more), Hours(low + more + most)]},
    ]
    return draw(st.sampled_from(shapes))


@st.composite
def behaviours(draw: st.DrawFn) -> Platform:
    """What a user is like."""
    returns: Platform = {"rate": draw(st.sampled_from([0, 50, 200, 500]).map(PerHour))}
    if draw(st.booleans()):
        returns["fades_over"] = draw(DAYS)
    return {
        "patience": draw(spread_laws()),
        "returns": returns,
        "churn": draw(RATES),
        "gives_up": draw(RATES),
        "uninstalls": draw(PERCENT),
        "app_decay": draw(RATES),
    }


SPLITS = ({"everyone": 100}, {"core": 30, "casual": 70}, {"core": 20, "casual": 50, "newcomer": 30})


@st.composite
def people(draw: st.DrawFn) -> Platform:
    split = draw(st.sampled_from(SPLITS))
    segments = {name: {"share": f"{share} %", **draw(behaviours())} for name, share in split.items()}
    if len(segments) > 1 and draw(st.booleans()):
        on_the_web = next(iter(segments.values()))
        on_the_web["join_by"] = "none"
        del on_the_web["uninstalls"], on_the_web["app_decay"]
    return {
        "start": draw(st.sampled_from([1000, 250_000, 15_000_000])),
        "served_by": "use",
        "join_by": "install",
        "joins": f"{draw(st.sampled_from([0, 120, 50_000]))} per h",
        "forgotten_after": draw(DAYS),
        "segments": segments,
    }


@st.composite
def responses(draw: st.DrawFn) -> Platform:
    tasks: Platform = {"set_up": {"after": ["host_found"], "takes": draw(spread_laws()), "engineers": 1}}
    tasks["adapt"] = {"after": ["set_up"], "takes": draw(spread_laws()), "engineers": draw(st.integers(1, 2))}
    tasks["copy"] = {"after": ["outage"], "takes": draw(spread_laws()), "engineers": draw(st.integers(1, 2))}
    host: Platform = {
        "search": {
            "candidates": draw(st.integers(0, 6)),
            "acceptance": draw(st.sampled_from(["30 %", {"mean": "30 %", "correlation": 0.2}])),
            "reply": draw(spread_laws()),
            "at_once": draw(st.integers(1, 3)),
        },
        "tasks": tasks,
    }
    if draw(st.booleans()):
        host["cut_over"] = {"ttl": Hours(3 * draw(st.integers(1, 16)))}
    if draw(st.booleans()):
        host["ramp_up"] = {"first": "30 %", "takes": draw(DAYS)}
    if draw(st.booleans()):
        host["restores"] = {"use": ["set_up", "copy"]}
    response: Platform = {"detection": Hours(3 * draw(st.integers(0, 4))), "replace": {"host": host}}
    if draw(st.booleans()):
        response["engineers"] = draw(st.integers(2, 3))
    return response


@st.composite
def events(draw: st.DrawFn) -> list[Platform]:
    """Up to five things that happen, at different times."""
    found: list[Platform] = []
    if draw(st.booleans()):
        found.append({"surge": "users", "at": draw(DAYS), "times": 4, "fades_over": draw(DAYS)})
    if draw(st.booleans()):
        found.append({"delist": "store", "at": draw(DAYS)})
    if draw(st.booleans()):
        found.append({"outage": "edge", "at": draw(SHORT), "lasts": draw(spread_laws())})
    if draw(st.booleans()):
        at = draw(DAYS)
        notice = Hours(min(at.hours, draw(st.sampled_from([0, 30, 200]))))
        found.append({"suspend": "host", "at": at, "notice": notice})
    if draw(st.booleans()):
        found.append({"outage": "pages", "at": draw(SHORT), "lasts": draw(spread_laws())})
    return found


@st.composite
def platforms(draw: st.DrawFn) -> Platform:
    """A platform with a host, a store, an edge network that not everything needs, and what happens to it."""
    return {
        "name": "made_up",
        "title": "A platform made up by a test",
        "seed": draw(st.integers(0, 10_000)),
        "clock": {
            "start": "2025-01-01T00:00Z",
            "horizon": Hours(DAY * draw(st.integers(60, 120))),
            "report_every": Hours(4 * DAY),
        },
        "suppliers": {
            "host": {"kind": "cloud host", "monthly_cost": 1000},
            "store": {"kind": "app store"},
            "edge": {"kind": "edge network"},
            "pages": {"kind": "second host"},
        },
        "capabilities": {
            "read": {"needs_any": ["edge", "pages"]},
            "use": {"needs": ["host", "read"]},
            "install": {"needs": ["use", "store"]},
        },
        "users": draw(people()),
        "events": draw(events()),
        "response": draw(responses()),
    }


def with_events(platform: Platform, events: list[Platform]) -> Platform:
    return {**platform, "events": events}


def reordered(value: object, key: Callable[[str], str]) -> object:
    """The same mapping with keys in another order, all the way down; lists stay as they are."""
    if isinstance(value, Mapping):
        return {name: reordered(value[name], key) for name in sorted(value, key=key)}
    if isinstance(value, list):
        return [reordered(item, key) for item in value]
    return value
