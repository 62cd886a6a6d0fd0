"""Accept and Content-Type, by RFC 9110 and the GraphQL over HTTP draft. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from app.web.refusals import Refusal

JSON = b"application/json"
GRAPHQL = b"application/graphql-response+json"
# In order of preference where a client does not say: older clients expect JSON.
SUPPORTED = (JSON, GRAPHQL)
# Server-Sent Events, for who asks for no JSON.
EVENTS = b"text/event-stream"
TEXT = b"text/plain"
CONTENT_TYPE = {media: media + b"; charset=utf-8" for media in (*SUPPORTED, EVENTS, TEXT)}

LONGEST_CONTENT_TYPE = 200

# A token or a quoted string, up to the next comma or semicolon outside of quotes.
_PART = re.compile(r'(?:[^,;"]|"(?:[^"\\]|\\.)*")+|[,;]')
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


@lru_cache(maxsize=256)
def choose_media_type(accept: bytes | None) -> bytes | None:
    """The media type to answer with, or None if the client accepts none that we have.

    The type with the highest quality; among equals the one that is named more exactly, then earlier. Events
    only where they are named and no JSON is: some clients always list them.

    >>> choose_media_type(None), choose_media_type(b"*/*"), choose_media_type(b"text/html, */*;q=0.8")
    (b'application/json', b'application/json', b'application/json')
    >>> choose_media_type(b"application/graphql-response+json, application/json;q=0.9")
    b'application/graphql-response+json'
    >>> choose_media_type(b"application/json;q=0, application/*")
    b'application/graphql-response+json'
    >>> choose_media_type(b"text/event-stream"), choose_media_type(b"text/event-stream, application/json")
    (b'text/event-stream', b'application/json')
    >>> choose_media_type(b"text/html") is None
    True
    """
    if accept is None or not accept.strip():
        return JSON
    ranges = [_read_range(parts) for parts in _split(accept.decode("latin-1"))]
    named = {pattern for pattern, quality in ranges if quality > 0}
    if EVENTS.decode() in named and not any(pattern.endswith("json") for pattern in named):
        return EVENTS
    best: tuple[tuple[float, int, int], bytes] | None = None
    for media in SUPPORTED:
        matches = [
            (exactness, quality, -position)
            for position, (pattern, quality) in enumerate(ranges)
            if (exactness := _match(pattern, media.decode())) >= 0
        ]
        if not matches:
            continue
        exactness, quality, place = max(matches)
        rank = (quality, exactness, place)
        if quality > 0 and (best is None or rank > best[0]):
            best = rank, media
    return best[1] if best else None


def accepts_events(accept: bytes | None) -> bool:
    """Whether a client that may prefer JSON takes a stream of events where there is nothing else.

    >>> accepts_events(b"application/json, text/event-stream"), accepts_events(b"*/*")
    (True, False)
    """
    ranges = [_read_range(parts) for parts in _split((accept or b"").decode("latin-1"))]
    return any(pattern == EVENTS.decode() and quality > 0 for pattern, quality in ranges)


def check_content_type(values: Sequence[bytes]) -> None:
    """Return if a body under these Content-Type headers is JSON in UTF-8. Raises Refusal (415).

    Only JSON: a browser sends forms and plain text to other sites without asking them first.

    >>> check_content_type([b'application/json; charset="UTF-8"'])
    """
    if not values:
        raise Refusal(415, "A POST needs the header Content-Type: application/json.", _ACCEPT_POST)
    if any(len(value) > LONGEST_CONTENT_TYPE or not _is_json(value) for value in values):
        raise Refusal(415, "The body must be JSON in UTF-8, as Content-Type: application/json.", _ACCEPT_POST)


_ACCEPT_POST = [(b"accept-post", JSON)]


@lru_cache(maxsize=64)
def _is_json(value: bytes) -> bool:
    entries = list(_split(value.decode("latin-1")))
    if len(entries) != 1 or entries[0][0].lower() != "application/json":
        return False
    return all(_charset_is_utf8(parameter) for parameter in entries[0][1:])


def _charset_is_utf8(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() != "charset" or value.strip().strip('"').lower() in ("utf-8", "utf8")


def _split(header: str) -> list[list[str]]:
    """The entries of a header, each as its value and parameters. What cannot be read is left out."""
    entries: list[list[str]] = [[""]]
    for part in _PART.findall(header):
        if part == ",":
            entries.append([""])
        elif part == ";":
            entries[-1].append("")
        else:
            entries[-1][-1] += part
    stripped = [[part.strip() for part in entry] for entry in entries]
    return [entry for entry in stripped if entry[0]]


def _read_range(parts: Sequence[str]) -> tuple[str, float]:
    """A media range and its quality; quality 0 where the range asks for another charset."""
    quality = 1.0
    for parameter in parts[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            given = value.strip()
            quality = float(given) if _QUALITY.fullmatch(given) else 0.0
        elif not _charset_is_utf8(parameter):
            return "", 0.0
    return parts[0].lower(), quality


def _match(pattern: str, media: str) -> int:
    """How exactly a range names a media type: 2 by name, 1 by its first half, 0 as any, -1 not at all."""
    if pattern == media:
        return 2
    if pattern == "application/*":
        return 1
    return 0 if pattern == "*/*" else -1
