"""Speaks to Linear as the tracker of action items, in GraphQL.

How each effect happens once. Linear lets the sender choose the id of what it creates, and refuses a second creation
with the same id. The id is made of incident and item, so every attempt sends the same one. How that refusal reads is
not published: so after any refusal that is not worth another try, and at the start of every further attempt, the issue
is looked for by its id, and found means done. The look reads the issues themselves, archived ones too, not a search
index. A label that is missing is created under an id of our own in the same way, and found by its name next time.

Whether Linear takes an id that only looks random is not published either; it promises "UUID v4 format", which ours has.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings

from domain.company.catalog import Catalog, Person
from domain.port.duty import NotDone, Outcome, VendorError
from domain.port.tracker import OpenItem, ReadItem, WriteItem
from vendors.api import Api, unreadable
from vendors.lack import Lack, colleagues, listed
from vendors.linear import query
from vendors.linear.issue import Entries, Issue, Issues, Labelled, Opened, mark, own_id

PER_SECOND = 0.3
"""1,500 requests an hour and key (linear.app/developers/rate-limiting). Most duties read an item and send one request;
opening one sends up to four, and one more for every label that is new."""

RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})
"""The server's trouble, in HTTP; Linear's own refusals come as 200 or 400 and say their type."""

PASSING = frozenset({"ratelimited", "lock timeout", "network error", "internal error"})
"""The types of error that another try may mend (linear/linear, packages/sdk/src/error.ts)."""

UNFIT = frozenset({"invalid input", "user error"})
"""The types of error that are about what was asked (the same file)."""

KEY = "set LINEAR_API_KEY to a personal API key (Settings, Security & access), as it is, without Bearer"
"""What a refusal of the doctor's question asks for (linear.app/developers/graphql)."""

ESSENTIAL = frozenset({"id", "teamId", "title", "description"})
"""What an issue is made of at the least; the rest may be refused and left out."""

T = TypeVar("T")


class Settings(BaseSettings):
    """Where Linear is, who we are, where items go; the webhook's secrets may be several, comma-separated."""

    linear_api_url: str = "https://api.linear.app/graphql"
    linear_api_key: SecretStr = SecretStr("")
    linear_team_id: str = ""
    linear_webhook_secret: SecretStr = SecretStr("")


class Unfit(VendorError):
    """Linear would not take what was asked: without the part that it minds it may."""


class _GraphQL(Api):
    """The exchange in which a refusal may hide behind 200, and the wish when to come back in Linear's own headers."""

    def refusal(self, method: str, path: str, response: httpx.Response) -> VendorError:
        error = super().refusal(method, path, response)
        if kinds(response) & UNFIT:
            return Unfit(error.vendor, error.said, retryable=False, retry_after=error.retry_after)
        error.retryable = error.retryable or bool(kinds(response) & PASSING)
        if error.retryable and error.retry_after is None:
            error.retry_after = until_reset(response.headers, datetime.now(UTC))
        return error


