"""The ids that clients hold: opaque to them, they carry a type and fit in a URL.

`claim_0199e5a0-…` is the key of a claim. The same key in another type is another node, or none.
"""

from __future__ import annotations

import re
from enum import StrEnum
from uuid import UUID


class NodeType(StrEnum):
    """The GraphQL types that are nodes. The table of each is its name in lower case."""

    AGENT = "Agent"
    SOURCE = "Source"
    EVENT = "Event"
    QUESTION = "Question"
    CLAIM = "Claim"
    ASSESSMENT = "Assessment"
    RESEARCHER = "Researcher"

    @property
    def table(self) -> str:
        return self.value.lower()


_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TYPES = {node.table: node for node in NodeType}


def encode_id(node: NodeType, key: UUID) -> str:
    """
    >>> encode_id(NodeType.CLAIM, UUID(int=7))
    'claim_00000000-0000-0000-0000-000000000007'
    """
    return f"{node.table}_{key}"


def encode_token_id(key: UUID) -> str:
    """The id of an access token, which is no node: nobody finds it by its id alone.

    >>> encode_token_id(UUID(int=7))
    'token_00000000-0000-0000-0000-000000000007'
    """
    return f"token_{key}"


def decode_token_id(text: str) -> UUID | None:
    """The key of the id of a token; None for anything that `encode_token_id` does not write."""
    key = _read_key(text.removeprefix("token_"))
    return key if key is not None and encode_token_id(key) == text else None


def decode_id(text: str) -> tuple[NodeType, UUID] | None:
    """The type and key of an id; None for anything that `encode_id` does not write.

    >>> decode_id("claim_00000000-0000-0000-0000-000000000007")
    (<NodeType.CLAIM: 'Claim'>, UUID('00000000-0000-0000-0000-000000000007'))
    >>> decode_id("claim_7") is None
    True
    """
    table, separator, key = text.partition("_")
    node = _TYPES.get(table)
    value = _read_key(key)
    if node is None or not separator or value is None:
        return None
    return node, value


def _read_key(text: str) -> UUID | None:
    """A key as it is written here: in small letters, with its dashes."""
    return UUID(int=int(text.replace("-", ""), 16)) if _KEY.fullmatch(text) else None
