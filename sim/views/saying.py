"""Templates of sentences, and how they are filled.

In: `templates/sentences.toml`, all the prose that says what was found. Out: `say`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sim.views import wording


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, what it is about, and which variant of the template it is."""

    topic: str
    variant: str
    text: str

    def __str__(self) -> str:
        return self.text


@cache
def templates() -> dict[str, dict[str, str]]:
    """Topic and variant to template."""
    text = files("sim.views").joinpath("templates/sentences.toml").read_text(encoding="utf-8")
    return {
        topic: {name: str(words) for name, words in variants.items()}
        for topic, variants in tomllib.loads(text).items()
    }


def say(topic: str, variant: str, **fields: object) -> Sentence:
    """Fill one template; the first letter is a capital whatever filled it."""
    return Sentence(topic, variant, wording.capital(templates()[topic][variant].format(**fields)))