class Client:
    """Plays the role Tracker."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        place = urlsplit(settings.linear_api_url)
        self._path, self._team = place.path, settings.linear_team_id
        key = settings.linear_api_key.get_secret_value()
        base = f"{place.scheme}://{place.netloc}"
        self._api = _GraphQL("linear", http, base, {"authorization": key}, RETRYABLE)

    async def probe(self) -> str:
        """Prove the key, and that the team is one that it sees, changing nothing."""
        try:
            teams = (await self._ask(query.TEAMS, {}, "teams", Entries)).nodes
        except VendorError as error:
            error.do = "" if error.retryable else KEY
            raise
        named = next((team.name for team in teams if team.id == self._team), "")
        if not named:
            known = ", ".join(f"{team.id} ({team.name})" for team in teams)
            said = f"the key sees no team {self._team}"
            raise VendorError("linear", said, retryable=False, do=f"set LINEAR_TEAM_ID to one of {known}")
        return f"the key opens the team {named}"

    async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
        """Whose items would be left unassigned, asked for beforehand."""
        strange = [one.name for one in colleagues(catalog) if (await self._owner(one))[0] is None]
        said = f"items would be left unassigned that are owned by {listed(strange)}"
        do = "invite them to Linear under the e-mail address of the catalog, or correct it there"
        return (Lack(said=said, do=do),) if strange else ()

    async def open_item(self, duty: OpenItem, *, again: bool) -> Outcome:
        """Create the issue, unless a further attempt finds it (ACT-1)."""
        found = await self._found(own_id(duty.incident, duty.item)) if again else None
        if duty.called_back and not found:
            raise NotDone("linear")
        return _outcome(found) if found else await self._open(duty)

    async def read_item(self, duty: ReadItem, *, again: bool) -> Outcome:
        """Say whether the issue is open, done or declined, whose and until when (ACT-2). Reading is safe to repeat."""
        issue = await self._found(duty.ref)
        if issue is None or issue.trashed:
            where = "in Linear's trash" if issue else "not in Linear"
            raise VendorError("linear", f"issue {duty.ref} is {where}: restore it, or close the item", retryable=False)
        return _outcome(issue, issue.state.meaning).model_copy(update={"item": issue.item})

    async def write_item(self, duty: WriteItem, *, again: bool) -> Outcome:
        """Set assignee and due date of the issue (ACT-2). Setting them is safe to repeat."""
        owner, unowned = await self._owner(duty.owner)
        given = {"dueDate": _day(duty.due_at), **({"assigneeId": owner} if owner else {})}
        opened = await self._ask(query.WRITE, {"id": duty.ref, "input": given}, "issueUpdate", Opened)
        if not (opened.success and opened.issue):
            raise VendorError("linear", "issueUpdate: no success", retryable=False)
        said = unowned.replace("Left unassigned", "The assignee stays")
        return _outcome(opened.issue, said).model_copy(update={"item": opened.issue.item})

    async def _open(self, duty: OpenItem) -> Outcome:
        owner, unowned = await self._owner(duty.owner)
        labels, unlabelled = await self._labels(tuple(dict.fromkeys(duty.labels)))
        whole, said = self._input(duty, owner, labels), [unowned, unlabelled]
        try:
            issue = await self._created(whole)
        except Unfit as error:
            bare = {name: value for name, value in whole.items() if name in ESSENTIAL}
            issue = await self._created(bare)
            left = ", ".join(sorted(whole.keys() - bare.keys()))
            said.append(f"Left without {left}: {error.said}. Set them on the issue by hand.")
        return _outcome(issue, " ".join(one for one in said if one))

    async def _created(self, asked: dict[str, Any]) -> Issue:
        """Create the issue, or find the one of this id that an earlier request made."""
        try:
            opened = await self._ask(query.OPEN, {"input": asked}, "issueCreate", Opened)
        except VendorError as error:
            found = None if error.retryable else await self._found(asked["id"])
            if found is None:
                raise
            return found
        issue = opened.issue if opened.success and opened.issue else await self._found(asked["id"])
        if issue is None:
            raise VendorError("linear", "issueCreate: no success, and no issue of this id", retryable=False)
        return issue

    def _input(self, duty: OpenItem, owner: str | None, labels: list[str]) -> dict[str, Any]:
        return {
            "id": own_id(duty.incident, duty.item),
            "teamId": self._team,
            "title": " ".join(duty.title.split()),
            "description": f"{duty.body}\n\n{mark(duty.incident, duty.item)}",
            "dueDate": _day(duty.due_at),
            "labelIds": labels,
            **({"assigneeId": owner} if owner else {}),
        }

    async def _found(self, chosen: str) -> Issue | None:
        issues = await self._ask(query.FIND, {"id": chosen}, "issues", Issues)
        return next(iter(issues.nodes), None)

    async def _owner(self, owner: Person | None) -> tuple[str | None, str]:
        """The one active user with the owner's address, or none and why."""
        if owner is None:
            return None, ""
        if not owner.email:
            return None, f"Left unassigned: {owner.name} has no e-mail address in the catalog."
        users = (await self._ask(query.OWNER, {"email": owner.email}, "users", Entries)).nodes
        if len(users) == 1:
            return users[0].id, ""
        return None, f"Left unassigned: {owner.email} is no active user of Linear."

    async def _labels(self, names: tuple[str, ...]) -> tuple[list[str], str]:
        """The ids of the team's or the workspace's labels; a missing one is created, or left out and named."""
        if not names:
            return [], ""
        asked = {"names": list(names), "team": self._team}
        found = {entry.name: entry.id for entry in (await self._ask(query.LABELS, asked, "issueLabels", Entries)).nodes}
        for name in (name for name in names if name not in found):
            found |= await self._label(name)
        missing = ", ".join(name for name in names if name not in found)
        return [found[name] for name in names if name in found], f"Left without label {missing}." if missing else ""

    async def _label(self, name: str) -> dict[str, str]:
        """Create a label for the team; a refusal must not keep the item from being opened."""
        asked = {"id": own_id("label", self._team, name), "name": name, "teamId": self._team}
        try:
            made = await self._ask(query.LABEL, {"input": asked}, "issueLabelCreate", Labelled)
        except VendorError as error:
            if error.retryable:
                raise
            return {}
        return {name: made.label.id}

    async def _ask(self, document: str, variables: dict[str, Any], field: str, shape: type[T]) -> T:
        """Send one document and read the field of its answer; errors count even where data came with them."""
        operation = document.replace("(", " ").split()[1]
        asked = {"query": document, "operationName": operation, "variables": variables}
        response = await self._api.send("POST", self._path, json=asked)
        if kinds(response):
            raise self._api.refusal("POST", f"{self._path} {operation}", response)
        try:
            answer = TypeAdapter(dict[str, dict[str, Any]]).validate_json(response.content)
            return TypeAdapter(shape).validate_python(answer.get("data", {}).get(field))
        except ValidationError as error:
            raise unreadable("linear", operation, error) from None


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def kinds(response: httpx.Response) -> frozenset[str]:
    """The types of the errors in an answer, "unknown" for one without; none when there are no errors."""
    try:
        errors = response.json().get("errors") or ()
        return frozenset(_kind(error.get("extensions") or {}) for error in errors)
    except (ValueError, AttributeError):
        return frozenset()


def _kind(extensions: dict[str, Any]) -> str:
    limited = str(extensions.get("code", "")).upper() == "RATELIMITED"
    return "ratelimited" if limited else str(extensions.get("type", "unknown")).lower()


def until_reset(headers: httpx.Headers, now: datetime) -> timedelta | None:
    """How long until the limit that is used up starts anew; the header counts milliseconds since 1970."""
    left = {name: value for name, value in headers.items() if re.fullmatch(r"x-ratelimit-.+-remaining", name)}
    resets = [headers.get(name.replace("-remaining", "-reset"), "") for name, value in left.items() if value == "0"]
    moments = [datetime.fromtimestamp(int(reset) / 1000, UTC) for reset in resets if reset.isdigit()]
    return max(max(moments) - now, timedelta()) if moments else None


def _outcome(issue: Issue, text: str = "") -> Outcome:
    return Outcome(ref=issue.id, url=issue.url, text=text)
