"""What people did while the engine was away, and the incident did not take any more: when, who, what, and why not."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from console.completion import called
from console.moment import clock
from domain.rule.act import IncidentAct
from domain.value.act import Act
from ingress.webhook.kept_act import DOOR, Kept, kept_in
from ingress.webhook.table import Row
from vendors.door import Unreadable


def kept_by(row: Row) -> Kept | None:
    """What a row says that an act of people is kept in; none where it is another's, or cannot be read."""
    try:
        return kept_in(row) if row.door == DOOR else None
    except Unreadable:
        return None


def not_taken(rows: Iterable[Row], now: datetime, zone: tzinfo, incident: str = "") -> list[str]:
    """A sentence for each act among rows that were set aside, of one incident or of all."""
    names = called()
    return [
        f"{clock(act.at or row.request.received_at, now, zone)} {names.get(act.by, act.by)} in {kept.incident}: "
        f"{_done(act)} was not taken: {row.found}"
        for row in rows
        if (kept := kept_by(row)) and (act := kept.act) and kept.incident and incident in ("", kept.incident)
    ]


def _done(act: Act) -> str:
    """What was done, as its button reads, and the words that came with it."""
    label = act.label if isinstance(act, IncidentAct) else ""
    own = (getattr(act, name) for name in type(act).model_fields if name not in Act.model_fields)
    words = "; ".join(value for value in own if isinstance(value, str) and value)
    return f'"{label or act.kind.replace("_", " ")}"' + (f" ({words})" if words else "")
