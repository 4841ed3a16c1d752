"""A post-mortem is one page in Confluence, whatever happened to the answer, and holds what people wrote."""

from html import escape

import httpx
import pytest

from domain.port.duty import NotDone, VendorError
from domain.port.notebook import Section
from standins.confluence.standin import Standin
from standins.standin import Fault
from tests.vendors.confluence.conftest import IMPACT, TIMELINE, opening, writing
from vendors.confluence.client import Client, Settings
from vendors.confluence.storage import written

GROWN = Section(heading="Impact & cost", lines=("All of them.",))


def headed(section: Section) -> str:
    """A section of a page without a template: a heading, room for people, what is generated."""
    return f"<h2>{escape(section.heading)}</h2><p></p>{written(section)}"


@pytest.mark.sop("PM-1")
async def test_people_write_above_what_is_generated_and_have_headings_of_their_own(
    client: Client, site: Standin
) -> None:
    theirs = Section(heading="What was hard", lines=())
    opened = await client.open_document(opening(sections=(IMPACT, theirs, TIMELINE)), again=False)
    assert site.storage(opened.ref) == f"{headed(IMPACT)}<h2>What was hard</h2><p></p>{headed(TIMELINE)}"
    await client.write_document(writing(opened.ref, GROWN, theirs, TIMELINE), again=False)
    assert site.storage(opened.ref) == f"{headed(GROWN)}<h2>What was hard</h2><p></p>{headed(TIMELINE)}"


@pytest.mark.sop("PM-1")
async def test_a_post_mortem_becomes_a_page_named_after_the_incident(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(title="Checkout is failing"), again=False)
    page = site.pages[opened.ref]
    assert (page["title"], page["parentId"]) == ("INC-7K3QF Checkout is failing", None)
    assert opened.url == f"http://confluence/wiki/spaces/OPS/pages/{opened.ref}"
    assert site.storage(opened.ref) == headed(IMPACT) + headed(TIMELINE)


@pytest.mark.sop("PM-1")
async def test_the_page_is_filled_in_from_the_template_under_its_parent(
    settings: Settings, http: httpx.AsyncClient, site: Standin
) -> None:
    parent = site.press_create("Post-mortems", "")
    template = site.press_create("Template", "<h2>Timeline</h2><p>What went well?&nbsp;</p>")
    chosen = settings.model_copy(update={"confluence_template": template, "confluence_parent": parent})
    opened = await Client(chosen, http).open_document(opening(), again=False)
    assert site.pages[opened.ref]["parentId"] == parent
    shown = f"<h2>Timeline</h2>{written(TIMELINE)}<p>What went well?&nbsp;</p>{written(IMPACT)}"
    assert site.storage(opened.ref) == shown


@pytest.mark.parametrize("again", [True, False])
async def test_a_page_whose_answer_was_lost_is_not_made_twice(client: Client, site: Standin, again: bool) -> None:
    site.fail(Fault("lose", path="/pages", method="POST"))
    with pytest.raises(VendorError, match="504") as lost:
        await client.open_document(opening(), again=False)
    found = await client.open_document(opening(), again=again)
    assert lost.value.retryable
    assert list(site.pages) == [found.ref]
    assert site.pages[found.ref]["version"]["number"] == 1


@pytest.mark.parametrize("status", [400, 409])
async def test_two_attempts_at_the_same_time_end_with_one_page(settings: Settings, site: Standin, status: int) -> None:
    """The second creates after the first, though it has looked before it: the title is taken, and looked up."""
    site.status_of_taken = status

    async def meanwhile(request: httpx.Request) -> None:
        if request.method == "POST" and not site.pages:
            site.press_create(opening().title, "<p>By hand.</p>")

    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, event_hooks={"request": [meanwhile]}) as http:
        opened = await Client(settings, http).open_document(opening(), again=False)
    assert list(site.pages) == [opened.ref]
    assert site.storage(opened.ref) == f"<p>By hand.</p>{written(IMPACT)}{written(TIMELINE)}"


async def test_a_title_taken_by_a_page_that_is_not_shown_is_given_up(client: Client, site: Standin) -> None:
    site.press_create(opening().title, "")
    for page in site.pages.values():
        page["spaceId"] = "hidden"
    with pytest.raises(VendorError, match="may not see") as refused:
        await client.open_document(opening(), again=True)
    assert not refused.value.retryable


async def test_another_incident_has_another_page(client: Client, site: Standin) -> None:
    await client.open_document(opening(), again=True)
    await client.open_document(opening(incident="INC-7K3QG", title="The other " + "x" * 300), again=True)
    await client.open_document(opening(incident="INC-7K3QG", title="The other " + "x" * 300), again=True)
    assert [len(page["title"]) for page in site.pages.values()] == [41, 255]


async def test_writing_what_stands_already_changes_nothing(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(), again=False)
    await client.write_document(writing(opened.ref, IMPACT, TIMELINE), again=True)
    assert {call.method for call in site.calls[-1:]} == {"GET"}
    assert site.pages[opened.ref]["version"]["number"] == 1


