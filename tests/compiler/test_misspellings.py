"""How many misspelled words find the names that they are of: those of the sample, each way to err."""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Callable

import pytest

from app.database import Database
from tests.compiler.compiling import compile_text

SEARCH = """query Search($text: String!, $types: [SearchType!]) {
  search(text: $text, types: $types, first: 10) {
    edges { node { ... on Agent { name aliases } ... on Source { title } ... on Event { title } } }
  }
}"""
NAMES = {
    "AGENT": "SELECT json_agg(name || ' ' || array_to_string(aliases, ' ') ORDER BY id)::varchar FROM agent",
    "SOURCE": "SELECT json_agg(title ORDER BY id)::varchar FROM source",
}
WORD = re.compile(r"\b[A-Za-z]{6,}\b")
TRIED = 60  # words of each type: there are many in titles

Error = Callable[[str, int, random.Random], str]


def drop(word: str, at: int, draw: random.Random) -> str:
    del draw
    return word[:at] + word[at + 1 :]


def double(word: str, at: int, draw: random.Random) -> str:
    del draw
    return word[:at] + word[at] + word[at:]


def swap(word: str, at: int, draw: random.Random) -> str:
    del draw
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def replace(word: str, at: int, draw: random.Random) -> str:
    others = [letter for letter in string.ascii_lowercase if letter != word[at]]
    return word[:at] + draw.choice(others) + word[at + 1 :]


async def read_words(database: Database, type_: str, least: int) -> list[str]:
    names: list[str] = json.loads(await database.fetch_json(NAMES[type_], []))
    words = {word.lower() for name in names for word in WORD.findall(name) if len(word) >= least}
    return random.Random(type_).sample(sorted(words), min(len(words), TRIED))


# As docs/graphql.md says: a word of so many letters is found in spite of one error that is not at its end.
FOUND: tuple[tuple[str, Error, int], ...] = (
    ("AGENT", double, 6),
    ("AGENT", drop, 6),
    ("AGENT", replace, 6),
    ("AGENT", swap, 9),
    ("SOURCE", double, 6),
    ("SOURCE", drop, 7),
    ("SOURCE", replace, 8),
    ("SOURCE", swap, 11),
)


@pytest.mark.parametrize(("type_", "err", "letters"), FOUND)
async def test_a_misspelled_word_finds_its_name(
    sample: Database, type_: str, err: Error, letters: int
) -> None:
    statement, variables = compile_text(SEARCH, {"text": "", "types": [type_]})
    words = await read_words(sample, type_, letters)
    draw = random.Random(f"{type_} {err.__name__}")
    missed = {}
    for word in words:
        misspelled = err(word, draw.randrange(1, len(word) - 1), draw)
        body = await sample.fetch_json(
            statement.sql, statement.bind(variables | {"text": misspelled}, {"viewer": None})
        )
        nodes = json.loads(body)["data"]["search"]["edges"]
        if not any(word in json.dumps(node, ensure_ascii=False).lower() for node in nodes):
            missed[word] = misspelled
    assert len(words) > 3
    assert not missed
