"""A page of the documents as a list of steps, run one after the other as a reader would.

In: a Markdown page. Out: its commands, Python, files to save, and what it says they print. What a page may
say beside a block stands in a comment that no reader sees, on a line of its own before the block:

    <!-- file: NAME -->        the block is saved under this name
    <!-- not run: WHY -->      the block is not run
    <!-- status: 1 -->         its last command ends with this exit status
    <!-- serves: TEXT -->      the command stays until it is stopped, and prints TEXT when it is ready

and `<!-- made: 15 - 9.2 = 5.8 -->` anywhere tells the arithmetic behind a number of the prose,
`<!-- from outside: 100,000 and 89 -->` that its source stands beside it. A block of `text` right after a step
quotes what it prints: its lines follow one another there, but for how wide the columns are; `…` stands for
anything left out.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tests.architecture.source import ROOT

PAGES = sorted([*(ROOT / "docs" / "lessons").glob("*.md"), *(ROOT / "docs" / "guides").glob("*.md")])

BLOCK = re.compile(
    r"(?:^<!-- (?P<word>file|not run|status|serves): (?P<said>.*?) -->\n+)?"
    r"^```(?P<language>\w*)\n(?P<body>.*?)^```$",
    flags=re.MULTILINE | re.DOTALL,
)
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![\w])")
MADE = re.compile(r"<!-- made: (.+?) = (.+?) -->")
NO_PROSE = re.compile(r"<!--.*?-->|`[^`\n]*`|\]\([^)]*\)|https?://\S+|doi 10\.\S+", flags=re.DOTALL)
PATIENCE = 60.0
"""Seconds to wait for what has to start or end."""

OUTSIDE = re.compile(r"<!-- from outside: (.+?) -->", flags=re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One block, what the comment before it says, and the quotation after it."""

    language: str
    body: str
    word: str
    said: str
    quoted: str
    line: int

    @property
    def commands(self) -> list[str]:
        """The lines of a block of commands, without comments."""
        lines = (re.sub(r"\s+#.*", "", line).strip() for line in self.body.splitlines())
        return [line for line in lines if line and not line.startswith("#")]

    @property
    def is_run(self) -> bool:
        """Whether somebody who follows the page runs it."""
        return self.language in {"sh", "python"} and self.word not in {"not run", "file"}


def steps(page: Path) -> list[Step]:
    """The blocks of a page in order, each quotation with the block before it."""
    text = page.read_text(encoding="utf-8")
    found: list[Step] = []
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("language")) + 1
        if block["language"] == "text" and not block["word"]:
            last = found.pop()
            found.append(Step(last.language, last.body, last.word, last.said, block["body"], last.line))
        else:
            word, said = block["word"] or "", block["said"] or ""
            found.append(Step(block["language"], block["body"], word, said, "", line))
    return found


