"""The Herfindahl-Hirschman index: the sum of the squares of the shares in percent.

Shares of 32, 23 and 11 % and 17 suppliers of 2 % each: 1742, as much as 5.7405... equal suppliers (10,000 /
1742).

Source: U.S. Department of Justice and Federal Trade Commission, Merger Guidelines 2023, section 2.1. Exact:
1e-12.
"""

from __future__ import annotations

import math

import pytest

from sim.structure import concentration

WEIGHTS = {"first": 32.0, "second": 23.0, "third": 11.0, **{f"small_{i}": 2.0 for i in range(17)}}


@pytest.mark.parametrize("scale", [1.0, 12_345.6])
def test_index_and_effective_number(scale: float) -> None:
    found = concentration({name: scale * weight for name, weight in WEIGHTS.items()})
    assert found.index == pytest.approx(1742.0, rel=1e-12)
    assert found.effective_number == pytest.approx(5.7405281285878300804, rel=1e-12)
    assert math.fsum(found.shares.values()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("number", [1, 2, 7])
def test_equal_suppliers_are_as_many_as_they_are(number: int) -> None:
    found = concentration({str(i): 5.0 for i in range(number)})
    assert found.effective_number == pytest.approx(number, rel=1e-12)


def test_of_nothing_there_is_no_concentration() -> None:
    found = concentration({"a": 0.0, "b": 0.0})
    assert not found.shares
    assert math.isnan(found.index)
    assert math.isnan(found.effective_number)


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf])
def test_a_weight_is_a_number_from_0_up(weight: float) -> None:
    with pytest.raises(ValueError, match="from 0 up"):
        concentration({"a": 1.0, "b": weight})
