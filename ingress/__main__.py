"""`python -m ingress`: the ingress as a process of its own."""

from dotenv import load_dotenv

from activities import logs, tracing
from ingress.serve import Settings, run


def main() -> None:
    """Serve until told to stop."""
    load_dotenv()
    logs.set_up()
    tracing.set_up("ingress")
    run(Settings())
    tracing.end()


if __name__ == "__main__":
    main()
