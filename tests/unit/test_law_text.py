"""Laws in the words of a file: five forms without a name, every family with one, and back."""

from __future__ import annotations

import pytest

from sim.scenario import Law
from sim.scenario.law_text import each_parameter, parse_law, write_law
from sim.scenario.units import BANDWIDTH, DURATION, SHARE, VOLUME, Dimension, Wrong

READ: list[tuple[object, Dimension, Law]] = [
    ("36 h", DURATION, Law.constant(36.0)),
    ({"value": "36 h"}, DURATION, Law.constant(36.0)),
    ({"law": "constant", "value": "36 h"}, DURATION, Law.constant(36.0)),
    ({"low": "1 d", "likely": "2 d", "high": "7 d"}, DURATION,
     Law.of("pert", low=24.0, likely=48.0, high=168.0)),
    ({"high": "7 d", "low": "1 d"}, DURATION, Law.of("uniform", low=24.0, high=168.0)),
    ({"mean": "36 h"}, DURATION, Law.of("exponential", mean=36.0)),
    ({"median": "45 d", "p90": "110 d"}, DURATION, Law.of("lognormal", median=1080.0, p90=2640.0)),
    ({"law": "lognormal", "mean": "5 d", "cv": 0.8}, DURATION, Law.of("lognormal", mean=120.0, cv=0.8)),
    ({"values": ["1 d", "3 d"]}, DURATION, Law.of("empirical", values=(24.0, 72.0))),
    ({"law": "weibull", "shape": 0.8, "scale": "45 d"}, DURATION, Law.of("weibull", shape=0.8, scale=1080.0)),
    ({"law": "gamma", "shape": 2, "scale": "1 d"}, DURATION, Law.of("gamma", shape=2.0, scale=24.0)),
    ({"law": "gamma", "mean": "2 d", "cv": 0.5}, DURATION, Law.of("gamma", mean=48.0, cv=0.5)),
    ({"law": "triangular", "low": "1 d", "likely": "1 d", "high": "7 d"}, DURATION,
     Law.of("triangular", low=24.0, likely=24.0, high=168.0)),
    ({"mean": "20 %", "correlation": 0.09}, SHARE, Law.of("beta", mean=0.2, correlation=0.09)),
    ({"low": "50 %", "likely": "70 %", "high": "80 %"}, SHARE, Law.of("pert", low=0.5, likely=0.7, high=0.8)),
    ({"low": "50 TB", "high": "90 TB"}, VOLUME, Law.of("uniform", low=50e12, high=90e12)),
    ({"mean": "1 Gbit/s"}, BANDWIDTH, Law.of("exponential", mean=1e9)),
    ({"law": "mixture", "of": [{"mean": "10 d"}, {"median": "45 d", "p90": "110 d"}],
      "shares": ["60 %", 0.4]}, DURATION, Law.of("mixture", shares=(0.6, 0.4), parts=(
         Law.of("exponential", mean=240.0), Law.of("lognormal", median=1080.0, p90=2640.0)))),
    ({"law": "mixture", "of": ["1 d", {"values": ["2 d", "3 d"]}], "shares": ["50 %", "50 %"]}, DURATION,
     Law.of("mixture", shares=(0.5, 0.5), parts=(
         Law.constant(24.0), Law.of("empirical", values=(48.0, 72.0))))),
    ({"law": "frailty", "of": {"law": "weibull", "shape": 0.8, "scale": "45 d"}, "variance": 0.5}, DURATION,
     Law.of("frailty", variance=0.5, parts=(Law.of("weibull", shape=0.8, scale=1080.0),))),
    ({"law": "mixture", "of": [{"low": "50 %", "high": "60 %"}, {"low": "80 %", "high": "90 %"}],
      "shares": ["50 %", "50 %"]}, SHARE, Law.of("mixture", shares=(0.5, 0.5), parts=(
          Law.of("uniform", low=0.5, high=0.6), Law.of("uniform", low=0.8, high=0.9)))),
]  # fmt: skip


@pytest.mark.parametrize(("value", "dimension", "law"), READ, ids=str)
def test_a_law_is_read_and_comes_back(value: object, dimension: Dimension, law: Law) -> None:
    assert parse_law(value, dimension) == law
    assert parse_law(write_law(law, dimension), dimension) == law


def mixed(*parts: object, shares: object = ("60 %", "40 %")) -> dict[str, object]:
    return {"law": "mixture", "of": list(parts), "shares": shares}


