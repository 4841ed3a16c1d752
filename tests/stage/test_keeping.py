"""What the stand-ins hold is found again after a restart, where that is asked for."""

from email.message import EmailMessage
from pathlib import Path

from config.company import Company
from config.company import Settings as CompanySettings
from standins.keeping import Keeper
from standins.opsgenie.accepted import Create
from standins.stage import Stage, stage

CATALOG = Company(CompanySettings()).catalog


def fills(on: Stage) -> None:
    """Something happens at every vendor."""
    room = on.slack.workspace.rooms[0]
    on.slack.workspace.post(room, {"text": "Dana is on it"})
    on.slack.workspace.add_room("incident-qxck9", private=True)
    on.slack.state.whisper(room, "U02SAM", {"text": "only to you"})
    on.pagerduty.account.new("key", "5xx", "PSVCCHK", (), "rest")
    on.opsgenie.account.create(Create(message="5xx"), "api")
    on.statuspage.press_open("Checkout")
    on.statuspage.press_component("cmpcheckout1", "major_outage")
    on.instatus.press_open("Checkout")
    on.jira.press_open("a timeout")
    on.linear.press_open("a timeout")
    on.confluence.press_create("Post-mortem", "<p>what was found</p>")
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Grüße", "ops@northwind.example"
    mail.set_content("Wir melden uns wieder — bis 03:40.")
    on.smtp.messages.append(mail)
    on.keep()


def held(on: Stage) -> list[object]:
    """What people see of all that."""
    rooms = [(room.id, room.name, room.private, room.messages) for room in on.slack.workspace.rooms]
    pages = [(page.id, page.title, page.who, page.created_at) for page in on.pagerduty.pages]
    alerts = [(alert.id, alert.wanted.message, alert.created_at) for alert in on.opsgenie.account.alerts]
    public = [on.statuspage.incidents, on.statuspage.components, on.instatus.account.incidents]
    written = [on.jira.issues, on.linear.issues, on.confluence.pages, on.notion.postmortems, on.notion.library]
    mails = [(mail["Subject"], mail.get_content()) for mail in on.smtp.messages]
    return [rooms, on.slack.workspace.written, on.slack.ephemerals, pages, alerts, *public, *written, mails]


async def test_a_restart_finds_everything_as_it_was_left(tmp_path: Path) -> None:
    async with stage(CATALOG, keeper=Keeper(tmp_path)) as on:
        fills(on)
        before = held(on)
    async with stage(CATALOG, keeper=Keeper(tmp_path)) as on:
        assert held(on) == before
        assert on.slack.workspace.post(on.slack.workspace.rooms[0], {"text": "new"})["ts"] > "1700000002"
        assert set(on.slack.workspace.users) == {one.at("slack") for one in CATALOG.people.values()}


async def test_a_component_that_the_company_got_meanwhile_is_there(tmp_path: Path) -> None:
    async with stage(CATALOG, keeper=Keeper(tmp_path)) as on:
        fills(on)
    service = CATALOG.services["checkout"].model_copy(update={"components": ("cmpcheckout1", "cmpnew1")})
    more = CATALOG.model_copy(update={"services": {**CATALOG.services, "checkout": service}})
    async with stage(more, keeper=Keeper(tmp_path)) as on:
        assert on.statuspage.components["cmpnew1"] == "operational"
        assert on.statuspage.components["cmpcheckout1"] == "major_outage"


async def test_a_file_is_written_whole_and_only_when_something_changed(tmp_path: Path) -> None:
    async with stage(CATALOG, keeper=Keeper(tmp_path)) as on:
        fills(on)
        place = tmp_path / "slack.json"
        place.unlink()
        on.keep()
        assert not place.exists()
        on.slack.workspace.post(on.slack.workspace.rooms[0], {"text": "more"})
        on.keep()
        assert place.exists()
        assert not place.with_suffix(".new").exists()
