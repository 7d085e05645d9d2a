"""A platform that lives on other people's services, and the day one of them stops serving it.

    from sim import load_scenario, run
    result = run(load_scenario("scenarios/host_suspended.yaml"))
    result.summary, result.figures["users"], result.report

`compare` runs the strategies of a file on the same random numbers, and the world without an event;
`sweep` says how a result moves with some fields, and where two strategies swap;
`sensitivity` says how much of what comes out is chance, and what of the rest moves it.

Read the packages in the order the numbers go: `scenario` (a file becomes a validated record), `supply`
(who can serve, hour by hour), `demand` (what the users do about it), `outcomes` (one row of measures a
replication), `study` (many replications, on disk), `views` (what people see).

Names are resolved when first used, so that `import sim` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import load_scenario
    from sim.views.api import run
    from sim.views.compare import compare
    from sim.views.sensitivity import sensitivity
    from sim.views.sweep import sweep

__version__ = "0.1.0"

__all__ = ["__version__", "compare", "load_scenario", "run", "sensitivity", "sweep"]

_HOMES = {
    "compare": "sim.views.compare",
    "load_scenario": "sim.scenario",
    "run": "sim.views.api",
    "sensitivity": "sim.views.sensitivity",
    "sweep": "sim.views.sweep",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    message = f"module 'sim' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
