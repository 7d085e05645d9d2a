"""Twenty visitors at one server at once: every answer is its asker's, and the memory stays bounded."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the web libraries are an extra")
pytest.importorskip("httpx2", reason="the test client needs it")

import httpx2 as httpx

from sim.scenario import load_scenario
from sim.streams import BLOCK
from sim.study.simulate import simulate
from sim.study.statistics import mean_interval
from tests.explorer_page import FILE, Server, serving

VISITORS = 20
DRAGS = 6
MOST_MEMORY = 1_000_000_000
"""Bytes of the server and its processes together. Measured with two processes: 0.32 GB, most of it libraries;
what is kept between answers may come to 0.2 GB more."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def question(visitor: int, drag: int, runs: int = BLOCK) -> dict[str, Any]:
    """One that nobody else asks: the number of users at the start says whose it is and which."""
    return {
        "visitor": f"visitor {visitor}",
        "scenario": "host_suspended",
        "sides": [{"settings": [f"users.start={start(visitor, drag)}"]}, {"settings": ["seed=1"]}],
        "runs": runs,
    }


def start(visitor: int, drag: int) -> int:
    return 10_000 * (visitor + 1) + 100 * drag


async def drag(client: Any, visitor: int, number: int) -> int:
    """Ask, read every line, and count those that are somebody else's."""
    wrong = 0
    async with client.stream("POST", "/api/answer", json=question(visitor, number)) as response:
        assert response.status_code in {200, 409}, response.status_code
        if response.status_code == 409:
            return 0
        async for line in response.aiter_lines():
            answer = json.loads(line)
            if "sides" in answer:
                wrong += answer["sides"][0]["fan"]["mean"][0] != start(visitor, number)
                wrong += answer["sides"][1]["fan"]["mean"][0] != 1_000_000
    return wrong


async def visit(address: str, visitor: int) -> tuple[int, dict[str, Any]]:
    """Drags that overtake one another, then a last one that is read to its end."""
    async with httpx.AsyncClient(base_url=address, timeout=300.0) as client:
        drags = []
        for number in range(DRAGS):
            drags.append(asyncio.ensure_future(drag(client, visitor, number)))
            await asyncio.sleep(0.05)
        wrong = sum(await asyncio.gather(*drags))
        last = await client.post("/api/answer", json=question(visitor, DRAGS))
        assert last.status_code == 200
        return wrong, json.loads(last.text.splitlines()[-1])


def memory(pid: int) -> int:
    """Bytes that a process and its children have in memory."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    pages = 0
    for each in (str(pid), *children):
        try:
            pages += int(Path(f"/proc/{each}/statm").read_text(encoding="ascii").split()[1])
        except OSError:  # ended meanwhile
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="memory is read from /proc")
def test_twenty_visitors_at_once_get_their_own_answers_within_bounded_memory(server: Server) -> None:
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.is_set():
            most[0] = max(most[0], memory(server.pid))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:

        async def everybody() -> list[tuple[int, dict[str, Any]]]:
            return list(await asyncio.gather(*(visit(server.address, each) for each in range(VISITORS))))

        found = asyncio.run(everybody())
    finally:
        done.set()
        watcher.join()
    assert [wrong for wrong, _ in found] == [0] * VISITORS
    for visitor in (0, 7, VISITORS - 1):
        told = next(each for each in found[visitor][1]["sides"][0]["main"] if each["name"] == "users_lost")
        changed = load_scenario(FILE, settings=[f"users.start={start(visitor, DRAGS)}"]).scenario()
        outcome = simulate(changed, 0).outcome
        assert outcome is not None
        lost = mean_interval(outcome.columns["users_lost"])
        assert told["value"] == float(f"{lost.value:.6g}")
    assert most[0] < MOST_MEMORY


def test_a_visitor_who_leaves_makes_room_for_the_next(server: Server) -> None:
    """Eight connections that are closed at once; whoever comes then is answered as if they had not been."""
    with httpx.Client(base_url=server.address, timeout=120.0) as client:
        for visitor in range(8):
            with (
                pytest.raises(httpx.TimeoutException),
                client.stream(
                    "POST", "/api/answer", json=question(100 + visitor, 0, runs=5_000), timeout=0.01
                ) as response,
            ):
                response.read()
        last = client.post("/api/answer", json=question(200, 0))
    assert last.status_code == 200
    answer = json.loads(last.text.splitlines()[-1])
    assert answer["sides"][0]["fan"]["mean"][0] == start(200, 0)
