"""Speaks to Jira Cloud as the tracker of action items, through the `jira` package.

How each effect happens once. Jira has no idempotency key. Every issue is created with a label made of incident and
item, in the same request, and a further attempt looks for that label before it creates. The search is eventually
consistent: seconds, sometimes minutes. So when it finds nothing, the issues around the newest number the index knows
are fetched by key, which does not go through the index (Atlassian promises that of one issue; of a bulk fetch we trust
it). A project that refuses labels gets the mark at the end of the description, where both ways look too. What remains:
an issue of a project that gets more than 80 others while its index lags is created twice. Both carry the mark, so that
a person can see it and close one.

What a project does not take of an issue (a due date that is not on its screen, labels, an assignee) is left out and
said: the ticket is what matters. A field that it asks for besides is given by JIRA_FIELDS. A token with scopes calls
another address than people's links lead to: JIRA_API_URL.

The package retries by itself, creation included, reads back what it created, and takes the Cloud for a server when it
may not ask: hence `max_retries=0`, `prefetch=False` and `get_server_info=True`, which costs one request. It is
synchronous and its session is not promised to be safe between threads: each duty has a thread and a session of its own.
"""

import asyncio
import json
from collections.abc import Callable, Container, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import requests
from jira import JIRA, JIRAError
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings

from domain.company.catalog import Catalog, Person
from domain.port.duty import NotDone, Outcome, VendorError
from domain.port.tracker import OpenItem, ReadItem, WriteItem
from vendors.api import retry_after, unreadable
from vendors.attempt import before_sending
from vendors.jira import foresight
from vendors.jira.issue import Fields, Issue, label
from vendors.jira.screen import IssueTypes, answer_with, refused_fields, said_left
from vendors.lack import Lack, colleagues, listed

PER_SECOND = 10.0
"""A tenth of the burst limit of 100 a second and endpoint (developer.atlassian.com, "Rate limiting"); other programs
share the site, and a duty sends up to six requests."""

RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})
"""429 and 503 come with Retry-After (developer.atlassian.com, "Rate limiting"); after the others a creation may have
happened, which is why a further attempt looks first."""

PASSING = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.JSONDecodeError,
)

TIMEOUT = 10.0
SUMMARY_LENGTH = 255
"""Longest summary ("Summary can't exceed 255 characters")."""

NEEDED = frozenset({"project", "summary"})
"""Without these there is no issue."""

NEARBY = range(-20, 80)
"""Which numbers around the newest one are looked at: a bulk fetch takes 100 (developer.atlassian.com, "Bulk fetch")."""


T = TypeVar("T")


class Settings(BaseSettings):
    """Which site, who we are there, where items go; the webhook's secrets may be several, comma-separated."""

    jira_url: str = ""
    jira_api_url: str = ""
    """Where calls go if not to the site: https://api.atlassian.com/ex/jira/<cloud id> for a token with scopes."""
    jira_email: str = ""
    jira_api_token: SecretStr = SecretStr("")
    jira_project: str = ""
    jira_issue_type: str = "Task"
    jira_fields: dict[str, Any] = Field(default_factory=dict)
    """Values of further fields that the project asks for, by the field's id, as Jira's API takes them."""
    jira_webhook_secret: SecretStr = SecretStr("")


