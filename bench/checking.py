"""Whether everybody answers the same. Nobody is measured whose answers differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from bench.peers import Peer

Answers = Mapping[str, Sequence[Any]]


class AnswersDiffer(RuntimeError):
    """A peer gave another answer; the message names the first place."""


def fetch_answers(
    peer: Peer, port: int, variables: Mapping[str, Sequence[Mapping[str, Any]]], token: str | None = None
) -> Answers:
    """The `data` of each query of the peer's for each of the given variables, in the form of Sayso's."""
    authorization = {} if token is None else {"authorization": f"Bearer {token}"}
    answers: dict[str, list[Any]] = {}
    with httpx.Client(timeout=60) as client:
        for name, several in variables.items():
            if name not in peer.queries:
                continue
            answers[name] = []
            for given in several:
                response = client.post(
                    f"http://127.0.0.1:{port}/graphql",
                    content=peer.body(name, given),
                    headers={"content-type": "application/json", **authorization},
                )
                answer = response.json()
                if response.status_code != 200 or answer.get("errors"):
                    raise AnswersDiffer(f"{peer.title}, {name} {json.dumps(given)}: {response.text[:2000]}")
                answers[name].append(peer.answer(name, answer["data"]))
    return answers


def compare(title: str, wanted: Answers, found: Answers) -> int:
    """How many answers were compared. Raises AnswersDiffer."""
    compared = 0
    for name, answers in found.items():
        for place, (ours, theirs) in enumerate(zip(wanted[name], answers, strict=True)):
            for difference in differences(ours, theirs):
                raise AnswersDiffer(f"{title}, {name}, answer {place}: {difference}")
            compared += 1
    return compared


def differences(ours: Any, theirs: Any, path: str = "data") -> Iterator[str]:
    """Where two JSON values differ; fields may come in any order, items may not.

    >>> list(differences({"a": [1, 2]}, {"a": [1, 3]}))
    ['data.a[1]: 2, but 3']
    """
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for key in ours:
            yield from differences(ours[key], theirs[key], f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{path}[{place}]")
    elif type(ours) is not type(theirs) or ours != theirs:
        yield f"{path}: {json.dumps(ours)[:300]}, but {json.dumps(theirs)[:300]}"
