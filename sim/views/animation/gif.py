"""A reel as an animated GIF.

In: a reel and a path. Out: the file, with where it comes from as its comment. It plays once and then stands
still on its last frame; every frame stays as long as its caption takes to read.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.animation import PillowWriter

from sim.errors import ArchiveError
from sim.views import style
from sim.views.animation.drawing import Stage
from sim.views.animation.frames import Reel

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS = 100
"""Dots an inch: 720 wide."""
COLOURS = 128
"""In all frames the same ones: fewer bytes, and nothing flickers."""
ALMOST_WHITE = 247


def write_gif(reel: Reel, path: Path, told: Callable[[int, int], None] | None = None) -> Path:
    """Draw every frame and write the file whole or not at all.

    Parameters
    ----------
    reel
        What is shown.
    path
        Where to; must not be there.
    told
        Called with how many frames are drawn, and of how many.

    Raises
    ------
    ArchiveError
        If the file is there already or cannot be written.
    """
    if path.exists():
        raise ArchiveError(f"{path} is there already; choose another name")
    beside = path.with_name(f"{path.name}.part")
    with style.look(), warnings.catch_warnings():
        # A label in a script our type lacks shows boxes; that is no reason to write nothing.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        stage = Stage(reel)
        writer = TimedWriter([frame.hold for frame in reel.frames], f"{reel.title}\n{reel.source}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer.setup(stage.figure, beside, dpi=DOTS)
            writer.colours(stage, reel)
            for i, frame in enumerate(reel.frames, start=1):
                stage.show(frame)
                writer.grab_frame()
                if told is not None:
                    told(i, len(reel.frames))
            writer.finish()
            beside.replace(path)
        except OSError as error:
            raise ArchiveError(f"{path} cannot be written: {error.strerror}") from error
        finally:
            beside.unlink(missing_ok=True)
    return path


class TimedWriter(PillowWriter):
    """Pillow's writer, with a time for every frame, one set of colours, a comment, and no loop.

    Parameters
    ----------
    holds
        Seconds of each frame.
    comment
        What the file says of itself.
    """

    def __init__(self, holds: list[float], comment: str) -> None:
        super().__init__(fps=1)
        self.holds = holds
        self.comment = comment
        self.palette: Image | None = None
        self.kept: list[Image] = []

    def colours(self, stage: Stage, reel: Reel) -> None:
        """Choose the colours from the frames that differ most: first, last, and the one with most states."""
        from PIL import Image

        most = max(reel.frames, key=lambda frame: (len(set(frame.states)), frame.states.count("down")))
        chosen = []
        for frame in (reel.frames[0], most, reel.frames[-1]):
            stage.show(frame)
            chosen.append(self._picture())
        wide, tall = chosen[0].size
        sheet = Image.new("RGB", (wide, tall * len(chosen)))
        for i, picture in enumerate(chosen):
            sheet.paste(picture, (0, tall * i))
        self.palette = sheet.quantize(COLOURS)
        found = self.palette.getpalette() or []
        colours = [found[i : i + 3] for i in range(0, len(found), 3)]
        # The paper is white, not the mean of all that is nearly so.
        colours = [[255, 255, 255] if min(colour) > ALMOST_WHITE else colour for colour in colours]
        self.palette.putpalette([part for colour in colours for part in colour])

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        """Keep the figure as it is now, in the chosen colours."""
        from PIL.Image import Dither

        self.kept.append(self._picture().quantize(palette=self.palette, dither=Dither.NONE))

    def _picture(self) -> Image:
        from PIL import Image

        drawn = BytesIO()
        self.fig.savefig(drawn, format="rgba", dpi=self.dpi)
        return Image.frombuffer("RGBA", self.frame_size, drawn.getvalue(), "raw", "RGBA", 0, 1).convert("RGB")

    def finish(self) -> None:
        """Write the file."""
        first, *others = self.kept
        first.save(
            self.outfile,
            format="GIF",
            save_all=True,
            append_images=others,
            duration=[round(1000 * hold) for hold in self.holds],
            comment=self.comment.encode("utf-8"),
        )
