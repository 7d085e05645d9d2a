"""The animated GIF and the option that writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from sim.errors import ArchiveError, UsageError
from sim.views import style
from sim.views.animation.drawing import LINES, Stage
from sim.views.animation.frames import Reel, reel
from sim.views.animation.gif import write_gif
from sim.views.story import tell
from sim.views.verbs import story
from tests.architecture.source import ROOT
from tests.unit.cases import parler_like

CASE = parler_like(200)
FILE = ROOT / "scenarios" / "host_suspended.yaml"


def short() -> Reel:
    """Few frames: the first, some of those of events, the last."""
    whole = reel(CASE, CASE.typical, tell(CASE), main_only=True)
    return replace(whole, frames=(*whole.frames[:1], *whole.frames[6:30:6], whole.frames[-1]))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gif(short(), tmp_path_factory.mktemp("gif") / "run.gif")


def test_a_gif_has_every_frame_for_as_long_as_it_is_meant_to_stay(written: Path) -> None:
    with Image.open(written) as picture:
        assert getattr(picture, "n_frames", 0) == len(short().frames)
        for i, frame in enumerate(short().frames):
            picture.seek(i)
            assert picture.info["duration"] == pytest.approx(1000 * frame.hold, abs=10)  # hundredths


def test_a_gif_says_where_it_comes_from_and_plays_once(written: Path) -> None:
    with Image.open(written) as picture:
        comment = picture.info["comment"].decode("utf-8")
        assert str(CASE.provenance) in comment
        assert f"run {CASE.typical.replication:,}" in comment
        assert "loop" not in picture.info
        assert picture.width == 720


def test_frames_of_a_gif_differ_where_states_do(written: Path) -> None:
    with Image.open(written) as picture:
        first = picture.convert("RGB").copy()
        picture.seek(3)
        assert picture.convert("RGB").tobytes() != first.tobytes()
        assert first.getpixel((0, 0)) == (255, 255, 255)


def test_nothing_is_overwritten_and_nothing_left_behind(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(ArchiveError, match="there already"):
        write_gif(short(), written)
    assert written.read_bytes() == before
    assert [one.name for one in written.parent.iterdir()] == ["run.gif"]


def test_a_picture_shows_the_clock_the_sentence_and_the_numbers_of_its_frame() -> None:
    with style.look():
        made = short()
        stage = Stage(made)
        frame = made.frames[2]
        stage.show(frame)
        assert stage.clock.get_text() == frame.when
        shown = stage.caption.get_text()
        assert shown.replace("\n", " ").rstrip(" …") in frame.caption
        assert shown.count("\n") < LINES
        assert len(stage.numbers) == len(frame.users) + 1
        assert stage.states == frame.states


def test_words_of_a_picture_stay_inside_it() -> None:
    with style.look():
        made = short()
        stage = Stage(made)
        for frame in made.frames:
            figure = stage.show(frame)
            figure.canvas.draw()
            wide, tall = figure.bbox.size
            for text in figure.texts:
                box = text.get_window_extent()
                if text.get_text():
                    assert box.x0 >= -1
                    assert box.x1 <= wide + 1
                    assert box.y0 >= -1
                    assert box.y1 <= tall + 1


def test_the_option_refuses_what_it_cannot_write_before_it_computes(tmp_path: Path) -> None:
    taken = tmp_path / "there.gif"
    taken.write_bytes(b"mine")
    for target, said in ((taken, "there already"), (tmp_path / "film.mp4", "written as a GIF")):
        result = CliRunner().invoke(story, [str(FILE), "--animate", str(target)])
        assert isinstance(result.exception, UsageError)
        assert said in str(result.exception)
    assert taken.read_bytes() == b"mine"


@pytest.mark.slow
def test_the_option_tells_the_run_and_writes_a_file_of_modest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [str(FILE), "--replications", "50", "--worst", "--animate", "worst.gif"]
    result = CliRunner().invoke(story, arguments, standalone_mode=False)
    assert result.exception is None, result.exception
    assert "The simulation ends with" in result.output
    assert result.output.splitlines()[-1] == str(tmp_path / "worst.gif")
    assert 10_000 < (tmp_path / "worst.gif").stat().st_size < 5_000_000
