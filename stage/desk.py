"""What people do on the stage: each press becomes the request that the vendor would sign, and goes to the real door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from domain.company.catalog import Catalog
from domain.value.clip import clipped
from stage.form import sent
from standins.slack.hand import button_of
from standins.slack.link import enveloped
from standins.stage import Stage
from vendors.door import Request

SLACK = "/slack/events"
COMMAND = "/incident"
LAST, NOTED = 12, 60
"""Things that the stage remembers to have happened, and characters of what somebody wrote."""
TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack says when nobody answers it."""
WITHIN = 10.0
"""Seconds that a door is waited for; Slack itself would wait three."""


@dataclass(frozen=True)
class Happened:
    """Something that somebody did on the stage, and what came of it."""

    at: datetime
    words: str
    wrong: bool = False


@dataclass
class Desk:
    """Everybody's hands."""

    on: Stage
    catalog: Catalog
    http: httpx.AsyncClient
    """Whose base is where the doors are."""
    happened: list[Happened] = field(default_factory=list)

    def user(self, person: str) -> str:
        """How Slack knows somebody."""
        return self.catalog.people[person].at("slack")

    def note(self, words: str, *, wrong: bool = False) -> None:
        """Remember what happened, the newest first."""
        self.happened = [Happened(datetime.now(UTC), words, wrong), *self.happened][:LAST]

    async def deliver(self, door: str, request: Request, times: int = 1) -> httpx.Response | None:
        """Send a signed request to a door; None when it was not taken, which is noted."""
        answer = None
        for _ in range(times):
            try:
                answer = await self.http.post(
                    door, content=request.body, headers=request.headers, params=request.query, timeout=WITHIN
                )
            except httpx.HTTPError as error:
                self.note(f"{door} did not answer: {type(error).__name__}", wrong=True)
                return None
        if answer is None or not answer.is_success:
            self.note(f"{door} refused: {answer.status_code if answer else 'nothing'}", wrong=True)
            return None
        return answer

    async def slack(self, request: Request) -> tuple[dict[str, Any], str]:
        """Hand over what somebody did in Slack; the answer, and the form that it opened."""
        answer = await self.deliver(SLACK, request)
        body = answer.json() if answer is not None and answer.content else {}
        body |= {} if answer is not None else {"text": TROUBLE}
        trigger = enveloped(request)["payload"].get("trigger_id", "")
        return body, self.on.slack.state.opened.get(trigger, "")

    async def press(self, person: str, channel: str, message: str, button: str) -> str:
        """Press a button of a message, of what one was shown alone, or of the home; the form that it opens."""
        slack, user = self.on.slack, self.user(person)
        label = button_of(self._shown(user, channel, message), button)["text"]["text"]
        self.note(f"{self.catalog.people[person].name} pressed {label!r}")
        if not channel:
            return (await self.slack(slack.press_home(button, user)))[1]
        if not message.startswith("w"):
            return (await self.slack(slack.press(channel, message, button, user)))[1]
        return (await self.slack(slack.press_whisper(int(message[1:]), button, user)))[1]

    def _shown(self, user: str, channel: str, message: str) -> dict[str, Any]:
        """What the button is on; what others were shown alone is not there."""
        state = self.on.slack.state
        if not channel:
            return state.homes[user]
        if not message.startswith("w"):
            return state.workspace.room(channel).message(message)
        told = state.ephemerals[int(message[1:])]
        if told["user"] != user:
            raise LookupError("that was shown to somebody else")
        return told

    async def types(self, person: str, channel: str, words: str, thread: str = "") -> str:
        """Write in a room, or type the command; the form that it opens."""
        slack, user = self.on.slack, self.user(person)
        word, _, rest = words.strip().partition(" ")
        name, shown = self.catalog.people[person].name, clipped(words.strip(), NOTED)
        self.note(f"{name} {'typed' if word == COMMAND else 'wrote'} {shown!r}")
        if word != COMMAND:
            await self.slack(slack.write(channel, words.strip(), user, thread=thread))
            return ""
        body, opened = await self.slack(slack.command(rest.strip(), user, channel))
        if body.get("text") or body.get("blocks"):
            told = {name: value for name, value in body.items() if name in ("text", "blocks")}
            slack.state.whisper(slack.workspace.room(channel), user, told)
        return opened

    async def submits(self, person: str, view: str, filled: Mapping[str, str]) -> dict[str, str]:
        """Send a form; what is refused by block, empty when it closed."""
        views = self.on.slack.views
        title = views[view]["title"]["text"]
        request = self.on.slack.submit(view, sent(views[view], filled), self.user(person))
        body, _ = await self.slack(request)
        errors: dict[str, str] = body.get("errors", {}) if body.get("response_action") == "errors" else {}
        errors |= {views[view]["blocks"][0]["block_id"]: TROUBLE} if body.get("text") == TROUBLE else {}
        if not errors:
            views.pop(view, None)
            self.note(f"{self.catalog.people[person].name} sent the form {title!r}")
        return errors

    async def chooses(self, person: str, view: str, name: str, filled: Mapping[str, str]) -> None:
        """Choose in a form that listens, or press a button in it."""
        slack = self.on.slack
        await self.slack(slack.choose(view, name, sent(slack.views[view], filled), self.user(person)))

    async def answers_page(self, person: str, page: str) -> None:
        """Somebody says in the pager that they are on it."""
        await self.deliver(*self.on.press_answer(self.catalog, page, person))
        self.note(f"{self.catalog.people[person].name} answered the page, and the pager's webhook said so")

    async def finishes(self, person: str, ticket: str) -> None:
        """Somebody moves a ticket to Done."""
        one, tracker = self.catalog.people[person], self.on.tracker(self.catalog)
        known = {str(told.get("identifier", id)): id for id, told in tracker.issues.items()}
        await self.deliver(f"/webhooks/{tracker.name}", tracker.press_move(known[ticket], "Done", one.email))
        self.note(f"{one.name} finished {ticket}, and the tracker's webhook said so")
