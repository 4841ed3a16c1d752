"""What a reader of any project looks for is where they look for it, and is true."""

import re
from datetime import date

from tests import yaml
from tests.house.source import ROOT

DECISIONS = sorted((ROOT / "docs/adr").iterdir())
STATES = re.compile(r"(\d{4}-\d\d-\d\d) · (proposed|accepted|superseded by \[\d{4}\]\(\d{4}-[a-z-]+\.md\))")
LINK = re.compile(r"\[[^\]]*\]\(([^)#:]+)(?:#[^)]*)?\)")


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:5] for path in DECISIONS]
    assert all(re.fullmatch(r"\d{4}-", one) for one in numbers)
    assert len(set(numbers)) == len(numbers)


def test_every_decision_has_a_title_a_date_and_a_status() -> None:
    for path in DECISIONS:
        title, blank, state, *_ = path.read_text().splitlines()
        found = STATES.fullmatch(state)
        assert (title[:2], blank, bool(found)) == ("# ", "", True), path.name
        assert found
        assert date.fromisoformat(found[1]) <= date.today()


def test_a_link_from_one_page_to_another_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")]
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text())]
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []
    assert len(links) > 20


def test_the_licence_is_the_one_that_the_package_names() -> None:
    assert "Apache License\n                           Version 2.0, January 2004" in (ROOT / "LICENSE").read_text()
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()


def test_changes_that_are_not_released_stand_first() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "[Unreleased]"


def test_what_runs_before_a_commit_is_a_part_of_check() -> None:
    [own] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [hook["entry"] for hook in own["hooks"]] == ["make quick"]
    assert re.search(r"^check:.*\n\t.* quick\b", (ROOT / "Makefile").read_text(), re.MULTILINE)
