"""How a policy is put into plain words: roles by title, spans in the hours that count, who may do what."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from domain.company.core_role import CoreRole
from domain.company.policy import Policy
from domain.rule.act import IncidentAct
from domain.value.act import Act
from domain.value.calendar import MIDNIGHT, Calendar
from domain.value.kind import kind_of
from domain.value.model import spoken

Explain = Callable[[Policy], list[str]]


def titles(roles: Iterable[str], policy: Policy, word: str = "and") -> str:
    """Roles by the company's titles."""
    return f" {word} ".join(policy.roles[role].title if role in policy.roles else role for role in roles)


def title_of(name: CoreRole, policy: Policy) -> str:
    """Who plays a part, by the company's title."""
    return titles((policy.role(name) or name.replace("_", " "),), policy)


def counted_words(span: timedelta, name: str | None, policy: Policy) -> str:
    """A span, with the hours that count for it and how many whole days of them that is."""
    if name is None:
        return spoken(span)
    hours = round(span.total_seconds()) / 3600
    days = span / _day(policy.calendars[name])
    several = f" ({days:g} days of work)" if days >= 2 and days == int(days) else ""
    return f"{hours:g} {name} hours{several}"


def _day(calendar: Calendar) -> timedelta:
    return timedelta(minutes=(calendar.ends - calendar.begins) % MIDNIGHT or MIDNIGHT)


def asked_at(policy: Policy, asks: Callable[[str], bool]) -> str:
    """The severities that ask for something."""
    return ", ".join(severity for severity in policy.severities if asks(severity))


def customers(say: Explain) -> Explain:
    """What is said of the status page, where a severity asks for one."""
    return lambda policy: (
        say(policy)
        if any(rule.status_page for rule in policy.severities.values())
        else ["No severity of this policy asks for a status page, so nothing is published and nothing is due."]
    )


def allowing(policy: Policy, act: type[Act]) -> tuple[str, ...]:
    """Which roles may do an act; anyone where the policy lists neither it nor the act whose rights it has."""
    same = act.allowed_as if issubclass(act, IncidentAct) else ""
    allowed: tuple[str, ...] = policy.may.get(kind_of(act)) or policy.may.get(same) or ("anyone",)
    return allowed


def rights(act: type[IncidentAct]) -> Explain:
    """Who may do an act."""

    def say(policy: Policy) -> list[str]:
        allowed = allowing(policy, act)
        if "anyone" in allowed:
            return [f"Anyone may {act.deed}."]
        vacant = "; anyone, while nobody holds the role" if "anyone_if_vacant" in allowed else ""
        roles = tuple(role for role in allowed if role != "anyone_if_vacant")
        return [f"Only the {titles(roles, policy, 'or')} may {act.deed}{vacant}."]

    return say
