"""Every broken file gives one error with all its problems: line, path, what was found, the likely fix."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario, load_text
from tests.broken.cases import CASES, SOUND, Case


def refusal(path: Path | str, text: str | bytes | None = None) -> ScenarioError:
    """The error that loading the file gives."""
    place = Path(path)
    if isinstance(text, str):
        place.write_text(text, encoding="utf-8")
    elif text is not None:
        place.write_bytes(text)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(place)
    return caught.value


def test_the_file_that_the_cases_break_is_sound() -> None:
    assert set(load_text(SOUND).strategies) == {"as_is", "warm"}


def test_no_case_is_there_twice() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_refused_with_line_path_and_fix(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    error = refusal(path, case.text)
    assert error.exit_status == 2
    found = [problem for problem in error.problems if problem.where == case.where]
    assert found, f"no problem at {case.where!r} in:\n{error}"
    for words in case.says:
        assert any(words in problem.message for problem in found), f"{words!r} is not said in:\n{error}"
    assert case.expected_line in [problem.line for problem in found], str(error)
    assert all(str(problem).startswith(f"{path}:") for problem in error.problems), str(error)
    assert len(error.problems) <= 3, f"the mistake is buried under its consequences:\n{error}"


def test_all_problems_of_a_file_are_told_at_once_in_file_order() -> None:
    text = SOUND
    wrong = (
        "misspelt_key",
        "wrong_unit",
        "cyclic_needs",
        "join_by_unknown",
        "too_many_engineers",
        "claim_of_no_measure",
    )
    for case in CASES:
        if case.name in wrong:
            text = text.replace(case.old, case.new, 1)
    with pytest.raises(ScenarioError) as caught:
        load_text(text, source="many.yaml")
    where = [problem.where for problem in caught.value.problems]
    assert {"clock.horizon", "capabilities.use", "users.join_by", "response.replace.host.search.acceptence",
            "expect.1.measure"} <= set(where)  # fmt: skip
    lines = [problem.line for problem in caught.value.problems if problem.line is not None]
    assert lines == sorted(lines)
    assert str(caught.value).count("many.yaml:") == len(where)


def test_a_problem_of_the_shared_part_is_told_once_not_once_a_strategy() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(SOUND.replace("served_by: use", "served_by: usee"))
    assert len(caught.value.problems) == 1


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    for number, text in enumerate(("", "\n\n", "# only a comment\n", "---\n", "null\n")):
        assert "is empty" in str(refusal(tmp_path / f"empty{number}.yaml", text))


def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    assert "must be a mapping" in str(refusal(tmp_path / "list.yaml", "- a\n- b\n"))
    assert "must be a mapping" in str(refusal(tmp_path / "text.yaml", "hello\n"))


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "is a directory" in str(refusal(tmp_path))


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "parler_2021.yaml").write_text("x", encoding="utf-8")
    assert "did you mean" in str(refusal(tmp_path / "parler2021.yaml"))
    assert "no such file" in str(refusal(tmp_path / "nowhere" / "x.yaml"))


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    error = refusal(tmp_path / "latin.yaml", "name: a\ntitle: Größe\n".encode("latin-1"))
    assert "UTF-8" in str(error)
    assert error.problems[0].line == 2
    assert "UTF-8" in str(refusal(tmp_path / "wide.yaml", "name: a\n".encode("utf-16")))


def test_a_file_with_zeros_is_refused(tmp_path: Path) -> None:
    assert "is not YAML" in str(refusal(tmp_path / "zeros.yaml", b"name: a\x00b\n"))


def test_a_50_mb_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "50.0 MB" in str(refusal(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "not a regular file" in str(refusal(tmp_path / "pipe.yaml"))


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(ScenarioError, match="more than 50,000 values"):
        load_text("\n".join(lines))


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(ScenarioError, match="levels deep"):
        load_text("a: " + "[" * 5000)
    with pytest.raises(ScenarioError, match="levels deep"):
        load_text("a: " + "{a: " * 5000)


def test_reading_a_file_never_runs_code(tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    for tag in (
        "!!python/object/apply:os.mkdir",
        "!!python/object/new:os.mkdir",
        "!<tag:yaml.org,2002:python/name:os.mkdir>",
    ):
        error = refusal(tmp_path / "tag.yaml", f"name: {tag} ['{witness}']\n")
        assert "is not allowed" in str(error)
    assert not witness.exists()


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("users.strat=3", "did you mean `start`?"),
        ("users.start", "write --set path=value"),
        ("=3", "write --set path=value"),
        ("users..start=3", "write --set path=value"),
        ("users.start=[1", "is not YAML"),
        ("users.start=!!python/name:os.system 1", "is not allowed"),
        ("users.start=-3", "negative"),
        ("events.suspend_hst.notice=3 h", "known: suspend_host, delist_store"),
        ("events.9.notice=3 h", "there is no item `9`"),
        ("strategies.warm=3", "cannot be set"),
        ("unknowns.users.strat=3", "did you mean `start`?"),
        ("clock.horizon=2 d", "not before the end"),
    ],
)
def test_a_wrong_setting_is_refused_and_named(setting: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "sound.yaml"
    path.write_text(SOUND, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, settings=[setting])
    assert says in str(caught.value)
    assert "--set" in str(caught.value) or ".yaml:" in str(caught.value)
