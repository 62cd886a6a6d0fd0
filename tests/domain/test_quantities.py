from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import app
from app.domain.amounts import NONE, VAGUE
from app.domain.numerals import MAX_DIGITS
from app.domain.phrases import BOUNDS, BOUNDS_AFTER
from app.domain.quantities import Quantity, find_quantities, parse_quantity
from app.domain.vocabulary import Modality
from app.errors import UnknownQuantity

SAMPLE = Path(app.__file__).parent / "samples" / "baghdad-2019"
ARTICLE = (SAMPLE / "000_1cd67d346b5eefb6.txt").read_text(encoding="utf-8")


def spell(quantity: Quantity) -> str:
    """EXACT [25, 25], as the table of docs/corroboration.md writes it."""
    bounds = quantity.bounds
    lower = f"{'[' if bounds.lower_inclusive else '('}{bounds.lower}"
    upper = "∞" if bounds.upper is None else f"{bounds.upper}"
    return f"{quantity.modality} {lower}, {upper}{']' if bounds.upper_inclusive else ')'}"


TABLE = {
    "25": "EXACT [25, 25]",
    "twenty-five": "EXACT [25, 25]",
    "1,200": "EXACT [1200, 1200]",
    "1.2 million": "EXACT [1200000, 1200000]",
    "one hundred and five": "EXACT [105, 105]",
    "at least 25": "AT_LEAST [25, ∞)",
    "no fewer than 25": "AT_LEAST [25, ∞)",
    "no less than 25": "AT_LEAST [25, ∞)",
    "25 or more": "AT_LEAST [25, ∞)",
    "more than 25": "AT_LEAST [26, ∞)",
    "over 25": "AT_LEAST [26, ∞)",
    "upwards of 25": "AT_LEAST [26, ∞)",
    "more than 2.5": "AT_LEAST (2.5, ∞)",
    "at most 25": "AT_MOST [0, 25]",
    "up to 25": "AT_MOST [0, 25]",
    "as many as 6,000": "AT_MOST [0, 6000]",
    "no more than 25": "AT_MOST [0, 25]",
    "fewer than 25": "AT_MOST [0, 24]",
    "less than 25": "AT_MOST [0, 24]",
    "under 25": "AT_MOST [0, 24]",
    "under 2.5": "AT_MOST [0, 2.5)",
    "around 750": "APPROXIMATE [675, 825]",
    "about 30": "APPROXIMATE [27, 33]",
    "approximately 750": "APPROXIMATE [675, 825]",
    "some 25": "APPROXIMATE [22, 28]",
    "roughly 25": "APPROXIMATE [22, 28]",
    "25 or so": "APPROXIMATE [22, 28]",
    "around 2.5": "APPROXIMATE [2.25, 2.75]",
    "nearly 30": "APPROXIMATE [27, 29]",
    "almost 30": "APPROXIMATE [27, 29]",
    "close to 25": "APPROXIMATE [22, 24]",
    "nearly 2.5": "APPROXIMATE [2.25, 2.5)",
    "a dozen": "APPROXIMATE [10, 14]",
    "two dozen": "APPROXIMATE [21, 27]",
    "half a dozen": "APPROXIMATE [5, 7]",
    "at least two dozen": "AT_LEAST [24, ∞)",
    "more than a dozen": "AT_LEAST [13, ∞)",
    "up to half a dozen": "AT_MOST [0, 6]",
    "between 20 and 30": "BETWEEN [20, 30]",
    "20 to 30": "BETWEEN [20, 30]",
    "20-30": "BETWEEN [20, 30]",
    "20–30": "BETWEEN [20, 30]",
    "from 20 to 30": "BETWEEN [20, 30]",
    "an estimated 40": "APPROXIMATE [36, 44]",
    "estimated 40": "APPROXIMATE [36, 44]",
    "25+": "AT_LEAST [25, ∞)",
    "2 million+": "AT_LEAST [2000000, ∞)",
    "20-30+": "AT_LEAST [20, ∞)",
    "between 20 and 30 or more": "AT_LEAST [20, ∞)",
    "20 to 30 or more": "AT_LEAST [20, ∞)",
    "several dozen": "VAGUE [24, 99]",
    "several hundred": "VAGUE [200, 999]",
    "several thousand": "VAGUE [2000, 9999]",
    "several hundred thousand": "VAGUE [200000, 999999]",
    "several million": "VAGUE [2000000, 9999999]",
    "tens": "VAGUE [20, 99]",
    "dozens": "VAGUE [24, 99]",
    "scores": "VAGUE [40, 99]",
    "hundreds": "VAGUE [200, 999]",
    "thousands": "VAGUE [2000, 9999]",
    "tens of thousands": "VAGUE [20000, 99999]",
    "hundreds of thousands": "VAGUE [200000, 999999]",
    "millions": "VAGUE [2000000, 9999999]",
    "several": "VAGUE [3, 9]",
    "a handful": "VAGUE [3, 7]",
    "a few": "VAGUE [3, 5]",
    "a couple": "VAGUE [2, 3]",
    "no": "EXACT [0, 0]",
    "none": "EXACT [0, 0]",
    "zero": "EXACT [0, 0]",
}


