"""Generated sections are found and replaced in whatever people have made of the page around them."""

import pytest

from domain.port.notebook import Section
from standins.confluence.standin import is_xml
from tests.vendors.confluence.conftest import IMPACT, TIMELINE
from vendors.confluence.storage import facts, generated, updated, written

GROWN = Section(heading="Impact & cost", lines=("All of them.",))
CODE = (
    '<ac:structured-macro ac:name="code"><ac:plain-text-body>'
    '<![CDATA[</ac:structured-macro><ac:structured-macro ac:name="expand">]]>'
    "</ac:plain-text-body></ac:structured-macro>"
)
EMPTY = '<ac:structured-macro ac:name="toc" ac:note="a > b" />'
COMMENT = "<!-- <ac:structured-macro> -->"
PANEL = '<ac:structured-macro ac:name="panel"><ac:rich-text-body>{}</ac:rich-text-body></ac:structured-macro>'


def test_a_section_is_well_formed_whatever_is_in_it() -> None:
    odd = Section(heading="<&\"'>", lines=('- "a" & <b>', "]]>", "|c|&nbsp;|", "\x00\x1f\ufffe"))
    assert is_xml(written(odd))
    assert [macro.title for macro in generated(written(odd))] == ["<&\"'> · generated"]


def test_lines_become_paragraphs_lists_and_tables() -> None:
    shown = written(TIMELINE)
    assert "<table><tbody><tr><th><p>at</p></th><th><p>what</p></th><th><p></p></th></tr>" in shown
    assert "<tr><td><p>03:00</p></td><td><p>alert</p></td><td><p>extra</p></td></tr>" in shown
    assert "<ul><li><p>one</p></li><li><p>two</p></li></ul>" in shown
    assert "<p>Checkout &lt;failed&gt; for 12 % of customers.</p>" in written(IMPACT)


@pytest.mark.parametrize(
    "page",
    [
        "{}",
        f"<p>before</p>{CODE}{{}}{CODE}<p>after</p>",
        f"{EMPTY}{{}}{EMPTY}",
        f"{COMMENT}{{}}{COMMENT}",
        PANEL,
        PANEL.format(CODE) + "{}",
    ],
)
def test_only_the_section_itself_is_replaced(page: str) -> None:
    before, after = page.format(written(IMPACT)), page.format(written(GROWN))
    assert is_xml(before)
    assert updated(before, (IMPACT,)) == before
    assert updated(before, (GROWN,)) == after
    assert updated(after, ()) == page.format("")


def test_what_the_site_adds_to_a_macro_does_not_hide_it() -> None:
    stored = written(IMPACT).replace('ac:schema-version="1"', 'ac:schema-version="1" ac:macro-id="1" data-layout="x"')
    assert updated(stored, (IMPACT,)) == stored
    assert updated(stored, (GROWN,)) == written(GROWN)


def test_a_new_section_goes_under_its_heading_after_the_one_before_or_to_the_end() -> None:
    page = '<h1 local-id="1"><strong>Impact</strong> &amp; cost</h1><p>x</p>'
    both = updated(page, (IMPACT, TIMELINE))
    heading, _, rest = page.partition("<p>x</p>")
    assert both == f"{heading}{written(IMPACT)}{written(TIMELINE)}<p>x</p>{rest}"
    assert updated(page, (TIMELINE,)) == page + written(TIMELINE)


def test_in_a_page_with_a_layout_it_stays_within_the_last_cell() -> None:
    page = "<ac:layout><ac:layout-section><ac:layout-cell><p>x</p></ac:layout-cell></ac:layout-section></ac:layout>"
    assert updated(page, (IMPACT,)) == page.replace("<p>x</p>", f"<p>x</p>{written(IMPACT)}")


def test_of_a_section_that_stands_twice_one_is_left() -> None:
    assert updated(written(IMPACT) + "<p>x</p>" + written(IMPACT), (IMPACT,)) == written(IMPACT) + "<p>x</p>"
    old = written(IMPACT) + "<p>x</p>" + written(IMPACT)
    assert updated(old, (GROWN,)) == "<p>x</p>" + written(GROWN)


def test_another_macro_with_a_title_is_left_alone() -> None:
    theirs = written(IMPACT).replace(" · generated", "")
    assert updated(theirs, (GROWN,)) == theirs + written(GROWN)


def test_an_end_without_a_beginning_is_no_macro() -> None:
    assert generated("</ac:structured-macro>" + written(IMPACT))[0].text == written(IMPACT)


def test_facts_are_rows_of_a_heading_and_a_value() -> None:
    rows = (
        '<tr><th scope="row"><p>Failure <b>mode</b></p></th><td><p>a|b &amp;</p></td></tr><tr><td>x</td><td>y</td></tr>'
    )
    assert facts(f"<table><tbody>{rows}</tbody></table>") == {"failure mode": "a|b &"}
