"""Random numbers: a replication is itself wherever it is computed, and a name's draws are its own.

Everything here is compared bit for bit unless a test says otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.demand import simulate_demand
from sim.scenario import Inputs, Scenario, load_scenario
from sim.streams import BLOCK, Draws
from sim.study import Study, run_study, simulate
from sim.supply import Timeline, simulate_supply
from tests.golden.record import SMALL
from tests.pipeline import level, timeline, written

ROOT = Path(__file__).resolve().parents[2]
SOME = (0, 7, 199, 200, 399, 400, 499)


def bits(column: object) -> list[object]:
    """The values of a column such that equal lists mean equal bits (words and truth values as they are)."""
    values = np.asarray(column)
    return [value.hex() if isinstance(value, float) else value for value in values.tolist()]


@pytest.fixture(scope="module")
def five_hundred() -> Study:
    return run_study(load_scenario(SMALL), replications=500)


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(SMALL).scenario()


# -- a replication is itself -----------------------------------------------------------------------------


@pytest.mark.slow
def test_two_workers_give_what_one_gives(five_hundred: Study) -> None:
    both = run_study(load_scenario(SMALL), replications=500, workers=2).outcomes()
    for name, column in five_hundred.outcomes().items():
        assert bits(both[name]) == bits(column), name


def test_a_smaller_study_gives_the_first_replications_of_a_larger_one(five_hundred: Study) -> None:
    fewer = run_study(load_scenario(SMALL), replications=201).outcomes()
    for name, column in five_hundred.outcomes().items():
        assert bits(fewer[name]) == bits(column)[:201], name


@pytest.mark.parametrize("block", [0, 1, 2])
def test_a_block_alone_gives_what_it_gives_in_a_study(
    five_hundred: Study, small: Scenario, block: int
) -> None:
    alone = simulate(small, block)
    assert alone.outcome is not None
    first = block * BLOCK
    rows = min(BLOCK, 500 - first)
    told = five_hundred.outcomes()
    for name, column in alone.outcome.columns.items():
        assert bits(column)[:rows] == bits(told[name])[first : first + rows], name


@pytest.mark.parametrize("k", SOME)
def test_replication_k_alone_gives_what_it_gives_among_500(
    five_hundred: Study, small: Scenario, k: int
) -> None:
    block, row = divmod(k, BLOCK)
    (alone,) = simulate_supply(small, Inputs(small, Draws(small.seed, block)), [row])
    among = simulate_supply(small, Inputs(small, Draws(small.seed, block)), range(BLOCK))[row]
    assert alone == among
    played_again, history = five_hundred.timeline(None, k)
    assert played_again == alone
    told = five_hundred.outcomes()
    assert float(told["users_end"][k]) == float(history.end["active"].sum())


def test_the_order_in_which_replications_are_asked_for_does_not_matter(small: Scenario) -> None:
    forwards = simulate_supply(small, Inputs(small, Draws(small.seed, 0)), range(BLOCK))
    backwards = simulate_supply(small, Inputs(small, Draws(small.seed, 0)), range(BLOCK)[::-1])
    assert forwards == backwards[::-1]


def test_sampled_users_of_a_replication_are_the_same_whatever_befalls_the_others() -> None:
    platform = written(CERTAIN).scenario()
    horizon = platform.clock.horizon
    short = timeline(horizon, {"use": level((0.0, 1.0), (48.0, 0.0), (480.0, 1.0))})
    long = timeline(horizon, {"use": level((0.0, 1.0), (48.0, 0.0), (960.0, 1.0))})
    inputs = Inputs(platform, Draws(platform.seed, 0))
    first = simulate_demand(platform, [short] * BLOCK, inputs, users="sampled")
    mixed = [long if k % 2 else short for k in range(BLOCK)]
    second = simulate_demand(platform, mixed, inputs, users="sampled")
    for state, counts in first.states.items():
        assert np.array_equal(counts[::2], second.states[state][::2])
    active = first.states["active"]
    assert not np.array_equal(active[1], second.states["active"][1])
    assert not np.array_equal(active[0], active[1])


def test_hash_randomisation_does_not_matter() -> None:
    code = (
        "from hashlib import sha256; from tests.golden.record import record, text;"
        "print(sha256(text(record()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("0", "4242")
    }
    assert len(digests) == 1


# -- what is random differs ------------------------------------------------------------------------------

CERTAIN = """
name: certain
title: Nothing is left to chance
clock: {start: 2025-03-01T00:00Z, horizon: 60 d, report_every: 5 d}
suppliers: {host: {kind: cloud host}, edge: {kind: edge network}}
capabilities: {use: {needs: [host, edge]}}
users:
  start: 1000
  served_by: use
  patience: {mean: 20 d}
  returns: {rate: 2 % per day, fades_over: 30 d}
