"""Declares an incident directly (DET-2): a customer report escalated, or something no monitor sees."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import typer

from client.port import Declaration, Declared, IncidentClient
from config.company import Company, Settings
from console.acts import make, sent
from console.completion import incidents, services, severities
from console.ending import CommandRefused
from console.screen import show, show_json
from console.session import AsJson, By, build, run
from domain.alerting.alert import Alert
from domain.company.catalog import Catalog
from domain.procedure.joining import Merge
from domain.procedure.severity import Declare
from domain.value.act import Act

app = typer.Typer()
Into = Annotated[
    str,
    typer.Option(
        "--join", metavar="INCIDENT", help="An open one that it is; it goes on there.", autocompletion=incidents
    ),
]
"""Another incident, which the one that is declared turns out to be (DET-7)."""


@app.command()
def declare(
    context: typer.Context,
    service: Annotated[
        str, typer.Argument(metavar="SERVICE", help="A service of the catalog, or an alias.", autocompletion=services)
    ],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What is wrong, in one line.")],
    by: By,
    severity: Annotated[
        str, typer.Option("--severity", help="Declare it at once, such as P1.", autocompletion=severities)
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, where it is lower than proposed.")] = "",
    customer: Annotated[
        str, typer.Option("--customer", metavar="TICKET", help="The customer's ticket; the same one opens once.")
    ] = "",
    into: Into = "",
    apart: Annotated[bool, typer.Option("--apart", help="It is another than what was opened just now.")] = False,
    security: Annotated[bool, typer.Option("--security", help="A security incident: private (SCP-3).")] = False,
    as_json: AsJson = False,
) -> None:
    """Declare an incident (DET-2): it is opened, somebody is paged, and alerts of the service join it."""

    async def work(link: IncidentClient) -> int:
        company = Company(Settings())
        name = known(company.catalog, service)
        level = severity.upper()
        if level and level not in company.policy.severities:
            raise CommandRefused(
                f"severity: found {severity!r}, expected one of {', '.join(company.policy.severities)}"
            )
        alert = escalation(name, title, level, customer, security, datetime.now(UTC))
        first = [make(Declare, by, severity=level, reason=reason)] if level else []
        joins = [make(Merge, by, into=into.strip().upper(), reason=title)] if into else []
        return await _declare(
            link, Declaration(alert=alert, seed=alert.key, by=by, apart=apart), [*first, *joins], as_json
        )

    run(context, work)


async def _declare(link: IncidentClient, declaration: Declaration, acts: list[Act], as_json: bool) -> int:
    declared = await link.declare(declaration)
    there = [act for act in acts if not (isinstance(act, Merge) and act.into == declared.incident)]
    if not as_json:
        show(told(declared))
        joins = any(isinstance(act, Merge) for act in acts)
        for other in () if joins else declared.also_open:
            same = f"`standfast merge {declared.incident} {other}`"
            show(f"{other} is open on {declared.service} too; if it is the same, {same}")
    answers = [await sent(link, declared.incident, act) for act in there]
    if as_json:
        show_json(declared.model_dump(mode="json") | ({"acts": [one.data for one in answers]} if answers else {}))
    else:
        for one in answers:
            one.show()
    return next(filter(None, (one.code for one in answers)), 0)


def told(declared: Declared) -> str:
    """What came of it; the same ticket again finds the incident there is."""
    incident, service = declared.incident, declared.service
    if declared.joined:
        return f"{incident}: opened on {service} a moment ago, and your report joined it; another one is --apart"
    if declared.fresh:
        return f"{incident}: declared on {service}; `standfast show {incident} --follow`"
    back = f"; if it is back, `standfast reopen {incident} ...`" if declared.phase == "resolved" else ""
    return f"{incident}: declared on {service} before, for the same ticket; it is {declared.phase or 'open'}{back}"


def known(catalog: Catalog, word: str) -> str:
    """The service that is meant, by name, title or alias."""
    service = catalog.service_called(word)
    if service is None:
        raise CommandRefused(
            f"service: found {word!r}, expected one of {', '.join(catalog.services)}, or an alias of one"
        )
    return service.name


def escalation(service: str, title: str, level: str, customer: str, security: bool, now: datetime) -> Alert:
    """What a person's word is as an alert; the same customer ticket is the same alert (DET-3)."""
    labels = {"kind": "escalation"} | ({"ticket": customer} if customer else {})
    labels |= {"security": "true"} if security else {}
    return build(
        Alert,
        source="cli",
        key=f"ticket/{service}/{customer}" if customer else f"cli/{uuid4()}",
        title=title.strip(),
        description=f"Escalated by a customer: ticket {customer}." if customer else "",
        service=service,
        environment="production",
        severity=level,
        labels=labels,
        fired_at=now,
        at=now,
    )
