"""What a request asks for: a document or its id, `variables`, `operationName`, out of a body or a URL.

Whatever was sent, the answer is `Parameters` or a `Refusal` that names what is wrong.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from app.domain.counts import spell_count
from app.web.asgi import Message, Receive
from app.web.refusals import ClientGone, Refusal
from app.web.room import Share

BODY_SECONDS = 30.0
MAX_URL_BYTES = 64_000
MAX_URL_FIELDS = 50
# Values in the variables of a request, nested ones included: each takes some 10 µs to be typed.
MAX_VALUES = 5_000
_DOCUMENT_ID = re.compile(r"[A-Za-z0-9._~:-]{1,200}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
BOM = b"\xef\xbb\xbf"


class Parameters(NamedTuple):
    """A well-formed request of GraphQL over HTTP: it has a query, a document id or a hash.

    The document may still be anything. `sha256` is Apollo's extensions.persistedQuery.sha256Hash.
    """

    query: str | None
    operation_name: str | None
    variables: dict[str, Any]
    document_id: str | None = None
    sha256: str | None = None


async def read_body(
    receive: Receive, declared: bytes | None, limit: int, share: Share | None = None
) -> bytes:
    """The body, of at most `limit` bytes. Raises Refusal (413, 408) and ClientGone.

    `share` holds what has come of it until it is whole, and may refuse it (503, 429); one whose limit is
    small needs none.

    The rest of a body that is too large is not read here: the server throws it away as it comes.
    """
    if declared is not None and declared.isdigit() and int(declared[:20]) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            message = await receive()
            body: bytes = message.get("body", b"")
            if message["type"] == "http.request" and not message.get("more_body"):
                if len(body) > limit:
                    raise _too_large(limit)
                return body
            return await _read_on(receive, message, limit, share)
    except TimeoutError:
        # The rest may come at any time: it must not be taken for another request.
        closing = [(b"connection", b"close")]
        raise Refusal(408, f"The body was not complete after {BODY_SECONDS:g} s.", closing) from None
    finally:
        if share is not None:
            share.hold(0)


async def _read_on(receive: Receive, message: Message, limit: int, share: Share | None) -> bytes:
    parts: list[bytes] = []
    size = 0
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise _too_large(limit)
        if not message.get("more_body"):
            return b"".join(parts)
        if share is not None:
            share.hold(size)
        message = await receive()
    raise ClientGone


def read_posted(body: bytes, batch_limit: int = 0) -> Parameters | list[Any]:
    """The parameters of a POST's JSON, or the requests of a batch, unread. Raises Refusal (400).

    `batch_limit`: how many requests a batch may hold; 0 takes none.
    """
    value = read_json(body.removeprefix(BOM), "body")
    if isinstance(value, dict):
        return check_parameters(value)
    if not isinstance(value, list):
        raise Refusal(400, "The body must be one JSON object.")
    if not batch_limit:
        told = "requests in a list are turned off. SAYSO_BATCH_LIMIT turns them on."
        raise Refusal(400, f"The body must be one JSON object; {told}")
    if not value:
        raise Refusal(400, "The batch holds no request.")
    if len(value) > batch_limit:
        most = spell_count(batch_limit, "request")
        raise Refusal(400, f"A batch may hold {most}; this one holds {len(value):,}.")
    return value


def read_url(query_string: bytes) -> Parameters:
    """The parameters of a GET's URL; an empty one is one not given. Raises Refusal (400, 414)."""
    fields: dict[str, Any] = {name: value for name, value in read_fields(query_string).items() if value}
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = read_json(fields[name].encode(), f"parameter `{name}`")
    return check_parameters(fields)


def read_fields(query_string: bytes) -> dict[str, str]:
    """What stands in a URL, by name. Raises Refusal (400, 414)."""
    if len(query_string) > MAX_URL_BYTES:
        raise Refusal(414, f"A URL may have {MAX_URL_BYTES} bytes of parameters; use POST.")
    try:
        given = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_URL_FIELDS,
        )
    except UnicodeError:
        raise Refusal(400, "The parameters of the URL are not UTF-8, percent-encoded.") from None
    except ValueError:
        raise Refusal(400, "The URL has too many parameters.") from None
    fields: dict[str, str] = {}
    for name, value in given:
        if name in fields:
            raise Refusal(400, f"The parameter {_shorten(name)} is given twice.")
        fields[name] = value
    return fields


