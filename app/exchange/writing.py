"""Entries → the text of a bundle, for people to read and for bundle.py to read back, each value as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from app.exchange.entries import Entry, Section, SourceEntry
from app.exchange.sections import INHERITED
from app.exchange.spelling import spell

if TYPE_CHECKING:
    _DUMPER = yaml.SafeDumper
else:  # that of C, where yaml was built with it
    _DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
# No line is folded: a folded line is harder to search for, and to compare.
_WIDTH = 2**30


class _Dumper(_DUMPER):
    """Writes every value out, and words of several lines as they stand where YAML can hold them so."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _represent_words(dumper: Any, words: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", words, style=_choose_style(words))


def _represent_decimal(dumper: Any, value: Decimal) -> Any:
    kind = "int" if value == value.to_integral_value() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", f"{value:f}")


_Dumper.add_representer(str, _represent_words)
_Dumper.add_representer(Decimal, _represent_decimal)


def write_header(format: str, bundle: str | None) -> str:
    """The first lines of a bundle file."""
    return _dump({"format": format} | ({} if bundle is None else {"bundle": bundle}))


def write_section(section: Section, entries: Iterable[Mapping[str, Any]]) -> str:
    """The lines of a section; none where it has no entries."""
    listed = list(entries)
    return f"\n{section}:\n{_dump(listed)}" if listed else ""


def write_entry(entry: Entry, before: SourceEntry | None = None) -> dict[str, Any]:
    """The fields of an entry in the order in which they are written.

    Of a revision, what is otherwise than in the version `before` it: null for what that has and it has not.
    """
    spelled = spell(entry)
    if before is None:
        return spelled
    known = spell(before)
    inherited = {name for name in INHERITED if known.get(name) == spelled.get(name)} - {"title"}
    given = {name: value for name, value in spelled.items() if name not in inherited}
    return given | {name: None for name in INHERITED if name in known and name not in spelled}


def _dump(value: Any) -> str:
    written: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=_WIDTH
    )
    return written


def _choose_style(words: str) -> str | None:
    """None: plain, or in single quotes if need be. |: line by line. ": what is unseen spelled out."""
    if words.isprintable():
        return None
    # Line by line neither a space at the end of a line would be seen, nor an empty line at the end of all.
    lines = words.removesuffix("\n").split("\n")
    seen = all(line.isprintable() and not line.endswith(" ") for line in lines)
    return "|" if seen and lines[-1] else '"'
