"""The digest of a resolved scenario differs where something that can change a number does, and only there.

Every field of the language in turn, then files edited at random: numbers moved, switches turned, keys left
out, units and the order of keys changed, sources, words and claims added. What must stay the same is read off
the loaded records field by field, which knows nothing of how they are written out for the digest.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel

from sim.errors import ScenarioError
from sim.scenario import ScenarioFile, load_scenario, load_text
from sim.scenario.annotations import is_words
from sim.scenario.people import Segment
from sim.scenario.response import Candidate
from sim.scenario.written import write_scenario
from tests.properties.platforms import law
from tests.properties.test_every_field_matters import BASE, ELSEWHERE, ROWS, changed

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FILES = ("host_suspended", "parler_2021", "region_outage", "tiktok_us_2025", "what_users_do")

TAKES_OVER = (Segment, Candidate)
"""Records that take over what they do not say, and an unknown of the common value with it."""

NUMBER = re.compile(r"([0-9.]+(?:e[-+]?[0-9]+)?)( .+|)")
NAMES = ("suppliers", "groups", "capabilities", "segments", "replace", "appeal", "tasks", "lock_in",
         "restores", "unknowns", "shares", "rivals", "behaviours")  # fmt: skip
"""Keys below which the keys are names, whose order counts."""

Tree = dict[str, Any]
Place = tuple[Any, ...]


# -- what counts, told another way -----------------------------------------------------------------------


def counts(value: object) -> object:
    """Everything in a record but the words for people."""
    if isinstance(value, BaseModel):
        said = sorted(value.model_fields_set) if isinstance(value, TAKES_OVER) else []
        fields = {
            name: counts(getattr(value, name))
            for name, info in type(value).model_fields.items()
            if not is_words(info)
        }
        return type(value).__name__, fields, said
    if isinstance(value, dict):
        return [(name, counts(item)) for name, item in value.items()]
    return [counts(item) for item in value] if isinstance(value, tuple) else value


def same(first: ScenarioFile, second: ScenarioFile) -> bool:
    """Whether no number can differ between two files of one strategy."""
    return counts(first.scenario()) == counts(second.scenario())


# -- files, and what is done to them ---------------------------------------------------------------------


@cache
def written(name: str) -> str:
    """A file as JSON, every default filled in."""
    if name == "base":
        return json.dumps(BASE)
    return json.dumps(write_scenario(load_scenario(SCENARIOS / f"{name}.yaml").scenario()))


def loaded(tree: Tree) -> ScenarioFile:
    """What a tree says; one that says something impossible is no example."""
    try:
        return load_text(json.dumps(tree))
    except ScenarioError:
        assume(False)
        raise


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every scalar that may change a number, by its place."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in {"expect", "observed", "name", "title", "about"}:
                yield from leaves(item, (*place, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from leaves(item, (*place, i))
    else:
        yield place, value


def at(tree: Any, place: Place) -> Any:
    for step in place:
        tree = tree[step]
    return tree


def put(tree: Tree, place: Place, value: Any) -> None:
    at(tree, place[:-1])[place[-1]] = value


def moved(value: Any, factor: Fraction) -> Any:
    """Another number with the same unit; None where there is no number."""
    found = None if isinstance(value, bool) else NUMBER.fullmatch(str(value))
    if found is None:
        return not value if isinstance(value, bool) else None
    number = Fraction(found[1]) * factor
    if not found[2]:
        return int(number) if number.denominator == 1 else float(number)
    return f"{float(number)!r}{found[2]}"


def shuffled(value: Any, rng: random.Random, *, names: bool = False) -> Any:
    """The same with the keys of every record in another order; names stay in theirs."""
    if isinstance(value, dict):
        keys = list(value)
        if not names:
            rng.shuffle(keys)
        return {key: shuffled(value[key], rng, names=key in NAMES) for key in keys}
    return [shuffled(item, rng) for item in value] if isinstance(value, list) else value


def other_unit(value: Any) -> Any:
    """The same amount in another unit; None where it has none that is known here."""
    found = NUMBER.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    number, unit = Fraction(found[1]), found[2].strip()
    if unit in {"h", "d"}:
        return f"{whole(number * (60 if unit == 'h' else 1440))} min"
    if unit == "%":
        return whole(number / 100)
    return f"{whole(number * 7)} per week" if unit == "per day" else None


def whole(number: Fraction) -> Any:
    """A decimal fraction written out in full."""
    digits = next(n for n in range(60) if (number * 10**n).denominator == 1)
    text = str(int(number * 10**digits)).rjust(digits + 1, "0")
    return f"{text[: len(text) - digits]}.{text[len(text) - digits :]}" if digits else text


# -- the properties --------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", sorted({*ROWS} - {*ELSEWHERE}))
def test_another_value_of_any_field_is_another_digest(field: str) -> None:
    live, other = ROWS[field]
    before = changed(BASE, live)
    assert load_text(json.dumps(before)).digest != load_text(json.dumps(changed(before, other))).digest


@law(30)
@given(st.data())
def test_the_digest_differs_exactly_where_a_number_or_switch_does(data: st.DataObject) -> None:
    before: Tree = json.loads(written(data.draw(st.sampled_from(("base", *FILES)))))
    after = copy.deepcopy(before)
    place, value = data.draw(st.sampled_from(list(leaves(after))))
    if data.draw(st.booleans()):
        changes = moved(value, data.draw(st.fractions(Fraction(1, 2), 2, max_denominator=8)))
        assume(changes is not None)
        put(after, place, changes)
    else:
        assume(isinstance(place[-1], str))
        del at(after, place[:-1])[place[-1]]
    first, second = loaded(before), loaded(after)
    assert (first.digest == second.digest) == same(first, second), place


@law(15)
@given(st.data())
def test_units_key_order_sources_words_and_claims_change_no_digest(data: st.DataObject) -> None:
    before: Tree = json.loads(written(data.draw(st.sampled_from(("base", *FILES)))))
    after: Tree = shuffled(before, random.Random(data.draw(st.integers(0, 99))))
    quantities = [(place, value) for place, value in leaves(after) if other_unit(value) is not None]
    for place, value in data.draw(
        st.lists(st.sampled_from(quantities), max_size=4, unique_by=lambda q: q[0])
    ):
        amount = other_unit(value)
        source = {"value": amount, "source": "a letter"} if data.draw(st.booleans()) else amount
        put(after, place, source)
    after |= {
        "title": data.draw(st.text("abc:'é", min_size=1)),
        "about": data.draw(st.text("abc #", max_size=9)),
        "expect": [{"measure": "downtime", "at_most": "3 d", "in_share_of_runs": "9 %"}],
        "observed": [{"measure": "downtime", "value": "3 d", "source": "the press"}],
    }
    first, second = loaded(before), loaded(after)
    assert same(first, second)
    assert first.digest == second.digest


EMPTY = ["groups", "targets", "unknowns", "expect", "observed", "response.appeal",
         "response.replace.host.restores", "response.replace.host.search.fallback",
         "response.replace.host.search.standby", "response.replace.host.tasks.set_up.lock_in"]  # fmt: skip


@law(10)
@given(st.sets(st.sampled_from(EMPTY), min_size=1))
def test_what_is_empty_anyway_may_be_written_out(chosen: set[str]) -> None:
    lists = ("expect", "observed", "fallback", "standby")
    more: Tree = {path: [] if path.endswith(lists) else {} for path in chosen}
    assert load_text(json.dumps(changed(BASE, more))).digest == load_text(json.dumps(BASE)).digest
