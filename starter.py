"""The command line `standfast`: puts its commands together, and ends processes properly."""

import contextlib
import os
import sys

import typer
from dotenv import find_dotenv, load_dotenv

from console import (
    acts,
    audit,
    declaration,
    doctor,
    drill,
    inbox,
    kpi,
    policy,
    reading,
    replay,
    serve,
    simulate,
)
from console.ending import CODES

app = typer.Typer(
    name="standfast",
    no_args_is_help=True,
    help="Carry out the incident response procedure: declare, acknowledge, decide, and see what is due.",
    epilog=CODES,
    pretty_exceptions_show_locals=False,
)
for part in (serve, declaration, reading, acts, simulate, replay, drill, kpi, doctor):
    app.add_typer(part.app)
app.add_typer(policy.app, name="policy")
app.add_typer(inbox.app, name="inbox")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Read `.env`, run one command, and leave without the interpreter's own ending."""
    load_dotenv(find_dotenv(usecwd=True))
    code: int | str | None = 0
    try:
        app()
    except SystemExit as ended:
        code = ended.code
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))  # an ordinary exit may crash (sdk-python#300)


if __name__ == "__main__":
    main()
