"""Who is told what, what an incident shows of itself, and what can be done by hand."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.incident.effects import Failed
from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.port.chat import Say
from domain.port.message import Message
from domain.port.pager import AcknowledgePages, Page
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.changes import RecordChange
from domain.procedure.headline import card, headline, links, topic
from domain.procedure.resolution import Resolve
from domain.procedure.roles import OfferRole
from domain.procedure.severity import Declare
from domain.rule.act import IncidentAct
from domain.run.telling import answers
from domain.simulation.scenario import Outage
from domain.value.incident_id import CROCKFORD, incident_id
from domain.value.model import IncidentId
from tests.domain.story import START, Story, catalog, changed, policy
from tests.domain.wording import worded

FIGHT = ["post_finding", "draft_update", "record_change", "resolve", "menu"]
FOLLOW_UP = ["answer_breach", "name_cause", "add_item", "complete_postmortem", "reopen"]


def say(story: Story, words: str) -> Message:
    """The message with these words."""
    return next(d.message for d in story.done("say") if isinstance(d, Say) and words in worded(d))


def presses(message: Message) -> list[str]:
    return [button.act for button in message.buttons]


@pytest.mark.parametrize(
    ("words", "press"),
    [
        ("ACK-1 Nobody is on it yet: by", ["acknowledge"]),
        ("TRI-4 How bad is it? By", ["declare"]),
        ("WAR-4 What do you see? The room hears from you by", ["post_finding", "post_finding"]),
        ("COM-1 Customers hear of it by", ["approve_update"]),
        ("COM-3 May customers read this", ["approve_update", "approve_update", "approve_update"]),
        ("COM-5 The e-mail to customers waits", ["approve_mail"]),
        ("RES-2 It is to be solved by", ["resolve"]),
    ],
)
def test_what_asks_for_an_answer_carries_the_press_that_gives_it(words: str, press: list[str]) -> None:
    story = Story().passes(minutes=4).acts(Acknowledge(by="dana")).passes(minutes=8)
    story.acts(Declare(by="jonas", severity="P1")).passes(minutes=40)
    assert presses(say(story, words)) == press


OWED_BY_PEOPLE = [clause for clause, rule in policy().clocks.items() if rule.owner != STANDFAST]


@pytest.mark.parametrize("clause", OWED_BY_PEOPLE)
def test_every_reminder_is_answered_where_it_appears(clause: str) -> None:
    assert answers(Story().incident, clause, f"{clause}/1")


@pytest.mark.sop("WAR-3", "FIX-2")
def test_a_reminder_knows_which_role_and_which_change_it_is_about() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(RecordChange(by="jonas", change="hotfix", description="x", bypass=True)).passes(minutes=6)
    assert say(story, "Nobody is communications lead yet; by").buttons[0].fields == {"role": "comms"}
    asked = say(story, "FIX-2 A change waits for your word: allow it or refuse it by").buttons
    assert [button.fields for button in asked] == [{"number": "1"}, {"number": "1", "granted": "false"}]


@pytest.mark.sop("WAR-1")
def test_the_card_links_what_grew_out_of_the_incident() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(AddItem(by="dana", title="alert on the pool", owner="sam"), Resolve(by="jonas", summary="x"))
    incident = story.passes(minutes=16).incident
    incident.learning.document_url = "https://notes.example/1"
    incident.items["item-1"].ref, incident.items["item-1"].url = "OPS-1", "https://tracker.example/OPS-1"
    labels = [link.label for link in links(incident)]
    assert labels[0] == incident.service.dashboards[0].label
    assert labels[-3:] == ["status page", "post-mortem", "tracker: OPS-1"]


def test_an_offer_and_a_bypass_are_told_to_whom_they_concern_with_the_answer_at_hand() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1"), OfferRole(by="jonas", role="commander", to="sam"))
    story.acts(RecordChange(by="jonas", change="hotfix", description="x", bypass=True))
    assert presses(say(story, "offers you the command")) == ["take_role", "decline_role"]
    asked = say(story, "without a normal deployment")
    assert [(b.act, b.fields.get("granted", "true")) for b in asked.buttons] == [
        ("authorise_change", "true"),
        ("authorise_change", "false"),
    ]
    assert [person.id for person in asked.to] == ["mira"]


def test_people_are_told_in_the_order_in_which_things_happened() -> None:
    story = Story().passes(minutes=12).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(hours=2)
    told = [int(duty.key.removeprefix("say/")) for duty in story.done("say") if isinstance(duty, Say) and duty.room]
    assert told == sorted(set(told))


def test_a_reminder_that_has_been_answered_meanwhile_is_not_said_any_more() -> None:
    story = Story().fails("room", minutes=10).passes(minutes=4).acts(Acknowledge(by="dana")).passes(minutes=20)
    assert story.when("reminded", "ACK-1")
    assert not any("ACK-1 acknowledge" in words for words in story.said())


def test_what_the_room_finally_refuses_does_not_hold_up_the_rest() -> None:
    story = Story().fails("room", "say", retryable=False, minutes=40).passes(hours=1)
    failures = [event.what for event in story.events("failed")]
    assert failures
    assert any("ACK-2 Paged" in words for words in story.said())


def test_a_failure_is_told_once_with_what_can_be_done_by_hand() -> None:
    story = Story().fails("pager").passes(minutes=30)
    told = [words for words in story.said() if "could not page secondary" in words]
    assert len(told) == 1
    assert "By hand: reach Sam Lindqvist <sam@harbourline.example> and say:" in told[0]


@pytest.mark.sop("SCP-3")
def test_a_security_incident_keeps_its_subject_out_of_the_headline_and_says_nothing_under_it() -> None:
    story = Story(title="intrusion in billing export", description="from 203.0.113.9")
    shown = headline(story.incident).model_dump_json()
    assert "intrusion" not in shown
    assert "203.0.113.9" not in shown
    assert "security incident, private" in headline(story.incident).title
    assert "intrusion in billing export" in card(story.incident).title
    assert "203.0.113.9" in card(story.incident).text
    assert {d.room for d in story.done("say") if isinstance(d, Say) and not d.person} == {story.incident.room}


@pytest.mark.sop("SCP-3")
def test_while_its_private_room_is_missing_nothing_is_said_in_public() -> None:
    story = Story(outages=({"role": "room", "kind": "open_room"},), title="intrusion")
    said = [duty for duty in story.passes(minutes=30).done("say") if isinstance(duty, Say)]
    assert not any(duty.room or duty.thread for duty in said)


@pytest.mark.parametrize("words", ["headline", "card", "topic"])
def test_a_drill_is_marked_wherever_it_is_shown(words: str) -> None:
    incident = Story(kind="drill").incident
    shown = {"headline": headline(incident).title, "card": card(incident).title, "topic": topic(incident)}
    assert shown[words].startswith("DRILL")


ACKNOWLEDGED, BAD = Acknowledge(by="dana"), Declare(by="jonas", severity="P1")
PLACES = ["Join #incident-", "Call", "Board"]


def places(message: Message) -> dict[str, str]:
    """Where its presses lead, those that lead anywhere."""
    return {button.label: button.url for button in message.buttons if button.url}


def reached(*acts: IncidentAct, **first: Any) -> Incident:
    """An incident whose company says where its board and its call are."""
    call = changed(catalog(), teams__payments__call="https://meet.example/payments")
    incident = Story(changed(policy(), board="https://board.example"), call, **first).acts(*acts).incident
    incident.room_url = incident.room_url or "https://chat.example/archives/C1"
    return incident


@pytest.mark.sop("WAR-2")
@pytest.mark.parametrize(
    ("acts", "press", "led"),
    [
        ((), ["acknowledge", "declare", "declare"], []),
        ((ACKNOWLEDGED,), ["declare", "declare"], []),
        ((ACKNOWLEDGED, BAD), [], PLACES),
        ((BAD,), ["acknowledge"], PLACES),
        ((BAD, Resolve(by="jonas", summary="x")), ["reopen"], ["Board"]),
    ],
)
def test_the_headline_leads_to_where_it_is_fought(
    acts: tuple[IncidentAct, ...], press: list[str], led: list[str]
) -> None:
    incident = reached(*acts)
    shown = headline(incident)
    assert [act for act in presses(shown) if act] == press
    assert [label.removesuffix(incident.room_name.removeprefix("incident-")) for label in places(shown)] == led
    assert places(shown).get("Board", "") in ("", f"https://board.example/incidents/{incident.id}")


@pytest.mark.sop("WAR-1")
@pytest.mark.parametrize(
    ("acts", "press"),
    [
        ((ACKNOWLEDGED, BAD), FIGHT),
        ((BAD,), ["acknowledge", *(act for act in FIGHT if act != "record_change")]),
        ((BAD, Resolve(by="jonas", summary="x")), FOLLOW_UP),
    ],
)
def test_the_card_offers_the_presses_that_fit_the_phase(acts: tuple[IncidentAct, ...], press: list[str]) -> None:
    incident = reached(*acts)
    assert presses(card(incident)) == press
    assert {link.label: link.url for link in links(incident)}["Call"] == "https://meet.example/payments"
    assert topic(incident).endswith(f" · https://board.example/incidents/{incident.id}")


@pytest.mark.sop("WAR-2")
def test_an_incident_without_a_war_room_is_fought_where_its_headline_stands() -> None:
    small = Story(severity="sev3", service="platform").acts(ACKNOWLEDGED, Declare(by="jonas", severity="P3")).incident
    assert presses(headline(small))[0] == "post_finding"
    assert not places(headline(small))


@pytest.mark.sop("SCP-3")
def test_the_headline_of_a_security_incident_leads_nobody_into_its_private_room() -> None:
    shown = headline(reached(ACKNOWLEDGED, BAD, title="intrusion"))
    assert list(places(shown)) == ["Board"]


def test_a_page_by_schedule_names_its_level_when_it_must_be_done_by_hand() -> None:
    words = {"key": "page/0", "incident": "INC-00000", "clause": "ACK-1", "summary": "x", "fired_at": START}
    duty = Page.model_validate({**words, "level": "primary", "title": "INC-00000 down", "text": ""})
    assert duty.by_hand() == "reach the primary on-call and say: INC-00000 down"


def test_what_nobody_can_do_by_hand_is_not_suggested() -> None:
    words = {"key": "x", "incident": "INC-00000", "clause": "ACK-1", "summary": "x", "refs": (), "by": "dana"}
    assert AcknowledgePages.model_validate(words).by_hand() == ""


@pytest.mark.parametrize("seed", ["checkout/production/1", "checkout/production/2", ""])
def test_an_incidents_name_can_be_said_and_is_the_same_for_the_same_seed(seed: str) -> None:
    name = incident_id(seed)
    assert TypeAdapter(IncidentId).validate_python(name) == name
    assert name == incident_id(seed)
    assert name != incident_id(seed, attempt=1)
    assert not set("ILOU") & set(CROCKFORD)


def test_names_rarely_meet() -> None:
    assert len({incident_id(f"group/{number}") for number in range(2000)}) >= 1999


def test_a_company_without_chat_is_told_nothing() -> None:
    company = changed(catalog(), vendors__room="none")
    assert Story(company=company).passes(hours=1).said() == []


@pytest.mark.sop("ACK-1", "ACK-6")
def test_only_who_was_woken_to_acknowledge_in_this_ringing_is_reminded_to() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(Unacknowledge(by="dana", reason="I cannot")).passes(minutes=4)
    assert {"ines", "mira"} <= {who for _, people in story.paged() for who in people}
    assert story.told("Nobody is on it yet") == {"sam"}


@pytest.mark.sop("WAR-1")
def test_what_may_stand_under_the_headline_since_before_the_room_is_looked_for_there_too() -> None:
    away = Outage(role="room", kind="say", ends=timedelta(minutes=3))
    story = Story(outages=(away,)).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=9)
    says = [one.duty for one in story.effects("say") if isinstance(one.duty, Say) and one.duty.room]
    headline = story.incident.shown["headline"].ref
    failed = {event.what.key for event in story.incident.events if isinstance(event.what, Failed)}
    assert failed & {say.key for say in says}
    assert {say.key for say in says if say.before} == failed & {say.key for say in says}
    assert {say.before for say in says} == {"", headline}
