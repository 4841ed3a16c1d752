"""What Slack's refusals mean, as data, and the error they become.

Sources: the error tables of docs.slack.dev/reference/methods/<method>, docs.slack.dev/apis/web-api/rate-limits.
"""

from collections.abc import Mapping
from typing import Any

import httpx

from domain.port.duty import VendorError
from vendors.api import retry_after

NOT_DONE = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org"})
"""Nothing was done and later it will be: worth another try."""

UNKNOWN = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Part of it may have been done: worth another try, which looks before it creates."""

DONE: dict[str, frozenset[str]] = {
    "conversations.invite": frozenset({"already_in_channel", "cant_invite_self"}),
    "conversations.archive": frozenset({"already_archived"}),
    "pins.add": frozenset({"already_pinned"}),
}
"""Refusals that say the effect is there already."""

ADVICE = {
    "account_inactive": "the app was removed from the workspace: install it again",
    "channel_not_found": "no such room, or a private one the app is not in: invite the app, or check the setting",
    "expired_trigger_id": "the press is more than three seconds old: press again",
    "exchanged_trigger_id": "this press has already opened a form: press again",
    "invalid_auth": "check SLACK_BOT_TOKEN",
    "invalid_blocks": "the message breaks one of Block Kit's limits: report this as a bug",
    "is_archived": "that channel is archived: unarchive it in Slack",
    "missing_scope": "add the scope to the app in its configuration and install it again",
    "not_authed": "set SLACK_BOT_TOKEN",
    "not_in_channel": "invite the app to the room with /invite",
    "restricted_action": "the workspace does not let the app do this: ask its administrators",
    "token_revoked": "install the app again and set SLACK_BOT_TOKEN",
    "user_not_found": "correct the person's `slack` id in the catalog",
}
"""What a person can do about it."""


class Refused(VendorError):
    """A refusal in Slack's own words: `code` from the answer's `error`, `body` the answer."""

    def __init__(self, method: str, code: str, status: int, headers: Mapping[str, str], body: dict[str, Any]) -> None:
        detail = "; ".join((body.get("response_metadata") or {}).get("messages") or [])
        needed = f"needed {body['needed']}, provided {body.get('provided', '')}" if body.get("needed") else ""
        garbled = not code and status < 400  # an answer nobody can read: it may have been done
        words = [f"{method}: {code or f'HTTP {status}'}", needed, detail[:300], ADVICE.get(code, "")]
        super().__init__(
            "slack",
            ", ".join(word for word in words if word),
            retryable=code in NOT_DONE | UNKNOWN or status == 429 or status >= 500 or garbled,
            retry_after=retry_after(httpx.Headers(dict(headers))),
        )
        self.code, self.body = code, body
