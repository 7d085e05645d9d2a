"""The bar tells how far a run is, does not promise too much, and is silent where nobody watches."""

from __future__ import annotations

import io
import sys

import pytest

from sim.views import progress


@pytest.mark.parametrize(
    ("done", "left", "elapsed", "said"),
    [
        (0, 5, 10.0, ""),
        (5, 0, 10.0, ""),
        (1, 4, 0.001, "about 1 s to go"),
        (2, 4, 10.0, "about 20 s to go"),
        (1, 100, 3.0, "about 5 min to go"),
        (1, 3600, 2.0, "about 2.0 h to go"),
    ],
)
def test_the_time_to_go_is_what_was_needed_scaled_up(done: int, left: int, elapsed: float, said: str) -> None:
    assert progress.time_to_go(done, left, elapsed) == said


def test_without_a_terminal_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.bar("Running") as callback:
        assert callback is None
    with progress.waiting("Drawing"):
        pass
    assert capsys.readouterr() == ("", "")


def test_blocks_found_on_disk_do_not_make_it_look_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream, clock = Terminal(), iter([0.0, 0.0, 8.0, 16.0])
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    with progress.bar("Running") as callback:
        assert callback is not None
        callback(90, 100)
        callback(91, 100)
        callback(92, 100)
    text = stream.getvalue()
    assert "18,400 of 20,000 runs, about 64 s" not in text
    assert "18,400 of 20,000 runs, about 2 min to go" in text
