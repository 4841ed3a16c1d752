"""Which incidents a command is about, as people type it."""

from typing import Annotated

import typer

from console.completion import services, severities, teams

Service = Annotated[str, typer.Option("--service", help="Only incidents of this service.", autocompletion=services)]
Team = Annotated[str, typer.Option("--team", help="Only incidents of this team.", autocompletion=teams)]
Severity = Annotated[
    str, typer.Option("--severity", help="Only incidents of this severity.", autocompletion=severities)
]
