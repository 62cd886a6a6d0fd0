"""The tables: columns, constraints, indexes, triggers. Nothing here decides.

    base.py          the metadata, naming of constraints, and what every recorded row carries
    agents.py        agent
    sources.py       source
    questions.py     event, question
    claims.py        claim, attribution
    assessments.py   assessment
    corroboration.py corroboration, status_change, and the view `evidence` (what was compared)
    researchers.py   researcher, identity, token
    records.py       revision, seal, idempotency_key, imported
    evidence.py      what stands for and against each claim, as the view `evidence` finds it
    functions.py     SQL functions and triggers, created with the tables
    hops.py          those of them that keep the bounds of a claim with each of its hops
    log.py           those of them that write down what changes, and keep that
    stretches.py     the stretches of time by which a search stays among the newest claims
    outsiders.py     the views that outsiders read
    roles.py         as whom Sayso works, and what that role may do

Importing this package registers every table on `metadata`.
"""

from app.models.agents import Agent
from app.models.assessments import Assessment
from app.models.base import metadata
from app.models.claims import Attribution, Claim
from app.models.corroboration import Corroboration, StatusChange
from app.models.functions import install_functions
from app.models.questions import Event, Question
from app.models.records import Act, IdempotencyKey, Imported, Redaction, Revision, Seal, SealedRevision
from app.models.researchers import Identity, Researcher, Token
from app.models.sources import Source

install_functions(metadata)

__all__ = [
    "Act",
    "Agent",
    "Assessment",
    "Attribution",
    "Claim",
    "Corroboration",
    "Event",
    "IdempotencyKey",
    "Identity",
    "Imported",
    "Question",
    "Redaction",
    "Researcher",
    "Revision",
    "Seal",
    "SealedRevision",
    "Source",
    "StatusChange",
    "Token",
    "metadata",
]
