"""What the explorer asks of its worker processes: the right run, inputs by name, no work for nothing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario
from sim.scenario.units import write_quantity
from sim.streams import BLOCK
from sim.views import animation
from sim.views.explorer import jobs, visitors, walk
from sim.views.explorer.asked import read_question
from sim.views.explorer.opening import open_strategy
from sim.views.explorer.settings import controls
from sim.views.explorer.visitors import Answering
from sim.views.explorer.workers import SupersededError

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FILE = SCENARIOS / "host_suspended.yaml"


def test_a_replay_follows_users_as_the_numbers_beside_it_do(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(animation, "replay_of", lambda *given, **how: asked.update(how))
    jobs.replay(jobs.open_side("any", FILE, (), None, "graph"), 3)
    assert asked["users"] == "graph"


@pytest.mark.parametrize(
    ("setting", "where"),
    [
        ("events.suspend_host.notice=30 bananas", "events.suspend_host.notice"),
        ("events.suspend_host.notice=400 d", "events.suspend_host.notice"),
        ("response.replace.host.search.acceptance=150 %", "response.replace.host.search.acceptance"),
    ],
)
def test_a_problem_names_its_input_as_the_setting_does(setting: str, where: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        open_strategy(FILE, (setting,), None)
    assert [each.where for each in refused.value.problems] == [where]


def test_after_a_change_only_what_it_changed_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[float] = []

    def counted(amount: float, dimension: Any) -> str | int | float:
        written.append(amount)
        return write_quantity(amount, dimension)

    monkeypatch.setattr(walk, "write_quantity", counted)
    controls(load_scenario(FILE))
    written.clear()
    controls(load_scenario(FILE, settings=["response.engineers=3"]))
    assert len(written) < 10


def test_who_drags_on_leaves_no_second_block_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[tuple[str, int]] = []

    class AtOnce:
        """Workers that do each job where they are."""

        async def do(self, job: str, *given: Any, **how: Any) -> Any:
            if job == "play_block":
                played.append((given[0], given[2]))
            return getattr(jobs, job)(*given)

    def question(start: int) -> Any:
        side = {"settings": [f"users.start={start}"]}
        return read_question({"visitor": "v", "scenario": FILE.stem, "sides": [side], "runs": 3 * BLOCK})

    async def drag() -> None:
        answering: Any = Answering({FILE.stem: FILE}, AtOnce())  # type: ignore[arg-type]
        older = answering.answers(question(1_000))
        assert (await anext(older))["done"] == BLOCK
        going_on = asyncio.ensure_future(anext(older))
        await asyncio.sleep(0)
        newer = answering.answers(question(2_000))
        assert (await anext(newer))["done"] == BLOCK
        with pytest.raises(SupersededError):
            await going_on

    monkeypatch.setattr(visitors, "DRAGGING", 0.5)
    asyncio.run(drag())
    assert [block for _, block in played] == [0, 0]


def test_a_process_that_is_ready_loads_next_to_nothing_for_the_first_block() -> None:
    told = (
        "import sys; from pathlib import Path; from sim.views.explorer import jobs; jobs.prepare(); "
        "before = set(sys.modules); one = jobs.open_side('a', Path(sys.argv[1]), (), None, 'expected'); "
        "jobs.play_block('a', one.scenario, 0); jobs.breaks(one, ()); jobs.replay(one, 0); "
        "late = set(sys.modules) - before; "
        "print(*(name for name in late if name.startswith(('sim.', 'scipy', 'networkx'))))"
    )
    ran = subprocess.run([sys.executable, "-c", told, str(FILE)], capture_output=True, text=True, check=True)
    assert len(ran.stdout.split()) <= 10, ran.stdout