@pytest.mark.parametrize(("phrase", "answer"), TABLE.items(), ids=TABLE)
def test_the_table_of_phrases(phrase: str, answer: str) -> None:
    for text in (
        phrase,
        phrase.upper(),
        f"that {phrase} of them, on the whole",
        f"“{phrase}”",
        f"({phrase}).",
    ):
        quantity = parse_quantity(text)
        assert spell(quantity) == answer, text
        assert quantity.text == text
        assert not quantity.bounds_given


def test_every_word_of_the_grammar_has_its_row() -> None:
    """What the code knows and the table lacks would be a rule nobody published."""
    rows = {re.sub(r"[0-9][0-9.,]*", "n", phrase) for phrase in TABLE}
    assert {f"{words} n" for words in BOUNDS} | {f"n {words}" for words in BOUNDS_AFTER} <= rows
    assert {*VAGUE} <= rows
    assert {*NONE} - {"no one"} <= rows


@pytest.mark.parametrize(
    ("phrase", "answer"),
    [
        ("hundreds more troops", "VAGUE [200, 999]"),
        ("Seven armored vehicles", "EXACT [7, 7]"),
        (
            "around 750 soldiers from a rapid response unit of the 82nd Airborne Division",
            "APPROXIMATE [675, 825]",
        ),
        ("killed two dozen paramilitary fighters", "APPROXIMATE [21, 27]"),
        ("55 more injured", "EXACT [55, 55]"),
        ("another 51 injured", "EXACT [51, 51]"),
        ("750 U.S. soldiers", "EXACT [750, 750]"),
        ("at least another 25", "AT_LEAST [25, ∞)"),
        ("up to an additional 4,000 troops", "AT_MOST [0, 4000]"),
        ("over $2 million", "AT_LEAST [2000001, ∞)"),
        ("no one was hurt", "EXACT [0, 0]"),
        ("some hundreds of people", "VAGUE [200, 999]"),
        ("many thousands", "VAGUE [2000, 9999]"),
        ("a 750-strong crowd", "EXACT [750, 750]"),
        ("two F-16 jets", "EXACT [2, 2]"),
        ("25 dead since the twenty-fifth", "EXACT [25, 25]"),
        ("25 killed on 29 December 2019", "EXACT [25, 25]"),
        ("25 killed on December 29, 2019 at 9 p.m.", "EXACT [25, 25]"),
        ("25 killed on 2019-12-29 at 21:00", "EXACT [25, 25]"),
        ("25 killed between 29 and 31 December", "EXACT [25, 25]"),
        ("25 may have died", "EXACT [25, 25]"),
        ("a dozen or so", "APPROXIMATE [10, 14]"),
        ("half-a-dozen", "APPROXIMATE [5, 7]"),
        ("about a dozen", "APPROXIMATE [10, 14]"),
        ("roughly around 25", "APPROXIMATE [22, 28]"),
        ("at least 25 or more", "AT_LEAST [25, ∞)"),
        ("twelve hundred", "EXACT [1200, 1200]"),
        ("a hundred thousand", "EXACT [100000, 100000]"),
        ("two million three hundred thousand and five", "EXACT [2300005, 2300005]"),
        ("1.2345678 million", "EXACT [1234567.8, 1234567.8]"),
        ("2.50 tonnes", "EXACT [2.5, 2.5]"),
        ("twenty-five to thirty", "BETWEEN [25, 30]"),
        ("between one hundred and five and two hundred", "BETWEEN [105, 200]"),
        ("between one hundred and five hundred", "BETWEEN [100, 500]"),
        ("5 to 10 thousand", "BETWEEN [5000, 10000]"),
        ("1-2 million", "BETWEEN [1000000, 2000000]"),
        ("1.2 million to 1.5 million", "BETWEEN [1200000, 1500000]"),
        ("500 to 2 thousand", "BETWEEN [500, 2000]"),
        ("one to two dozen", "BETWEEN [12, 24]"),
        ("ten‑to‑fifteen", "BETWEEN [10, 15]"),
        ("around zero", "APPROXIMATE [0, 0]"),
        ("fewer than one", "AT_MOST [0, 0]"),
        ("nearly one", "APPROXIMATE [0, 0]"),
        ("no 25th of December", "EXACT [0, 0]"),
        ("25.", "EXACT [25, 25]"),
        ("died.25 more are hurt", "EXACT [25, 25]"),
        ("the toll--25--rose", "EXACT [25, 25]"),
    ],
)
def test_the_number_is_found_in_a_longer_phrase(phrase: str, answer: str) -> None:
    assert spell(parse_quantity(phrase)) == answer


