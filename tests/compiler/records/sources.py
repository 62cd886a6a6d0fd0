"""Sources: of every kind, with and without text, publisher, date and language; revised and reprinted."""

from __future__ import annotations

from tests.compiler.records.keys import Row, moment

_ARTICLE = (
    "The United States is sending hundreds more troops to the Middle East. The Pentagon said around 750"
    ' soldiers would go. He considers Tehran "fully responsible,quot; for the incident. At least 25 fighters'
    " died."
)

SOURCES: dict[str, Row] = {
    # Three versions of one article, the first reprinted.
    "article": {
        "kind": "ARTICLE",
        "publisher": "zeitung",
        "title": "The United States sends hundreds more troops",
        "url": "https://example.org/troops",
        "byline": "A. Writer and B. Writer",
        "language": "en",
        "text": _ARTICLE,
        "media_type": "text/html; charset=utf-8",
        "retrieved_at": "2020-01-02T03:04:05.6+00:00",
        "archive_url": "https://archive.example.org/troops",
        "note": "Read in print first.",
        **moment("published", "2019-12-31"),
    },
    "article_second": {
        "kind": "ARTICLE",
        "publisher": "zeitung",
        "title": "The United States sends hundreds more troops",
        "url": "https://example.org/troops",
        "language": "en",
        "text": _ARTICLE + "\nCorrected: an earlier version said otherwise.",
        "revises": "article",
        "recorded_by": "noor",
        "version": 2,
        **moment("published", "2019-12-31T21:00:00+03:00"),
    },
    "article_third": {
        "kind": "ARTICLE",
        "publisher": "zeitung",
        "title": "The United States sends troops",
        "text": "Nothing is left of it.",
        "language": "en",
        "revises": "article_second",
        **moment("published", "2020-01-01T00:00:00.123456Z"),
    },
    "reprint": {
        "kind": "ARTICLE",
        "publisher": "postasi",
        "title": "ABD yüzlerce asker daha gönderiyor",
        "language": "tr",
        "reprints": "article",
        "url": "https://example.org/tr?q=100%25&x='\"<>",
        **moment("published", "2020-01-01"),
    },
    "reprint_again": {
        "kind": "POST",
        "title": "Seen on a wall 🧱",
        "reprints": "reprint",
        **moment("published", "2020"),
    },
    "statement": {
        "kind": "STATEMENT",
        "publisher": "dod",
        "title": "Statement by the Department of Defense",
        "language": "en",
        "text": "At the direction of the President …",
        **moment("published", "2019-12-29T20:30:00.5Z"),
    },
    "twin_statement": {
        "kind": "STATEMENT",
        "publisher": "dod_twin",
        "title": "Statement published by an agent that was merged",
        **moment("published", "2019-12"),
    },
    "wire": {
        "kind": "REPORT",
        "publisher": "reuters",
        "title": "Iraq militia says toll rises to 28",
        "language": "en",
        "byline": "",
        **moment("published", "2019-12-30"),
    },
    # The same stretch of time as the wire's: the order by publication falls back on the key.
    "wire_copy": {
        "kind": "ARTICLE",
        "publisher": "athena",
        "title": "Ο απολογισμός ανεβαίνει σε 28",
        "language": "el",
        "reprints": "wire",
        **moment("published", "2019-12-30"),
    },
    "interview": {
        "kind": "INTERVIEW",
        "publisher": "nippon",
        "title": "国防長官に聞く",
        "language": "ja",
        "text": "「約750人」と述べた。👩🏽‍🚀",
        "media_type": "text/plain",
        **moment("published", "2019"),
    },
    "broadcast": {"kind": "BROADCAST", "publisher": "iraq", "title": "State television, evening news"},
    "video": {"kind": "VIDEO", "title": "A video of unknown origin", "url": "https://example.org/v"},
    "image": {"kind": "IMAGE", "publisher": "account", "title": 'Photo: smoke\tover "the" gate \\o/'},
    "dataset": {
        "kind": "DATASET",
        "title": "Incidents 1990–2019",
        "language": "en-GB",
        "text": "",
        "note": "An empty file.",
        **moment("published", "1999-02-28"),
    },
    "protected_post": {
        "kind": "POST",
        "publisher": "blogger",
        "title": "What I saw",
        "language": "ar",
        "text": "رأيت كل شيء",
        **moment("published", "0002"),
    },
    # Restricted, and so are its versions; what reprints it is hidden with it.
    "leak": {
        "kind": "REPORT",
        "publisher": "dod",
        "title": "A leaked cable on the embassy",
        "url": "https://example.org/leak",
        "text": "Hundreds more troops are to go.",
        "restricted": True,
        **moment("published", "2019-12-29"),
    },
    "leak_second": {
        "kind": "REPORT",
        "publisher": "dod",
        "title": "A leaked cable on the embassy, whole",
        "text": "Hundreds more troops are to go on Monday.",
        "revises": "leak",
        "restricted": True,
    },
    "leak_reprint": {
        "kind": "ARTICLE",
        "publisher": "zeitung",
        "title": "What the cable says",
        # Of what all may see, too: the one last recorded is not for all.
        "url": "https://example.org/troops",
        "language": "pt-BR",
        "reprints": "leak",
    },
    "far_future": {
        "kind": "REPORT",
        "publisher": "iran",
        "title": "Dated wrongly",
        **moment("published", "9998"),
    },
}
