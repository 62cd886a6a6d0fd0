from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import app
from app.api.execution import Engine
from app.database import Database
from app.permissions import Viewer
from tests.api.schemas import SCHEMA

ARTICLE = Path(app.__file__).parent / "samples" / "baghdad-2019" / "000_1cd67d346b5eefb6.txt"
SUGGEST = """query Suggest($text: String!) {
  viewer { name }
  suggest(text: $text) {
    __typename exact start end cue speaker
    quantities { text modality lower upper lowerInclusive upperInclusive boundsGiven }
  }
  events(first: 1) { edges { node { title } } }
}"""


async def suggest(sample: Database, viewer: Viewer, text: str) -> dict[str, Any]:
    response = await Engine(SCHEMA, sample).execute(SUGGEST, {"text": text}, None, viewer)
    answer: dict[str, Any] = json.loads(response.body)
    return answer


async def test_the_sentences_of_the_article_with_their_figures(sample: Database, viewer: Viewer) -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    data = (await suggest(sample, viewer, text))["data"]
    assert (data["viewer"]["name"], len(data["events"]["edges"])) == ("local", 1)
    found = data["suggest"]
    assert all(text[one["start"] : one["end"]] == one["exact"] for one in found)
    [esper] = [one for one in found if one["speaker"] == "Defense Secretary Mark Esper"]
    assert esper["cue"] == "said in a statement"
    assert esper["quantities"] == [
        {
            "text": "around 750",
            "modality": "APPROXIMATE",
            "lower": "675",
            "upper": "825",
            "lowerInclusive": True,
            "upperInclusive": True,
            "boundsGiven": False,
        }
    ]
    [died] = [one for one in found if one["exact"].startswith("At least 25")]
    assert (died["cue"], died["speaker"], died["quantities"][0]["upper"]) == (None, None, None)


async def test_positions_count_code_points(sample: Database, viewer: Viewer) -> None:
    data = (await suggest(sample, viewer, "🚁🚁 “Boom.” 25 died."))["data"]
    [found] = data["suggest"]
    assert (found["exact"], found["start"], found["end"]) == ("25 died.", 11, 19)


async def test_a_text_that_is_too_long_is_refused(sample: Database, viewer: Viewer) -> None:
    answer = await suggest(sample, viewer, "x" * 50_001)
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_REFUSED"
