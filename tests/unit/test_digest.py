"""The digest covers what can change a number and nothing else; the resolved file has the same one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import digest, load_scenario, load_text
from tests.broken.cases import SOUND
from tests.unit.scenarios import SMALL, changed

ROOT = Path(__file__).resolve().parents[2]

SAME = [
    ("  title", ("title: One host, one store", "title: Another")),
    ("a comment", ("name: small", "name: small  # not big")),
    ("name", ("name: small", "name: tiny")),
    ("about", ("name: small", "name: small\nabout: a story")),
    ("kind", ("kind: cloud host", "kind: colocation")),
    ("label", ("{needs: [host]}", "{needs: [host], label: using it}")),
    ("unit", ("users: {start: 1000", "users: {unit: members, start: 1000")),
    ("source", ("start: 1000", "start: {value: 1000, source: a letter}")),
    ("note", ("notice: 30 h}", "notice: 30 h, note: by post}")),
    ("unit of time", ("notice: 30 h", "notice: 1.25 d")),
    ("spelling of a number", ("start: 1000", "start: 1 thousand")),
    ("instant or duration", ("at: 10 d", "at: 2025-03-11T00:00Z")),
    ("order of keys", ("served_by: use, join_by: install", "join_by: install, served_by: use")),
    ("a default written out", ("notice: 30 h}", "notice: 30 h, id: suspend_host}")),
    ("the default law of a constant", ("acceptance: 20 %", "acceptance: {law: constant, value: 20 %}")),
    ("the name of an obvious law", ("reply: {mean: 36 h}", "reply: {law: exponential, mean: 36 h}")),
]
OTHER = [
    ("a number", ("start: 1000", "start: 1001")),
    ("the seed", ("name: small", "name: small\nseed: 2")),
    ("a law", ("reply: {mean: 36 h}", "reply: {low: 0 h, high: 72 h}")),
    ("the horizon", ("180 d", "181 d")),
    ("an event", ("{suspend: host", "{delist: store, at: 9 d}\n  - {suspend: host")),
    ("a gate", ("{needs: [host]}", "{needs: [host, store]}")),
    ("a candidate's name, which names draws", ("candidates: 3", "candidates: [{name: a}, {}, {}]")),
    ("what belongs to a segment", ("join_by: install}", "join_by: install, forgotten_after: 8 d}")),
]
MORE_SAME = [
    "expect: [{measure: downtime, at_most: 3 d, in_share_of_runs: 9 %}]\n",
    "observed: [{measure: downtime, value: 3 d, source: the press}]\n",
    "strategies: {as_is: {}}\n",
]


@pytest.mark.parametrize(("what", "change"), SAME, ids=lambda item: item if isinstance(item, str) else "")
def test_words_and_spellings_do_not_change_the_digest(what: str, change: tuple[str, str]) -> None:
    assert changed(change).digest == changed().digest, what


@pytest.mark.parametrize("more", MORE_SAME)
def test_claims_observations_and_an_empty_strategy_do_not_change_the_digest(more: str) -> None:
    assert changed(more=more).digest == changed().digest


@pytest.mark.parametrize(("what", "change"), OTHER, ids=lambda item: item if isinstance(item, str) else "")
def test_whatever_can_change_a_number_changes_the_digest(what: str, change: tuple[str, str]) -> None:
    assert changed(change).digest != changed().digest, what


def test_a_setting_is_part_of_the_digest_as_if_the_file_said_it() -> None:
    assert changed(settings=("users.start=5000",)).digest == changed(("start: 1000", "start: 5000")).digest
    assert load_text(SMALL, seed=3).digest == load_text(SMALL, settings=["seed=3"]).digest != changed().digest


def test_unknowns_and_their_medians_are_different_studies() -> None:
    more = "unknowns: {users.churn: {low: 0.1 % per day, high: 0.2 % per day}}\n"
    assert (
        len({changed().digest, changed(more=more).digest, load_text(SMALL + more, unknowns="fixed").digest})
        == 3
    )


def test_a_digest_is_ten_hexadecimal_characters() -> None:
    assert len(changed().digest) == 10
    int(changed().digest, 16)


def test_other_versions_give_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = changed().digest
    monkeypatch.setattr(digest, "MODEL", "next")
    other_model = changed().digest
    monkeypatch.undo()
    monkeypatch.setattr(digest, "library_versions", lambda: {"numpy": "9.9"})
    assert len({before, other_model, changed().digest}) == 3


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_resolved_file_of_every_scenario_is_the_same_scenario(path: Path) -> None:
    file = load_scenario(path)
    again = load_text(file.resolved_yaml())
    assert again.digest == file.digest
    assert again.strategies == file.strategies
    assert again.resolved_yaml() == file.resolved_yaml()


ODD = """
name: odd
title: 'Numbers: "that" have no short text'
clock: {start: 2025-03-01T00:00:01.5Z, horizon: 100000 s, report_every: 1 s}
suppliers: {host: {label: "a: b # c", monthly_cost: 0.1}, other: {}}
capabilities:
  use:
    needs_any: [host, {at_least: 1, of: [other, {all: [host, other]}, {shares: {host: 33.3 %, other: 1}}]}]
users:
  start: 3.1415926535897932
  served_by: use
  churn: 3.3333333333333333 % per year
  segments: {a: {share: 33.3 %, join_by: none}, b: {share: 66.7 %, join_by: use, uninstalls: 1e-9}}
events:
  - {outage: host, at: 1.1 s, lasts: {values: [1 s, 1.7 s, 1 s]}}
  - {surge: a, at: 0.7 min, times: 0.1, fades_over: 7 s, because: outage_host}
"""


def test_odd_numbers_and_nested_gates_survive_being_written_out() -> None:
    file = load_text(ODD)
    again = load_text(file.resolved_yaml())
    assert again.strategies == file.strategies
    assert again.title == 'Numbers: "that" have no short text'


def test_strategies_and_inherited_unknowns_survive_being_written_out() -> None:
    file = load_text(SOUND)
    again = load_text(file.resolved_yaml())
    assert again.strategies == file.strategies
    assert again.labels == file.labels
    assert again.baseline == file.baseline
    inheriting = changed(
        ("join_by: install}", "join_by: install, patience: {mean: 9 d}, segments: {a: {share: 1}}}"),
        more="unknowns: {users.patience.mean: {low: 8 d, high: 10 d}}\n"
        "strategies: {a: {}, b: {users: {segments: {a: {patience: 3 d}}, patience: null}, unknowns: null}}\n",
    )
    assert load_text(inheriting.resolved_yaml()).strategies == inheriting.strategies
