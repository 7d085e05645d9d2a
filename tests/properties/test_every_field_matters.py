"""Every field of the language changes something: a field that is read and then forgotten would be a lie.

The models are walked, so that a new field without a row here fails the first test. Each row is a scenario in
which the field is live, and another value for it; the two must differ in some measure of some of 200 runs.
Fields for people only (labels, sources, what was observed) are left out: tests/unit/test_digest.py shows that
they change nothing.
"""

from __future__ import annotations

import copy
import json
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from sim.scenario import Scenario, load_text
from sim.scenario.annotations import is_words, options_of
from sim.scenario.resolution import Resolution
from sim.study.simulate import simulate
from tests.properties.fields_of_users import IN_A_NETWORK, OF_USERS

BASE: dict[str, Any] = {
    "name": "fields",
    "title": "Every field is live in some variant of this",
    "seed": 3,
    "clock": {"start": "2025-03-01T00:00Z", "horizon": "60 d"},
    "suppliers": {"host": {"holds_data": True, "monthly_cost": 1000}, "store": {}},
    "capabilities": {
        "use": {"needs": ["host"]},
        "install": {"needs": ["use", "store"]},
    },
    "users": {"start": 1000, "served_by": "use", "join_by": "install", "joins": "5 per day"},
    "events": [{"suspend": "host", "at": "10 d", "notice": "12 h"}],
    "response": {
        "detection": "2 h",
        "replace": {
            "host": {
                "search": {"candidates": 4, "acceptance": "40 %", "reply": {"mean": "1 d"}},
                "tasks": {
                    "set_up": {
                        "after": ["host_found"],
                        "takes": {"low": "1 d", "likely": "2 d", "high": "6 d"},
                    },
                    "load": {"after": ["set_up"], "data": "20 TB", "bandwidth": "1 Gbit/s"},
                },
            }
        },
    },
    "backups": {"every": "1 d"},
}
HOST = "response.replace.host"
SEARCH = f"{HOST}.search"
SET_UP = f"{HOST}.tasks.set_up"
LOAD = f"{HOST}.tasks.load"
UNANNOUNCED = {"events": [{"suspend": "host", "at": "250 h"}]}
ONE = [{"name": "a"}]
STORE_GONE = {"events": [{"delist": "store", "at": "5 d"}, {"suspend": "host", "at": "10 d"}]}
FAILS = {"every": {"mean": "20 d"}, "lasts": {"mean": "6 h"}}
VAULT = {"suppliers.vault": {"monthly_cost": 1}}

Row = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What is added to the base so that the field is live, and the field's other value."""


def patience(scale: str) -> dict[str, Any]:
    """A segment of one's own."""
    return {"law": "weibull", "shape": 0.8, "scale": scale}


SEGMENTS = {
    "users.segments": {
        "some": {"share": "50 %", "patience": patience("20 d")},
        "others": {"share": "50 %", "patience": patience("60 d")},
    }
}
SOME = "users.segments.some"
ALONE = {"users.patience": patience("20 d"), "users.returns": {"rate": "2 % per day", "fades_over": "30 d"}}

