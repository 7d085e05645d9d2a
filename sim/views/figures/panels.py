"""A panel a measure, a row a strategy: side by side on paper, one below the other in a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.views import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEADING = 0.3
"""Inches above a panel, for its name."""

NAME = 1.5
"""Inches a strategy's name may take on paper."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How so many panels with these names of rows stand on the sheet."""

    names: tuple[str, ...]
    panels: int
    row: float
    left: float
    right: float
    gap: float

    @property
    def wide(self) -> float:
        """Inches of one panel."""
        across = 1 if style.sheet().narrow else self.panels
        return (style.sheet().wide - self.left - self.right - self.gap * (across - 1)) / across

    def drawn(
        self, words: tuple[str, str, str], below: float, *, key: float = 0.0
    ) -> tuple[Figure, list[Axes]]:
        """The figure with title, subtitle and source, and its empty panels.

        Args:
            words: Title, subtitle and source.
            below: Inches under each panel.
            key: Inches under the last one besides.
        """
        down = self.panels if style.sheet().narrow else 1
        tall = self.row * len(self.names) + 0.1
        height = tall * down + (down - 1) * (below + HEADING)
        margins = style.Margins(left=self.left, right=self.right, below=below + key, above=HEADING)
        figure, whole = style.canvas(*words, height=height, margins=margins)
        place = whole.get_position()
        whole.remove()
        wide, step = self.wide / style.sheet().wide, (self.wide + self.gap) / style.sheet().wide
        part = place.height * tall / height
        found = []
        for i in range(self.panels):
            x, y = (0, i) if down > 1 else (i, 0)
            low = place.y1 - part - y * place.height * (tall + below + HEADING) / height
            found.append(figure.add_axes((place.x0 + x * step, low, wide, part)))
        return figure, found

    def label(self, axes: Axes, panel: int) -> None:
        """The names of the rows, left of what has nothing beside it."""
        beside = panel > 0 and not style.sheet().narrow
        names = [""] * len(self.names) if beside else list(self.names)
        axes.set_yticks(range(len(names)), names, size=style.sheet().small)


def plan(labels: Sequence[str], panels: int, *, row: float, right: float, gap: float) -> Plan:
    """Panels with rows of so many inches, as wide as the longest of the labels leaves room for."""
    small = style.sheet().small
    lines = [style.wrap(label, style.inches(NAME) * 72, small, most=2) for label in labels]
    widest = max(style.width_of(line, small) for each in lines for line in each) / 72
    left = style.inches(0.3) + widest
    return Plan(tuple("\n".join(each) for each in lines), panels, row, left, right, gap)
