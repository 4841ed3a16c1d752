"""What is kept of a run in which a promise was broken, so that it can be looked into."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from domain.incident.event import Event
from standins.stage import Stage
from standins.standin import Standin

MOST = 4_000
"""Characters kept of a request's body; the marks of ours stand within them."""


def keep(folder: Path, on: Stage, told: Mapping[str, list[Event]]) -> None:
    """Write what the vendors were asked, and what each incident tells, beside the logs and databases of the run."""
    (folder / "calls.jsonl").write_text("".join(f"{json.dumps(call)}\n" for call in calls(on)))
    for incident, events in told.items():
        (folder / f"{incident}.jsonl").write_text("".join(f"{event.model_dump_json()}\n" for event in events))


def calls(on: Stage) -> Iterable[dict[str, str]]:
    """Every request of every vendor, in the order in which they came."""
    named = ((one.name, getattr(on, one.name)) for one in fields(on))
    made = [(call.at, name, call) for name, vendor in named if isinstance(vendor, Standin) for call in vendor.calls]
    for at, name, call in sorted(made, key=lambda one: one[0]):
        body = call.body.decode(errors="replace")[:MOST]
        yield {"at": at.isoformat(), "vendor": name, "asked": f"{call.method} {call.path}", "body": body}
