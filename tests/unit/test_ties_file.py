"""A file of ties: what is read, what is left out and told, and what is refused with the number of its row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import ties_file
from sim.scenario.ties_file import TiesFile, read_ties


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "ties.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def refused(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(ScenarioError) as caught:
        read_ties(path)
    assert all(problem.source == str(path) for problem in caught.value.problems)
    return [(problem.line, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        "ann,ben\nben,cem\n",
        "from,to\nann,ben\nben,cem",
        "Source;Target\nann;ben\nben;cem\n",
        "\ufeffann,ben\r\nben,cem\r\n",
        "# who knows whom\n\nann , ben\n   \n  # another\n ben,cem\n",
        '"ann","ben"\nben,"cem"\n',
    ],
)
def test_the_same_ties_are_read_however_they_are_written(tmp_path: Path, text: str) -> None:
    assert read_ties(written(tmp_path, text)) == TiesFile(((0, 1), (1, 2)), ("ann", "ben", "cem"), ())


def test_a_quoted_name_may_hold_the_mark_that_parts() -> None:
    assert ties_file._cells('"Doe, Ann","Roe ""B"", Ben"', ",") == ["Doe, Ann", 'Roe "B", Ben']


def test_the_first_row_says_what_parts_the_columns(tmp_path: Path) -> None:
    assert read_ties(written(tmp_path, "Doe, Ann;Roe, Ben\nRoe, Ben;x\n")).names == (
        "Doe, Ann",
        "Roe, Ben",
        "x",
    )


def test_column_names_further_down_are_people(tmp_path: Path) -> None:
    assert read_ties(written(tmp_path, "a,b\nfrom,to\n")).names == ("a", "b", "from", "to")


def test_ties_to_oneself_and_ties_that_stand_already_are_left_out_and_told(tmp_path: Path) -> None:
    found = read_ties(written(tmp_path, "ann,ben\nann,ann\n\nben,ann\nzoe,zoe\nann,cem\nann,ben\n"))
    assert found.ties == ((0, 1), (0, 2))
    assert found.names == ("ann", "ben", "cem")
    assert [(problem.line, problem.message) for problem in found.left_out] == [
        (2, "ties `ann` to itself; left out"),
        (4, "the tie of `ben` and `ann` stands in row 1 already; left out"),
        (5, "ties `zoe` to itself; left out"),
        (7, "the tie of `ann` and `ben` stands in row 1 already; left out"),
    ]


def test_every_row_that_cannot_be_used_is_told_with_its_number(tmp_path: Path) -> None:
    text = '# list\nann,ben\nann\nann;cem\nann,ben,3\n,ben\n"ann,ben\nben,cem\n'
    assert refused(written(tmp_path, text)) == [
        (3, "has one name, `ann`; write two, parted by `,`"),
        (4, "has no `,`, by which the rows before are parted; write it instead of `;`"),
        (5, 'has 3 columns; a tie has two; a name with `,` in it stands in "quotation marks"'),
        (6, "has an empty name"),
        (7, "has a quotation mark that is not closed"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "from,to\n", "ann,ann\n"])
def test_a_file_without_a_tie_is_refused(tmp_path: Path, text: str) -> None:
    assert refused(written(tmp_path, text)) == [
        (None, "has no tie: write two names a row, parted by a comma")
    ]


def test_what_is_no_text_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path / "none.csv") == [(None, "no such file; `file` is sought beside the scenario")]
    assert "regular file" in refused(tmp_path)[0][1]
    assert refused(written(tmp_path, b"ann,ben\nj\xf6rg,ben\n"))[0][0] == 2
    path = written(tmp_path, "a,b\nb,c\nc,d\n")
    monkeypatch.setattr(ties_file, "MOST_TIES", 2)
    assert refused(path) == [(3, "has more than 2 ties; larger networks are made by their law")]
    monkeypatch.setattr(ties_file, "LARGEST_FILE", 10)
    assert "at most" in refused(path)[0][1]


def test_of_many_problems_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    told = refused(written(tmp_path, "a,b\n" + "alone\n" * 25))
    assert len(told) == 21
    assert told[-1] == (None, "5 more rows cannot be used either")
    left_out = read_ties(written(tmp_path, "a,b\n" + "b,a\n" * 21)).left_out
    assert left_out[-1].message == "1 more row left out as well"


NAMES = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters='",;#'), min_size=1, max_size=5
)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=30))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    wanted = {frozenset(pair) for pair in pairs if pair[0] != pair[1]}
    path = written(tmp_path_factory.mktemp("ties"), "from,to\n" + "".join(f"{a},{b}\n" for a, b in pairs))
    if not wanted:
        assert refused(path)
        return
    found = read_ties(path)
    assert {frozenset(found.names[end] for end in tie) for tie in found.ties} == wanted
    assert len(found.ties) == len(wanted)
    assert len(found.ties) + len(found.left_out) == len(pairs) or len(found.left_out) == 21
