"""The canonical form of a revision, and the hashes over it: docs/sealed-log.md has them byte for byte.

Each field of a revision has a salt and a digest of its own, so that a value can be erased, with its salt, and
the digest that is kept still tells that nothing else was changed. The digests make the revision's link in the
chain; a seal closes the chain up to some link.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TypeAlias

SEED_BYTES = 16
NO_HASH = bytes(32)
# What stands where a value was erased.
TOMBSTONE = "[redacted]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REVISION = b"sayso-revision/1"
_SEAL = b"sayso-seal/1"

# A field of a revision, and its value as JSON text in UTF-8.
Fields: TypeAlias = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of the seed of a revision of which a value was erased.

    `salts` of the fields that still stand, `digests` of those that were erased.
    """

    salts: Mapping[str, bytes]
    digests: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class SealedState:
    """All of a seal but its hash. `complete_below`, `next_transaction`, `newest_revision`: all or none."""

    id: int
    sealed_at: datetime
    last_position: int
    last_revision: int
    complete_below: int | None
    next_transaction: int | None
    newest_revision: int | None


def digest_field(name: str, value: bytes, salt: bytes) -> bytes:
    return sha256(salt + _digest_name(name) + value).digest()


def make_salt(seed: bytes, name: str) -> bytes:
    """The salt of one field. Who knows it knows neither the seed nor the salt of another field."""
    return sha256(seed + _digest_name(name)).digest()


def digest_fields(fields: Fields, seed: bytes) -> bytes:
    """The digest of a revision whose every value stands, in whatever order its fields come."""
    hash = sha256
    whole = hash(_REVISION)
    for name, value in sorted(fields):
        named = _digest_name(name)
        whole.update(hash(hash(seed + named).digest() + named + value).digest())
    return whole.digest()


def digest_kept(fields: Fields, kept: Kept) -> bytes | None:
    """The digest of a revision of which values were erased; None if `kept` is not of these fields.

    An erased field must hold the tombstone: else a value would stand there that nothing vouches for.
    """
    names = [name for name, _ in fields]
    if kept.salts.keys() & kept.digests.keys() or set(names) != kept.salts.keys() | kept.digests.keys():
        return None
    whole = sha256(_REVISION)
    for name, value in sorted(fields):
        if name in kept.salts:
            whole.update(digest_field(name, value, kept.salts[name]))
        elif value == spell_text(TOMBSTONE):
            whole.update(kept.digests[name])
        else:
            return None
    return whole.digest()


def erase(fields: Fields, seed: bytes, erased: frozenset[str]) -> Kept:
    """What to keep instead of the seed when these fields are erased. `fields` as they still stand."""
    return Kept(
        salts={name: make_salt(seed, name) for name, _ in fields if name not in erased},
        digests={
            name: digest_field(name, value, make_salt(seed, name)) for name, value in fields if name in erased
        },
    )


def erase_more(fields: Fields, kept: Kept, erased: frozenset[str]) -> Kept:
    """The same where values were erased before."""
    values = dict(fields)
    return Kept(
        salts={name: salt for name, salt in kept.salts.items() if name not in erased},
        digests={
            **kept.digests,
            **{name: digest_field(name, values[name], kept.salts[name]) for name in erased & set(kept.salts)},
        },
    )


def spell_kept(kept: Kept) -> dict[str, dict[str, str]]:
    """The column `kept` of sealed_revision."""
    return {
        **{name: {"salt": salt.hex()} for name, salt in kept.salts.items()},
        **{name: {"digest": digest.hex()} for name, digest in kept.digests.items()},
    }


def read_kept(column: Mapping[str, Mapping[str, str]]) -> Kept:
    """What `spell_kept` wrote. Raises ValueError, AttributeError or TypeError for anything else."""
    return Kept(
        {name: bytes.fromhex(each["salt"]) for name, each in column.items() if "salt" in each},
        {name: bytes.fromhex(each["digest"]) for name, each in column.items() if "digest" in each},
    )


def link(previous: bytes, position: int, revision_digest: bytes) -> bytes:
    """The hash of a position: of the hash before it (NO_HASH before the first) and of the revision there."""
    return sha256(previous + _spell_count(position) + revision_digest).digest()


def hash_seal(previous: bytes, state: SealedState, last_link: bytes) -> bytes:
    """`previous` is the hash of the seal before it, NO_HASH for the first."""
    return sha256(
        b"".join(
            [
                _SEAL,
                previous,
                _spell_count(state.id),
                _spell_count(_count_microseconds(state.sealed_at)),
                _spell_count(state.last_position),
                _spell_count(state.last_revision),
                *(
                    _spell_count(-1 if number is None else number)
                    for number in (state.complete_below, state.next_transaction, state.newest_revision)
                ),
                last_link,
            ]
        )
    ).digest()


def spell_text(text: str) -> bytes:
    r"""A text as JSON, as PostgreSQL prints it: of the control characters \b \f \n \r \t have names.

    >>> spell_text("“a”\n/\x01")
    b'"\xe2\x80\x9ca\xe2\x80\x9d\\n/\\u0001"'
    """
    return json.dumps(text, ensure_ascii=False).encode()


def spell_optional(text: str | None) -> bytes:
    return b"null" if text is None else spell_text(text)


def spell_time(time: datetime) -> bytes:
    """
    >>> spell_time(datetime(2019, 12, 31, 21, tzinfo=UTC))
    b'"2019-12-31T21:00:00.000000Z"'
    """
    return f'"{time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")}Z"'.encode()


@lru_cache(maxsize=1_000)
def _digest_name(name: str) -> bytes:
    return sha256(name.encode()).digest()


def _spell_count(number: int) -> bytes:
    return number.to_bytes(8, "big", signed=True)


def _count_microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)
