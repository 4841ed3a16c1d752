"""What a form offers and what stands in it when it opens, in the chat and on the board."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from config.company import Company
from domain.company.policy import Policy
from domain.company.policy_legal import LegalStep
from domain.company.status_template import CHOSEN, STATUSES
from domain.port.conversation import Options
from domain.procedure.evidence import QUIET_FOR
from domain.procedure.postmortem import ANOTHER
from domain.procedure.sop import PROCEDURE
from domain.report.starts import starts
from domain.report.view import View
from domain.report.words import Draft
from domain.rule.act import people_do
from ingress.chat.names import service_called
from ingress.chat.question import OPEN, last_words, previewed

YES: Options = (("true", "Yes"),)
ENDS = "?!.,:;'()"
"""What stands around a word of a sentence."""
MOST = 100
"""As many as one menu holds."""


class Prefill:
    """Fills forms from the company's files and from the incident, where it answered in time."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def choices(self, view: View | None) -> dict[str, Options]:
        """What a form offers: by the incident's own policy when it answered in time, else by today's."""
        policy, catalog = self._company.policy, self._company.catalog
        severities = view.severities if view else {name: rule.title for name, rule in policy.severities.items()}
        roles = view.role_titles if view else {name: rule.title for name, rule in policy.roles.items()}
        return {
            **self._promised(view),
            **_known(view),
            "reach": self._reached(view),
            "status": _states(view),
            "law": tuple((name, law.title) for name, law in policy.legal.items()),
            "report": tuple({name: step.title for name, step in _steps(policy)}.items()),
            "team": tuple((name, team.name) for name, team in list(catalog.teams.items())[:MOST]),
            "cause": (*policy.learn.causes.items(), (ANOTHER, "Another: say below what it is")),
            "severity": tuple((name, f"{name} {title}{_begins(policy, name)}") for name, title in severities.items()),
            "role": tuple((name, title[:1].upper() + title[1:]) for name, title in roles.items()),
            "service": tuple((name, service.title) for name, service in list(catalog.services.items())[:MOST]),
        }

    def _reached(self, view: View | None) -> Options:
        """Whom somebody may page: the levels of the team, its people before others, then teams.

        Nothing where they are more than a menu holds: then it is typed.
        """
        catalog, of = self._company.catalog, view.team if view else ""
        levels = catalog.teams[of].levels if of in catalog.teams else {}
        own = [name for level in levels.values() for name in level.everybody]
        listed = [name for name in dict.fromkeys([*own, *catalog.people]) if not catalog.people[name].left]
        found = (
            *((name, f"{_titled(name.replace('_', ' '))} on-call") for name in levels),
            *((name, catalog.people[name].name) for name in listed),
            *((name, f"Team {team.name}: who is on call") for name, team in catalog.teams.items() if name != of),
        )
        return found if len(found) <= MOST else ()

    def _promised(self, view: View | None) -> dict[str, Options]:
        """Promises in words: those that run, which may be kept quiet; and those that the policy lets be waived."""
        policy, clauses = self._company.policy, PROCEDURE.clauses
        running = {due.clause: f"{due.doing} ({due.clause})" for due in view.due} if view else {}
        known = running or {id: f"{one.promise.what} ({id})" for id, one in clauses.items() if one.promise}
        waived = ((id, clauses[id]) for id in policy.waivable)
        return {
            "promise": tuple((id, _titled(words)) for id, words in known.items() if id not in policy.snooze.never),
            "waivable": tuple(
                (id, _titled(f"{one.promise.what if one.promise else one.text} ({id})")) for id, one in waived
            ),
        }

    def known(self, kind: str, fields: Mapping[str, str], view: View | None) -> dict[str, str]:
        """What stands in a form when it opens: what the button knew, and whole what waits for approval."""
        if kind == OPEN:
            said = (fields.get("service", ""), *fields.get("title", "").split())
            named = (service_called(word.strip(ENDS), self._company.catalog) for word in said)
            return {**fields, "service": next(filter(None, named), "")}
        if kind == "approve_mail":
            return {**fields, **_whole(view.mail if view else None)}
        if not previewed(kind):
            return dict(fields)
        draft = view.draft if view else None
        if kind == "approve_update":
            asked = fields.get("number", str(draft.number) if draft else "")
            whole = _whole(draft) if draft and asked == str(draft.number) else {}
            return {**fields, **whole}
        return {**_whole(draft, "status", "body"), **fields}

    def own(self, kind: str, user: str, view: View | None, now: datetime) -> dict[str, str]:
        """What an empty form has of whoever opens it: the role they hand over, the item they take, by when."""
        if kind == "add_item":
            due = view.item_due if view else None
            return {"owner": user, **({"due_at": str(int(due.after(now).timestamp()))} if due else {})}
        if kind == "record_change":
            return {"bypass": "false"}
        if kind == "declare":
            return {"severity": view.proposed} if view and not view.severity else {}
        if kind == "snooze":
            return {"minutes": QUIET_FOR[0][0], **self._first_owed(user, view)}
        held = self._held(kind, user, view)
        return {"role": held[0]} if len(held) == 1 else {}

    def owned(self, kind: str, user: str, view: View | None) -> dict[str, Options]:
        """What is chosen of one's own alone: the roles that somebody has; nothing where they have none."""
        held = self._held(kind, user, view)
        return {"role": tuple(one for one in self.choices(view)["role"] if one[0] in held)} if held else {}

    def _held(self, kind: str, user: str, view: View | None) -> list[str]:
        """The roles that somebody has, where an act is about one of their own."""
        act, known = people_do().get(kind), self._company.catalog.person_called(user)
        own = act is not None and act.of_holders and "role" in act.model_fields
        return [role for role, holder in view.roles.items() if known and holder == known.id] if view and own else []

    def _first_owed(self, user: str, view: View | None) -> dict[str, str]:
        """The promise that somebody is to keep next, of those that may be kept quiet."""
        known, never = self._company.catalog.person_called(user), self._company.policy.snooze.never
        owed = [due for due in view.due if known and due.person == known.id and due.clause not in never] if view else []
        return {"clause": min(owed, key=lambda due: due.order).clause} if owed else {}

    def preview(self, kind: str, view: View, fields: Mapping[str, str]) -> str:
        """An update as customers will read it: the page's title, the state, the text; empty where they read nothing."""
        if not previewed(kind):
            words = last_words(kind)
            if not (words and view.on_page):
                return ""
            fields = {"status": "resolved", "body": fields.get(words, "")}
        service = self._company.catalog.services.get(view.service)
        severity = view.severities.get(view.severity or view.proposed, "")
        named = view.words.get("public", "") or ((service.public or service.title) if service else view.service)
        title = f"{named}: {severity}"
        state = dict(STATUSES).get(fields.get("status", ""), "(no state chosen)")
        return f"{title}\n{state}\n{fields.get('body', '').strip() or '(no text yet)'}"


