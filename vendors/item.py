"""What a tracker's webhook says of one of our action items, as the acts it means (ACT-2)."""

from datetime import datetime
from typing import Any, Literal

from domain.alerting.alert import VendorAct
from domain.procedure.action_items import CloseItem
from domain.procedure.item_changes import ChangeItem, MoveItem, ReopenItem
from domain.value.act import Act
from domain.value.model import Instant, Model


class ItemNews(Model):
    """One delivery about an item: which item, what people call its issue there, and who did it when."""

    incident: str
    item: str
    tracker: str
    named: str
    delivery: str
    """Stays the same when it is repeated, and becomes the act's id."""
    by: str
    at: Instant

    def moved(self, about: str, ref: str, url: str) -> VendorAct:
        """It goes on elsewhere; `about` tells this from the delivery's other act."""
        sent = f"{self.delivery}/{about}" if self.delivery else ""
        return self._told(MoveItem(**self._signed | {"id": sent}, item=self.item, ref=ref, url=url))

    def stands(self, meaning: Literal["open", "done", "declined"], status: str) -> VendorAct:
        """What its new status means: done, declined or back at work, which of one that was open is nothing new."""
        about: dict[str, Any] = {**self._signed, "item": self.item, "reason": f"{self.named} is {status}"}
        return self._told(ReopenItem(**about) if meaning == "open" else CloseItem(**about, state=meaning))

    def changed(self, owner: str | None, due_at: datetime | None) -> VendorAct | None:
        """It is somebody else's, or due on another day; None where neither is said."""
        if not (owner or due_at):
            return None
        reason = f"{self.named} was changed in {self.tracker}"
        return self._told(ChangeItem(**self._signed, item=self.item, reason=reason, owner=owner or None, due_at=due_at))

    @property
    def _signed(self) -> dict[str, Any]:
        return {"id": self.delivery, "by": self.by, "via": self.tracker.lower(), "at": self.at}

    def _told(self, act: Act) -> VendorAct:
        return VendorAct(incident=self.incident, act=act)


def item_remark(issue: str, title: str, ours: tuple[str, str] | None, what: str) -> str:
    """What is said of a delivery that becomes no act; `ours` is the incident and the item, where it is one of ours."""
    whose = f"action item {ours[1]} of {ours[0]}" if ours else "not one of our action items"
    return f"{issue} “{title}” ({whose}): {what}."
