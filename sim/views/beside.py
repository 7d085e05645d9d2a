"""What `results compare` prints: what two studies have in common, what not, and how far apart they are.

In: two folders of results. Out: text. A difference is told with its interval, and with whether the two met
the same random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.apart import Contrast, contrasts, fields_apart, no_pairs
from sim.study.shelf import read_strategies, readable
from sim.views import terminal, wording
from sim.views.showing import known_measure
from sim.views.summary import measure_name, of_whole, shown

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.arms import Arm
    from sim.study.summary import Line

HEADER = ("Measure", "First", "Second", "Second − first (95 % interval)")


def beside(first: Path, second: Path, measures: Sequence[str], columns: int) -> str:
    """Everything that is to be said of two studies beside each other.

    Raises
    ------
    UsageError, ArchiveError
        If one of them is no finished study, or there is no such measure.
    """
    (ours, mine), (theirs, other) = read_strategies(first), read_strategies(second)
    pairs = _matched(ours, theirs)
    if measures:
        names = {name for arm in ours for name in arm.measures}
        measures = [known_measure(measure, names) for measure in measures]
    heads = (_heads(first, mine, columns, "First"), _heads(second, other, columns, "Second"))
    parts = ["\n".join(heads)]
    if not pairs:
        return "\n\n".join(
            [*parts, "They have no strategy of one name in common.", *_alone(ours, theirs, pairs)]
        )
    reasons = no_pairs(mine, other)
    parts += _inputs(pairs, columns, same=mine["digest"] == other["digest"])
    parts.append(terminal.paragraphs([_how(reasons), *_not_alike(*pairs[0])], columns))
    with readable(first), readable(second):
        for one, two in pairs:
            found = contrasts(one, two, pairs=not reasons)
            parts.append(_table(one, two, found, measures, columns))
    parts += _alone(ours, theirs, pairs)
    return "\n\n".join(parts)


def _heads(folder: Path, manifest: Mapping[str, Any], columns: int, which: str) -> str:
    version = manifest.get("versions", {}).get("hostfall", "unknown")
    runs = ", ".join(f"{name} {count:,}" for name, count in manifest["strategies"].items())
    text = (
        f"{which}: {folder}: {manifest['name']}, digest {manifest['digest']}, seed {manifest['seed']}, "
        f"hostfall {version}, runs: {runs}"
    )
    return terminal.paragraphs([text], columns, hang=2)


def _matched(ours: Sequence[Arm], theirs: Sequence[Arm]) -> list[tuple[Arm, Arm]]:
    """Strategies of one name; where each study has one, these, whatever they are called."""
    if len(ours) == len(theirs) == 1:
        return [(ours[0], theirs[0])]
    named = {arm.strategy: arm for arm in theirs}
    return [(arm, named[arm.strategy]) for arm in ours if arm.strategy in named]


def _alone(ours: Sequence[Arm], theirs: Sequence[Arm], pairs: Sequence[tuple[Arm, Arm]]) -> list[str]:
    """Strategies that only one of the two has."""
    said = []
    for which, arms, place in (("first", ours, 0), ("second", theirs, 1)):
        matched = {pair[place].strategy for pair in pairs}
        names = [arm.strategy for arm in arms if arm.strategy not in matched]
        if names:
            said.append(f"Only in the {which}: {', '.join(names)}.")
    return said


def _inputs(pairs: Sequence[tuple[Arm, Arm]], columns: int, *, same: bool) -> list[str]:
    """The fields that differ, those of later strategies only where they are others."""
    if same:
        return ["The inputs are the same: one digest."]
    parts, seen = [], set()
    for one, two in pairs:
        found = [each for each in fields_apart(one.scenario, two.scenario) if each not in seen]
        seen |= set(found)
        if not found:
            continue
        of = f" of {one.strategy}" if len(pairs) > 1 else ""
        rows = [(each.path, each.first or "–", each.second or "–") for each in found]
        number = wording.plural(f"{len(found):,}", "input")
        heading = f"{number}{of} differ{'s' if len(found) == 1 else ''}:"
        parts.append(f"{heading}\n\n{terminal.table(('Input', 'First', 'Second'), rows, columns)}")
    return parts or [
        "No input that can change a number differs; the digests differ by versions or strategies."
    ]


def _how(reasons: Sequence[str]) -> str:
    if not reasons:
        return "Run by run: both met the same random numbers, so differences are those within the pairs."
    return (
        f"Not run by run ({'; '.join(reasons)}): the differences are those of independent samples (Welch), "
        "and mostly wider than pairs would give."
    )


def _not_alike(one: Arm, two: Arm) -> list[str]:
    """Why some measures of the two are not of the same thing."""
    ours, theirs = one.scenario, two.scenario
    said = []
    if ours.clock.horizon != theirs.clock.horizon:
        spans = [wording.short_duration(scenario.clock.horizon) for scenario in (ours, theirs)]
        said.append(
            f"They look ahead {spans[0]} and {spans[1]}: what is counted up to the end, or at it, is not of "
            "the same time."
        )
    if ours.currency != theirs.currency:
        said.append(f"Money is in {ours.currency} and in {theirs.currency}, and not converted.")
    if ours.users.unit != theirs.users.unit:
        said.append(f"Users are counted as {ours.users.unit} and as {theirs.users.unit}.")
    if ours.headline != theirs.headline:
        said.append(f"To be up means `{ours.headline}` in one and `{theirs.headline}` in the other.")
    return said


def _table(one: Arm, two: Arm, found: Sequence[Contrast], measures: Sequence[str], columns: int) -> str:
    """The measures of one strategy."""
    rows = [
        _row(one.scenario, two.scenario, each)
        for each in found
        if (each.measure.name in measures if measures else _main(each))
    ]
    label = one.label if one.strategy == two.strategy else f"{one.label} and {two.label}"
    heading = f"{label}: averages ± simulation error, medians where the end of the simulation cut a run"
    return f"{heading}:\n\n{terminal.table(HEADER, rows, columns, right=(1, 2, 3))}"


def _main(each: Contrast) -> bool:
    """The platform's own numbers; a measure that is nothing in both is left out."""
    name, kind = each.measure.name, each.measure.kind
    empty = all(line.mean == 0.0 and line.p95 == 0.0 for line in (each.first, each.second))
    return of_whole(name) and kind not in {"flag", "text"} and not empty


