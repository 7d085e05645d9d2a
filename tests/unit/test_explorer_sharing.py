"""Work that several wait for, that nobody waits for, and files that no visitor can name."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario
from sim.streams import BLOCK
from sim.views.explorer.asked import read_question
from sim.views.explorer.opening import open_strategy
from sim.views.explorer.sharing import Shared
from sim.views.explorer.visitors import Answering
from sim.views.explorer.workers import SupersededError, Workers

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "host_suspended.yaml"
NAME = "host_suspended"
SETTING = "events.suspend_host.notice=7 d"


# -- no file is read for a visitor ---------------------------------------------------------------------------


def test_no_setting_reads_a_file_even_beside_the_place_where_the_server_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / NAME).with_suffix(".yaml").write_bytes(FILE.read_bytes())
    (tmp_path / "ties.csv").write_text("Ann,Bob\nBob,Cem\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    here = tmp_path / f"{NAME}.yaml"
    with pytest.raises(ScenarioError, match="write out `ties`"):
        open_strategy(here, ("users.network={kind: edges, file: ties.csv}",), None)


def test_a_scenario_with_a_file_of_ties_of_its_own_opens_and_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    text = (
        f"extends: {FILE}\nname: own\ntitle: With ties\nusers: {{network: {{kind: edges, file: ties.csv}}}}\n"
    )
    path.write_text(text, encoding="utf-8")
    (tmp_path / "ties.csv").write_text("Ann,Bob\nBob,Cem\n", encoding="utf-8")
    whole = load_scenario(path, settings=[SETTING]).scenario()
    found = open_strategy(path, (SETTING,), None).file.scenario()
    assert found.users.network is not None
    assert whole.users.network is not None
    assert found.users.network.ties == whole.users.network.ties == ((0, 1), (1, 2))


# -- work that nobody waits for, and work that several wait for ----------------------------------------------


class Counting(Workers):
    """Notes which jobs are done."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.done: list[str] = []

    async def do(self, job: str, *given: Any, **rest: Any) -> Any:
        self.done.append(job)
        return await super().do(job, *given, **rest)


def with_workers(count: int, task: Callable[[Counting], Awaitable[None]]) -> None:
    async def whole() -> None:
        workers = Counting(count)
        workers.start()
        try:
            await task(workers)
        finally:
            workers.stop()

    asyncio.run(whole())


def test_what_several_ask_for_at_once_is_computed_once() -> None:
    async def together(workers: Counting) -> None:
        answering = Answering({NAME: FILE}, workers)

        async def one(visitor: int) -> float:
            side: dict[str, Any] = {"settings": [SETTING]}
            asked = {"visitor": str(visitor), "scenario": NAME, "sides": [side], "runs": BLOCK}
            (answer,) = [each async for each in answering.answers(read_question(asked))]
            lost = next(each for each in answer["sides"][0]["main"] if each["name"] == "users_lost")
            return float(lost["value"])

        found = await asyncio.gather(*(one(visitor) for visitor in range(8)))
        assert len(set(found)) == 1
        assert workers.done.count("play_block") == 1
        assert workers.done.count("open_side") == 1

    with_workers(2, together)


@pytest.mark.slow
def test_a_long_job_that_nobody_wants_any_more_is_ended_and_the_next_one_begun() -> None:
    async def given_up(workers: Counting) -> None:
        await workers.do("resolved", FILE, (), None, at_most=60.0)  # the process is up
        begun = monotonic()
        with pytest.raises(SupersededError):
            await workers.do(
                "report", FILE, (), None, "expected", 500_000, at_most=60.0, wanted=lambda: not begun
            )
        still = iter([True])  # wanted when its turn has come, and not afterwards
        with pytest.raises(SupersededError):
            await workers.do(
                "report", FILE, (), None, "expected", 500_000, at_most=60.0, wanted=lambda: next(still, False)
            )
        assert monotonic() - begun < 20.0
        name, _ = await workers.do("resolved", FILE, (), None, at_most=60.0)
        assert name == NAME

    with_workers(1, given_up)


def test_who_leaves_takes_the_job_from_nobody_else() -> None:
    async def one_leaves(workers: Counting) -> None:
        shared = Shared(workers)
        given = ("a key", FILE, (SETTING,), None, "expected")
        first = asyncio.ensure_future(shared.do("k", "open_side", *given, at_most=60.0))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(shared.do("k", "open_side", *given, at_most=60.0))
        await asyncio.sleep(0)
        first.cancel()
        opened = await second
        assert opened.scenario.event("suspend_host").notice == 168.0
        assert workers.done == ["open_side"]

    with_workers(1, one_leaves)


def test_a_job_that_needs_too_much_memory_says_so_and_the_process_lives_on() -> None:
    code = (
        "from sim.views.explorer import workers; workers.MEMORY = 1 << 30; workers.bound_memory()\n"
        "import numpy\n"
        "try: numpy.ones(1 << 28)\n"
        "except MemoryError: print('refused')\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "refused\n"
