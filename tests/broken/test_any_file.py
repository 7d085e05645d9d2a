"""Whatever a file holds, it is loaded or refused in words, never with a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import load_text
from sim.scenario.reader import read_text
from sim.scenario.resolved import to_yaml
from tests.broken.cases import SOUND

TREE: Any = read_text(SOUND).plain()

ODD: list[Any] = [
    None, True, 0, -1, 1.5, float("inf"), float("nan"), "", "x", "5 d", "20 %", "host", "use", "users",
    "casual", "%", "-", [], ["host"], [None], [[["a"]]], {}, {"a": 1}, {"value": 3}, {"value": None,
    "source": "x"}, {"mean": "3 d"}, {"law": "weibull"}, {"law": []}, {"low": 1}, {"values": []},
    {"values": ["1 d", None]}, {"any": ["host"]}, {"at_least": True, "of": ["host"]}, {"mean": "20 %",
    "correlation": "50 %"}, {"source": "x"}, {"core": {"share": 1}}, "1e999", "1e-999 d", "5 d d",
    "9999-12-31T23:59Z", "0001-01-01T00:00+14:00", "2025-13-45T00:00Z",
]  # fmt: skip
GARBAGE = [
    "",
    "{",
    "}",
    ":",
    ",",
    " ",
    "#",
    "\t",
    "-",
    "*a",
    "&b",
    "'",
    '"',
    "%",
    "|",
    ">",
    "9",
    "!x ",
    "[",
    "]",
    "?",
    "\x00",
]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path of a tree of plain values."""
    yield path
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    for step, item in below:
        yield from paths(item, (*path, step))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The tree with ``new`` at the path."""
    if not path:
        return new
    if isinstance(value, dict):
        return {key: put(item, path[1:], new) if key == path[0] else item for key, item in value.items()}
    return [put(item, path[1:], new) if i == path[0] else item for i, item in enumerate(value)]


def lists(value: Any) -> Any:
    """The tree with lists for tuples, as the writer wants them."""
    if isinstance(value, dict):
        return {key: lists(item) for key, item in value.items()}
    return [lists(item) for item in value] if isinstance(value, list | tuple) else value


def loads_or_is_refused(text: str) -> None:
    """Anything but a `ScenarioError` is a defect."""
    refused: ScenarioError | None = None
    try:
        file = load_text(text)
    except ScenarioError as error:
        refused = error
    if refused is not None:
        assert refused.problems
        assert all(problem.message for problem in refused.problems)
        return
    assert load_text(file.resolved_yaml()).strategies == file.strategies


@pytest.mark.slow
@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(list(paths(TREE))), new=st.sampled_from(ODD))
def test_any_value_at_any_place_is_read_or_refused(path: tuple[Any, ...], new: Any) -> None:
    loads_or_is_refused(to_yaml(lists(put(TREE, path, new))))


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, len(SOUND) - 1), st.sampled_from(GARBAGE), st.integers(0, 2)),
        min_size=1,
        max_size=3,
    )
)
def test_any_slip_of_the_pen_is_read_or_refused(slips: list[tuple[int, str, int]]) -> None:
    text = SOUND
    for position, letters, cut in slips:
        text = text[:position] + letters + text[position + cut :]
    loads_or_is_refused(text)
