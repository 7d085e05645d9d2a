"""The body of studies: every folder of results below one place, what state it is in, and reading one.

In: a folder. Out: a `Shelved` record a study, broken ones included, or a `Study` that is read and never
computed. A listing opens nothing but the manifest and the summary, so that it costs nothing and one damaged
folder cannot hide the others.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import ArchiveError, ScenarioError, UsageError
from sim.outcomes import Measure, measures_of
from sim.streams import BLOCK
from sim.study.archive import BLOCKS, MANIFEST, Archive
from sim.study.lock import LOCK
from sim.study.parquet import fetch, quoted
from sim.study.tables import OUTCOMES, Part

if TYPE_CHECKING:
    from sim.study.arms import Arm
    from sim.study.study import Study

SUMMARY = "summary.csv"
TABLES = (
    OUTCOMES,
    "segments.parquet",
    "attribution.parquet",
    "events.parquet",
    "trajectories.parquet",
    SUMMARY,
    "comparison.csv",
    "criticality.csv",
)
"""The tables of a study; `scenario.yaml` and the manifest say what they are of."""

SCENARIO = "scenario.yaml"

NEEDED = (OUTCOMES, SUMMARY, SCENARIO)
"""Without these a finished study is broken; a table that an earlier version did not write is no damage."""

State = Literal["finished", "in progress", "broken"]


@dataclass(frozen=True, slots=True)
class Headline:
    """One strategy in a listing.

    Attributes
    ----------
    runs
        With an outcome.
    downtime, users_lost
        The median (hours; as `unfinished` runs were cut, perhaps only a lower bound) and the mean.
    unfinished
        Share of the runs in which the headline capability is down when the simulation ends.
    """

    strategy: str
    runs: int
    downtime: float
    users_lost: float
    unfinished: float


@dataclass(frozen=True, slots=True)
class Shelved:
    """One study as its folder shows it.

    Attributes
    ----------
    why
        What is wrong with a broken folder, or how far one in progress is; empty for a finished one.
    headlines
        One a strategy; none unless it is finished.
    """

    folder: Path
    state: State
    why: str
    manifest: Mapping[str, Any]
    headlines: tuple[Headline, ...] = ()

    @property
    def scenario(self) -> str:
        """The scenario's name; where that is unknown, the folder's."""
        return str(self.manifest.get("name") or self.folder.name)

    @property
    def digest(self) -> str:
        """The digest, or nothing."""
        return str(self.manifest.get("digest") or "")


def find_studies(place: Path) -> Iterator[Shelved]:
    """Every study in a folder and below it, by path; the worlds inside a study are its own affair."""
    for here, folders, files in os.walk(place):
        folders.sort()
        if MANIFEST in files or OUTCOMES in files or (BLOCKS in folders and SUMMARY not in folders):
            folders.clear()
            manifest = Archive(Path(here)).manifest()
            if manifest.get("kind", "study") == "study":
                yield shelved(Path(here), manifest)


def shelved(folder: Path, manifest: Mapping[str, Any] | None = None) -> Shelved:
    """One folder, whatever state it is in; its manifest, if that has been read already."""
    manifest = Archive(folder).manifest() if manifest is None else manifest
    if not manifest.get("digest") or not manifest.get("name"):
        return Shelved(folder, "broken", f"its {MANIFEST} says nothing", {})
    if not manifest.get("complete"):
        return Shelved(folder, "in progress", _how_far(folder), manifest)
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        return Shelved(folder, "broken", f"without {', '.join(missing)}", manifest)
    try:
        headlines = tuple(_headlines(folder))
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        headlines = ()
    if not headlines:
        return Shelved(folder, "broken", f"its {SUMMARY} cannot be read", manifest)
    return Shelved(folder, "finished", "", manifest, headlines)


def _how_far(folder: Path) -> str:
    """How much of a study that is not finished is there, and whether something seems to write it."""
    blocks = sum(1 for _ in (folder / BLOCKS).glob("*/[0-9]*.parquet"))
    writer = "being written" if (folder / LOCK).exists() else "stopped"
    return f"{writer}, {blocks * BLOCK:,} runs so far"


def _headlines(folder: Path) -> Iterator[Headline]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    with (folder / SUMMARY).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["strategy"], {})[row["measure"]] = row
    for strategy, rows in found.items():
        down, lost = rows["downtime"], rows["users_lost"]
        yield Headline(
            strategy, int(down["runs"]), float(down["median"]), float(lost["mean"]),
            float(down["unfinished"] or math.nan),
        )  # fmt: skip


def finished_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a finished study.

    Raises
    ------
    UsageError
        If there is no such folder.
    ArchiveError
        If it holds no finished study; says what it holds instead, and the studies below it if there are any.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; `results list` says what there is.")
    archive = Archive(folder)
    manifest = archive.manifest()
    if manifest.get("complete"):
        found = shelved(folder, manifest)
        if found.state == "broken":
            raise ArchiveError(f"{folder} is broken: {found.why}; run its scenario again.")
        return manifest
    if manifest.get("digest"):
        command = manifest.get("command")
        begun = f"; `{command}` goes on with it" if command else ""
        raise ArchiveError(f"{folder} holds a run that is not finished{begun}.")
    below = [one.folder for one in find_studies(folder) if one.state == "finished"]
    hint = f"; below it are {_some(below)}" if below else ""
    raise ArchiveError(f"{folder} holds no run{hint}.")


def _some(folders: list[Path], most: int = 3) -> str:
    told = ", ".join(str(folder) for folder in folders[:most])
    return told if len(folders) <= most else f"{told} and {len(folders) - most} more"


@dataclass(frozen=True, slots=True)
class Kept(Part):
    """One strategy as it is kept: another version may have measured less than this one does."""

    columns: frozenset[str]

    @property
    def measures(self) -> Mapping[str, Measure]:
        """What was measured."""
        return {
            one.name: one
            for one in measures_of(self.scenario).values()
            if one.name in self.columns and (one.censored_by is None or one.censored_by in self.columns)
        }


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Say in words what damage in a folder would say in a library's.

    Raises
    ------
    ArchiveError
        If a table is damaged, or the scenario is of a version of the language that is not known here.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise ArchiveError(f"{folder} is damaged: {first}; run its scenario again.") from None
    except ScenarioError as error:
        version = Archive(folder).manifest().get("versions", {}).get("hostfall", "unknown")
        first = str(error).splitlines()[0]
        message = f"{folder} was written by hostfall {version}, and this one cannot read it: {first}"
        raise ArchiveError(message) from None


def read_strategies(folder: Path) -> tuple[list[Arm], dict[str, Any]]:
    """The strategies of a finished study from its tables alone, without its blocks; and its manifest.

    Raises
    ------
    UsageError, ArchiveError
        See `finished_manifest` and `readable`.
    """
    from sim.study.arms import read_arms

    manifest = finished_manifest(folder)
    with readable(folder):
        return read_arms([folder])[0], manifest


def open_study(folder: Path, strategies: Sequence[str] = ()) -> Study:
    """A finished study, to be read: nothing is computed, nothing written, and no lock is taken.

    Parameters
    ----------
    strategies
        Those to look at, by default all.

    Raises
    ------
    UsageError, ArchiveError
        See `finished_manifest` and `readable`; also if there is no such strategy, or blocks are missing.
    """
    from dataclasses import replace

    from sim.scenario import load_scenario
    from sim.study.origin import evidence_of_study
    from sim.study.study import Study

    manifest = finished_manifest(folder)
    for name in strategies:
        if name not in manifest["strategies"]:
            near = get_close_matches(name, manifest["strategies"], n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(manifest['strategies'])}"
            raise UsageError(f"{folder} has no strategy `{name}`; {hint}")
    with readable(folder):
        file = load_scenario(folder / SCENARIO)
        kept = fetch(f"DESCRIBE SELECT * FROM read_parquet({quoted(folder / OUTCOMES)})")["column_name"]
        shown = [
            Kept(name, file.scenario(name), runs, frozenset(map(str, kept)))
            for name, runs in manifest["strategies"].items()
        ]
    archive = Archive(folder)
    for part in shown:
        if len(archive.finished(part.strategy, part.blocks)) < len(part.blocks):
            others = "`results quote`, `export`, `query` and `compare` do without"
            raise ArchiveError(f"{folder} lacks blocks of {part.strategy}; {others}.")
    evidence = evidence_of_study(folder)
    file = replace(
        file,
        evidence=evidence or dict.fromkeys(file.strategies, ()),
        leaves_open=manifest.get("leaves_open", {}),
    )
    parts = [part for part in shown if not strategies or part.strategy in strategies]
    return Study(file, archive, parts, shown, users=manifest.get("users", "expected"), already_done=True)
