"""What the numbers do not say, for the report: of the model always, of this study where it applies."""

from __future__ import annotations

from sim.views.case import Case

_ALWAYS = (
    "Every number is what follows from the inputs. Where these are assumptions, so are the results; the "
    "simulation error measures only how many runs were made.",
    "Users do not act on each other: nobody leaves because friends leave, no rival grows, and nobody is "
    "turned away by a queue at reopening.",
    "Suppliers act at the instants the scenario sets. What they would have decided had the operator acted "
    "differently is not modelled.",
)

_EXPECTED = (
    "Numbers of users are expected numbers given each run’s suppliers, not whole people drawn one by one; "
    "with many users the difference is far smaller than that between runs."
)

_CHANCE = "Bands hold chance only: what nobody knows was held at one value, so the true spread is wider."

_UNFINISHED = (
    "Some runs are unfinished when the simulation ends. Their times are longer than anything shown; a longer "
    "horizon would say by how much."
)

_OBSERVED = (
    "One observed case lies inside or outside a simulated range; it can neither prove a model nor refute a "
    "range by itself."
)


def limits(case: Case) -> list[str]:
    """The limits to read before using a number."""
    runs, (failed, why) = case.runs, case.failed
    some = [
        (not case.sampled, _EXPECTED),
        (not case.uncertain, _CHANCE),
        (any(cut.any() for cut in case.censored.values()), _UNFINISHED),
        (runs < 100, f"{runs} runs are few: the ends of “9 runs in 10” rest on a handful of them."),
        (failed > 0, f"{failed:,} replications failed and are in no number here; the first: {why}."),
        (bool(case.observed), _OBSERVED),
    ]
    return [*_ALWAYS, *(text for applies, text in some if applies)]
