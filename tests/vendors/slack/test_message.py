"""Whatever is said, Slack accepts it: the blocks validate and keep to the limits."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.company.catalog import Link, Person
from domain.port.message import Button, Message
from standins.slack.block import faults
from tests.vendors.slack.contract import request_faults
from vendors.slack.message import render

ADA = Person(id="ada", name="Ada Lovelace", ids={"slack": "UADA"})

words = st.text(max_size=40) | st.sampled_from(
    ["&<>" * 1500, "x" * 4000, "é" * 2100, '"\n' * 2000, " ", "<!channel> & co"]
)
people = st.builds(Person, id=st.just("eve"), name=words, slack=st.sampled_from(["", "UEVE"]))
buttons = st.builds(
    Button,
    act=st.sampled_from(["acknowledge", "take_role"]),
    label=words,
    fields=st.dictionaries(st.sampled_from(["role", "reason", "body"]), words, max_size=3),
    style=st.sampled_from(["plain", "primary", "danger"]),
    asks=st.booleans(),
)
messages = st.builds(
    Message,
    title=words,
    text=words,
    to=st.lists(people, max_size=3).map(tuple),
    facts=st.lists(st.tuples(words, words), max_size=12).map(tuple),
    links=st.lists(st.builds(Link, label=words, url=words), max_size=4).map(tuple),
    buttons=st.lists(buttons, max_size=30).map(tuple),
)


def elements(blocks: list[Any]) -> list[Any]:
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


@given(messages)
def test_every_message_is_one_that_slack_takes(message: Message) -> None:
    body = render(message, "INC-7K3QF")
    assert request_faults("chat.postMessage", {"channel": "C1", **body}) == []
    assert faults(body["blocks"]) == []
    assert 0 < len(body["text"]) <= 3000
    assert body["blocks"]


@given(messages)
def test_a_button_always_carries_its_incident_and_readable_fields(message: Message) -> None:
    carried = [json.loads(element["value"]) for element in elements(render(message, "INC-7K3QF")["blocks"])]
    assert [value["incident"] for value in carried] == ["INC-7K3QF"] * len(message.buttons)
    for value, button in zip(carried, message.buttons, strict=True):
        assert all(
            button.fields[name].startswith(text.rstrip("…")) or text == button.fields[name]
            for name, text in value["fields"].items()
        )


def test_more_than_fits_leaves_the_buttons_standing() -> None:
    facts = tuple((f"fact {number}", "value") for number in range(900))
    blocks = render(Message(title="T", text="x", facts=facts, buttons=(Button(act="note", label="Note"),)), "INC-7K3QF")
    assert len(blocks["blocks"]) == 50
    assert [element["text"]["text"] for element in elements(blocks["blocks"])] == ["Note"]


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    body = render(Message(title="t" * 200, text="x" * 3001, facts=(("a", "y" * 2500),)), "INC-7K3QF")
    header, section, facts = body["blocks"]
    assert header["text"]["text"] == "t" * 149 + "…"
    assert section["text"]["text"] == "X" + "x" * 2998 + "…"
    assert len(facts["fields"][0]["text"]) == 2000


def test_a_cut_never_halves_a_mention_or_an_escaped_character() -> None:
    shown = render(Message(text="x" * 2994 + "Ada Lovelace", to=(ADA,)), "INC-7K3QF")["blocks"][0]["text"]["text"]
    # The name stands inside a longer word here, so the call is in front and only the tail is cut.
    assert shown.startswith("<@UADA> x")
    assert shown.endswith("…")
    halved = render(Message(text="x" * 2996 + " & more"), "INC-7K3QF")["blocks"][0]["text"]["text"]
    assert halved == "X" + "x" * 2995 + " …"
    called = render(Message(text="x" * 2990 + " Ada Lovelace", to=(ADA,)), "INC-7K3QF")["blocks"][0]["text"]["text"]
    assert called == "X" + "x" * 2989 + " <@UADA>"


def test_people_are_called_where_the_text_names_them_and_else_in_front() -> None:
    named = render(Message(text="@Ada Lovelace has 5 minutes", to=(ADA,)), "INC-7K3QF")
    unnamed = render(Message(text="5 minutes left", to=(ADA, Person(id="eve", name="Eve & co"))), "INC-7K3QF")
    assert named["text"] == "<@UADA> has 5 minutes"
    assert unnamed["text"] == "<@UADA> Eve &amp; co 5 minutes left"


def test_an_alerts_words_ring_nobody() -> None:
    body = render(
        Message(title="<!channel>", text="<!here> *down* & <@UADA>", facts=(("<!everyone>", "<#C1>"),)), "INC-7K3QF"
    )
    assert "<" not in body["text"]
    assert body["blocks"][1]["text"]["text"] == "&lt;!here&gt; *down* &amp; &lt;@UADA&gt;"
    assert body["blocks"][0]["text"]["type"] == "plain_text"


def test_links_stand_in_one_line_and_only_whole() -> None:
    links = (
        Link(label="A|B", url="https://example.com/?a=1&b=<2>|"),
        Link(label="long", url="https://example.com/" + "x" * 3000),
        Link(label="Logs", url="https://example.com/logs"),
    )
    shown = render(Message(text="t", links=links), "INC-7K3QF")["blocks"][1]["text"]["text"]
    assert shown == "<https://example.com/?a=1&amp;b=%3C2%3E%7C|A¦B> · <https://example.com/logs|Logs>"


def test_buttons_of_one_kind_have_ids_of_their_own_and_say_what_they_ask() -> None:
    buttons = (
        Button(act="take_role", label="Command", fields={"role": "commander"}, style="primary"),
        Button(act="take_role", label="Comms", fields={"role": "comms"}),
        Button(act="resolve", label="Resolve", asks=True, style="danger"),
    )
    shown = elements(render(Message(text="t", buttons=buttons), "INC-7K3QF")["blocks"])
    assert [element["action_id"] for element in shown] == ["act:take_role", "act:take_role:2", "act:resolve"]
    assert [element.get("style") for element in shown] == ["primary", None, "danger"]
    assert json.loads(shown[1]["value"]) == {"incident": "INC-7K3QF", "fields": {"role": "comms"}}
    assert json.loads(shown[2]["value"]) == {"incident": "INC-7K3QF", "fields": {}, "asks": True}


def test_a_button_that_leads_somewhere_sends_no_act() -> None:
    join = Button(label="Join", url="https://chat.example/archives/C1|<x>", style="primary")
    lost = Button(label="Lost", url=f"https://chat.example/{'é' * 600}")
    body = render(Message(text="It is P1", buttons=(join, lost, Button(act="note", label="Note"))), "INC-7K3QF")
    led, note = elements(body["blocks"])
    assert (led["action_id"], led["url"]) == ("link:1", "https://chat.example/archives/C1%7C%3Cx%3E")
    assert "value" not in led
    assert note["action_id"] == "act:note"
    assert faults(body["blocks"]) == []


def test_moments_are_said_in_each_readers_own_time_and_in_utc_where_that_cannot_be() -> None:
    at, later = datetime(2026, 3, 3, 3, 18, tzinfo=UTC), datetime(2026, 3, 5, 3, 45, tzinfo=UTC)
    message = Message(
        text="told at 03:18 UTC", facts=(("Owed", "by 05 Mar 03:45 UTC, not 04:00 UTC"),), moments=(at, later)
    )
    message = message.model_copy(update={"small": "Next by 03:18 UTC · WAR-4"})
    said = render(message, "INC-7K3QF")
    assert said["blocks"][0]["text"]["text"] == f"Told at <!date^{int(at.timestamp())}^{{time}}|03:18 UTC>"
    small = said["blocks"][-1]["elements"][0]["text"]
    assert small == f"Next by <!date^{int(at.timestamp())}^{{time}}|03:18 UTC> · WAR-4"
    field = said["blocks"][1]["fields"][0]["text"]
    assert f"<!date^{int(later.timestamp())}^{{date_short_pretty}} {{time}}|05 Mar 03:45 UTC>, not 04:00 UTC" in field


def test_a_button_that_opens_a_form_says_so() -> None:
    buttons = (Button(act="resolve", label="Resolve", asks=True), Button(act="acknowledge", label="I'm on it"))
    [block] = [one for one in render(Message(text="x", buttons=buttons), "INC-7K3QF")["blocks"] if "elements" in one]
    assert [one["text"]["text"] for one in block["elements"]] == ["Resolve…", "I'm on it"]
