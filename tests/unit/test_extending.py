"""`extends`: a file that starts from another and says only what differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario, load_text

BASE = """name: base
title: A platform
clock: {start: 2025-03-01T00:00Z, horizon: 180 d}
suppliers: {host: {}}
capabilities: {use: {needs: [host]}}
users: {start: {value: 1000, source: a count}, served_by: use}
events: [{suspend: host, at: 9 d}]
"""


def write(folder: Path, **files: str) -> Path:
    """Write files and give the place of the last."""
    for name, text in files.items():
        place = folder / f"{name}.yaml"
        place.write_text(text, encoding="utf-8")
    return place


def refused(path: Path) -> str:
    """What the loader says of a file."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return "\n".join(map(str, caught.value.problems))


def test_what_a_file_does_not_say_is_what_the_other_says(tmp_path: Path) -> None:
    path = write(tmp_path, base=BASE, more="extends: base.yaml\nname: more\nclock: {horizon: 90 d}\n")
    scenario = load_scenario(path).scenario()
    assert (scenario.name, scenario.clock.horizon, scenario.title) == ("more", 2160.0, "A platform")
    assert scenario.users.start == 1000.0


def test_evidence_goes_with_the_value_and_not_with_what_replaces_it(tmp_path: Path) -> None:
    more = "extends: base.yaml\nname: more\nusers: {start: 2000}\n"
    path = write(tmp_path, base=BASE, same="extends: base.yaml\nname: same\n", more=more)
    marks = {
        name: next(row.mark for row in load_scenario(tmp_path / f"{name}.yaml").evidence["as_is"]
                   if row.path == "users.start")
        for name in ("same", "more")
    }  # fmt: skip
    assert marks == {"same": "source", "more": "assumption"}
    assert path.name == "more.yaml"


def test_the_digest_is_that_of_the_whole_as_if_it_stood_in_one_file(tmp_path: Path) -> None:
    path = write(tmp_path, base=BASE, more="extends: base.yaml\nclock: {horizon: 90 d}\n")
    assert load_scenario(path).digest == load_text(BASE.replace("180 d", "90 d")).digest


def test_null_removes_what_the_other_file_says(tmp_path: Path) -> None:
    path = write(tmp_path, base=BASE, more="extends: base.yaml\nname: more\nevents: null\n")
    assert load_scenario(path).scenario().events == ()


def test_a_circle_of_files_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, a="extends: b.yaml\n", b="extends: a.yaml\n")
    assert "circular" in refused(path)


def test_a_file_that_is_not_there_is_named_with_the_one_that_asks_for_it(tmp_path: Path) -> None:
    path = write(tmp_path, base=BASE, more="extends: bas.yaml\nname: more\n")
    said = refused(path)
    assert "more.yaml" in said
    assert "did you mean" in said


@pytest.mark.parametrize("value", ["7", "[base.yaml]", "' '"])
def test_what_is_no_file_name_is_refused(tmp_path: Path, value: str) -> None:
    assert "must be the name of a scenario file" in refused(write(tmp_path, more=f"extends: {value}\n"))


def test_a_text_without_a_place_cannot_extend_a_file() -> None:
    with pytest.raises(ScenarioError, match="not in a file"):
        load_text("extends: base.yaml\n")


def test_a_mistake_in_the_other_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, base=BASE.replace("needs: [host]", "needs: [hots]"), more="extends: base.yaml\n")
    assert "did you mean `host`?" in refused(path)
