"""The page at / where the workbench is not built: why, and queries to begin with. It loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """A query to paste. `title` is the comment it begins with."""

    title: str
    text: str


@cache
def read_queries() -> tuple[SampleQuery, ...]:
    """The queries of queries/*.graphql, in order of their names."""
    texts = [path.read_text(encoding="utf-8").strip() for path in sorted(_FOLDER.glob("queries/*.graphql"))]
    return tuple(SampleQuery(text.partition("\n")[0].lstrip("# "), text) for text in texts)


def make_page(graphql_path: str, trouble: str | None) -> str:
    """The page; `trouble` is why there is no workbench.

    Each query is a link as well: its answer is JSON, which a browser shows.
    """
    page = Template((_FOLDER / "welcome.html").read_text(encoding="utf-8"))
    section = Template('<h3><a href="$href">$title</a></h3>\n<pre>$text</pre>')
    shown = [
        section.substitute(
            href=escape(f"{graphql_path}?query={quote(query.text)}"),
            title=escape(query.title),
            text=escape(query.text.partition("\n")[2]),
        )
        for query in read_queries()
    ]
    return page.substitute(path=escape(graphql_path), queries="\n".join(shown), trouble=escape(trouble or ""))
