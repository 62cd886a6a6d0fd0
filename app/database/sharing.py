"""Who waits for a connection, and when several of them share a statement.

While every connection is busy, requests that wait for the same statement go as one, a row back for each:
messages, the start and end of a statement and the round trip are paid once. Where more ask for a statement at
a time than there are connections, it runs on half of them: it is shared by more, and others find some free.
The longer its runs would take, the less they gain by that, and the more connections it runs on, so that no
core waits for the server to answer. Each run then takes an equal part of those who ask, and begins when that
is together, or when none is under way that may end soon. If it took all who wait, they would come back
together: server and Postgres would wait for each other.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from time import perf_counter
from typing import Protocol

MAX_SHARED = 32
# No more share a run than it answers in this time, since all of them wait for its end.
LONGEST_RUN_SECONDS = 0.006
# A statement runs on so many connections that no run takes much longer than this: half of them at least.
RUN_SECONDS = 0.002
# What sharing saves is about 0.1 ms a request. A statement that takes longer than this where nothing holds it
# up gains little by it, and would keep the others of its group waiting.
LONGEST_SHARED_SECONDS = 0.005
# A run that takes longer is held up, or answers somebody whose values take long: for its end nobody waits who
# may have another connection.
LONGEST_AWAITED_SECONDS = 0.05
# A shared statement is planned without a look at the values. Where that makes a request so much dearer, and
# by so many seconds, the statement is left alone for as many runs.
DEARER = 2.0
DEARER_SECONDS = 0.001
LEFT_ALONE = 1_000
# The weight of the newest run in a running mean.
NEWEST = 0.1
# What is quick is believed sooner than what is slow: other work on the machine only ever adds to a time.
QUICKER = 0.5
SLOWER = 0.01


class Shared(Protocol):
    """How several requests of one statement are sent as one. `compiler.Shared` is one."""

    @property
    def sql(self) -> str:
        """Answers with a row for each request, in their order; one for all, if they have no parameters."""

    def gather(self, requests: Sequence[Sequence[object]]) -> list[list[object]]:
        """The parameters to send, from those of each request."""


class Asked(Protocol):
    """A read that was asked for."""

    def give_up(self) -> None:
        """Nobody waits for the answer any more: none comes, and what runs for nobody else is ended."""


@dataclass(slots=True)
class Pace:
    """What a statement takes, alone and shared, by the clock of who waits for it."""

    alone: float = 0.0  # seconds, a running mean
    unhindered: float = 0.0  # seconds: as it is where nothing else holds it up
    together: float = 0.0  # seconds a request in shared runs, a running mean
    each: float = 0.0  # seconds a request in shared runs that nothing else holds up
    left_alone: int = 0
    running: int = 0  # on how many connections
    newest_run: float = 0.0  # when that began, by perf_counter
    asked: int = 0  # requests that are not answered yet
    demand: float = 0.0  # how many those are when one more comes, a running mean

    def may_share(self) -> bool:
        return not self.left_alone and self.unhindered < LONGEST_SHARED_SECONDS

    def ask(self) -> None:
        self.asked += 1
        self.demand += NEWEST * (self.asked - self.demand)

    def is_in_demand(self, connections: int) -> bool:
        """Whether more ask at a time than there are connections, so that it is shared wherever it runs."""
        return self.demand > connections and self.may_share()

    def is_ripe(self, waiting: int, connections: int) -> bool:
        """Whether a run may begin for so many that wait."""
        if not self.is_in_demand(connections):
            return True
        runs = self._runs_on(connections)
        if 0 < self.running < runs:
            is_late = perf_counter() > self.newest_run + LONGEST_AWAITED_SECONDS
            return is_late or waiting >= self._share(self.demand / runs)
        return not self.running

    def part(self, connections: int) -> int:
        """How many requests go in one run, at most."""
        if not self.may_share():
            return 1
        if not self.is_in_demand(connections):
            return self._share(MAX_SHARED)
        # Where many begin to ask at once, the running mean does not know it yet.
        return self._share(max(self.asked, self.demand) / self._runs_on(connections))

    def _runs_on(self, connections: int) -> int:
        """On how many of the connections it runs if more ask than there are."""
        runs = ceil(max(self.asked, self.demand) * self.each / RUN_SECONDS)
        return max(1, connections // 2, min(connections, runs))

    def _share(self, requests: float) -> int:
        """So many requests of those that could share a run; two at least, or its time is unknown."""
        most = min(MAX_SHARED, ceil(requests))
        return min(most, max(2, int(LONGEST_RUN_SECONDS / self.each))) if self.each else most

    def reserve(self) -> None:
        """Count a run that is about to begin, until `end`."""
        self.running += 1

    def begin(self) -> float:
        self.running += 1
        self.newest_run = perf_counter()
        return self.newest_run

    def end(self) -> None:
        self.running -= 1

    def end_alone(self, begun: float) -> None:
        self.running -= 1
        self.note_alone(perf_counter() - begun)

    def end_shared(self, begun: float, requests: int) -> None:
        self.running -= 1
        self.note_shared(perf_counter() - begun, requests)

    def note_alone(self, seconds: float) -> None:
        if not self.alone:
            self.alone = self.unhindered = seconds
        self.alone += NEWEST * (seconds - self.alone)
        self.unhindered = _approach(self.unhindered, seconds)
        if self.left_alone:
            self.left_alone -= 1

    def note_shared(self, seconds: float, requests: int) -> None:
        each = seconds / requests
        if not self.together:
            self.together = self.each = each
        self.together += NEWEST * (each - self.together)
        self.each = _approach(self.each, each)
        if self.alone and self.together > DEARER * self.alone + DEARER_SECONDS:
            self.left_alone = LEFT_ALONE
            self.together = 0.0


def _approach(mean: float, seconds: float) -> float:
    """A running mean of what nothing held up."""
    return mean + (QUICKER if seconds < mean else SLOWER) * (seconds - mean)


class NobodyWaits(Exception):
    """A statement was ended, since all who had asked for it went away."""


@dataclass(slots=True, eq=False)
class Run:
    """A statement that runs for some requests. It is ended when none of them is waited for any more."""

    task: asyncio.Task[None]
    requests: Sequence[Request]
    is_given_up: bool = False

    def give_up(self) -> None:
        if not self.is_given_up and all(request.is_over for request in self.requests):
            self.is_given_up = True
            self.task.cancel()


@dataclass(slots=True, eq=False)
class Request:
    """Who waits: the parameters, and who is told. One of `answer` and `fail` is called, once, and must not
    raise; none is after `give_up`."""

    parameters: Sequence[object]
    answer: Callable[[bytes], None]
    fail: Callable[[Exception], None]
    pace: Pace = field(default_factory=Pace)
    run: Run | None = None
    is_over: bool = False

    def deliver(self, value: bytes) -> None:
        if not self.is_over:
            self._end()
            self.answer(value)

    def refuse(self, problem: Exception) -> None:
        if not self.is_over:
            self._end()
            self.fail(problem)

    def give_up(self) -> None:
        if not self.is_over:
            self._end()
            if self.run is not None:
                self.run.give_up()

    def _end(self) -> None:
        self.is_over = True
        self.pace.asked -= 1


@dataclass(slots=True, eq=False)
class Group:
    """Requests that wait for one statement."""

    sql: str
    shared: Shared | None
    pace: Pace
    requests: deque[Request] = field(default_factory=deque)

    def part(self, connections: int) -> int:
        """How many of them go in one run, at most."""
        return 1 if self.shared is None else self.pace.part(connections)


class Queue:
    """Statements in turn, so that none waits for all requests of another; within each, who came first."""

    def __init__(self) -> None:
        self._groups: OrderedDict[str, Group] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many requests are in it."""
        return sum(len(group.requests) for group in self._groups.values())

    def add(self, sql: str, shared: Shared | None, request: Request) -> None:
        group = self._groups.get(sql)
        if group is None:
            group = self._groups[sql] = Group(sql, shared, request.pace)
        group.requests.append(request)

    def next_group(self, connections: int) -> Group | None:
        """The statement whose turn it is; none if for all of them a run that is under way is awaited."""
        for group in self._groups.values():
            if group.shared is None or group.pace.is_ripe(len(group.requests), connections):
                return group
        return None

    def take(self, group: Group, most: int) -> list[Request]:
        """The next requests of a statement; those that wait no more are left out."""
        taken = [group.requests.popleft() for _ in range(min(most, len(group.requests)))]
        if group.requests:
            self._groups.move_to_end(group.sql)
        else:
            del self._groups[group.sql]
        return [request for request in taken if not request.is_over]
