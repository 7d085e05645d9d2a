"""One number for a paper: what `results quote` says as text, LaTeX and BibTeX.

In: one strategy's runs and what ran. Out: text. A mean comes with its simulation interval, the spread of the
runs, how much of that spread unknowns explain and how much is chance, and all it takes to make it again. The
mean of a time that the horizon cut in any run is refused, for it would be one of what was seen; what can be
said instead is said: the median where it was seen, the restricted mean under that name, and how many runs
last longer than a week, a month, a quarter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.outcomes import Measure
from sim.scenario.resolution import IN_WORDS
from sim.study.shelf import read_strategies
from sim.study.statistics import Interval, share_interval
from sim.study.summary import Line, finished, summarise, values
from sim.study.survival import survival
from sim.study.until import STOPPED_BY
from sim.views import places, wording
from sim.views.few_runs import few_runs
from sim.views.kinds import parameters
from sim.views.showing import known_measure
from sim.views.summary import measure_name

if TYPE_CHECKING:
    from sim.study.arms import Arm

DAYS = (7, 30, 90)
"""Instants at which the survival of a time that was cut is told."""

LEVEL = "95 % simulation interval"

LOOKED = (
    "the number of runs was not fixed beforehand but by what the runs showed, so the interval holds somewhat "
    "less often than it says"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """What may be said of one measure, sentence by sentence, and what it is of.

    Attributes
    ----------
    refusal
        Why no mean is quoted; empty where one is.
    """

    name: str
    title: str
    refusal: str
    said: tuple[str, ...]
    provenance: str
    key: str
    year: str
    version: str

    @property
    def text(self) -> str:
        """Plain sentences."""
        return " ".join([*self.said, f"({self.provenance}.)"])

    @property
    def latex(self) -> str:
        """The same for LaTeX, without any package."""
        return latex(f"{' '.join(self.said)} ({self.provenance}") + f"; \\cite{{{self.key}}}.)"

    @property
    def bibtex(self) -> str:
        """An entry that names the study; the authors are those of the simulator, to be joined by yours."""
        fields = {
            "author": "{The hostfall authors}",
            "title": f"{{{latex(self.title)}}}: a simulation study with hostfall",
            "year": self.year,
            "version": self.version,
            "note": latex(f"{self.provenance}. {' '.join(self.said)}"),
        }
        lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.key},", *lines, "}"])


def quoted(folder: Path, measure: str, strategy: str | None = None) -> tuple[str, dict[str, str]]:
    """Why no mean is quoted (empty where one is), and the quotation by form.

    Raises
    ------
    UsageError, ArchiveError
        If there is no such study, measure or strategy.
    """
    arm, manifest = strategy_of(folder, strategy)
    found = quote(arm, manifest, known_measure(measure, arm.measures))
    return found.refusal, {"text": found.text, "latex": found.latex, "bibtex": found.bibtex}


def strategy_of(folder: Path, strategy: str | None) -> tuple[Arm, dict[str, Any]]:
    """One strategy of a finished study, by default the baseline, and the manifest.

    Raises
    ------
    UsageError, ArchiveError
        If there is no such study or strategy.
    """
    arms, manifest = read_strategies(folder)
    names = [arm.strategy for arm in arms]
    wanted = strategy or (manifest["baseline"] if manifest["baseline"] in names else names[0])
    if wanted not in names:
        near = places.did_you_mean(places.nearest(wanted, names))
        told = ", ".join(names)
        raise UsageError(f"No strategy is called `{wanted}` in {folder}.{near} There are: {told}.")
    return arms[names.index(wanted)], manifest


def quote(arm: Arm, manifest: Mapping[str, Any], measure: str) -> Quotation:
    """Everything that may be said of a measure of one strategy's runs."""
    record = arm.measures[measure]
    line = summarise(arm.strategy, {measure: record}, arm.outcomes, arm.failed)[0]
    name = wording.capital(measure_name(arm.scenario, measure).removeprefix("… "))
    cut = int((~finished(record, arm.outcomes)).sum())
    refused = record.kind == "time" and cut > 0
    said = _without_mean(arm, record, line) if refused else [_mean(record, line)]
    whose = parameters(arm.scenario, record, arm.outcomes)
    version = str(manifest.get("versions", {}).get("hostfall", "unknown"))
    key = re.sub(r"[^A-Za-z0-9-]+", "-", f"hostfall-{arm.scenario.name}-{arm.digest}")
    return Quotation(
        name=name,
        title=arm.scenario.title,
        refusal=_refusal(name, arm, cut) if refused else "",
        said=(
            *(f"{name}: {sentence}." for sentence in said),
            *(f"{wording.capital(more)}." for more in (whose, *_to_mind(arm, manifest, record)) if more),
        ),
        provenance=_provenance(arm, manifest, version),
        key=key,
        year=str(manifest.get("finished") or "")[:4],
        version=version,
    )


