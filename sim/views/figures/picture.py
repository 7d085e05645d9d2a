"""One figure with everything that must travel with it: the finding, words for it, the numbers under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.views import style
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """A drawn figure. ``figure`` is a plain matplotlib Figure, to be changed or saved as one likes.

    ``form`` is what it was drawn for: paper, slides, or one column of a journal.
    """

    name: str
    title: str
    alternative: str
    figure: Figure = field(repr=False)
    table: Table = field(repr=False)
    source: str = field(repr=False)
    form: style.Form = field(default_factory=style.current_form, repr=False)

    def png(self) -> bytes:
        """The picture as PNG: 200 dots an inch, in a column 600; a slide 1,920 dots wide."""
        return style.render(self.figure, "png", self.title, self.source, form=self.form)

    def svg(self) -> bytes:
        """The picture as SVG."""
        return style.render(self.figure, "svg", self.title, self.source, form=self.form)

    def pdf(self) -> bytes:
        """The picture as PDF, for LaTeX and for print."""
        return style.render(self.figure, "pdf", self.title, self.source, form=self.form)

    def inline(self) -> str:
        """The SVG as it stands in a page, with its alternative text."""
        return style.inline(self.svg(), self.name, self.alternative)

    def save(self, folder: Path) -> tuple[Path, Path]:
        """Write ``<name>.png`` and ``<name>.svg`` into a folder, each whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        written = (folder / f"{self.name}.png", folder / f"{self.name}.svg")
        for path, content in zip(written, (self.png(), self.svg()), strict=True):
            beside = path.with_name(path.name + ".part")
            beside.write_bytes(content)
            beside.replace(path)
        return written

    def _repr_html_(self) -> str:
        """The picture in a notebook, on white whatever the notebook's colours."""
        return f'<div style="background:#fff;max-width:46rem">{self.inline()}</div>'