def _row(ours: Scenario, theirs: Scenario, each: Contrast) -> tuple[str, ...]:
    kind = each.measure.kind
    cut = each.difference is None
    cells = [
        _cell(scenario, kind, line, cut=cut) for scenario, line in ((ours, each.first), (theirs, each.second))
    ]
    gap = each.difference
    if gap is None or (kind == "money" and ours.currency != theirs.currency):
        told = "–"
    elif gap.low == gap.high:
        told = shown(ours, kind, gap.value)
    else:
        low, high = (shown(ours, kind, end, 2) if math.isfinite(end) else "?" for end in (gap.low, gap.high))
        told = f"{shown(ours, kind, gap.value)} ({low} to {high})"
    return measure_name(ours, each.measure.name), *cells, told


def _cell(scenario: Scenario, kind: str, line: Line, *, cut: bool) -> str:
    """The mean ± its error; for a time that was cut in either study the median and its interval."""
    if cut:
        told = shown(scenario, kind, line.median)
        ends = [shown(scenario, kind, end) for end in (line.median_low, line.median_high)]
        return told if ends[0] == ends[1] else f"{told} ({ends[0]} to {ends[1]})"
    error = (line.mean_high - line.mean_low) / 2
    told = shown(scenario, kind, line.mean)
    return f"{told} ± {shown(scenario, kind, error, 2)}" if math.isfinite(error) and error > 0 else told
