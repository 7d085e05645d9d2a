"""Paragraphs and tables for a terminal: as wide as it is, and plain text where it is none.

In: sentences, headers and rows. Out: strings. A file or a pipe gets the same words at a fixed width.
Rejected: rich's tables, which lose their last column where a column has a least width.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TextIO

WIDTH_WITHOUT_TERMINAL = 110
WIDEST = 140
NARROWEST = 60
NARROWEST_TEXT = 28
"""A text is wrapped to this width before a number is wrapped at all."""
GAP = "   "


def width(stream: TextIO | None = None) -> int:
    """Columns to fill: the terminal's, within reason; a fixed number for a file or a pipe."""
    stream = stream or sys.stdout
    if not stream.isatty():
        return WIDTH_WITHOUT_TERMINAL
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDTH_WITHOUT_TERMINAL, 40)).columns))


def paragraphs(texts: Iterable[str], columns: int, *, hang: int = 0) -> str:
    """Every text wrapped, one below the other; a word too long for a line (an address) stays whole.

    Lines after the first begin ``hang`` columns to the right.
    """
    return "\n".join(
        textwrap.fill(
            text, columns, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False
        )
        for text in texts
    )


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], columns: int, *, right: Iterable[int] = ()
) -> str:
    """A table as text, no wider than ``columns`` where that can be. Cells wrap, none is cut.

    Columns with the numbers ``right`` are numbers: set to the right, and wrapped last.
    """
    body, numbers = [list(row) for row in rows], frozenset(right)
    widths = _widths(header, body, numbers, columns - len(GAP) * (len(header) - 1))
    lines = _row(header, widths, numbers, below=True)
    lines.append("─" * (sum(widths) + len(GAP) * (len(widths) - 1)))
    for row in body:
        lines += _row(row, widths, numbers)
    return "\n".join(lines)


def _widths(
    header: Sequence[str], body: Sequence[Sequence[str]], numbers: frozenset[int], room: int
) -> list[int]:
    """Widths of the columns: headings wrap first, then texts (the last first), then numbers."""
    count = len(header)
    cells = [max((len(row[i]) for row in body), default=0) for i in range(count)]
    words = [max(map(len, header[i].split()), default=0) for i in range(count)]
    widths = [max(cell, len(title)) for cell, title in zip(cells, header, strict=True)]
    texts = [i for i in range(count) if i not in numbers]
    plain = [max(cell, word) for cell, word in zip(cells, words, strict=True)]
    for order, floor in (
        (range(count), WIDEST),
        (texts[1:], NARROWEST_TEXT),
        (texts[:1], room // 3),
        (range(count), 0),
    ):
        least = [min(width, max(floor, word)) for width, word in zip(plain, words, strict=True)]
        while sum(widths) > room:
            able = [i for i in order if widths[i] > least[i]]
            if not able:
                break
            widths[max(able, key=lambda i: widths[i])] -= 1
    return widths


def _row(
    cells: Sequence[str], widths: Sequence[int], numbers: frozenset[int], *, below: bool = False
) -> list[str]:
    """The lines of one row; short cells stand at its top, or at its foot if ``below``."""
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    tall = max(map(len, wrapped))
    for i, cell in enumerate(wrapped):
        empty = [""] * (tall - len(cell))
        wrapped[i] = [*empty, *cell] if below else [*cell, *empty]
    return [
        GAP.join(
            cell[line].rjust(width) if i in numbers else cell[line].ljust(width)
            for i, (cell, width) in enumerate(zip(wrapped, widths, strict=True))
        ).rstrip()
        for line in range(tall)
    ]


def _wrapped(cell: str, width: int) -> list[str]:
    """The lines of a cell; a dotted path breaks after a dot."""
    if len(cell) > width and " " not in cell:
        lines, line = [], ""
        for part in re.findall(r"[^.]*\.?", cell):
            if line and len(line) + len(part) > width:
                lines.append(line)
                line = ""
            line += part
        return [piece for each in [*lines, line] for piece in textwrap.wrap(each, width)]
    whole = cell.replace(" %", "\u00a0%")  # textwrap breaks at plain spaces only
    lines = textwrap.wrap(whole, width, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines] or [""]
