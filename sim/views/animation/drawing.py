"""One frame as a picture: the graph by state, the users over time, the clock, the sentence of the moment.

In: a reel. Out: a `Stage`, a matplotlib figure of one size whose changing parts are set by `show`. The look
is that of the figures: states as in the dependency figure, users as in the figure of places.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.views import style, wording
from sim.views.animation.frames import Frame, Reel
from sim.views.animation.graph import Box
from sim.views.figures import places
from sim.views.figures.dependencies import BOX_HEIGHT, LOOKS, ROW, arrow

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

USERS = 1.55
"""Inches of the picture of the users."""
LINES = 5
"""Lines of a caption; the whole sentence stands in the story."""
CLOCK = 13.0
"""Points of its type."""
CAPTION = 9.0
LINE = 0.168
"""Inches of one line of a caption."""
SIDE = 5.0
"""Points of the black side of a single point of failure, as in the dependency figure."""
KEY, NUMBERS, DATES = 0.5, 0.46, 0.42
"""Inches kept for the key of the states, the numbers of users, and the axis of dates."""


class Stage:
    """The figure; what changes from frame to frame is set by `show`.

    Parameters
    ----------
    reel
        What is to be shown.
    """

    def __init__(self, reel: Reel) -> None:
        self.reel = reel
        self.start = datetime.fromtimestamp(reel.start, UTC)
        self.lines = min(max(len(_wrapped(frame.caption)) for frame in reel.frames), LINES)
        rows = ROW * max(reel.graph.rows, 2)
        self.columns = -(-(len(reel.layers) + 1) // self._rows())
        below = KEY + 0.24 + USERS + DATES + NUMBERS * self._rows()
        margins = style.Margins(left=0.12, right=0.12, below=below, above=0.36 + LINE * self.lines)
        self.figure, self.graph = style.canvas(reel.title, "", reel.source, height=rows, margins=margins)
        self.height = float(self.figure.get_figheight())
        self.low = float(self.graph.get_position().y0) * self.height
        self.high = float(self.graph.get_position().y1) * self.height
        self.clock = self._text(0.15, self.high + 0.24 + LINE * self.lines, size=CLOCK, weight="bold")
        self.caption = self._text(
            0.15, self.high + 0.18 + LINE * self.lines, size=CAPTION, va="top", linespacing=1.3
        )
        self.states: tuple[str, ...] = ("",) * len(reel.graph.boxes)
        self.drawn: dict[int, list[Artist]] = {}
        self.points = self._places()
        self._key()
        self._users()

    def show(self, frame: Frame) -> Figure:
        """The figure as it is at one frame."""
        self.clock.set_text(frame.when)
        self.caption.set_text("\n".join(_wrapped(frame.caption)))
        self._states(frame.states)
        for text, value in zip(self.numbers, (*frame.users, frame.would), strict=True):
            text.set_text(wording.count(max(value, 0.0)))
        now = style.date_number(self.start, frame.hours)
        self.now.set_xdata([now, now])
        self.ahead.set_x(now)
        return self.figure

    def _rows(self) -> int:
        """Rows of numbers: five columns beside each other are as narrow as can be read."""
        return -(-(len(self.reel.layers) + 1) // 5)

    # -- the graph --------------------------------------------------------------------------------------

    def _places(self) -> dict[tuple[int, float], tuple[float, float]]:
        """Where columns and rows stand in points, as in the dependency figure."""
        graph = self.reel.graph
        width = (style.WIDTH - 0.24) * 72
        step = width / graph.columns
        self.wide = min(step - 26, 108.0) if graph.columns > 1 else 108.0
        spread = (width - self.wide) / max(graph.columns - 1, 1)
        rows = max(graph.rows, 2)
        self.graph.set_xlim(-2, width + 2)
        self.graph.set_ylim(-rows * ROW * 72, 0)
        self.graph.set_axis_off()
        stops = {stop for one in graph.arrows for stop in one.route}
        stops |= {(box.column, box.row) for box in graph.boxes}
        left = self.wide / 2 if graph.columns > 1 else step / 2
        return {stop: (left + spread * stop[0], -stop[1] * ROW * 72) for stop in stops}

    def _states(self, states: tuple[str, ...]) -> None:
        """Draw anew the boxes that have changed, and the arrows if any has fallen or come back."""
        graph = self.reel.graph
        if states != self.states:
            for artist in self.drawn.pop(-1, []):
                artist.remove()
            known = {box.id: state for box, state in zip(graph.boxes, states, strict=True)}
            self.drawn[-1] = [self._arrow(one, known[one.of] == "down") for one in graph.arrows]
        for i, (box, old, new) in enumerate(zip(graph.boxes, self.states, states, strict=True)):
            if old != new:
                for artist in self.drawn.pop(i, []):
                    artist.remove()
                point = self.points[box.column, box.row]
                self.drawn[i] = _box(self.graph, point, self.wide, box, new)
        self.states = states

    def _arrow(self, one: Any, down: bool) -> Artist:
        arrow(self.graph, [self.points[stop] for stop in one.route], self.wide, one.choice, down)
        return self.graph.patches[-1]

    def _key(self) -> None:
        """What the looks of boxes and arrows mean: all that occur in any frame."""
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        used = {state for frame in self.reel.frames for state in frame.states}
        handles: list[Any] = [
            Patch(facecolor=face, edgecolor=edge, ls=line, lw=thick, hatch=hatch, label=words)
            for state, (face, edge, line, thick, hatch, words) in LOOKS.items()
            if state in used
        ]
        if any(one.choice for one in self.reel.graph.arrows):
            handles.append(Line2D([], [], color=style.SOFT, ls="--", lw=1.0, label="one of several will do"))
        if any(box.single for box in self.reel.graph.boxes):
            words = f"alone stops “{self.reel.graph.headline}”"
            handles.append(Line2D([], [], color=style.INK, marker="s", ms=6, ls="", label=words))
        self.figure.legend(
            handles=handles,
            loc="upper left",
            ncols=4,
            handlelength=1.6,
            columnspacing=1.4,
            borderaxespad=0,
            bbox_to_anchor=(0.15 / style.WIDTH, (self.low - 0.06) / self.height),
        )

    # -- the users --------------------------------------------------------------------------------------

    def _users(self) -> None:
        """Everybody stacked by layer; what is still ahead is faint."""
        from matplotlib.patches import Rectangle

        reel = self.reel
        left, right = 0.8, 0.25
        foot = self.low - KEY - 0.24 - USERS
        wide = style.WIDTH - left - right
        axes = self.figure.add_axes(
            (left / style.WIDTH, foot / self.height, wide / style.WIDTH, USERS / self.height)
        )
        axes.yaxis.set_label_coords((0.22 - left) / wide, 0.5)
        x = np.array([style.date_number(self.start, float(hours)) for hours in reel.times])
        edges = np.vstack([np.zeros(len(x)), np.cumsum(np.maximum(reel.curve, 0.0), axis=0)])
        for (_, _, look), low, high in zip(reel.layers, edges, edges[1:], strict=False):
            face, hatch = _look(look)
            axes.fill_between(x, low, high, facecolor=face, edgecolor=style.INK, hatch=hatch, lw=0.35)
        end = style.date_number(self.start, reel.horizon)
        top = float(max(edges[-1].max(), reel.would.max(), 1.0))
        self.ahead = Rectangle((x[0], 0), end - x[0], 1.02 * top, fc=style.PAPER, ec="none", alpha=0.74)
        axes.add_patch(self.ahead)
        axes.plot(x, reel.would, color=style.PAPER, lw=3.2, solid_capstyle="butt")
        axes.plot(x, reel.would, color=style.INK, lw=1.5, ls=(0, (5, 2.5)))
        self.now = axes.plot([x[0], x[0]], [0, 1.02 * top], color=style.INK, lw=1.8)[0]
        axes.set_ylim(0, 1.02 * top)
        axes.grid(visible=False)
        style.count_axis(axes.yaxis, top, reel.unit)
        style.date_axis(axes, self.start, 0.0, reel.horizon)
        axes.set_xlabel("")
        self.numbers = self._counts(foot - DATES + 0.02)

    def _counts(self, high: float) -> list[Any]:
        """A column for each layer: its look, its name, and room for how many are in it."""
        from matplotlib.lines import Line2D
        from matplotlib.patches import Rectangle

        labels = [(*_look(look), label) for _, label, look in self.reel.layers]
        step = (style.WIDTH - 0.3) / self.columns
        found = []
        for i, (face, hatch, label) in enumerate([*labels, ("", "", "active without these events")]):
            left, top = 0.15 + step * (i % self.columns), high - 0.12 - NUMBERS * (i // self.columns)
            middle = top / self.height
            swatch: Artist = Line2D(
                [left / style.WIDTH, (left + 0.22) / style.WIDTH], [middle, middle], color=style.INK, lw=1.5,
                ls=(0, (3, 1.5)),
            )  # fmt: skip
            if face:
                size = (0.22 / style.WIDTH, 0.12 / self.height)
                corner = (left / style.WIDTH, middle - size[1] / 2)
                swatch = Rectangle(corner, *size, fc=face, ec=style.INK, hatch=hatch, lw=0.5)
            swatch.set_figure(self.figure)
            self.figure.add_artist(swatch)
            room = (step - 0.36) * 72
            name = self._text(left + 0.28, top, size=style.SMALL, va="center", linespacing=1.05)
            shown = style.wrap(label, room, style.SMALL, most=2)
            name.set_text("\n".join(shown))
            lower = top - 0.2 - 0.06 * (len(shown) - 1)
            found.append(self._text(left + 0.28, lower, size=style.BODY, va="center", weight="bold"))
        return found

    def _text(self, left: float, low: float, **look: Any) -> Any:
        """Empty words at inches from the lower left corner."""
        return self.figure.text(left / style.WIDTH, low / self.height, "", **look)


def _look(name: str) -> tuple[str, str]:
    """Face and pattern of a layer, as in the figure of places."""
    return places.LOOKS.get(name) or places.RIVALS[int(name.removeprefix("rival")) % len(places.RIVALS)]


def _wrapped(caption: str) -> list[str]:
    return style.wrap(caption, (style.WIDTH - 0.45) * 72, CAPTION, most=LINES)


def _box(axes: Axes, at: tuple[float, float], width: float, box: Box, state: str) -> list[Artist]:
    """A box in the look of its state: square for a supplier, round for what people can do."""
    from matplotlib.patches import FancyBboxPatch, Rectangle

    face, edge, line, thick, hatch, words = LOOKS[state]
    tall = BOX_HEIGHT * 72
    corner = "square,pad=0" if box.supplier else "round,pad=0,rounding_size=10"
    low = (at[0] - width / 2, at[1] - tall / 2)
    made: list[Artist] = []
    if hatch:
        filled = FancyBboxPatch(
            low, width, tall, boxstyle=corner, fc=face, ec="#e8a57c", hatch=hatch, lw=0, zorder=3
        )
        made.append(axes.add_patch(filled))
    inside = "none" if hatch else face
    framed = FancyBboxPatch(
        low, width, tall, boxstyle=corner, fc=inside, ec=edge, ls=line, lw=thick, zorder=3.1
    )
    made.append(axes.add_patch(framed))
    if box.single:
        made.append(axes.add_patch(Rectangle(low, SIDE, tall, fc=style.INK, ec="none", zorder=3.5)))
    shown = style.wrap(box.label, width - 8 - 6 * box.single, 7.5, most=3)
    if state != "up" and len(shown) < 3:
        shown.append(f"({words.removeprefix('up: ')})")
    look: dict[str, Any] = {"size": 7.5, "ha": "center", "va": "center", "zorder": 4, "linespacing": 1.15}
    look["weight"] = "bold" if state == "down" else "normal"
    look["bbox"] = {"fc": face, "ec": "none", "pad": 0.8} if hatch else None
    made.append(axes.text(*at, "\n".join(shown), **look))
    return made
