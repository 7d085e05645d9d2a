"""What `structure` prints and writes: sentences, tables, and the same numbers as CSV files.

In: an `Anatomy`. Out: text for a terminal, and rows for files. Cells are in the words of the report; files
are in inside units (hours, shares, users) with every digit.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.views import terminal, wording
from sim.views.anatomy import SHORT, UP, Anatomy, Survival
from sim.views.labels import ability, supplier
from sim.views.structure_sentences import sentences
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.structure import CutSets

MOST_SHOWN = 6
"""Cut sets of one capability in a table; the file has more."""

MOST_WRITTEN = 10_000
"""Cut sets of one capability in the file, the smallest first."""

NOTHING = "–"

Row = tuple[object, ...]


def printed(found: Anatomy, columns: int) -> str:
    """Sentences first, then the tables."""
    parts = [terminal.paragraphs([one.text for one in sentences(found)], columns)]
    for table, numbers in tables(found):
        shown = terminal.table(table.header, table.rows, columns, right=numbers)
        parts.append(f"{table.caption}:\n\n{shown}")
    return "\n\n".join(parts)


def tables(found: Anatomy) -> Iterator[tuple[Table, Sequence[int]]]:
    """The tables that have something to say, each with its columns of numbers."""
    if found.singles or found.reduces:
        yield singles(found), ()
    yield cut_sets(found, "Minimal cut sets: what must be lost together to stop", found.cuts), (1, 2, 3)
    if found.shortages:
        caption = "The same, to be short of what counts as recovered"
        yield cut_sets(found, caption, found.shortages), (1, 2, 3)
    if found.states_failures and found.unavailability[found.scenario.headline] > 0.0:
        yield importance(found), (1, 2, 3, 4, 5, 6)
    if found.consequences is not None:
        yield consequence(found), (1, 2, 3)
        yield survival(found), (2, 3)


def singles(found: Anatomy) -> Table:
    """What each event stops by itself, and what it leaves in part."""
    header = ["Losing alone", "Stops"]
    if found.reduces:
        header.append("Leaves in part")
    rows = []
    for event in found.function.events:
        if event in found.singles or event in found.reduces:
            row = [found.event(event), _named(found, found.singles.get(event, ()))]
            row += [_named(found, found.reduces.get(event, ()))] if found.reduces else []
            rows.append(tuple(row))
    return Table("Single points of failure", tuple(header), tuple(rows))


def cut_sets(found: Anatomy, caption: str, cuts: dict[str, CutSets]) -> Table:
    """How many minimal cut sets there are of each size, and the smallest of them."""
    header = ("Capability", "Of 1", "Of 2", "Larger", "The smallest")
    rows = []
    for name, each in cuts.items():
        counts = (*each.by_order, 0, 0, 0)
        numbers = (counts[1], counts[2], sum(counts[3:]))
        rows.append((ability(found.scenario, name), *map(_count, numbers), _smallest(found, each)))
    return Table(caption, header, tuple(rows))


def _smallest(found: Anatomy, cuts: CutSets) -> str:
    sets = cuts.first(MOST_SHOWN)
    if not sets:
        return "nothing stops it"
    if sets == ((),):
        return "it is never there"
    told = "; ".join(" + ".join(found.event(event) for event in cut) for cut in sets)
    more = sum(cuts.by_order) - len(sets)
    return f"{told}; {_count(more)} more" if more else told


def importance(found: Anatomy) -> Table:
    """What each event contributes to the unavailability of the headline capability."""
    headline = found.scenario.headline
    caption = f"Importance for “{wording.small(ability(found.scenario, headline))}”, the largest part first"
    header = (
        "Failure of",
        "Down by itself",
        "Birnbaum",
        "Criticality",
        "Fussell–Vesely",
        "Risk achievement",
        "Risk reduction",
    )
    rows = tuple(
        (
            found.event(one.event),
            wording.percent(one.unavailability),
            wording.number(one.birnbaum),
            wording.percent(one.criticality),
            wording.percent(one.fussell_vesely),
            f"× {wording.number(one.risk_achievement)}",
            f"÷ {wording.number(one.risk_reduction)}",
        )
        for one in found.importances[headline]
    )
    return Table(caption, header, rows)


def consequence(found: Anatomy) -> Table:
    """Users lost without each supplier, against the largest such loss."""
    assert found.consequences is not None
    several = [one for one in found.consequences.owners if len(one.roles) > 1]
    rows = []
    for one in (*found.consequences.roles, *several):
        name = supplier(found.scenario, one.roles[0])
        if len(one.roles) > 1:
            name = f"{one.owner}: {wording.listing([supplier(found.scenario, role) for role in one.roles])}"
        half = (one.high - one.low) / 2
        rows.append(
            (
                name,
                f"{wording.count(one.users_lost)} ± {wording.count(half, 2)}",
                wording.number(one.exposure, 2),
                _hours(found, one.replaced),
            )
        )
    caption = "If it is lost at the start, unannounced and for good; half of the runs replace it by then"
    header = (
        "Supplier",
        "Users lost ± simulation error",
        "Exposure index",
        "Replaced after",
    )
    return Table(caption, header, tuple(rows))


def survival(found: Anatomy) -> Table:
    """How long capabilities go on without each supplier, against how long they would have to."""
    rows = []
    for role in found.scenario.suppliers:
        alike: dict[tuple[str, ...], list[str]] = {}
        for one in sorted((o for o in found.survivals if o.role == role), key=lambda one: one.survives):
            alike.setdefault(_survival(found, one), []).append(one.capability)
        for place, (cells, names) in enumerate(alike.items()):
            last = 0 < place == len(alike) - 1 and len(names) > 1
            what = "everything else" if last else _named(found, names)
            rows.append((supplier(found.scenario, role), what, *cells))
    header = ("Without", "Capabilities", "Go on for", "Down for", "Replaced in time")
    caption = "How long things go on without it, and how long they are then down in half of the runs"
    return Table(caption, header, tuple(rows))


def _survival(found: Anatomy, one: Survival) -> tuple[str, ...]:
    goes_on = {UP: "for ever", SHORT: "for ever, in part"}.get(one.capacity, "0 h")
    in_time = "not needed" if one.survives > 0 else "yes" if one.in_time else "no"
    return goes_on, _hours(found, one.down), in_time


def _hours(found: Anatomy, hours: float) -> str:
    if math.isnan(hours):
        return NOTHING
    if math.isinf(hours):
        return f"> {wording.short_duration(found.scenario.clock.horizon)}"
    return wording.short_duration(hours)


def _count(value: int) -> str:
    return f"{value:,}" if value < 1_000_000 else wording.count(float(value))


def _named(found: Anatomy, names: Sequence[str]) -> str:
    """Capabilities in a cell; all of them in one word."""
    if len(names) == len(found.cuts) > 1:
        return "everything"
    return ", ".join(ability(found.scenario, name) for name in names) or NOTHING


# -- files -----------------------------------------------------------------------------------------------


def files(found: Anatomy) -> dict[str, bytes]:
    """Name to content of every table, for a spreadsheet or a program."""
    made = {"cut_sets.csv": _csv(_CUT_SETS, _cut_set_rows(found))}
    if found.states_failures:
        made["importance.csv"] = _csv(_IMPORTANCE, _importance_rows(found))
    if found.consequences is not None:
        made["consequence.csv"] = _csv(_CONSEQUENCE, _consequence_rows(found))
        made["survival.csv"] = _csv(_SURVIVAL, _survival_rows(found))
    return made


_CUT_SETS = ("capability", "criterion", "order", "events")
_IMPORTANCE = (
    "capability", "capability_unavailability", "event", "kind", "unavailability", "birnbaum", "criticality",
    "fussell_vesely", "risk_achievement_worth", "risk_reduction_worth",
)  # fmt: skip
_CONSEQUENCE = (
    "owner", "roles", "runs", "users_lost", "users_lost_low", "users_lost_high", "exposure_index",
    "median_hours_to_replace",
)  # fmt: skip
_SURVIVAL = ("role", "capability", "capacity", "survives_hours", "median_hours_down", "replaced_in_time")


def _csv(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _cut_set_rows(found: Anatomy) -> Iterator[Row]:
    for criterion, some in (("down", found.cuts), ("not_recovered", found.shortages)):
        for name, cuts in some.items():
            for cut in cuts.first(MOST_WRITTEN):
                yield name, criterion, len(cut), "+".join(cut)


def _importance_rows(found: Anatomy) -> Iterator[Row]:
    for name, ordered in found.importances.items():
        for one in ordered:
            yield (
                name, found.unavailability[name], one.event, found.function.events[one.event].kind,
                one.unavailability, one.birnbaum, one.criticality, one.fussell_vesely, one.risk_achievement,
                one.risk_reduction,
            )  # fmt: skip


def _consequence_rows(found: Anatomy) -> Iterator[Row]:
    assert found.consequences is not None
    several = [one for one in found.consequences.owners if len(one.roles) > 1]
    for one in (*found.consequences.roles, *several):
        yield (
            one.owner, "+".join(one.roles), one.runs, one.users_lost, one.low, one.high, one.exposure,
            one.replaced,
        )  # fmt: skip


def _survival_rows(found: Anatomy) -> Iterator[Row]:
    for one in found.survivals:
        yield one.role, one.capability, one.capacity, one.survives, one.down, one.in_time
