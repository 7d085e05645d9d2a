"""For what figures are drawn: how wide the sheet is, how large the type on it.

In: the form that was asked for. Out: its `Sheet`; every figure takes its widths and sizes from it, so that
what is drawn is drawn for the place where it will stand and never shrunk into it.

`paper` is a page's text or two columns of a journal (183 mm); `column` is one column of a journal (89 mm),
its type 7 points or more as it is printed (the line for the source 6.5); `slides` are 16:9, as wide as paper
and shown larger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Form = Literal["paper", "slides", "column"]
FORMS: tuple[Form, ...] = ("paper", "slides", "column")

SLIDE_PIXELS = 1920
"""Of a slide's width in a raster file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a figure may use."""

    wide: float
    """Inches."""
    title: float
    """Points; as the next four."""
    body: float
    small: float
    least: float
    """Of numbers at points and of words in boxes."""
    foot: float
    edge: float
    """Inches left of the first word and, at the least, right of the last."""
    subtitle: int | None
    """Lines that a subtitle may take; it then ends with a whole clause. None: as many as it needs."""
    dots: float
    """An inch of a raster file."""

    @property
    def narrow(self) -> bool:
        """Whether what stands side by side on paper has to stand one below the other."""
        return self.wide < 5.0


_PAPER = Sheet(7.2, 12.5, 9.5, 8.5, 7.5, 6.5, edge=0.15, subtitle=None, dots=200)

SHEETS: dict[Form, Sheet] = {
    "paper": _PAPER,
    # As wide as paper; on a screen of 13.3 inches the title has 30 points and the source 13.
    "slides": Sheet(7.2, 16.0, 9.5, 8.5, 7.5, 7.0, edge=0.15, subtitle=2, dots=SLIDE_PIXELS / 7.2),
    "column": Sheet(89 / 25.4, 9.0, 7.5, 7.0, 7.0, 6.5, edge=0.07, subtitle=6, dots=600),
}

_FORM: ContextVar[Form] = ContextVar("form", default="paper")


@contextmanager
def drawn_as(form: Form) -> Iterator[None]:
    """Figures drawn inside are for this form; what was said before comes back afterwards."""
    token = _FORM.set(form)
    try:
        yield
    finally:
        _FORM.reset(token)


@contextmanager
def two_columns() -> Iterator[None]:
    """What cannot be read in one column is drawn inside as wide as two."""
    with drawn_as("paper" if current_form() == "column" else current_form()):
        yield


def current_form() -> Form:
    """For what figures are drawn now."""
    return _FORM.get()


def sheet() -> Sheet:
    """The sheet that figures are drawn on now."""
    return SHEETS[_FORM.get()]


def inches(on_paper: float) -> float:
    """Inches that hold as much type as so many do on paper."""
    return on_paper * sheet().small / _PAPER.small
