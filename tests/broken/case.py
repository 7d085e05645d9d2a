"""What a case of a broken scenario is: what is changed in `sound.yaml`, and what the message must say.

The expected line is the first one that differs from the sound file, unless a case says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SOUND = Path(__file__).with_name("sound.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Case:
    """A change, the dotted path and the words of the problem it must cause."""

    name: str
    old: str
    new: str
    where: str
    says: tuple[str, ...]
    line: int | None = None

    @property
    def text(self) -> str:
        """The broken file."""
        assert SOUND.count(self.old) >= 1, f"{self.name}: {self.old!r} is not in the sound file"
        return SOUND.replace(self.old, self.new, 1)

    @property
    def expected_line(self) -> int:
        """Where the message must point."""
        if self.line is not None:
            return self.line
        pairs = zip(SOUND.splitlines(), self.text.splitlines(), strict=False)
        return next(number for number, (old, new) in enumerate(pairs, start=1) if old != new)


SEARCH = "response.replace.host.search"
TASKS = "response.replace.host.tasks"
WEIBULL = "{law: weibull, shape: 0.8, scale: 200 d}"
CORE = "users.segments.core.patience"
PERT = "{low: 1 d, likely: 2 d, high: 7 d}"
SCALE = "users.segments.casual.patience.scale: {median: 45 d, p90: 110 d}"
