"""A list of ties: a CSV file with two names a row becomes pairs of whole numbers.

In: a path. Out: `TiesFile`, or every row that cannot be used. People are numbered in the order in which the
file first names them. Columns are parted by commas or by semicolons, as the first row says; blank rows and
rows that begin with # are passed over; a first row of column names is known by its words. A tie to oneself,
and one that stands already, in either order, are left out and told. Nothing is ever guessed: a row with one
name or with three is wrong, not shortened.
"""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.scenario.crowd import MOST_TIES

LARGEST_FILE = 10_000_000
"""Bytes. Assumption: as many ties as a scenario can list, of names with two dozen letters."""
_MOST_TOLD = 20
"""Problems that are told one by one; the rest is counted."""
_HEADERS = frozenset(
    {
        ("from", "to"),
        ("source", "target"),
        ("person", "friend"),
        ("name", "friend"),
        ("user", "friend"),
        ("node1", "node2"),
        ("person1", "person2"),
        ("user1", "user2"),
        ("name1", "name2"),
        ("id1", "id2"),
    }
)


@dataclass(frozen=True, slots=True)
class TiesFile:
    """What stands in a file of ties.

    Attributes
    ----------
    ties
        Two people each, the smaller number first, every tie once; in the order of the file.
    names
        What the file calls each person.
    left_out
        Rows that were left out: ties to oneself, ties that stood already. At most twenty, then a count.
    """

    ties: tuple[tuple[int, int], ...]
    names: tuple[str, ...]
    left_out: tuple[Problem, ...]


class _Told:
    """The first problems of a file, and how many there are in all."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.many = 0
        self._first: list[Problem] = []

    def add(self, line: int | None, message: str) -> None:
        self.many += 1
        if self.many <= _MOST_TOLD:
            self._first.append(Problem("", message, line, self.source))

    def all(self, rest: str) -> list[Problem]:
        more = self.many - len(self._first)
        if not more:
            return self._first
        said = f"{more} more {'row' if more == 1 else 'rows'} {rest}"
        return [*self._first, Problem("", said, None, self.source)]


def read_ties(path: str | Path) -> TiesFile:
    """Read a file of ties.

    Raises
    ------
    ScenarioError
        If there is no such file, it is too large or not UTF-8, has rows that cannot be used (each with its
        number), or no tie.

    Checked by: tests/unit/test_ties_file.py
    """
    place = Path(path)
    source = str(path)
    lines = _text(place, source).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wrong, left_out = _Told(source), _Told(source)
    numbers: dict[str, int] = {}
    where: dict[tuple[int, int], int] = {}
    for line, pair in _rows(lines, wrong):
        one, other = pair
        if one == other:
            left_out.add(line, f"ties `{one}` to itself; left out")
            continue
        ends = tuple(numbers.setdefault(name, len(numbers)) for name in pair)
        tie = (min(ends), max(ends))
        if tie in where:
            message = f"the tie of `{one}` and `{other}` stands in row {where[tie]} already; left out"
            left_out.add(line, message)
        where.setdefault(tie, line)
        if len(where) > MOST_TIES:
            raise ScenarioError(
                [
                    Problem(
                        "",
                        f"has more than {MOST_TIES:,} ties; larger networks are made by their law",
                        line,
                        source,
                    )
                ]
            )
    if not wrong.many and not where:
        wrong.add(None, "has no tie: write two names a row, parted by a comma")
    if wrong.many:
        raise ScenarioError(wrong.all("cannot be used either"))
    return TiesFile(tuple(where), tuple(numbers), tuple(left_out.all("left out as well")))


def _text(path: Path, source: str) -> str:
    """The text of the file; its size is looked at before anything is read."""

    def refuse(message: str, line: int | None = None) -> ScenarioError:
        return ScenarioError([Problem("", message, line, source)])

    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refuse("is no regular file; give the path of a CSV file with the ties")
        if status.st_size > LARGEST_FILE:
            size, most = status.st_size / 1e6, LARGEST_FILE / 1e6
            raise refuse(f"is {size:.1f} MB; a file of ties has at most {most:.0f} MB")
        content = path.read_bytes()
    except FileNotFoundError:
        raise refuse("no such file; `file` is sought beside the scenario") from None
    except (OSError, ValueError) as error:
        raise refuse(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refuse("is not UTF-8 text; save it with the encoding UTF-8", line) from None


def _rows(lines: list[str], wrong: _Told) -> Iterator[tuple[int, tuple[str, str]]]:
    """Row number (from 1) and the two names of each row; what is no such row goes to `wrong`."""
    parted: str | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        first = parted is None
        if parted is None:
            parted = next((mark for mark in ",;" if len(_cells(line, mark) or ()) == 2), ",")
        cells = _cells(line, parted)
        if cells is None:
            wrong.add(number, "has a quotation mark that is not closed")
        elif len(cells) != 2:
            wrong.add(number, _not_two(cells, line, parted))
        elif not all(cells):
            wrong.add(number, "has an empty name")
        elif not (first and (cells[0].casefold(), cells[1].casefold()) in _HEADERS):
            yield number, (cells[0], cells[1])


def _cells(line: str, parted: str) -> list[str] | None:
    """The cells of a row, without blanks around them; None if a quotation mark is not closed."""
    if '"' not in line:
        return [cell.strip() for cell in line.split(parted)]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=parted, strict=True))]
    except csv.Error:
        return None


def _not_two(cells: list[str], line: str, parted: str) -> str:
    """What is wrong with a row that has not two names, and the likely fix."""
    other = ";" if parted == "," else ","
    if len(cells) == 1 and other in line:
        return f"has no `{parted}`, by which the rows before are parted; write it instead of `{other}`"
    if len(cells) == 1:
        return f"has one name, `{cells[0]}`; write two, parted by `{parted}`"
    fix = f'; a name with `{parted}` in it stands in "quotation marks"'
    return f"has {len(cells)} columns; a tie has two{fix}"
