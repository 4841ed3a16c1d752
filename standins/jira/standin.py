"""Plays one project of a Jira Cloud site: issues, accounts, and a search index that may lag."""

import json
import re
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from standins import standin
from standins.standin import Refused, basic, is_date
from vendors import door

STATUSES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done", "Declined": "done"}
KNOWN = {"project", "issuetype", "summary", "description", "labels", "duedate", "assignee"}
GONE = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."


class Standin(standin.Standin):
    """One project. `accounts` maps an address to an account id; `lagging` keeps new issues out of the search.

    `off_screen` are fields that its screen lacks, `required` those that it insists on besides.
    """

    name = "jira"
    lasting = MappingProxyType({"issues": dict[str, dict[str, Any]], "indexed": list[str], "count": int})

    def __init__(
        self,
        email: str = "bot@example.com",
        api_token: str = "jira-token",  # noqa: S107 -- a stand-in's token opens nothing
        project: str = "OPS",
        secret: str = "jira-secret",  # noqa: S107
        accounts: dict[str, str] | None = None,
        issue_types: tuple[str, ...] = ("Task",),
        off_screen: frozenset[str] = frozenset(),
        required: tuple[str, ...] = (),
    ) -> None:
        self.off_screen, self.required = off_screen, required
        self.project, self.secret, self.issue_types = project, secret, issue_types
        self.credentials = basic(email, api_token)
        self.accounts = dict(accounts or {})
        self.issues: dict[str, dict[str, Any]] = {}
        self.indexed: list[str] = []
        self.lagging = False
        self.hiding = False
        """Accounts keep their addresses to themselves, as most people's do; the search still knows them."""
        self.count = 0
        api = "/rest/api/2"
        super().__init__(
            [
                self.route(f"{api}/serverInfo", self._server),
                self.route(f"{api}/field", self._list_fields),
                Route(f"{api}/search", self._removed, methods=["GET", "POST"]),
                self.route(f"{api}/search/jql", self._search),
                self.route(f"{api}/user/assignable/search", self._list_assignable),
                self.route(f"{api}/issue", self._create, "POST"),
                self.route(f"{api}/issue/createmeta/{{project}}/issuetypes", self._list_types),
                self.route(f"{api}/issue/createmeta/{{project}}/issuetypes/{{id}}", self._show_screen),
                self.route(f"{api}/issue/bulkfetch", self._fetch, "POST"),
                self.route(f"{api}/issue/{{key}}", self._edit, "PUT"),
                self.route(f"{api}/issue/{{key}}", self._show),
            ]
        )

    def refused_body(self, status: int, message: str = "refused") -> Any:
        return {"errorMessages": [message], "errors": {}}

    def press_open(self, summary: str) -> str:
        """Somebody creates an issue by hand; the key."""
        return str(self._opened({"summary": summary, "labels": []})["key"])

    def press_move(self, key: str, status: str, by: str, resolution: str = "") -> door.Request:
        """Somebody moves an issue on the board; what the webhook says of it."""
        fields = self.issues[key]["fields"]
        was, fields["status"] = fields["status"]["name"], _status(status)
        fields["resolution"] = {"name": resolution} if resolution else None
        change = {"field": "status", "fieldId": "status", "fromString": was, "toString": status}
        return self._delivery("jira:issue_updated", key, by, [change])

    def press_give(self, key: str, owner: str, day: str, by: str) -> door.Request:
        """Somebody gives an issue to somebody else, and another due date; what the webhook says of it."""
        self.issues[key]["fields"] |= {
            "assignee": {"emailAddress": owner, "displayName": owner, "accountId": self.accounts.get(owner, "")},
            "duedate": day,
        }
        changes = [{"field": "assignee", "fieldId": "assignee"}, {"field": "duedate", "fieldId": "duedate"}]
        return self._delivery("jira:issue_updated", key, by, changes)

    def press_carry(self, key: str, project: str, by: str) -> door.Request:
        """Somebody moves an issue into another project, where its old key leads to it; what the webhook says of it."""
        issue = self.issues[key]
        issue["key"] = moved = f"{project}-{key.rpartition('-')[2]}"
        self.issues[moved] = issue
        changes = [{"field": "Key", "fieldtype": "jira", "fromString": key, "toString": moved}, {"field": "status"}]
        return self._delivery("jira:issue_updated", key, by, changes)

    def press_delete(self, key: str, by: str) -> door.Request:
        """Somebody deletes an issue."""
        delivery = self._delivery("jira:issue_deleted", key, by, [])
        del self.issues[key]
        return delivery

    def _delivery(self, event: str, key: str, by: str, items: list[dict[str, str]]) -> door.Request:
        now = datetime.now(UTC)
        user = {"emailAddress": by, "displayName": by, "accountId": self.accounts.get(by, "")}
        sent = {"webhookEvent": event, "timestamp": int(now.timestamp() * 1000), "user": user}
        body = json.dumps({**sent, "issue": self.issues[key], "changelog": {"items": items}}).encode()
        headers = {
            "x-hub-signature": f"sha256={door.signed_hex(self.secret, body)}",
            "x-atlassian-webhook-identifier": f"{key}-{int(now.timestamp() * 1_000_000)}",
        }
        return door.Request(headers=headers, body=body, received_at=now)

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != self.credentials:
            raise Refused(401, "Client must be authenticated.")

    async def _server(self, request: Request) -> Any:
        return {"baseUrl": str(request.base_url).rstrip("/"), "deploymentType": "Cloud", "versionNumbers": [1001, 0, 0]}

    async def _list_fields(self, request: Request) -> Any:
        return [{"id": name, "name": name.title(), "custom": False, "clauseNames": [name]} for name in sorted(KNOWN)]

    async def _removed(self, request: Request) -> Response:
        """Gone for everybody, whoever asks."""
        return JSONResponse(self.refused_body(410, GONE), 410)

    async def _list_assignable(self, request: Request) -> Any:
        query = request.query_params.get("query", "").lower()
        found = [(address, account) for address, account in self.accounts.items() if query in address.lower()]
        users = [{"accountId": account, "active": True, **self._named(address)} for address, account in found]
        if request.query_params.get("project") != self.project:
            raise Refused(404, "No project could be found with that key.")
        return users

    async def _search(self, request: Request) -> Any:
        """Understands the two questions we ask; anything else is an error, as a misspelt query would be."""
        jql = request.query_params.get("jql", "")
        by_label = re.fullmatch(r'labels = "([^"]+)" OR description ~ "\\"\1\\""', jql)
        shown = [self.issues[key] for key in reversed(self.indexed) if key in self.issues]
        if by_label:
            shown = [issue for issue in shown if _carries(issue["fields"], by_label[1])]
        elif jql != f'project = "{self.project}" ORDER BY created DESC':
            raise Refused(400, f"Error in the JQL Query: {jql}")
        limit = int(request.query_params.get("maxResults", 50))
        return {"issues": shown[:limit], "isLast": len(shown) <= limit}

    async def _create(self, request: Request) -> Response:
        fields = (await request.json()).get("fields", {})
        errors = self._errors(fields)
        if errors:
            raise _unfit(errors)
        issue = self._opened(fields)
        return JSONResponse({name: issue[name] for name in ("id", "key", "self")}, 201)

    async def _fetch(self, request: Request) -> Any:
        """By key and not through the index; what does not exist is left out."""
        keys = (await request.json())["issueIdsOrKeys"]
        if len(keys) > 100:
            raise Refused(400, "The maximum number of issues is 100.")
        issues = [self.issues[key] for key in keys if key in self.issues]
        return {"issues": issues, "issueErrors": []}

    async def _show(self, request: Request) -> Any:
        issue = self.issues.get(request.path_params["key"])
        if issue is None:
            raise Refused(404, "Issue does not exist or you do not have permission to see it.")
        return issue

    async def _edit(self, request: Request) -> Response:
        issue, fields = self.issues.get(request.path_params["key"]), (await request.json())["fields"]
        if issue is None:
            raise Refused(404, "Issue does not exist")
        set_now = {"duedate", "assignee"} & fields.keys()
        wrong = {name: said for name, said in self._errors(fields).items() if name in fields}
        if wrong:
            raise _unfit(wrong)
        issue["fields"] |= {name: self._as_shown(name, fields[name]) for name in set_now}
        return Response(status_code=204)

    def _as_shown(self, name: str, value: Any) -> Any:
        address = next((one for one, its in self.accounts.items() if name == "assignee" and its == value["id"]), "")
        return value if name != "assignee" else {**value, "accountId": value["id"], **self._named(address)}

    def _errors(self, fields: dict[str, Any]) -> dict[str, str]:
        """What Jira says of wrong fields, by field."""
        unknown = {
            name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown." for name in fields
        }
        checks = {
            "project": ("valid project is required", fields.get("project") == {"key": self.project}),
            "issuetype": ("Specify a valid issue type", self._has_type(fields.get("issuetype", {}))),
            "summary": ("You must specify a summary of the issue.", 0 < len(fields.get("summary", "")) <= 255),
            "description": ("Operation value must be a string", isinstance(fields.get("description", ""), str)),
            "labels": (
                "The label contains spaces which is invalid.",
                not any(" " in word for word in fields.get("labels", [])),
            ),
            "duedate": ("Error parsing date string", is_date(fields.get("duedate", "2026-01-01"))),
            "assignee": ("User cannot be assigned issues.", self._assignable(fields.get("assignee"))),
        }
        wrong = {name: said for name, (said, right) in checks.items() if not right}
        wrong |= {name: said for name, said in unknown.items() if name not in self._on_screen()}
        return wrong | {name: f"{name} is required." for name in self.required if name not in fields}

    def _on_screen(self) -> set[str]:
        return (KNOWN | set(self.required)) - self.off_screen

    def _has_type(self, wanted: dict[str, str]) -> bool:
        return wanted.get("name") in self.issue_types or wanted.get("id") in self._types()

    def _types(self) -> dict[str, str]:
        return {str(10_001 + number): name for number, name in enumerate(self.issue_types)}

    async def _list_types(self, request: Request) -> Any:
        types = [{"id": id_, "name": name, "subtask": False} for id_, name in self._types().items()]
        return _page("issueTypes", types)

    async def _show_screen(self, request: Request) -> Any:
        always = {"project", "issuetype", "summary", *self.required}
        fields = [
            {"fieldId": one, "key": one, "name": one, "required": one in always, "hasDefaultValue": False}
            | {"operations": ["set"], "schema": {"type": "string"}}
            for one in sorted(self._on_screen())
        ]
        known = request.path_params["id"] in self._types()
        if not known:
            raise Refused(404, "No type.")
        return _page("fields", fields)

    def _named(self, address: str) -> dict[str, str]:
        account = {"self": f"https://jira.example/rest/api/2/user?accountId={self.accounts[address]}"}
        return account if self.hiding else {**account, "emailAddress": address}

    def _assignable(self, assignee: dict[str, str] | None) -> bool:
        return assignee is None or assignee.get("id") in self.accounts.values()

    def _opened(self, fields: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        key, id_ = f"{self.project}-{self.count}", str(10_000 + self.count)
        kept = {**fields, "status": _status("To Do"), "resolution": None}
        self.issues[key] = {
            "id": id_,
            "key": key,
            "self": f"https://jira.example/rest/api/2/issue/{id_}",
            "fields": kept,
        }
        self.indexed.extend([] if self.lagging else [key])
        return self.issues[key]


def _status(name: str) -> dict[str, Any]:
    return {"name": name, "statusCategory": {"key": STATUSES[name]}}


def _carries(fields: dict[str, Any], mark: str) -> bool:
    return mark in fields.get("labels", ()) or mark in (fields.get("description") or "")


def _page(name: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: found, "maxResults": 200, "startAt": 0, "total": len(found)}


def _unfit(errors: dict[str, str]) -> Refused:
    return Refused(400, "the fields do not fit", body={"errorMessages": [], "errors": errors})
