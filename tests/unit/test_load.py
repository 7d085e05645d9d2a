"""What a file leaves out, and what it says in short, is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.scenario import Law, Scenario, load_scenario
from sim.scenario.gates import All, Any, AtLeast, Leaf, Shares
from tests.unit.scenarios import changed, small

USERS = "users: {start: 1000, served_by: use, join_by: install}"
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_loads_and_is_called_as_its_file(path: Path) -> None:
    file = load_scenario(path)
    assert file.name == path.stem
    assert file.path == path
    assert file.title


def test_defaults_are_those_of_the_documents() -> None:
    scenario = small()
    users = scenario.users
    assert scenario.seed == 1
    assert scenario.clock.report_every == 24.0
    assert scenario.headline == "use"
    assert scenario.response.engineers is None
    assert users.forgotten_after == 168.0
    assert users.churn == pytest.approx(0.001 / 24)
    assert users.joins == pytest.approx(1000 * 0.001 / 24)
    assert scenario.capabilities["use"].recovered_at == 1.0
    assert scenario.capabilities["use"].stable_for == 168.0
    task = scenario.response.replace["host"].tasks["adapt"]
    assert (task.engineers, task.cost, task.data) == (1, 0.0, None)


def test_without_a_word_about_behaviour_users_are_core_and_casual() -> None:
    segments = small().users.segments
    assert list(segments) == ["core", "casual"]
    assert [segment.share for segment in segments.values()] == [0.4, 0.6]
    assert [segment.join_share for segment in segments.values()] == [0.4, 0.6]
    assert segments["core"].patience == Law.of("weibull", shape=0.8, scale=4800.0)
    assert segments["casual"].patience == Law.of("weibull", shape=0.8, scale=1080.0)
    assert [segment.returns.rate * 720 for segment in segments.values()] == pytest.approx([1.5, 0.6])
    assert {segment.returns.fades_over for segment in segments.values()} == {720.0}
    assert {segment.served_by for segment in segments.values()} == {"use"}
    assert {segment.join_by for segment in segments.values()} == {"install"}


def test_with_patience_or_returns_of_all_there_is_one_segment() -> None:
    segments = small((USERS, "users: {start: 1000, served_by: use, patience: 5 d}")).users.segments
    assert list(segments) == ["everyone"]
    assert segments["everyone"].patience == Law.constant(120.0)
    assert segments["everyone"].share == segments["everyone"].join_share == 1.0
    segments = small(
        (USERS, "users: {start: 1000, served_by: use, returns: {rate: 1 % per day}}")
    ).users.segments
    assert list(segments) == ["everyone"]
    assert segments["everyone"].returns.fades_over is None


def test_a_segment_inherits_what_it_leaves_out_and_only_that() -> None:
    users = small((USERS, """
users:
  start: 1000
  served_by: use
  join_by: install
  patience: 5 d
  churn: 0.2 % per day
  segments:
    app: {share: 70 %, patience: 9 d}
    web: {share: 30 %, join_by: none, churn: 0 per day, join_share: 30 %}
""")).users  # fmt: skip
    app, web = users.segments["app"], users.segments["web"]
    assert (app.patience, web.patience) == (Law.constant(216.0), Law.constant(120.0))
    assert (app.join_by, web.join_by) == ("install", None)
    assert app.churn == pytest.approx(0.002 / 24)
    assert web.churn == 0.0
    assert users.joins == pytest.approx(1000 * 0.7 * 0.002 / 24), "as many join as leave"


def test_a_key_without_a_value_counts_as_left_out() -> None:
    assert (
        small(("  use: {needs: [host]}", "  use: {needs: [host], label: }")).capabilities["use"].label is None
    )
    assert changed(more="backups:\nexpect:\nunknowns:\nstrategies:\n").digest == changed().digest
    assert small(("suppliers: {host: {kind: cloud host}", "suppliers: {host: ")).suppliers["host"].kind == ""


def test_candidates_inherit_from_their_search() -> None:
    search = (
        small(("candidates: 3", "candidates: [{name: first}, {acceptance: 5 %}, {reply: 2 d}]"))
        .response.replace["host"]
        .search
    )
    assert search is not None
    assert isinstance(search.candidates, tuple)
    assert [float(c.acceptance.mean()) for c in search.candidates] == [0.2, 0.05, 0.2]
    assert [c.reply.kind for c in search.candidates] == ["exponential", "exponential", "constant"]


def test_gates_are_compiled_from_all_that_is_said() -> None:
    scenario = small(("  install:", """  both: {needs: [host], needs_any: [store, {all: [host, store]}]}
  most: {needs: {at_least: 2, of: [host, store, use]}}
  part: {shares: {host: 60 %, store: 60 %}}
  install:"""))  # fmt: skip
    assert scenario.gate("use") == Leaf("host")
    assert scenario.gate("install") == All((Leaf("use"), Leaf("store")))
    assert scenario.gate("both") == All(
        (Leaf("host"), Any((Leaf("store"), All((Leaf("host"), Leaf("store"))))))
    )
    assert scenario.gate("most") == AtLeast(2, (Leaf("host"), Leaf("store"), Leaf("use")))
    assert scenario.gate("part") == Shares(((0.6, Leaf("host")), (0.6, Leaf("store"))))


def test_events_are_in_hours_since_the_start_and_have_ids() -> None:
    events = small(("  - {suspend: host, at: 10 d, notice: 30 h}", """
  - {suspend: host, at: 2025-03-10T08:00Z, notice: 30 h}
  - {restore: host, at: 20 d}
  - {suspend: host, at: 30 d}
  - {suspend: store, at: 30 d, id: suspend_host_2}
  - {suspend: host, at: 40 d}
