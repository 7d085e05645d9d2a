"""What `results list` prints: every study there is, one line a strategy, under the title of its scenario.

In: the studies on a shelf. Out: text, or rows for a machine.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from sim.study.shelf import Headline, Shelved, find_studies
from sim.views import terminal, wording

HEADER = ("Folder", "Strategy", "Runs", "Seed", "Date", "Median downtime", "Mean users lost", "State")
NUMBERS = (2, 3, 5, 6)
COLUMNS = (
    "scenario", "title", "digest", "strategy", "runs", "seed", "date", "median_downtime_hours",
    "share_unfinished", "mean_users_lost", "state", "why", "folder",
)  # fmt: skip


def listed(place: Path, columns: int) -> str:
    """Every study below a folder, by scenario."""
    studies = list(find_studies(place))
    if not studies:
        return f"No results in {place}: `run` writes them there."
    parts = []
    for scenario, parent in sorted({(study.scenario, study.folder.parent) for study in studies}):
        of_it = [one for one in studies if (one.scenario, one.folder.parent) == (scenario, parent)]
        title = next((str(study.manifest["title"]) for study in of_it if study.manifest.get("title")), "")
        named = f"{scenario}: {title}" if title else scenario
        heading = terminal.paragraphs([named, f"in {parent}:"], columns)
        header, rows = _columns(of_it)
        right = [header.index(HEADER[i]) for i in NUMBERS]
        parts.append(f"{heading}\n\n{terminal.table(header, rows, columns, right=right)}")
    shown = wording.plural(f"{len(studies):,}", "study", "studies")
    return "\n\n".join([*parts, f"{shown}. `results show FOLDER` prints one again."])


def _columns(studies: Sequence[Shelved]) -> tuple[list[str], list[list[str]]]:
    """The table; a folder that is not called by its digest has that in a column of its own."""
    rows = [row for study in studies for row in _rows(study)]
    if all(study.folder.name == study.digest for study in studies):
        return list(HEADER), rows
    digests = [study.digest or "–" for study in studies for _ in _rows(study)]
    told = [[row[0], digest, *row[1:]] for row, digest in zip(rows, digests, strict=True)]
    return [HEADER[0], "Digest", *HEADER[1:]], told


def _rows(study: Shelved) -> list[list[str]]:
    """One row a strategy; a study without numbers has one row too."""
    manifest = study.manifest
    state = f"{study.state}: {study.why}" if study.why else study.state
    date = str(manifest.get("finished") or manifest.get("started") or "–")[:10]
    seed = str(manifest.get("seed", "–"))
    if not study.headlines:
        return [[study.folder.name, "–", "–", seed, date, "–", "–", state]]
    return [
        [
            study.folder.name if i == 0 else "",
            one.strategy, f"{one.runs:,}", seed, date, downtime(one), wording.count(one.users_lost), state,
        ]
        for i, one in enumerate(study.headlines)
    ]  # fmt: skip


def downtime(one: Headline) -> str:
    """The median; where half of the runs are still down at the end it is longer than what was seen."""
    told = wording.short_duration(one.downtime)
    return f"> {told}" if not math.isnan(one.unfinished) and one.unfinished >= 0.5 else told


def listed_for_machines(place: Path) -> str:
    """The same as CSV, with full precision."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for study in find_studies(place):
        said = study.manifest
        nothing = Headline("", 0, math.nan, math.nan, math.nan)
        for one in study.headlines or (nothing,):
            numbers = (one.downtime, one.unfinished, one.users_lost)
            down, unfinished, lost = ("" if math.isnan(number) else repr(number) for number in numbers)
            writer.writerow(
                [study.scenario, said.get("title", ""), study.digest, one.strategy, one.runs or "",
                 said.get("seed", ""), said.get("finished") or "", down, unfinished, lost, study.state,
                 study.why, study.folder]
            )  # fmt: skip
    return text.getvalue().rstrip("\n")
