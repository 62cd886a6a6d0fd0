"""Every write that a client can make. Each top-level field is a transaction of its own.

A mutation runs its service in one transaction, reads its payload back in it, and answers after the commit.
What the service refuses becomes a member of the result (`refusals.py`).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

import strawberry

from app.api import amendments, inputs, payloads
from app.api.accounts import AccountMutations
from app.api.changing import Context, change, check_permitted
from app.api.declaring import mutation
from app.api.inputs import read_key
from app.database import WriteSession
from app.domain.identifiers import NodeType
from app.permissions import Viewer
from app.services import agents, assessments, claims, events, merges, questions, sources, withdrawals
from app.services.exposure import Exposure, amend_exposed, record_protected, search_ahead
from app.services.rows import tried
from app.services.shown import Search


def spell_changes(outcome: merges.MergeOutcome) -> str:
    """What a merge changes, as the compiler takes it: JSON."""
    return json.dumps([asdict(difference) for difference in outcome.differences], default=str)


def _answer_agent(agent: UUID, standing: Exposure | None) -> dict[str, Any]:
    return {"agent": str(agent), "standing": None if standing is None else json.dumps(asdict(standing))}


async def _search_ahead(
    info: Context, key: str | None, find_names: Callable[[WriteSession], Awaitable[Collection[str]]]
) -> Search | None:
    check_permitted(info)
    return await search_ahead(info.context.database, info.context.viewer, key, find_names)


AGENT = {"agent": NodeType.AGENT}
SOURCE = {"source": NodeType.SOURCE}
EVENT = {"event": NodeType.EVENT}
QUESTION = {"question": NodeType.QUESTION}
CLAIM = {"claim": NodeType.CLAIM}
ASSESSMENT = {"assessment": NodeType.ASSESSMENT}


@strawberry.type(
    description="Every write. Each field is a transaction of its own, done before the next begins."
)
class Mutation(AccountMutations):
    @mutation
    async def record_agent(self, info: Context, input: inputs.RecordAgentInput) -> payloads.RecordAgentResult:
        """Record anyone who can say or publish something."""
        searched: Search | None = None

        async def find_names(_session: WriteSession) -> Collection[str]:
            return agents.name_new(info.context.viewer, input.read())

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            new = input.read()
            if not new.protected:
                return _answer_agent(await agents.record_agent(session, viewer, new), None)
            return _answer_agent(*await record_protected(session, viewer, new, searched))

        if input.protected:
            searched = await _search_ahead(info, input.idempotency_key, find_names)
        return await change(info, payloads.AgentPayload, AGENT, input, work, patient=input.protected)

    @mutation
    async def record_source(
        self, info: Context, input: inputs.RecordSourceInput
    ) -> payloads.RecordSourceResult:
        """Record an item that was published: its text, or a citation alone."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            return {"source": str(await sources.record_source(session, viewer, input.read()))}

        return await change(info, payloads.SourcePayload, SOURCE, input, work)

    @mutation
    async def record_event(self, info: Context, input: inputs.RecordEventInput) -> payloads.RecordEventResult:
        """Record what happened."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            return {"event": str(await events.record_event(session, viewer, input.read()))}

        return await change(info, payloads.EventPayload, EVENT, input, work)

    @mutation
    async def record_question(
        self, info: Context, input: inputs.RecordQuestionInput
    ) -> payloads.RecordQuestionResult:
        """Record what claims can answer, so that they can be compared."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            return {"question": str(await questions.record_question(session, viewer, input.read()))}

        return await change(info, payloads.QuestionPayload, QUESTION, input, work)

    @mutation
    async def record_claim(self, info: Context, input: inputs.RecordClaimInput) -> payloads.RecordClaimResult:
        """Record a statement found in a source, word for word, and whom it passed through."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            return {"claim": str(await claims.record_claim(session, viewer, input.read()))}

        return await change(info, payloads.ClaimPayload, CLAIM, input, work)

    @mutation
    async def revise_source(
        self, info: Context, input: inputs.ReviseSourceInput
    ) -> payloads.RecordSourceResult:
        """Record a later version of a source. Its claims stay; each quote is looked up in the new text."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            revised = read_key(NodeType.SOURCE, input.source, "source")
            return {"source": str(await sources.revise_source(session, viewer, revised, input.read()))}

        return await change(info, payloads.SourcePayload, SOURCE, input, work)

    @mutation
    async def record_assessment(
        self, info: Context, input: inputs.RecordAssessmentInput
    ) -> payloads.RecordAssessmentResult:
        """Record a judgement on a claim, by another claim or by a source."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = await assessments.record_assessment(session, viewer, input.read())
            return {"assessment": str(key)}

        return await change(info, payloads.AssessmentPayload, ASSESSMENT, input, work)

    @mutation
    async def amend_agent(
        self, info: Context, input: amendments.AmendAgentInput
    ) -> payloads.AmendAgentResult:
        """Change the record of an agent; what it changes for claims is evaluated at once.

        Who is protected is looked for in the words that outsiders read. A dry run shows where it stands."""
        searched: Search | None = None

        async def find_names(session: WriteSession) -> Collection[str]:
            key, viewer = read_key(NodeType.AGENT, input.agent, "agent"), info.context.viewer
            return await agents.name_amended(session, viewer, key, input.expected_version, input.read())

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.AGENT, input.agent, "agent")
            version, changes, standing = input.expected_version, input.read(), None
            restrict = input.restrict_standing
            async with tried(session, dry_run=input.dry_run):
                if input.exposes:
                    standing = await amend_exposed(
                        session, viewer, key, version, changes, restrict=restrict, searched=searched
                    )
                else:
                    await agents.amend_agent(session, viewer, key, version, changes)
            return _answer_agent(key, standing)

        if input.exposes:
            searched = await _search_ahead(info, input.idempotency_key, find_names)
        return await change(info, payloads.AgentPayload, AGENT, input, work, patient=input.exposes)

    @mutation
    async def amend_source(
        self, info: Context, input: amendments.AmendSourceInput
    ) -> payloads.AmendSourceResult:
        """Change the record of a source."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.SOURCE, input.source, "source")
            await sources.amend_source(session, viewer, key, input.expected_version, input.read())
            return {"source": str(key)}

        return await change(info, payloads.SourcePayload, SOURCE, input, work)

    @mutation
    async def amend_event(
        self, info: Context, input: amendments.AmendEventInput
    ) -> payloads.AmendEventResult:
        """Change the record of an event."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.EVENT, input.event, "event")
            await events.amend_event(session, viewer, key, input.expected_version, input.read())
            return {"event": str(key)}

        return await change(info, payloads.EventPayload, EVENT, input, work)

    @mutation
    async def amend_question(
        self, info: Context, input: amendments.AmendQuestionInput
    ) -> payloads.AmendQuestionResult:
        """Change the record of a question."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.QUESTION, input.question, "question")
            await questions.amend_question(session, viewer, key, input.expected_version, input.read())
            return {"question": str(key)}

        return await change(info, payloads.QuestionPayload, QUESTION, input, work)

    @mutation
    async def amend_claim(
        self, info: Context, input: amendments.AmendClaimInput
    ) -> payloads.AmendClaimResult:
        """Change the record of a claim; the whole must be what recordClaim would take."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.CLAIM, input.claim, "claim")
            await claims.amend_claim(session, viewer, key, input.expected_version, input.read())
            return {"claim": str(key)}

        return await change(info, payloads.ClaimPayload, CLAIM, input, work)

    @mutation
    async def retract_claim(
        self, info: Context, input: amendments.RetractClaimInput
    ) -> payloads.RetractClaimResult:
        """Record that the source took the claim back."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.CLAIM, input.claim, "claim")
            await withdrawals.retract_claim(
                session, viewer, key, when=input.when, reason=input.reason, url=input.url
            )
            return {"claim": str(key)}

        return await change(info, payloads.ClaimPayload, CLAIM, input, work)

    @mutation
    async def reinstate_claim(
        self, info: Context, input: amendments.ReinstateClaimInput
    ) -> payloads.ReinstateClaimResult:
        """Undo the retraction of a claim. That it was retracted stays in its history."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.CLAIM, input.claim, "claim")
            await withdrawals.reinstate_claim(session, viewer, key, input.expected_version, input.reason)
            return {"claim": str(key)}

        return await change(info, payloads.ClaimPayload, CLAIM, input, work)

    @mutation
    async def withdraw_claim(
        self, info: Context, input: amendments.WithdrawClaimInput
    ) -> payloads.WithdrawClaimResult:
        """Take back a claim that was recorded by mistake: it counts nowhere, and can be restored."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.CLAIM, input.claim, "claim")
            await withdrawals.withdraw_claim(session, viewer, key, input.reason)
            return {"claim": str(key)}

        return await change(info, payloads.ClaimPayload, CLAIM, input, work)

    @mutation
    async def restore_claim(
        self, info: Context, input: amendments.RestoreClaimInput
    ) -> payloads.RestoreClaimResult:
        """Undo the withdrawal of a claim."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.CLAIM, input.claim, "claim")
            await withdrawals.restore_claim(session, viewer, key)
            return {"claim": str(key)}

        return await change(info, payloads.ClaimPayload, CLAIM, input, work)

    @mutation
    async def withdraw_assessment(
        self, info: Context, input: amendments.WithdrawAssessmentInput
    ) -> payloads.WithdrawAssessmentResult:
        """Take back a judgement."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.ASSESSMENT, input.assessment, "assessment")
            await assessments.withdraw_assessment(session, viewer, key, input.reason)
            return {"assessment": str(key)}

        return await change(info, payloads.AssessmentPayload, ASSESSMENT, input, work)

    @mutation
    async def merge_agents(
        self, info: Context, input: amendments.MergeAgentsInput
    ) -> payloads.MergeAgentsResult:
        """Record that two agents are one. A dry run shows what that would change."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.AGENT, input.agent, "agent")
            into = read_key(NodeType.AGENT, input.into, "into")
            outcome = await merges.merge_agents(
                session, viewer, key, into, input.reason, dry_run=input.dry_run
            )
            return {"agent": str(key), "changes": spell_changes(outcome)}

        return await change(info, payloads.MergeAgentsPayload, AGENT, input, work)

    @mutation
    async def unmerge_agents(
        self, info: Context, input: amendments.UnmergeAgentsInput
    ) -> payloads.MergeAgentsResult:
        """Undo a merge of agents."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.AGENT, input.agent, "agent")
            outcome = await merges.unmerge_agents(session, viewer, key, input.reason, dry_run=input.dry_run)
            return {"agent": str(key), "changes": spell_changes(outcome)}

        return await change(info, payloads.MergeAgentsPayload, AGENT, input, work)

    @mutation
    async def merge_questions(
        self, info: Context, input: amendments.MergeQuestionsInput
    ) -> payloads.MergeQuestionsResult:
        """Record that two questions ask the same. A dry run shows what that would change."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.QUESTION, input.question, "question")
            into = read_key(NodeType.QUESTION, input.into, "into")
            outcome = await merges.merge_questions(
                session, viewer, key, into, input.reason, dry_run=input.dry_run
            )
            return {"question": str(key), "changes": spell_changes(outcome)}

        return await change(info, payloads.MergeQuestionsPayload, QUESTION, input, work)

    @mutation
    async def unmerge_questions(
        self, info: Context, input: amendments.UnmergeQuestionsInput
    ) -> payloads.MergeQuestionsResult:
        """Undo a merge of questions."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.QUESTION, input.question, "question")
            outcome = await merges.unmerge_questions(
                session, viewer, key, input.reason, dry_run=input.dry_run
            )
            return {"question": str(key), "changes": spell_changes(outcome)}

        return await change(info, payloads.MergeQuestionsPayload, QUESTION, input, work)
