"""Strategies side by side: the finished runs of each, from one study or from several folders of results.

In: a `Study`, or folders that `run` has written. Out: one `Arm` a strategy. Folders are read as they are,
nothing is computed, and those whose replication k does not meet the same random numbers are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ArchiveError
from sim.outcomes import Measure, measures_of
from sim.study.machine import BITS
from sim.study.parquet import fetch, name, quoted
from sim.study.shelf import finished_manifest
from sim.study.summary import Outcomes
from sim.study.tables import OUTCOMES

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.study import Study


@dataclass(frozen=True, slots=True)
class Arm:
    """One strategy: what was run, and what came of it.

    Attributes
    ----------
    strategy, label
        Its name, and its name for people.
    scenario
        What was simulated.
    measures
        Those that its results have.
    outcomes
        Every measure, and `replication`, of the runs that did not fail. Each of shape (runs,).
    failed, reason
        How many runs have no outcome, and why the first has none.
    digest
        Of the study it is part of.
    """

    strategy: str
    label: str
    scenario: Scenario
    measures: Mapping[str, Measure]
    outcomes: Outcomes
    failed: int
    reason: str
    digest: str

    @property
    def runs(self) -> int:
        """Runs with an outcome."""
        return len(self.outcomes["replication"])


def arms_of(study: Study) -> list[Arm]:
    """The strategies that a study was asked for."""
    digest = str(study.manifest["digest"])
    found = []
    for part in study.parts:
        label, failures = study.file.labels[part.strategy], study.failures(part.strategy)
        outcomes = study.outcomes(part.strategy)
        found.append(
            Arm(part.strategy, label, part.scenario, part.measures, outcomes, *failures, digest=digest)
        )
    return found


def read_arms(folders: Sequence[Path]) -> tuple[list[Arm], str]:
    """The strategies of finished results, and the name of the baseline.

    Several folders stand for one strategy each; where two call theirs the same (as they do when the field of
    one was `--set`), the strategies take the names of the folders.

    Raises
    ------
    UsageError, ArchiveError
        If there is no such folder, or one holds no finished results, or those of two cannot be paired.
    """
    manifests = [finished_manifest(folder) for folder in folders]
    arms = [_read(folder, manifest) for folder, manifest in zip(folders, manifests, strict=True)]
    if len(folders) == 1:
        return arms[0], str(manifests[0]["baseline"])
    for folder, of_folder in zip(folders, arms, strict=True):
        if len(of_folder) > 1:
            listed = ", ".join(arm.strategy for arm in of_folder)
            message = (
                f"{folder} has several strategies ({listed}); compare it alone, or give folders of one "
                "strategy each (`run FILE --strategy NAME --output DIR`)"
            )
            raise ArchiveError(message)
    found = [of_folder[0] for of_folder in arms]
    for i in range(1, len(folders)):
        unlike = _unlike((manifests[0], found[0]), (manifests[i], found[i]))
        if unlike:
            both = f"{folders[0]} and {folders[i]} cannot be paired, run by run"
            raise ArchiveError(f"{both}: {'; '.join(unlike)}")
    found = _told_apart(found, folders)
    names = [arm.strategy for arm in found]
    baseline = str(manifests[0]["baseline"])
    return found, baseline if baseline in names else names[0]


def _read(folder: Path, manifest: Mapping[str, Any]) -> list[Arm]:
    """Every strategy in the tables of one folder."""
    from sim.scenario import load_scenario

    file = load_scenario(folder / "scenario.yaml")
    table = f"read_parquet({quoted(folder / OUTCOMES)})"
    columns = {str(one) for one in fetch(f"DESCRIBE SELECT * FROM {table}")["column_name"]}
    arms = []
    for strategy in manifest["strategies"]:
        scenario = file.scenario(strategy)
        known = measures_of(scenario)
        measures = {
            one.name: one
            for one in known.values()
            if one.name in columns and (one.censored_by is None or one.censored_by in columns)
        }
        chosen = ", ".join(map(name, ["replication", *measures]))
        of_strategy = f"FROM {table} WHERE strategy = {quoted(strategy)} AND failed_stage IS"
        outcomes = fetch(f"SELECT {chosen} {of_strategy} NULL ORDER BY replication")
        lost = fetch(f"SELECT failed_stage, failed_reason {of_strategy} NOT NULL ORDER BY replication")
        failed = len(lost["failed_stage"])
        reason = f"{lost['failed_stage'][0]}: {lost['failed_reason'][0]}" if failed else ""
        label, digest = file.labels[strategy], str(manifest["digest"])
        arms.append(Arm(strategy, label, scenario, measures, outcomes, failed, reason, digest))
    return arms


def _unlike(one: tuple[Mapping[str, Any], Arm], other: tuple[Mapping[str, Any], Arm]) -> list[str]:
    """Why replication k of one is no pair of replication k of the other; empty if it is."""
    here, there = _paired_by(*one), _paired_by(*other)
    return [f"{what} {here[what]} and {there[what]}" for what in here if here[what] != there[what]]


def _paired_by(manifest: Mapping[str, Any], arm: Arm) -> dict[str, object]:
    """What two runs must share so that their difference means something, by what it is called."""
    scenario, versions = arm.scenario, manifest.get("versions", {})
    return {
        "scenario": manifest["name"],
        "seed": manifest["seed"],
        "block of": f"{manifest['block']} runs",
        "users": manifest["users"],
        "start": scenario.clock.calendar.format(0.0, year=True, zone=True),
        "horizon": f"{scenario.clock.horizon:g} h",
        "headline": scenario.headline,
        "currency": scenario.currency,
        "users counted as": scenario.users.unit,
        **{program: versions.get(program, "unknown") for program in BITS},
    }


def _told_apart(arms: Sequence[Arm], folders: Sequence[Path]) -> list[Arm]:
    """The same under names that differ: the strategies', else those of the folders."""
    from dataclasses import replace

    if len({arm.strategy for arm in arms}) == len(arms):
        return list(arms)
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        names = [str(folder) for folder in folders]
    return [replace(arm, strategy=name, label=name) for arm, name in zip(arms, names, strict=True)]
