"""`python -m ingress`: the ingress as a process of its own."""

import asyncio
import logging

from dotenv import load_dotenv

from ingress.serve import Settings, ingress, serve


def main() -> None:
    """Serve until told to stop."""
    load_dotenv()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings()
    asyncio.run(serve(settings, ingress(settings)))


if __name__ == "__main__":
    main()
