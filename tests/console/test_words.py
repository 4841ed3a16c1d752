"""What became of a promise and of a clause reads the same wherever people meet it."""

import io
import re
from datetime import datetime
from pathlib import Path

from rich.console import Console, RenderableType

from console.debrief import page as drill_report
from console.scorecard import page as scorecard_page
from domain.incident.clocks import Kept, Missed
from domain.incident.incident import Incident
from domain.procedure.postmortem_document import _promises
from domain.replay.difference import difference
from domain.replay.replay import replay
from domain.report.debrief import debrief
from domain.report.promises import promises, spoken, state_of
from domain.report.scorecard import scorecard
from domain.report.view import view
from domain.rule.names import InRoom
from records.report import _section
from tests.ingress.board.guest import read, visiting, words
from tests.ingress.board.night import Night, busy, followed


def nights(night: Night) -> dict[str, Incident]:
    """Incidents of every kind: kept, late, never kept, still running."""
    plays = {**busy(night), **followed(night)}
    for play in plays.values():
        play.pass_until(night.clock())
    return {name: play.incident for name, play in plays.items()}


def printed(shown: RenderableType) -> str:
    """What a terminal shows, each run of blanks as one."""
    screen = Console(width=400, record=True, file=io.StringIO())
    screen.print(shown)
    return re.sub(r"[ \t]+", " ", screen.export_text())


def ended(incident: Incident, now: datetime) -> dict[str, str]:
    """Every promise that has ended, with its words by the one function."""
    made = (one for known in promises(incident).values() for one in known.values() if one.stopped_at)
    return {one.key: spoken(one, state_of(incident, one, now), now) for one in made}


async def test_what_became_of_a_promise_reads_the_same_on_every_surface(tmp_path: Path) -> None:
    seen = set[str]()
    async with visiting(tmp_path) as (night, _):
        now = night.clock()
        for name, incident in nights(night).items():
            known = ended(incident, now)
            seen |= {re.sub(r"\d.*", "", said) for said in known.values()}
            facts = [one.what for one in incident.events if isinstance(one.what, Kept | Missed) and one.what.stopped_at]
            lines = {one.key: one.line(InRoom(incident)).words for one in facts}
            told = {one.key: one.spoken for one in debrief(incident, now).promises}
            rows = re.findall(r"\(([A-Z]+-\d+)\) \| (.*?) \|", "\n".join(_promises(incident)))
            drawn = printed(drill_report(debrief(incident, now)))
            late = [one for one in facts if isinstance(one, Missed)]
            assert rows == [(one.clause, known[one.key]) for one in late], name
            for surface, said in (("event", lines), ("debrief", told)):
                assert {key: said[key] for key in said} == {key: known.get(key) for key in said}, (name, surface)
            for key, became in told.items():
                assert f"{key.partition('/')[0]} {became} " in drawn, (name, key)
    assert {"kept, ", "never kept", ""} <= seen


async def test_what_became_of_a_clause_reads_the_same_on_every_surface(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (night, http):
        now = night.clock()
        incident = nights(night)["outage"]
        await night.archives()
        found = [one for one in scorecard(incident, now) if one.verdict != "not_applicable"]
        known = {one.clause: one.spoken for one in found}
        terminal = printed(scorecard_page(incident.id, "active", found, every=True))
        bundle = "".join(_section(incident, view(incident, ()), verdicts=found, policy=""))
        replayed = difference(replay(incident.events, incident.policy), "another")
        board = words(await read(http, f"/incidents/{incident.id}"))
        assert {one.clause: one.then for one in replayed.verdicts if one.clause in known} == known
        now_said = {one.clause: one.now for one in found}
        for clause in known:
            assert f"{clause} {now_said[clause]} " in terminal
            assert re.search(rf"<td>{clause}</td><td>(<span[^>]*>)?{now_said[clause]}<", bundle), clause
            assert re.search(rf"{clause}\b[^.]*? {now_said[clause]} ", board), clause
        assert {"kept", "never kept", "running"} <= {*known.values()}
        assert "overdue" in {*now_said.values()}


async def test_why_a_promise_is_no_longer_owed_reads_the_same_on_every_surface(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (night, http):
        now, seen = night.clock(), 0
        told = list(nights(night).values())
        await night.archives()
        for incident in told:
            found = scorecard(incident, now)
            terminal = printed(scorecard_page(incident.id, "active", found, every=True))
            bundle = "".join(_section(incident, view(incident, ()), verdicts=found, policy=""))
            board = "" if incident.secret else words(await read(http, f"/incidents/{incident.id}"))
            for one in (one for verdict in found for one in verdict.ended):
                moments = f"{one.due_at:%d %b %H:%M} {one.ended_at:%d %b %H:%M}"
                assert f"{one.clause} {one.says} {moments} {one.why}" in terminal
                assert f"<td>{one.key} {one.says}</td><td>{one.due_at:%Y-%m-%d %H:%M:%S}</td>" in bundle
                assert incident.secret or re.search(
                    f"{re.escape(one.says)} {one.clause} .*? {re.escape(one.why)}", board
                )
                seen += not incident.secret
        assert seen