@pytest.mark.sop("PM-1")
async def test_what_people_wrote_stays_when_a_section_is_replaced(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(), again=False)
    site.press_write(opened.ref, "<p>Root cause: a deploy.</p>")
    for again in (False, True):
        outcome = await client.write_document(writing(opened.ref, GROWN, TIMELINE), again=again)
    assert site.storage(opened.ref) == f"{headed(GROWN)}{headed(TIMELINE)}<p>Root cause: a deploy.</p>"
    assert (site.pages[opened.ref]["version"]["number"], outcome.url) == (3, opened.url)
    assert site.pages[opened.ref]["version"]["message"] == "INC-7K3QF/write-1"


async def test_a_write_whose_answer_was_lost_is_not_written_twice(client: Client, site: Standin) -> None:
    opened = await client.open_document(opening(), again=False)
    site.fail(Fault("lose", method="PUT"))
    with pytest.raises(VendorError, match="504") as lost:
        await client.write_document(writing(opened.ref, GROWN), again=False)
    await client.write_document(writing(opened.ref, GROWN), again=True)
    assert lost.value.retryable
    assert (site.pages[opened.ref]["version"]["number"], site.storage(opened.ref)) == (
        2,
        headed(GROWN) + "<h2>Timeline</h2><p></p>",
    )


async def test_somebody_who_was_faster_is_not_written_over(settings: Settings, site: Standin) -> None:
    page = site.press_create(opening().title, "<p>By hand.</p>")

    async def meanwhile(request: httpx.Request) -> None:
        if request.method == "PUT" and site.pages[page]["version"]["number"] == 1:
            site.press_write(page, "<p>Faster.</p>")

    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, event_hooks={"request": [meanwhile]}) as http:
        with pytest.raises(VendorError, match="409") as refused:
            await Client(settings, http).write_document(writing(page, GROWN), again=False)
        assert refused.value.retryable
        await Client(settings, http).write_document(writing(page, GROWN), again=True)
    assert site.storage(page) == f"<p>By hand.</p><p>Faster.</p>{written(GROWN)}"


TABLE = "<table><tbody><tr><th>{}</th><td><p>{}</p></td></tr><tr><th>Services</th><td>{}</td></tr></tbody></table>"


@pytest.mark.sop("TRI-2")
@pytest.mark.parametrize("by", ["label", "parent"])
async def test_every_runbook_is_read_with_its_pattern_and_services(
    settings: Settings, http: httpx.AsyncClient, site: Standin, by: str
) -> None:
    site.page_size = 4
    parent = site.press_create("Runbooks", "")
    for number in range(10):
        body = TABLE.format("Failure mode", f"fail{number}&amp;", "Check out, billing")
        site.press_create(f"Failure {number}", body, parent, "runbook")
    site.press_create("Disk full", "<p>Do this.</p>", parent, "runbook")
    place = {"confluence_runbooks": parent} if by == "parent" else {}
    books = await Client(settings.model_copy(update=place), http).runbooks()
    assert [book.title for book in books] == [*(f"Failure {number}" for number in range(10)), "Disk full"]
    assert (books[3].matches, books[3].services) == ("fail3&", ("check-out", "billing"))
    assert (books[10].services, books[10].fits("any", "the DISK is full")) == ((), False)
    assert books[10].fits("any", "alert: disk full")
    assert books[0].url.startswith("http://confluence/wiki/spaces/OPS/pages/")


@pytest.mark.parametrize("place", ["", "unheard-of"])
async def test_without_a_label_that_exists_there_are_no_runbooks(
    settings: Settings, http: httpx.AsyncClient, place: str
) -> None:
    assert await Client(settings.model_copy(update={"confluence_runbooks": place}), http).runbooks() == ()


@pytest.mark.sop("PM-1", "SCP-3")
async def test_a_page_that_was_made_unheard_is_found_by_its_id_and_called_as_the_incident_is_now(
    client: Client, site: Standin
) -> None:
    site.press_create("INC-OTHER is failing", "<p>x</p>")
    made = await client.open_document(opening(), again=False)
    looked = opening(title="INC-7K3QF, security incident").looked_for()
    assert (await client.open_document(looked, again=True)).ref == made.ref
    assert site.pages[made.ref]["title"] == opening().title
    assert (await client.open_document(opening(title="Security incident"), again=True)).ref == made.ref
    assert site.pages[made.ref]["title"] == "INC-7K3QF Security incident"
    await client.write_document(writing(made.ref, IMPACT, title="Checkout again"), again=False)
    assert site.pages[made.ref]["title"] == "INC-7K3QF Checkout again"
    assert len(site.pages) == 2


@pytest.mark.sop("PM-1")
async def test_a_page_that_was_not_made_is_made_no_more_when_it_is_only_looked_for(
    client: Client, site: Standin
) -> None:
    with pytest.raises(NotDone):
        await client.open_document(opening().looked_for(), again=True)
    assert not site.pages
