"""`check --self-check` holds the users of 200 runs against bounds, and says where there are none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.demand import brackets
from sim.scenario import load_scenario
from sim.study.self_check import self_check
from sim.views import cli

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def test_all_runs_of_the_smallest_case_lie_within(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(SCENARIOS / "host_suspended.yaml"), "--self-check"]) == 0
    assert capsys.readouterr().out.count("200 of 200 runs within") == 2


def test_where_there_are_no_bounds_it_says_why() -> None:
    file = load_scenario(SCENARIOS / "what_users_do.yaml")
    assert all("act on each other" in one.why_not for one in self_check(file.scenario("friends")))
    settings = ["users.gives_up=1 % per day"]
    giving_up = load_scenario(SCENARIOS / "host_suspended.yaml", settings=settings).scenario()
    assert all("give up" in one.why_not for one in self_check(giving_up))


def test_a_count_that_is_one_per_cent_off_is_told_and_is_status_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = brackets.bracket

    def wrong(*arguments: object) -> brackets.Bracket:
        found = sound(*arguments)  # type: ignore[arg-type]
        return replace(found, counted=found.counted + 10_000.0)

    monkeypatch.setattr(brackets, "bracket", wrong)
    assert cli.main(["check", str(SCENARIOS / "host_suspended.yaml"), "--self-check"]) == 3
    assert "0 of 200 runs within" in capsys.readouterr().out
