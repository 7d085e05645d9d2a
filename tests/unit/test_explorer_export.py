"""The exported page: what it holds is what a run gives, and it loads nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from sim.errors import UsageError
from sim.scenario import load_scenario
from sim.study.runs import typical, worst
from sim.views.api import Result, run
from sim.views.explore_verb import explore
from sim.views.explorer import export, export_axes, export_grid
from sim.views.explorer.export import export_page
from sim.views.explorer.export_axes import Setting
from sim.views.explorer.export_cells import CURVES, FINEST, cell, unpacked
from sim.views.explorer.export_grid import Keeping, computed
from sim.views.explorer.export_page import _embedded
from tests.architecture.source import ROOT

HOST = ROOT / "scenarios" / "host_suspended.yaml"
NOTICE = "events.suspend_host.notice"
WEEK = Setting((1,), None, (f"{NOTICE}=7 d",))


@pytest.fixture(scope="module")
def week() -> dict[str, Any]:
    return cell(HOST, WEEK, 1)


@pytest.fixture(scope="module")
def result() -> Result:
    """The same setting, run."""
    return run(load_scenario(HOST, settings=[f"{NOTICE}=7 d"]), replications=200)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of three positions of one input."""
    target = tmp_path_factory.mktemp("page") / "host.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_axes, "MOST_POINTS", 3)
        assert export_page(HOST, target, wanted=[NOTICE], workers=1) == 0
    return target


def held(page: Path) -> Any:
    """The data in a page."""
    text = page.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


def test_what_is_kept_of_a_setting_is_what_a_run_gives(week: dict[str, Any], result: Result) -> None:
    outcomes = result.study.outcomes()
    for name, text in week["values"].items():
        assert np.array_equal(unpacked(text, "<f4"), np.asarray(outcomes[name], dtype="<f4"))
    assert {"downtime", "users_lost"} <= set(week["values"])
    assert week["typical"] == typical(outcomes)
    assert week["worst"] == worst(outcomes)
    said = [sentence.text for sentence in result.sentences]
    assert week["said"][0] in said
    lost = result.case.line("users_lost")
    value, low, high = week["main"]["users_lost"][3:6]
    assert value == pytest.approx(lost.mean, rel=1e-5)
    assert (high - low) / 2 == pytest.approx(lost.error, rel=1e-4)


def test_curves_of_a_setting_are_those_of_a_run_to_a_step_of_their_scale(
    week: dict[str, Any], result: Result
) -> None:
    fan = result.study.fan("active")
    times = unpacked(week["fan"]["times"], "<f4")
    lines = unpacked(week["fan"]["lines"], "<u2").reshape(len(CURVES), -1)
    step = week["fan"]["top"] / FINEST
    for name, line in zip(CURVES, lines, strict=True):
        wanted = np.interp(times, fan["time"], fan[name])
        # half a step, and six digits of what the explorer sends
        assert np.abs(line * step - wanted).max() <= 0.5 * step + 1e-5 * wanted.max()


def test_cut_runs_are_those_that_a_run_flags(week: dict[str, Any], result: Result) -> None:
    outcomes = result.study.outcomes()
    assert week["cut"]["downtime"] == np.flatnonzero(~np.asarray(outcomes["up_at_end"], bool)).tolist()
    assert 0 < len(week["cut"]["downtime"]) < 200


def test_a_combination_that_is_refused_says_why() -> None:
    found = cell(HOST, Setting((0,), None, (f"{NOTICE}=-3 d",)), 1)
    assert set(found) == {"refused"}
    assert "`-3 d` is negative" in found["refused"]
    assert str(ROOT) not in found["refused"]