def _to_mind(arm: Arm, manifest: Mapping[str, Any], measure: Measure) -> tuple[str, str]:
    """Why the interval of a mean may hold less often than it says: few runs, or a rule that looked."""
    looked = STOPPED_BY in manifest and measure.kind not in {"flag", "text"}
    return few_runs(measure, arm.outcomes), LOOKED if looked else ""


def _refusal(name: str, arm: Arm, cut: int) -> str:
    horizon = wording.short_duration(arm.scenario.clock.horizon)
    return (
        f"No mean of “{name}” is quoted: in {cut:,} of {arm.runs:,} runs the end of the simulation "
        f"({horizon}) cut it, so a mean would be one of what was seen, not of how long it takes."
    )


def _mean(measure: Measure, line: Line) -> str:
    """The mean of something that nothing has cut, or a share of the runs."""
    if measure.kind in {"flag", "text"}:
        what = "some in" if measure.kind == "text" else "in"
        return f"{what} {_ends(Interval(line.mean, line.mean_low, line.mean_high), 'share', '')} of the runs"
    if line.p05 == line.p95 == line.mean and line.mean_low == line.mean_high:
        return f"{_amount(line.mean, measure.kind, line.unit, 0.0)} in every run"
    mean = Interval(line.mean, line.mean_low, line.mean_high)
    half = _half(mean)
    low, high = (
        _bare(value, measure.kind, line.mean, 0.0 if value.is_integer() and abs(value) < 1000 else half)
        for value in (line.p05, line.p95)
    )
    told = _ends(mean, measure.kind, line.unit)
    return f"{told} on average; 9 runs in 10 lie between {low} and {high}"


def _without_mean(arm: Arm, measure: Measure, line: Line) -> list[str]:
    """What is true of a time that the horizon cut."""
    found = []
    horizon = arm.scenario.clock.horizon
    if math.isfinite(line.median) and line.unfinished < 0.5:
        found.append(f"median {_ends(Interval(line.median, line.median_low, line.median_high), 'time', 'h')}")
    restricted = _ends(Interval(line.mean, line.mean_low, line.mean_high), "time", "h")
    found.append(f"restricted mean {restricted}, to which a run that was cut adds what was seen of it")
    shares = [(days, _longer(arm, measure, 24.0 * days)) for days in DAYS if 24.0 * days <= horizon]
    told = [f"{_ends(share, 'share', '')} of the runs last longer than {days} d" for days, share in shares
            if not math.isnan(share.value)]  # fmt: skip
    if told:
        how = "Kaplan-Meier" if measure.open_ended else "counted within the simulated time"
        found.append(f"{wording.listing(told)} ({how})")
    return found


def _longer(arm: Arm, measure: Measure, hours: float) -> Interval:
    """Share of the runs that last longer; a measure that is defined within the horizon is simply counted."""
    seen = values(measure, arm.outcomes)
    if measure.open_ended:
        return survival(seen, finished(measure, arm.outcomes), hours)
    return share_interval(int((seen > hours).sum()), len(seen))


