"""What vendors hold, as those see it who read it there: the paged, customers, a mailbox, a tracker, a document."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import quote

from markupsafe import Markup

from domain.company.catalog import Catalog, VendorRole
from stage.document import readable
from standins.pagerduty.account import Page
from standins.stage import Stage
from vendors.vendor import spelled

WELL = ("operational", "OPERATIONAL")


@dataclass(frozen=True)
class Item:
    """One thing that somebody reads: a page, an update, a mail, a ticket, a document."""

    id: str
    title: str
    state: str = ""
    tone: str = ""
    at: datetime | None = None
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    whole: Markup | None = None
    """A document as it is read, where its vendor formats it."""
    act: str = ""
    """What a press does with it; empty where nothing is left to do."""
    label: str = ""


@dataclass(frozen=True)
class Shelf:
    """Everything of one kind, the newest first."""

    name: str
    title: str
    vendor: str
    empty: str
    items: list[Item] = field(default_factory=list)
    summary: str = ""
    tone: str = "good"


class Shelves:
    """The readers' views of all that is played, for the vendors that this company has chosen."""

    def __init__(self, on: Stage, catalog: Catalog, leads: Callable[[str], str]) -> None:
        self._on, self._catalog, self._leads = on, catalog, leads

    def all(self) -> list[Shelf]:
        """Pager, page, mailbox, tickets, document, in this order."""
        return [self.pager(), self.page(), self.mail(), self.tickets(), self.document()]

    def named(self, name: str) -> Shelf:
        return next(shelf for shelf in self.all() if shelf.name == name)

    def pager(self) -> Shelf:
        """Who was woken, and whether they answered."""
        opsgenie = self._catalog.vendors["pager"] == "opsgenie"
        items = self._alerts() if opsgenie else [self._page(one) for one in self._on.pagerduty.pages]
        return Shelf("pager", "Pager", _vendor(self._catalog, "pager"), "Nobody was paged.", items[::-1])

    def _page(self, page: Page) -> Item:
        users = self._on.pagerduty.account.users
        who = " and ".join(users[one].name for one in page.who if one in users) or "nobody"
        by = users[page.taken_by].name if page.taken_by in users else ""
        state = {"triggered": "rings", "acknowledged": f"answered by {by}" if by else "answered", "resolved": "over"}
        tone = {"triggered": "bad", "acknowledged": "good", "resolved": "quiet"}[page.status]
        rings = page.status == "triggered"
        lines = tuple(page.text.splitlines())
        return Item(
            page.id, f"{who}: {page.title}", state[page.status], tone, page.created_at, lines,
            act="answer" if rings else "", label="I'm on it",
        )  # fmt: skip

    def _alerts(self) -> list[Item]:
        names = {one.at("opsgenie"): one.name for one in self._catalog.people.values()}
        found = []
        for one in self._on.opsgenie.account.alerts:
            who = " and ".join(names.get(user, user) for user in one.who) or "nobody"
            rings = one.status == "open" and not one.acknowledged
            state = "rings" if rings else "over" if one.status == "closed" else "answered"
            tone = "bad" if rings else "good" if one.acknowledged else "quiet"
            lines = tuple(one.wanted.description.splitlines())
            act, title = "answer" if rings else "", f"{who}: {one.wanted.message}"
            item = Item(one.id, title, state, tone, one.created_at, lines, act=act, label="I'm on it")
            found.append(item)
        return found

    def page(self) -> Shelf:
        """The public page, as customers see it."""
        if self._catalog.vendors["status_page"] == "instatus":
            account = self._on.instatus.account
            return _public(_vendor(self._catalog, "status_page"), account.components, _instatus(account.incidents))
        page = self._on.statuspage
        return _public(_vendor(self._catalog, "status_page"), page.components, _statuspage(page.incidents))

    def mail(self) -> Shelf:
        """Every mail that went out, as it arrived."""
        items = [_mail(number, one) for number, one in enumerate(self._on.smtp.delivered(), 1)]
        return Shelf("mail", "Mailbox", _vendor(self._catalog, "mailer"), "No mail has come.", items[::-1])

    def tickets(self) -> Shelf:
        """The tickets of what was promised for afterwards."""
        linear = self._catalog.vendors["tracker"] == "linear"
        items = self._issues_of_linear() if linear else [self._issue(key) for key in self._on.jira.issues]
        return Shelf("tickets", "Tickets", _vendor(self._catalog, "tracker"), "None yet.", items[::-1])

    def _issue(self, key: str) -> Item:
        told = self._on.jira.issues[key]["fields"]
        accounts = {account: email for email, account in self._on.jira.accounts.items()}
        emails = {one.email: one.name for one in self._catalog.people.values()}
        owner = emails.get(accounts.get((told.get("assignee") or {}).get("id", ""), ""), "nobody")
        facts = (("Owner", owner), ("Due", str(told.get("duedate") or "")), ("Labels", ", ".join(told["labels"])))
        return _ticket(key, told["summary"], told["status"]["name"], told.get("description") or "", facts)

    def _issues_of_linear(self) -> list[Item]:
        return [
            _ticket(one["identifier"], one["title"], one["state"]["name"], one.get("description") or "")
            for one in self._on.linear.issues.values()
        ]

    def document(self) -> Shelf:
        """The post-mortems, as they stand in the notebook."""
        notion = self._catalog.vendors["notebook"] == "notion"
        items = self._notes() if notion else self._pages()
        return Shelf("document", "Post-mortem", _vendor(self._catalog, "notebook"), "Opens when it is solved.", items)

    def _pages(self) -> list[Item]:
        confluence = self._on.confluence
        pages = [one for one in confluence.pages.values() if one["title"] != "Post-mortem template"]
        return [
            Item(one["id"], one["title"], whole=readable(confluence.storage(one["id"]), self._leads))
            for one in pages[::-1]
        ]

    def _notes(self) -> list[Item]:
        notion = self._on.notion.workspace
        sources = (self._on.notion.postmortems,)
        templates = {page for source in notion.templates.values() for page, _ in source}
        pages = [
            one
            for id, one in notion.pages.items()
            if id not in templates and one["parent"].get("data_source_id") in sources
        ]
        return [Item(one["id"].replace("-", ""), _named(one), lines=tuple(notion.text(one["id"]))) for one in pages]


