"""The structure function of a platform: availability, minimal cut sets, single points of failure, importance.

Login needs host, dns, sms, one of two CDNs, and one of two stores or the web. With the availabilities below
it works with probability 0.992900769...; the minimal cut sets are {host}, {dns}, {sms}, {cdn_a, cdn_b} and
{store_a, store_g, web}, so host, dns and sms are the single points of failure. Birnbaum's importance of a
supplier is dh/dp.

Source: Z. W. Birnbaum, On the importance of different components in a multicomponent system, in Multivariate
Analysis II, Academic Press 1969, 581-592; cut sets: Barlow and Proschan 1975, ch. 1.
By enumeration of the 256 states through the simulator. Exact: 1e-12.
"""

from __future__ import annotations

import pytest

from tests.supplies import plan_of, platform
from tests.theory.enumeration import availability, importance, minimal_cut_sets, states

UP = {
    "host": 0.995, "dns": 0.9999, "cdn_a": 0.999, "cdn_b": 0.99, "sms": 0.998,
    "store_a": 0.9995, "store_g": 0.999, "web": 0.999,
}  # fmt: skip
LOGIN = {
    "needs": ["host", "dns", "sms", {"any": ["cdn_a", "cdn_b"]}],
    "needs_any": ["store_a", "store_g", "web"],
}
AVAILABILITY = 0.99290076939655961505
IMPORTANCE = {
    "host": 0.9978902204990548895, "dns": 0.99300006940349996505, "cdn_a": 0.009929106985035446505,
    "cdn_b": 0.0009929106985035446505, "sms": 0.9948905504975547245, "store_a": 9.9290076989301e-7,
    "store_g": 4.96450384946505e-7, "web": 4.96450384946505e-7,
}  # fmt: skip
CUTS = {
    frozenset({"host"}), frozenset({"dns"}), frozenset({"sms"}),
    frozenset({"cdn_a", "cdn_b"}), frozenset({"store_a", "store_g", "web"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def works() -> dict[frozenset[str], float]:
    return dict(states(list(UP), LOGIN))


def test_availability(works: dict[frozenset[str], float]) -> None:
    assert availability(works, UP) == pytest.approx(AVAILABILITY, abs=1e-12)


def test_minimal_cut_sets_and_single_points_of_failure(works: dict[frozenset[str], float]) -> None:
    assert minimal_cut_sets(works) == CUTS


@pytest.mark.parametrize("role", UP)
def test_birnbaum_importance(works: dict[frozenset[str], float], role: str) -> None:
    assert importance(works, UP, role) == pytest.approx(IMPORTANCE[role], abs=1e-12)


def test_the_critical_path_asks_the_same_cut_sets() -> None:
    """What still matters when everything is down is what belongs to some minimal cut set: here, everybody."""
    scenario = platform(suppliers=list(UP), capabilities={"use": LOGIN})
    logic = plan_of(scenario).timetable.logic
    views = logic.views["use"]
    everything = sum(1 << view for view in views.values())
    assert logic.pivotal("use", everything) == everything
    covered = sum(1 << views[role] for role in ("host", "cdn_a", "store_a", "web"))
    assert logic.pivotal("use", covered) == 1 << views["host"]
