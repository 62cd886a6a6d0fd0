"""Digests of outcomes: each row of `corroboration` carries two, which tell whether it stands as it came out.

A row that stays as it is costs 32 bytes to read, and nothing to spell or to send. A row that was changed by
anybody else has none (docs/decisions/0022), and is written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from app.domain.corroboration import RULE_VERSION, Corroboration
from app.domain.vocabulary import Side
from app.services.outcomes import Outcome

# In bytes: nobody finds two rows with the same one.
DIGEST = 16


class Digests(NamedTuple):
    """Of a row: `lines` of its lines, as all and as outsiders see them, `rest` of everything else."""

    rest: bytes | None
    lines: bytes | None


def find_digests(outcomes: Mapping[UUID, Outcome]) -> dict[UUID, Digests]:
    """Those of the rows that the outcomes make; the same ones wherever they are worked out."""
    digester = _Digester()
    return {claim: digester.find(outcome) for claim, outcome in outcomes.items()}


class _Digester:
    """Digests of outcomes.

    What they share is gone through once. It is told by its identity: the outcomes have to live as long.
    """

    def __init__(self) -> None:
        self._spelled: dict[int, bytes] = {}
        self._lines: dict[tuple[int, ...], bytes] = {}

    def find(self, outcome: Outcome) -> Digests:
        result, said = outcome.result, outcome.said
        values = (
            RULE_VERSION,
            result.status.value,
            (result.live, result.lines_exact, result.disagreed, outcome.hidden),
            (result.lines_for, result.lines_against, result.reports_for, result.reports_against),
            result.explanation,
            result.outside_explanation,
            None if said is None else (str(said.start), str(said.end)),
        )
        lists = (result.weakest_links, result.named, outcome.chain, outcome.origins)
        outside = result.outside_weakest_links
        spelled = [repr(values).encode("utf-8", "surrogatepass"), *map(self._spell, lists)]
        spelled.append(b"" if outside is None else self._spell(outside))
        return Digests(_digest(b"\0".join(spelled)), self._digest_lines(result))

    def _digest_lines(self, result: Corroboration) -> bytes:
        told = [result.lines] if result.outside_lines is None else [result.lines, result.outside_lines]
        sides = [lines[side] for lines in told for side in Side]
        key = tuple(map(id, sides))
        if key not in self._lines:
            self._lines[key] = _digest(b"".join(map(self._spell_paths, sides)))
        return self._lines[key]

    def _spell_paths(self, paths: tuple[tuple[UUID, ...], ...]) -> bytes:
        known = self._spelled
        try:
            # Nearly all of them are known, and there are thousands.
            spelled = [known[id(path)] for path in paths]
        except KeyError:
            spelled = [self._spell(path) for path in paths]
        return b"%d:" % len(paths) + b"".join(spelled)

    def _spell(self, ids: tuple[UUID, ...]) -> bytes:
        spelled = self._spelled.get(id(ids))
        if spelled is None:
            spelled = self._spelled[id(ids)] = b"%d:" % len(ids) + b"".join([one.bytes for one in ids])
        return spelled


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST).digest()
