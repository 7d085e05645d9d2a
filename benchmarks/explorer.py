"""The explorer's first numbers against the same replications in this process: at most 1.5 x the wall time.

What is above 1 is the way to another process and back, and what the page is told: intervals, curves, words.
Wall time and not CPU time, for it is what somebody who drags a slider waits, and two processes take part.
"""

from __future__ import annotations

import statistics
import time

from benchmarks.cases import SCENARIOS
from benchmarks.timing import ROUNDS, Ratio
from sim.streams import BLOCK
from sim.study.simulate import simulate
from sim.views.explorer.opening import open_strategy

AT_MOST = 1.5


def measure() -> list[Ratio]:
    """First answer of the server / opening the scenario and simulating the same block here."""
    from starlette.testclient import TestClient

    from sim.views.explorer.server import application
    from sim.views.explorer.workers import Workers

    found = []
    for name, path in (("users.start", "host_suspended"), ("response.engineers", "parler_2021")):
        place = SCENARIOS / f"{path}.yaml"
        with TestClient(application({path: place}, Workers(1)), base_url="http://127.0.0.1") as client:

            def answer(setting: str, scenario: str = path, ask: TestClient = client) -> None:
                question = {"scenario": scenario, "sides": [{"settings": [setting]}], "runs": BLOCK}
                assert ask.post("/api/answer", json=question).status_code == 200

            def here(setting: str, file: str = str(place)) -> None:
                from pathlib import Path

                simulate(open_strategy(Path(file), (setting,), None).file.scenario(), 0)

            pairs = []
            for turn in range(ROUNDS + 1):
                setting = f"{name}={20 + turn}"  # what nobody has asked before, so that nothing is remembered
                begun = time.perf_counter()
                answer(setting)
                half = time.perf_counter()
                here(setting)
                pairs.append((half - begun, time.perf_counter() - half))
        told = pairs[1:]  # the first starts the process and reads the file
        value = statistics.median(a / b for a, b in told)
        seconds = (statistics.median(a for a, _ in told), statistics.median(b for _, b in told))
        what = f"explorer's first numbers of {path} / the same {BLOCK} runs in process (wall time)"
        found.append(Ratio(what, value, seconds, at_most=AT_MOST))
    return found
