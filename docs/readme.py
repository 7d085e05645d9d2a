"""The README's findings: run the case, keep its sentences and picture, write them between the markers.

    python docs/readme.py            run scenarios/parler_2021.yaml; write JSON, picture and README
    python docs/readme.py --text     write the README from the JSON that is there

No number in the README is typed by hand. A test compares the README with the JSON and the JSON with a run.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.markers import between

if TYPE_CHECKING:
    from sim.views.api import Result

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "scenarios" / "parler_2021.yaml"
KEPT = ROOT / "docs" / "parler_2021.json"
PICTURE = ROOT / "docs" / "parler_2021_users.svg"
README = ROOT / "README.md"
REPLICATIONS = 1000
TOPICS = {"findings": ("downtime", "users", "missing", "path"), "happened": ("observed",)}


def findings() -> tuple[dict[str, Any], bytes]:
    """Run the case; return what the README says of it, and the picture."""
    from sim import load_scenario, run

    result = run(load_scenario(SCENARIO), replications=REPLICATIONS)
    picture = result.figures["users"]
    svg = picture.svg()
    kept = {
        "title": result.case.scenario.title,
        "replications": REPLICATIONS,
        "sentences": {name: said(result, topics) for name, topics in TOPICS.items()},
        "alternative": picture.alternative,
        "picture": hashlib.sha256(svg).hexdigest(),
    }
    return kept, svg


def said(result: Result, topics: tuple[str, ...]) -> list[str]:
    """The sentences about some topics."""
    return [each.text for each in result.sentences if each.topic in topics]


def text(kept: dict[str, Any]) -> str:
    """What stands between the markers."""
    sentences = "\n".join(f"* {sentence}" for sentence in kept["sentences"]["findings"])
    happened = "\n".join(f"* {sentence}" for sentence in kept["sentences"]["happened"])
    picture = PICTURE.relative_to(ROOT).as_posix()
    source = SCENARIO.relative_to(ROOT).as_posix()
    return (
        f"**{kept['title']}** ([the scenario]({source}), {kept['replications']:,} runs of what one could\n"
        "have assumed before it happened):\n\n"
        f"{sentences}\n\n"
        f"![{kept['alternative']}]({picture})\n\n"
        f"What really happened, which the inputs were not tuned to:\n\n{happened}\n"
    )


def filled(readme: str, kept: dict[str, Any]) -> str:
    """The README with the findings between its markers."""
    return between(readme, "findings", text(kept), README.name)


def main() -> int:
    """Make the findings again unless only the text was asked for, and write the README."""
    if "--text" not in sys.argv[1:]:
        kept, svg = findings()
        KEPT.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        PICTURE.write_bytes(svg)
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    README.write_text(filled(README.read_text(encoding="utf-8"), kept), encoding="utf-8")
    print(f"Written: {README.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
