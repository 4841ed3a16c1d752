"""The post-mortem as it stands in the notebook at the demo's end, cut to what shows that it is there."""

from rich.table import Table

from demo.chosen import Chosen
from domain.incident.incident import Incident
from domain.port.outline import SUFFIX

SHOWN = 2
"""Lines of each section."""
NOTE = "Generated from the incident's record"


def paper(chosen: Chosen, incident: Incident) -> Table:
    """Its generated sections, each with its first lines."""
    where = f"{incident.id}: the post-mortem in {chosen.named('notebook')}, {incident.learning.document_url}"
    table = Table(title=where, title_justify="left", box=None, pad_edge=False)
    for heading in ("section", "says"):
        table.add_column(heading, no_wrap=heading == "section")
    for heading, lines in _sections(chosen.document(incident.learning.document)).items():
        more = [f"[dim]… and {len(lines) - SHOWN} more[/]"] if len(lines) > SHOWN else []
        table.add_row(heading, "\n".join([*(line.replace("[", r"\[") for line in lines[:SHOWN]), *more]))
    return table


def _sections(lines: list[str]) -> dict[str, list[str]]:
    """What stands under each generated heading."""
    found: dict[str, list[str]] = {}
    template = {line.removesuffix(SUFFIX) for line in lines if line.endswith(SUFFIX)}
    for line in (line for line in lines if line not in template):
        if line.endswith(SUFFIX):
            found[line.removesuffix(SUFFIX)] = []
        elif found and NOTE not in line:
            found[list(found)[-1]].append(line.strip())
    return found
