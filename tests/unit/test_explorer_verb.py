"""The verb `explore`: what is offered, what is said without the web libraries, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.errors import UsageError
from sim.views import explore_verb
from sim.views.explore_verb import explore, offered

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "scenarios" / "host_suspended.yaml"
CALL = "import sys; from sim.views.explore_verb import explore as e; e(sys.argv[1:], standalone_mode=False)"


def test_without_the_web_libraries_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_verb, "find_spec", lambda name: None)
    result = CliRunner().invoke(explore, ["--no-open"])
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_status == 2
    said = str(result.exception)
    assert "starlette and uvicorn" in said
    assert "pip install 'hostfall[web]'" in said
    assert "\n" not in said


def test_the_scenarios_here_are_offered_and_a_file_from_elsewhere_before_them(tmp_path: Path) -> None:
    listed, first = offered(FILE)
    assert first == "host_suspended"
    assert listed["host_suspended"] == FILE
    own = tmp_path / "host_suspended.yaml"
    own.write_bytes(FILE.read_bytes())
    listed, first = offered(own)
    assert first == "host_suspended_2"
    assert next(iter(listed)) == first
    assert listed[first] == own.resolve()
    assert listed["host_suspended"] == FILE


def test_a_folder_is_no_scenario_and_a_place_without_scenarios_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="folder"):
        offered(tmp_path)
    monkeypatch.setattr("sim.views.places.scenario_files", list)
    with pytest.raises(UsageError, match="No scenarios here"):
        offered(None)


@pytest.mark.skipif(find_spec("uvicorn") is None, reason="the web libraries are an extra")
def test_a_port_that_is_taken_is_said_to_be(tmp_path: Path) -> None:
    from sim.views.explorer.server import listen

    taken = listen(0)
    try:
        with pytest.raises(UsageError, match="cannot be used"):
            listen(taken.getsockname()[1])
    finally:
        taken.close()


@pytest.mark.skipif(find_spec("uvicorn") is None, reason="the web libraries are an extra")
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
def test_it_prints_the_address_serves_the_page_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-c", CALL, str(FILE), "--no-open"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        line = run.stdout.readline()
        assert line.startswith("Explorer at http://127.0.0.1:")
        address = line.split()[2]
        with urllib.request.urlopen(address, timeout=30) as page:
            assert b"<title>Explorer" in page.read()
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=30)
    assert run.returncode == 0
    assert errors == ""
