"""How one incident stands, told to whoever asks: its card, its people, its place; and what escalating it may mean."""

from domain.port.conversation import ShownMessage
from domain.port.message import Button, Message
from domain.procedure.headline import WORDS
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.severity import Declare
from domain.procedure.waking import Join
from domain.report.view import View
from domain.rule.act import FOUGHT
from ingress.chat.answer import COMMAND, ENTRANCE, about
from ingress.chat.phrase import ParsedCommand


def status(seen: View) -> list[ShownMessage]:
    """What its pinned card says."""
    grade = seen.severity or f"{seen.proposed} proposed"
    commands = f"{seen.names.get(seen.commander, seen.commander) or 'Nobody'} commands."
    text = f"*{about(seen)}*\n{grade}, {WORDS[seen.phase]}. {commands}"
    told = Message(text=text, facts=seen.card, buttons=ENTRANCE, small=seen.id, moments=seen.card_moments)
    return [(told, seen.id)]


def people(seen: View) -> list[ShownMessage]:
    """Who has which role, and the presses that bring in whoever is missing."""
    held = {title: seen.names.get(seen.roles.get(role, ""), "nobody yet") for role, title in seen.role_titles.items()}
    lines = [f"• {title[:1].upper()}{title[1:]}: {name}" for title, name in held.items()]
    missing = (*(() if seen.commander else (COMMAND,)), PagePerson.button()) if seen.phase in FOUGHT else ()
    return [(Message(text="\n".join([f"*{about(seen)}*", *lines]), buttons=missing, small=seen.id), seen.id)]


def place(seen: View, here: str) -> list[ShownMessage]:
    """Where it is fought, and the way in; whoever was called says there that they have come (WAR-5)."""
    elsewhere = seen.room and here != seen.id
    where = (
        f"Its war room is #{seen.room}." if elsewhere else f"{'This is its' if seen.room else 'It has no'} war room."
    )
    arrived = (Join.button(),) if seen.phase in FOUGHT else ()
    way = Button(label=f"Join #{seen.room}", url=seen.room_url, style="primary")
    buttons = (way, *arrived) if elsewhere and seen.room_url else arrived
    return [(Message(text=f"*{about(seen)}*\n{where}", buttons=buttons, small=seen.id), seen.id)]


def escalation(asked: ParsedCommand) -> list[ShownMessage]:
    """The question what is meant: it is worse, or somebody more is needed."""
    buttons = (
        Declare.button("Another severity", None, asks=True, **asked.fields),
        PagePerson.button("Page somebody", None, asks=True, **asked.fields),
    )
    text = "Is it worse than declared, or is somebody needed?"
    return [(Message(text=text, buttons=buttons, small=asked.incident), asked.incident)]