events:
  - {outage: edge, id: blip, at: 2 d, lasts: 5 h}
  - {suspend: host, at: 5 d}
response:
  detection: 3 h
  replace:
    host:
      search: {candidates: 4, acceptance: 100 %, reply: 20 h}
      tasks:
        copy: {after: [host_found], data: 10 TB, bandwidth: 1 Gbit/s, utilisation: 70 %}
        adapt: {after: [host_found], takes: 3 d}
        test: {after: [copy, adapt], takes: 1 d}
      cut_over: {ttl: 1 h}
      ramp_up: {first: 50 %, takes: 2 d}
"""

CHANCES = {
    "the length of an outage": "events.blip.lasts={mean: 5 h}",
    "detection": "response.detection={low: 1 h, high: 9 h}",
    "acceptance": "response.replace.host.search.acceptance=40 %",
    "a shared mood": "response.replace.host.search.acceptance={mean: 40 %, correlation: 0.3}",
    "a reply": "response.replace.host.search.reply={mean: 20 h}",
    "a task": "response.replace.host.tasks.test.takes={low: 1 d, likely: 2 d, high: 5 d}",
    "the data": "response.replace.host.tasks.copy.data={low: 40 TB, high: 90 TB}",
    "the bandwidth": "response.replace.host.tasks.copy.bandwidth={low: 100 Mbit/s, high: 200 Mbit/s}",
    "the utilisation": "response.replace.host.tasks.copy.utilisation={low: 1 %, high: 9 %}",
    "cached addresses": "response.replace.host.cut_over.ttl={median: 1 h, p90: 3 h}",
    "the ramp": "response.replace.host.ramp_up.takes={mean: 2 d}",
    "the patience nobody knows": "unknowns={users.patience.mean: {median: 20 d, p90: 40 d}}",
    "the churn nobody knows": "unknowns={users.churn: {low: 0.1 % per day, high: 2 % per day}}",
}


def played(settings: list[str]) -> list[list[float]]:
    """Two measures that everything acts on, of all replications of a block."""
    result = simulate(written(CERTAIN, settings).scenario(), 0)
    assert result.outcome is not None
    assert not result.failures
    columns = result.outcome.columns
    return [[float(value) for value in columns[name]] for name in ("user_hours_lost", "users_end")]


def test_without_chance_all_replications_are_the_same() -> None:
    assert [len(set(column)) for column in played([])] == [1, 1]


@pytest.mark.parametrize("chance", CHANCES)
def test_with_one_random_input_replications_differ(chance: str) -> None:
    found = {tuple(row) for row in zip(*played([CHANCES[chance]]), strict=True)}
    # Acceptance has few outcomes (which candidate, or none), and what another task outlasts does not matter.
    assert len(found) >= (4 if chance in {"acceptance", "a shared mood"} else BLOCK // 2)


def test_another_seed_and_another_block_give_other_numbers(small: Scenario) -> None:
    columns = [
        Draws(seed, block).column("host.search / mood").tolist()
        for seed, block in ((small.seed, 0), (small.seed, 1), (small.seed + 1, 0), (small.seed + 1, 1))
    ]
    assert len({value for column in columns for value in column}) == 4 * BLOCK


# -- a name's draws are its own --------------------------------------------------------------------------


def lengths(timeline: Timeline, *changed: str) -> dict[tuple[str, str, int], float]:
    """How long each finished piece of work took, by role, name and n-th time, without the `changed` ones."""
    found: dict[tuple[str, str, int], float] = {}
    for record in timeline.records:
        if record.kind == "task" and record.finished and record.name not in changed:
            times = sum(1 for role, name, _ in found if (role, name) == (record.role, record.name))
            found[record.role, record.name, times] = record.end - record.start
    return found


def asked(timeline: Timeline) -> dict[str, tuple[float, str]]:
    """How long each candidate took to answer, and what."""
    since: dict[str, float] = {}
    found: dict[str, tuple[float, str]] = {}
    for one in timeline.happenings:
        if one.event == "asked":
            since[one.entity] = one.time
        elif one.event in {"refused", "accepted"}:
            found[one.entity] = (one.time - since[one.entity], one.event)
    return found


CHANGES = {
    "adapt": "response.replace.host.tasks.adapt.takes={low: 10 d, high: 11 d}",
    "set_up": "response.replace.host.tasks.set_up.takes={mean: 2 h}",
    "restore": "response.replace.host.tasks.restore.data={low: 1 TB, high: 2 TB}",
    "edge": "events.outage_edge.lasts={low: 1 h, high: 2 h}",
}


@pytest.mark.parametrize("entity", CHANGES)
def test_changing_one_law_leaves_every_other_draw_as_it_was(small: Scenario, entity: str) -> None:
    other = load_scenario(SMALL, settings=[CHANGES[entity]]).scenario()
    tables = [Draws(scenario.seed, 0) for scenario in (small, other)]
    before, after = (
        simulate_supply(scenario, Inputs(scenario, table), range(BLOCK))
        for scenario, table in zip((small, other), tables, strict=True)
    )
    compared = 0
    for one, two in zip(before, after, strict=True):
        first, second = lengths(one, entity), lengths(two, entity)
        for piece in first.keys() & second.keys():
            assert second[piece] == pytest.approx(first[piece], rel=1e-9, abs=1e-9), piece
            compared += 1
        replies = asked(one), asked(two)
        assert replies[0].keys() == replies[1].keys()
        for candidate, (hours, answer) in replies[0].items():
            assert replies[1][candidate][1] == answer
            assert replies[1][candidate][0] == pytest.approx(hours, rel=1e-9, abs=1e-9)
    assert compared > BLOCK
    own = {"host.restore / data"}  # was a constant, which draws nothing
    assert set(tables[0].used) - own == set(tables[1].used) - own


def test_one_more_supplier_with_an_outage_of_its_own_changes_nobody_elses_draws(small: Scenario) -> None:
    text = SMALL.read_text(encoding="utf-8")
    text = text.replace("  edge: {kind", "  mail: {kind: mail}\n  edge: {kind")
    text = text.replace("  page: {needs_any", "  letters: {needs: [mail]}\n  page: {needs_any")
    text = text.replace(
        "  - {delist: store", "  - {outage: mail, at: 1 d, lasts: {mean: 1 d}}\n  - {delist: store"
    )
    other = written(text).scenario()
    before, after = (
        simulate_supply(scenario, Inputs(scenario, Draws(scenario.seed, 0)), range(BLOCK))
        for scenario in (small, other)
    )
    for one, two in zip(before, after, strict=True):
        assert one.levels == {name: level for name, level in two.levels.items() if name != "letters"}
        assert one.records == tuple(
            record._replace(id=old.id, after=old.after)
            for record, old in zip((r for r in two.records if r.role != "mail"), one.records, strict=True)
        )
