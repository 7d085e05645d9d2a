"""Whether there are runs enough for the interval of a mean, in words.

In: one strategy's runs and a measure. Out: a sentence where a 95 % interval of its mean holds in less than
93 % of studies, by the table of docs/statistics.md; nothing where there are enough, or nothing is to be said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.coverage import TOLERATED, coverage_warning, law_like
from sim.study.summary import values
from sim.views import wording

if TYPE_CHECKING:
    from sim.outcomes import Measure
    from sim.study.summary import Outcomes


def few_runs(measure: Measure, outcomes: Outcomes) -> str:
    """What to mind of an interval of a mean, without a full stop; empty where there is nothing.

    A share of the runs has an interval of another kind, one run has none, and what never varies no width.
    """
    if measure.kind in {"flag", "text"}:
        return ""
    seen = values(measure, outcomes)
    warned = coverage_warning("t", len(seen), law_like(seen)) if len(seen) > 1 and seen.std() > 0.0 else None
    if warned is None:
        return ""
    return (
        f"{wording.plural(f'{warned.runs:,}', 'run')} are few for a mean of values as skewed as these: such "
        f"intervals hold in less than {wording.percent(TOLERATED)} of studies below {warned.enough:,} runs"
    )
