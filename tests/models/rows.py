"""A row of each table in SQL, as psql would write it: past every service."""

from __future__ import annotations

# Rows to refer to, and the key of the row that a case inserts.
R, A, S, T, E, Q, Y, C, D, NEW = (f"'00000000-0000-7000-8000-00000000000{digit}'" for digit in "123456789a")
LONG = "repeat(md5('1') || md5('2'), 1000)"

SEED = f"""
INSERT INTO researcher (id, name, email) VALUES ({R}, 'Ada', 'ada@example.org');
INSERT INTO token (researcher, hash, prefix, name, role) VALUES ({R}, 'hash', 'pre', 'laptop', 'READER');
INSERT INTO identity (issuer, subject, researcher) VALUES ('https://id.example', 'ada', {R});
INSERT INTO agent (id, party, recorded_by, kind, name, wikidata_id)
    VALUES ({A}, {A}, {R}, 'PERSON', 'Hassan Rouhani', 'Q348144');
INSERT INTO source (id, newest_version, recorded_by, kind, title, url, revises)
    VALUES ({S}, {S}, {R}, 'ARTICLE', 'A title', 'https://example.org/a', NULL),
           ({T}, {T}, {R}, 'ARTICLE', 'A title, amended', 'https://example.org/t', {S});
INSERT INTO event (id, recorded_by, title) VALUES ({E}, {R}, 'A strike');
INSERT INTO question (id, root, recorded_by, kind, text)
    VALUES ({Q}, {Q}, {R}, 'QUANTITY', 'How many?'), ({Y}, {Y}, {R}, 'YES_NO', 'Was it so?');
INSERT INTO claim (id, recorded_by, source, statement, quote_exact, basis)
    VALUES ({C}, {R}, {S}, 'It was so', 'It was so.', 'ATTRIBUTED'),
           ({D}, {R}, {S}, 'It was not', 'It was not.', 'FIRSTHAND');
INSERT INTO attribution (claim, hop, agent, recorded_by) VALUES ({C}, 1, {A}, {R});
INSERT INTO corroboration (claim, status, live, lines_for, lines_against, lines_exact, reports_for,
                           reports_against, lines, weakest_links, explanation, named, rule_version)
    SELECT id, 'UNCORROBORATED', true, 1, 0, true, 1, 0, '{{}}', '[]', 'One line.', '[]', 1 FROM claim;
INSERT INTO assessment (recorded_by, claim, evidence_claim, stance, rationale)
    VALUES ({R}, {C}, {D}, 'CONTRADICTS', 'It says so.');
INSERT INTO redaction (recorded_by, table_name, row_id, subject, fields, reason)
    VALUES ({R}, 'agent', {A}, {A}, '{{name}}', 'An order');
INSERT INTO sealed_revision (position, revision, seed, hash) VALUES (1, 1, 'seed', 'hash');
INSERT INTO seal (last_revision, last_position, hash) SELECT max(id), 1, 'hash' FROM revision;
INSERT INTO idempotency_key (researcher, key, request_sha256, answer) VALUES ({R}, 'k', 'sha', '{{}}');
INSERT INTO imported (bundle, table_name, key, row_id, entry_sha256, recorded_by)
    VALUES ('b', 'agent', 'k', {A}, 'sha', {R});
"""

RECORDED = {"id": NEW, "recorded_by": R}
FIGURES = {
    "status": "'DISPUTED'",
    "lines_for": "1",
    "lines_against": "1",
    "reports_for": "1",
    "reports_against": "1",
}
QUANTITY = {
    "question": Q,
    "question_kind": "'QUANTITY'",
    "question_root": Q,
    "bounds": "'[25,)'",
    "quantity_text": "'at least 25'",
    "modality": "'AT_LEAST'",
    "bounds_given": "false",
}
RETRACTED = {
    "retracted": "'[2020-01-05,2020-01-06)'",
    "retracted_text": "'2020-01-05'",
    "retraction_reason": "'A correction.'",
    "retraction_recorded_by": R,
    "retraction_recorded_at": "now()",
}

# A row of each table that nothing refuses.
VALID: dict[str, dict[str, str]] = {
    "researcher": {"name": "'Grace'", "email": "'grace@example.org'"},
    "identity": {"researcher": R, "issuer": "'https://id.example'", "subject": "'ada again'"},
    "token": {"researcher": R, "hash": "'another'", "prefix": "'fix'", "name": "'phone'", "role": "'ADMIN'"},
    "agent": RECORDED | {"party": NEW, "kind": "'AGENCY'", "name": "'Reuters'", "wikidata_id": "'Q130879'"},
    "source": RECORDED
    | {"newest_version": NEW, "kind": "'POST'", "title": "'A post'", "url": "'https://example.org/b'"},
    "event": RECORDED | {"title": "'A visit'", "latitude": "33.3", "longitude": "44.4"},
    "question": RECORDED | {"root": NEW, "kind": "'OPEN'", "text": "'Why?'"},
    "claim": RECORDED | {"source": S, "statement": "'So'", "quote_exact": "'So.'", "basis": "'UNATTRIBUTED'"},
    "attribution": {"recorded_by": R, "claim": C, "hop": "2", "agent": A},
    "assessment": RECORDED | {"claim": D, "evidence_claim": C, "stance": "'CONTEXT'", "rationale": "'See.'"},
    "corroboration": FIGURES
    | {"claim": NEW, "live": "true", "lines_exact": "true", "lines": "'{}'", "weakest_links": "'[]'"}
    | {"explanation": "'Two lines.'", "named": "'[]'", "rule_version": "1"},
    "status_change": FIGURES | {"claim": C},
    "revision": {"table_name": "'agent'", "row_id": A, "subject": A, "operation": "'INSERT'"},
    "redaction": RECORDED
    | {"table_name": "'agent'", "row_id": A, "subject": A, "fields": "'{name}'", "reason": "'An order'"},
    "act": {"transaction": "'1'", "ended": "now()", "first_revision": "1"},
    "sealed_revision": {"position": "2", "revision": "2", "seed": "'seed'", "hash": "'hash'"},
    "seal": {"last_revision": "1", "last_position": "2", "hash": "'hash'"},
    "idempotency_key": {"researcher": R, "key": "'l'", "request_sha256": "'sha'", "answer": "'{}'"},
    "imported": {"bundle": "'b'", "table_name": "'agent'", "key": "'l'", "row_id": A, "entry_sha256": "'sha'"}
    | {"recorded_by": R},
}


def insert(table: str, row: dict[str, str]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(row.values())})"
