"""A post-mortem is one page in Notion, whatever happened to the answer, and holds what people wrote."""

import httpx
import pytest

from domain.port.duty import NotDone, VendorError
from domain.port.notebook import Section
from domain.port.outline import note
from standins.notion.standin import Standin
from standins.standin import Fault
from tests.vendors.notion.conftest import IMPACT, TIMELINE, opening, writing
from vendors.notion.client import PAUSE, Client, Settings

FILLED = [
    "Impact · generated",
    " Checkout failed for 12 % of customers.",
    " " + note(IMPACT),
    "Timeline · generated",
    "  at | what | ",
    "  03:00 | alert | extra",
    " one",
    " two",
    " " + note(TIMELINE),
]

MADE = ["Impact", *FILLED[:3], "Timeline", *FILLED[3:]]
"""The same where no template was: each under its heading, below room for people."""


def postmortems(site: Standin) -> list[str]:
    """The pages of post-mortems that there are, templates left out."""
    templates = {page for page, _ in site.workspace.templates.get(site.postmortems, [])}
    pages = site.workspace.pages.values()
    found = [str(page["id"]) for page in pages if page["parent"].get("data_source_id") == site.postmortems]
    return [page for page in found if page not in templates]


def read(site: Standin, page: str) -> list[str]:
    return [line.rstrip() for line in site.workspace.text(page)]


def lines(*expected: str) -> list[str]:
    return [line.rstrip() for line in expected]


@pytest.mark.sop("PM-1")
async def test_a_post_mortem_becomes_a_marked_page_with_its_sections(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(), again=False)
    page = site.workspace.pages[opened.ref]
    assert opened.url == page["url"]
    assert page["properties"]["Name"]["title"][0]["plain_text"] == "INC-7K3QF Checkout is failing"
    assert page["properties"]["Incident key"]["rich_text"][0]["plain_text"] == "INC-7K3QF/postmortem"
    assert read(site, opened.ref) == lines(*MADE)
    kinds = [site.workspace.blocks[id_]["type"] for id_ in site.workspace.children[opened.ref]]
    assert kinds == ["heading_2", "paragraph", "heading_2"] * 2


@pytest.mark.sop("PM-1")
async def test_a_heading_of_peoples_alone_is_made_once_and_nothing_is_generated_there(
    client: Client, site: Standin
) -> None:
    theirs = Section(heading="What was hard", lines=())
    opened = await client.open_document(opening(sections=(IMPACT, theirs)), again=False)
    await client.write_document(writing(opened.ref, IMPACT, theirs), again=False)
    assert read(site, opened.ref) == lines("Impact", *FILLED[:3], "What was hard")


@pytest.mark.sop("PM-1")
async def test_the_page_is_made_from_the_template_and_sections_stand_under_their_headings(
    client: Client, site: Standin
) -> None:
    site.workspace.add_template(site.postmortems, "another", default=False)
    site.workspace.add_template(site.postmortems, "timeline", "What went well")
    opened = await client.open_document(opening(sections=(TIMELINE, IMPACT)), again=False)
    assert read(site, opened.ref) == lines("timeline", *FILLED[3:], *FILLED[:3], "What went well")


async def test_of_several_templates_without_a_default_none_is_taken(client: Client, site: Standin) -> None:
    for heading in ("one", "two"):
        site.workspace.add_template(site.postmortems, heading, default=False)
    opened = await client.open_document(opening(), again=False)
    assert read(site, opened.ref) == lines(*MADE)


async def test_a_template_that_is_slow_is_waited_for_by_trying_again(client: Client, site: Standin) -> None:
    site.workspace.add_template(site.postmortems, "What went well")
    site.templates_arrive = False
    for again in (False, True):
        with pytest.raises(VendorError, match="still to arrive") as early:
            await client.open_document(opening(), again=again)
        assert (early.value.retryable, early.value.retry_after) == (True, PAUSE)
    [page] = postmortems(site)
    site.workspace.copy(site.workspace.templates[site.postmortems][0][0], page)
    opened = await client.open_document(opening(), again=True)
    assert (opened.ref, read(site, page)) == (page, lines("What went well", *FILLED))