ROWS: dict[str, Row] = {
    "Scenario.seed": ({}, {"seed": 4}),
    "Scenario.clock": ({}, {"clock.horizon": "50 d"}),
    "Scenario.suppliers": ({}, {"suppliers.host.monthly_cost": 2000}),
    "Scenario.groups": ({}, {"groups": {"both": {"members": ["host", "store"], "fails": FAILS}}}),
    "Scenario.capabilities": ({}, {"capabilities.use.needs": ["host", "store"], **STORE_GONE}),
    "Scenario.headline": (STORE_GONE, {"headline": "install"}),
    "Scenario.users": ({}, {"users.start": 2000}),
    "Scenario.events": ({}, {"events": []}),
    "Scenario.response": ({}, {"response": {}}),
    "Scenario.backups": (UNANNOUNCED, {"backups": None}),
    "Scenario.targets": ({}, {"targets": {"rto": "1 d"}}),
    "Scenario.unknowns": ({}, {"unknowns": {"users.start": {"low": 500, "likely": 1000, "high": 1500}}}),
    "Clock.start": (
        {"events": [{"suspend": "host", "at": "2025-03-11T00:00Z"}]},
        {"clock.start": "2025-02-20T00:00Z"},
    ),
    "Clock.horizon": ({}, {"clock.horizon": "50 d"}),
    "Supplier.monthly_cost": ({}, {"suppliers.host.monthly_cost": 2000}),
    "Supplier.holds_data": (UNANNOUNCED, {"suppliers.host.holds_data": False, "backups": None}),
    "Supplier.needs": (
        {"suppliers.upstream": {}, "events": [{"suspend": "upstream", "at": "9 d"}]},
        {"suppliers.host.needs": ["upstream"]},
    ),
    "Supplier.fails": ({}, {"suppliers.host.fails": FAILS}),
    "Supplier.leaves": (STORE_GONE, {"suppliers.host.leaves": {"hazard": "20 % per day"}}),
    "Supplier.leaves_again": (
        {"events": [{"suspend": "host", "at": "10 d"}, {"restore": "host", "at": "11 d"}]},
        {"suppliers.host.leaves_again": "10 % per day"},
    ),
    "Failures.every": ({"suppliers.host.fails": FAILS}, {"suppliers.host.fails.every": {"mean": "10 d"}}),
    "Failures.lasts": ({"suppliers.host.fails": FAILS}, {"suppliers.host.fails.lasts": {"mean": "9 h"}}),
    "Leaving.hazard": (
        {"suppliers.store.leaves": {"hazard": "5 % per day"}},
        {"suppliers.store.leaves.hazard": "9 % per day"},
    ),
    "Leaving.contagion": (
        {"suppliers.store.leaves": {"contagion": "5 % per day"}},
        {"suppliers.store.leaves.contagion": "9 % per day"},
    ),
    "Leaving.fades_over": (
        {"suppliers.store.leaves": {"contagion": "5 % per day"}},
        {"suppliers.store.leaves.fades_over": "5 d"},
    ),
    "Leaving.since": (
        {"suppliers.store.leaves": {"hazard": "5 % per day"}},
        {"suppliers.store.leaves.since": "1 d"},
    ),
    "Leaving.notice": (
        {"suppliers.host.leaves": {"hazard": "5 % per day", "since": "0 d"}, "events": []},
        {"suppliers.host.leaves.notice": "2 d"},
    ),
    "Group.members": (
        {
            "groups": {"both": {"members": ["host", "store"], "fails": FAILS}},
            "suppliers.third": {},
            "capabilities.more": {"needs": ["third"]},
        },
        {"groups.both.members": ["host", "store", "third"]},
    ),
    "Group.fails": (
        {"groups": {"both": {"members": ["host", "store"], "fails": FAILS}}},
        {"groups.both.fails.lasts": {"mean": "9 h"}},
    ),
    "Group.common": (
        {
            "groups": {"both": {"members": ["host", "store"], "common": "10 %"}},
            "suppliers.host.fails": FAILS,
            "suppliers.store.fails": FAILS,
        },
        {"groups.both.common": "50 %"},
    ),
    "Capability.needs": ({**STORE_GONE}, {"capabilities.use.needs": ["host", "store"]}),
    "Capability.needs_any": (
        {"suppliers.other": {}, "capabilities.use": {"needs_any": ["host", "other"]}},
        {"capabilities.use.needs_any": ["host"], "capabilities.more": {"needs": ["other"]}},
    ),
    "Capability.shares": (
        {"suppliers.other": {}, "capabilities.use": {"shares": {"host": "60 %", "other": "40 %"}}},
        {"capabilities.use.shares": {"host": "30 %", "other": "70 %"}},
    ),
    "Capability.recovered_at": (
        {f"{HOST}.ramp_up": {"takes": "10 d"}},
        {"capabilities.use.recovered_at": "50 %"},
    ),
    "Capability.stable_for": (
        {
            "events": [
                {"outage": "host", "at": "5 d", "lasts": "1 d"},
                {"outage": "host", "at": "9 d", "lasts": "1 d"},
            ],
            "response": {},
        },
        {"capabilities.use.stable_for": "1 d"},
    ),
    "Users.join_by": ({}, {"users.join_by": "use", **STORE_GONE}),
    "Users.patience": (ALONE, {"users.patience": patience("5 d")}),
    "Users.returns": (ALONE, {"users.returns": {"rate": "9 % per day"}}),
    "Users.churn": ({}, {"users.churn": "2 % per day"}),
    "Users.gives_up": ({}, {"users.gives_up": "2 % per day"}),
    "Users.uninstalls": (STORE_GONE, {"users.uninstalls": "50 %"}),
    "Users.app_decay": (STORE_GONE, {"users.app_decay": "2 % per day"}),
    "Users.start": ({}, {"users.start": 2000}),
    "Users.served_by": ({**STORE_GONE}, {"users.served_by": "install"}),
    "Users.joins": ({}, {"users.joins": "9 per day"}),
    "Users.forgotten_after": (
        {
            "events": [
                {"outage": "host", "at": "5 d", "lasts": "3 d"},
                {"outage": "host", "at": "10 d", "lasts": "3 d"},
            ],
            "response": {},
        },
        {"users.forgotten_after": "1 d"},
    ),
    "Users.revenue": ({}, {"users.revenue": 3}),
    "Users.segments": ({}, SEGMENTS),
    "Returns.rate": ({**ALONE}, {"users.returns.rate": "9 % per day"}),
    "Returns.fades_over": ({**ALONE}, {"users.returns.fades_over": "10 d"}),
    "Segment.join_by": ({**SEGMENTS, **STORE_GONE}, {f"{SOME}.join_by": "use"}),
    "Segment.patience": (SEGMENTS, {f"{SOME}.patience": patience("5 d")}),
    "Segment.returns": (SEGMENTS, {f"{SOME}.returns": {"rate": "9 % per day"}}),
    "Segment.churn": (SEGMENTS, {f"{SOME}.churn": "2 % per day"}),
    "Segment.gives_up": (SEGMENTS, {f"{SOME}.gives_up": "2 % per day"}),
    "Segment.uninstalls": ({**SEGMENTS, **STORE_GONE}, {f"{SOME}.uninstalls": "50 %"}),
    "Segment.app_decay": ({**SEGMENTS, **STORE_GONE}, {f"{SOME}.app_decay": "2 % per day"}),
    "Segment.share": (SEGMENTS, {f"{SOME}.share": "30 %", "users.segments.others.share": "70 %"}),
    "Segment.join_share": (
        SEGMENTS,
        {f"{SOME}.join_share": "90 %", "users.segments.others.join_share": "10 %"},
    ),
    "Segment.served_by": ({**SEGMENTS, **STORE_GONE}, {f"{SOME}.served_by": "install"}),
    "Event.id": (
        {"events": [{"outage": "host", "at": "5 d", "lasts": {"mean": "3 d"}, "id": "one"}], "response": {}},
        {"events": [{"outage": "host", "at": "5 d", "lasts": {"mean": "3 d"}, "id": "two"}]},
    ),
    "Event.verb": (
        {"events": [{"suspend": "store", "at": "5 d"}], "suppliers.store.holds_data": True},
        {"events": [{"outage": "store", "at": "5 d", "lasts": "9 d"}]},
    ),
    "Event.of": ({}, {"events": [{"suspend": "store", "at": "10 d"}]}),
    "Event.at": ({}, {"events": [{"suspend": "host", "at": "12 d", "notice": "12 h"}]}),
    "Event.notice": ({}, {"events": [{"suspend": "host", "at": "10 d", "notice": "3 d"}]}),
    "Event.lasts": (
        {"events": [{"outage": "host", "at": "5 d", "lasts": "1 d"}]},
        {"events": [{"outage": "host", "at": "5 d", "lasts": "2 h"}]},
    ),
    "Event.times": (
        {"events": [{"surge": "users", "at": "5 d", "times": 4, "fades_over": "10 d"}]},
        {"events": [{"surge": "users", "at": "5 d", "times": 8, "fades_over": "10 d"}]},
    ),
    "Event.fades_over": (
        {"events": [{"surge": "users", "at": "5 d", "times": 4, "fades_over": "10 d"}]},
        {"events": [{"surge": "users", "at": "5 d", "times": 4, "fades_over": "20 d"}]},
    ),
    "Event.because": (
        {
            "events": [
                {"suspend": "host", "at": "10 d"},
                {"surge": "users", "at": "12 d", "times": 4, "fades_over": "10 d"},
            ]
        },
        {
            "events": [
                {"suspend": "host", "at": "10 d"},
                {"surge": "users", "at": "12 d", "times": 4, "fades_over": "10 d", "because": "suspend_host"},
            ]
        },
    ),
    "Event.counterfactual": (
        {},
        {"events": [{"suspend": "host", "at": "10 d", "notice": "12 h", "counterfactual": "kept"}]},
    ),
    "Event.to": (
        {"events": [{"degrade": "host", "at": "5 d", "to": "40 %", "lasts": "3 d"}]},
        {"events": [{"degrade": "host", "at": "5 d", "to": "60 %", "lasts": "3 d"}]},
    ),
    "Event.grace": (
        {**UNANNOUNCED, f"{HOST}.tasks.copy": {"takes": "3 d", "exports": "host"}, "backups.every": "9 d"},
        {"events": [{"suspend": "host", "at": "10 d", "grace": "9 d"}]},
    ),
    "Response.engineers": (
        {"response.engineers": 1, f"{HOST}.tasks.page": {"takes": "3 d"}},
        {"response.engineers": 2},
    ),
    "Response.detection": (UNANNOUNCED, {"response.detection": "9 h"}),
    "Response.starts": ({}, {"response.starts": "outage"}),
    "Response.runway": ({}, {"response.runway": "3 d"}),
    "Response.optimism": ({}, {"response.optimism": {"median": 2, "p90": 5}}),
    "Response.replace": (
        {},
        {"response.replace.store": {"tasks": {"build": {"takes": "3 d"}}}, **STORE_GONE},
    ),
    "Response.appeal": ({}, {"response.appeal": {"host": {"review": "1 d", "granted": "50 %"}}}),
    "Replacement.search": ({}, {SEARCH: None, f"{SET_UP}.after": []}),
    "Replacement.tasks": ({}, {f"{HOST}.tasks.test": {"after": ["load"], "takes": "1 d"}}),
    "Replacement.needs": (
        {
            "suppliers.upstream": {},
            "events": [{"suspend": "host", "at": "10 d"}, {"suspend": "upstream", "at": "30 d"}],
        },
        {f"{HOST}.needs": ["upstream"]},
    ),
    "Replacement.prepared": ({}, {f"{HOST}.prepared": "50 %"}),
    "Replacement.restores": ({}, {f"{HOST}.restores": {"use": ["set_up"]}}),
    "Replacement.cut_over": ({}, {f"{HOST}.cut_over": {"ttl": "1 d"}}),
    "Replacement.ramp_up": ({}, {f"{HOST}.ramp_up": {"takes": "5 d"}}),
    "Replacement.if_supplier_returns": (
        {
            "events": [
                {"suspend": "host", "at": "10 d"},
                {"restore": "host", "at": "11 d"},
                {"suspend": "host", "at": "30 d", "id": "again"},
            ]
        },
        {f"{HOST}.if_supplier_returns": "continue"},
    ),
    "Search.candidates": ({}, {f"{SEARCH}.candidates": 2}),
    "Search.acceptance": ({}, {f"{SEARCH}.acceptance": "20 %"}),
    "Search.reply": ({}, {f"{SEARCH}.reply": {"mean": "2 d"}}),
    "Search.at_once": ({}, {f"{SEARCH}.at_once": 3}),
    "Search.batches": ({f"{SEARCH}.at_once": 2}, {f"{SEARCH}.batches": True}),
    "Search.standby": ({}, {f"{SEARCH}.standby": [{"name": "near"}]}),
    "Search.fallback": ({f"{SEARCH}.acceptance": "10 %"}, {f"{SEARCH}.fallback": [{"acceptance": "100 %"}]}),
    "Search.publicity": (STORE_GONE, {f"{SEARCH}.publicity": "50 %"}),
    "Search.withdraws": ({}, {f"{SEARCH}.withdraws": "20 % per day"}),
    "Search.drops": ({}, {f"{SEARCH}.drops": "9 % per day"}),
    "Candidate.name": ({f"{SEARCH}.candidates": ONE}, {f"{SEARCH}.candidates": [{"name": "b"}]}),
    "Candidate.acceptance": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "acceptance": "90 %"}]},
    ),
    "Candidate.reply": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "reply": "9 d"}]},
    ),
    "Candidate.lead": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "lead": "2 d"}]},
    ),
    "Candidate.capacity": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "capacity": "60 %"}]},
    ),
    "Candidate.withdraws": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "withdraws": "20 % per day"}]},
    ),
    "Candidate.drops": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "drops": "9 % per day"}]},
    ),
    "Candidate.skips": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "skips": ["load"]}]},
    ),
    "Candidate.retainer": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "retainer": 50}]},
    ),
    "Candidate.retainer_share": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "retainer_share": "10 %"}]},
    ),
    "Candidate.monthly_cost": (
        {f"{SEARCH}.candidates": ONE},
        {f"{SEARCH}.candidates": [{"name": "a", "monthly_cost": 5000}]},
    ),
    "Task.after": ({}, {f"{LOAD}.after": ["host_found"]}),
    "Task.takes": ({}, {f"{SET_UP}.takes": "9 d"}),
    "Task.lock_in": ({}, {f"{SET_UP}.lock_in": {"queue": {"takes": "3 d"}}}),
    "Service.takes": (
        {f"{SET_UP}.lock_in": {"queue": {"takes": "3 d"}}},
        {f"{SET_UP}.lock_in.queue.takes": "5 d"},
    ),
    "Task.data": ({}, {f"{LOAD}.data": "90 TB"}),
    "Task.bandwidth": ({}, {f"{LOAD}.bandwidth": "2 Gbit/s"}),
    "Task.utilisation": ({}, {f"{LOAD}.utilisation": "40 %"}),
    "Task.engineers": (
        {"response.engineers": 2, f"{HOST}.tasks.page": {"takes": "9 d"}},
        {f"{SET_UP}.engineers": 2},
    ),
    "Task.cost": ({}, {f"{SET_UP}.cost": 500}),
    "Task.cost_per_tb": ({}, {f"{LOAD}.cost_per_tb": 90}),
    "Task.always": (
        {f"{SEARCH}.candidates": [{"name": "a", "skips": "everything"}]},
        {f"{SET_UP}.always": True},
    ),
    "Task.rework": ({}, {f"{SET_UP}.rework": "30 %"}),
    "Task.exports": (
        {
            f"{HOST}.tasks.copy": {"takes": "3 d"},
            "events": [{"suspend": "host", "at": "250 h", "notice": "12 h"}],
        },
        {f"{HOST}.tasks.copy.exports": "host"},
    ),
    "CutOver.ttl": ({f"{HOST}.cut_over": {"ttl": "1 d"}}, {f"{HOST}.cut_over": {"ttl": "2 d"}}),
    "RampUp.first": ({f"{HOST}.ramp_up": {"takes": "5 d"}}, {f"{HOST}.ramp_up.first": "50 %"}),
    "RampUp.takes": ({f"{HOST}.ramp_up": {"takes": "5 d"}}, {f"{HOST}.ramp_up.takes": "9 d"}),
    "Appeal.after": (
        {"response.appeal": {"host": {"review": "1 d", "granted": "50 %"}}},
        {"response.appeal.host.after": ["host.set_up"]},
    ),
    "Appeal.review": (
        {"response.appeal": {"host": {"review": "1 d", "granted": "50 %"}}},
        {"response.appeal.host.review": "2 d"},
    ),
    "Appeal.granted": (
        {"response.appeal": {"host": {"review": "1 d", "granted": "50 %"}}},
        {"response.appeal.host.granted": "90 %"},
    ),
    "Appeal.again_after": (
        {"response.appeal": {"host": {"review": "1 d", "granted": "50 %", "at_most": 3}}},
        {"response.appeal.host.again_after": "1 d"},
    ),
    "Appeal.at_most": (
        {"response.appeal": {"host": {"review": "1 d", "granted": "50 %"}}},
        {"response.appeal.host.at_most": 3},
    ),
    "Backups.every": (UNANNOUNCED, {"backups.every": "7 d"}),
    "Backups.kept_at": (
        {**VAULT, "events": [{"suspend": "vault", "at": "9 d"}, {"suspend": "host", "at": "10 d"}]},
        {"backups.kept_at": "vault"},
    ),
    **OF_USERS,
    **IN_A_NETWORK,
}

