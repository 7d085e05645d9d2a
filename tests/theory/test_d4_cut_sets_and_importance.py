"""The structure function of a platform, from its diagram: cut sets, single points of failure, importance.

Login needs host, dns, sms, one of two CDNs, and one of two stores or the web. With the availabilities below
it works with probability 0.992900769...; the minimal cut sets are {host}, {dns}, {sms}, {cdn_a, cdn_b} and
{store_a, store_g, web}, so host, dns and sms are the single points of failure. Birnbaum's importance of a
supplier is dh/dp.

Source: Z. W. Birnbaum, On the importance of different components in a multicomponent system, in
Multivariate Analysis II, Academic Press 1969, 581-592; cut sets: Barlow and Proschan 1975, ch. 1. Exact:
1e-12. (The same numbers by enumeration through the simulator: test_d4_platform_structure.py.)
"""

from __future__ import annotations

import pytest

from sim.structure import importances, unavailability
from tests.structures import down, function_of
from tests.theory.test_d4_platform_structure import AVAILABILITY, CUTS, IMPORTANCE, LOGIN, UP

FUNCTION = function_of(list(UP), {"login": [{"all": LOGIN["needs"]}, {"any": LOGIN["needs_any"]}]})
CUT_SETS = FUNCTION.cut_sets("login")


def test_availability() -> None:
    found = 1.0 - unavailability(FUNCTION.diagram, FUNCTION.down("login"), down(UP))
    assert found == pytest.approx(AVAILABILITY, abs=1e-12)


def test_minimal_cut_sets() -> None:
    assert {frozenset(cut) for cut in CUT_SETS} == CUTS
    assert CUT_SETS.by_order == (0, 3, 1, 1)


def test_single_points_of_failure() -> None:
    assert CUT_SETS.singles == ("host", "dns", "sms")


@pytest.mark.parametrize("role", UP)
def test_birnbaum_importance(role: str) -> None:
    (found,) = [one for one in importances(FUNCTION.diagram, CUT_SETS, down(UP)) if one.event == role]
    assert found.birnbaum == pytest.approx(IMPORTANCE[role], rel=1e-12)
