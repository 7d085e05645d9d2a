"""One number for a paper: the mean where there is one, and what is honest where the horizon cut it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.streams import generator
from sim.study import Study
from sim.study.coverage import WARN_BELOW
from sim.study.shelf import read_strategies
from sim.study.statistics import Interval
from sim.study.survival import survival
from sim.study.until import run_until
from sim.views.quoting import _bare, latex, quote, quoted
from tests.studies import STRATEGIES, UNSURE, small, studied


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return studied(tmp_path_factory.mktemp("quote") / "one", 200, more=STRATEGIES)


def number(text: str) -> float:
    """A number as it is written for people."""
    return float(text.replace(",", "").replace("−", "-"))


def test_a_mean_comes_with_its_interval_its_spread_and_whose_it_is(study: Study) -> None:
    refusal, forms = quoted(study.folder, "users_lost")
    assert refusal == ""
    line = next(one for one in study.summary if (one.strategy, one.measure) == ("as_is", "users_lost"))
    match = re.fullmatch(
        r"Users lost: ([\d,]+) users \(95 % simulation interval ([\d,]+) to ([\d,]+)\) on average; "
        r"9 runs in 10 lie between ([\d,]+) and ([\d,]+)\. \(Chance only, no unknowns varied, "
        r"200 replications, seed 1, "
        r"scenario small, digest (\w+), hostfall (\S+)\.\)",
        forms["text"].replace("active users", "users"),
    )
    assert match, forms["text"]
    half = (line.mean_high - line.mean_low) / 2
    for told, exact in zip(
        match.groups()[:5], (line.mean, line.mean_low, line.mean_high, line.p05, line.p95), strict=True
    ):
        assert abs(number(told) - exact) <= 0.05 * half  # rounded to two figures of the half width
    assert match.group(6) == study.manifest["digest"]


def test_unknowns_and_strategy_are_said(tmp_path: Path) -> None:
    studied(tmp_path / "one", 200, more=STRATEGIES + UNSURE)
    _, forms = quoted(tmp_path / "one", "users_lost", "asks_more")
    assert "Chance and 1 unknown varied, 200 replications" in forms["text"]
    assert "strategy asks_more" in forms["text"]
    share = r"(about [\d.]+ %|less than 1 %)"
    whose = (
        rf"Of the variance between the runs the unknown explains {share} by a parabola in it; "
        r"the rest is chance and what that misses\."
    )
    assert re.search(whose, forms["text"])
    assert r"\%" in forms["latex"]


def test_no_mean_of_a_time_that_the_horizon_cut(study: Study) -> None:
    refusal, forms = quoted(study.folder, "time_to_recover")
    cut = int((~study.finished("time_to_recover")).sum())
    assert cut > 0
    assert refusal.startswith(f"No mean of “Time to recover” is quoted: in {cut} of 200 runs")
    assert "on average" not in forms["text"]
    assert "Time to recover: median " in forms["text"]
    assert "restricted mean" in forms["text"]
    hours, ended = study.outcomes()["time_to_recover"], study.finished("time_to_recover")
    share = survival(hours, ended, 24.0 * 30)
    told = re.search(
        r"([\d.]+) % \(95 % simulation interval ([\d.]+) to ([\d.]+)\) of the runs last longer than 30 d",
        forms["text"],
    )
    assert told
    for text, exact in zip(told.groups(), (share.value, share.low, share.high), strict=True):
        assert abs(float(text) - 100 * exact) <= 0.05
    assert "(Kaplan-Meier)" in forms["text"]
    assert "90 d" not in forms["text"]  # beyond the 60 days simulated


def test_downtime_is_counted_for_it_is_defined_within_the_horizon(study: Study) -> None:
    refusal, forms = quoted(study.folder, "downtime")
    assert refusal
    share = float((study.outcomes()["downtime"] > 24.0 * 7).mean())
    told = re.search(r"([\d.]+) % \([^)]*\) of the runs last longer than 7 d", forms["text"])
    assert told
    assert abs(float(told.group(1)) - 100 * share) <= 0.05
    assert "(counted within the simulated time)" in forms["text"]


def test_no_median_where_half_of_the_runs_were_cut(study: Study) -> None:
    arms, manifest = read_strategies(study.folder)
    columns = dict(arms[0].outcomes)
    columns["recovered"] = np.zeros(200, dtype=np.bool_)
    found = quote(replace(arms[0], outcomes=columns), manifest, "time_to_recover")
    assert "in 200 of 200 runs" in found.refusal
    assert "median" not in found.text
    assert "restricted mean" in found.text


def test_a_flag_is_a_share_of_runs_and_a_constant_is_itself(study: Study) -> None:
    _, recovered = quoted(study.folder, "recovered")
    share = float(study.outcomes()["recovered"].mean())
    told = re.match(r"Recovered: in ([\d.]+) % \(95 % simulation interval", recovered["text"])
    assert told
    assert abs(float(told.group(1)) - 100 * share) <= 0.05
    _, start = quoted(study.folder, "users_start")
    assert start["text"].startswith("Users at the start: 100,000 active users in every run. (")


def test_few_skewed_runs_are_called_few_with_the_number_of_the_published_table(study: Study) -> None:
    """Exactly the runs below which the table has less than 93 % for a law as skewed as the sample."""
    arms, manifest = read_strategies(study.folder)
    exponential = generator(1, "skewed").exponential(1e4, 200)
    for values, few in (
        (exponential**3, WARN_BELOW["t"]["lognormal"]),
        (exponential[:60], WARN_BELOW["t"]["exponential"]),
        (exponential, 0),
        (np.full(5, 3.0), 0),
        (exponential[:1], 0),
    ):
        columns = {name: column[: len(values)] for name, column in arms[0].outcomes.items()}
        found = quote(replace(arms[0], outcomes=columns | {"users_lost": values}), manifest, "users_lost")
        told = f"hold in less than 93 % of studies below {few} runs."
        assert (told in found.text) == bool(few), found.text
        assert ("few for a mean" in found.latex) == bool(few)


def test_a_number_of_runs_that_the_runs_decided_is_said_with_the_number(tmp_path: Path) -> None:
    run_until(small(), {"users_lost": 0.5}, replications=200, output=tmp_path / "one")
    said = "The number of runs was not fixed beforehand but by what the runs showed"
    for measure, about in (("users_lost", True), ("time_to_recover", True), ("recovered", False)):
        _, forms = quoted(tmp_path / "one", measure)
        assert all((said in forms[form]) == about for form in ("text", "latex", "bibtex")), measure


def test_one_run_has_no_interval(tmp_path: Path) -> None:
    studied(tmp_path / "one", 1)
    _, forms = quoted(tmp_path / "one", "users_lost")
    assert "(one run: no interval)" in forms["text"]
    assert "1 replication," in forms["text"]


def test_latex_and_bibtex_say_the_same_and_cite_each_other(study: Study) -> None:
    _, forms = quoted(study.folder, "recovered")
    key = f"hostfall-small-{study.manifest['digest']}"
    assert forms["bibtex"].startswith(f"@misc{{{key},\n")
    assert f"\\cite{{{key}}}" in forms["latex"]
    assert forms["bibtex"].count("{") == forms["bibtex"].count("}")
    assert not re.search(r"(?<!\\)%", forms["latex"] + forms["bibtex"])
    plain = forms["latex"].replace("\\,\\%", " %").replace("\\,", ",").split(";")[0]
    assert plain in forms["text"].replace(".)", "")


def test_special_signs_are_escaped() -> None:
    assert latex("50 % of a_b & c, −1,234.5 “x” #1 {y} \\") == (
        r"50\,\% of a\_b \& c, $-$1\,234.5 ``x'' \#1 \{y\} \textbackslash{}"
    )


@pytest.mark.parametrize(
    ("value", "kind", "half", "text"),
    [
        (284_912.3, "count", 32_500.0, "285,000"),
        (4.2849, "count", 0.26, "4.28"),
        (-12.34, "count", 5.1, "−12.3"),
        (0.0, "count", 0.0, "0"),
        (-0.0001, "count", 0.5, "0"),
        (1.5e9, "count", 1.2e8, "1.50 billion"),
        (100.0, "time", 10.0, "4.17"),
        (0.825, "share", 0.037, "82.5"),
        (1.0, "share", 0.01, "100"),
        (2.0 / 3.0, "share", 0.0, "66.67"),
    ],
)
def test_numbers_are_rounded_to_two_figures_of_their_uncertainty(
    value: float, kind: str, half: float, text: str
) -> None:
    assert _bare(value, kind, value, half) == text


def test_what_is_not_there_gets_the_nearest_name(study: Study) -> None:
    with pytest.raises(UsageError, match=r"No measure is called `users_losst`.*Did you mean `users_lost`"):
        quoted(study.folder, "users_losst")
    with pytest.raises(UsageError, match=r"No strategy is called `ask_more`.*Did you mean `asks_more`\?"):
        quoted(study.folder, "users_lost", "ask_more")


def test_an_interval_that_is_open_at_one_end_says_so() -> None:
    from sim.views.quoting import _ends

    assert _ends(Interval(480.0, 240.0, np.inf), "time", "h") == (
        "20 d (95 % simulation interval from 10, open at the other end)"
    )
