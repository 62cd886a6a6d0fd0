"""The words of a text: found whatever their accents, kept whatever the text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.permissions import Viewer

MILLION = 1_000_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"
IDEOGRAPHS = "".join(map(chr, range(0x20000, 0x2A6D0)))  # four bytes each in UTF-8
ARABIC = "".join(map(chr, range(0x621, 0x64B)))


def spell(number: int, alphabet: str = LETTERS) -> str:
    """The number in digits of the alphabet: another word for each number.

    >>> spell(25), spell(26)
    ('z', 'ba')
    """
    word = alphabet[number % len(alphabet)]
    while number := number // len(alphabet):
        word = alphabet[number % len(alphabet)] + word
    return word


def distinct(make: Callable[[int], str], separator: str = " ") -> str:
    """A million characters of words, none of them twice."""
    words: list[str] = []
    length = 0
    for number in count():
        words.append(make(number))
        length += len(words[-1]) + len(separator)
        if length > MILLION:
            break
    return separator.join(words)[:MILLION]


# What makes the most words, or the longest, of a million characters. A tsvector holds 1 MiB.
MANY_WORDS: dict[str, Callable[[], str]] = {
    "letters": lambda: distinct(spell),
    "ideographs": lambda: distinct(lambda n: spell(n, IDEOGRAPHS).rjust(400, IDEOGRAPHS[0])),
    "arabic and emoji": lambda: distinct(lambda n: chr(0x1F300 + n % 1000) + spell(n, ARABIC)),
    "addresses of pages": lambda: distinct(lambda n: f"http://{spell(n)}.co/{spell(n)}"),
    "hosts and paths": lambda: distinct(lambda n: f"{spell(n)}.co/{spell(n)}"),
    "addresses of mail": lambda: distinct(lambda n: f"{spell(n)}@{spell(n)}.co"),
    "hyphens": lambda: distinct(lambda n: "-".join(spell(20 * n + k) for k in range(20))),
    "what unaccent spells out": lambda: distinct(lambda n: "㎨㏂" + spell(n)),
    "one run": lambda: distinct(spell, separator="."),
}
# What Postgres's parser takes time for by the square of the length: a minute or more for this much of it.
SLOW_PATTERNS = ["a_", "~/", "./", "1A@", "<!-- "]
SLOW_LENGTH = 300_000


class Sources:
    """Stores texts and searches them, as far as SQL goes."""

    def __init__(self, connection: AsyncConnection, viewer: Viewer) -> None:
        self.connection, self.viewer = connection, viewer

    async def store(self, content: str) -> UUID:
        statement = (
            "INSERT INTO source (id, newest_version, recorded_by, kind, title, text)"
            " SELECT id, id, :researcher, 'ARTICLE', 'A title', :text FROM uuidv7() AS id RETURNING id"
        )
        values = {"researcher": self.viewer.researcher, "text": content}
        key: UUID = (await self.connection.execute(text(statement), values)).scalar_one()
        return key

    async def read(self, key: UUID, expression: str) -> object:
        statement = text(f"SELECT {expression} FROM source WHERE id = :id")
        return (await self.connection.execute(statement, {"id": key})).scalar_one()

    async def finds(self, key: UUID, words: str) -> bool:
        statement = text(
            "SELECT words @@ websearch_to_tsquery('simple', public.unaccent(:words))"
            " FROM source WHERE id = :id"
        )
        found: bool = (await self.connection.execute(statement, {"id": key, "words": words})).scalar_one()
        return found


@pytest.fixture
def sources(connection: AsyncConnection, viewer: Viewer) -> Sources:
    return Sources(connection, viewer)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Çınarın gölgesi", "Cinarin"),
        ("Cinarin", "çınarın"),
        ("ÉLYSÉE", "elysee"),
        ("Kata\N{LATIN SMALL LETTER I WITH DIAERESIS}b Hizbullah", '"kataib hizbullah"'),
        ("Abu Mahdi al-Muhandis", "al-muhandis"),
        ("Abu Mahdi al-Muhandis", "Muhandis"),
        ("“fully responsible,quot;", "responsible"),
        ("كتائب حزب الله", "حزب"),
        ("see https://rudaw.net/english/291220191 for more", "rudaw.net/english/291220191"),
        ("see https://rudaw.net/english/291220191 for more", "rudaw.net"),
        ("<!-- a comment", "comment"),
    ],
)
async def test_words_are_found(sources: Sources, content: str, words: str) -> None:
    key = await sources.store(content)
    assert await sources.finds(key, words)
    assert not await sources.finds(key, "elsewhere")


async def test_the_words_of_a_long_text_are_found_up_to_its_end(sources: Sources) -> None:
    prose = "It was said that around 750 soldiers would go there at once. " * (MILLION // 62)
    assert await sources.finds(await sources.store(prose + "Baghdad"), "soldiers baghdad")


async def test_a_run_without_spaces_is_searched_by_its_parts(sources: Sources) -> None:
    key = await sources.store("_" * 5_000 + "signature" + "_" * 5_000 + " Baghdad")
    assert await sources.finds(key, "signature baghdad")


@pytest.mark.parametrize("kind", MANY_WORDS)
async def test_a_million_characters_of_words_are_kept(sources: Sources, kind: str) -> None:
    content = MANY_WORDS[kind]()
    key = await sources.store(content)
    assert await sources.read(key, "text") == content
    # Not all of its words can be searched, yet a good part: as many as fill nearly half of what is allowed.
    assert await sources.read(key, "pg_column_size(words) > 400000")


@pytest.mark.parametrize("pattern", SLOW_PATTERNS)
async def test_no_text_takes_longer_than_a_statement_may(sources: Sources, pattern: str) -> None:
    await sources.connection.execute(text("SET LOCAL statement_timeout = '15s'"))
    await sources.store((pattern * SLOW_LENGTH)[:SLOW_LENGTH])