def _vendor(catalog: Catalog, role: VendorRole) -> str:
    name = catalog.vendors.get(role, "")
    return spelled(name)


def _public(vendor: str, components: dict[str, str], items: list[Item]) -> Shelf:
    ill = [name for name, state in components.items() if state not in WELL]
    said = f"{len(ill)} of {len(components)} parts disturbed" if ill else "All systems operational"
    return Shelf("page", "What customers see", vendor, "Nothing published yet.", items, said, "bad" if ill else "good")


def _statuspage(incidents: dict[str, dict[str, object]]) -> list[Item]:
    return [
        _update(id, str(one["name"]), str(one["status"]), [(u["status"], u["body"], u["created_at"]) for u in updates])
        for id, one in reversed(incidents.items())
        if isinstance(updates := one["incident_updates"], list)
    ]


def _instatus(incidents: dict[str, dict[str, object]]) -> list[Item]:
    return [
        _update(id, str(one["name"]), str(one["status"]), [(u["status"], u["message"], "") for u in updates])
        for id, one in reversed(incidents.items())
        if isinstance(updates := one.get("updates", []), list)
    ]


def _update(id: str, title: str, state: str, updates: list[tuple[str, str, str]]) -> Item:
    facts = tuple((status.capitalize() + (f", {at[11:16]} UTC" if at else ""), body) for status, body, at in updates)
    return Item(id, title, state.lower(), "good" if state.lower() == "resolved" else "bad", facts=facts)


def _mail(number: int, mail: EmailMessage) -> Item:
    body = mail.get_body(("plain",))
    lines = tuple(str(body.get_content()).splitlines()) if body else ()
    facts = tuple((name, str(mail[name])) for name in ("From", "To", "Reply-To") if mail[name])
    parts = [part.get_content_type() for part in mail.iter_attachments()]
    facts += (("Attached", ", ".join(parts)),) if parts else ()
    return Item(f"mail-{number}", str(mail["Subject"]), at=None, lines=lines, facts=facts)


def _ticket(key: str, title: str, state: str, text: str, facts: tuple[tuple[str, str], ...] = ()) -> Item:
    done = state in ("Done", "Declined", "Canceled")
    told = tuple(fact for fact in facts if fact[1])
    lines = tuple(text.splitlines())
    return Item(
        key, f"{key} {title}", state, "good" if done else "", None, lines, told,
        act="" if done else "finish", label="Done",
    )  # fmt: skip


def _named(page: dict[str, object]) -> str:
    properties = page["properties"]
    assert isinstance(properties, dict)
    titles = [one["title"] for one in properties.values() if one.get("type") == "title"]
    return "".join(part["plain_text"] for part in titles[0]) if titles else quote(str(page["id"]))
