"""The body of studies: every folder is found, none can break the listing, and reading changes nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from sim.errors import ArchiveError, UsageError
from sim.study import Study
from sim.study.origin import INPUTS, evidence_of_study, inputs_csv
from sim.study.shelf import Headline, find_studies, finished_manifest, open_study, read_strategies
from sim.views.printed import printed
from sim.views.shelving import downtime, listed, listed_for_machines
from sim.views.showing import shown
from tests.studies import STRATEGIES, small, studied


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return studied(tmp_path_factory.mktemp("shelf") / "small" / "one", 200, more=STRATEGIES)


@pytest.fixture
def shelf(study: Study, tmp_path: Path) -> Path:
    """A finished study, one in progress, and three kinds of broken folder."""
    shutil.copytree(study.folder, tmp_path / "small" / "finished")
    begun = tmp_path / "small" / "begun"
    shutil.copytree(study.folder, begun)
    manifest = json.loads((begun / "manifest.json").read_text(encoding="utf-8"))
    (begun / "manifest.json").write_text(
        json.dumps(manifest | {"complete": False, "command": "hostfall x.yaml"})
    )
    shutil.copytree(study.folder, tmp_path / "broken" / "no_words")
    (tmp_path / "broken" / "no_words" / "manifest.json").write_text("{ half")
    shutil.copytree(study.folder, tmp_path / "broken" / "no_outcomes")
    (tmp_path / "broken" / "no_outcomes" / "outcomes.parquet").unlink()
    shutil.copytree(study.folder, tmp_path / "broken" / "odd_summary")
    (tmp_path / "broken" / "odd_summary" / "summary.csv").write_text("strategy,measure\nas_is,downtime\n")
    (tmp_path / "elsewhere").mkdir()
    return tmp_path


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its time and size."""
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_folder_is_found_and_has_its_state(shelf: Path) -> None:
    found = {study.folder.name: (study.state, study.why) for study in find_studies(shelf)}
    assert found == {
        "finished": ("finished", ""),
        "begun": ("in progress", "stopped, 400 runs so far"),
        "no_words": ("broken", "its manifest.json says nothing"),
        "no_outcomes": ("broken", "without outcomes.parquet"),
        "odd_summary": ("broken", "its summary.csv cannot be read"),
    }


def test_the_headline_numbers_are_those_of_the_summary(study: Study) -> None:
    (one,) = find_studies(study.folder)
    lines = {(line.strategy, line.measure): line for line in study.summary}
    assert [headline.strategy for headline in one.headlines] == ["as_is", "asks_more"]
    for headline in one.headlines:
        assert headline.downtime == lines[headline.strategy, "downtime"].median
        assert headline.users_lost == lines[headline.strategy, "users_lost"].mean
        assert headline.runs == 200


def test_a_listing_says_title_strategies_and_state(shelf: Path) -> None:
    text = listed(shelf, 120)
    assert "small: One host, one search" in text
    assert "broken: without outcomes.parquet" in text
    assert "in progress: stopped, 400 runs so far" in text
    assert text.endswith("5 studies. `results show FOLDER` prints one again.")


def test_a_listing_for_machines_has_every_study(shelf: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(listed_for_machines(shelf))))
    assert len(rows) == 6
    assert {row["state"] for row in rows} == {"finished", "in progress", "broken"}
    assert all(float(row["mean_users_lost"]) > 0 for row in rows if row["state"] == "finished")


def test_half_of_the_runs_still_down_is_more_than_a_number() -> None:
    assert downtime(Headline("as_is", 200, 480.0, 1.0, 0.2)) == "20 d"
    assert downtime(Headline("as_is", 200, 480.0, 1.0, 0.5)) == "> 20 d"


def test_an_empty_place_says_so(tmp_path: Path) -> None:
    assert listed(tmp_path, 100) == f"No results in {tmp_path}: `run` writes them there."


def test_show_prints_what_run_printed_and_changes_nothing(study: Study) -> None:
    from sim.views.api import Result

    before = files(study.folder)
    text, notes = shown(study.folder, (), ())
    again = open_study(study.folder)
    assert text == f"{study.file.title}\n\n{printed(Result(again), 110)}"
    first = printed(Result(study), 110).split("inputs are assumptions")[0]
    assert text.count("Summary of 200 runs") == 2
    assert all(line in text for line in first.splitlines()[:12])
    assert notes == []
    assert files(study.folder) == before


