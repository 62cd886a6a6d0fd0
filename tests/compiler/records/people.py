"""Researchers, and the agents that say and publish things."""

from __future__ import annotations

from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer, lower_role
from tests.compiler.records.keys import Row, key_of

RESEARCHERS: dict[str, Row] = {
    "ada": {"name": "Ada", "email": "ada@example.org", "role": "ADMIN"},
    "noor": {"name": "Noor نور", "email": "noor@example.org", "role": "RESEARCHER", "version": 2},
    "edit": {"name": "Édith “the editor”", "email": "edith@example.org", "role": "EDITOR"},
    "reader": {"name": "A reader\twith a tab", "role": "READER", "disabled_at": "2020-02-03T04:05:06+00:00"},
}

# A token may allow less than its researcher may. A browser's sign-in code is none that requests carry.
TOKENS: dict[str, Row] = {
    "noor_phone": {
        "researcher": "noor",
        "name": "Noor’s phone",
        "role": "RESEARCHER",
        "prefix": "sayso_noor0001",
        "hash": "\\x01",
        "created_at": "2020-01-02T03:04:05+00:00",
        "purpose": "ACCESS",
    },
    "ada_script": {
        "researcher": "ada",
        "name": 'a script "of" mine',
        "role": "EDITOR",
        "prefix": "sayso_ada00001",
        "hash": "\\x02",
        "created_at": "2020-01-02T03:04:05.5+00:00",
        "expires_at": "2100-01-01T00:00:00.25+00:00",
        "last_used_at": "2020-02-02T00:00:00+00:00",
        "purpose": "ACCESS",
    },
    "reader_laptop": {
        "researcher": "reader",
        "name": "laptop",
        "role": "ADMIN",
        "prefix": "sayso_reader01",
        "hash": "\\x03",
        "created_at": "2020-01-03T03:04:05+00:00",
        "expires_at": "2020-04-01T00:00:00+00:00",
        "revoked_at": "2020-03-01T00:00:00+00:00",
        "purpose": "ACCESS",
    },
    "edit_shared": {
        "researcher": "edit",
        "name": "for the screen in the hall",
        "role": "READER",
        "prefix": "sayso_edit0001",
        "hash": "\\x05",
        "created_at": "2020-01-04T03:04:05+00:00",
        "purpose": "ACCESS",
    },
    "ada_code": {
        "researcher": "ada",
        "name": "a sign-in link",
        "role": "ADMIN",
        "prefix": "sayso_code0001",
        "hash": "\\x04",
        "created_at": "2020-01-02T03:04:05+00:00",
        "expires_at": "2020-01-02T04:04:05+00:00",
        "purpose": "SIGN_IN",
    },
}

AGENTS: dict[str, Row] = {
    "us": {
        "kind": "GOVERNMENT",
        "name": "United States government",
        "aliases": ["Washington", "US", "The Administration"],
        "wikidata_id": "Q48525",
    },
    "dod": {
        "kind": "ORGANIZATION",
        "name": "US Department of Defense",
        "aliases": ["Pentagon"],
        "part_of": "us",
        "description": "The Pentagon, as papers call it.",
        "recorded_by": "noor",
    },
    "esper": {"kind": "PERSON", "name": "Mark Esper", "part_of": "dod", "wikidata_id": "Q43303"},
    # Protected once: the pseudonym is kept.
    "official": {"kind": "UNNAMED", "name": "a US official", "part_of": "dod", "pseudonym": "Source B"},
    # Merged twice over: dod_twin stands for dod, dod_triplet for dod_twin.
    "dod_twin": {"kind": "ORGANIZATION", "name": "Department of Defence", "merged_into": "dod", "version": 3},
    "dod_triplet": {"kind": "ORGANIZATION", "name": "us department of defense", "merged_into": "dod_twin"},
    # Part of one that was merged: its party is found past the merge.
    "spokesman": {"kind": "PERSON", "name": "Jonathan Hoffman", "part_of": "dod_twin", "recorded_by": "edit"},
    "iraq": {"kind": "GOVERNMENT", "name": "Government of Iraq", "aliases": ["Baghdad", "حكومة العراق"]},
    "health": {"kind": "ORGANIZATION", "name": "Iraqi health ministry", "part_of": "iraq"},
    "militia": {
        "kind": "ARMED_GROUP",
        "name": "Kata'ib Hezbollah",
        "aliases": ["كتائب حزب الله", "KH", "Hezbollah Brigades"],
        "description": 'Not the Hezbollah of Lebanon.\nSee also: "Hashd al-Shaabi".',
    },
    "iran": {"kind": "GOVERNMENT", "name": "Iran", "wikidata_id": "Q794"},
    "reuters": {"kind": "AGENCY", "name": "Reuters"},
    # Names that are the same but for case: the order by name falls back on the key.
    "reuters_lower": {"kind": "AGENCY", "name": "reuters", "description": ""},
    "reuters_upper": {"kind": "AGENCY", "name": "REUTERS"},
    "zeitung": {"kind": "OUTLET", "name": "Süddeutsche Zeitung", "aliases": ["SZ"], "description": "München"},
    "postasi": {"kind": "OUTLET", "name": "İstanbul Postası", "aliases": ["Istanbul Postasi"]},
    "athena": {"kind": "OUTLET", "name": "ΑΘΗΝΑΪΚΆ ΝΈΑ", "aliases": []},
    "nippon": {"kind": "OUTLET", "name": "日本経済新聞", "aliases": ["Nikkei"]},
    "account": {"kind": "ACCOUNT", "name": "@baghdad_now 🚁👩🏽‍🚀", "aliases": ["100% $1 %s {x} :y \\ '"]},
    "blogger": {
        "kind": "PERSON",
        "name": "A blogger in hiding",
        "protected": True,
        "pseudonym": "Source A",
        "part_of": "account",
        "recorded_by": "ada",
    },
    "control": {
        "kind": "UNNAMED",
        # Longer than a line of base64, which cursors by name are written in.
        "name": "tab\there, newline\nthere, \u0001 and \u2028 and \u007f </script>" + " over and out" * 4,
    },
    "empty": {"kind": "OUTLET", "name": "Nobody's Gazette", "description": "No claim, no source, no part."},
}


def viewer_of(name: str) -> Viewer:
    """Who shows this token, or is this researcher by the token of a provider, or `nobody`."""
    if name == "nobody":
        return Viewer(NOBODY, Role.READER)
    owner = name if name in RESEARCHERS else str(TOKENS[name]["researcher"])
    shown = [RESEARCHERS[owner]] if owner == name else [RESEARCHERS[owner], TOKENS[name]]
    role = lower_role(*(Role(str(row["role"])) for row in shown))
    token = None if owner == name else key_of("token", name)
    email = RESEARCHERS[owner].get("email")
    return Viewer(key_of("researcher", owner), role, token, None if email is None else str(email))