class Client:
    """Plays the role Tracker. `http` is not used: the package brings its own."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient | None = None) -> None:
        self._settings = settings

    async def probe(self) -> str:
        """Prove the token and the project, changing nothing; Jira answers this question to nobody else."""
        return (await asyncio.to_thread(self._asked, self._look)).text

    def _look(self, jira: JIRA) -> Outcome:
        project = self._settings.jira_project
        jira.search_assignable_users_for_issues(query=self._settings.jira_email, project=project, maxResults=1)
        return Outcome(text=f"the token opens project {project}")

    async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
        """What the first item would be made without: its type, fields of the screen, owners; asked for beforehand."""
        return await asyncio.to_thread(self._asked, lambda jira: tuple(self._lacking(jira, catalog)))

    def _lacking(self, jira: JIRA, catalog: Catalog) -> Iterator[Lack]:
        types, wanted = self._types(jira), self._settings.jira_issue_type
        yield from foresight.of_types(types, wanted)
        if chosen := types.chosen(wanted):
            screen = foresight.Screen.model_validate(self._meta(jira, f"issuetypes/{chosen.id}"))
            yield from foresight.of_screen(screen, chosen, self._settings.jira_fields)
        if strange := [one.name for one in colleagues(catalog) if self._account(jira, one) is None]:
            said = f"items would be left unassigned that are owned by {listed(strange)}"
            yield Lack(said=said, do="let them be assigned in the project, under the e-mail address of the catalog")

    async def open_item(self, duty: OpenItem, *, again: bool) -> Outcome:
        """Create the issue, unless a further attempt finds it (ACT-1)."""
        return await asyncio.to_thread(self._asked, lambda jira: self._open(jira, duty, again))

    async def read_item(self, duty: ReadItem, *, again: bool) -> Outcome:
        """Say whether the issue is open, done or declined, whose and until when (ACT-2). Reading is safe to repeat."""
        return await asyncio.to_thread(self._asked, lambda jira: self._read(jira, duty))

    async def write_item(self, duty: WriteItem, *, again: bool) -> Outcome:
        """Set assignee and due date of the issue (ACT-2). Setting them is safe to repeat."""
        return await asyncio.to_thread(self._asked, lambda jira: self._write(jira, duty))

    def _asked(self, work: Callable[[JIRA], T]) -> T:
        """Do the work with a session of its own, and say what went wrong in our words."""
        try:
            with closing(self._session()) as jira:
                return work(jira)
        except JIRAError as error:
            raise refusal(error) from None
        except requests.RequestException as error:
            passing = isinstance(error, PASSING)
            said = f"no answer: {type(error).__name__}" + ("" if passing else "; check JIRA_URL")
            raise VendorError("jira", said, retryable=passing) from None
        except ValidationError as error:
            raise unreadable("jira", "an issue", error) from None
        except KeyError as error:  # how the package says that an answer lacks what it needs
            raise VendorError("jira", f"the answer could not be read: {error}"[:300], retryable=False) from None

    def _session(self) -> JIRA:
        if not self._settings.jira_url:  # the package would send the token to a port of this machine instead
            raise VendorError("jira", "JIRA_URL is not set", retryable=False)
        account = (self._settings.jira_email, self._settings.jira_api_token.get_secret_value())
        place = self._settings.jira_api_url or self._settings.jira_url
        return JIRA(place, basic_auth=account, get_server_info=True, max_retries=0, timeout=TIMEOUT)

    def _open(self, jira: JIRA, duty: OpenItem, again: bool) -> Outcome:
        mark = label(duty.incident, duty.item)
        found = self._found(jira, mark) if again else None
        if found:
            return self._outcome(found)
        if duty.called_back:
            raise NotDone("jira")
        account = self._account(jira, duty.owner) if duty.owner else None
        left = "" if account or not duty.owner else f"Left unassigned: {self._unknown(duty.owner)}."
        key, refused = self._created(jira, self._fields(duty, mark, account), mark)
        return self._outcome(key, " ".join(said for said in (left, refused) if said))

    def _created(self, jira: JIRA, fields: dict[str, Any], mark: str) -> tuple[str, str]:
        """Create the issue without what the project refuses of it; the key, and what was left out and why."""
        left: dict[str, str] = {}
        while True:
            before_sending("jira")
            try:
                key = str(jira.create_issue(fields=fields, prefetch=False).key)
                return key, said_left(left, "Made without", "create")
            except JIRAError as error:
                refused = {name: said for name, said in refused_fields(error).items() if name in fields}
                new = {name: said for name, said in refused.items() if name not in NEEDED and name not in left}
                if not new:
                    raise
                left, fields = left | new, self._without(jira, fields, new, mark)

    def _without(self, jira: JIRA, fields: dict[str, Any], refused: Container[str], mark: str) -> dict[str, Any]:
        """The issue without these fields; of another type where its type is refused, marked in its description."""
        kept = {name: value for name, value in fields.items() if name not in refused}
        if "issuetype" in refused:
            kept["issuetype"] = self._type(jira) or fields["issuetype"]
        if "labels" in refused and "description" in kept:
            kept["description"] = f"{kept['description']}\n\n{mark}"
        return kept

    def _type(self, jira: JIRA) -> dict[str, str]:
        """The kind of issue to make: that of the setting, else one that the project has."""
        found = self._types(jira).chosen(self._settings.jira_issue_type)
        return {"id": found.id} if found else {}

    def _types(self, jira: JIRA) -> IssueTypes:
        return IssueTypes.model_validate(self._meta(jira, "issuetypes"))

    def _meta(self, jira: JIRA, path: str) -> Any:
        """What the project takes; the package knows the removed question only."""
        project = quote(self._settings.jira_project, safe="")
        return jira._session.get(jira._get_url(f"issue/createmeta/{project}/{path}"), params={"maxResults": 200}).json()

    def _outcome(self, key: str, text: str = "") -> Outcome:
        return Outcome(ref=key, url=f"{self._settings.jira_url.rstrip('/')}/browse/{key}", text=text)

    def _fields(self, duty: OpenItem, mark: str, account: str | None) -> dict[str, Any]:
        """The issue to create; API version 2 takes the description as plain text."""
        return {
            "project": {"key": self._settings.jira_project},
            "issuetype": {"name": self._settings.jira_issue_type},
            "summary": " ".join(duty.title.split())[:SUMMARY_LENGTH],
            "description": duty.body,
            "labels": [mark, *("-".join(word.split()) for word in duty.labels)],
            "duedate": _day(duty.due_at),
            **({"assignee": {"id": account}} if account else {}),
            **self._settings.jira_fields,
        }

    def _found(self, jira: JIRA, mark: str) -> str | None:
        """The key of the issue with this label, by search or, where the index lags, by number."""
        matches = jira.search_issues(
            f'labels = "{mark}" OR description ~ "\\"{mark}\\""', maxResults=1, fields=["labels"]
        )
        if matches:
            return str(matches[0].key)
        nearby = (Issue.model_validate(raw) for raw in self._nearby(jira))
        return next((issue.key for issue in nearby if mark in issue.fields.marks), None)

    def _nearby(self, jira: JIRA) -> list[dict[str, Any]]:
        project = self._settings.jira_project
        newest = jira.search_issues(f'project = "{project}" ORDER BY created DESC', maxResults=1, fields=["labels"])
        number = int(newest[0].key.rsplit("-", 1)[1]) if newest else 0
        keys = [f"{project}-{number + step}" for step in NEARBY if number + step > 0]
        asked = json.dumps({"issueIdsOrKeys": keys, "fields": ["labels", "description"]})
        # The package knows no bulk fetch; its session carries the credentials and raises the same errors.
        answer = jira._session.post(jira._get_url("issue/bulkfetch"), data=asked)
        return list(answer.json().get("issues") or ())

    def _account(self, jira: JIRA, owner: Person) -> str | None:
        """The account that may be assigned for this address; addresses can be hidden, so one match alone counts too."""
        if not owner.email:
            return None
        project = self._settings.jira_project
        users = jira.search_assignable_users_for_issues(query=owner.email, project=project, maxResults=10)
        exact = [user for user in users if getattr(user, "emailAddress", "").lower() == owner.email.lower()]
        chosen = exact or users
        return str(chosen[0].accountId) if len(chosen) == 1 else None

    def _unknown(self, owner: Person) -> str:
        who = owner.email or f"{owner.name} has no e-mail address in the catalog, and nobody"
        return f"{who} could not be matched to one assignable account of {self._settings.jira_project}"

    def _read(self, jira: JIRA, duty: ReadItem) -> Outcome:
        issue = Issue.model_validate(jira.issue(duty.ref, fields="status,resolution,assignee,duedate").raw)
        return self._outcome(issue.key, issue.fields.state).model_copy(update={"item": issue.fields.item})

    def _write(self, jira: JIRA, duty: WriteItem) -> Outcome:
        account = self._account(jira, duty.owner) if duty.owner else None
        kept = "" if account or not duty.owner else f"The assignee stays: {self._unknown(duty.owner)}."
        fields: dict[str, Any] = {"duedate": _day(duty.due_at), **({"assignee": {"id": account}} if account else {})}
        left: dict[str, str] = {}
        while fields:
            try:
                jira._session.put(jira._get_url(f"issue/{duty.ref}"), data=json.dumps({"fields": fields}))
                break
            except JIRAError as error:
                new = {name: said for name, said in refused_fields(error).items() if name in fields}
                if not new:
                    raise
                left, fields = left | new, {name: value for name, value in fields.items() if name not in new}
        wrote = Fields.model_validate({"duedate": fields.get("duedate")}).item
        owner = duty.owner.email if duty.owner and "assignee" in fields else ""
        said = " ".join(said for said in (kept, said_left(left, "Left as it was:", "edit")) if said)
        return self._outcome(duty.ref, said).model_copy(update={"item": wrote.model_copy(update={"owner": owner})})


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def refusal(error: JIRAError) -> VendorError:
    """Say what Jira refused, with its path and words, and never the request's headers."""
    headers = httpx.Headers(dict(error.response.headers) if error.response is not None else {})
    said = f"{urlsplit(error.url or '').path}: {error.status_code} {(error.text or '')[:300]}".strip()
    again = error.status_code in RETRYABLE
    do = answer_with(asked) if (asked := refused_fields(error)) else ""
    return VendorError("jira", said, retryable=again, retry_after=retry_after(headers), do=do)
