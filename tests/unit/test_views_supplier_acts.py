"""What suppliers do of themselves, as sentences of the story."""

from __future__ import annotations

import pytest

from sim.scenario import Scenario
from sim.supply.timeline import Happening
from sim.views.happenings import phrase, removed
from sim.views.saying import say
from sim.views.supplier_acts import supplier_act
from tests.supplies import platform, played

SUPPLIERS = {
    "host": {
        "name": "Example Cloud",
        "fails": {"every": {"mean": "90 d"}, "lasts": "6 h"},
        "needs": ["grid"],
        "leaves": {"hazard": "1 % per day"},
    },
    "grid": {"fails": {"every": {"mean": "90 d"}, "lasts": "6 h"}},
}
GROUPS = {"north": {"members": ["host", "grid"], "label": "the northern region", "common": "10 %"}}
EVENTS = [
    {"terminate": "host", "at": "5 d"},
    {"degrade": "north", "at": "6 d", "to": "40 %"},
    {"outage": "north", "at": "7 d", "lasts": "1 d"},
]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return platform(suppliers=SUPPLIERS, groups=GROUPS, events=EVENTS)


@pytest.mark.parametrize(
    ("event", "cause", "text"),
    [
        ("failed", "host / fails", "The host fails."),
        ("failed", "north / fails", "The northern region fails, and with it the host."),
        ("failed", "north.common / fails", "The northern region fails, and with it the host."),
        ("repaired", "host / fails", "The host serves again."),
        ("upstream down", "grid", "The host is down, because the grid is."),
        ("upstream back", "grid", "The host serves again."),
        ("degradation over", "degrade_north", "The host serves in full again."),
        ("announced", "host / leaves", "Example Cloud says that it will leave the platform."),
        ("left", "host / leaves", "Example Cloud leaves the platform."),
    ],
)
def test_an_act_of_a_supplier_is_a_sentence(scenario: Scenario, event: str, cause: str, text: str) -> None:
    told = supplier_act(scenario, Happening(3.0, "host", event, cause))
    assert told is not None
    assert say("story", told[0], what="", **told[1]).text == text


def test_what_the_file_sets_is_told_as_its_event(scenario: Scenario) -> None:
    assert [phrase(scenario, event) for event in scenario.events] == [
        "Example Cloud closes the account for good",
        "The northern region serves 40 % of what it should",
        "The northern region goes down",
    ]
    assert supplier_act(scenario, Happening(3.0, "host", "announced", "terminate_host")) is None
    assert supplier_act(scenario, Happening(3.0, "host.candidate.1", "asked", "host")) is None


def test_a_reinstatement_of_an_account_that_is_gone_is_told_as_such(scenario: Scenario) -> None:
    told = supplier_act(scenario, Happening(3.0, "host", "account gone", "restore_host"))
    assert told is not None
    text = say("story", told[0], what="Example Cloud serves again", **told[1]).text
    assert text == "Example Cloud serves again: without effect, for the account is gone."


def test_the_counterfactual_says_what_it_is_without(scenario: Scenario) -> None:
    assert removed(scenario)[3:] == (
        "at random: failures of the host and the grid",
        "at random: leaving of Example Cloud",
    )


def test_every_act_of_a_supplier_that_happens_can_be_told() -> None:
    scenario = platform(
        suppliers={
            "host": {
                "fails": {"every": "200 h", "lasts": "10 h"},
                "needs": ["grid"],
                "leaves": {"hazard": "1 per d", "notice": "2 h"},
                "leaves_again": "1 per d",
            },
            "grid": {"fails": {"every": "30 h", "lasts": "5 h"}},
        },
        groups={"north": {"members": ["host", "grid"]}},
        events=[{"suspend": "grid", "at": "300 h"}, {"restore": "north", "at": "350 h"}],
    )
    words = {h.event for k in range(5) for h in played(scenario, k).happenings}
    assert {"failed", "repaired", "upstream down", "upstream back", "announced", "left"} <= words
