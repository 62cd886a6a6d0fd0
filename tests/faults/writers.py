"""Writers that do not give up: each request goes on, with its key, until it is acknowledged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

WRITERS = 16
# One write in so many is a claim, unless said otherwise: with its quote and quantity, an answer to a
# question, whose claims are all judged anew. The others are events.
ONE_IN = 4
CLAIMS_EACH = 20  # on each question
# How much more is offered than is to be reached, and how far behind its time a writer may fall (seconds).
OFFERED = 1.2
ARREARS = 1.0
LONGEST_PAUSE = 0.2
RECORD = """mutation($input: RecordEventInput!) {
    recordEvent(input: $input) { ... on EventPayload { event { id } } ... on Error { code message } } }"""
CLAIM = """mutation($input: RecordClaimInput!) {
    recordClaim(input: $input) { ... on ClaimPayload { claim { id } } ... on Error { code message } } }"""
SOURCE = """mutation { recordSource(input: {kind: ARTICLE, title: "A source"}) {
    ... on SourcePayload { source { id } } } }"""
QUESTION = """mutation { recordQuestion(input: {kind: QUANTITY, text: "How many?"}) {
    ... on QuestionPayload { question { id } } } }"""
# What a client is told to try again; a bug of ours (INTERNAL) is none of them.
AGAIN = {"BUSY", "DATABASE_UNAVAILABLE"}


class Writers:
    """`acknowledged`: the id that each number got. `refused`: what was refused, and never should be.

    `rate`: how many writes a second are to be reached; OFFERED times as many are offered. `most`: how many
    there will be, about.
    """

    def __init__(self, url: str, rate: float, token: str, most: int, one_in: int = ONE_IN) -> None:
        self.url = f"{url}/graphql"
        self.rate = rate
        self._most = most
        self._one_in = one_in
        self.acknowledged: dict[int, str] = {}
        self.attempts = 0
        self.refused: list[str] = []
        self._next = 0
        self._ending = False
        self.headers = {"authorization": f"Bearer {token}"}
        self._source = ""
        self._questions: list[str] = []

    async def prepare(self) -> None:
        async with httpx.AsyncClient(headers=self.headers, timeout=30) as client:
            source = (await client.post(self.url, json={"query": SOURCE})).json()
            self._source = source["data"]["recordSource"]["source"]["id"]
            for _ in range(self._most // self._one_in // CLAIMS_EACH + 1):
                question = (await client.post(self.url, json={"query": QUESTION})).json()
                self._questions.append(question["data"]["recordQuestion"]["question"]["id"])

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Within the block they write; at its end each finishes what it began."""
        self._ending = False
        tasks = [asyncio.create_task(self._write()) for _ in range(WRITERS)]
        try:
            yield
        finally:
            self._ending = True
            await asyncio.gather(*tasks)

    async def _write(self) -> None:
        due = time.monotonic()
        async with httpx.AsyncClient(headers=self.headers, timeout=30) as client:
            while not self._ending:
                number, self._next = self._next, self._next + 1
                id = await self._insist(client, number)
                if id is not None:
                    self.acknowledged[number] = id
                due = max(due + WRITERS / (self.rate * OFFERED), time.monotonic() - ARREARS)
                await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _insist(self, client: httpx.AsyncClient, number: int) -> str | None:
        """The id that this request got in the end; the same body and key each time. None: it was refused."""
        body, pause = self._spell(number), 0.02
        while True:
            self.attempts += 1
            try:
                response = await client.post(self.url, json=body)
                id, code = read_answer(response.json())
                if id is not None:
                    return id
                if code not in AGAIN:
                    self.refused.append(f"write {number}: {code}")
                    return None
            except (httpx.TransportError, ValueError):
                pass
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _spell(self, number: int) -> dict[str, Any]:
        key = f"key {number}"
        if number % self._one_in:
            given: dict[str, Any] = {"title": f"fault {number}", "idempotencyKey": key}
            return {"query": RECORD, "variables": {"input": given}}
        given = {
            "source": self._source,
            "statement": f"fault {number}",
            "quote": {"exact": f"fault {number}"},
            "basis": "UNATTRIBUTED",
            "question": self._questions[number // self._one_in // CLAIMS_EACH % len(self._questions)],
            "quantity": {"text": str(number % 7 + 1)},
            "idempotencyKey": key,
        }
        return {"query": CLAIM, "variables": {"input": given}}


def read_answer(answer: dict[str, Any]) -> tuple[str | None, str]:
    """The id that an answer acknowledges, or None and the code that it has instead."""
    for payload in (answer.get("data") or {}).values():
        for node in ("event", "claim"):
            if payload and node in payload:
                return str(payload[node]["id"]), ""
        if payload:
            return None, str(payload["code"])
    return None, str(answer["errors"][0].get("extensions", {}).get("code")) if "errors" in answer else "none"
