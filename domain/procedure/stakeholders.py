"""WAR-2: stakeholders inside the company get a digest when an incident is declared, changes its severity and ends."""

from collections.abc import Iterator

from domain.company.catalog import Account
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.security import SecurityMarked
from domain.port.any_duty import AnyDuty
from domain.port.chat import Say
from domain.port.mailer import SendMail
from domain.port.message import Message
from domain.procedure import sitrep
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId

ENDED = "over"
"""What is told of an incident that is not fought any more, whatever its severity."""


class DigestWritten(Fact):
    """What stakeholders are told of a declaration, another severity, or the end, as it stood then."""

    minor = True
    clause: ClauseId = "WAR-2"
    number: int
    about: str
    subject: str
    body: str

    def line(self, names: Names) -> Line:
        return Line(f"digest {self.number} for stakeholders", self.subject, alone=True)


def settle(incident: Incident) -> tuple[Fact, ...]:
    """A digest is written when there is news: a severity that is told of, another one after that, the end."""
    rule, written = incident.policy.stakeholders, _written(incident)
    about = ENDED if incident.over else incident.severity or ""
    told = written[-1].about if written else ""
    listed = about in rule.severities or bool(written)
    if incident.opened.drill or not rule.anybody or not about or about == told or not listed:
        return ()
    return (_digest(incident, about, len(written) + 1),)


def _written(incident: Incident) -> list[DigestWritten]:
    return [digest for _, digest in incident.all(DigestWritten)]


def _digest(incident: Incident, about: str, number: int) -> DigestWritten:
    """Its headline and what everybody in the company may read; of a security incident that it is one (SCP-3)."""
    what = about if about != ENDED else "Closed" if incident.closed_at else "Over"
    where = [f"War room: #{incident.room_name}"] if incident.room_name and not incident.secret else []
    facts = [f"{name}: {value}" for name, value in sitrep.outside(incident)]
    lines = [f"{what} · {incident.service.title}: {incident.title}", sitrep.state(incident), *facts, *where]
    subject = f"{what} · {incident.id} {incident.service.title}"
    return DigestWritten(number=number, about=about, subject=subject, body="\n".join(lines).replace("*", ""))


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The newest digest to each stakeholder once, unless it is refused for good."""
    digests = [*incident.all(DigestWritten)]
    for duty in _sent(incident, _veiled(incident, *digests[-1])) if digests else ():
        failure = incident.failures.get(duty.key)
        if failure is None or not failure.gives_up:
            yield duty


def _veiled(incident: Incident, event: Event, digest: DigestWritten) -> DigestWritten:
    """What was written before the security mark leaves as it would be written now (SCP-3)."""
    marked = incident.secret and any(mark.number > event.number for mark, _ in incident.all(SecurityMarked))
    return _digest(incident, digest.about, digest.number) if marked else digest


def _sent(incident: Incident, digest: DigestWritten) -> Iterator[AnyDuty]:
    rule, key = incident.policy.stakeholders, f"digest/{digest.number}"
    known = {"incident": incident.id, "clause": digest.clause, "summary": f"tell stakeholders: {digest.subject}"}
    message = Message(text=digest.body, small=incident.id)
    for person in incident.people(rule.people):
        yield Say(key=f"{key}/{person.id}", person=person, message=message, **known)
    for room in rule.rooms:
        yield Say(key=f"{key}/{room}", room=room, message=message, **known)
    for address in rule.mail:
        to = Account(name=address, email=address, services=())
        words = {"subject": digest.subject, "body": digest.body}
        yield SendMail(key=f"{key}/{address}", account=to, inside=True, **words, **known)


RULES = Ruleset(settle=settle, duties=duties)
