"""Requests that mean harm: `python -m tests.web.hostile [--url URL] [--limit-ms 100]`.

Each is sent to a server while somebody else asks small queries without a pause. Prints for each what was
answered, after how long, the time the server's process worked for it, and how long the others had to wait at
worst, of the best of three. Then come clients by the hundred that stay (`hostile_clients`), which takes eight
minutes. Exits with 1 if it worked longer than the limit, failed on our side, needed too much memory, kept
somebody for too long, or left a secret in the log. Without --url it serves the sample; a server elsewhere is
judged by the time it took. At the end stands how long the server waited for a core: on a machine that is busy
with other things, what is kept or waits for too long says nothing of the server.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from graphql import get_introspection_query

from bench.processes import run_server
from tests.web import hostile_sockets
from tests.web.hostile_clients import KINDS, besiege
from tests.web.hostile_sockets import SOCKET_ATTACKS, SocketAttack, crowd
from tests.web.others import Others, read_held_up, read_worked
from tests.web.raw import exchange, read_status

# What must stand in no log: a token, a value and a text that a client had sent.
SECRETS = ("secret-token", "secret-value", "secret-text")
SPARED = b"SELECT"
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Attack:
    """A request that is sent as it stands. `answered`: the statuses it may be answered with.

    None among them: the connection may be closed while it is still being sent, and the answer lost.
    """

    name: str
    make: Callable[[], bytes]
    answered: tuple[int | None, ...] = (400,)


def post(body: bytes, *headers: bytes, kind: bytes = b"application/json") -> bytes:
    lines = [
        b"POST /graphql HTTP/1.1",
        b"host: 127.0.0.1",
        b"connection: close",
        b"accept: application/graphql-response+json",
        b"content-type: " + kind,
        b"content-length: %d" % len(body),
        *headers,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def stay(request: bytes) -> bytes:
    """The same request on a connection that stays open."""
    return request.replace(b"connection: close\r\n", b"", 1)


def get(*headers: bytes, path: bytes = b"/graphql?query={__typename}") -> bytes:
    lines = [b"GET " + path + b" HTTP/1.1", b"host: 127.0.0.1", b"connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


_numbers = count()


def ask(query: str, variables: Any = None, name: str | None = None) -> bytes:
    # No document twice: what was read before would be known.
    request = {"query": f"{query} #{next(_numbers)}", "variables": variables, "operationName": name}
    return post(json.dumps(request).encode())


def ask_raw(query: str, variables: str) -> bytes:
    return post(f'{{"query": {json.dumps(f"{query} #{next(_numbers)}")}, "variables": {variables}}}'.encode())


def nest(before: str, middle: str, after: str, times: int) -> str:
    return before * times + middle + after * times


def fragment_bomb(spreads: int, levels: int) -> str:
    bodies = [f"fragment f{n} on Query {{ {f'...f{n + 1} ' * spreads} }}" for n in range(levels)]
    return f"{{ ...f0 }} {' '.join(bodies)} fragment f{levels} on Query {{ __typename }}"


def merging(pairs: int) -> str:
    """Fields of one name whose selections have to be compared with each other."""
    return "{ " + "claims { edges { node { id statement } } } " * pairs + "}"


def repeat(field: str, selection: str, times: int) -> str:
    """A selection of one field under so many names."""
    return "{ " + " ".join(f"{field.format(n=n)} {selection}" for n in range(times)) + " }"


TYPES = "{ types { fields { name description type { name } } } }"
FIELD = "fragment F on __Field { type " + repeat("b{n}: fields", "{ name }", 50) + " }"
INTROSPECTION = post(json.dumps({"query": get_introspection_query()}).encode())
OF_TYPE = "{ __schema { types { fields { type " + nest("{ ofType ", "{ name }", "}", 200) + " } } } }"
CLAIMS = "query Q($f: ClaimFilter) { claims(filter: $f) { totalCount } }"
NODES = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }"
SEARCH = "query Q($t: String!) { search(text: $t) { totalCount } }"
FIRST = "query Q($n: Int) { claims(first: $n) { totalCount } }"
MANY = 5_000

# 1 MB of gzip for 1 GB of zeros.
BOMB = gzip.compress(bytes(10_000_000)) * 100
_CHUNKED = post(b"").replace(b"content-length: 0", b"transfer-encoding: chunked")
CHUNKED_LARGE = _CHUNKED + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 300 + b"0\r\n\r\n"
CHUNKED_SMALL = _CHUNKED + b"1\r\nx\r\n" * 50_000 + b"0\r\n\r\n"

ATTACKS = (
    Attack("fragments that spread each other twice, 30 levels", lambda: ask(fragment_bomb(2, 30)), (200,)),
    Attack("fragments that spread each other 100 times, 40 levels", lambda: ask(fragment_bomb(100, 40))),
    Attack(
        "fragments in a circle",
        lambda: ask("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"),
    ),
    Attack("400 equal fields", lambda: ask(merging(400)), (200, 400)),
    Attack("1,500 equal leaves", lambda: ask("{ " + "__typename " * 1_500 + "}"), (200, 400)),
    Attack("5,000 aliases", lambda: ask("{ " + " ".join(f"a{n}: __typename" for n in range(MANY)) + " }")),
    Attack(
        "500 aliases of a list",
        lambda: ask("{ " + " ".join(f"a{n}: claims {{ totalCount }}" for n in range(500)) + " }"),
    ),
    Attack("2,000 operations", lambda: ask(" ".join(f"query q{n} {{ __typename }}" for n in range(2_000)))),
    Attack(
        "2,000 fragments nobody spreads",
        lambda: ask(
            "{ __typename } " + " ".join(f"fragment f{n} on Query {{ __typename }}" for n in range(1_600))
        ),
    ),
    Attack(
        "2,000 variables",
        lambda: ask("query Q(" + " ".join(f"$v{n}: Int" for n in range(2_000)) + ") { __typename }"),
    ),
    Attack("4,000 directives on a field", lambda: ask("{ __typename " + "@skip(if: false) " * 1_600 + "}")),
    Attack("4,000 unknown directives", lambda: ask("{ __typename " + "@no " * 4_000 + "}")),
    Attack("4,000 unknown fields", lambda: ask("{ " + " ".join(f"clams{n}" for n in range(4_000)) + " }")),
    Attack("a field's name of 100,000 letters", lambda: ask("{ " + "claims" * 17_000 + " }")),
    Attack(
        "an argument's name of 100,000 letters",
        lambda: ask("{ claims(" + "first" * 20_000 + ": 1) { totalCount } }"),
    ),
    Attack(
        "an enum value of 100,000 letters",
        lambda: ask("{ claims(filter: {status: [" + "DISPUTED" * 12_500 + "]}) { totalCount } }"),
    ),
    Attack(
        "an operation's name of 100,000 letters",
        lambda: ask("query " + "N" * 100_000 + " { __typename }"),
        (200,),
    ),
    Attack("an operationName of 100,000 letters", lambda: ask("{ __typename }", name="N" * 100_000)),
    Attack(
        "selections 3,000 deep",
        lambda: ask(nest("{ claims { edges { node { source ", "{ id }", "} } } }", 750)),
    ),
    Attack(
        "inline fragments 3,000 deep",
        lambda: ask("{ " + nest("... on Query { ", "__typename", " }", 3_000) + " }"),
    ),
    Attack("introspection 200 deep", lambda: ask(OF_TYPE), (200, 400)),
    Attack("100 introspections in a row", lambda: stay(INTROSPECTION) * 99 + INTROSPECTION, (200,)),
    Attack("the schema 100 times", lambda: ask(repeat("a{n}: __schema", TYPES, 100))),
    Attack(
        "the fields of all types 100 times",
        lambda: ask("{ __schema { types " + repeat("a{n}: fields", "{ name }", 100) + " } }"),
    ),
    Attack(
        "fields of types of fields, 50 times each",
        lambda: ask("{ __schema { types " + repeat("a{n}: fields", "{ ...F }", 50) + " } } " + FIELD),
    ),
    Attack(
        "a list 4,000 deep in the document",
        lambda: ask("{ nodes(ids: " + nest("[", '"a"', "]", 4_000) + ") { id } }"),
    ),
    Attack(
        "an object 1,500 deep in the document",
        lambda: ask("{ claims(filter: " + nest("{not: ", "{}", "}", 1_500) + ") { totalCount } }"),
    ),
    Attack(
        "a type 4,000 lists deep",
        lambda: ask("query Q($v: " + nest("[", "Int", "]", 4_000) + ") { __typename }"),
    ),
    Attack(
        "a string of 3,900,000 letters",
        lambda: ask('{ search(text: "' + "secret-text" * 354_000 + '") { totalCount } }'),
    ),
    Attack("white space of 3,900,000 letters", lambda: ask("{" + " " * 3_900_000 + "__typename }")),
    Attack("a comment of 3,900,000 letters", lambda: ask("# " + "x" * 3_900_000 + "\n{ __typename }")),
    Attack("1,900,000 tokens", lambda: ask("{ " + "a " * 1_900_000 + "}")),
    Attack("JSON 20,000 deep", lambda: post(b"[" * 20_000 + b"]" * 20_000)),
    Attack("JSON 20,000 deep, of objects", lambda: post(b'{"a":' * 20_000 + b"1" + b"}" * 20_000)),
    Attack(
        "variables 20,000 deep", lambda: ask_raw(CLAIMS, '{"f": ' + nest('{"not": ', "{}", "}", 20_000) + "}")
    ),
    Attack("a filter 800 deep", lambda: ask_raw(CLAIMS, '{"f": ' + nest('{"not": ', "{}", "}", 800) + "}")),
    Attack(
        "a filter of 20,000 conditions",
        lambda: ask_raw(CLAIMS, '{"f": {"and": [' + ",".join(['{"text": "secret-value"}'] * 20_000) + "]}}"),
    ),
    Attack(
        "a list 900 deep in the variables",
        lambda: ask_raw(NODES, '{"ids": ' + nest("[", '"a"', "]", 900) + "}"),
    ),
    Attack("100,000 ids", lambda: ask(NODES, {"ids": ["claim_secret-value"] * 100_000})),
    Attack(
        "100,000 variables nobody asked for",
        lambda: ask("{ __typename }", {f"v{n}": n for n in range(100_000)}),
    ),
    Attack("words to look for of 3,900,000 letters", lambda: ask(SEARCH, {"t": "secret-value " * 300_000})),
    Attack("a number of 1,000,000 digits in JSON", lambda: ask_raw(FIRST, '{"n": ' + "9" * 1_000_000 + "}")),
    Attack(
        "a number of 100,000 digits in the document",
        lambda: ask("{ claims(first: " + "9" * 100_000 + ") { totalCount } }"),
    ),
    Attack("a number with a large exponent", lambda: ask_raw(FIRST, '{"n": 1e999999999}')),
    Attack("NaN", lambda: ask_raw(FIRST, '{"n": NaN}')),
    Attack("the body 1", lambda: post(b"1")),
    Attack("the body null", lambda: post(b"null")),
    Attack("no body", lambda: post(b"")),
    Attack(
        "a list of 1,000 requests", lambda: post(json.dumps([{"query": "{ __typename }"}] * 1_000).encode())
    ),
    Attack("invalid UTF-8", lambda: post(b'{"query": "\xff\xfe{ __typename }"}')),
    Attack("UTF-16", lambda: post('{"query": "{ __typename }"}'.encode("utf-16"))),
    Attack(
        "half a surrogate pair", lambda: post(b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}')
    ),
    Attack("NUL in the document", lambda: ask("{ __type\0name }")),
    Attack("NUL in a value", lambda: ask(SEARCH, {"t": "secret-value\0"}), (200, 400)),
    Attack("a gzip bomb of 1 GB", lambda: post(BOMB, b"content-encoding: gzip"), (415,)),
    Attack(
        "a token that is none", lambda: post(b"{}", b"authorization: Bearer secret-token"), (400, 401, 429)
    ),
    Attack("a form", lambda: post(b"query={__typename}", kind=b"application/x-www-form-urlencoded"), (415,)),
    Attack("a multipart form", lambda: post(b"--x\r\n\r\n", kind=b"multipart/form-data; boundary=x"), (415,)),
    Attack("a body of 20 MB", lambda: post(b"x" * 20_000_000), (413, None)),
    Attack("a body of 20 MB in chunks", lambda: CHUNKED_LARGE, (413, None)),
    Attack("a body in 50,000 chunks", lambda: CHUNKED_SMALL),
    Attack("a length that is none", lambda: get(b"content-length: -1")),
    Attack("two lengths", lambda: get(b"content-length: 1", b"content-length: 2")),
    Attack("2,000 headers", lambda: get(*(b"x-%d: y" % n for n in range(2_000))), (200, 431)),
    Attack("20,000 headers", lambda: get(*(b"x-%d: secret-value" % n for n in range(20_000))), (431,)),
    Attack("a header of 5 MB", lambda: get(b"x-long: " + b"secret-value" * 420_000), (431, None)),
    Attack(
        "2,000 cookies",
        lambda: get(b"cookie: " + b"; ".join(b"c%d=secret-value" % n for n in range(2_000))),
        (200, 431),
    ),
    Attack("an Accept of 60,000 letters", lambda: get(b"accept: " + b"a/b;q=0.1," * 6_000), (200, 406, 431)),
    Attack(
        "a URL of 60,000 letters",
        lambda: get(path=b"/graphql?query=" + b"%7B" * 20_000),
        (200, 400, 414, 431, None),
    ),
    Attack(
        "a URL of 5 MB", lambda: get(path=b"/graphql?query=" + b"x" * 5_000_000), (200, 400, 414, 431, None)
    ),
    Attack("10,000 parameters in a URL", lambda: get(path=b"/graphql?" + b"&a=1" * 10_000)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int | None
    seconds: float
    worked: float | None
    others: float
    failed: bool

    @property
    def cost(self) -> float:
        """Seconds; on a busy machine an answer may take long for which little was done."""
        return self.seconds if self.worked is None else self.worked


async def send(port: int, attack: Attack | SocketAttack) -> tuple[int | None, bytes]:
    """The status, or the code that a socket was closed with; and all that was received."""
    if isinstance(attack, SocketAttack):
        code, _, received = await hostile_sockets.carry_out(port, attack)
        return code, received
    response = await exchange(port, attack.make(), seconds=60)
    return read_status(response), response


async def carry_out(port: int, pid: int | None, attack: Attack | SocketAttack, others: Others) -> Outcome:
    """The best of a few times; what the others waited at worst in that time."""
    best: Outcome | None = None
    failed = False
    allowed = attack.answered if isinstance(attack, Attack) else attack.closed
    for _ in range(REPEATS):
        await asyncio.sleep(0.02)
        others.waits.clear()
        begun, before = perf_counter(), read_worked(pid)
        status, response = await send(port, attack)
        seconds, worked = perf_counter() - begun, read_worked(pid) - before or None
        await asyncio.sleep(0.02)
        failed = failed or b'"INTERNAL"' in response or SPARED in response
        failed = failed or status not in allowed
        outcome = Outcome(status, seconds, worked, max(others.waits, default=0.0), failed)
        if best is None or outcome.cost < best.cost:
            best = outcome
    assert best is not None
    return replace(best, failed=failed)


async def run(port: int, pid: int | None, limit: float) -> list[str]:
    """Print every attack; what went wrong."""
    tell = sys.stdout.write
    others = Others(port, [])
    asking = asyncio.create_task(others.run())
    wrong = []
    begun, before, worked = perf_counter(), read_held_up(pid), read_worked(pid)
    tell(f"{'ms':>7} {'worked':>7} {'others':>7}  answer\n")
    for attack in (*ATTACKS, *SOCKET_ATTACKS):
        outcome = await carry_out(port, pid, attack, others)
        slow = outcome.cost * 1_000 > limit
        figures = (outcome.seconds, outcome.worked or 0.0, outcome.others)
        tell(" ".join(f"{each * 1_000:>7.1f}" for each in figures) + f"  {outcome.status}  {attack.name}\n")
        if slow or outcome.failed:
            wrong.append(f"{attack.name}: {'too slow' if slow else f'answered by {outcome.status}'}")
    for number in range(len(KINDS)):
        wrong += await besiege(port, pid, number, others)
    wrong += await crowd(port, pid, others)
    held_up, worked = read_held_up(pid) - before, read_worked(pid) - worked
    tell(
        f"In {perf_counter() - begun:.0f} s the server worked for {worked:.0f} s, and waited {held_up:.0f} s"
        " for a core.\n"
    )
    if asking.done():
        wrong.append(f"the others were not served: {asking.exception()}")
    asking.cancel()
    return wrong


@contextmanager
def serve_sample() -> Iterator[tuple[int, int, Path]]:
    """(process id, port, log) of a `sayso demo` that ends with the block."""
    with TemporaryDirectory(prefix="sayso-hostile-") as folder:
        log = Path(folder, "log")
        command = [sys.executable, "-m", "app", "demo", "--port", "0", "--data-dir", f"{folder}/data"]
        with run_server(command, {"SAYSO_SEND_SECONDS": "5"}, log) as (pid, port):
            yield pid, port, log


def find_secrets(log: str) -> list[str]:
    """What stands in a log that must not."""
    return [secret for secret in (*SECRETS, SPARED.decode()) if secret in log]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a GraphQL endpoint that is served already")
    parser.add_argument("--limit-ms", type=float, default=100.0)
    arguments = parser.parse_args()
    if arguments.url:
        wrong = asyncio.run(run(urlsplit(arguments.url).port or 80, None, arguments.limit_ms))
    else:
        with serve_sample() as (pid, port, log):
            wrong = asyncio.run(run(port, pid, arguments.limit_ms))
            wrong += [f"{secret} stands in the log" for secret in find_secrets(log.read_text())]
    for each in wrong:
        sys.stdout.write(f"WRONG  {each}\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
