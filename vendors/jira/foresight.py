"""What Jira would leave out of the first action item, read from the project's create screen."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from pydantic import Field

from vendors.jira.screen import IssueType, IssueTypes, answer_with, called
from vendors.lack import Lack
from vendors.said import Part

OURS = ("description", "labels", "duedate", "assignee")
"""What an item carries beside its project, type and summary."""
GIVEN = frozenset({"project", "issuetype", "summary", *OURS})
ASKED_OF_NOBODY = frozenset({"reporter"})
"""Filled in by Jira itself with who creates the issue."""


class ScreenField(Part):
    """A field of the create screen."""

    id: str = Field("", alias="fieldId")
    name: str = ""
    required: bool = False
    defaulted: bool = Field(False, alias="hasDefaultValue")


class Screen(Part):
    """The create screen of a type of issue (createmeta)."""

    fields: tuple[ScreenField, ...] = ()


def of_types(types: IssueTypes, wanted: str) -> Iterator[Lack]:
    """Whether the project has the type that the setting names."""
    names, chosen = ", ".join(one.name for one in types.types if not one.subtask), types.chosen(wanted)
    do = f"set JIRA_ISSUE_TYPE to one of {names}" if names else "give the project a type of issue"
    if chosen is None:
        yield Lack(said="no item could be made: the project has no type of issue", do=do, fails=True)
    elif chosen.name.lower() != wanted.lower():
        yield Lack(said=f"items would be made as {chosen.name}: the project has no {wanted!r}", do=do)


def of_screen(screen: Screen, chosen: IssueType, extra: Mapping[str, Any]) -> Iterator[Lack]:
    """What of an item is not on the screen, and what the screen asks for besides."""
    shown: Container[str] = {one.id for one in screen.fields}
    for name in (*OURS, *extra):
        if name not in shown:
            do = f"put {called(name)} on the create screen of {chosen.name}"
            yield Lack(said=f"items would be made without {called(name)}, which is not on the screen", do=do)
    wanted = [one for one in screen.fields if one.required and not one.defaulted]
    asked = [one for one in wanted if one.id not in GIVEN | ASKED_OF_NOBODY and one.id not in extra]
    if asked:
        said = f"no item could be made: the screen asks for {', '.join(one.name or one.id for one in asked)}"
        yield Lack(said=said, do=answer_with(one.id for one in asked), fails=True)
