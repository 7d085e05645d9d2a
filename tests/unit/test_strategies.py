"""Strategies patch the file key by key; settings of the command line change one field."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario import Law, load_text
from tests.unit.scenarios import SMALL, changed, small

ADAPT = "response.replace.host.tasks.adapt"


def test_a_file_without_strategies_has_one() -> None:
    file = changed()
    assert list(file.strategies) == ["as_is"]
    assert file.baseline == "as_is"
    assert file.labels == {"as_is": "as is"}


def test_a_patch_merges_keys_replaces_lists_and_removes_with_null() -> None:
    file = changed(more="""
baseline: warm
strategies:
  as_is:
  warm:
    label: a warm standby
    events: [{suspend: host, at: 12 d}]
    response: {replace: {host: {search: null, tasks: {adapt: {after: null, takes: 6 h}}}}}
""")  # fmt: skip
    as_is, warm = file.strategies.values()
    assert as_is.response == small().response
    assert warm.events[0].at == 288.0
    assert warm.events[0].notice == 0.0
    assert warm.response.replace["host"].search is None
    assert warm.response.replace["host"].tasks["adapt"].takes == Law.constant(6.0)
    assert warm.users == as_is.users
    assert file.baseline == "warm"
    assert file.scenario() is warm
    assert file.labels == {"as_is": "as is", "warm": "a warm standby"}
    assert warm.label == "a warm standby"


@pytest.mark.parametrize(
    ("base", "patch", "law"),
    [
        ("{low: 2 d, likely: 5 d, high: 20 d}", "{high: 30 d}",
         Law.of("pert", low=48.0, likely=120.0, high=720.0)),
        ("{low: 2 d, likely: 5 d, high: 20 d}", "{mean: 3 d}", Law.of("exponential", mean=72.0)),
        ("{low: 2 d, likely: 5 d, high: 20 d}", "3 d", Law.constant(72.0)),
        ("{law: gamma, mean: 2 d, cv: 1}", "{mean: 3 d}", Law.of("gamma", mean=72.0, cv=1.0)),
        ("{law: gamma, mean: 2 d, cv: 1}", "{law: exponential, mean: 3 d}", Law.of("exponential", mean=72.0)),
        ("{median: 2 d, p90: 9 d}", "{low: 1 d, high: 3 d}", Law.of("uniform", low=24.0, high=72.0)),
        ("5 d", "{mean: 3 d}", Law.of("exponential", mean=72.0)),
        ("{value: 5 d, source: x}", "{value: 3 d, assumption: y}", Law.constant(72.0)),
        ("{value: {low: 2 d, likely: 5 d, high: 20 d}, source: x}", "{high: 30 d}",
         Law.of("pert", low=48.0, likely=120.0, high=720.0)),
    ],
)  # fmt: skip
def test_a_law_is_patched_parameter_by_parameter_or_replaced_whole(base: str, patch: str, law: Law) -> None:
    old = "{low: 2 d, likely: 5 d, high: 20 d}"
    nested = f"{{host: {{tasks: {{adapt: {{takes: {patch}}}}}}}}}"
    more = f"strategies: {{other: {{response: {{replace: {nested}}}}}}}\n"
    assert changed((old, base), more=more).scenario().response.replace["host"].tasks["adapt"].takes == law


def test_a_setting_replaces_a_law_whole_or_one_of_its_parameters() -> None:
    def takes(setting: str) -> Law | None:
        return small(settings=(f"{ADAPT}.takes{setting}",)).response.replace["host"].tasks["adapt"].takes

    assert takes("={mean: 3 d}") == Law.of("exponential", mean=72.0)
    assert takes("=3 d") == Law.constant(72.0)
    assert takes(".high=30 d") == Law.of("pert", low=48.0, likely=120.0, high=720.0)
    with pytest.raises(ScenarioError, match=r"\{high\} is no law"):
        takes("={high: 30 d}")


def test_a_problem_of_a_patch_points_to_its_line() -> None:
    text = SMALL + "strategies:\n  warm:\n    users:\n      start: many\n"
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    assert [(problem.where, problem.line) for problem in caught.value.problems] == [
        ("users.start", len(text.splitlines()))
    ]


def test_a_setting_changes_one_field() -> None:
    assert small(settings=("users.start=2.5 million",)).users.start == 2_500_000.0
    assert small(settings=("events.suspend_host.notice=2 h",)).events[0].notice == 2.0
    assert small(settings=("events.1.notice=3 h",)).events[0].notice == 3.0
    assert small(settings=("response.replace.host.search.candidates=[{}, {}]",)).response != small().response
    assert (
        small(settings=("response.replace.host.search.acceptance=",)).response.replace["host"].search
        is not None
    )
    assert small(settings=("backups=",)) == small()
    assert small(settings=("users.start=5", "users.start=6")).users.start == 6.0


def test_a_setting_reaches_into_defaults_and_leaves_the_rest_as_it_was() -> None:
    before, after = small().users, small(settings=("users.segments.casual.patience.scale=30 d",)).users
    assert after.segments["casual"].patience == Law.of("weibull", shape=0.8, scale=720.0)
    assert after.segments["core"] == before.segments["core"]
    assert after.segments["casual"].returns == before.segments["casual"].returns
    inherits = ("join_by: install}", "join_by: install, patience: {mean: 9 d}, segments: {a: {share: 1}}}")
    changed_users = small(inherits, settings=("users.segments.a.patience.mean=3 d",)).users
    assert changed_users.segments["a"].patience == Law.of("exponential", mean=72.0)


def test_a_setting_that_would_change_nobody_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"set users\.segments\.core\.patience"):
        small(settings=("users.patience=5 d",))


def test_a_setting_holds_in_every_strategy() -> None:
    file = changed(more="strategies: {a: {}, b: {users: {start: 7}}}\n", settings=("users.start=5",))
    assert [scenario.users.start for scenario in file.strategies.values()] == [5.0, 5.0]


def test_the_seed_of_the_command_line_wins() -> None:
    assert load_text(SMALL + "seed: 4\n", seed=9).scenario().seed == 9
    with pytest.raises(ScenarioError, match="0 or more"):
        load_text(SMALL, seed=-1)


def test_an_unknown_can_be_set() -> None:
    path = "users.segments.casual.patience.scale"
    scenario = small(settings=(f"unknowns.{path}={{median: 45 d, p90: 110 d}}", f"unknowns.{path}.p90=90 d"))
    assert scenario.unknowns == {path: Law.of("lognormal", median=1080.0, p90=2160.0)}


def test_what_strategies_have_in_common_cannot_be_patched() -> None:
    with pytest.raises(ScenarioError) as caught:
        changed(more="strategies: {a: {seed: 3, clock: {horizon: 9 d}, expect: []}}\n")
    assert [problem.where for problem in caught.value.problems] == [
        "strategies.a.seed", "strategies.a.clock", "strategies.a.expect",
    ]  # fmt: skip
