"""The ingress as a process of its own, to be killed: `uvicorn --factory tests.ingress.serve:ingress`."""

import os

from starlette.applications import Starlette

from ingress.webhook.app import app
from ingress.webhook.inbox import Inbox
from tests.ingress.setting import doors


def ingress() -> Starlette:
    """An ingress whose relay runs elsewhere."""
    return app(Inbox(os.environ["STANDFAST_INBOX"]), doors())
