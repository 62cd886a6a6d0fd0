"""Events, and the questions asked about them."""

from __future__ import annotations

from tests.compiler.records.keys import Row

EVENTS: dict[str, Row] = {
    "strikes": {
        "title": "US air strikes on Kata'ib Hezbollah",
        "description": "Five sites in Iraq and Syria.",
        "starts_on": "2019-12-29",
        "ends_on": "2019-12-29",
        "place": "al-Qa'im",
        "latitude": 34.36,
        "longitude": 41.16,
    },
    "embassy": {
        "title": "Attack on the US embassy in Baghdad",
        "starts_on": "2019-12-31",
        "ends_on": "2020-01-01",
        "place": "Bağdat",
        "latitude": 33.0,
        "longitude": -0.000001,
        "recorded_by": "edit",
    },
    "deployment": {"title": "Deployment of the 82nd Airborne", "starts_on": "2019-12-31"},
    "undated": {
        "title": "A meeting that nobody dates",
        "description": "“Sometime” — they say.",
        "version": 4,
    },
    "ancient": {"title": "Foundation", "starts_on": "0762-07-30", "latitude": -90, "longitude": 180},
    "ended": {"title": "Something that ended", "ends_on": "2021-05-05"},
}

QUESTIONS: dict[str, Row] = {
    "killed": {
        "kind": "QUANTITY",
        "text": "How many were killed in the strikes?",
        "event": "strikes",
        "unit": "people",
        "counted": "dead fighters",
    },
    # Merged: its claims are compared under `killed`, and so are those of the one merged into it.
    "dead": {
        "kind": "QUANTITY",
        "text": "How many died?",
        "event": "strikes",
        "merged_into": "killed",
        "recorded_by": "noor",
    },
    "deaths": {"kind": "QUANTITY", "text": "Number of deaths", "merged_into": "dead", "version": 2},
    "soldiers": {
        "kind": "QUANTITY",
        "text": "How many soldiers were sent?",
        "event": "deployment",
        "unit": "soldiers",
    },
    "behind": {"kind": "YES_NO", "text": "Was Iran behind the attack on the embassy?", "event": "embassy"},
    "guilty": {
        "kind": "YES_NO",
        "text": "Is Tehran “fully responsible,quot;?",
        "event": "embassy",
        "merged_into": "behind",
    },
    "why": {"kind": "OPEN", "text": "Why did the strikes happen?", "event": "strikes", "recorded_by": "edit"},
    "nowhere": {"kind": "OPEN", "text": "What does nobody ask?\nA question without an event"},
    "unanswered": {"kind": "QUANTITY", "text": "How many are missing?", "event": "undated", "unit": "%"},
}
