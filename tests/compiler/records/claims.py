"""Claims, each for something that a reader must get right, and the hops they passed through."""

from __future__ import annotations

from dataclasses import dataclass

from tests.compiler.records.keys import Row, moment


@dataclass(frozen=True)
class Speaker:
    """One row of attribution."""

    agent: str
    cue: str | None = None
    mode: str | None = None
    channel: str = "UNSTATED"


@dataclass(frozen=True)
class RecordedClaim:
    """A claim with its hops, origin first; joint speakers share a hop. `live` and `status` as made up."""

    row: Row
    hops: tuple[tuple[Speaker, ...], ...] = ()
    status: str = "UNCORROBORATED"
    live: bool = True


def quantity(text: str, modality: str, bounds: str, *, given: bool = False, question: str = "killed") -> Row:
    return {
        "question": question,
        "quantity_text": text,
        "modality": modality,
        "bounds": bounds,
        "bounds_given": given,
    }


def found(source: str, exact: str, statement: str | None = None, **quote: object) -> Row:
    row: Row = {"source": source, "quote_exact": exact, "statement": statement or f"It is said: {exact}"}
    return row | {f"quote_{name}": value for name, value in quote.items()}


_US = (Speaker("esper", "said in a statement", "MIXED", "STATEMENT"),)
_MILITIA = (Speaker("militia", "a spokesman said", "INDIRECT", "PRESS_CONFERENCE"),)
_WITHDRAWN: Row = {
    "withdrawn_at": "2020-02-03T04:05:06.7+00:00",
    "withdrawn_by": "noor",
    "withdrawal_reason": "Recorded twice.",
}

