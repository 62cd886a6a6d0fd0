"""The ids that clients hold: opaque to them, they carry a type and fit in a URL.

`claim_0199e5a0-…` is the key of a claim. The same key in another type is another node, or none.
"""

from __future__ import annotations

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


_TYPES = {node.table: node for node in NodeType}


def encode_id(node: NodeType, key: UUID) -> str:
    """
    >>> encode_id(NodeType.CLAIM, UUID(int=7))
    'claim_00000000-0000-0000-0000-000000000007'
    """
    return f"{node.table}_{key}"


def decode_id(text: str) -> tuple[NodeType, UUID] | None:
    """The type and key of an id; None for anything that `encode_id` does not write.

    >>> decode_id("claim_00000000-0000-0000-0000-000000000007")
    (<NodeType.CLAIM: 'Claim'>, UUID('00000000-0000-0000-0000-000000000007'))
    >>> decode_id("claim_7") is None
    True
    """
    table, separator, key = text.partition("_")
    node = _TYPES.get(table)
    if node is None or not separator or len(key) != 36:
        return None
    try:
        value = UUID(key)
    except ValueError:
        return None
    return (node, value) if str(value) == key else None