REFUSED: list[tuple[object, Dimension, str, tuple[object, ...]]] = [
    ({"mena": "3 d"}, DURATION, "did you mean `mean`?", ("mena",)),
    ({}, DURATION, "{nothing} is no law", ()),
    ({"low": "1 d"}, DURATION, "is no law; allowed", ()),
    ({"mean": "5 d", "cv": 0.8}, DURATION, "write `law: lognormal` or `law: gamma`", ()),
    (
        {"law": "normal", "mean": "3 d"},
        DURATION,
        "`normal` is not a law; did you mean `lognormal`?",
        ("law",),
    ),
    ({"law": 3}, DURATION, "`3` is not a law; allowed: constant, pert", ("law",)),
    ({"law": "weibull", "shape": 0.8, "scal": "3 d"}, DURATION, "did you mean `scale`?", ("scal",)),
    ({"law": "weibull", "shape": 0, "scale": "3 d"}, DURATION, "more than 0", ("shape",)),
    ({"law": "gamma", "mean": "0 d", "cv": 1}, DURATION, "more than 0", ("mean",)),
    ({"mean": "0 d"}, DURATION, "write 0 with a unit", ("mean",)),
    ({"low": "3 d", "high": "3 d"}, DURATION, "more than low", ("high",)),
    ({"values": "3 d"}, DURATION, "must be a list", ("values",)),
    ({"values": ["3 d", 4]}, DURATION, "has no unit", ("values", 1)),
    ({"median": "3 d", "p90": {"value": "4 d"}}, DURATION, "a mapping is not a duration", ("p90",)),
    (["1 d", "2 d"], DURATION, "write {values: [...]}", ()),
    ({"mean": "2 d", "correlation": 0.1}, DURATION, "is for shares", ()),
    ({"median": "20 %", "p90": "30 %"}, SHARE, "lognormal law can exceed 1", ()),
    (mixed({"mean": "3 d"}, {"mena": "9 d"}), DURATION, "did you mean `mean`?", ("of", 1, "mena")),
    (mixed({"mean": "3 d"}, {"mean": 9}), DURATION, "has no unit", ("of", 1, "mean")),
    (mixed({"mean": "3 d"}), DURATION, "at least two laws", ("of",)),
    (mixed("3 d", {"mean": "3 d"}), DURATION, "a constant law cannot be mixed", ("of", 0)),
    (mixed({"mean": "3 d"}, {"mean": "9 d"}, shares=["60 %", "30 %"]), DURATION, "make 90 %", ("shares",)),
    (mixed({"mean": "3 d"}, {"mean": "9 d"}, shares=["60 %"]), DURATION, "as many as the laws", ("shares",)),
    (mixed({"mean": "3 d"}, {"mean": "9 d"}, shares=[1, 0]), DURATION, "share of nobody", ("shares", 1)),
    (mixed({"mean": "3 d"}, {"mean": "9 d"}, shares="60 %"), DURATION, "a list of shares", ("shares",)),
    (mixed({"mean": "3 d"}, ["1 d", "2 d"]), DURATION, "a list is no law", ("of", 1)),
    ({"law": "mixture", "of": {"mean": "3 d"}, "shares": [1]}, DURATION, "at least two laws", ("of",)),
    ({"of": [{"mean": "3 d"}], "shares": [1]}, DURATION, "write `law: mixture`", ()),
    ({"law": "frailty", "of": "3 d", "variance": 1}, DURATION, "has no hazard", ("of",)),
    ({"law": "frailty", "of": {"mean": "3 d"}}, DURATION, "takes {of, variance}", ()),
    (
        {"law": "frailty", "of": {"mean": "3 d"}, "varince": 1},
        DURATION,
        "did you mean `variance`?",
        ("varince",),
    ),
    (mixed({"median": "20 %", "p90": "30 %"}, "20 %"), SHARE, "can exceed 1", ("of", 0)),
]


@pytest.mark.parametrize(("value", "dimension", "says", "path"), REFUSED, ids=str)
def test_what_is_no_law_is_refused_at_its_parameter(
    value: object, dimension: Dimension, says: str, path: tuple[object, ...]
) -> None:
    with pytest.raises(Wrong) as caught:
        parse_law(value, dimension)
    assert any(says in message and where == path for where, message in caught.value.findings), (
        caught.value.findings
    )


def test_all_wrong_parameters_are_told() -> None:
    with pytest.raises(Wrong) as caught:
        parse_law({"low": "1", "likely": "2", "high": "3 TB"}, DURATION)
    assert [path for path, _ in caught.value.findings] == [("low",), ("likely",), ("high",)]


@pytest.mark.parametrize("value", ["0 bit/s", {"low": "0 bit/s", "high": "1 Gbit/s"}])
def test_what_is_divided_by_cannot_be_zero(value: object) -> None:
    with pytest.raises(Wrong, match="more than 0 here"):
        parse_law(value, BANDWIDTH, positive=True)


def test_a_mixture_that_cannot_be_zero_may_be_divided_by() -> None:
    law = parse_law(mixed({"mean": "1 Gbit/s"}, {"mean": "2 Gbit/s"}), BANDWIDTH, positive=True)
    assert law.kind == "mixture"
    low = {"low": "0 bit/s", "high": "1 Gbit/s"}
    with pytest.raises(Wrong, match="more than 0 here"):
        parse_law(mixed({"mean": "1 Gbit/s"}, low), BANDWIDTH, positive=True)


def test_every_number_of_a_composed_law_is_told_by_its_place() -> None:
    law = parse_law(mixed("1 d", {"values": ["2 d", "3 d"]}), DURATION)
    told: list[tuple[str, float, Dimension]] = []
    each_parameter(law, DURATION, lambda *found: told.append(found))
    assert told == [
        ("of.1", 24.0, DURATION),
        ("of.2.values.1", 48.0, DURATION),
        ("of.2.values.2", 72.0, DURATION),
        ("shares.1", 0.6, SHARE),
        ("shares.2", 0.4, SHARE),
    ]
