"""What a Jira project takes of an issue: which types it has, which fields their screens show and insist on."""

from collections.abc import Iterable, Mapping
from typing import Any

from jira import JIRAError
from pydantic import Field, TypeAdapter, ValidationError

from vendors.said import Part


class IssueType(Part):
    """A kind of issue of the project."""

    id: str
    name: str
    subtask: bool = False


class IssueTypes(Part):
    """The kinds of issue of the project (createmeta)."""

    types: tuple[IssueType, ...] = Field((), alias="issueTypes")

    def chosen(self, name: str) -> IssueType | None:
        """The type of this name, else a task, else the first that stands on its own."""
        whole = [one for one in self.types if not one.subtask]
        by_name = {one.name.lower(): one for one in reversed(whole)}
        return by_name.get(name.lower()) or by_name.get("task") or next(iter(whole), None)


def refused_fields(error: JIRAError) -> dict[str, str]:
    """What Jira says of each field that it would not take; empty for a refusal of another kind."""
    if error.status_code != 400 or error.response is None:
        return {}
    try:
        body = TypeAdapter(dict[str, Any]).validate_json(error.response.content)
        return TypeAdapter(dict[str, str]).validate_python(body.get("errors") or {})
    except ValidationError:
        return {}


def said_left(left: Mapping[str, str], what: str, screen: str) -> str:
    """What was left of the issue's fields, in Jira's words, and what to do; empty where nothing was."""
    if not left:
        return ""
    words = "; ".join(f"{called(name)} ({said.rstrip('.')})" for name, said in left.items())
    return f"{what} {words}. Put the field on the project's {screen} screen, or set it by hand."


def called(field: str) -> str:
    """A field as people know it."""
    return {"duedate": "due date", "issuetype": "our issue type"}.get(field, field)


def answer_with(fields: Iterable[str]) -> str:
    """What to do about fields that Jira asks for."""
    names = ", ".join(f'"{name}": ...' for name in fields)
    return f"set JIRA_FIELDS={{{names}}} to the values that Jira's API takes, or make the issue by hand"
