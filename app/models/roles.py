"""The roles as which Sayso works, and what the one that records may do.

`sayso_outsider` reads the views of outsiders.py and nothing else. `sayso_writer` reads the tables and has of
them what the services need. To the log it adds links and seals; all else in it is written by triggers, with
its owner's rights. What is left is their owner's. Neither can log in: users are granted them.
docs/decisions/0016, 0019.
"""

from __future__ import annotations

OUTSIDER = "sayso_outsider"
WRITER = "sayso_writer"
# As whom the embedded server is asked by all but the owner's commands. It can become both, and no other.
APPLICATION = "sayso_application"

# A role belongs to the whole cluster: another database may have made it, at this very moment even.
_MAKE = """DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{0}') THEN
        CREATE ROLE {0} {1};
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""

_GRANT = """DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{0}', 'SET') THEN
        EXECUTE format('GRANT {0} TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
END $$"""

MAKE_ROLES = tuple(
    statement
    for role in (OUTSIDER, WRITER)
    for statement in (_MAKE.format(role, "NOLOGIN"), _GRANT.format(role))
)

# For a superuser to run, once the others are there.
MAKE_APPLICATION = (
    _MAKE.format(APPLICATION, "LOGIN"),
    f"GRANT {WRITER} TO {APPLICATION} WITH INHERIT TRUE, SET TRUE",
    f"GRANT {OUTSIDER} TO {APPLICATION} WITH INHERIT FALSE, SET TRUE",
)

_RECORDED = "SELECT, INSERT, UPDATE"

# Relation → what the writer may do. A new table needs its line. Of listed columns it sets no others.
RIGHTS: dict[str, str] = {
    "agent": _RECORDED,
    "source": _RECORDED,
    "event": _RECORDED,
    "question": _RECORDED,
    "claim": _RECORDED,
    "attribution": f"{_RECORDED}, DELETE",
    "assessment": _RECORDED,
    "corroboration": _RECORDED,
    "evidence": "SELECT",
    "researcher": _RECORDED,
    "identity": f"{_RECORDED}, DELETE",
    "token": _RECORDED,
    "idempotency_key": _RECORDED,
    "imported": _RECORDED,
    "revision": "SELECT",
    "act": "SELECT",
    "status_change": "SELECT",
    "sealed_revision": "SELECT, INSERT (position, revision, seed, hash)",
    "seal": "SELECT, INSERT",
    "redaction": "SELECT",
    "revision_id_seq": "SELECT",
    "seal_id_seq": "USAGE",
}

WRITING = (
    f"GRANT USAGE ON SCHEMA public TO {WRITER}",
    *(
        f"GRANT {rights} ON {'SEQUENCE ' if relation.endswith('_seq') else ''}public.{relation} TO {WRITER}"
        for relation, rights in RIGHTS.items()
    ),
)
