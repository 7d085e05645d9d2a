"""What ran, in words, from a study's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.resolution import IN_WORDS
from sim.views import wording


def ran(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The manifest's entries that a reader needs to make the numbers again."""
    versions: Mapping[str, str] = manifest.get("versions", {})
    instructions = manifest.get("machine", {}).get("instructions", [])
    known = {
        "Finished": str(manifest.get("finished") or ""),
        "Took": wording.seconds(float(manifest.get("duration_seconds") or 0.0)),
        "Command": str(manifest.get("command") or ""),
        "Users": IN_WORDS[manifest.get("users", "expected")],
        "Libraries": ", ".join(f"{name} {version}" for name, version in versions.items()),
        "Processor instructions": ", ".join(map(str, instructions)),
    }
    return {term: value for term, value in known.items() if value}
