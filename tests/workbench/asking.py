"""What the tests of the page record and look up past it, through the same API."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.web.conftest import Site

# Of the sample, words of the claim with most reports, and of the question that it answers.
AT_LEAST_25 = '"at least 25" kataib'
KILLED = "airstrikes kill"


async def ask(site: Site, query: str, **variables: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
        response = await client.post("/graphql", json={"query": query, "variables": variables})
    answer = response.json()
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


async def record(site: Site, mutation: str, **given: Any) -> str:
    """The id of what is recorded. `mutation` is `recordSource`, `amendClaim` and the like."""
    noun = re.sub("^[a-z]+", "", mutation)
    query = f"""mutation($input: {mutation[0].upper()}{mutation[1:]}Input!) {{
      {mutation}(input: $input) {{
        ... on {noun}Payload {{ {noun.lower()} {{ id }} }}
        ... on Error {{ message }}
      }}
    }}"""
    [result] = (await ask(site, query, input=given)).values()
    assert "message" not in result, result
    id: str = result[noun.lower()]["id"]
    return id


async def find_source(site: Site, **filter: Any) -> str:
    return await _find(site, "sources", filter)


async def find_claim(site: Site, **filter: Any) -> str:
    return await _find(site, "claims", filter)


async def find_agent(site: Site, **filter: Any) -> str:
    return await _find(site, "agents", filter)


async def find_question(site: Site, **filter: Any) -> str:
    return await _find(site, "questions", filter)


async def _find(site: Site, nodes: str, filter: dict[str, Any]) -> str:
    """The id of the first of these nodes."""
    type_ = f"{nodes.removesuffix('s').capitalize()}Filter"
    query = f"query($f: {type_}) {{ {nodes}(filter: $f, first: 1) {{ edges {{ node {{ id }} }} }} }}"
    id: str = (await ask(site, query, f=filter))[nodes]["edges"][0]["node"]["id"]
    return id
