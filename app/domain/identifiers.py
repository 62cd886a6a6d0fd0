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


# As it is written here: in small letters, with its dashes.
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
    prefix, _, key = text.partition("_")
    return UUID(key) if prefix == "token" and _KEY.fullmatch(key) else None


def decode_id(text: str) -> tuple[NodeType, UUID] | None:
    """The type and key of an id; None for anything that `encode_id` does not write.

    >>> decode_id("claim_00000000-0000-0000-0000-000000000007")
    (<NodeType.CLAIM: 'Claim'>, UUID('00000000-0000-0000-0000-000000000007'))
    >>> decode_id("claim_7") is None
    True
    """
    split = split_id(text)
    return split and (split[0], UUID(split[1]))


def split_id(text: str) -> tuple[NodeType, str] | None:
    """As `decode_id`, with the key as it is written there.

    >>> split_id("claim_00000000-0000-0000-0000-000000000007")
    (<NodeType.CLAIM: 'Claim'>, '00000000-0000-0000-0000-000000000007')
    """
    table, _, key = text.partition("_")
    node = _TYPES.get(table)
    return (node, key) if node is not None and _KEY.fullmatch(key) else None