ELSEWHERE = {
    "Clock.report_every": "no measure depends on it: tests/properties/test_laws.py",
    "Targets.rto": "a target, not a measure", "Targets.rpo": "a target, not a measure",
    "Targets.users_lost": "a target, not a measure", "Scenario.targets": "targets, not measures",
}  # fmt: skip
"""Fields that change what is said of the runs, and not the runs: tests/unit/test_study_run.py."""


def _records(annotation: object) -> Iterator[type[BaseModel]]:
    for option in options_of(annotation):
        if typing.get_origin(option) in {dict, tuple, list}:
            for part in typing.get_args(option):
                if part is not Ellipsis:
                    yield from _records(part)
        elif isinstance(option, type) and issubclass(option, BaseModel):
            yield option


def fields() -> list[str]:
    """Every field that can change a number, as `Record.field`."""
    seen: dict[type[BaseModel], None] = {}
    waiting: list[type[BaseModel]] = [Scenario]
    while waiting:
        record = waiting.pop()
        if record in seen:
            continue
        seen[record] = None
        for info in record.model_fields.values():
            if not is_words(info):
                waiting += _records(info.annotation)
    return sorted(
        f"{record.__name__}.{name}"
        for record in seen
        for name, info in record.model_fields.items()
        if not is_words(info)
    )


