"""YAML 1.2 to a tree: scalars, positions, aliases."""

from __future__ import annotations

import math

import pytest

from sim.errors import ScenarioError
from sim.scenario.reader import read_scalar, read_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"), ("no", "no"), ("yes", "yes"), ("1:30", "1:30"), ("010", 10), ("12e3", 12000.0),
        ("1_000", "1_000"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("-3", -3), ("+3", 3),
        ("0.5", 0.5),
        (".5", 0.5), ("5.", 5.0), ("0x1F", "0x1F"), ("2025-03-01", "2025-03-01"), (".inf", math.inf),
        ("-.INF", -math.inf),
        ("1" * 500, math.inf),
    ],
)  # fmt: skip
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    assert read_scalar(text) == value
    assert type(read_scalar(text)) is type(value)


def test_nan_is_a_number_that_is_none() -> None:
    assert math.isnan(float(str(read_scalar(".nan"))))


def test_what_is_quoted_is_text() -> None:
    assert read_text("{a: '5', b: \"true\", c: 'null'}").plain() == {"a": "5", "b": "true", "c": "null"}


def test_keys_are_text_whatever_they_look_like() -> None:
    assert read_text("{1: a, off: b, true: c, 2.5: d}").plain() == {
        "1": "a",
        "off": "b",
        "true": "c",
        "2.5": "d",
    }


def test_every_key_and_value_keeps_its_line() -> None:
    tree = read_text("a:\n  b: 1\n  c:\n    - x\n    -\n      d: 2\n# comment\ne: |\n  long\n  text\n")
    lines = {path: (node.key_line, node.line) for path, node in tree.walk()}
    assert lines[("a",)] == (1, 2)
    assert lines[("a", "b")] == (2, 2)
    assert lines[("a", "c")] == (3, 4)
    assert lines[("a", "c", 1, "d")] == (6, 6)
    assert lines[("e",)] == (8, 8)
    assert tree.nearest(("a", "c", 1, "nothing", "below")).line == 6


def test_an_alias_is_the_value_it_points_to() -> None:
    assert read_text("{a: &x {b: 1}, c: *x}").plain() == {"a": {"b": 1}, "c": {"b": 1}}


def test_an_alias_keeps_the_line_of_its_own_key() -> None:
    assert read_text("a: &x\n  b: 1\nc: *x\n").mapping["c"].key_line == 3


def test_merge_keys_have_no_meaning() -> None:
    assert read_text("{a: &x {b: 1}, c: {<<: *x}}").plain() == {"a": {"b": 1}, "c": {"<<": {"b": 1}}}


def test_every_duplicate_key_is_told() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_text("a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert [(problem.where, problem.line) for problem in caught.value.problems] == [("c", 2), ("a", 3)]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    assert read_text("a: 1\r\nb: 2\r\n").plain() == {"a": 1, "b": 2}


@pytest.mark.parametrize("text", ["? [a, b]\n: c\n", "? {a: b}\n: c\n"])
def test_a_key_that_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match="a key must be a name"):
        read_text(text)


def test_yaml_directives_change_nothing() -> None:
    assert read_text("%YAML 1.1\n---\na: off\n").plain() == {"a": "off"}