def _states(view: View | None) -> Options:
    """The states that an update may say now: of the end only after it (COM-6)."""
    over = view.resolved_at is not None if view else None
    return tuple(one for one in CHOSEN if over is None or (one[0] == "resolved") == over)


def _begins(policy: Policy, severity: str) -> str:
    """What a severity starts, as a second line; nothing of one that today's policy does not know."""
    return f"\n{starts(policy, severity)}" if severity in policy.severities else ""


def _steps(policy: Policy) -> Iterator[tuple[str, LegalStep]]:
    """The reports that any law of the policy asks for, by the policy's word for each."""
    return ((name, step) for law in policy.legal.values() for name, step in law.steps.items())


def _known(view: View | None) -> dict[str, Options]:
    """What an incident has that an act may be about; where it did not answer, it is typed."""
    if view is None:
        return {"task": (), "item": (), "finding": (), "linked": (), "another": YES}
    tasks, items = ([(key, f"{key} {title}") for key, title in kind.items()] for kind in (view.tasks, view.open_items))
    findings = [*reversed(view.findings.items())]
    linked = [(id, f"{title} ({id})" if title else id) for id, title in view.links.items()]
    found = {"task": tasks, "item": items, "finding": findings, "linked": linked}
    return {**{name: tuple(each[:MOST]) for name, each in found.items()}, "another": YES if view.breach else ()}


def _titled(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _whole(draft: Draft | None, *names: str) -> dict[str, str]:
    if draft is None:
        return {}
    told = {"number": str(draft.number or ""), "status": draft.status, "subject": draft.subject, "body": draft.body}
    return {name: text for name, text in told.items() if text and (not names or name in names)}
