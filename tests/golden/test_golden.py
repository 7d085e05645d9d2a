"""The small scenario still gives what it gave: draws and events exactly, numbers to twelve digits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.golden.record import KEPT, record, text


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(record()))
    return found


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, f"{path}.{place}")
    else:
        yield path, value


def test_draws_are_the_same_bits(kept: dict[str, Any], now: dict[str, Any]) -> None:
    assert now["draws"] == kept["draws"]


def test_the_same_things_happen_in_the_same_order(kept: dict[str, Any], now: dict[str, Any]) -> None:
    for before, after in zip(kept["happenings"], now["happenings"], strict=True):
        assert [one[1:] for one in after] == [one[1:] for one in before]
        assert [one[0] for one in after] == pytest.approx([one[0] for one in before], rel=1e-12)


def test_the_number_of_events_is_the_same(kept: dict[str, Any], now: dict[str, Any]) -> None:
    assert now["event_count"] == kept["event_count"]


@pytest.mark.parametrize("part", ["outcomes", "users", "served_hours", "joined"])
def test_numbers_agree_to_twelve_digits(kept: dict[str, Any], now: dict[str, Any], part: str) -> None:
    before, after = dict(leaves(kept[part])), dict(leaves(now[part]))
    assert before.keys() == after.keys()
    for path, value in before.items():
        if isinstance(value, float):
            # Differences of large numbers (users lost) keep only the digits of the platform's 12,000 users.
            assert after[path] == pytest.approx(value, rel=1e-12, abs=12_000 * 1e-12), path
        else:
            assert after[path] == value, path


def test_the_small_scenario_has_something_of_everything(kept: dict[str, Any]) -> None:
    events = {one[2] for rows in kept["happenings"] for one in rows}
    assert {"announced", "suspended", "delisted", "restored", "outage", "outage over", "asked"} <= events
    assert {"refused", "accepted", "started", "finished", "waits for engineers", "replaced"} <= events
