"""What the operator and its candidates do, in words: the story, causes and labels."""

from __future__ import annotations

from dataclasses import replace

from sim.supply.timeline import GAVE_UP, Happening
from sim.views.labels import cause_label, spent, work_label
from sim.views.operator_acts import TASK_EVENTS, candidate
from sim.views.saying import templates
from sim.views.story import tell
from tests.unit.cases import parler_like, steps

CASE = parler_like(200)
RUN = CASE.typical
FALL = 248.0


def told(*happenings: tuple[float, str, str, str]) -> str:
    """The story of a run in which nothing but this is recorded."""
    calm = {name: steps((0.0, 1.0)) for name in RUN.timeline.levels}
    line = replace(
        RUN.timeline,
        happenings=tuple(Happening(*one) for one in happenings),
        levels=calm,
        records=(),
    )
    return tell(CASE, replace(RUN, timeline=line)).text.replace("\n  ", " ")


def test_candidates_are_called_by_name_or_number() -> None:
    assert candidate("host.candidate.5") == "Candidate 5"
    assert candidate("host.candidate.second_host") == "Second host"
    assert candidate("host.candidate.standby.1") == "Standby 1"


def test_a_candidate_that_goes_back_on_its_word() -> None:
    text = told((FALL, "host.candidate.3", "withdrew", "host.search"))
    assert "Candidate 3 goes back on its word: what was done with it as the new host is lost." in text


def test_a_replacement_that_leaves() -> None:
    text = told((FALL, "host", "dropped", "host.candidate.second_host"))
    assert "Second host, which had taken over, leaves the platform." in text


def test_appeals_and_giving_up() -> None:
    text = told(
        (FALL, "host", "appealed", "host.appeal"),
        (FALL + 9, "host", "appeal refused", "host.appeal"),
        (FALL + 19, "host", "appeal granted", "host.appeal"),
        (FALL + 29, "operator", GAVE_UP, "use"),
        (FALL + 29, "host", "abandoned", "host"),
    )
    assert "The operator appeals to Amazon Web Services." in text
    assert "The appeal to Amazon Web Services is refused." in text
    assert "The appeal to Amazon Web Services is granted." in text
    assert "The operator gives up." in text
    assert "Given up: the work on a new host." in text


def test_what_becomes_of_tasks() -> None:
    events = {"to be done again": "Has to be done again", "spared": "No longer needed",
              "cut short": "Cut short, for access has ended"}  # fmt: skip
    for event, words in events.items():
        assert f"{words}: “Adapt the software”." in told((FALL, "host.adapt", event, "host"))
    assert set(TASK_EVENTS.values()) <= set(templates()["story"])


def test_what_the_hours_are_booked_under() -> None:
    scenario = CASE.scenario
    assert cause_label(scenario, "host.lead", "wait") == "waiting until the new host is ready"
    assert cause_label(scenario, "host.appeal", "wait") == "appeal to Amazon Web Services"
    assert cause_label(scenario, GAVE_UP, "search") == "the operator has given up"
    assert spent(scenario, GAVE_UP, "search") == "after the operator has given up"
    assert work_label(scenario, "host", "withdrawn", "supplier") == "waiting for the host itself"
    assert work_label(scenario, "host", "gave_up", "search") == "after giving up"
