"""The chat's names for people, roles and severities become the catalog's and the policy's."""

from collections.abc import Mapping

from activities.company import Company
from domain.company.policy import Policy
from domain.company.status_template import STATUSES
from domain.port.conversation import Options, Unclear
from domain.report.view import Draft, View
from ingress.chat.question import OPEN, previewed


class Names:
    """The company as people call it."""

    def __init__(self, company: Company, vendor: str) -> None:
        """`vendor` is the chat whose ids people are known by."""
        self._company, self._vendor = company, vendor

    def person(self, user: str) -> str:
        """Who somebody is: the catalog's id, or the chat's word for somebody the catalog does not know."""
        known = self._company.catalog.person_called(user)
        return known.id if known else f"{self._vendor}:{user}"

    def people(self) -> dict[str, str]:
        """How people are called, by id."""
        return {name: person.name for name, person in self._company.catalog.people.items()}

    def fields(self, kind: str, fields: Mapping[str, str]) -> dict[str, str]:
        """An act's fields in our names; `Unclear` for somebody to whom nothing can be handed over."""
        named = dict(fields)
        if to := fields.get("to"):
            known = self._company.catalog.person_called(to)
            if not known and kind == "offer_role":
                advice = f"mention the person with @, or set people.<id>.{self._vendor} in the catalog"
                raise Unclear({"to": f"found {to!r}, whom the catalog does not know: {advice}"})
            named["to"] = known.id if known else to
        if severity := fields.get("severity"):
            named["severity"] = severity_called(severity, self._company.policy)
        return named

    def service(self, word: str) -> str:
        """The catalog's service that somebody means; empty when there is none."""
        known = self._company.catalog.service_called(word) if word else None
        return known.name if known else ""

    def choices(self, view: View | None) -> dict[str, Options]:
        """What a form offers: by the incident's own policy when it answered in time, else by today's."""
        policy, catalog = self._company.policy, self._company.catalog
        severities = view.severities if view else {name: rule.title for name, rule in policy.severities.items()}
        roles = view.role_titles if view else {name: rule.title for name, rule in policy.roles.items()}
        return {
            "severity": tuple((name, f"{name} {title}") for name, title in severities.items()),
            "role": tuple((name, title[:1].upper() + title[1:]) for name, title in roles.items()),
            "service": tuple((name, service.title) for name, service in list(catalog.services.items())[:100]),
        }

    def known(self, kind: str, fields: Mapping[str, str], view: View | None) -> dict[str, str]:
        """What stands in a form when it opens: what the button knew, and whole what waits for approval."""
        if kind == OPEN:
            return {**fields, "service": self.service(fields.get("service", ""))}
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

    def preview(self, view: View, fields: Mapping[str, str]) -> str:
        """An update as customers will read it: the page's title, the state, the text."""
        service = self._company.catalog.services.get(view.service)
        severity = view.severities.get(view.severity or view.proposed, "")
        title = f"{service.title if service else view.service}: {severity}"
        state = dict(STATUSES).get(fields.get("status", ""), "(no state chosen)")
        return f"{title}\n{state}\n{fields.get('body', '').strip() or '(no text yet)'}"


def severity_called(word: str, policy: Policy) -> str:
    """The policy's severity of this number: "P1" is SEV1 where the policy's severities are called so."""
    if word in policy.severities:
        return word
    same = [name for name in policy.severities if name[-1:] == word[-1:]]
    return same[0] if same else word


def _whole(draft: Draft | None, *names: str) -> dict[str, str]:
    if draft is None:
        return {}
    told = {"number": str(draft.number or ""), "status": draft.status, "subject": draft.subject, "body": draft.body}
    return {name: text for name, text in told.items() if text and (not names or name in names)}
