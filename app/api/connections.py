"""Relay's connections: a page of a list, with cursors that stay while rows are added."""

from __future__ import annotations

from typing import Generic, TypeVar

import strawberry

from app.api.declaring import described, read_type

Node = TypeVar("Node")


@read_type
class PageInfo:
    """Whether there is more, and where to go on."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="One place in a list.")
class Edge(Generic[Node]):
    cursor: str
    node: Node


@strawberry.type(description="A page of a list: 20 unless asked, 100 at most.")
class Connection(Generic[Node]):
    edges: list[Edge[Node]]
    page_info: PageInfo
    total_count: int = described("How many there are in all. Counted only if asked for.")
