"""`standfast audit erase`: somebody is taken out of what is recorded, on their request, and the chain stays whole."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

from config.company import Company
from config.company import Settings as CompanySettings
from console.completion import people
from console.database import opened
from console.ending import CommandRefused
from console.identity import known
from console.inbox import without
from console.key import signing_key
from console.screen import show, show_json
from console.session import AsJson, By, build, finish
from domain.company.person import ERASED, Person
from domain.company.policy_retention import ErasureRule
from domain.value.model import said_count
from records.erasing import Plan
from records.erasure import Request
from records.redaction import Redaction, names, parts
from records.refusal import NotErased, RecordsUnready, Unremembered
from records.setting import Settings
from records.store import Records

ELSEWHERE = (
    "Not reached from here: bundles that were handed out, documents and messages at vendors, backups, webhooks until",
    "its retention has passed, and the histories of Temporal until its namespace lets go of them: `show` and",
    "`timeline` tell from there what is there. `temporal workflow delete --workflow-id INC-...` removes an incident",
    "that is over at once; it is told from the records then. Whoever is in the catalog still is written down again by",
    "the next incident: take them out there first.",
)


def erase(
    person: Annotated[
        str,
        typer.Argument(
            metavar="PERSON", help="Their id in the catalog, or a name it never had.", autocompletion=people
        ),
    ],
    request: Annotated[str, typer.Option("--request", help="The request that is met, such as a ticket.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is to be met.")],
    by: By,
    seconded_by: Annotated[
        str, typer.Option("--seconded-by", help="Who agreed; by the policy a second person.", autocompletion=people)
    ] = "",
    words: Annotated[
        list[str] | None, typer.Option("--word", help="A further word that names them; repeat it.")
    ] = None,
    over_only: Annotated[bool, typer.Option("--over-only", help="Leave incidents that are not over.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without, it is only said what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take somebody out of events on their request: each keeps its hash, and the erasure is signed evidence itself."""
    asked = build(Request, request=request, by=by, seconded_by=seconded_by, reason=reason)
    finish(_erase(person, asked, words or [], over_only=over_only, yes=yes, as_json=as_json))


async def _erase(
    person: str, asked: Request, words: Sequence[str], *, over_only: bool, yes: bool, as_json: bool
) -> int:
    now, held = datetime.now(UTC), _agreed(person, asked).held
    try:
        async with opened() as records:
            people = await records.known(person)
            redaction = Redaction({person, *words, *names(people)}, f"{ERASED}{secrets.token_hex(4)}")
            if not yes:
                _say_plan(await records.would_erase(redaction, now, held), redaction, people, as_json=as_json)
                return 0
            await _do(records, redaction, asked, at=now, over_only=over_only, held=held, as_json=as_json)
    except (NotErased, Unremembered) as error:
        raise CommandRefused(f"nothing was erased: {error}; --over-only leaves out what is not over") from None
    return 0


async def _do(
    records: Records,
    redaction: Redaction,
    asked: Request,
    *,
    at: datetime,
    over_only: bool,
    held: Mapping[str, str],
    as_json: bool,
) -> None:
    key, memory = signing_key(), Settings().standfast_anchor_file
    try:
        plan, signed = await records.erase(
            redaction, asked, key=key, at=at, memory=memory, over_only=over_only, held=held
        )
    except RecordsUnready as error:
        if "must be owner" not in error.said:
            raise
        raise CommandRefused("nothing was erased: connect as the owner of the tables, as for `audit grant`") from None
    number, words = signed.checkpoint.number, await without(redaction, held)
    if as_json:
        show_json(_told(plan) | {"checkpoint": number, "instead": redaction.instead, "not_taken": words})
        return
    show(Text(f"Erased: {_counts(plan)} say {redaction.instead} now. Checkpoint {number} says so, for ever."))
    if words:
        show(f"So do {said_count(words, 'word')} after the end of an incident.")
    show(*(Text(f"not over, and left as it is: {one}", "yellow") for one in plan.running), *_held(plan))
    show(*map(Text, ELSEWHERE))


def _held(plan: Plan) -> list[Text]:
    """What a legal hold keeps."""
    return [Text(f"held, and left as it is: {one}", "yellow") for one in plan.held]


def _agreed(person: str, asked: Request) -> ErasureRule:
    """That whoever does it is somebody, and a second person agreed where the policy asks for one; answers its rule."""
    company = Company(CompanySettings())
    known(company.catalog, asked.by)
    if asked.seconded_by:
        known(company.catalog, asked.seconded_by)
    if company.policy.erasure.seconded and asked.seconded_by in ("", asked.by, person):
        raise CommandRefused("--seconded-by: expected a second person, neither who erases nor who is erased")
    return company.policy.erasure


def _told(plan: Plan) -> dict[str, object]:
    reached = [one.row.id for one in plan.cleaned]
    return {
        "incidents": reached,
        "events": plan.events,
        "suppressed": len(plan.alerts),
        "deployments": len(plan.deployments),
        "longer": sorted(plan.longer),
        "not_over": plan.running,
        "held": plan.held,
        "refused": plan.refused,
    }


def _counts(plan: Plan) -> str:
    incidents, alerts = said_count(len(plan.cleaned), "incident"), said_count(len(plan.alerts), "suppressed alert")
    deployed = said_count(len(plan.deployments), "deployment")
    return f"{said_count(plan.events, 'event')} of {incidents}, {alerts}, {deployed}"


def _say_plan(plan: Plan, redaction: Redaction, people: Sequence[Person], *, as_json: bool) -> None:
    """What would be done, and what keeps it from that."""
    if as_json:
        show_json(_told(plan) | {"words": list(redaction.words)})
        return
    show(Text(f"Would be erased, with --yes: {_counts(plan)}", "bold"))
    show(Text(f"wherever they say {', '.join(redaction.words)}"))
    if unsaid := sorted(parts(people)):
        show(Text(f"and not where they say {', '.join(unsaid)}: add --word for what means them alone"))
    if plan.longer:
        show(Text(f"nor in the words {', '.join(sorted(plan.longer)[:20])}: add --word for what means them"))
    show(*(Text(f"not over: {one}", "yellow") for one in plan.running), *_held(plan))
    show(*(Text(f"in the way: {one}", "bold red") for one in plan.refused))
