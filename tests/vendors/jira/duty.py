"""The action item that the Jira tests are about, and a look at it."""

from datetime import UTC, datetime
from typing import Any

from domain.company.catalog import Person
from domain.port.tracker import OpenItem, ReadItem, WriteItem

ANN = Person(id="ann", name="Ann", email="ann@example.com")


def item(**changes: Any) -> OpenItem:
    """One action item; the changes say what is special about it."""
    asked: dict[str, Any] = {
        "key": "item-1",
        "incident": "INC-7K3QF",
        "clause": "ACT-1",
        "summary": "open",
        "item": "1",
        "title": "Bring the hotfix back through CI/CD",
        "body": "The fix went past the pipeline.",
        "owner": ANN,
        "due_at": datetime(2026, 12, 7, 23, 30, tzinfo=UTC),
        "labels": ("incident review",),
    }
    return OpenItem.model_validate({**asked, **changes})


def reading(ref: str) -> ReadItem:
    return ReadItem(key="read-1", incident="INC-7K3QF", clause="ACT-2", summary="read", item="1", ref=ref)


def writing(ref: str, owner: Person | None = ANN) -> WriteItem:
    due_at = datetime(2026, 12, 9, 12, tzinfo=UTC)
    said = {"key": "write-1", "incident": "INC-7K3QF", "clause": "ACT-2", "summary": "write", "item": "1"}
    return WriteItem.model_validate({**said, "ref": ref, "owner": owner, "due_at": due_at})
