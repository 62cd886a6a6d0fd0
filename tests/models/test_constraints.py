"""Every rule that stands in the schema refuses the row that breaks it, whoever writes the row.

A case changes a valid row of its table just enough to break one rule, which Postgres then names.
"""

from __future__ import annotations

import asyncpg
import pytest

from tests.models.rows import LONG, NEW, QUANTITY, RETRACTED, VALID, A, C, D, Q, R, S, T, Y, insert

# The rule → what breaks it. Its table is the one whose name it begins with.
BROKEN: dict[str, dict[str, str]] = {
    "researcher_role_check": {"role": "'OWNER'"},
    "researcher_name_not_blank_check": {"name": "E' \\t\\n'"},
    "researcher_name_length_check": {"name": LONG},
    "researcher_email_length_check": {"email": LONG},
    "researcher_name_key": {"name": "'Ada'"},
    "researcher_email_key": {"email": "'ADA@example.org'"},
    "identity_subject_key": {"subject": "'ada'"},
    "identity_issuer_not_blank_check": {"issuer": "''"},
    "identity_subject_not_blank_check": {"subject": "''"},
    "identity_issuer_length_check": {"issuer": LONG},
    "identity_subject_length_check": {"subject": LONG},
    "token_hash_key": {"hash": "'hash'"},
    "token_prefix_key": {"prefix": "'pre'"},
    "token_name_not_blank_check": {"name": "' '"},
    "token_role_check": {"role": "'OWNER'"},
    "token_purpose_check": {"purpose": "'REFRESH'"},
    "agent_kind_check": {"kind": "'ROBOT'"},
    "agent_name_not_blank_check": {"name": "''"},
    "agent_name_length_check": {"name": LONG},
    "agent_part_of_another_check": {"part_of": NEW},
    "agent_merged_into_another_check": {"merged_into": NEW},
    "agent_wikidata_id_check": {"wikidata_id": "'Q0'"},
    "agent_protected_has_pseudonym_check": {"protected": "true"},
    "agent_aliases_not_null_check": {"aliases": "ARRAY['a', NULL]"},
    "agent_wikidata_id_key": {"wikidata_id": "'Q348144'"},
    "source_kind_check": {"kind": "'RUMOUR'"},
    "source_title_not_blank_check": {"title": "''"},
    "source_url_length_check": {"url": LONG},
    "source_reprints_another_check": {"reprints": NEW},
    "source_revises_another_check": {"revises": NEW},
    "source_published_moment_check": {"published": "'empty'", "published_text": "'2019'"},
    "source_revises_key": {"revises": S},
    "source_url_key": {"url": "'https://example.org/a'"},
    "event_title_not_blank_check": {"title": "''"},
    "event_ends_after_start_check": {"starts_on": "'2019-12-31'", "ends_on": "'2019-12-30'"},
    "event_latitude_check": {"latitude": "90.1"},
    "event_longitude_check": {"longitude": "-180.1"},
    "event_coordinates_check": {"latitude": "NULL"},
    "question_kind_check": {"kind": "'WHY'"},
    "question_text_not_blank_check": {"text": "'   '"},
    "question_merged_into_another_check": {"merged_into": NEW},
    "claim_basis_check": {"basis": "'HEARSAY'"},
    "claim_polarity_check": {
        "question": Y,
        "question_kind": "'YES_NO'",
        "question_root": Y,
        "polarity": "'MAYBE'",
    },
    "claim_modality_check": QUANTITY | {"modality": "'ABOUT'"},
    "claim_quote_status_check": {"quote_status": "'LOST'"},
    "claim_statement_not_blank_check": {"statement": "''"},
    "claim_quote_not_empty_check": {"quote_exact": "''"},
    "claim_quote_position_check": {"quote_start": "0", "quote_end": "4"},
    "claim_question_check": {"question": Q},
    "claim_quantity_answers_check": {"question": Q, "question_kind": "'QUANTITY'", "question_root": Q},
    "claim_polarity_answers_check": {"polarity": "'ASSERTS'"},
    "claim_quantity_is_whole_check": QUANTITY | {"quantity_text": "NULL"},
    "claim_asserted_moment_check": {"asserted": "'[2019-12-31,)'", "asserted_text": "'2019-12-31'"},
    "claim_retracted_moment_check": RETRACTED | {"retracted_text": "NULL"},
    "claim_retraction_is_whole_check": RETRACTED | {"retraction_reason": "NULL"},
    "claim_withdrawal_is_whole_check": {"withdrawn_at": "now()", "withdrawn_by": R},
    "claim_once_key": {"statement": "'It was so'", "quote_exact": "'It was so.'"},
    "attribution_hop_check": {"hop": "0"},
    "attribution_mode_check": {"mode": "'QUOTED'"},
    "attribution_channel_check": {"channel": "'FAX'"},
    "attribution_agent_claim_hop_key": {"hop": "1"},
    "assessment_stance_check": {"stance": "'DOUBTS'"},
    "assessment_rationale_not_blank_check": {"rationale": "''"},
    "assessment_one_evidence_check": {"evidence_source": S},
    "assessment_not_by_itself_check": {"evidence_claim": D},
    "assessment_credibility_check": {"credibility": "7"},
    "assessment_withdrawal_is_whole_check": {"withdrawal_reason": "'Wrong.'"},
    "assessment_once_key": {"claim": C, "evidence_claim": D},
    "corroboration_status_check": {"status": "'TRUE'"},
    "corroboration_figures_check": {"lines_for": "-1"},
    "status_change_status_check": {"status": "'TRUE'"},
    "revision_operation_check": {"operation": "'TRUNCATE'"},
    "redaction_reason_not_blank_check": {"reason": "' '"},
    "sealed_revision_erased_check": {"seed": "NULL"},
    "sealed_revision_revision_key": {"revision": "1"},
    "seal_last_position_key": {"last_position": "1"},
    "seal_last_revision_key": {"last_revision": "(SELECT max(last_revision) FROM seal)"},
    "idempotency_key_key_not_blank_check": {"key": "''"},
    "idempotency_key_key_length_check": {"key": LONG},
    "idempotency_key_pkey": {"key": "'k'"},
    "imported_bundle_length_check": {"bundle": LONG},
    "imported_key_length_check": {"key": LONG},
    "imported_pkey": {"key": "'k'"},
    # The foreign keys that say more than "it is there".
    "claim_question_kind_fkey": QUANTITY | {"question": Y},
}