async def test_a_template_without_content_is_not_waited_for(client: Client, site: Standin) -> None:
    site.workspace.add_template(site.postmortems)
    opened = await client.open_document(opening(), again=False)
    assert read(site, opened.ref) == lines(*FILLED)


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("keyed", [True, False])
async def test_a_page_whose_answer_was_lost_is_not_made_twice(
    client: Client, site: Standin, keyed: bool, again: bool
) -> None:
    if not keyed:
        del site.workspace.sources[site.postmortems]["Incident key"]
    site.fail(Fault("lose", path="/v1/pages", method="POST"))
    with pytest.raises(VendorError, match="504") as lost:
        await client.open_document(opening(title="Checkout is failing"), again=False)
    found = await client.open_document(opening(title="Checkout is failing"), again=again)
    await client.open_document(opening(title="Checkout is failing"), again=True)
    assert lost.value.retryable
    assert postmortems(site) == [found.ref]
    assert read(site, found.ref) == lines(*MADE)


async def test_a_page_that_somebody_renamed_is_found_by_its_mark(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(), again=False)
    site.press_rename(opened.ref, "The checkout incident")
    assert (await client.open_document(opening(), again=True)).ref == opened.ref


async def test_another_incident_has_another_page(client: Client, site: Standin) -> None:
    await client.open_document(opening(), again=True)
    await client.open_document(opening(incident="INC-7K3QG", title="INC-7K3QG Other"), again=True)
    assert len(postmortems(site)) == 2


@pytest.mark.parametrize("again", [True, False])
async def test_under_a_plain_page_the_post_mortem_is_a_page_below_it(
    settings: Settings, http: httpx.AsyncClient, site: Standin, again: bool
) -> None:
    parent = site.workspace.add_page({"type": "workspace", "workspace": True}, {})["id"]
    client = Client(settings.model_copy(update={"notion_postmortems": parent}), http)
    first = await client.open_document(opening(), again=False)
    second = await client.open_document(opening(), again=again)
    assert (first, site.workspace.children[parent]) == (second, [first.ref])
    assert read(site, first.ref) == lines(*MADE)


async def test_the_id_of_the_database_means_its_data_source(
    settings: Settings, http: httpx.AsyncClient, site: Standin
) -> None:
    database = next(one for one, held in site.workspace.databases.items() if site.postmortems in held)
    client = Client(settings.model_copy(update={"notion_postmortems": database}), http)
    assert postmortems(site) == []
    assert [(await client.open_document(opening(), again=False)).ref] == postmortems(site)
    site.workspace.databases[database].append(site.library)
    with pytest.raises(VendorError, match=f"several data sources: .*{site.library}") as refused:
        await client.open_document(opening(), again=True)
    assert not refused.value.retryable


async def test_writing_what_stands_already_changes_nothing(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(), again=False)
    before = len(site.calls)
    await client.write_document(writing(opened.ref, IMPACT, TIMELINE), again=False)
    assert {call.method for call in site.calls[before:]} == {"GET"}


@pytest.mark.sop("PM-1")
async def test_what_people_wrote_stays_when_a_section_is_replaced(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(), again=False)
    site.press_write(opened.ref, "A word on the impact.", after="Impact · generated")
    site.press_write(opened.ref, "Root cause: a deploy.")
    grown = Section(heading="Impact", lines=("All of them.",))
    for again in (False, True):
        await client.write_document(writing(opened.ref, grown, TIMELINE), again=again)
    shown = ["Impact", "Impact · generated", " All of them.", " " + note(grown), "A word on the impact."]
    assert read(site, opened.ref) == lines(*shown, *MADE[4:], "Root cause: a deploy.")


async def test_a_section_that_is_no_longer_owed_goes_and_a_new_one_follows_the_one_before(
    client: Client, site: Standin
) -> None:
    opened = await client.open_document(opening(sections=(IMPACT,)), again=False)
    site.press_write(opened.ref, "By hand.")
    await client.write_document(writing(opened.ref, IMPACT, TIMELINE), again=False)
    assert read(site, opened.ref) == lines("Impact", *FILLED, "By hand.")
    await client.write_document(writing(opened.ref, TIMELINE), again=False)
    assert read(site, opened.ref) == lines("Impact", *FILLED[3:], "By hand.")


