"""One setting of the grid, computed: what an exported page keeps of it.

In: a scenario file with settings. Out: a `dict` for JSON: the numbers and sentences that the explorer shows,
the curves, and the main measures run by run, so that any two settings can be compared pair by pair.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import HostfallError, ScenarioError
from sim.outcomes import measures_of
from sim.streams import BLOCK
from sim.study.summary import finished
from sim.views.explorer.answers import MAIN, answer, outcomes_of
from sim.views.explorer.export_axes import Setting
from sim.views.explorer.jobs import Opened, Part, open_side, play_block
from sim.views.explorer.workers import in_words

CURVES = ("mean", "p05", "p25", "p75", "p95", "counterfactual")
POINTS = 200
"""Most points of a curve: a page is seldom wider than four times as many dots."""
FINEST = 65_535
"""A curve is kept in so many steps of its largest value: finer than any screen."""
KEPT = ("strategy", "label", "runs", "failed", "band", "start", "horizon", "unit", "typical", "worst")
OF_NUMBER = ("text", "interval", "spread", "value", "low", "high", "unfinished")
"""What a setting keeps of a measure; its name and meaning are the same in all."""

Numbers = NDArray[np.float64]


def cell(path: Path, setting: Setting, blocks: int) -> dict[str, Any]:
    """One setting, or why there is none.

    Parameters
    ----------
    path, setting
        The scenario file and what is set in it.
    blocks
        How many blocks of runs.

    Returns
    -------
    For JSON; of what the loader refuses or cannot be computed only ``refused``, in words.
    """
    key = repr((str(path), setting.strategy, setting.settings))
    try:
        opened = open_side(key, path, setting.settings, setting.strategy, "expected")
        parts = [play_block(key, opened.scenario, block) for block in range(blocks)]
    except ScenarioError as error:
        return {"refused": in_words(error)}
    except HostfallError as error:
        return {"refused": str(error)}
    return kept(opened, parts)


def kept(opened: Opened, parts: list[Part]) -> dict[str, Any]:
    """What is kept of the blocks of one setting."""
    side = answer([(opened, parts)], len(parts) * BLOCK)["sides"][0]
    return {
        **{name: side[name] for name in KEPT},
        "said": side["sentences"],
        "shares": side["shares"],
        "events": side["events"],
        "main": {each["name"]: [each[name] for name in OF_NUMBER] for each in side["main"]},
        "words": {
            each["name"]: [each[name] for name in ("label", "meaning", "what")] for each in side["main"]
        },
        "fan": _curves(side["fan"]),
        **_by_run(opened, parts),
    }


def _by_run(opened: Opened, parts: list[Part]) -> dict[str, Any]:
    """The main measures of every run, as single-precision numbers; which were cut; which runs are missing."""
    outcomes, measures = outcomes_of(parts), measures_of(opened.scenario)
    numbers = outcomes["replication"]
    missing = np.setdiff1d(np.arange(len(parts) * BLOCK), numbers)
    cut = {name: ~finished(measures[name], outcomes) for name in MAIN}
    return {
        "values": {
            name: packed(np.asarray(outcomes[name], dtype="<f4")) for name in MAIN if outcomes[name].any()
        },
        "cut": {name: np.flatnonzero(rows).tolist() for name, rows in cut.items() if rows.any()},
        "missing": missing.tolist(),
    }


def _curves(fan: dict[str, list[float]]) -> dict[str, Any]:
    """The curves in steps of the largest of all their values."""
    times = np.array(fan["times"])
    every = max(1, -(-len(times) // POINTS))
    at = np.unique(np.append(np.arange(0, len(times), every), len(times) - 1))
    lines = np.maximum(np.array([fan[name] for name in CURVES])[:, at], 0.0)
    top = float(lines.max()) or 1.0
    steps = np.round(lines / top * FINEST).astype("<u2")
    return {"times": packed(times[at].astype("<f4")), "top": top, "lines": packed(steps)}


def packed(values: NDArray[Any]) -> str:
    """Numbers as text: their bytes, lowest first, in base 64."""
    return base64.b64encode(values.tobytes()).decode("ascii")


def unpacked(text: str, kind: str) -> NDArray[Any]:
    """The numbers again; ``kind`` as NumPy calls it (``<f4``, ``<u2``)."""
    return np.frombuffer(base64.b64decode(text), dtype=kind)
