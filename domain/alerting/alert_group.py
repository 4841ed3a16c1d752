"""What a group of alerts remembers, and what it does with what it hears: suppress, damp, open, pass on."""

from datetime import datetime

from pydantic import Field

from domain.alerting.alert import CALM, Alert, VendorAct
from domain.alerting.beside import LIKES, apart, firing, home, likes_of
from domain.alerting.digest import AlertDigest
from domain.alerting.heartbeat import hear_heartbeats, silent
from domain.alerting.holding import HoldingLimit
from domain.alerting.incidents import GroupIncidents
from domain.alerting.known import as_later, is_about, learned, parts_of
from domain.alerting.misread import alarm, keep, readable
from domain.alerting.scope import Suppression
from domain.alerting.sifting import LARGEST, GroupAction, HeldAlert, bounded, follow, heeded, recovered_in_brief, sift
from domain.alerting.unseen import WIDE, mark, packed, unpacked
from domain.value.markdown import literal
from domain.value.model import unsaid

UNSEEN = 125_000
"""Marks kept at most of alerts that are only counted; past it nothing is concluded until the incident has ended."""


class AlertGroup(GroupIncidents):
    """The state of one group; every method returns the next one."""

    group: str
    service: str = ""
    environment: str = ""
    last_row: int = 0
    seed: str = ""
    recoveries: dict[str, HeldAlert] = Field(default_factory=dict)
    waiting: dict[str, HeldAlert] = Field(default_factory=dict)
    doubted: dict[str, HeldAlert] = Field(default_factory=dict, exclude_if=unsaid)
    """Said to fire by the start of what has recovered: an echo, unless it stands or is said again later."""
    heartbeats: dict[str, HeldAlert] = Field(default_factory=dict, exclude_if=unsaid)
    """Heartbeats, each until its silence is an alert."""
    unseen: str = Field(default="", exclude_if=unsaid)
    """The marks of what fires and was not told one by one."""
    beyond: bool = Field(default=False, exclude_if=unsaid)
    """More fired than marks are kept of."""
    unread: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """What this release could not read."""
    life: int = Field(default=0, exclude_if=unsaid)
    """The first row that this group heard after one of its name had ended: its incidents are others than that one's."""
    told_unseen: int = Field(default=0, exclude_if=unsaid)
    """How many unseen ones the incident was told of last."""

    def misread(self, signal: str, why: str, said: str, now: datetime) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """Something that cannot be read is kept, and rings like an alert of the group, at most once an hour."""
        kept = keep(self.unread, said)
        one = alarm(self.group, signal, why, now, kept=len(kept) > len(self.unread))
        watch = self._with(unread=kept)
        rung = watch.known.get(one.key)
        if rung and (rung.episode, rung.state) == (one.episode, one.state):
            return watch, ()
        watch, passed = watch._damp((one,), now)
        return watch._route(passed, (one,), 1, now)

    def read_kept(self, now: datetime) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """What was kept unread and this release can read asks for what it would have asked for then."""
        digests, left = readable(self.unread)
        watch, every = self._with(unread=left), tuple[GroupAction, ...]()
        for digest in digests:
            watch, steps = watch.read(digest, now, again=True)
            every += steps
        return watch, every

    def read(
        self, digest: AlertDigest, now: datetime, *, again: bool = False
    ) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """What a digest asks for; one that was read before asks for nothing (DET-3), unless it is to be read again."""
        if digest.last_row <= self.last_row and not again:
            return self, ()
        service, environment = digest.service or self.service, digest.environment
        last = max(digest.last_row, self.last_row)
        watch = self._with(last_row=last, rule=digest.rule, service=service, environment=environment)
        if digest.heard_at:
            watch = watch._let_go(now)
        digest, watch = watch._hear_heartbeats(digest)
        watch, fresh = watch._sift(digest)
        watch, fresh = watch._count_unseen(digest, fresh)
        if digest.suppressed:
            watch, steps = watch._suppress(fresh, digest.suppressed, now)
            return watch, (*steps, *(watch._acts(digest.acts, opening=False) if digest.heard_at else ()))
        heard = {alert.key for alert in fresh}
        watch = watch._with(waiting={key: held for key, held in watch.waiting.items() if key not in heard})
        watch, passed = watch._damp(heeded(fresh, watch.known), now)
        watch, steps = watch._route(passed, fresh, max(digest.count, len(passed)), now)
        return watch, (*steps, *watch._acts(digest.acts, opening=any(step.opens for step in steps)))

    def _hear_heartbeats(self, digest: AlertDigest) -> tuple[AlertDigest, "AlertGroup"]:
        """What is left of a digest without the heartbeats in it, which are held until they are missed."""
        digest, held = hear_heartbeats(digest, self.heartbeats, self.known)
        return digest, self if held is self.heartbeats else self._with(heartbeats=held)

    def _let_go(self, now: datetime) -> "AlertGroup":
        """An incident that takes nothing more is none of ours any more, and what was counted for it neither."""
        watch = self._with(beside=tuple(one for one in self.beside if not one.is_gone(now)))
        return watch.forget(self.incident) if self.incident and not self.current(now) else watch

    def _sift(self, digest: AlertDigest) -> tuple["AlertGroup", tuple[Alert, ...]]:
        """What is news in a digest; what may be an echo is kept in doubt."""
        brief = recovered_in_brief(digest, self.known)
        told = (one for alert in digest.alerts for one in parts_of(alert, self.known))
        known, doubted, fresh = sift((*told, *brief), self.known, self.doubted, self._standing)
        return self._with(known=known, doubted=doubted), fresh

    def _count_unseen(self, digest: AlertDigest, fresh: tuple[Alert, ...]) -> tuple["AlertGroup", tuple[Alert, ...]]:
        """Count what was left out, and what is too much to follow one by one."""
        many = digest.left_firing or digest.left_over or self.unseen or len(self.known) + len(fresh) > LARGEST
        if digest.heard_at is None or not many:
            return self, fresh
        followed, marks = follow(fresh, self.known, unpacked(self.unseen), unpacked(digest.left_firing))
        left = sorted(marks - unpacked(digest.left_over))
        unseen, beyond = "".join(left[:UNSEEN]), self.beyond or len(left) > UNSEEN
        return self._with(unseen=unseen, beyond=beyond), followed

    @property
    def unseen_count(self) -> int:
        """How many alerts that were not told one by one still fire, at least."""
        return len(self.unseen) // WIDE + self.beyond

    def _damp(self, fresh: tuple[Alert, ...], now: datetime) -> tuple["AlertGroup", tuple[Alert, ...]]:
        """Remember the states; hold the recoveries of what flaps until it has been quiet."""
        known, held, passed = dict(self.known), dict(self.recoveries), []
        for alert in fresh:
            before = known.get(alert.key)
            fired = tuple(at for at in (before.fired if before else ()) if now - at < self.rule.flap_window)
            fired = fired if alert.state in CALM else (*fired, now)[-20:]
            known[alert.key] = learned(alert, before, fired, home(alert, before, self.beside, self._next))
            held.pop(alert.key, None)
            if before is None and alert.state in CALM and alert.heard_at:
                continue
            if alert.state in CALM and len(fired) >= self.rule.flaps:
                held[alert.key] = HeldAlert(alert=alert, until=now + self.rule.flap_window)
            else:
                passed.append(alert)
        return self._with(known=bounded(known), recoveries=held), tuple(passed)

    def _route(
        self, passed: tuple[Alert, ...], fresh: tuple[Alert, ...], count: int, now: datetime
    ) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """To the incident that each is of, or into a new one if anything newly fires that is of none."""
        theirs, own = apart(passed, self.known, self.beside)
        others = tuple(GroupAction(alerts=mine, count=len(mine), incident=one) for one, mine in theirs)
        if not self.current(now):
            watch, steps = self._opening(firing(own)) if firing(own) else (self, ())
            return watch, (*others, *steps)
        new = self._unlike(own)
        rest = tuple(alert for alert in own if alert not in new)
        told = max(count - len(new) - len(passed) + len(own), len(rest))
        watch, steps = self._tell(rest, told) if rest or self._turned else (self, ())
        if not new:
            return watch, (*others, *steps)
        beside = self.incident if self._live else ""
        steps = tuple(step.model_copy(update={"incident": self.incident}) for step in steps)
        watch, opening = watch._set_aside()._opening(new, beside)
        return watch, (*others, *steps, *opening)

    def _opening(self, firing: tuple[Alert, ...], beside: str = "") -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        lead = firing[0]
        seed = f"{self.group}/{lead.key}/{lead.episode or lead.fired_at.isoformat()}/{self._nth_of_life}"
        mine = {alert.key for alert in firing}
        nth, likes = {"nth": self.count + 1}, likes_of(firing)[:LIKES]
        known = {key: one.model_copy(update=nth) if key in mine and one.nth else one for key, one in self.known.items()}
        started = {"incident": "", "phase": "", "reopen_until": None, "seed": seed, "told_unseen": 0}
        watch = self._with(**started, known=known, likes=likes)
        watch, more = watch._tell((), watch.unseen_count) if watch.unseen_count else (watch, ())
        return watch, (GroupAction(alerts=firing, opens=True, beside=beside), *more)

    @property
    def _turned(self) -> bool:
        """Whether the incident must hear that something unseen fires, or that nothing does any more."""
        return (self.told_unseen > 0) != (self.unseen_count > 0)

    def _tell(self, alerts: tuple[Alert, ...], count: int) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """Pass alerts on, with how many more fire."""
        unseen = self.unseen_count
        counted = unseen if unseen or self.told_unseen else None
        likes = tuple(dict.fromkeys((*self.likes, *likes_of(firing(alerts)))))[:LIKES] if self.likes else ()
        return self._with(told_unseen=unseen, likes=likes), (GroupAction(alerts=alerts, count=count, unseen=counted),)

    def _acts(self, acts: tuple[VendorAct, ...], *, opening: bool) -> tuple[GroupAction, ...]:
        """The acts that are about an alert of this incident."""
        nth, unseen = self.count + 1 if opening else self._mine, unpacked(self.unseen)
        steps = []
        for one in acts:
            before = self.known.get(one.alert)
            other = next((each for each in self.beside if before and each.nth == before.nth), None)
            if is_about(one, self.known, unseen, other.nth if other else nth):
                steps.append(GroupAction(act=one.act, incident=one.incident or (other.incident if other else "")))
        return tuple(steps)

    def unheard(self, acts: tuple[VendorAct, ...], last_row: int) -> tuple[VendorAct, ...]:
        """Of the acts of a digest that was read: those that are about no incident that is open, or opens just now."""
        if self.last_row < last_row:
            return ()
        opens = {key for key, one in self.known.items() if one.nth > self.count}
        theirs = [one for one in acts if not one.incident and one.alert not in opens]
        taken = {one: self._acts((one,), opening=False) for one in theirs}
        return tuple(one for one, steps in taken.items() if not any(step.incident or self.incident for step in steps))

    def hear_again(self, alerts: tuple[Alert, ...], now: datetime) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """Alerts that their incident could not take in any more: what fires goes to the next one."""
        fire = firing(alerts)
        return self._route(fire, fire, len(fire), now)

    def _suppress(
        self, fresh: tuple[Alert, ...], why: Suppression, now: datetime
    ) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """SCP-2: firings are kept as suppressed and wait for the window's end; recoveries still reach the incident."""
        calm = tuple(alert for alert in fresh if alert.state in CALM)
        firing = tuple(alert for alert in fresh if alert.state not in CALM)
        waiting = {key: held for key, held in self.waiting.items() if key not in {alert.key for alert in calm}}
        marks = unpacked(self.unseen)
        for alert in firing if why.until else ():
            if len(waiting) < LARGEST or alert.key in waiting:
                waiting[alert.key] = HeldAlert(alert=alert, until=why.until)
            else:
                marks.add(mark(alert.key))
        steps = [GroupAction(alerts=firing, suppressed=why)] if firing else []
        known = tuple(alert for alert in calm if alert.key in self.known)
        states = {a.key: learned(a, self.known[a.key], (), self.known[a.key].nth) for a in known}
        watch = self._with(waiting=waiting, known={**self.known, **states}, unseen=packed(marks))
        if not watch.current(now) or not (known or (watch.told_unseen and watch._turned)):
            return watch, tuple(steps)
        watch, more = watch._tell(known, 1)
        return watch, (*steps, *more)

    def pass_time(self, now: datetime) -> tuple["AlertGroup", tuple[GroupAction, ...]]:
        """Recoveries that stayed quiet are passed on; what still fires when its window ends is heard after all.

        What there is no room to hold back is counted in a window (SCP-2), and is passed on otherwise.
        """
        room = HoldingLimit()
        recoveries, passing = room.take({key: held for key, held in self.recoveries.items() if held.until > now})
        doubted, believed = room.take({key: held for key, held in self.doubted.items() if held.until > now})
        waiting, counted = room.take({key: held for key, held in self.waiting.items() if held.until > now})
        calm = tuple(one.alert for key, one in self.recoveries.items() if one.until <= now or key in passing)
        waited = [one.alert for one in self.waiting.values() if one.until <= now]
        waited += [one.alert for key, one in self.doubted.items() if one.until <= now or key in believed]
        heartbeats, missed = silent(self.heartbeats, now)
        waited += missed
        firing = tuple(waited)
        watch = self._with(recoveries=recoveries, waiting=waiting, doubted=doubted, heartbeats=heartbeats)
        if counted:
            watch = watch._with(unseen=packed(unpacked(self.unseen) | set(map(mark, counted))))
        steps: tuple[GroupAction, ...] = ()
        if calm:
            watch, steps = watch._route(calm, calm, 1, now)
        if not firing:
            return watch, steps
        if self.doubted != watch.doubted:
            watch = watch._let_go(now)
            firing = tuple(as_later(alert, watch.known.get(alert.key)) for alert in firing)
        watch, passed = watch._damp(firing, now)
        watch, more = watch._route(passed, firing, len(passed), now)
        return watch, (*steps, *more)

    @property
    def _nth_of_life(self) -> str:
        return f"{self.life}.{self.count}" if self.life else str(self.count)

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it fires, is held back or belongs to an incident: it has nothing to remember."""
        held = self.recoveries or self.waiting or self.doubted or self.unread or self.beside or self.heartbeats
        fires = self.unseen or self.beyond or not all(one.calm for one in self.known.values())
        return not (held or fires or self.incident)

    def next_at(self) -> datetime | None:
        """When the next held alert is due."""
        held = (*self.recoveries.values(), *self.waiting.values(), *self.doubted.values(), *self.heartbeats.values())
        return min((one.until for one in held), default=None)

    def waits_for(self) -> str:
        """What the group's timer is for, in the Temporal Web UI."""
        if self.waiting:
            return "SCP-2 end of a maintenance window"
        if self.heartbeats and not (self.recoveries or self.doubted):
            return "DET-1 a heartbeat of a monitor, or its silence"
        return "DET-5 quiet after flapping" if self.recoveries else "DET-3 an echo of what has recovered, or none"

    def describe(self) -> str:
        """The group in the Temporal Web UI."""
        last = list(self.known.items())[-20:]
        firing = [f"- {literal(key)}: {known.state} since {known.at:%d %b %H:%M}" for key, known in last]
        incident = f"incident **{self.incident}** ({self.phase})" if self.incident else "no open incident"
        return "\n".join(
            [f"### {literal(self.group)}", f"{incident}, {self.count} so far, read up to row {self.last_row}", *firing]
        )
