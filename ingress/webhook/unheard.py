"""What came for an incident that had ended: who did what there, whose it was, and why nothing came of it.

The row is over, as one that was relayed, and is kept as long; a release that knows no such rows passes them by.
"""

from typing import NamedTuple

from sqlalchemy import Connection, select, update

from domain.rule.act import IncidentAct
from domain.value.act import Act
from ingress.webhook.table import INBOX, Row, row_of, storable


class Unheard(NamedTuple):
    """Whose it was, an incident or a group of alerts; what was done there, and why nothing came of it."""

    receiver: str
    done: str
    why: str

    @classmethod
    def of(cls, receiver: str, act: Act, why: str) -> "Unheard":
        """What became of an act; who did it stands before what was done, by the vendor's word."""
        return cls(receiver, f"{act.by}: {done(act)}", why)


def mark_unheard(connection: Connection, row: int, said: Unheard) -> None:
    """Note what became of a row that a receiver did not take any more."""
    columns = ("wrong_path", "wrong_found", "wrong_expected")
    words = {column: storable(word) for column, word in zip(columns, said, strict=True)}
    connection.execute(update(INBOX).where(INBOX.c.row == row, INBOX.c.state == "new").values(state="unheard", **words))


def unheard(connection: Connection) -> list[Row]:
    """All such rows, in order: there are few."""
    wanted = select(INBOX).where(INBOX.c.state == "unheard").order_by(INBOX.c.row)
    return [row_of(one) for one in connection.execute(wanted).mappings()]


def done(act: Act) -> str:
    """What was done, as its button reads, and the words that came with it."""
    label = act.label if isinstance(act, IncidentAct) else ""
    own = (getattr(act, name) for name in type(act).model_fields if name not in Act.model_fields)
    words = "; ".join(value for value in own if isinstance(value, str) and value)
    return f'"{label or act.kind.replace("_", " ")}"' + (f" ({words})" if words else "")