NO_ROW = "has no row in the table"


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("", "There is no number in “”"),
        ("denied Tehran was behind", "There is no number"),
        ("at least the Pentagon", "There is no number"),
        ("the second in command", "There is no number"),
        ("the 82nd Airborne", "There is no number"),
        ("750k", "There is no number"),
        ("some people", "There is no number"),
        ("a soldier", "There is no number"),
        ("the few", "There is no number"),
        ("29 December 2019", "only dates, ordinals or names"),
        ("May 5", "only dates, ordinals or names"),
        ("the twenty-fifth", "only dates, ordinals or names"),
        ("one hundred and fifth", "only dates, ordinals or names"),
        ("No. 25", "only dates, ordinals or names"),
        ("Covid-19", "only dates, ordinals or names"),
        ("25 killed, 51 wounded", "2 numbers could be meant: “25” and “51”"),
        ("two or three", "2 numbers could be meant: “two” and “three”"),
        ("hundreds, if not thousands", "2 numbers could be meant"),
        ("no, 25", "2 numbers could be meant"),
        ("10 - 15", "2 numbers could be meant"),
        ("between 25 soldiers and 30 civilians", "2 numbers could be meant"),
        ("1, 2, 3, 4, 5, 6", "More than 4 numbers could be meant: “1”, “2”, “3”, “4” and more"),
        ("30 to 25", "runs downwards"),
        ("1-2-3", "more than a range of two"),
        ("one hundred to two hundred thousand", "two ways"),
        ("at least around 25", "two different bounds"),
        ("up to 25 or more", "two different bounds"),
        ("at least 20 to 30", NO_ROW),
        ("about dozens", NO_ROW),
        ("almost none", NO_ROW),
        ("several hundreds", NO_ROW),
        ("several of hundred", NO_ROW),
        ("several hundred million", NO_ROW),
        ("several hundred thousand million", NO_ROW),
        ("about several hundred", NO_ROW),
        ("around 20 to 30 or more", NO_ROW),
        ("20 to 30 or so", NO_ROW),
        ("an estimated dozens", NO_ROW),
        ("an estimated 25 or more", "two different bounds"),
        ("up to 25+", "two different bounds"),
        ("25+ thousand", "2 numbers could be meant"),
        ("a couple of dozen", NO_ROW),
        ("a few hundred thousand", NO_ROW),
        ("tens of millions", NO_ROW),
        ("hundreds of thousands of millions", NO_ROW),
        ("billions", NO_ROW),
        ("quite a few", NO_ROW),
        ("not 25", NO_ROW),
        ("weren't 25", NO_ROW),
        ("not more than 25", NO_ROW),
        ("in excess of 25", NO_ROW),
        ("approx. 25", NO_ROW),
        ("25 or fewer", NO_ROW),
        ("twenty-odd", NO_ROW),
        ("25 at most", NO_ROW),
        ("half a million", NO_ROW),
        ("half of the 25", NO_ROW),
        ("two and a half", NO_ROW),
        ("no 25 people", NO_ROW),
        ("two-thirds", "is a fraction"),
        ("one quarter", "is a fraction"),
        ("another hundred", "needs a number or “a” before it"),
        ("+25", "written with “+”"),
        ("25+5", "2 numbers could be meant"),
        ("25++", "written with “+”"),
        ("25+x", "written with “+”"),
        ("~25", "written with “~”"),
        (">25", "written with “>”"),
        ("-25", "minus sign"),
        ("9/11", "decimal point or thousands commas"),
        ("1,20", "decimal point or thousands commas"),
        ("1.2.3", "decimal point or thousands commas"),
        (".5", "no digit before its decimal point"),
        ("25 people, at least", "“at least” stands apart from “25”"),
        ("25 soldiers or more", "“or more” stands apart from “25”"),
        ("fewer than zero", "nothing is less than zero"),
        ("9" * (MAX_DIGITS + 1), "more than 100 digits"),
    ],
)
def test_what_could_be_misread_is_refused_and_told_why(phrase: str, said: str) -> None:
    with pytest.raises(UnknownQuantity) as caught:
        parse_quantity(phrase)
    assert said in caught.value.message
    assert caught.value.text == phrase
    assert caught.value.hint is not None
    assert len(caught.value.message) < 500


