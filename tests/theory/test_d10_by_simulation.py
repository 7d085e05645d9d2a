"""Suppliers of suppliers as in case D10, played through a scenario: user, cdn a or b, edge, app 1 or 2, db.

Every node but db is up with probability p, independently: an outage at a set instant lasts 0 h with that
probability, else 10 h. The page can be served with probability p (1 - (1 - p)^2)^2, at p = 0.99 0.9898020099;
only edge and db are single points of failure (the dominators of db). With failures at random a supplier does
not fail by itself while what it stands on is down, which a chain of four states describes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.supplies import causes, downtime, many, platform, played, share_z, z_score

PATH: dict[str, Any] = {
    "cdn_a": {"needs": ["edge"]},
    "cdn_b": {"needs": ["edge"]},
    "edge": {"needs": [{"any": ["app_1", "app_2"]}]},
    "app_1": {"needs": ["db"]},
    "app_2": {"needs": ["db"]},
    "db": {},
}
PAGE = {"use": {"needs_any": ["cdn_a", "cdn_b"]}}


def reachable(p: float) -> float:
    return p * (1 - (1 - p) ** 2) ** 2


def test_the_formula_is_that_of_the_case() -> None:
    assert reachable(0.99) == pytest.approx(0.9898020099, abs=1e-12)


def test_the_page_is_up_as_often_as_the_path_is() -> None:
    """Smallest error it sees: 2 percentage points; without the suppliers of suppliers it would be 99 %."""
    p = 0.9
    length = {"values": ["0 h"] * 9 + ["10 h"]}
    events = [{"outage": name, "at": "100 h", "lasts": length} for name in PATH if name != "db"]
    scenario = platform(suppliers=PATH, capabilities=PAGE, events=events, horizon="200 h", seed=3)
    lines = list(many(scenario, 20))
    up = sum(line.levels["use"].at(105.0) == 1.0 for line in lines)
    assert abs(share_z(up, len(lines), reachable(p))) < 4
    assert abs(share_z(up, len(lines), reachable(p) + 0.03)) > 4


@pytest.mark.parametrize("lost", list(PATH))
def test_only_edge_and_db_are_single_points_of_failure(lost: str) -> None:
    outage = {"outage": lost, "at": "100 h", "lasts": "7 h"}
    timeline = played(platform(suppliers=PATH, capabilities=PAGE, events=[outage]))
    if lost in {"edge", "db"}:
        assert causes(timeline) == [(lost, "supplier", 7.0)]
    else:
        assert downtime(timeline) == 0.0


@pytest.mark.slow
def test_a_supplier_does_not_fail_by_itself_while_what_it_stands_on_is_down() -> None:
    """States: both up; own failure; upstream down; both. Smallest error it sees: 2 % of the time down."""
    fail, repair = 1 / 40.0, 1 / 10.0
    rates = np.array([
        # up         own     above   both
        [0.0, fail, fail, 0.0],
        [repair, 0.0, 0.0, fail],
        [repair, 0.0, 0.0, 0.0],
        [0.0, repair, repair, 0.0],
    ])  # fmt: skip
    system = np.vstack([(rates - np.diag(rates.sum(axis=1))).T, np.ones(4)])
    up = np.linalg.lstsq(system, np.array([0.0, 0.0, 0.0, 0.0, 1.0]), rcond=None)[0][0]
    law = {"every": {"mean": "40 h"}, "lasts": {"mean": "10 h"}}
    scenario = platform(
        suppliers={"host": {"needs": ["grid"], "fails": law}, "grid": {"fails": law}},
        capabilities={"use": {"needs": ["host"]}},
        horizon="20000 h",
        seed=4,
    )
    down = [downtime(line) / 20000.0 for line in many(scenario, 1)]
    assert abs(z_score(down, 1 - up)) < 4
    assert abs(z_score(down, 1 - (40 / 50) ** 2)) > 4  # what independent ones would be
