"""One writer at a time in a folder.

The lock is held by the operating system on an open file, so it ends with the process that holds it, however
that process ends: there is no stale lock to judge by its age. The file says who holds it, for people.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sim.errors import ArchiveError

LOCK = "run.lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for the time of a `with`.

    Raises
    ------
    ArchiveError
        If another process, or another study of this one, holds it, or the file system knows no locks.
    """
    file = _take(folder / LOCK)
    try:
        file.seek(0)
        file.truncate()
        json.dump({"process": os.getpid(), "machine": socket.gethostname()}, file)
        file.flush()
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file; a lock file nobody holds does no harm
            os.unlink(folder / LOCK)
        file.close()


def _take(path: Path) -> IO[str]:
    """The lock file, open and locked, and still the one of that name."""
    while True:
        try:
            file = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - closed when the lock is given back
        except OSError as error:
            raise ArchiveError(f"{path.parent} cannot be written: {error.strerror}") from error
        try:
            _lock(file)
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
        except BlockingIOError:
            by = f"is being written by another run{_holder(file)}"
            file.close()
            message = f"{path.parent} {by}; wait for it, or choose another folder"
            raise ArchiveError(message) from None
        except FileNotFoundError:
            pass  # its holder has just given it back and removed it
        except OSError as error:
            file.close()
            message = (
                f"{path.parent} cannot be locked ({error.strerror}); choose a folder on another file system"
            )
            raise ArchiveError(message) from error
        file.close()


def _holder(file: IO[str]) -> str:
    try:
        file.seek(0)
        said = json.load(file)
        return f" (process {said['process']} on {said['machine']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


if sys.platform == "win32":
    import msvcrt

    _BYTE = 1 << 20  # beyond the text, which others may then still read

    def _lock(file: IO[str]) -> None:
        file.seek(_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