def sample_claims() -> list[dict[str, Any]]:
    bundle = yaml.safe_load((SAMPLE / "bundle.yaml").read_text(encoding="utf-8"))
    return [claim for claim in bundle["claims"] if claim.get("quantity") is not None]


@pytest.mark.parametrize("claim", sample_claims(), ids=lambda claim: claim["key"])
def test_the_phrases_of_the_sample_and_its_quotes_say_the_same(claim: dict[str, Any]) -> None:
    # Without quotation marks YAML cuts "as many as 6,000 people" at the comma, and makes the rest a key.
    words = ",".join([claim["quote"], *(key for key in claim if key[0].isdigit())])
    quantity, quote = parse_quantity(str(claim["quantity"])), parse_quantity(words)
    if claim["key"] in {"k-security-13", "k-mousavi-25-globo"}:
        # "mindestens", "pelo menos": the table is of English phrases, and the recorder translated.
        assert spell(quote) == f"EXACT [{quantity.bounds.lower}, {quantity.bounds.lower}]"
        assert quantity.modality is Modality.AT_LEAST
    else:
        assert (quote.modality, quote.bounds) == (quantity.modality, quantity.bounds)


def test_quantities_are_found_in_the_sample_article() -> None:
    found = find_quantities(ARTICLE)
    assert [f.quantity.text for f in found] == [
        "hundreds", "two dozen", "hundreds", "around 750", "At least 25", "millions", "Seven", "about 30",
        "four",
    ]  # fmt: skip
    for f in found:
        assert ARTICLE[f.start : f.end] == f.quantity.text


READ_SINCE = ["An estimated 40", "several hundred", "25+"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In 2019 at least 25 died, in 2020 30.", ["at least 25", "30"]),
        ("The 2003 invasion, in 1999 and around 2001", []),
        ("more than 2000 were there; 1999 people came", ["more than 2000", "1999"]),
        ("from 1998 to 2003", []),
        ("At 14:30, at 9 p.m., at 2130 GMT and at five o'clock", []),
        ("29 December, Dec. 29, 29/12/2019, 29.12.2019, 2019-12-29, 29-31 December 2019", []),
        ("The 1st, the second, the twenty-fifth, the 82nd, a third", []),
        ("one of whom said no one knew; this one is no longer here", []),
        ("no one died", ["no one"]),
        ("one soldier died, no casualties, no effort, no people", ["one", "no", "no"]),
        ("Ali, aged 25, Omar, 31 years old, and a 10-year-old boy", []),
        ("a three-day visit by a 12-member team", ["12"]),
        ("Resolution 2216, Flight 752, No. 5 and Boeing 737", []),
        ("See https://example.org/2019/12/31/25-dead and #25 and @25", []),
        ("call 555-1234-22 or 555 1234", []),
        ("nineteen eighty-four", []),
        ("😀 a few hundred, but 25 were hurt\n\n30 died", ["25", "30"]),
        ("An estimated 40 died, several hundred fled, 25+ are missing", READ_SINCE),
        ("between 20 and 30 men, a few women", ["between 20 and 30", "a few"]),
    ],
)
def test_dates_names_and_pronouns_are_not_suggested(text: str, found: list[str]) -> None:
    assert [f.quantity.text for f in find_quantities(text)] == found
    assert all(text[f.start : f.end] == f.quantity.text for f in find_quantities(text))
