"""Templates of sentences, and how they are filled.

In: the TOML files in `templates`: `sentences` is what a study found, the others are one verb's each. Out:
`fill`, and `say` for the first.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, partial
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
def templates(book: str = "sentences") -> dict[str, dict[str, str]]:
    """Topic and variant to template, of one file of templates."""
    text = files("sim.views").joinpath(f"templates/{book}.toml").read_text(encoding="utf-8")
    return {
        topic: {name: str(words) for name, words in variants.items()}
        for topic, variants in tomllib.loads(text).items()
    }


def fill(book: str, topic: str, variant: str, /, **fields: object) -> Sentence:
    """Fill one template of a file; the first letter is a capital whatever filled it."""
    return Sentence(topic, variant, wording.capital(templates(book)[topic][variant].format(**fields)))


say = partial(fill, "sentences")
"""Fill one template of the file that says what a study found."""