def test_a_report_made_again_says_what_each_strategy_leaves_open(tmp_path: Path) -> None:
    from sim.views.api import Result

    ready = "strategies:\n  plain: {}\n  ready: {use: documented_plan}\n"
    words = studied(tmp_path / "run", 200, more=ready).file.leaves_open["ready"]
    assert words
    again = Result(open_study(tmp_path / "run"))
    assert again.study.file.leaves_open == {"ready": words}
    assert words in again._report(with_figures=False).html


def test_a_folder_from_before_that_was_kept_gets_it_when_it_is_run_again(tmp_path: Path) -> None:
    ready = "strategies:\n  plain: {}\n  ready: {use: documented_plan}\n"
    studied(tmp_path / "run", 200, more=ready)
    manifest = tmp_path / "run" / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    del said["leaves_open"]
    manifest.write_text(json.dumps(said), encoding="utf-8")
    assert not open_study(tmp_path / "run").file.leaves_open
    assert not studied(tmp_path / "run", 200, more=ready).already_done
    assert open_study(tmp_path / "run").file.leaves_open
    assert studied(tmp_path / "run", 200, more=ready).already_done


def test_show_of_one_strategy_and_some_measures_has_these_alone(study: Study) -> None:
    text, _ = shown(study.folder, ["asks_more"], ["users_lost", "recovered"])
    assert "Asks two at once, 200 runs (chance only):" in text
    assert "Users lost" in text
    assert "Recovered" in text
    assert "As it is" not in text
    assert "Downtime" not in text


def test_what_is_not_there_gets_the_nearest_name(study: Study) -> None:
    with pytest.raises(UsageError, match=r"Did you mean `users_lost`"):
        shown(study.folder, (), ["user_lost"])
    with pytest.raises(UsageError, match=r"did you mean `asks_more`\?"):
        open_study(study.folder, ["ask_more"])
    with pytest.raises(UsageError, match=r"There is no folder"):
        finished_manifest(study.folder / "nowhere")


def test_folders_that_hold_no_finished_study_are_refused_in_words(shelf: Path) -> None:
    with pytest.raises(ArchiveError, match=r"not finished; `hostfall x.yaml` goes on with it\."):
        open_study(shelf / "small" / "begun")
    with pytest.raises(ArchiveError, match=r"is broken: without outcomes.parquet"):
        open_study(shelf / "broken" / "no_outcomes")
    with pytest.raises(ArchiveError, match=r"holds no run; below it are .*finished"):
        open_study(shelf)
    with pytest.raises(ArchiveError, match=r"holds no run\."):
        open_study(shelf / "elsewhere")


def test_damage_is_told_in_one_line(shelf: Path) -> None:
    folder = shelf / "small" / "finished"
    (folder / "outcomes.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(ArchiveError, match=r"is damaged: ") as caught:
        read_strategies(folder)
    assert "\n" not in str(caught.value)
    with pytest.raises(ArchiveError, match=r"is damaged: "):
        open_study(folder)


def test_a_scenario_of_another_version_is_told_in_one_line(shelf: Path) -> None:
    folder = shelf / "small" / "finished"
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("a_word_of_the_future: 3\n")
    with pytest.raises(ArchiveError, match=r"was written by hostfall .* cannot read it: ") as caught:
        open_study(folder)
    assert "\n" not in str(caught.value)


def test_tables_can_be_read_without_blocks_but_a_study_cannot(shelf: Path) -> None:
    folder = shelf / "small" / "finished"
    shutil.rmtree(folder / "blocks")
    arms, _ = read_strategies(folder)
    assert [arm.runs for arm in arms] == [200, 200]
    with pytest.raises(ArchiveError, match=r"lacks blocks of as_is"):
        open_study(folder)


def test_evidence_kept_beside_the_results_comes_back_whole(shelf: Path) -> None:
    folder, file = shelf / "small" / "finished", small(STRATEGIES)
    (folder / INPUTS).write_bytes(inputs_csv(file.evidence))
    assert evidence_of_study(folder) == file.evidence
    _, notes = shown(folder, (), ())
    assert notes == []
