"""A small sound scenario for the tests of the language, and a way to change it."""

from __future__ import annotations

from sim.scenario import Scenario, ScenarioFile, load_text

SMALL = """
name: small
title: One host, one store
clock: {start: 2025-03-01T00:00Z, horizon: 180 d}
suppliers: {host: {kind: cloud host}, store: {kind: app store}}
capabilities:
  use: {needs: [host]}
  install: {needs: [use, store]}
users: {start: 1000, served_by: use, join_by: install}
events:
  - {suspend: host, at: 10 d, notice: 30 h}
response:
  replace:
    host:
      search: {candidates: 3, acceptance: 20 %, reply: {mean: 36 h}}
      tasks:
        adapt: {after: [host_found], takes: {low: 2 d, likely: 5 d, high: 20 d}}
"""


def changed(*changes: tuple[str, str], more: str = "", settings: tuple[str, ...] = ()) -> ScenarioFile:
    """The small scenario with texts replaced and lines added."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return load_text(text + more, settings=settings)


def small(*changes: tuple[str, str], more: str = "", settings: tuple[str, ...] = ()) -> Scenario:
    """Its scenario under the baseline."""
    return changed(*changes, more=more, settings=settings).scenario()
