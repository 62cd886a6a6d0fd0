"""How fields are declared in few words: columns, links, moments, parties."""

from __future__ import annotations

from app.compiler.catalog.meanings import Collection, Leaf, Link, Part, Variants
from app.compiler.terms import Encoding


def id_of(table: str) -> Leaf:
    return Leaf("{t}.id", Encoding.PREFIXED, prefix=f"{table}_")


def text(column: str, *, nullable: bool = False) -> Leaf:
    return Leaf("{t}." + column, Encoding.TEXT, nullable)


def word(column: str, *, nullable: bool = False) -> Leaf:
    return Leaf("{t}." + column, Encoding.WORD, nullable)


def number(column: str, *, nullable: bool = False) -> Leaf:
    return Leaf("{t}." + column, Encoding.NUMBER, nullable)


def boolean(template: str, *, nullable: bool = False) -> Leaf:
    return Leaf(template, Encoding.BOOLEAN, nullable)


def time_of(template: str, *, nullable: bool = False) -> Leaf:
    return Leaf(template, Encoding.TIME, nullable)


def link(type_: str, column: str, *, nullable: bool = False) -> Link:
    return Link(type_, f"{type_.lower()} {{t}}", f"{{t}}.id = {{p}}.{column}", nullable, "id")


def moment(column: str, *, nullable: bool = True) -> Part:
    return Part(
        "Moment",
        {
            "text": text(f"{column}_text"),
            "from": time_of(f"lower({{t}}.{column})"),
            "to": time_of(f"upper({{t}}.{column})"),
        },
        f"{{t}}.{column} IS NOT NULL" if nullable else None,
    )


# A party is the key of an agent, or of the source whose publisher is not known. `{p}.id` may be text.
PARTY = Variants(
    "Party",
    (
        Link("Agent", "agent {t}", "{t}.id = {p}.id::uuid", nullable=True),
        Link("UnknownPublisher", "source {t}", "{t}.id = {p}.id::uuid", nullable=True),
    ),
)


def one_of(name: str, *types: str) -> Variants:
    """What a row's `type`, a table, and `id` name."""
    links = (
        Link(type_, f"{type_.lower()} {{t}}", f"{{t}}.id = {{p}}.id AND {{p}}.type = '{type_.lower()}'", True)
        for type_ in types
    )
    return Variants(name, tuple(links))


def parties(source: str) -> Collection:
    return Collection(PARTY, f"{source} WITH ORDINALITY {{t}}(id, n)", "true", ("{t}.n",))
