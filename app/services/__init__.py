"""Every write: plain async functions, grouped by noun, each in the transaction of the session it is given.

A service permits, looks at every field, locks, changes rows, and works out again what the change reaches. It
raises before its first write, so that whoever catches an expected error may go on in the same transaction.

    inputs.py         what inputs are made of, and how their faults are gathered
    locks.py          who waits for whom
    rows.py           rows on their way in: locked, inserted, changed
    references.py     what claims refer to, looked up for many at once
    protection.py     names of protected agents in words on their way in
    shown.py          such names in words that outsiders read already
    agents.py sources.py events.py questions.py claims.py (chains.py answers.py) assessments.py
                      record and amend; sources.py revises too
    withdrawals.py    claims retracted, reinstated, withdrawn, restored
    merges.py         agents and questions merged and unmerged
    exposure.py       an agent protected, and what tells of it restricted
    parties.py        derived: the party of an agent, the publishers of a source
    quotes.py         derived: where quotes stand in the newest version
    reach.py          what a change reaches
    records.py        rows → what the corroboration rule is given
    corroboration.py  the rule over those
    outcomes.py digests.py differences.py
                      what came out for them, told apart from the rows that stand, and saved
    recomputation.py  everything derived, worked out again from nothing
    researchers.py    who records
    tokens.py         with what they sign in
    idempotency.py    a request that is sent again is done once
    sealing.py        the log linked into a chain of hashes
    verification.py   the chain and the tables proved
    redaction.py      a value erased everywhere
    schema.py         the database brought to this version of Sayso
"""
