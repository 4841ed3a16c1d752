"""Plays one team of a Linear workspace: issues, users, labels, and the webhook."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request

from standins import standin
from standins.standin import Refused, is_date
from vendors import door

STATES = {"Todo": "unstarted", "In Progress": "started", "Done": "completed", "Canceled": "canceled"}
KNOWN = {"id", "teamId", "title", "description", "dueDate", "labelIds", "assigneeId"}
SHOWN = ("id", "identifier", "url", "trashed", "state", "assignee", "dueDate")
TYPES = {400: "invalid input", 401: "authentication error", 403: "forbidden", 429: "ratelimited", 500: "internal error"}


class Refusal(Refused):
    """An error in Linear's shape."""

    def __init__(self, kind: str, message: str, status: int = 400) -> None:
        super().__init__(status, message, body=error(kind, message))


class Standin(standin.Standin):
    """One team. `users` maps an address to a user's id; `refusal` is the type its refusals with 400 carry."""

    name = "linear"
    lasting = MappingProxyType({"issues": dict[str, dict[str, Any]], "labels": dict[str, str]})

    def __init__(
        self,
        key: str = "lin_api_key",
        team: str = "9e383f51-2629-4f19-97ff-451cc2f0a0ad",
        secret: str = "lin_wh_secret",  # noqa: S107 -- a stand-in's secret opens nothing
        users: dict[str, str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.key, self.team, self.secret, self.clock = key, team, secret, clock
        self.users = dict(users or {})
        self.issues: dict[str, dict[str, Any]] = {}
        self.labels: dict[str, str] = {}
        self.refusal = TYPES[400]
        self.closed_to_labels = False
        """Only admins of this workspace may make labels."""
        super().__init__([self.route("/graphql", self._answer, "POST")])

    def refused_body(self, status: int, message: str = "refused") -> Any:
        return error(self.refusal if status == 400 else TYPES.get(status, "other"), message)

    def press_open(self, title: str) -> str:
        """Somebody creates an issue by hand; its id."""
        return str(self._opened({"id": str(uuid4()), "title": title})["id"])

    def press_move(self, issue: str, state: str, by: str) -> door.Request:
        """Somebody moves an issue on the board; what the webhook says of it."""
        self.issues[issue]["state"] = {"name": state, "type": STATES[state]}
        return self._delivery("update", issue, by, {"stateId": str(uuid4())})

    def press_rename(self, issue: str, title: str, by: str) -> door.Request:
        """Somebody gives an issue another title."""
        was, self.issues[issue]["title"] = self.issues[issue]["title"], title
        return self._delivery("update", issue, by, {"title": was})

    def press_delete(self, issue: str, by: str) -> door.Request:
        """Somebody deletes an issue, which puts it into the trash."""
        self.issues[issue]["trashed"] = True
        return self._delivery("remove", issue, by, None)

    def _delivery(self, action: str, issue: str, by: str, before: dict[str, Any] | None) -> door.Request:
        now = self.clock()
        its = self._shown(self.issues[issue])
        shown = {
            **self.issues[issue],
            "assignee": its["assignee"],
            "state": {"id": str(uuid4()), "color": "#5e6ad2", **self.issues[issue]["state"]},
        }
        sent = {
            "action": action,
            "type": "Issue",
            "actor": {"id": self.users.get(by, "someone"), "type": "user", "name": by, "email": by, "url": ""},
            "createdAt": now.isoformat(),
            "data": {name: value for name, value in shown.items() if name != "trashed"},
            "url": self.issues[issue]["url"],
            "organizationId": "7a661544-df08-4cd1-a1e3-5ec611898806",
            "webhookTimestamp": int(now.timestamp() * 1000),
            "webhookId": "000042e3-d123-4980-b49f-8e140eef9329",
            **({"updatedFrom": before} if before else {}),
        }
        body = json.dumps(sent).encode()
        headers = {"linear-signature": door.signed_hex(self.secret, body), "linear-delivery": str(uuid4())}
        return door.Request(headers={**headers, "linear-event": "Issue"}, body=body, received_at=now)

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != self.key:
            raise Refusal(TYPES[401], "Authentication required, not authenticated", 401)

    async def _answer(self, request: Request) -> Any:
        asked = await request.json()
        operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "OpenItem": self._open,
            "WriteItem": self._write,
            "FindItem": self._find,
            "FindOwner": self._find_owner,
            "FindLabels": self._find_labels,
            "AddLabel": self._add_label,
            "FindTeams": self._find_teams,
        }
        if asked.get("operationName") not in operations:
            raise Refusal("graphql error", f"Unknown operation named {asked.get('operationName')!r}.")
        return {"data": operations[asked["operationName"]](asked["variables"])}

    def _open(self, variables: dict[str, Any]) -> dict[str, Any]:
        given = variables["input"]
        checks = {
            f"unknown fields {sorted(given.keys() - KNOWN)}": given.keys() <= KNOWN,
            "id must be a UUID v4": is_uuid(given.get("id", str(uuid4()))),
            "teamId must be a team": given.get("teamId") == self.team,
            "title should not be empty": bool(given.get("title")),
            "dueDate must be a date": is_date(given.get("dueDate", "2026-01-01")),
            "assigneeId must be a user": given.get("assigneeId") in (None, *self.users.values()),
            "labelIds must be labels": set(given.get("labelIds", ())) <= set(self.labels.values()),
            "Entity with this id already exists": given.get("id") not in self.issues,
        }
        self._check(checks)
        return {"issueCreate": {"success": True, "issue": self._shown(self._opened(given))}}

    def _write(self, variables: dict[str, Any]) -> dict[str, Any]:
        given, issue = variables["input"], self.issues.get(variables["id"])
        self._check(
            {
                f"unknown fields {sorted(given.keys() - KNOWN)}": given.keys() <= KNOWN,
                "Entity not found: Issue": issue is not None,
                "dueDate must be a date": is_date(given.get("dueDate", "2026-01-01")),
                "assigneeId must be a user": given.get("assigneeId") in (None, *self.users.values()),
            }
        )
        issue = self.issues[variables["id"]]
        issue |= given
        return {"issueUpdate": {"success": True, "issue": self._shown(issue)}}

    def _opened(self, given: dict[str, Any]) -> dict[str, Any]:
        number = f"OPS-{len(self.issues) + 1}"
        link = f"https://linear.app/acme/issue/{number}/x"
        kept = {"trashed": None, "state": {"name": "Todo", "type": STATES["Todo"]}, "description": None, **given}
        self.issues[given["id"]] = {**kept, "identifier": number, "url": link}
        return self.issues[given["id"]]

    def _shown(self, issue: dict[str, Any]) -> dict[str, Any]:
        """What our questions ask of an issue."""
        whose = next((address for address, user in self.users.items() if user == issue.get("assigneeId")), "")
        assignee = {"email": whose, "name": whose.partition("@")[0]} if whose else None
        return {**{name: issue.get(name) for name in SHOWN}, "assignee": assignee}

    def _find(self, variables: dict[str, Any]) -> dict[str, Any]:
        issue = self.issues.get(variables["id"])
        return {"issues": {"nodes": [self._shown(issue)] if issue else []}}

    def _find_owner(self, variables: dict[str, Any]) -> dict[str, Any]:
        found = [user for address, user in self.users.items() if address.lower() == variables["email"].lower()]
        return {"users": {"nodes": [{"id": user} for user in found[:2]]}}

    def _find_labels(self, variables: dict[str, Any]) -> dict[str, Any]:
        named = [{"id": self.labels[name], "name": name} for name in variables["names"] if name in self.labels]
        return {"issueLabels": {"nodes": named if variables["team"] == self.team else []}}

    def _find_teams(self, variables: dict[str, Any]) -> dict[str, Any]:
        return {"teams": {"nodes": [{"id": self.team, "name": "Operations"}]}}

    def _add_label(self, variables: dict[str, Any]) -> dict[str, Any]:
        given = variables["input"]
        if self.closed_to_labels:
            raise Refusal("forbidden", "Only admins can create labels", 403)
        checks = {
            "id must be a UUID v4": is_uuid(given["id"]),
            "teamId must be a team": given["teamId"] == self.team,
            "duplicate label name": given["name"].lower() not in {name.lower() for name in self.labels},
        }
        self._check(checks)
        self.labels[given["name"]] = given["id"]
        return {"issueLabelCreate": {"success": True, "issueLabel": {"id": given["id"], "name": given["name"]}}}

    def _check(self, checks: dict[str, bool]) -> None:
        wrong = [said for said, right in checks.items() if not right]
        if wrong:
            raise Refusal("invalid input", f"Argument Validation Error - {', '.join(wrong)}")


def error(kind: str, message: str) -> dict[str, Any]:
    """An answer that holds one error of this type."""
    code = {"code": "RATELIMITED"} if kind == "ratelimited" else {"code": "INPUT_ERROR", "userError": True}
    return {"errors": [{"message": message, "extensions": {"type": kind, **code}}]}


def is_uuid(text: str) -> bool:
    try:
        return UUID(text).version == 4
    except ValueError:
        return False
