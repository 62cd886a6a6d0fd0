"""What resolvers find in `info.context`."""

from __future__ import annotations

from dataclasses import dataclass

from app.database import Database
from app.permissions import Viewer


@dataclass(frozen=True, slots=True)
class RequestContext:
    viewer: Viewer
    database: Database
