"""The folder of a study: what is finished, what it is called, and that nothing in it is ever half-written.

In: finished blocks and tables. Out: files. `manifest.json` is written first and says whose folder this is;
blocks are written once and never again; tables are replaced whole. Every file is written beside its place
and renamed into it, so a reader, or a run after a kill, sees it whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import ArchiveError
from sim.study.encode import Encoded
from sim.study.lock import LOCK, locked

MANIFEST = "manifest.json"
BLOCKS = "blocks"
PART = ".part"
"""Ends the name of a file that is being written."""


class Archive:
    """One folder of results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def open(self, digest: str) -> Iterator[dict[str, Any]]:
        """Hold the folder for one writer; gives its manifest, empty for a new one.

        Raises
        ------
        ArchiveError
            If it holds something else, is in use, or cannot be written.
        """
        self.check(digest)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"{self.folder} cannot be made: {error.strerror}") from error
        with locked(self.folder):
            self.check(digest)  # somebody may have written here since
            for left in self.folder.rglob(f"*{PART}"):
                left.unlink(missing_ok=True)  # of a run that was killed; nobody else writes now
            yield self.manifest()

    def check(self, digest: str) -> None:
        """Refuse a folder that holds anything but this study."""
        if not self.folder.exists():
            return
        if not self.folder.is_dir():
            raise ArchiveError(f"{self.folder} is a file; choose a folder for the results")
        others = [one for one in self.folder.iterdir() if one.name != LOCK and not one.name.endswith(PART)]
        found = self.manifest().get("digest")
        if others and found is None:
            message = (
                f"{self.folder} holds something else ({others[0].name}); choose an empty or a new folder"
            )
            raise ArchiveError(message)
        if found not in (None, digest):
            message = (
                f"{self.folder} holds the results of another study ({found}; this one is {digest}); "
                "choose another folder, or leave --output out"
            )
            raise ArchiveError(message)

    def manifest(self) -> dict[str, Any]:
        """What the folder says of itself; empty if it says nothing that can be read."""
        try:
            said = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def provenance(self) -> dict[str, str]:
        """What a table says of itself wherever it is taken: scenario, digest, seed, users, version."""
        said = self.manifest()
        found = {key: said.get(key) for key in ("name", "digest", "seed", "users")}
        found["hostfall"] = said.get("versions", {}).get("hostfall")
        return {key: str(value) for key, value in found.items() if value is not None}

    def write_manifest(self, said: Mapping[str, Any]) -> None:
        """Replace the manifest."""
        self.write(MANIFEST, json.dumps(said, indent=2, ensure_ascii=False).encode("utf-8") + b"\n")

    def write(self, name: str, content: bytes) -> None:
        """Put a file in its place, whole."""
        with self.beside(name) as part:
            part.write_bytes(content)

    @contextmanager
    def beside(self, name: str) -> Iterator[Path]:
        """A path to write to; when the `with` ends well, what is there takes the place of `name`."""
        target = self.folder / name
        part = target.with_name(target.name + PART)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            yield part
            with open(part, "rb+") as file:
                os.fsync(file.fileno())  # the content is on the disk before the name is
            os.replace(part, target)
        except OSError as error:
            raise ArchiveError(f"{target} cannot be written: {error.strerror}") from error

    # -- blocks -----------------------------------------------------------------------------------------

    def rows(self, strategy: str, block: int) -> Path:
        """Where the rows of a block are."""
        return self.folder / BLOCKS / strategy / f"{block:06d}.parquet"

    def trajectories(self, strategy: str, block: int) -> Path:
        """Where its trajectories are."""
        return self.folder / BLOCKS / strategy / "trajectories" / f"{block:06d}.parquet"

    def keep(self, strategy: str, block: Encoded) -> None:
        """Put a finished block on disk; its rows last, for they say that it is finished."""
        if block.trajectories is not None:
            place = self.trajectories(strategy, block.block).relative_to(self.folder)
            self.write(place.as_posix(), block.trajectories)
        self.write(self.rows(strategy, block.block).relative_to(self.folder).as_posix(), block.rows)

    def finished(self, strategy: str, blocks: Sequence[int]) -> list[int]:
        """Which of these blocks are on disk."""
        return [block for block in blocks if self.rows(strategy, block).is_file()]
