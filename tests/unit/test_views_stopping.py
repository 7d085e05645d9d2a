"""`--precision` and `--select`: what can be typed, and what is said of when the runs stopped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.study.race import Chosen, run_race
from sim.study.until import Enough, run_until
from sim.views import cli, stopping
from sim.views.compare import compare
from sim.views.saying import Sentence
from tests.pipeline import written
from tests.studies import STRATEGIES, TEXT, small
from tests.unit.test_study_race import THREE

CUT = TEXT.replace("horizon: 60 d", "horizon: 12 d")


@cache
def raced(indifference: float, most: int) -> Chosen:
    return run_race(small(THREE), "downtime", indifference, replications=most)


@cache
def enough(measure: str, share: float, most: int, *, cut: bool = False) -> Enough:
    return run_until(written(CUT) if cut else small(STRATEGIES), {measure: share}, replications=most)


def stopped() -> list[Sentence]:
    """Sentences of every kind about when the runs stopped."""
    found = [raced(6.0, 4000), raced(0.01, 400)]
    precise = [
        enough("users_lost", 0.5, 200),
        enough("users_lost", 0.001, 200),
        enough("time_to_recover", 0.1, 200, cut=True),
    ]
    said = [each for chosen in found for each in stopping.chosen_words(chosen)]
    return said + [each for one in precise for each in stopping.enough_words(one)]


def test_who_was_chosen_is_said_with_the_probability_and_what_dropped_out() -> None:
    found = raced(6.0, 4000)
    texts = [each.text for each in stopping.chosen_words(found)]
    assert texts[0].startswith(
        f"“Asks two at once” is chosen by downtime after {found.choice.runs:,} runs: with a probability"
    )
    assert "of 95 % or more that is the best of the 3" in texts[0]
    assert "better than every other by at least 6 hours" in texts[0]
    assert "“Slow” after 400 runs" in texts[1]
    assert "not fixed beforehand" in texts[2]


def test_undecided_within_the_maximum_is_said_to_be_so() -> None:
    said = stopping.chosen_words(raced(0.01, 400))
    assert said[0].variant == "undecided"
    assert said[0].text.startswith("No strategy is chosen by downtime within 400 runs: ")
    assert "“As it is”, “Asks two at once” and “Slow” are left" in said[0].text
    assert raced(0.01, 400).best is None


def test_a_precision_says_how_many_runs_it_took_or_would_take() -> None:
    texts = [each.text for each in stopping.enough_words(enough("users_lost", 0.5, 200))]
    assert texts[0] == "Users lost with “As it is” to 50 %: reached after 200 runs (1 look)."
    assert texts[-1].startswith("The runs were looked at again and again")
    short = enough("users_lost", 0.001, 200)
    text = stopping.enough_words(short)[0].text
    assert "not reached within 200 runs" in text
    assert f"{int(short.known[0].precision.needed):,} would do" in text
    never = stopping.enough_words(enough("time_to_recover", 0.1, 200, cut=True))[0].text
    assert never.endswith(
        "no number of runs gets there, for the simulation ends before it does in some runs."
    )


def test_what_was_typed_is_read() -> None:
    file = small(STRATEGIES)
    assert stopping.precisions(file, ["users_lost=5%", "cost = 0.1"]) == {"users_lost": 0.05, "cost": 0.1}
    assert stopping.indifference(file, "downtime=12h") == ("downtime", 12.0)
    assert stopping.indifference(file, "users_lost=5000") == ("users_lost", 5000.0)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("users_lost", "write a measure and an amount"),
        ("users_lots=5%", "Did you mean `users_lost`"),
        ("users_lost=5 d", "--precision users_lost=5 d"),
        ("users_lost=0%", "must be above 0"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(typed: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        stopping.precisions(small(), [typed])
    assert "\n" not in str(error.value)


def test_two_ways_to_stop_are_one_too_many() -> None:
    with pytest.raises(UsageError, match="choose one"):
        stopping.run_enough(
            small(STRATEGIES), precision=["users_lost=5%"], select="downtime=6h", replications=200
        )
    with pytest.raises(UsageError, match="says two things"):
        stopping.precisions(small(), ["cost=5%", "cost=6%"])
    with pytest.raises(UsageError, match="--without needs as many runs"):
        compare(small(STRATEGIES), select="downtime=6h", without=["suspend_host"], replications=200)


def test_one_call_runs_until_it_is_enough() -> None:
    study, said = stopping.run_enough(small(), precision=["users_lost=20%"], replications=1000)
    assert study.part().replications == 200
    assert said[0].variant == "reached"
    study, said = stopping.run_enough(small(THREE), select="downtime=6h", replications=4000)
    assert said[0].variant == "chosen"
    assert set(study.strategies) == {"as_is", "asks_more", "slow"}


def test_a_comparison_that_chooses_says_so_first_and_shows_those_that_dropped_out() -> None:
    found = compare(small(THREE), select="downtime=6h", replications=4000)
    heading, said, tables = found.parts[0]
    assert heading == ""
    assert said[0].text.startswith("“Asks two at once” is chosen by downtime")
    assert {row[1] for row in tables[0].rows} == {"As it is", "Asks two at once", "Slow"}
    runs = {arm.strategy: arm.runs for arm in found.arms}
    assert runs["slow"] == 400


@pytest.mark.slow
def test_in_python_run_takes_the_words_of_the_command_line() -> None:
    result = sim.run(small(), precision="users_lost=20%", replications=1000)
    assert isinstance(result.stopped, Enough)
    assert result.study.part().replications == result.stopped.runs == 200
    assert str(result).startswith("Users lost to 20 %: reached after 200 runs (1 look).")
    both = sim.run(small(), precision=["users_lost=20%", "downtime=20%"], replications=1000).stopped
    assert isinstance(both, Enough)
    assert [each.precision.measure for each in both.known] == ["users_lost", "downtime"]
    chosen = sim.run(small(THREE), select="downtime=6h", replications=4000)
    assert isinstance(chosen.stopped, Chosen)
    assert chosen.stopped.best == "asks_more"
    assert chosen.sentences[0].text.startswith("“Asks two at once” is chosen by downtime after")


def test_a_fixed_number_of_runs_says_nothing_of_stopping() -> None:
    result = sim.run(small(), replications=200)
    assert result.stopped is None
    assert result.sentences[0].topic not in {"precision", "choice"}


def test_a_comparison_that_is_precise_enough_says_so_and_gives_the_other_worlds_as_many_runs() -> None:
    found = compare(
        small(STRATEGIES), precision="users_lost=30%", without=["suspend_host"], replications=4000
    )
    assert isinstance(found.stopped, Enough)
    assert found.stopped.reached
    said = found.parts[0][1]
    assert said[0].text.startswith("Users lost with “As it is” to 30 %: reached after")
    assert {arm.runs for arm in found.arms} == {found.stopped.runs}
    assert {effect.runs for effect in found.effects} == {found.stopped.runs}


@pytest.mark.slow
def test_a_comparison_of_sampled_users_is_another_study_than_of_expected_ones() -> None:
    expected, sampled = (
        compare(small(STRATEGIES), users=how, replications=200) for how in ("expected", "sampled")
    )
    assert sampled.arms[0].digest != expected.arms[0].digest
    lost = [found.arms[0].outcomes["users_lost"] for found in (expected, sampled)]
    assert not np.array_equal(lost[0], lost[1])
    assert (lost[1] == np.rint(lost[1])).all()  # whole people


@pytest.mark.slow
def test_the_verb_compare_takes_a_precision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.yaml").write_text(TEXT + STRATEGIES, encoding="utf-8")
    command = ["compare", "two.yaml", "--precision", "users_lost=30%", "--replications", "2000"]
    assert cli.main(command) == 0
    assert "Users lost with “As it is” to 30 %: reached after" in " ".join(capsys.readouterr().out.split())
    folder = next((tmp_path / "results").glob("*/*"))
    assert cli.main(["compare", str(folder), "--precision", "users_lost=30%"]) == 2
    assert "--precision would have to be simulated" in capsys.readouterr().err