def changed(tree: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with the values at dotted paths; None takes one away."""
    tree = copy.deepcopy(tree)
    for path, value in patch.items():
        *way, last = path.split(".")
        here = tree
        for step in way:
            here = here.setdefault(step, {})
        if value is None:
            here.pop(last, None)
        else:
            here[last] = copy.deepcopy(value)
    return tree


def measures(tree: dict[str, Any], users: Resolution = "expected") -> dict[str, list[Any]]:
    """Every measure of 200 runs."""
    return _measures(json.dumps(tree), users)


@cache
def _measures(text: str, users: Resolution) -> dict[str, list[Any]]:
    """Many rows begin with the same scenario."""
    outcome = simulate(load_text(text).scenario(), 0, users=users).outcome
    assert outcome is not None
    return {name: np.asarray(column).tolist() for name, column in outcome.columns.items()}


def test_every_field_of_the_language_has_a_row_here() -> None:
    assert sorted({*ROWS, *ELSEWHERE}) == fields()


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(field, marks=pytest.mark.slow if field in IN_A_NETWORK else ())
        for field in sorted(set(ROWS) - set(ELSEWHERE))
    ],
)
def test_a_field_changes_some_measure_of_some_run(field: str) -> None:
    live, other = ROWS[field]
    before = changed(BASE, live)
    users: Resolution = "graph" if field in IN_A_NETWORK else "expected"
    first, second = measures(before, users), measures(changed(before, other), users)
    assert any(first[name] != second.get(name) for name in first)
