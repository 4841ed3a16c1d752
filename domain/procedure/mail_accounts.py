"""COM-5: whom the e-mail goes to: the service's accounts, and those that what was merged into it had written to."""

from collections.abc import Iterable

from domain.company.account import Account
from domain.incident.incident import Incident
from domain.incident.outward import Mail
from domain.procedure.mail_draft import MailDrafted, waiting
from domain.procedure.public_words import named


def of_service(incident: Incident) -> tuple[str, ...]:
    """The accounts of the service, as it is by now (DET-7)."""
    known = incident.catalog.accounts
    return tuple(account.email for account in known if incident.service.name in account.services)


def known_accounts(incident: Incident) -> dict[str, Account]:
    """Every account that may be written to, by its address."""
    others = (account for accounts in mailed_elsewhere(incident).values() for account in accounts)
    own = {account.email: account for account in incident.catalog.accounts}
    return own | {account.email: account for account in others if account.email not in own}


def written_to(incident: Incident, mail: Mail | MailDrafted) -> tuple[Account, ...]:
    """The accounts that the draft was for; an older draft names none and was for all."""
    if not mail.accounts:
        return incident.catalog.accounts
    return tuple(account for email, account in known_accounts(incident).items() if email in mail.accounts)


def greeted(accounts: Iterable[Account]) -> str:
    """Whom the first of them greets, which is how a draft is shown."""
    return next((name for account in accounts for name in account.contacted.values() if name), "")


def mailed_elsewhere(incident: Incident) -> dict[str, tuple[Account, ...]]:
    """Whom what was merged into it had written to, who wait to hear of the end, by the name that they know (DET-7)."""
    found: dict[str, tuple[Account, ...]] = {}
    for taken in incident.relations.taken_in.values():
        for name, accounts in taken.mailed.items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *accounts)))
    return found


def to_hear_elsewhere(incident: Incident) -> dict[str, tuple[Account, ...]]:
    """Who was written to and not told of the end yet hears it where this goes on, by the name that they know."""
    told = incident.outward.told
    if not incident.policy.mail.reaches_all or (told and told.stage == "end"):
        return {}
    found = mailed_elsewhere(incident)
    if told:
        own = written_to(incident, told)
        name = told.about or named(incident)
        found[name] = tuple(dict.fromkeys((*own, *found.get(name, ()))))
    return found


def to_hear_of_the_end(incident: Incident) -> tuple[str, ...]:
    """Whose mail of the end is to be drafted: its own accounts', and those of what was merged into it (DET-7).

    What was made so severe only after its end tells the accounts of the service then (TRI-6).
    """
    draft, each = incident.outward.mail_draft, incident.policy.mail.reaches_all
    own = draft.accounts if draft and not draft.withdrawn_at and _wants_end(incident, draft) else ()
    if draft is None and each and incident.since("mail"):
        own = of_service(incident)
    left = draft if draft and draft.stage == "end" and waiting(incident) else None
    have = {*own, *(left.accounts if left else ()), *_told_of_the_end(incident)}
    others = [one.email for accounts in mailed_elsewhere(incident).values() for one in accounts]
    missing = dict.fromkeys(email for email in others if email not in have)
    before = own or (left.accounts if left and missing else ())
    return (*before, *missing)


def _told_of_the_end(incident: Incident) -> set[str]:
    ends = (mail for mail in incident.outward.mails.values() if mail.stage == "end")
    return {email for mail in ends for email in mail.accounts}


def _wants_end(incident: Incident, draft: Mail) -> bool:
    """Whether the end's words are still to be drafted: once for each resolution, until they are approved."""
    ended_at, told = incident.resolved_at, incident.outward.told
    if not ended_at or (told and told.stage == "end"):
        return False
    return draft.stage != "end" or (draft.at is not None and draft.at < ended_at)


def all_told(incident: Incident, mail: Mail) -> bool:
    """Whether everybody whom a mail of the end is for was told of the trouble."""
    others = {one.email for accounts in mailed_elsewhere(incident).values() for one in accounts}
    return "begin" in incident.outward.mails or (bool(others) and others.issuperset(mail.accounts))


def end_name(incident: Incident, own: str, accounts: tuple[str, ...]) -> str:
    """What the end is called: by every name by which one of its readers knows it."""
    elsewhere = {name: {one.email for one in known} for name, known in mailed_elsewhere(incident).items()}
    others = [name for name, known in elsewhere.items() if known.intersection(accounts)]
    only = accounts and set(accounts) <= set().union(*elsewhere.values())
    names = dict.fromkeys(others if only and "begin" not in incident.outward.mails else [own, *others])
    return " and ".join(names)