def test_a_page_is_one_small_file_that_loads_nothing(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert 50_000 < written.stat().st_size < 5_000_000
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy.group(1).startswith("default-src 'none'; script-src 'unsafe-inline'")
    without = text.replace("http://www.w3.org/2000/svg", "")  # a name, not an address
    for telltale in (r"\ssrc=", r"@import", r"url\((?!#)", r"fetch\(", r"XMLHttp", r"WebSocket", r"import\("):
        assert not re.search(telltale, without), telltale
    assert {match for match in re.findall(r'href="([^"]*)"', text)} == {"data:,", "#results"}


def test_a_page_holds_every_setting_and_the_numbers_of_each(written: Path) -> None:
    data = held(written)
    (axis,) = data["axes"]
    assert len(data["cells"]) == len(axis["points"]) == 3
    last = len(axis["points"]) - 1
    assert axis["base"] != last
    wanted = cell(HOST, Setting((last,), None, (f"{NOTICE}={axis['points'][last]}",)), 1)
    found = data["cells"][last]
    assert found["main"] == wanted["main"]
    assert [data["pool"][at] for at in found["said"]] == wanted["said"]
    assert {name: data["pool"][at] for name, at in found["values"].items()} == wanted["values"]
    assert data["cells"][axis["base"]]["main"] != found["main"]


def test_a_page_replays_the_typical_and_the_worst_run_of_the_file(written: Path) -> None:
    data = held(written)
    base = data["cells"][data["axes"][0]["base"]]
    assert [replay["which"] for replay in data["replays"]] == ["typical", "worst"]
    assert [replay["replication"] for replay in data["replays"]] == [base["typical"], base["worst"]]


def test_without_a_script_a_page_still_says_what_the_runs_show(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    fallback = text[text.index("<noscript>") : text.index("</noscript>")]
    data = held(written)
    base = data["cells"][data["axes"][0]["base"]]
    assert "needs JavaScript" in fallback
    assert "The simulation ends with" in fallback
    for at in base["said"]:
        assert data["pool"][at].replace("'", "&#39;") in fallback
    assert base["main"]["downtime"][0] in fallback
    assert text.index("Assumptions and sources") > text.index("</noscript>")  # seen by everybody


def test_nothing_in_the_data_ends_the_element_it_stands_in() -> None:
    text = _embedded({"label": "</script><script>alert(1)</script>\u2028"})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text)["label"].startswith("</script>")


def test_the_page_says_how_it_is_made_again_and_names_no_folder(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert f"hostfall explore host_suspended.yaml --export host.html --control {NOTICE}" in text
    assert load_scenario(HOST).digest in text
    assert str(ROOT) not in text
    assert str(written.parent) not in text


def test_nothing_is_overwritten_and_nothing_left_behind(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(UsageError, match="there already"):
        export_page(HOST, written)
    with pytest.raises(UsageError, match=r"ends in \.html"):
        export_page(HOST, written.with_suffix(".pdf"))
    assert written.read_bytes() == before
    assert [one.name for one in written.parent.iterdir()] == ["host.html"]


def test_a_page_that_would_be_too_large_is_refused_before_it_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_BYTES", 200_000)
    with pytest.raises(UsageError, match="fewer --control or --replications"):
        export_page(HOST, tmp_path / "page.html", workers=1)
    assert not list(tmp_path.iterdir())


def test_a_file_of_somebody_else_is_not_taken_for_an_interrupted_export(tmp_path: Path) -> None:
    mine = tmp_path / "page.html.part"
    mine.write_text("my notes", encoding="utf-8")
    with pytest.raises(UsageError, match="is no export"):
        export_page(HOST, tmp_path / "page.html")
    assert mine.read_text(encoding="utf-8") == "my notes"


def test_an_interrupted_grid_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = [Setting((i,), None, ()) for i in range(5)]
    asked: list[int] = []

    def counted(path: Path, setting: Setting, blocks: int) -> dict[str, Any]:
        if len(asked) == 3 and setting.at == (3,):
            asked.append(-1)
            raise KeyboardInterrupt
        asked.append(setting.at[0])
        return {"number": setting.at[0]}

    monkeypatch.setattr(export_grid, "cell", counted)
    keeping = Keeping(tmp_path / "page.html.part", '["this scenario"]')
    with pytest.raises(KeyboardInterrupt):
        computed(HOST, settings, 1, keeping)
    assert len(keeping.read()) == 3
    with keeping.path.open("a", encoding="utf-8") as file:
        file.write('[[3],{"numb')  # a line that was being written
    found = computed(HOST, settings, 1, keeping)
    assert asked == [0, 1, 2, -1, 3, 4]
    assert found == {(i,): {"number": i} for i in range(5)}
    assert not keeping.foreign()
    assert not Keeping(keeping.path, "another scenario").read()
    keeping.end()
    assert not keeping.path.exists()


def test_the_verb_says_what_belongs_together() -> None:
    for arguments, said in (
        (["--export", "page.html"], "needs a scenario file"),
        ([str(HOST), "--control", NOTICE], "--control is for --export"),
        ([str(HOST), "--replications", "400"], "--replications is for --export"),
    ):
        result = CliRunner().invoke(explore, arguments)
        assert isinstance(result.exception, UsageError)
        assert said in str(result.exception)


def test_a_page_is_written_without_the_web_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.views.explore_verb.find_spec", lambda name: None)
    asked: list[Any] = []

    def noted(*given: Any, **more: Any) -> int:
        asked.append((given, more))
        return 0

    monkeypatch.setattr(export, "export_page", noted)
    arguments = [str(HOST), "--export", str(tmp_path / "page.html"), "--control", NOTICE]
    arguments += ["--replications", "400"]
    result = CliRunner().invoke(explore, arguments, standalone_mode=False)
    assert result.exception is None, result.exception
    assert asked == [
        (
            (HOST, tmp_path / "page.html"),
            {"wanted": (NOTICE,), "replications": 400, "workers": 0},
        )
    ]
