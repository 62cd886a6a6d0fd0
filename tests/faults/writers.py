"""Writers that do not give up: each request goes on, with its key, until it is acknowledged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

WRITERS = 16
QUESTIONS = 5
RECORD = """mutation($input: RecordEventInput!) {
    recordEvent(input: $input) { ... on EventPayload { event { id } } ... on Error { code message } } }"""
CLAIM = """mutation($input: RecordClaimInput!) {
    recordClaim(input: $input) { ... on ClaimPayload { claim { id } } ... on Error { code message } } }"""
SOURCE = """mutation { recordSource(input: {kind: ARTICLE, title: "A source"}) {
    ... on SourcePayload { source { id } } } }"""
QUESTION = """mutation { recordQuestion(input: {kind: QUANTITY, text: "How many?"}) {
    ... on QuestionPayload { question { id } } } }"""
AGAIN = {"BUSY", "DATABASE_UNAVAILABLE", "INTERNAL"}


class Writers:
    """`acknowledged`: the id that each number got. `refused`: answers that were no acknowledgement."""

    def __init__(self, url: str, rate: float, token: str) -> None:
        self.url = f"{url}/graphql"
        self.rate = rate
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
            for _ in range(QUESTIONS):
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
        async with httpx.AsyncClient(headers=self.headers, timeout=30) as client:
            while not self._ending:
                begun = time.monotonic()
                number, self._next = self._next, self._next + 1
                self.acknowledged[number] = await self._insist(client, number)
                await asyncio.sleep(max(0.0, WRITERS / self.rate - (time.monotonic() - begun)))

    async def _insist(self, client: httpx.AsyncClient, number: int) -> str:
        """The id that this request got in the end; the same body and key each time."""
        body, pause = self._spell(number), 0.05
        while True:
            self.attempts += 1
            try:
                response = await client.post(self.url, json=body)
                id = self._read(response.json())
                if id is not None:
                    return id
            except (httpx.TransportError, ValueError):
                pass
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _spell(self, number: int) -> dict[str, Any]:
        key = f"key {number}"
        if number % 4:
            given: dict[str, Any] = {"title": f"fault {number}", "idempotencyKey": key}
            return {"query": RECORD, "variables": {"input": given}}
        given = {
            "source": self._source,
            "statement": f"fault {number}",
            "quote": {"exact": f"fault {number}"},
            "basis": "UNATTRIBUTED",
            "question": self._questions[number % QUESTIONS],
            "quantity": {"text": str(number % 7 + 1)},
            "idempotencyKey": key,
        }
        return {"query": CLAIM, "variables": {"input": given}}

    def _read(self, answer: dict[str, Any]) -> str | None:
        """The id in an answer; None where it says to try again."""
        data = answer.get("data")
        if data:
            (payload,) = data.values()
            for node in ("event", "claim"):
                if payload and node in payload:
                    return str(payload[node]["id"])
            if payload and payload["code"] not in AGAIN:
                self.refused.append(f"{payload['code']}: {payload['message']}")
        return None