@pytest.mark.parametrize(("method", "before"), [("PATCH", 0), ("PATCH", 1), ("DELETE", 0)])
async def test_wherever_an_attempt_ends_the_next_one_leaves_each_section_once(
    client: Client, site: Standin, method: str, before: int
) -> None:
    """The writes of a replacement: the toggle, its content, then the old toggle's end, each answer lost in turn."""
    opened = await client.open_document(opening(sections=(IMPACT,)), again=False)
    grown = Section(heading="Impact", lines=("All of them.",))
    site.fail(*[Fault("hang", method=method)] * before, Fault("lose", method=method))
    with pytest.raises(VendorError, match="504") as lost:
        await client.write_document(writing(opened.ref, grown), again=False)
    assert lost.value.retryable
    for _ in range(2):
        await client.write_document(writing(opened.ref, grown), again=True)
    assert read(site, opened.ref) == lines("Impact", "Impact · generated", " All of them.", " " + note(grown))


async def test_a_long_section_is_written_in_requests_that_notion_takes(client: Client, site: Standin) -> None:
    site.page_size = 30
    rows = tuple(f"| {number} | {'x' * 900} |" for number in range(250))
    long = Section(heading="Long", lines=(*(f"- {n}" for n in range(250)), "🔥" * 3000, "| n | what |", *rows))
    opened = await client.open_document(opening(sections=(long,)), again=False)
    _, *shown = read(site, opened.ref)
    assert [line.strip() for line in shown[1:251]] == [str(number) for number in range(250)]
    assert (shown[251], shown[-1]) == (" " + "🔥" * 3000, " " + note(long))
    assert [line for line in shown if line.startswith("  n |")] == ["  n | what"] * 3
    assert sum(line.startswith("  ") for line in shown) == 253
    await client.write_document(writing(opened.ref, long), again=True)
    assert read(site, opened.ref)[1:] == shown


@pytest.mark.sop("TRI-2")
async def test_every_runbook_of_the_library_is_read_with_its_pattern_and_services(
    client: Client, site: Standin
) -> None:
    site.page_size = 4
    urls = [site.press_runbook(f"Failure {number}", f"fail{number}", "Check out", "billing") for number in range(10)]
    plain = site.press_runbook("Disk full (again)", "")
    broken = site.press_runbook("Broken pattern", "[oom")
    books = await client.runbooks()
    assert [book.url for book in books] == [*urls, plain, broken]
    assert (books[3].title, books[3].matches, books[3].services) == ("Failure 3", "fail3", ("check-out", "billing"))
    assert books[10].fits("any", "alert: disk full (again)")
    assert books[11].fits("any", "pod killed: [oom]")


async def test_a_library_may_be_a_plain_page_or_nothing(
    settings: Settings, http: httpx.AsyncClient, site: Standin
) -> None:
    parent = site.workspace.add_page({"type": "workspace", "workspace": True}, {})["id"]
    child = site.workspace.add_page({"type": "page_id", "page_id": parent}, {"title": {"title": []}})
    site.workspace.blocks[child["id"]]["child_page"]["title"] = "Disk full"
    client = Client(settings.model_copy(update={"notion_runbooks": parent}), http)
    [book] = await client.runbooks()
    assert (book.title, book.url, book.fits("any", "Disk FULL")) == ("Disk full", child["url"], True)
    assert await Client(settings.model_copy(update={"notion_runbooks": ""}), http).runbooks() == ()


async def test_without_a_place_for_post_mortems_the_duty_says_what_to_set(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"notion_postmortems": ""})
    with pytest.raises(VendorError, match="NOTION_POSTMORTEMS") as refused:
        await Client(nowhere, httpx.AsyncClient()).open_document(opening(), again=False)
    assert not refused.value.retryable


@pytest.mark.sop("PM-1", "SCP-3")
async def test_a_page_that_was_made_unheard_is_called_as_the_incident_is_now(client: Client, site: Standin) -> None:
    with pytest.raises(NotDone):
        await client.open_document(opening().looked_for(), again=True)
    made = await client.open_document(opening(), again=False)
    looked = opening(title="INC-7K3QF, security incident").looked_for()
    assert (await client.open_document(looked, again=True)).ref == made.ref
    called = site.workspace.pages[made.ref]["properties"]["Name"]["title"][0]
    assert called["plain_text"] == opening().title
    assert (await client.open_document(opening(title="Security incident"), again=True)).ref == made.ref
    await client.write_document(writing(made.ref, IMPACT, title="Checkout again"), again=False)
    (title,) = site.workspace.pages[made.ref]["properties"]["Name"]["title"]
    assert title["plain_text"] == "INC-7K3QF Checkout again"
    assert postmortems(site) == [made.ref]
