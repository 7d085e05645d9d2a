"""One run as moving pictures: what serves, where the users are, the clock, and the sentence of the moment.

In: one run of a case and its story. Out: frames as plain data (`frames`), from which a GIF is drawn
(`drawing`, `gif`) and a page plays (`replay`).

Why this way: what a frame shows is decided once and without a pen, so the GIF and the page cannot disagree
and a test compares frames with the run's own timeline and history. Rejected: a film of equal steps of time,
in which a night of four events is one picture and a quiet year a minute.
"""

from sim.views.animation.frames import Frame, Reel, reel
from sim.views.animation.replay import replay_of

__all__ = ["Frame", "Reel", "reel", "replay_of"]
