"""The way out of a refusal: whose it is to do is asked by one press more, directly and at once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from client.port import IncidentClient, NotTaken, Unanswered
from config.company import Company
from domain.company.catalog import Person
from domain.port.conversation import ChatConversation, Reply
from domain.port.duty import VendorError
from domain.port.message import Button, Message
from domain.procedure.letting_in import AddToRoom
from domain.procedure.relief import Relieve
from domain.report.offer import as_opened, is_allowed, relievable, who_may
from domain.report.view import View
from domain.rule.act import people_do
from domain.rule.explain import allowing
from ingress.act_sender import Said
from ingress.chat.answer import COMMAND, about
from ingress.chat.forms import soon
from ingress.chat.lately import Lately
from ingress.chat.phrase import ParsedCommand

ASK = "ask"
"""Not an act: it brings what was refused to somebody who may, and who decides."""
ACT, TO = "asked_act", "asked_person"
"""The fields of that press: what is asked for, and of whom; the others are the act's own."""
MOST = 2
"""People who are offered to be asked: a message has three presses at most."""
ONCE = timedelta(minutes=5)
"""One person is asked for one thing once in this time, however often somebody presses."""


class Ways:
    """Says what somebody may do instead, and asks those who may."""

    def __init__(
        self, engine: IncidentClient, front: ChatConversation, company: Company, now: Callable[[], datetime]
    ) -> None:
        self._engine, self._front, self._company = engine, front, company
        self._asked = Lately[tuple[str, ...], bool](ONCE, now)

    async def after(self, said: Said, asked: ParsedCommand, by: str, patience: timedelta) -> Reply:
        """The refusal, and under it the presses of whoever was refused because it is another's to do."""
        plain = Reply(said.text, moments=said.moments)
        try:
            seen = await soon(self._engine.view(asked.incident), patience)
        except (NotTaken, Unanswered, TimeoutError):
            return plain
        known = by in self._company.catalog.people
        text, buttons = (said.text, self._presses(asked, seen, by)) if known else self._stranger(seen, by)
        message = Message(text=text, buttons=buttons, moments=said.moments)
        return Reply(shown=((message, asked.incident),)) if buttons else plain

    def _presses(self, asked: ParsedCommand, seen: View, by: str) -> tuple[Button, ...]:
        act, catalog = people_do().get(asked.kind), self._company.catalog
        policy = as_opened(seen, self._company.policy)
        if role := relievable(asked.kind, asked.fields.get("role", ""), seen, by, policy):
            return (Relieve.button("Relieve them", "danger", role=role),)
        if act is None or is_allowed(act, seen, by, policy, catalog):
            return ()
        others = [one for one in who_may(act, seen, policy, catalog) if one != by and self._address(one)]
        commands = policy.role("commander") in allowing(policy, act) and not seen.commander
        asks = (self._press(one, {**asked.fields, ACT: asked.kind}) for one in others[:MOST])
        return (*asks, *((COMMAND,) if commands else ()))

    def _stranger(self, seen: View, by: str) -> tuple[str, tuple[Button, ...]]:
        """Whom the catalog does not know is told who can put that right (SOC-1)."""
        team = self._company.catalog.teams.get(seen.team)
        managers = [one for one in (team.managers if team else ()) if self._address(one)][:MOST]
        called = " or ".join(self._company.catalog.short(one) for one in managers)
        text = f"I don't know you yet, so nothing was counted. {called} can add you: `{self._entry(by)}`."
        return text, tuple(self._press(one, {}) for one in managers)

    def _entry(self, by: str) -> str:
        return f"people: {{...: {{{self._front.vendor}: {self._user(by)}}}}}"

    def _user(self, by: str) -> str:
        """The chat's own id of somebody whom the catalog does not know."""
        return by.removeprefix(f"{self._front.vendor}:")

    def _press(self, person: str, fields: Mapping[str, str]) -> Button:
        return Button(act=ASK, label=f"Ask {self._company.catalog.short(person)}", fields={**fields, TO: person})

    async def ask(self, asked: ParsedCommand, by: str) -> Reply:
        """Whoever may is asked in a direct message, which has the press itself."""
        if asked.fields.get(ACT) and by not in self._company.catalog.people:
            text, buttons = self._stranger(await self._engine.view(asked.incident), by)
            return Reply(shown=((Message(text=text, buttons=buttons), asked.incident),))
        kind, to = asked.fields.get(ACT, ""), asked.fields.get(TO, "") or await self._inside(asked.incident)
        address, called = self._address(to), self._company.catalog.short(to)
        if not address:
            return Reply("Nobody can be asked that here any more.")
        once = (asked.incident, kind, to, by)
        if once in self._asked:
            return Reply(f"{called} was asked already, in a direct message.")
        self._asked[once] = True
        try:
            message = self._request(asked, await self._engine.view(asked.incident), by)
            await self._front.whisper("", address, Reply(shown=((message, asked.incident),)))
        except (NotTaken, Unanswered, VendorError):
            self._asked.pop(once)
            raise
        return Reply(f"{called} is asked, in a direct message.")

    async def _inside(self, incident: str) -> str:
        """Who is asked to let somebody in: who commands, else whoever else holds a role or manages the team."""
        seen, catalog = await self._engine.view(incident), self._company.catalog
        team = catalog.teams.get(seen.team)
        people = (seen.commander, *seen.roles.values(), *(team.managers if team else ()))
        return next((one for one in people if self._address(one)), "")

    def _request(self, asked: ParsedCommand, seen: View, by: str) -> Message:
        """What somebody is asked for; of a stranger, to write them into the catalog."""
        act = people_do().get(asked.fields.get(ACT, ""))
        if act is None:
            who = Person(id="stranger", name="Somebody new", ids={self._front.vendor: self._user(by)})
            text = f"Somebody new asks to be added to the catalog: `{self._entry(by)}`. Their press did not count."
            return Message(text=text, to=(who,), small=asked.incident)
        if act is AddToRoom:
            button = act.button(f"Let {self._company.catalog.short(by)} in", "primary", to=by)
            text = f"*{self._company.catalog.short(by)} asks to join* the room of {about(seen)}. Do you know why?"
            return Message(text=text, buttons=(button,), small=asked.incident)
        fields = {name: value for name, value in asked.fields.items() if name not in (ACT, TO)}
        text = f"*{self._company.catalog.short(by)} asks you*: {act.label}? It is yours to do, in {about(seen)}."
        button = act.button("", None, asks=bool(act.questions()), **fields)
        return Message(text=text, buttons=(button,), small=asked.incident)

    def _address(self, person: str) -> str:
        """How the chat calls somebody of the catalog who is there; empty where it cannot reach them."""
        known = self._company.catalog.people.get(person)
        return known.at(self._front.vendor) if known and not known.left else ""