def check_parameters(fields: dict[str, Any]) -> Parameters:
    """The parameters, if each has the type it must have; others are ignored. Raises Refusal (400)."""
    query = fields.get("query")
    name = fields.get("operationName")
    variables = fields.get("variables")
    extensions = fields.get("extensions")
    if query is not None and not isinstance(query, str):
        raise Refusal(400, "`query` must be a string: the text of a GraphQL document.")
    if name is not None and not isinstance(name, str):
        raise Refusal(400, "`operationName` must be a string.")
    if variables is not None and not isinstance(variables, dict):
        raise Refusal(400, "`variables` must be an object: names and values.")
    if variables:
        check_values(variables)
    if extensions is not None and not isinstance(extensions, dict):
        raise Refusal(400, "`extensions` must be an object.")
    document_id = _check_document_id(fields.get("documentId"))
    sha256 = _check_persisted(extensions.get("persistedQuery")) if extensions else None
    if document_id is not None and (query is not None or sha256 is not None):
        raise Refusal(400, "`documentId` stands for the document: give no other with it.")
    if query is None and document_id is None and sha256 is None:
        raise Refusal(400, "`query` is missing: the text of a GraphQL document.")
    return Parameters(query, name or None, variables or {}, document_id, sha256)


def _check_document_id(given: object) -> str | None:
    """The id; a hash in lower case."""
    if given is None:
        return None
    if not isinstance(given, str) or not _DOCUMENT_ID.fullmatch(given):
        raise Refusal(400, "`documentId` must be a string: sha256: and 64 hexadecimal digits, or a plain id.")
    prefix, _, digits = given.partition(":")
    return given.lower() if prefix == "sha256" and _SHA256.fullmatch(digits) else given


def _check_persisted(given: object) -> str | None:
    """The hash of Apollo's `persistedQuery`, in lower case."""
    if given is None:
        return None
    digits = given.get("sha256Hash") if isinstance(given, dict) and given.get("version") == 1 else None
    if not isinstance(digits, str) or not _SHA256.fullmatch(digits):
        raise Refusal(400, "`extensions.persistedQuery` must have version 1 and sha256Hash, 64 digits.")
    return digits.lower()


# As JSON is read.
_NESTED = (dict, list)


def check_values(variables: dict[str, Any]) -> None:
    """Return if there are at most MAX_VALUES values, however nested. Raises Refusal (400)."""
    left = MAX_VALUES
    inner: list[Any] = [variables]
    for value in inner:
        members = value.values() if type(value) is dict else value
        left -= len(members)
        if left < 0:
            raise Refusal(400, f"`variables` may hold {MAX_VALUES:,} values, nested ones included.")
        inner += [each for each in members if type(each) in _NESTED]


def read_json(encoded: bytes, what: str) -> Any:
    """The value of a JSON text. Raises Refusal (400) for what JSON, or UTF-8, does not allow."""
    try:
        text = encoded.decode()
        value = _decode(text)
        # Half a surrogate pair can be written in JSON; it is no character, and cannot be stored or sent.
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except RecursionError:
        raise Refusal(400, f"The {what} is nested too deeply.") from None
    except UnicodeDecodeError as problem:
        raise Refusal(400, f"The {what} is not UTF-8 at byte {problem.start}.") from None
    except UnicodeEncodeError:
        raise Refusal(400, f"The {what} holds half a surrogate pair, which is no character.") from None
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise Refusal(400, f"The {what} is not JSON: {problem.msg} ({place}).") from None
    except ValueError as problem:
        raise Refusal(400, f"The {what} is not JSON that can be read: {_shorten(str(problem))}.") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# Python reads NaN and Infinity too, which JSON does not have.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _decode(text: str) -> Any:
    """`_DECODER.decode`, which looks for white space by two regular expressions first."""
    if text[:1] == "{" and text[-1:] == "}":
        value, end = _DECODER.raw_decode(text)
        if end == len(text):
            return value
    return _DECODER.decode(text)


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"The body may have {limit:,} bytes.")


def _shorten(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
