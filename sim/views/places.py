"""Where scenario files are, what they are called, and the nearest name to a misspelt one.

In: words from the command line. Out: paths and sentences. Titles are read from the line `title:` alone, so
that a list of scenarios costs nothing and works for files that do not pass the checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

import sim

FOLDER = "scenarios"
ENDINGS = (".yaml", ".yml")
_TITLE = re.compile(r"^title:\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<plain>[^#]*?))\s*(?:#.*)?$")


def folder() -> Path | None:
    """The folder of scenarios: the one here, else the one of the checkout this package runs from."""
    for place in (Path(FOLDER), Path(sim.__file__).resolve().parents[1] / FOLDER):
        if place.is_dir():
            return place
    return None


def scenario_files() -> list[Path]:
    """The scenario files of that folder, by name."""
    place = folder()
    return sorted(path for path in place.iterdir() if path.suffix in ENDINGS) if place else []


def title(path: Path) -> str:
    """What a file's `title:` line says, or nothing."""
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if match := _TITLE.match(line):
                    return next(text for text in match.groups() if text is not None)
    except OSError:
        pass
    return ""


def scenarios_for_people(command: str) -> str:
    """The list that is printed when nothing was asked for."""
    files = scenario_files()
    if not files:
        return f"No scenarios here. `{command} new NAME` writes one; `{command} --help` lists the verbs."
    width = max(len(str(path)) for path in files)
    lines = [f"  {path!s:<{width}}  {title(path)}".rstrip() for path in files]
    return "\n".join(
        [
            "Scenarios:",
            *lines,
            "",
            f"Run one:         {command} {files[0]}",
            f"Write your own:  {command} new NAME",
            f"All verbs:       {command} --help",
        ]
    )


def looks_like_a_file(word: str) -> bool:
    """Whether a first word is meant as a file rather than as a verb."""
    return word.endswith(ENDINGS) or "/" in word or "\\" in word or Path(word).exists()


def nearest(word: str, names: Iterable[str], *, most: int = 2) -> list[str]:
    """The names that a misspelt word most likely stands for, best first."""
    lowered = {name.lower(): name for name in names}
    return [lowered[name] for name in get_close_matches(word.lower(), lowered, n=most, cutoff=0.6)]


def did_you_mean(names: Sequence[str]) -> str:
    """`` Did you mean `a` or `b`?``, or nothing."""
    return f" Did you mean {' or '.join(f'`{name}`' for name in names)}?" if names else ""


def neither_verb_nor_file(word: str, verbs: Sequence[str]) -> str:
    """What is said of a first word that is nothing we know."""
    files = {path.stem: str(path) for path in scenario_files()}
    if word in files:
        return f"`{word}` is a scenario; give its file: {files[word]}"
    near = nearest(word, [*verbs, *files])
    return f"No verb and no file is called `{word}`.{did_you_mean([files.get(name, name) for name in near])}"


def no_such_file(path: Path) -> str:
    """What is said of a scenario file that is not there."""
    files = {found.name: str(found) for found in scenario_files()}
    siblings = path.parent.iterdir() if path.parent.is_dir() else ()
    files.update({found.name: str(found) for found in siblings if found.suffix in ENDINGS})
    files.update({Path(name).stem: found for name, found in files.items()})
    near = dict.fromkeys(files[name] for name in nearest(path.name, files))
    return f"There is no file {path}.{did_you_mean(list(near))}"
