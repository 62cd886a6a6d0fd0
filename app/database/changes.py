"""That something was committed, whoever committed it: heard from Postgres, and told to who watches.

Triggers notify the channel `sayso_change` out of the transaction that writes (app/models/functions.py), so
that a second server and psql are heard as well. A notice comes when what it is about can be read.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Protocol

import asyncpg

from app.database.failures import FAILED

log = logging.getLogger(__name__)

CHANNEL = "sayso_change"
# What a notice says in place of a transaction: something that was shown is shown no more.
HIDDEN = "hidden"
# A connection that is cut without a word is found out after so long, and given so long to answer.
HEARTBEAT_SECONDS = 10.0
ANSWER_SECONDS = 5.0
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 5.0


class Watcher(Protocol):
    """Who wants to know. The calls are made on the event loop and must not block."""

    def changed(self, transaction: int) -> None:
        """The transaction with this 64-bit id (pg_current_xact_id) was committed, and changed what is shown.

        Notices come in the order of commits, which is not that of the ids.
        """

    def hidden(self) -> None:
        """What was shown is shown no more, to some or to all: what was read before may hold it."""

    def lost(self) -> None:
        """From now on changes may be missed."""

    def regained(self) -> None:
        """Changes are heard again. What was committed since `lost` was not: look for yourself."""


class Changes:
    """What is known of commits, and who is told.

    `version` names what can be read now: as long as it stays the same, nothing that is shown has changed.
    It means nothing to another process. It is None while changes may be missed. `hidings`: how often it was
    heard that something is shown no more, or may have been missed.
    """

    def __init__(self) -> None:
        self._process = os.urandom(8).hex()
        self._number = 0
        self.hidings = 0
        self._heard = False
        self._watchers: list[Watcher] = []

    @property
    def version(self) -> str | None:
        return f"{self._process}.{self._number}" if self._heard else None

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell `watcher` from now on; what is returned ends that. It is told nothing of how things stand."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def raise_version(self) -> None:
        """Something was written by this process. Called before it is acknowledged; watchers hear of it later,
        as of all others."""
        self._number += 1

    def hear(self, transaction: int) -> None:
        self._number += 1
        self._tell(lambda watcher: watcher.changed(transaction))

    def hide(self) -> None:
        self._number += 1
        self.hidings += 1
        self._tell(lambda watcher: watcher.hidden())

    def lose(self) -> None:
        if self._heard:
            self._heard = False
            self._tell(lambda watcher: watcher.lost())

    def regain(self) -> None:
        self._number += 1
        self.hidings += 1
        self._heard = True
        self._tell(lambda watcher: watcher.regained())

    def _tell(self, call: Callable[[Watcher], None]) -> None:
        for watcher in list(self._watchers):
            try:
                call(watcher)
            except Exception:
                log.exception("a watcher of changes failed")


async def listen(connect: Callable[[], Awaitable[asyncpg.Connection]], changes: Changes) -> None:
    """Keep a connection that listens, and tell `changes`, until cancelled. One that is lost is replaced."""
    wait = FIRST_RETRY_SECONDS
    while True:
        try:
            connection = await connect()
        except FAILED as problem:
            log.warning("cannot listen to changes: %s", problem)
        else:
            wait = FIRST_RETRY_SECONDS
            await _listen_on(connection, changes)
            log.warning("lost the connection that listens to changes")
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_RETRY_SECONDS)


async def _listen_on(connection: asyncpg.Connection, changes: Changes) -> None:
    """Until the connection is lost, or silent for too long."""
    ended = asyncio.Event()

    def hear(_connection: object, _process: int, _channel: str, payload: object) -> None:
        text = str(payload)
        if text == HIDDEN:
            changes.hide()
        elif text.isascii() and text.isdigit():
            changes.hear(int(text))
        else:
            changes.raise_version()  # whoever may connect may notify: it is a change all the same

    def end(_connection: object) -> None:
        changes.lose()
        ended.set()

    connection.add_termination_listener(end)
    try:
        await connection.add_listener(CHANNEL, hear)
        changes.regain()
        while not ended.is_set():
            try:
                await asyncio.wait_for(ended.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                # Once more changes nothing. An empty text would do, were it not a bug to the driver.
                await connection.execute(f"LISTEN {CHANNEL}", timeout=ANSWER_SECONDS)
    except FAILED:
        pass
    except Exception:
        # Whatever it is, it must not end the listening for good.
        log.exception("listening to changes failed")
    finally:
        changes.lose()
        connection.terminate()
