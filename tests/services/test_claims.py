"""Recording and amending claims: what is kept, what is refused, and what it does to the claims around."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Basis, Channel, Modality, Mode, Polarity, QuestionKind, Role
from app.errors import (
    AmbiguousQuote,
    Duplicate,
    InvalidInput,
    NotFound,
    NotPermitted,
    QuoteNotFound,
    SaysoError,
    UnknownMoment,
    UnknownQuantity,
)
from app.permissions import Viewer
from app.services.claims import NewClaim, record_claim, record_claims
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.recomputation import recompute_everything
from tests.factories import (
    make_agent,
    make_claim,
    make_question,
    make_source,
    make_viewer,
    perform,
)
from tests.services.reading import count_rows, read_hops, read_row, read_rows, read_status

TEXT = "Around 750 soldiers. At least 25 died. The 25 were fighters."


async def test_a_claim_is_recorded_with_its_chain_its_quote_and_its_bounds(
    database: Database, viewer: Viewer
) -> None:
    source = await make_source(database, viewer, text=TEXT)
    question = await make_question(database, viewer)
    esper, salih, agency = [await make_agent(database, viewer) for _ in range(3)]
    new = NewClaim(
        source=source,
        question=question,
        statement="Around 750 soldiers will deploy.",
        quote=QuoteInput("Around 750 soldiers"),
        basis=Basis.ATTRIBUTED,
        hops=(
            Hop((salih, esper), cue="said in a statement", mode=Mode.INDIRECT, channel=Channel.STATEMENT),
            Hop((agency,)),
        ),
        quantity=QuantityInput("around 750"),
        asserted="2019-12-31",
        note=" as it came ",
    )
    claim = await perform(database, viewer, record_claim, new)
    row = await read_row(database, "claim", claim)
    assert {name: value for name, value in row.items() if value is not None and name != "recorded_at"} == {
        "id": str(claim),
        "version": 1,
        "recorded_by": str(viewer.researcher),
        "source": str(source),
        "question": str(question),
        "question_kind": "QUANTITY",
        "question_root": str(question),
        "statement": "Around 750 soldiers will deploy.",
        "quote_exact": "Around 750 soldiers",
        "quote_prefix": "",
        "quote_suffix": ". At least 25 died. The 25 were ",
        "quote_start": 0,
        "quote_end": 19,
        "quote_status": "PRESENT",
        "basis": "ATTRIBUTED",
        "quantity_text": "around 750",
        "modality": "APPROXIMATE",
        "bounds": "[675,825]",
        "bounds_given": False,
        "asserted_text": "2019-12-31",
        "asserted": '["2019-12-31 00:00:00+00","2020-01-01 00:00:00+00")',
        "note": " as it came ",
        "restricted": False,
        "hidden": False,
    }
    words = {"cue": "said in a statement", "mode": "INDIRECT", "channel": "STATEMENT", "version": 1}
    assert await read_hops(database, claim) == [
        {"hop": 1, "agent": str(salih), **words},
        {"hop": 1, "agent": str(esper), **words},
        {"hop": 2, "agent": str(agency), "cue": None, "mode": None, "channel": "UNSTATED", "version": 1},
    ]
    assert await read_status(database, claim) == "UNCORROBORATED 1:0"


async def test_a_citation_keeps_the_words_without_a_place(database: Database, viewer: Viewer) -> None:
    claim = await make_claim(database, viewer, quote=QuoteInput("two dead", prefix="left "))
    row = await read_row(database, "claim", claim)
    assert (row["quote_exact"], row["quote_prefix"], row["quote_start"]) == ("two dead", "left ", None)
    assert row["quote_status"] == "UNCHECKED"


async def test_given_bounds_stand_beside_the_words(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer)
    quantity = QuantityInput("mindestens 13", lower=Decimal(13), lower_inclusive=False)
    claim = await make_claim(database, viewer, question=question, quantity=quantity)
    row = await read_row(database, "claim", claim)
    assert (row["quantity_text"], row["modality"], row["bounds"], row["bounds_given"]) == (
        "mindestens 13",
        "AT_LEAST",
        "(13,)",
        True,
    )


async def test_statuses_follow_from_what_is_recorded(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer)
    militia, ministry, iran = [await make_agent(database, viewer) for _ in range(3)]
    first = await make_claim(database, viewer, question=question, quantity="25", said_by=[militia])
    assert await read_status(database, first) == "UNCORROBORATED 1:0"
    second = await make_claim(database, viewer, question=question, quantity="at least 25", said_by=[ministry])
    # The exact figure backs the bound; the bound does not back the figure.
    assert await read_status(database, first) == "UNCORROBORATED 1:0"
    assert await read_status(database, second) == "CORROBORATED 2:0"
    third = await make_claim(database, viewer, question=question, quantity="19", said_by=[iran])
    assert await read_status(database, second) == "DISPUTED 2:1"
    assert await read_status(database, third) == "CONTRADICTED 1:2"


async def test_each_change_of_status_names_the_revision_that_caused_it(
    database: Database, viewer: Viewer
) -> None:
    question = await make_question(database, viewer)
    first = await make_claim(database, viewer, question=question, quantity="25")
    second = await make_claim(database, viewer, question=question, quantity="25")
    changes = await read_rows(
        database,
        "SELECT s.status, s.lines_for, r.subject FROM status_change s JOIN revision r ON r.id = s.revision"
        " WHERE s.claim = $1 ORDER BY s.id",
        first,
    )
    assert changes == [
        {"status": "UNCORROBORATED", "lines_for": 1, "subject": str(first)},
        {"status": "CORROBORATED", "lines_for": 2, "subject": str(second)},
    ]


HERE = uuid.UUID(int=1)


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"statement": " "}, ["statement"]),
        ({"statement": "x" * 10_001, "note": "\0"}, ["statement", "note"]),
        ({"quote": QuoteInput("", prefix="\ud800")}, ["quote.exact", "quote.prefix"]),
        ({"quote": QuoteInput("x", start=3)}, ["quote.start"]),
        ({"basis": Basis.ATTRIBUTED}, ["hops"]),
        ({"basis": Basis.UNATTRIBUTED, "hops": (Hop((HERE,)),)}, ["hops", "hops.0.agents.0"]),
        ({"hops": (Hop(()),)}, ["hops.0.agents"]),
        ({"hops": (Hop((HERE, HERE), cue="\0"),)}, ["hops.0.cue", "hops.0.agents.1"]),
        ({"hops": (Hop((HERE,)),) * 21}, ["hops"]),
        ({"quantity": "25"}, ["quantity"]),
        ({"polarity": Polarity.ASSERTS}, ["polarity"]),
        ({"question": HERE, "source": HERE}, ["source", "question"]),
    ],
)
async def test_everything_that_is_wrong_is_said_at_once(
    database: Database, viewer: Viewer, fields: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await make_claim(database, viewer, **fields)
    named = [".".join(problem.path) for problem in caught.value.problems]
    assert named[: len(paths)] == paths
    assert all(path.startswith("hops.") for path in named[len(paths) :])
    assert await count_rows(database, "claim") == 0


@pytest.mark.parametrize(
    ("kind", "answer", "path"),
    [
        (QuestionKind.QUANTITY, {}, "quantity"),
        (QuestionKind.QUANTITY, {"quantity": "25", "polarity": Polarity.ASSERTS}, "polarity"),
        (QuestionKind.YES_NO, {}, "polarity"),
        (QuestionKind.YES_NO, {"quantity": "25", "polarity": Polarity.ASSERTS}, "quantity"),
        (QuestionKind.OPEN, {"quantity": "25"}, "quantity"),
        (QuestionKind.OPEN, {"polarity": Polarity.DENIES}, "polarity"),
    ],
)
async def test_an_answer_is_what_its_question_asks_for(
    database: Database, viewer: Viewer, kind: QuestionKind, answer: dict[str, Any], path: str
) -> None:
    question = await make_question(database, viewer, kind=kind)
    with pytest.raises(InvalidInput) as caught:
        await make_claim(database, viewer, question=question, **answer)
    assert [problem.path for problem in caught.value.problems] == [(path,)]


@pytest.mark.parametrize(
    ("quantity", "path"),
    [
        (QuantityInput("x", lower=Decimal(9), upper=Decimal(3)), "quantity.upper"),
        (QuantityInput("x", lower=Decimal(3), upper=Decimal(3), upper_inclusive=False), "quantity.upper"),
        (QuantityInput("x", lower=Decimal("NaN")), "quantity.lower"),
        (QuantityInput("x", upper=Decimal("Infinity")), "quantity.upper"),
        (QuantityInput("x", upper=Decimal("1E+999999")), "quantity.upper"),
        (QuantityInput("x", modality=Modality.EXACT), "quantity.lower"),
        (QuantityInput("x", lower=Decimal(3), modality=Modality.EXACT), "quantity.modality"),
        (QuantityInput(" ", lower=Decimal(3)), "quantity.text"),
    ],
)
async def test_bounds_that_cannot_be_are_refused(
    database: Database, viewer: Viewer, quantity: QuantityInput, path: str
) -> None:
    question = await make_question(database, viewer)
    with pytest.raises(InvalidInput) as caught:
        await make_claim(database, viewer, question=question, quantity=quantity)
    assert [".".join(problem.path) for problem in caught.value.problems] == [path]


async def test_one_missing_reference_is_not_found_where_it_is_named(
    database: Database, viewer: Viewer
) -> None:
    agent = await make_agent(database, viewer)
    nobody = uuid.uuid4()
    with pytest.raises(NotFound) as caught:
        await make_claim(database, viewer, hops=(Hop((agent,)), Hop((agent, nobody))))
    assert caught.value.path == ("hops", "1", "agents", "1")
    assert caught.value.id == encode_id(NodeType.AGENT, nobody)


async def test_words_that_mean_nothing_have_errors_of_their_own(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer)
    source = await make_source(database, viewer, text=TEXT)
    attempts: list[tuple[type[SaysoError], dict[str, Any]]] = [
        (UnknownQuantity, {"question": question, "quantity": "lots"}),
        (UnknownMoment, {"asserted": "last Tuesday"}),
        (QuoteNotFound, {"source": source, "quote": "750 people"}),
        (AmbiguousQuote, {"source": source, "quote": "25"}),
    ]
    for error, fields in attempts:
        with pytest.raises(error):
            await make_claim(database, viewer, **fields)
    assert await count_rows(database, "claim") == 0


async def test_the_same_words_are_recorded_once(database: Database, viewer: Viewer) -> None:
    source = await make_source(database, viewer, text=TEXT)
    first = await make_claim(database, viewer, source=source, statement="It died.", quote="At least 25 died")
    with pytest.raises(Duplicate) as caught:
        await make_claim(database, viewer, source=source, statement="It died.", quote="At least 25 died")
    assert (caught.value.kind, caught.value.id) == ("Claim", encode_id(NodeType.CLAIM, first))
    await make_claim(database, viewer, source=source, statement="It lived.", quote="At least 25 died")
    assert await count_rows(database, "claim") == 2


async def test_after_an_error_the_transaction_goes_on(database: Database, viewer: Viewer) -> None:
    """A bundle records many entries in one transaction, and reports the ones that were there."""
    source = await make_source(database, viewer)
    new = NewClaim(source=source, statement="s", quote=QuoteInput("q"), basis=Basis.FIRSTHAND)
    other = NewClaim(source=source, statement="t", quote=QuoteInput("q"), basis=Basis.FIRSTHAND)

    async def work(session: Any) -> uuid.UUID:
        await record_claim(session, viewer, new)
        with pytest.raises(Duplicate):
            await record_claim(session, viewer, new)
        return await record_claim(session, viewer, other)

    assert await read_status(database, await database.write(viewer.researcher, work)) == "UNCORROBORATED 1:0"
    assert await count_rows(database, "claim") == 2


async def test_of_several_claims_each_is_recorded_or_refused_by_itself(
    database: Database, viewer: Viewer
) -> None:
    source, other = [await make_source(database, viewer, text=TEXT) for _ in range(2)]
    question = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(3)]
    standing = await make_claim(database, viewer, source=source, statement="s0", quote="Around 750 soldiers")

    def claim(number: int, **fields: Any) -> NewClaim:
        given: dict[str, Any] = {
            "source": source,
            "statement": f"s{number}",
            "quote": QuoteInput("Around 750 soldiers"),
            "basis": Basis.ATTRIBUTED,
            "hops": (Hop((agents[number % 2],)),),
        }
        return NewClaim(**{**given, **fields})

    answer = {"question": question, "quantity": QuantityInput("750")}
    news = [
        claim(0),  # stands already
        claim(1),
        claim(1),  # the one before
        claim(2, source=uuid.uuid4()),
        claim(3, **answer),
        claim(4, question=question),
        claim(5, quote=QuoteInput("nowhere")),
        claim(6, source=other, **answer, hops=(Hop((agents[0],)), Hop((agents[0], agents[2]), cue="said"))),
        claim(7, basis=Basis.FIRSTHAND, hops=()),
        claim(8, hops=(Hop((uuid.uuid4(),)),)),
    ]

    outcomes: list[Any] = await perform(database, viewer, record_claims, news)

    found = [type(outcome) for outcome in outcomes]
    assert found[0] is found[2] is Duplicate
    assert (found[3], found[5], found[6], found[9]) == (NotFound, InvalidInput, QuoteNotFound, NotFound)
    keys = [outcome for outcome in outcomes if isinstance(outcome, uuid.UUID)]
    assert [outcomes.index(key) for key in keys] == [1, 4, 7, 8]
    assert keys == sorted(keys)
    assert outcomes[0].id == encode_id(NodeType.CLAIM, standing)
    assert outcomes[2].id == encode_id(NodeType.CLAIM, keys[0])
    assert await count_rows(database, "claim") == 5
    assert [(row["hop"], row["agent"], row["cue"]) for row in await read_hops(database, keys[2])] == [
        (1, str(agents[0]), None),
        (2, str(agents[0]), "said"),
        (2, str(agents[2]), "said"),
    ]
    assert await read_hops(database, keys[3]) == []
    assert [await read_status(database, key) for key in keys] == [
        "UNCORROBORATED 1:0",
        "CORROBORATED 2:0",
        "CORROBORATED 2:0",
        "UNCORROBORATED 1:0",
    ]
    assert await recompute_everything(database, check=True) == []


async def test_readers_record_no_claims(database: Database, viewer: Viewer) -> None:
    source = await make_source(database, viewer)
    reader = await make_viewer(database, Role.READER)
    with pytest.raises(NotPermitted):
        await make_claim(database, reader, source=source)