""")).events  # fmt: skip
    assert [event.id for event in events] == [
        "suspend_host", "restore_host", "suspend_host_3", "suspend_host_2", "suspend_host_4",
    ]  # fmt: skip
    assert [event.at for event in events] == [224.0, 480.0, 720.0, 720.0, 960.0]
    assert events[0].announced == 194.0


def test_a_transfer_is_a_law_of_its_parts() -> None:
    task = small(
        (
            "takes: {low: 2 d, likely: 5 d, high: 20 d}",
            "data: 50 TB, bandwidth: {low: 1 Gbit/s, high: 2 Gbit/s}",
        )
    )
    adapt = task.response.replace["host"].tasks["adapt"]
    assert adapt.data == Law.constant(50e12)
    assert adapt.bandwidth == Law.of("uniform", low=1e9, high=2e9)
    assert adapt.utilisation == Law.constant(0.7)


def test_the_counterfactual_is_without_what_takes_away_and_what_it_causes() -> None:
    scenario = small(("  - {suspend: host, at: 10 d, notice: 30 h}", """
  - {suspend: host, at: 10 d}
  - {delist: store, at: 11 d, because: suspend_host}
  - {outage: store, at: 12 d, lasts: 3 h, counterfactual: kept}
  - {surge: users, at: 13 d, times: 2, fades_over: 3 d}
  - {surge: core, at: 14 d, times: 2, fades_over: 3 d, because: delist_store}
  - {surge: casual, at: 15 d, times: 2, fades_over: 3 d, because: surge_core}
  - {surge: casual, at: 16 d, times: 2, fades_over: 3 d, because: suspend_host, counterfactual: kept}
  - {surge: users, at: 17 d, times: 2, fades_over: 3 d, counterfactual: removed}
  - {restore: host, at: 20 d}
"""))  # fmt: skip
    assert [event.id for event in scenario.spared().events] == [
        "outage_store",
        "surge_users",
        "surge_casual_2",
        "restore_host",
    ]
    assert scenario.spared().users == scenario.users
    calm = scenario.spared().spared()
    assert [event.id for event in calm.events] == [event.id for event in scenario.spared().events]


def test_a_world_without_events_is_its_own_counterfactual() -> None:
    scenario = small(("events:\n  - {suspend: host, at: 10 d, notice: 30 h}\n", ""))
    assert scenario.spared() is scenario


def test_claims_and_observations_are_read_in_the_unit_of_their_measure() -> None:
    scenario = small(more="""
expect:
  - {measure: downtime.use, at_most: 7 d, in_share_of_runs: 90 %}
  - {measure: users_lost, at_least: 0.1 million, in_share_of_runs: 0.5}
observed:
  - {measure: availability, value: 80 %}
  - {quantity: active, at: 2025-06-09T00:00Z, of: 1000, of_label: users before, value: 120 %, low: 110 %}
""")  # fmt: skip
    assert [(claim.at_most, claim.at_least) for claim in scenario.expect] == [
        (168.0, None),
        (None, 100_000.0),
    ]
    assert [seen.value for seen in scenario.observed] == [0.8, 1.2]
    assert scenario.observed[1].at == 2400.0
    assert scenario.observed[1].of == 1000.0


def test_a_scenario_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        small().seed = 2


def test_a_strategy_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="there is no strategy `warm`; small has as_is"):
        changed().scenario("warm")


def test_an_event_is_found_by_its_id() -> None:
    scenario = small()
    assert scenario.event("suspend_host") is scenario.events[0]
    assert scenario.event("nothing") is None


def test_labels_are_names_for_people() -> None:
    labels = small(("install: {", "install: {label: installing the app, ")).labels()
    assert labels["install"] == "installing the app"
    assert labels["host"] == "host"


def test_the_order_of_keys_does_not_matter() -> None:
    swapped = small((USERS, "users: {join_by: install, served_by: use, start: 1000}"))
    assert isinstance(swapped, Scenario)
    assert swapped == small()
