"""The page for a board: one sheet of A4, no script, no request, readable by anybody."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup

from sim.study import run_study
from sim.study.exposure import Exposure
from sim.study.statistics import Interval
from sim.views import cli, decision_page
from sim.views.case import Input
from sim.views.decision import Decision, decide
from sim.views.unbroken import unbroken
from tests.studies import STRATEGIES, UNSURE, small
from tests.unit.test_views_decision import DRAW, MADE, NOISE, PAYS, TURNS, drawn
from tests.unit.test_views_report import Page, contrast
from tests.unit.test_views_selecting import SURE, side_by_side
from tests.unit.test_views_selecting import UNSURE as OPEN

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def crowded() -> Decision:
    """More of everything than a sheet should have to hold: long names, many strategies, many losses."""
    label = "A strategy with a name that nobody would give it but somebody some day surely will do so"
    arms = []
    for i in range(14):
        lost = 100 + i + NOISE[0] + (10 + i) * (DRAW - 0.25) * (i > 0)
        arms.append(replace(drawn(f"s{i}", lost), label=f"{label} {i}"))
    inputs = tuple(Input(f"users.start{i}", "some value of it", "file", True, "why " * 60) for i in range(9))
    found = Decision(side_by_side(*arms), "users_lost", inputs, (900, 800))
    losses = tuple(Exposure(("host", "store"), ("host", "store"), 900.0 + i, 0.6) for i in range(9))
    cost = Interval(123456789.0, 123400000.0, 123500000.0)
    found.__dict__["rows"] = [replace(row, exposures=losses, cost=cost) for row in found.rows]
    found.__dict__["hinges"] = found.hinges * 9
    found.__dict__["turns"] = found.turns * 9
    return found


CASES = {"decided": decide(SURE), "open": decide(OPEN), "a year": decide(PAYS), "turns": decide(TURNS)}


@pytest.fixture(scope="module", params=CASES, ids=str)
def html(request: pytest.FixtureRequest) -> str:
    return decision_page.page(CASES[request.param]).html


def test_the_page_asks_for_nothing_and_runs_nothing(html: str) -> None:
    page = Page(html)
    assert not {name for name, _ in page.tags} & {"script", "link", "img", "iframe", "object", "form", "a"}
    assert not re.search(r"url\(|@import|https?://", html)
    policy = next(a for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")


def test_headings_are_in_order_and_tables_have_captions_and_scoped_heads(html: str) -> None:
    page = Page(html)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))
    assert page.all("html")[0]["lang"] == "en"


def test_text_from_files_is_never_markup() -> None:
    titled = replace(SURE, title="<script>alert(1)</script>")
    assert "<script" not in decision_page.page(decide(titled)).html


def test_text_has_contrast_in_light_dark_and_print(html: str) -> None:
    """AA asks for 4.5 : 1."""
    schemes = re.findall(r":root \{([^}]*--paper: #[0-9a-f]{3,6}[^}]*)\}", html)
    assert len(schemes) == 3
    for scheme in schemes:
        colours = {name: six(value) for name, value in re.findall(r"--(\w+): (#[0-9a-f]{3,6})", scheme)}
        for text in ("ink", "soft", "mark"):
            for ground in ("paper", "wash"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def six(colour: str) -> str:
    """``#fff`` as ``#ffffff``."""
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def test_what_is_recommended_is_marked_in_words_and_what_is_not_is_not(html: str) -> None:
    marks = html.split("</style>")[1].count(">recommended<")
    assert marks == (0 if "We cannot yet tell" in html else 1)


def test_of_many_strategies_the_best_and_the_baseline_are_shown_and_the_others_counted() -> None:
    found = crowded()
    assert len(decision_page.rows(found)) == decision_page.MOST_ROWS
    assert found.found.baseline in {row.strategy for row in decision_page.rows(found)}
    assert "6 more strategies in the report." in decision_page.page(found).html


def pages_of(html: str, folder: Path) -> int:
    """How many sheets a browser prints."""
    assert CHROMIUM is not None
    page, sheet = folder / "page.html", folder / "page.pdf"
    page.write_text(html, encoding="utf-8")
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'browser'}",
        "--no-pdf-header-footer", f"--print-to-pdf={sheet}", page.as_uri(),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet.read_bytes()))


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser to print with")
@pytest.mark.parametrize("case", [*CASES, "crowded"])
def test_it_prints_to_one_sheet(case: str, tmp_path: Path) -> None:
    found = crowded() if case == "crowded" else CASES[case]
    assert pages_of(decision_page.page(found).html, tmp_path) == 1


# -- the command ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study of two strategies with an unknown."""
    place = tmp_path_factory.mktemp("decision") / "run"
    run_study(small(UNSURE + STRATEGIES), replications=200, output=place)
    return place


def test_the_command_writes_the_page_and_prints_what_it_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", str(folder), "--decision"]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[-1] == str(folder / "decision.html")
    page = Path(lines[-1]).read_text(encoding="utf-8")
    assert lines[2].startswith("We ")
    assert f"<h1>{lines[2]}</h1>" in page
    assert not list(folder.glob("*.part"))


def test_the_same_study_gives_the_same_page(folder: Path) -> None:
    one = decision_page.page(decision_page.of_folder(folder)).html
    assert one == decision_page.page(decision_page.of_folder(folder)).html


def test_the_columns_are_those_of_the_study(folder: Path) -> None:
    from sim.study.shelf import open_study

    found, study = decision_page.of_folder(folder), open_study(folder)
    for row in found.rows:
        hours = np.asarray(study.outcomes(row.strategy)["downtime"], dtype=float)
        assert row.median == np.quantile(hours, 0.5, method="inverted_cdf")
        assert row.over_week is not None
        assert row.over_week.value == pytest.approx(float((hours > 168.0).mean()))
        lost = np.asarray(study.outcomes(row.strategy)["users_lost"], dtype=float)
        assert row.users_lost.value == pytest.approx(float(lost.mean()))
    assert found.best.runs == 200
    assert found.best.runs < MADE


def test_a_short_number_and_its_error_stay_on_one_line() -> None:
    assert unbroken("93.4 % (92 to 95)") == "93.4\u00a0% (92\u00a0to\u00a095)"
    assert unbroken(Markup("5 % is markup")) == Markup("5 % is markup")
    assert unbroken("481,000 ± 19,000") == "481,000\u00a0±\u00a019,000"
    assert unbroken("7.31 million USD ± 5,700 USD") == "7.31 million USD ±\u00a05,700 USD"
    assert unbroken("Users lost (± 95 %)") == "Users\u00a0lost\u00a0(±\u00a095\u00a0%)"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--decision", "--by", "cost"], "What a year costs cannot be told"),
        (["--by", "cost"], "--by says what a decision is judged by"),
        (["--decision", "--methods"], "Choose one of --methods and --decision"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(
    folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], words: str
) -> None:
    assert cli.main(["report", str(folder), *more]) == 2
    assert words in " ".join(capsys.readouterr().err.split())
