"""`python -m ingress`: the ingress as a process of its own."""

import asyncio

from dotenv import load_dotenv

from activities import logs
from ingress.serve import Settings, ingress, serve


def main() -> None:
    """Serve until told to stop."""
    load_dotenv()
    logs.set_up()
    settings = Settings()
    asyncio.run(serve(settings, ingress(settings)))


if __name__ == "__main__":
    main()