CLAIMS: dict[str, RecordedClaim] = {
    "at_least_25": RecordedClaim(
        found("article", "At least 25 fighters died", start=181, end=206, prefix="incident. ", suffix=".")
        | quantity("at least 25", "AT_LEAST", "[25,)")
        | {"basis": "UNATTRIBUTED", "quote_status": "PRESENT", "note": "No voice is named."},
        status="CORROBORATED",
    ),
    "exactly_28": RecordedClaim(
        found("wire", "28 people were killed")
        | quantity("28", "EXACT", "[28,28]")
        | moment("asserted", "2019-12-30")
        | {"basis": "ATTRIBUTED"},
        hops=((Speaker("health", "the ministry said", "INDIRECT", "STATEMENT"),), (Speaker("reuters"),)),
        status="DISPUTED",
    ),
    "fewer_than_20": RecordedClaim(
        found("wire", "fewer than 20")
        | quantity("fewer than 20", "AT_MOST", "[0,20)")
        | moment("asserted", "2019-12-30T09:00:00.25+03:00")
        | {"basis": "ATTRIBUTED"},
        hops=(_US,),
        status="CONTRADICTED",
    ),
    "two_dozen": RecordedClaim(
        found("article", "two dozen")
        | quantity("two dozen", "APPROXIMATE", "[21,27]")
        | {"basis": "UNATTRIBUTED", "quote_status": "ORPHANED", "note": "“Two dozen” is 24."},
    ),
    # Recorded for a merged question, and for one merged into that one.
    "dozens": RecordedClaim(
        found("broadcast", "dozens", "Dozens died.")
        | quantity("dozens", "VAGUE", "[24,99]", question="dead")
        | moment("asserted", "2019-12")
        | {"basis": "FIRSTHAND", "recorded_by": "noor"},
        status="OUTDATED",
        live=False,
    ),
    "between": RecordedClaim(
        found("wire_copy", "25,5–30,25")
        | quantity("25.5 to 30.25", "BETWEEN", "(25.50,30.25)", given=True, question="deaths")
        | {"basis": "ATTRIBUTED"},
        hops=(_MILITIA, (Speaker("reuters", channel="DOCUMENT"),), (Speaker("athena", "μετέδωσε"),)),
    ),
    "no_lower_bound": RecordedClaim(
        found("interview", "約750人")
        | quantity("about 750", "APPROXIMATE", "(,825]", given=True, question="soldiers")
        | moment("asserted", "2019")
        | {"basis": "ATTRIBUTED"},
        hops=((Speaker("esper", "と述べた", "DIRECT", "INTERVIEW"),),),
    ),
    "no_bound": RecordedClaim(
        found("interview", "人", start=5, end=6)
        | quantity("some number", "VAGUE", "(,)", given=True, question="soldiers")
        | {"basis": "UNATTRIBUTED", "quote_status": "MOVED"},
    ),
    "many_digits": RecordedClaim(
        found("dataset", "12345678901234567890.000000000100")
        | quantity(
            "12345678901234567890.000000000100",
            "EXACT",
            "[12345678901234567890.000000000100,12345678901234567890.000000000100]",
            question="soldiers",
        )
        | {"basis": "FIRSTHAND"},
    ),
    "below_zero": RecordedClaim(
        found("dataset", "-0.5 or less", "The balance is negative.")
        | quantity("-0.5 or less", "AT_MOST", "(,-0.5]", given=True, question="unanswered")
        | {"basis": "UNATTRIBUTED"},
    ),
    # Joint speakers at the first hop; cue, mode and channel of the hop are those of its first row.
    "iran_did": RecordedClaim(
        found("statement", "Iran is “fully responsible,quot;”", "Iran was behind it.")
        | moment("asserted", "2019-12-31T12:00:00Z")
        | {"question": "behind", "polarity": "ASSERTS", "basis": "ATTRIBUTED"},
        hops=(
            (
                Speaker("esper", "they said", "DIRECT", "POST"),
                Speaker("us", "in a joint statement", None, "STATEMENT"),
                Speaker("official", None, "MIXED", "UNSTATED"),
            ),
            (Speaker("spokesman", "told reporters", "INDIRECT", "PRESS_CONFERENCE"),),
        ),
        status="DISPUTED",
    ),
    "iran_did_not": RecordedClaim(
        found("far_future", "We deny it")
        | {"question": "guilty", "polarity": "DENIES", "basis": "FIRSTHAND"}
        | moment("asserted", "2020-01-01"),
        status="DISPUTED",
    ),
    "iran_did_reprinted": RecordedClaim(
        found("reprint", "Tehran'ın işi")
        | {"question": "guilty", "polarity": "ASSERTS", "basis": "ATTRIBUTED"},
        hops=((Speaker("official", "isminin açıklanmasını istemeyen", "INDIRECT"),),),
    ),
    "why_retaliation": RecordedClaim(
        found("reprint_again", "in retaliation", "The strikes were in retaliation.")
        | {"question": "why", "basis": "FIRSTHAND"},
    ),
    "unasked": RecordedClaim(
        found(
            "video",
            'smoke "rises"\n\\over the gate\u2028',
            "Nobody asks: 100% $1 %s {x} 👩🏽‍🚀",
        )
        | {"basis": "FIRSTHAND"},
    ),
    "unasked_attributed": RecordedClaim(
        found("image", "by @baghdad_now")
        | moment("asserted", "2019-12-31T21:00:00+03:00")
        | {"basis": "ATTRIBUTED", "note": ""},
        hops=((Speaker("account", "posted", "DIRECT", "POST"),), (Speaker("blogger"), Speaker("account"))),
    ),
    "by_merged": RecordedClaim(
        found("twin_statement", "seven vehicles") | {"basis": "ATTRIBUTED"},
        hops=((Speaker("dod_twin", "", "INDIRECT", "BROADCAST"),), (Speaker("dod_triplet"),)),
    ),
    "retracted": RecordedClaim(
        found("article_second", "The Pentagon said around 750 soldiers")
        | quantity("around 750", "APPROXIMATE", "[675,825]", question="soldiers")
        | moment("retracted", "2020-01-02")
        | {
            "basis": "ATTRIBUTED",
            "retraction_reason": "The figure was wrong.",
            "retraction_url": "https://example.org/correction",
            "retraction_recorded_by": "edit",
            "retraction_recorded_at": "2020-01-05T00:00:00+00:00",
        },
        hops=(_US,),
        status="RETRACTED",
        live=False,
    ),
    "retracted_without_url": RecordedClaim(
        found("protected_post", "رأيت كل شيء")
        | moment("retracted", "2020-01-02T10:00:00.000001+00:00")
        | {
            "basis": "FIRSTHAND",
            "retraction_reason": "Deleted.",
            "retraction_recorded_by": "ada",
            "retraction_recorded_at": "2020-01-05T00:00:00.1+00:00",
        },
        status="RETRACTED",
        live=False,
    ),
    "withdrawn": RecordedClaim(
        found("wire", "28 people were killed", "The same, by mistake.")
        | quantity("28", "EXACT", "[28,28]")
        | {"basis": "ATTRIBUTED"}
        | _WITHDRAWN,
        hops=(_MILITIA,),
        live=False,
    ),
    "withdrawn_on_guilty": RecordedClaim(
        found("reprint", "geri çekildi")
        | {"question": "guilty", "polarity": "ASSERTS", "basis": "UNATTRIBUTED"}
        | _WITHDRAWN,
        live=False,
    ),
    "withdrawn_and_retracted": RecordedClaim(
        found("statement", "At the direction of the President", start=0, end=33)
        | moment("retracted", "2020")
        | {
            "basis": "FIRSTHAND",
            "retraction_reason": "Taken back.",
            "retraction_recorded_by": "edit",
            "retraction_recorded_at": "2020-03-01T00:00:00+00:00",
        }
        | _WITHDRAWN,
        status="RETRACTED",
        live=False,
    ),
    # Hidden: by itself, and with its source.
    "off_record": RecordedClaim(
        found("wire", "between us, 31 killed", "31 were killed, off the record.")
        | quantity("31", "EXACT", "[31,31]")
        | moment("asserted", "2019-12-29")
        | {"basis": "ATTRIBUTED", "restricted": True},
        hops=((Speaker("esper", "told us", "INDIRECT", "INTERVIEW"),), (Speaker("reuters"),)),
        status="CORROBORATED",
    ),
    "leaked": RecordedClaim(
        found("leak_second", "Hundreds more troops")
        | quantity("hundreds", "VAGUE", "[200,999]", question="soldiers")
        | {"basis": "FIRSTHAND"},
        status="DISPUTED",
    ),
    "leaked_reprint": RecordedClaim(
        found("leak_reprint", "It was Iran")
        | {"question": "guilty", "polarity": "ASSERTS", "basis": "ATTRIBUTED"},
        hops=((Speaker("official"),),),
    ),
    # Withdrawn and restored again by the amendments.
    "restored": RecordedClaim(
        found("wire_copy", "28 νεκροί") | quantity("28", "EXACT", "[28,28]") | {"basis": "ATTRIBUTED"},
        hops=(_MILITIA, (Speaker("athena", mode="INDIRECT"),)),
    ),
    # Its hops change in the amendments.
    "rehopped": RecordedClaim(
        found("interview", "「約750人」と述べた")
        | quantity("about 750", "APPROXIMATE", "[675,825]", question="soldiers")
        | {"basis": "ATTRIBUTED"},
        hops=((Speaker("esper"),), (Speaker("nippon"),)),
        status="CORROBORATED",
    ),
}