# What only another road can break.
BROKEN_BY: dict[str, str] = {
    # A trigger writes the hash; without it there is nothing between the two columns but this.
    "source_text_sha256_check": (
        "ALTER TABLE source DISABLE TRIGGER source_text_sha256; UPDATE source SET text = 'A text'"
    ),
    "act_pkey": "INSERT INTO act SELECT * FROM act",
    "claim_corroboration_fkey": f"DELETE FROM corroboration WHERE claim = {D}; SET CONSTRAINTS ALL IMMEDIATE",
}

NAMED_RULES = """
SELECT conname FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x') AND conrelid <> 0
UNION
SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = 'public'::regnamespace AND indisunique AND (NOT indisprimary OR indnkeyatts > 1)
"""


def table_of(rule: str) -> str:
    return max((table for table in VALID if rule.startswith(f"{table}_")), key=len)


async def test_every_rule_of_the_schema_is_tried(raw: asyncpg.Connection) -> None:
    rules = {row[0] for row in await raw.fetch(NAMED_RULES)}
    tried = BROKEN.keys() | BROKEN_BY.keys()
    # The primary key refuses first what this would; it is there for a foreign key to refer to.
    assert rules - tried == {"question_id_kind_key"}
    assert {rule for rule in tried - rules if not rule.endswith("_fkey")} == set()


@pytest.mark.parametrize("table", VALID)
async def test_a_valid_row_is_kept(raw: asyncpg.Connection, table: str) -> None:
    if table == "corroboration":
        await raw.execute(insert("claim", VALID["claim"]))
    assert await raw.execute(insert(table, VALID[table])) == "INSERT 0 1"
    if table == "claim":
        await raw.execute(insert("corroboration", VALID["corroboration"]))
    await raw.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("rule", BROKEN)
async def test_a_row_that_breaks_the_rule_is_refused(raw: asyncpg.Connection, rule: str) -> None:
    table = table_of(rule)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await raw.execute(insert(table, VALID[table] | BROKEN[rule]))
    assert refused.value.constraint_name == rule


@pytest.mark.parametrize("rule", BROKEN_BY)
async def test_a_change_that_breaks_the_rule_is_refused(raw: asyncpg.Connection, rule: str) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await raw.execute(BROKEN_BY[rule])
    assert refused.value.constraint_name == rule


@pytest.mark.parametrize("allowed", [
    # A merged agent keeps the Wikidata id it had; the one it was merged into may have the same.
    insert("agent", VALID["agent"] | {"wikidata_id": "'Q348144'", "merged_into": A, "party": A}),
    # The same words again, once the first claim or assessment was withdrawn.
    f"UPDATE claim SET withdrawn_at = now(), withdrawn_by = {R}, withdrawal_reason = 'Twice' WHERE id = {C};"
    + insert("claim", VALID["claim"] | {"statement": "'It was so'", "quote_exact": "'It was so.'"}),
    f"UPDATE assessment SET withdrawn_at = now(), withdrawn_by = {R}, withdrawal_reason = 'Twice';"
    + insert("assessment", VALID["assessment"] | {"claim": C, "evidence_claim": D}),
    # One address, two texts: the page was changed.
    insert("source", VALID["source"] | {"url": "'https://example.org/a'", "text": "'Another text.'"}),
    # A citation, revised under its own address.
    insert("source", VALID["source"] | {"url": "'https://example.org/a'", "text": "NULL", "revises": T}),
    # Citations without an address.
    insert("source", VALID["source"] | {"url": "NULL"}) + ";"
    + insert("source", VALID["source"] | {"url": "NULL", "id": "uuidv7()"}),
])  # fmt: skip
async def test_what_looks_alike_but_is_not_the_same_is_kept(raw: asyncpg.Connection, allowed: str) -> None:
    await raw.execute(allowed)


@pytest.mark.parametrize("broken", [
    f"DELETE FROM attribution WHERE claim = {C}",
    f"UPDATE attribution SET hop = 2 WHERE claim = {C}",
    f"UPDATE attribution SET claim = {D} WHERE claim = {C}",
    f"UPDATE claim SET basis = 'FIRSTHAND' WHERE id = {C}",
    f"UPDATE claim SET basis = 'ATTRIBUTED' WHERE id = {D}",
    insert("attribution", VALID["attribution"] | {"claim": D, "hop": "1"}),
    insert("attribution", VALID["attribution"] | {"hop": "3"}),
])  # fmt: skip
async def test_a_chain_that_is_not_whole_does_not_outlast_its_transaction(
    raw: asyncpg.Connection, broken: str
) -> None:
    await raw.execute(broken)
    with pytest.raises(asyncpg.CheckViolationError, match="the chain of claim"):
        await raw.execute("SET CONSTRAINTS ALL IMMEDIATE")


async def test_a_chain_may_pass_through_states_that_are_not_whole(raw: asyncpg.Connection) -> None:
    await raw.execute(f"DELETE FROM attribution WHERE claim = {C}")
    for hop in ("2", "1"):
        await raw.execute(insert("attribution", VALID["attribution"] | {"hop": hop}))
    await raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
