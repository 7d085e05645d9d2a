"""Every shipped scenario, from the file to the report, as somebody who types the command gets it."""

from __future__ import annotations

import csv
import html
import itertools
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from sim import load_scenario
from sim.scenario import ScenarioFile
from sim.streams import BLOCK
from sim.views import cli
from sim.views.figures import NAMES

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
RUNS = 60
TABLES = ("outcomes", "segments", "attribution", "events", "trajectories")
PARTS = ("users_not_joined", "users_waiting_end", "users_not_returned")
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Ran:
    """What one command left behind."""

    file: ScenarioFile
    folder: Path

    def table(self, name: str) -> dict[str, np.ndarray[Any, Any]]:
        with duckdb.connect() as connection:
            return connection.read_parquet(str(self.folder / f"{name}.parquet")).fetchnumpy()

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


EVERYDAY = {"host_suspended", "parler_2021"}
"""The rest, most of them cases of the past and one of seven strategies, are among the slow tests."""
PARAMS = [
    pytest.param(path, marks=() if path.stem in EVERYDAY else pytest.mark.slow, id=path.stem)
    for path in SCENARIOS
]


@pytest.fixture(scope="module", params=PARAMS)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    path: Path = request.param
    folder = tmp_path_factory.mktemp(path.stem) / "run"
    assert cli.main([str(path), "--replications", str(RUNS), "--output", str(folder)]) == 0
    return Ran(load_scenario(path), folder)


def test_all_files_are_there_and_none_is_half_written(ran: Ran) -> None:
    files = {path.relative_to(ran.folder).as_posix() for path in ran.folder.rglob("*") if path.is_file()}
    expected = {
        "manifest.json",
        "scenario.yaml",
        "summary.csv",
        "comparison.csv",
        "criticality.csv",
        "report.html",
    }
    expected |= {f"{table}.parquet" for table in TABLES}
    expected |= {f"blocks/{strategy}/000000.parquet" for strategy in ran.file.strategies}
    expected |= {f"figures/{name}.{kind}" for name in NAMES for kind in ("png", "svg")}
    assert expected <= files
    assert not [name for name in files if re.search(r"(^|/)\.|tmp|part$|~$", name)]
    assert all((ran.folder / name).stat().st_size for name in expected)


def test_what_was_run_can_be_run_again(ran: Ran) -> None:
    again = load_scenario(ran.folder / "scenario.yaml")
    assert again.digest == ran.file.digest
    assert list(again.strategies) == list(ran.file.strategies)


def test_there_is_a_row_a_strategy_and_replication_and_no_failure(ran: Ran) -> None:
    outcomes = ran.table("outcomes")
    for strategy in ran.file.strategies:
        mine = np.flatnonzero(outcomes["strategy"] == strategy)
        assert sorted(outcomes["replication"][mine].tolist()) == list(range(RUNS))
    assert RUNS < BLOCK
    failed = {name for name in outcomes if name.startswith("fail")}
    assert not [name for name in failed if any(bool(value) for value in outcomes[name].tolist())]


def test_measures_make_sense(ran: Ran) -> None:
    outcomes = ran.table("outcomes")
    horizon = ran.file.scenario().clock.horizon
    lost = outcomes["users_end_counterfactual"] - outcomes["users_end"]
    scale = float(outcomes["users_start"].max())
    np.testing.assert_allclose(outcomes["users_lost"], lost, rtol=1e-9, atol=1e-9 * scale)
    np.testing.assert_allclose(
        outcomes["users_lost"], sum(outcomes[part] for part in PARTS), rtol=1e-9, atol=1e-9 * scale
    )
    np.testing.assert_allclose(outcomes["availability"], 1 - outcomes["downtime"] / horizon, rtol=1e-9)
    for name, values in outcomes.items():
        if name.startswith(("downtime", "time_to_recover")):
            assert np.all((values >= 0) & (values <= horizon)), name


