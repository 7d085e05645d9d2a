"""Importance in a 2-of-3 system.

With availabilities 0.9, 0.8 and 0.7 it works with probability 0.902, Birnbaum's importances are 0.38, 0.34
and 0.26, and the criticality importance of the first is 0.38 x 0.1 / 0.098 = 0.387755...; with 0.9 each
Birnbaum's is 0.18 for all.

Source: Z. W. Birnbaum, On the importance of different components in a multicomponent system, in
Multivariate Analysis II, Academic Press 1969, 581-592. Exact: 1e-12.
"""

from __future__ import annotations

import pytest

from sim.structure import importances, unavailability
from tests.structures import down, function_of

ROLES = ("a", "b", "c")
FUNCTION = function_of(ROLES, {"use": {"at_least": 2, "of": list(ROLES)}})
CUTS = FUNCTION.cut_sets("use")
UNEQUAL = down({"a": 0.9, "b": 0.8, "c": 0.7})


def test_availability() -> None:
    found = 1.0 - unavailability(FUNCTION.diagram, CUTS.function, UNEQUAL)
    assert found == pytest.approx(0.902, abs=1e-12)


def test_birnbaum_and_criticality() -> None:
    found = importances(FUNCTION.diagram, CUTS, UNEQUAL)
    assert [one.birnbaum for one in found] == pytest.approx([0.38, 0.34, 0.26], rel=1e-12)
    assert found[0].criticality == pytest.approx(0.38775510204081632653, rel=1e-12)


def test_equal_parts_matter_alike() -> None:
    found = importances(FUNCTION.diagram, CUTS, dict.fromkeys(ROLES, 0.1))
    assert [one.birnbaum for one in found] == pytest.approx([0.18] * 3, rel=1e-12)


def test_fussell_vesely_by_hand() -> None:
    """The cut sets with a are {a, b} and {a, c}: q_a (q_b + q_c - q_b q_c) / Q = 0.1 x 0.44 / 0.098."""
    (first, *_) = importances(FUNCTION.diagram, CUTS, UNEQUAL)
    assert first.fussell_vesely == pytest.approx(0.1 * 0.44 / 0.098, rel=1e-12)


def test_risk_worths_by_hand() -> None:
    """With a down for sure both others must be up: Q = 1 - 0.56; never down: Q = 0.2 x 0.3."""
    (first, *_) = importances(FUNCTION.diagram, CUTS, UNEQUAL)
    assert first.risk_achievement == pytest.approx(0.44 / 0.098, rel=1e-12)
    assert first.risk_reduction == pytest.approx(0.098 / 0.06, rel=1e-12)
