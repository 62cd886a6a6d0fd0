"""What an import did, entry by entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.exchange.entries import Entry, Section
from app.services.exposure import Exposure


class Outcome(StrEnum):
    """What became of an entry.

    FOUND: it was here before this bundle was imported, and is the same: recorded by hand, or by a bundle that
    shares it. CHANGED: it differs from what stands here, and what stands was left.
    """

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    FOUND = "found"
    AMENDED = "amended"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that stands otherwise than the bundle says. `obstacle`: why it cannot be amended."""

    field: str
    stands: str
    wanted: str
    obstacle: str | None = None

    def __str__(self) -> str:
        told = f"{self.field}: {self.stands} here, {self.wanted} in the bundle"
        return told if self.obstacle is None else f"{told}; cannot be amended: {self.obstacle}"


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """An entry that differs from what stood here, with what differs; of one that was amended, what did."""

    section: Section
    key: str
    line: int
    outcome: Outcome
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        return f"line {self.line}: {self.section} {self.key}: " + "; ".join(map(str, self.differences))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`counts` has every section and every outcome. `changed` were left as they stand, `amended` were not.

    `standing`: where outsiders read the names of agents that this import protected; None if there are none.
    """

    bundle: str
    counts: Mapping[Section, Mapping[Outcome, int]]
    changed: tuple[ChangedEntry, ...] = ()
    amended: tuple[ChangedEntry, ...] = ()
    standing: Exposure | None = None

    def total(self, outcome: Outcome) -> int:
        return sum(counts[outcome] for counts in self.counts.values())


@dataclass(slots=True)
class Tally:
    """A report under way."""

    counts: Counter[tuple[Section, Outcome]] = field(default_factory=Counter)
    entries: list[ChangedEntry] = field(default_factory=list)

    def count(self, section: Section, outcome: Outcome) -> None:
        self.counts[section, outcome] += 1

    def tell(self, entry: Entry, outcome: Outcome, differences: Sequence[Difference]) -> None:
        """An entry of which some fields were amended and others not is told of twice, and counted once."""
        changed = ChangedEntry(entry.section, entry.key, entry.line, outcome, tuple(differences))
        self.entries.append(changed)

    def merge(self, other: Tally) -> None:
        self.counts.update(other.counts)
        self.entries += other.entries

    def report(self, bundle: str, standing: Exposure | None) -> ImportReport:
        counts = {section: {o: self.counts[section, o] for o in Outcome} for section in Section}
        changed = tuple(entry for entry in self.entries if entry.outcome is Outcome.CHANGED)
        amended = tuple(entry for entry in self.entries if entry.outcome is Outcome.AMENDED)
        return ImportReport(bundle, counts, changed, amended, standing)
