"""The explorer's page in a headless Chromium, for tests: a server of its own, a browser, and what went wrong.

In: nothing, or a scenario file. Out: `Server` (start, kill, address) and `Visit` (a page that notes every
request, every refusal of the content security policy and every error). Where playwright or a Chromium is not
there, `REASON` says which; `make test-browser` sets both up.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.architecture.source import ROOT

FILE = ROOT / "scenarios" / "host_suspended.yaml"
CALL = "import sys; from sim.views.explore_verb import explore as e; e(sys.argv[1:], standalone_mode=False)"

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""Of Chromium: it runs as root in a container, and does nothing of its own on the network."""

WAIT = 60_000
"""Milliseconds that anything may take; a busy machine is slow, not wrong."""


def chromium() -> str | None:
    """A Chromium that is installed: by the variable CHROMIUM, by the system, or by playwright."""
    names = ("chromium", "chromium-browser", "google-chrome")
    known = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in names)]
    own = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return next((each for each in [*known, *map(str, own)] if each and Path(each).exists()), None)


def axe() -> Path | None:
    """axe-core, which finds faults of accessibility, out of the package that brings it."""
    found = find_spec("axe_playwright_python")
    places = found.submodule_search_locations if found is not None else None
    return Path(places[0]) / "axe.min.js" if places else None


def missing() -> str:
    """What a browser test would need and is not here; empty if nothing."""
    if find_spec("uvicorn") is None:
        return "the web libraries are an extra"
    if find_spec("playwright") is None:
        return "no playwright here; `make test-browser` installs it"
    return "" if chromium() else "no Chromium here; `make test-browser` fetches one where that is possible"


REASON = missing()


class Server:
    """The explorer as a process of its own, which can be killed and started again at the same address."""

    def __init__(self, file: Path = FILE) -> None:
        self.file = file
        self.address = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, at the same port as before if there was one."""
        port = self.address.rstrip("/").rpartition(":")[2] or "0"
        command = [sys.executable, "-c", CALL, str(self.file), "--no-open", "--port", port]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().split()[2]

    def kill(self) -> None:
        """End it as a machine that fails does: without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self._process is not None
        return self._process.pid


@contextmanager
def serving(file: Path = FILE) -> Iterator[Server]:
    """A server that is ended in the end."""
    server = Server(file)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def browsing() -> Iterator[Any]:
    """A browser."""
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


class Visit:
    """One visitor's page.

    Attributes
    ----------
    page
        Playwright's.
    requests
        Addresses that were asked for.
    wrong
        Errors of scripts, and what the content security policy refused.
    """

    def __init__(self, browser: Any, address: str, *, wide: int = 1440, scheme: str = "light") -> None:
        self.address = address.partition("?")[0]
        self.requests: list[str] = []
        self.wrong: list[str] = []
        size = {"width": wide, "height": 900}
        self.context = browser.new_context(viewport=size, color_scheme=scheme, accept_downloads=True)
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._heard)
        self.page.goto(address)

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.wrong.append(message.text)

    def settled(self) -> Visit:
        """Wait until all runs are done, the controls are there, and the replay too."""
        self.page.wait_for_selector('#results[aria-busy="false"]')
        self.page.wait_for_selector("#main-controls .control")
        self.page.wait_for_selector("#replay-part:not(.stale) #replay button")
        self.page.wait_for_selector("#breaks li")
        return self

    def again(self, wait: int = 400) -> Visit:
        """Wait until an answer to what was changed just now is complete."""
        self.page.wait_for_timeout(wait)
        return self.settled()

    @property
    def elsewhere(self) -> list[str]:
        """Requests that left for another place than the server."""
        own = (self.address, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]

    def number(self, name: str, side: int = 0) -> str:
        """What the card of a measure shows."""
        card = self.page.locator(".card", has=self.page.get_by_role("heading", name=name, exact=True))
        text = str(card.locator(".value").nth(side).inner_text())
        return text.removeprefix("AB"[side])  # which of two it is stands before it

    def close(self) -> None:
        """End the visit; nothing may have gone wrong."""
        self.context.close()
        assert not self.wrong, self.wrong
        assert not self.elsewhere, self.elsewhere


@contextmanager
def visiting(browser: Any, address: str, **how: Any) -> Iterator[Visit]:
    """A visit that is ended, and nothing has gone wrong."""
    visit = Visit(browser, address, **how)
    try:
        yield visit
    finally:
        visit.context.close()
    assert not visit.wrong, visit.wrong
    assert not visit.elsewhere, visit.elsewhere
