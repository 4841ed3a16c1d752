"""`standfast audit leavers`: who left the company and is to be taken out of what is recorded, as the policy says."""

from datetime import UTC, datetime, timedelta

from rich.text import Text

from config.company import Company
from config.company import Settings as CompanySettings
from console.code import CHECK_FAILED
from console.database import opened
from console.screen import show, show_json
from console.session import AsJson, finish
from domain.value.model import said_count, spoken


def leavers(as_json: AsJson = False) -> None:
    """Say who left the company and may be named no longer (`erasure.leavers_after`); ends with 1 where somebody is."""
    finish(_leavers(as_json=as_json))


async def _leavers(*, as_json: bool) -> int:
    company, now = Company(CompanySettings()), datetime.now(UTC)
    span = company.policy.erasure.leavers_after
    async with opened() as records:
        left = {one: at for one, at in (await records.last_known()).items() if one not in company.catalog.people}
    due = sorted(one for one, at in left.items() if span is not None and at + span <= now)
    if as_json:
        show_json({one: {"last_known": at.isoformat(), "due": one in due} for one, at in left.items()})
    else:
        show(*_lines(left, span, due))
    return CHECK_FAILED if due else 0


def _lines(left: dict[str, datetime], span: timedelta | None, due: list[str]) -> list[Text]:
    """Each leaver's line, those who are due with the command that erases them."""
    if not left:
        return [Text("Nobody is recorded who is not in the catalog.")]
    kept = f"{spoken(span)} after the last incident that knew them" if span else "until they ask for it"
    named = [
        Text(f"{one}: last known on {at:%d %b %Y}{', due' if one in due else ''}", "yellow" if one in due else "")
        for one, at in sorted(left.items())
    ]
    do = [Text(f"standfast audit erase {one} --request retention --reason 'erasure.leavers_after'") for one in due]
    return [Text(f"{said_count(len(left), 'leaver')}; they are named {kept}.", "bold"), *named, *do]