def _provenance(arm: Arm, manifest: Mapping[str, Any], version: str) -> str:
    """Whose number it is: unknowns, replications, seed, version, digest."""
    unknown = len(arm.scenario.unknowns)
    band = (
        f"chance and {wording.plural(f'{unknown}', 'unknown')} varied" if unknown
        else "chance only, no unknowns varied"
    )  # fmt: skip
    users = "" if manifest.get("users", "expected") == "expected" else IN_WORDS[manifest["users"]]
    failed = f"{arm.failed:,} failed and left out" if arm.failed else ""
    strategy = f"strategy {arm.strategy}" if arm.strategy != "as_is" else ""
    parts = [
        band, wording.plural(f"{arm.runs:,}", "replication"), failed, users, f"seed {arm.scenario.seed}",
        f"scenario {arm.scenario.name}", strategy, f"digest {arm.digest}", f"hostfall {version}",
    ]  # fmt: skip
    return wording.capital(", ".join(part for part in parts if part))


# -- numbers -----------------------------------------------------------------------------------------------


def _ends(estimate: Interval, kind: str, unit: str) -> str:
    """``14.2 d (95 % simulation interval 13.1 to 15.3)``."""
    half = _half(estimate)
    told = _amount(estimate.value, kind, unit, half)
    if not math.isfinite(estimate.low) and not math.isfinite(estimate.high):
        return f"{told} (one run: no interval)"
    if estimate.low == estimate.high:
        return told
    low, high = (
        _bare(end, kind, estimate.value, half) if math.isfinite(end) else ""
        for end in (estimate.low, estimate.high)
    )
    if not (low and high):
        return f"{told} ({LEVEL} {f'from {low}' if low else f'up to {high}'}, open at the other end)"
    return f"{told} ({LEVEL} {low} to {high})"


def _half(estimate: Interval) -> float:
    """Half the width of an interval, or of the side that is known."""
    sides = [abs(end - estimate.value) for end in (estimate.low, estimate.high) if math.isfinite(end)]
    return sum(sides) / len(sides) if sides else 0.0


def _amount(value: float, kind: str, unit: str, half: float) -> str:
    """A number with its unit, to two figures of its uncertainty."""
    bare = _bare(value, kind, value, half)
    if kind == "time":
        return f"{bare} {'d' if wording.in_days(value) else 'h'}"
    if kind in {"share", "flag", "text"}:
        return f"{bare} %"
    return " ".join(part for part in (bare, unit) if part)


def _scale(kind: str, like: float) -> tuple[float, str]:
    """What a number is divided by to be told, and the word that says so."""
    if kind == "time":
        return (wording.HOURS_A_DAY if wording.in_days(like) else 1.0), ""
    if kind in {"share", "flag", "text"}:
        return 0.01, ""
    return (1e9, " billion") if abs(like) >= 1e9 else (1.0, "")


def _bare(value: float, kind: str, like: float, half: float) -> str:
    """The number alone, in the unit that ``like`` is told in.

    Rounded to two significant figures of the uncertainty (JCGM 100:2008, 7.2.6); what has none, to four of
    its own.
    """
    size, word = _scale(kind, like)
    shown, step = value / size, half / size
    if word == "" and size == 0.01 and value in {0.0, 1.0}:
        return f"{shown:.0f}"
    if step > 0.0:
        decimals = 1 - math.floor(math.log10(step))
    else:
        decimals = 3 - math.floor(math.log10(abs(shown))) if shown else 0
    text = f"{round(shown, decimals):,.{max(decimals, 0)}f}"
    if step <= 0.0 and "." in text:
        text = text.rstrip("0").rstrip(".")
    bare = "0" if text.strip("-0.,") == "" else text.replace("-", "−")
    return bare + word


_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{",
    "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def latex(text: str) -> str:
    """A text with numbers for LaTeX: special signs escaped, thin spaces between thousands and before %."""
    escaped = "".join(_SPECIAL.get(sign, sign) for sign in text)
    thousands = re.sub(r"(?<=\d),(?=\d{3})", r"\\,", escaped)
    minus = re.sub(r"−(?=\d)", "$-$", thousands)
    spaced = minus.replace(r" \%", r"\,\%").replace("–", "--").replace("…", r"\ldots{}")
    return spaced.replace("“", "``").replace("”", "''").replace("’", "'").replace(">", "$>$")