def is_quoted(quotation: str, printed: str) -> bool:
    """Whether the lines of a quotation follow one another in what was printed, `…` standing for anything."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else ".*?".join(re.escape(part) for part in line.split("…")) + r"\n"
        for line in _narrowed(quotation.strip("\n"))
    ]
    whole = "".join(f"{line}\n" for line in _narrowed(printed))
    return re.search(r"^" + "".join(lines), whole, flags=re.MULTILINE) is not None


def _narrowed(text: str) -> list[str]:
    """The lines with columns as near as they come: their width follows from other lines of the table."""
    return [re.sub(r"─+", "─", re.sub(r"(?<=\S) {2,}", "  ", line.rstrip())) for line in text.splitlines()]


@dataclass
class Reader:
    """Somebody who follows a page in a copy of the repository's scenarios.

    Attributes
    ----------
    folder
        Where it works; the results of one page are there for its later steps.
    printed
        What each step has printed, in order.
    """

    folder: Path
    printed: list[str] = field(default_factory=list)
    python: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "scenarios", self.folder / "scenarios")
        shutil.copy(ROOT / "run_scenario.py", self.folder)
        (self.folder / "docs").mkdir()
        shutil.copy(ROOT / "docs" / "scenario.schema.json", self.folder / "docs")
        self.port = str(_free_port())

    def follow(self, page: Path) -> Iterator[tuple[Step, str]]:
        """Do the steps one after the other; say what each that is run has printed."""
        with ExitStack() as stack:
            for step in steps(page):
                if step.word == "file":
                    place = self.folder / step.said
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_text(step.body, encoding="utf-8")
                elif step.word == "serves":
                    for command in step.commands:
                        stack.enter_context(self._served(command, step.said))
                elif step.is_run:
                    told = self._calculated(step) if step.language == "python" else self._commanded(step)
                    self.printed.append(told)
                    yield step, told

    def _commanded(self, step: Step) -> str:
        told = ""
        for command in step.commands:
            ended = self._run(self._words(command))
            wanted = int(step.said) if step.word == "status" and command == step.commands[-1] else 0
            assert ended.returncode == wanted, f"line {step.line}: {command}\n{ended.stdout}{ended.stderr}"
            told += ended.stdout + ended.stderr
        return told

    def _calculated(self, step: Step) -> str:
        """Python goes on from the Python before it on the page."""
        before, mark = "\n".join(self.python), "-- here --"
        self.python.append(step.body)
        code = f"{before}\nprint({mark!r})\n{step.body}"
        ended = self._run([sys.executable, "-W", "error", "-c", code])
        assert ended.returncode == 0, f"line {step.line}\n{ended.stderr}"
        return ended.stdout.partition(mark + "\n")[2]

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip

    def _words(self, command: str) -> list[str]:
        program, *words = shlex.split(command.replace("8786", self.port))
        if program == "python":
            return [sys.executable, "-W", "error", *words]
        assert program == "dask", f"nobody knows how to run `{command}`"
        return [sys.executable, "-m", "dask", *words]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}

    @contextmanager
    def _served(self, command: str, ready: str) -> Iterator[None]:
        """Something that stays until it is stopped; no browser is opened."""
        quiet = ["--no-open"] if " explore " in f"{command} " else []
        said = self.folder / f"said-{len(list(self.folder.glob('said-*')))}.txt"
        with said.open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [*self._words(command), *quiet], cwd=self.folder, env=self._environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                end = time.monotonic() + PATIENCE
                while ready not in said.read_text(encoding="utf-8"):
                    waits = process.poll() is None and time.monotonic() < end
                    assert waits, f"{command}\n{said.read_text(encoding='utf-8')}"
                    time.sleep(0.1)
                yield
            finally:
                process.terminate()
                process.wait(PATIENCE)


def unfounded(page: Path, printed: list[str]) -> list[str]:
    """Numbers of the prose that no command printed, no block holds and no arithmetic makes; from 13 up."""
    text = page.read_text(encoding="utf-8")
    known = set(NUMBER.findall("\n".join([*printed, *(block["body"] for block in BLOCK.finditer(text))])))
    for name in set(re.findall(r"scenarios/\w+\.yaml", text)):
        if (ROOT / name).is_file():
            known |= set(NUMBER.findall((ROOT / name).read_text(encoding="utf-8")))
    known |= {found[2].strip() for found in MADE.finditer(text)}
    known |= set(NUMBER.findall(" ".join(OUTSIDE.findall(text))))
    prose = NO_PROSE.sub(" ", BLOCK.sub(" ", text))
    return [one for one in NUMBER.findall(prose) if one not in known and _size(one) > 12]


def arithmetic(page: Path) -> Iterator[tuple[str, bool, list[str]]]:
    """What `made` comments say: the line, whether it is right as printed, and the numbers it starts from."""
    for found in MADE.finditer(page.read_text(encoding="utf-8")):
        left, right = found[1].replace(",", ""), found[2].strip().replace(",", "")
        numbers = re.sub(r"\d+(?:\.\d+)?", lambda one: f"Fraction('{one[0]}')", left)
        assert re.fullmatch(r"[\d.\s()*/+^-]+", left), found[0]
        value = eval(numbers, {"Fraction": Fraction})
        places = len(right.partition(".")[2])
        last = Fraction(1, 10**places) if places else Fraction(10 ** (len(right) - len(right.rstrip("0"))))
        yield found[0], abs(value - Fraction(right)) <= last / 2, NUMBER.findall(found[1])


def _size(number: str) -> float:
    return float(number.replace(",", ""))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