def test_segments_and_attribution_add_up(ran: Ran) -> None:
    outcomes, segments, causes = (ran.table(name) for name in ("outcomes", "segments", "attribution"))
    place = {key: i for i, key in enumerate(zip(outcomes["strategy"], outcomes["replication"], strict=True))}
    for name in ("users_lost", "user_hours_lost"):
        total = np.zeros(len(place))
        for *key, value in zip(segments["strategy"], segments["replication"], segments[name], strict=True):
            total[place[tuple(key)]] += value
        scale = max(1.0, float(np.abs(outcomes[name]).max()))
        np.testing.assert_allclose(total, outcomes[name], rtol=1e-9, atol=1e-9 * scale)
    for capability in ran.file.scenario().capabilities:
        total = np.zeros(len(place))
        mine = causes["capability"] == capability
        for *key, hours in zip(
            causes["strategy"][mine], causes["replication"][mine], causes["hours"][mine], strict=True
        ):
            total[place[tuple(key)]] += hours
        np.testing.assert_allclose(total, outcomes[f"downtime.{capability}"], rtol=1e-9, atol=1e-6)


def test_users_by_state_are_never_negative_and_the_counterfactual_is_told(ran: Ran) -> None:
    told = ran.table("trajectories")
    states = {"active", "waiting", "away", "gone"}
    assert states <= set(told["quantity"].tolist())
    users = np.isin(told["quantity"], sorted(states))
    start = float(ran.file.scenario().users.start)
    for name in ("mean", "p05", "p25", "p50", "p75", "p95", "counterfactual"):
        values = np.asarray(told[name][users], dtype=float)
        assert np.all(np.isfinite(values)), name
        assert np.all(values >= -1e-6 * start), name
    ordered = [np.asarray(told[name], dtype=float) for name in ("p05", "p25", "p50", "p75", "p95")]
    for low, high in itertools.pairwise(ordered):
        assert np.all(low <= high * (1 + 1e-12) + 1e-9)


def test_the_summary_has_every_measure_and_never_an_average_of_an_unfinished_time(ran: Ran) -> None:
    outcomes, summary = ran.table("outcomes"), ran.rows("summary")
    told = {row["measure"] for row in summary}
    assert {"downtime", "time_to_recover", "users_lost", "user_hours_lost", "cost"} <= told
    assert told <= set(outcomes)
    assert all(row["unit"] for row in summary)


def test_pictures_are_pictures(ran: Ran) -> None:
    for name in NAMES:
        png = (ran.folder / "figures" / f"{name}.png").read_bytes()
        assert png.startswith(PNG)
        width, height = struct.unpack(">II", png[16:24])
        assert min(width, height) >= 300
        svg = (ran.folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        assert "<svg" in svg
        assert svg.rstrip().endswith("</svg>")


def test_the_report_stands_alone_and_says_no_nonsense(ran: Ran) -> None:
    page = html.unescape((ran.folder / "report.html").read_text(encoding="utf-8"))
    assert page.rstrip().endswith("</html>")
    loaded = re.findall(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=[\"']([^\"']+)", page)
    assert not [address for address in loaded if not address.startswith(("data:", "#"))]
    assert "nan" not in re.findall(r"[a-z]+", re.sub(r"<[^>]+>", " ", page))
    assert ran.file.title in page


def test_nothing_happens_where_nothing_happens() -> None:
    from sim.study import run_study

    outcomes = run_study(load_scenario(ROOT / "scenarios" / "no_event.yaml"), replications=1).outcomes()
    zero = {
        "downtime", "first_service", "time_to_recover", "time_to_recover_users", "user_hours_lost",
        "users_lost", *PARTS, "users_given_up_peak", "resilience_loss", "data_loss_window",
    }  # fmt: skip
    for name in zero:
        assert float(outcomes[name][0]) == 0.0, name
    assert bool(outcomes["recovered"][0])
    assert float(outcomes["availability"][0]) == 1.0
