"""The exported page as one text: style, scripts, numbers, and what can be read without any script.

In: the computed grid. Out: HTML that loads nothing; the page says so itself with a content policy that would
refuse any request.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import sim
from sim.outcomes import measures_of
from sim.scenario import load_scenario
from sim.views.animation import replay_of
from sim.views.explorer.answers import BARS, MAIN, case_of
from sim.views.explorer.export_cells import CURVES, FINEST, OF_NUMBER
from sim.views.explorer.export_grid import Cells
from sim.views.explorer.jobs import Opened, open_side, play_block
from sim.views.gather import inputs
from sim.views.limits import limits

if TYPE_CHECKING:
    from sim.views.case import Case
    from sim.views.explorer.export import Export

STYLES = ("explorer.css", "replay.css", "export.css")
SCRIPTS = ("charts.js", "replay.js", "page.js", "export.js")


def page(export: Export, cells: Cells, command: str) -> str:
    """The whole page.

    Parameters
    ----------
    export, cells
        What is exported, and every setting of its grid.
    command
        What makes the page again.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    base = tuple(axis.base for axis in export.axes)
    opened = open_side("exported", export.path, (), None, "expected")
    case = case_of(opened, [play_block("exported", opened.scenario, i) for i in range(export.blocks)])
    whole = load_scenario(export.path)
    replays = _replays(export, opened, whole.digest)
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    return environment.from_string(_asset("export.html")).render(
        generator=f"hostfall {sim.__version__}",
        title=whole.title,
        about=whole.about,
        kicker="computed beforehand; this page loads nothing",
        strategy=opened.label if len(whole.strategies) > 1 and not _moves_strategy(export) else "",
        style=Markup("\n".join(_asset(name) for name in STYLES)),
        script=Markup("\n".join(_asset(name) for name in SCRIPTS)),
        data=Markup(_embedded(data(export, cells, opened, replays))),
        said=cells[base]["said"],
        numbers=_numbers(cells[base]),
        runs=f"{export.runs:,}",
        band=case.band,
        replays=replays,
        grid=_grid(export),
        inputs=inputs(whole.evidence[opened.strategy]),
        removed=case.removed,
        limits=limits(case),
        source=_source(case, whole.digest, export),
        command=command,
    )


def data(export: Export, cells: Cells, opened: Opened, replays: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the script reads; texts that several settings share stand once, in ``pool``."""
    pool: dict[str, int] = {}
    measures = measures_of(opened.scenario)
    words = {name: told for record in cells.values() for name, told in record.get("words", {}).items()}
    return {
        "axes": [axis.plain() for axis in export.axes],
        "runs": export.runs,
        "currency": opened.scenario.currency,
        "curves": CURVES,
        "fields": OF_NUMBER,
        "finest": FINEST,
        "bars": BARS,
        "measures": {
            name: {
                "label": words[name][0], "meaning": words[name][1], "what": words[name][2],
                "kind": measures[name].kind, "bad": measures[name].bad, "open": measures[name].open_ended,
            }
            for name in MAIN if name in words
        },
        "cells": [_pooled(cells[at], pool) for at in sorted(cells)],
        "replays": replays,
        "pool": list(pool),
    }  # fmt: skip


def _pooled(record: dict[str, Any], pool: dict[str, int]) -> dict[str, Any]:
    """A setting with its long texts as places in the pool."""
    if "refused" in record:
        return record

    def at(text: str) -> int:
        return pool.setdefault(text, len(pool))

    kept = {name: value for name, value in record.items() if name != "words"}
    fan = record["fan"]
    return kept | {
        "said": [at(text) for text in record["said"]],
        "shares": [[at(label), hours, text] for label, hours, text in record["shares"]],
        "fan": fan | {"times": at(fan["times"]), "lines": at(fan["lines"])},
        "values": {name: at(text) for name, text in record["values"].items()},
    }


def _replays(export: Export, opened: Opened, digest: str) -> list[dict[str, Any]]:
    """The typical and the worst run of the scenario as it is; once where they are the same."""
    how: dict[str, Any] = {"replications": export.runs, "label": opened.label, "digest": digest}
    how["strategy"] = opened.strategy
    found = [replay_of(opened.scenario, "typical", **how), replay_of(opened.scenario, "worst", **how)]
    return found[:1] if found[0]["replication"] == found[1]["replication"] else found


def _numbers(record: dict[str, Any]) -> list[list[str]]:
    """The main measures as rows, for who has no script."""
    return [[*record["words"][name][::2], *told[:3]] for name, told in record["main"].items()]


def _grid(export: Export) -> str:
    total = export.count * export.runs
    return (
        f"{export.count:,} settings of {export.runs:,} runs each ({total:,} runs) were computed for this "
        "page. The sliders stand only where something was computed; nothing in between is guessed. All other "
        "inputs are as the file has them."
    )


def _source(case: Case, digest: str, export: Export) -> str:
    seed = f"seed {case.scenario.seed}"
    made = f"hostfall {sim.__version__} · {export.runs:,} replications of each setting"
    return f"Scenario {case.provenance.scenario} · digest {digest} · {seed} · {made}"


def _moves_strategy(export: Export) -> bool:
    return any(axis.path == "strategy" for axis in export.axes)


def _embedded(value: dict[str, Any]) -> str:
    """JSON that can stand in a page: nothing in it ends the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _asset(name: str) -> str:
    return files("sim.views.explorer").joinpath("assets", name).read_text(encoding="utf-8")
