"""Whatever stands in an incident, the forms, menus, lists and homes made of it are what Slack takes."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from client.port import IncidentSummary
from domain.port.conversation import Opened, Reply, UnclearInput
from domain.report.due import Due
from domain.report.view import view
from domain.rule.act import people_do
from ingress.chat.answer import home, listing, lobby, menu, which
from ingress.chat.phrase import ParsedCommand
from ingress.chat.question import OPEN, form, forms
from standins.slack.block import faults, view_faults
from tests.domain.story import Story
from tests.vendors.slack.contract import request_faults
from vendors.slack.conversation import said
from vendors.slack.form import modal
from vendors.slack.menu import HOME, stacked

SEEN = view(Story().incident, ())
NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
words = st.text(max_size=30) | st.sampled_from(["<!channel> & co", "x" * 4000, "&" * 800, "é" * 2100, '"\n' * 500, ""])
incidents = st.lists(
    st.builds(
        IncidentSummary,
        id=st.just("INC-7K3QF"),
        title=words,
        phase=words,
        severity=words,
        service=words,
        commander=words,
        kind=st.sampled_from(["incident", "security", "drill"]),
        opened_at=st.just(NOW),
    ),
    max_size=60,
)
debts = st.lists(
    st.builds(
        Due,
        incident=st.just("INC-7K3QF"),
        clause=st.just("WAR-4"),
        key=st.just("WAR-4/1"),
        says=words,
        owner=words,
        person=words,
        due_at=st.just(NOW + timedelta(minutes=5)) | st.just(NOW - timedelta(days=3)),
        rings_at=st.none(),
    ),
    max_size=60,
)
fields = st.dictionaries(st.sampled_from(["body", "reason", "severity", "number", "to", "role", "title"]), words)
choices = st.fixed_dictionaries(
    {
        name: st.lists(st.tuples(st.uuids().map(str), words.filter(str.strip)), min_size=1, max_size=5).map(tuple)
        for name in ("severity", "role", "service", "template")
    }
)


@given(incidents, fields)
def test_every_menu_and_list_is_one_that_slack_takes(
    listed: list[IncidentSummary], given_fields: dict[str, str]
) -> None:
    asked = ParsedCommand(kind="note", fields=given_fields)
    for parts in (
        menu(SEEN, tuple(people_do().values())),
        menu(SEEN, tuple(people_do().values()), whole=True),
        lobby(listed, "/incident", {}),
        listing(listed, {}),
        which(asked, listed, {}),
    ):
        shown = said(Reply(shown=tuple(parts)))
        blocks = shown["blocks"]
        assert faults(blocks) == []
        assert (
            request_faults("chat.postEphemeral", {"channel": "C1", "user": "U1", "text": "t", "blocks": blocks}) == []
        )
        assert 0 < len(shown["text"]) <= 3000


@given(incidents, debts)
def test_every_home_is_one_that_slack_takes(listed: list[IncidentSummary], owed: list[Due]) -> None:
    blocks = stacked(home(listed, owed, NOW, {}), HOME)
    assert faults(blocks, HOME) == []
    assert request_faults("views.publish", {"user_id": "U1", "view": {"type": "home", "blocks": blocks}}) == []


@given(st.sampled_from(sorted(forms())), fields, choices, words, st.integers(0, 9))
def test_every_form_is_one_that_slack_takes_or_says_what_is_too_long(
    kind: str, known: dict[str, str], offered: dict[str, tuple[tuple[str, str], ...]], preview: str, turn: int
) -> None:
    opened = Opened(incident="" if kind == OPEN else "INC-7K3QF", act=kind, channel="C1", turn=turn)
    asked = form(opened, known, offered, preview)
    if sum(len(json.dumps(text)) for text in known.values()) > 2500:
        with suppress(UnclearInput):
            assert view_faults(modal(asked)) == []
        return
    view = modal(asked)
    assert view_faults(view) == []
    assert request_faults("views.open", {"trigger_id": "1.2.3", "view": view}) == []
