"""Documents that are asked for by an id instead of their text.

Two kinds. *Known* documents are the workbench's own, and those of a file that a setting names, as the tools
of clients write it when a frontend is built; a setting takes nothing else. *Registered* ones are sent by
clients along with their hash (Apollo's automatic persisted queries), and kept as long as there is room: who
sends the hash of another is told so, and sends the document again.

What outsiders register is kept apart. A hash would tell whoever guesses a document, with a name in it, that
somebody asks for it; and strangers would take the room of those who work here.

`documentId` is that of the draft "Persisted Documents" of GraphQL over HTTP: an id of the file, or sha256:…
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from app.api.documents import MAX_KEPT_LENGTH
from app.domain.texts import hash_text
from app.errors import (
    DocumentUnknown,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
    QueryRefused,
    SettingInvalid,
)
from app.kept import Kept
from app.permissions import Viewer
from app.settings import Settings
from app.web.parameters import Parameters

MAX_REGISTERED_LENGTHS = 8_000_000  # characters of all registered documents


class PersistedDocuments:
    """Finds the text that a request means. One for each server: what clients register is not shared."""

    def __init__(self, known: Mapping[str, str], *, only_known: bool, registered: int) -> None:
        """`known`: documents by their ids; `registered`: how many others are kept of outsiders, and of all
        others; 0 for none."""
        self._known = {f"sha256:{hash_text(text)}": text for text in known.values()} | dict(known)
        self._texts = frozenset(known.values())
        self._only_known = only_known
        self._registers = registered > 0
        # By whether outsiders registered them.
        self._registered: Mapping[bool, Kept[str, str]] = {
            outside: Kept(registered, MAX_REGISTERED_LENGTHS, lambda _, text: len(text))
            for outside in (False, True)
        }

    @classmethod
    def from_settings(cls, settings: Settings, own: Mapping[str, str]) -> PersistedDocuments:
        """As the settings say, and those that the server's `own` page sends. Raises SettingInvalid for a file
        that cannot be read, and where no document could be taken."""
        if settings.known_documents is None and settings.only_known_documents and not own:
            raise SettingInvalid(
                "Only known documents are to be taken, and none are known.",
                hint="Name their file in SAYSO_KNOWN_DOCUMENTS.",
            )
        given = read_manifest(settings.known_documents) if settings.known_documents else {}
        known = {**own, **given}
        return cls(known, only_known=settings.only_known_documents, registered=settings.registered_documents)

    def find(self, parameters: Parameters, viewer: Viewer) -> str:
        """The text of the document that is asked for.

        Raises DocumentUnknown; PersistedQueryNotFound and PersistedQueryNotSupported, which tell a client to
        send the text; QueryRefused for a text that has another hash.
        """
        if parameters.query is not None:
            if parameters.sha256 is not None and parameters.sha256 != hash_text(parameters.query):
                raise QueryRefused("The sha256Hash is not that of the query.")
            if self._only_known and parameters.query not in self._texts:
                raise DocumentUnknown(
                    "This server takes known documents only, and this is none of them.",
                    hint="Ask whoever runs it to add the document to the file in SAYSO_KNOWN_DOCUMENTS.",
                )
            return parameters.query
        if parameters.document_id is not None:
            return self._find_id(parameters.document_id, viewer)
        assert parameters.sha256 is not None, "check_parameters has seen to it"
        return self._find_hash(parameters.sha256, viewer)

    def register(self, parameters: Parameters, viewer: Viewer) -> None:
        """Keep a valid document that was sent along with its hash."""
        text = parameters.query
        if parameters.sha256 is None or text is None or self._only_known or not self._registers:
            return
        if len(text) <= MAX_KEPT_LENGTH:
            self._registered[viewer.is_outsider].get_or_make(parameters.sha256, lambda: text)

    def _find_id(self, id: str, viewer: Viewer) -> str:
        text = self._known.get(id)
        if text is not None:
            return text
        prefix, _, digits = id.partition(":")
        if prefix == "sha256" and self._registers and not self._only_known:
            return self._registered[viewer.is_outsider].get_or_make(digits, _not_found)
        raise DocumentUnknown("There is no document with this documentId.", hint="Send its text as `query`.")

    def _find_hash(self, digits: str, viewer: Viewer) -> str:
        text = self._known.get(digits) or self._known.get(f"sha256:{digits}")
        if text is not None:
            return text
        if self._only_known:
            raise DocumentUnknown("This server takes known documents only, and this is none of them.")
        if not self._registers:
            raise PersistedQueryNotSupported
        return self._registered[viewer.is_outsider].get_or_make(digits, _not_found)


def _not_found() -> NoReturn:
    raise PersistedQueryNotFound


def read_manifest(path: Path) -> dict[str, str]:
    """The documents of a file, by their ids. Raises SettingInvalid, which names what is wrong.

    Two forms: {"id": "document", …}, as Relay's compiler and graphql-codegen write it, and Apollo's
    {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": …, "body": …}, …]}.
    """
    try:
        value = json.loads(path.read_bytes())
    except OSError as problem:
        raise _unreadable(path, problem.strerror or str(problem)) from None
    except (ValueError, RecursionError) as problem:
        raise _unreadable(path, f"it is not JSON ({problem})") from None
    if not isinstance(value, dict):
        raise _unreadable(path, "it must be an object")
    documents: dict[str, str] = {}
    for id, text in _entries(path, value):
        if not isinstance(id, str) or not isinstance(text, str):
            raise _unreadable(path, f"the document {id!r} must be an id and a text")
        if documents.setdefault(id, text) != text:
            raise _unreadable(path, f"two documents have the id {id}")
    return documents


def _entries(path: Path, manifest: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    if "operations" not in manifest:
        yield from manifest.items()
        return
    operations = manifest["operations"]
    if manifest.get("version") != 1 or not isinstance(operations, list):
        raise _unreadable(path, "it is not version 1 of Apollo's manifest")
    for operation in operations:
        if not isinstance(operation, dict):
            raise _unreadable(path, "each of its operations must be an object")
        yield operation.get("id"), operation.get("body")


def _unreadable(path: Path, why: str) -> SettingInvalid:
    return SettingInvalid(f"The known documents in {path} cannot be read: {why}.")
