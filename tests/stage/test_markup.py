"""What is written in Slack's markup is shown as Slack shows it, and nothing that is written there becomes HTML."""

import pytest

from stage.document import readable
from stage.link import leads
from stage.markup import Reader, formatted, linked

OWN = "http://127.0.0.1:8088"
READER = Reader(
    "U05INES", {"U02SAM": "Sam Lindqvist", "U05INES": "Ines Duarte"}, {"C01": "incidents"}, lambda url: leads(url, OWN)
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*P1* and _late_, ~not~", "<p><b>P1</b> and <i>late</i>, <s>not</s></p>"),
        ("2*3*4 and a_b_c", "<p>2*3*4 and a_b_c</p>"),
        ("*<@U02SAM>* is on it", '<p><b><span class="at">@Sam Lindqvist</span></b> is on it</p>'),
        ("<@U05INES>, <!channel>", '<p><span class="me">@Ines Duarte</span>, <span class="me">@channel</span></p>'),
        ("<#C01>", '<p><span class="at">#incidents</span></p>'),
        ("a\n&gt;b\n&gt; c\nd", "<p>a</p><blockquote>b<br>c</blockquote><p>d</p>"),
        ("`a*b*` :mag:", "<p><code>a*b*</code> 🔎</p>"),
        ("```x &lt; y```", "<p><pre>x &lt; y</pre></p>"),
        ("&lt;b&gt; &amp; <script>", "<p>&lt;b&gt; &amp; &lt;script&gt;</p>"),
        ("<javascript:alert(1)|here>", "<p>&lt;javascript:alert(1)|here&gt;</p>"),
        (
            '<https://a.example/"onclick="x|b>',
            '<p><a href="/stage/outside?to=https%3A%2F%2Fa.example%2F%22onclick%3D%22x">b</a></p>',
        ),
        ("see http://127.0.0.1:8080/x.", '<p>see <a href="http://127.0.0.1:8080/x">http://127.0.0.1:8080/x</a>.</p>'),
        (
            "<!date^1772420400^{time}|03:00 UTC>",
            '<p><time datetime="2026-03-02T03:00:00+00:00" data-how="time">03:00 UTC</time></p>',
        ),
        ("<!date^x^{time}|03:00>", "<p>03:00</p>"),
        ("\ue0000\ue001", "<p>0</p>"),
    ],
)  # fmt: skip
def test_markup_is_shown_as_slack_shows_it(written: str, shown: str) -> None:
    assert formatted(written, READER) == shown


@pytest.mark.parametrize(
    ("printed", "page"),
    [
        (f"{OWN}/stage/slack/archives/C0001/p1700000018000018", "/stage?room=C0001#m1700000018000018"),
        (f"{OWN}/stage/pagerduty/incidents/Q01", "/stage/pager#Q01"),
        (f"{OWN}/stage/status/inc000000001", "/stage/page#inc000000001"),
        (f"{OWN}/stage/jira/browse/OPS-1", "/stage/tickets#OPS-1"),
        (f"{OWN}/stage/wiki/spaces/OPS/pages/1001", "/stage/document#1001"),
        ("https://linear.app/acme/issue/ENG-1/x", "/stage/tickets#ENG-1"),
        ("https://www.notion.so/0123abc", "/stage/document#0123abc"),
        ("https://status.example/incidents/ck1", "/stage/page#ck1"),
        ("https://app.opsgenie.com/alert/detail/ab-1/details", "/stage/pager#ab-1"),
        ("http://127.0.0.1:8080/incidents/qxck9", "http://127.0.0.1:8080/incidents/qxck9"),
        ("https://runbooks.example/x?y=1", "/stage/outside?to=https%3A%2F%2Frunbooks.example%2Fx%3Fy%3D1"),
    ],
)
def test_what_a_vendor_printed_leads_to_what_its_reader_sees(printed: str, page: str) -> None:
    assert leads(printed, OWN) == page


def test_a_mail_is_words_and_links_and_no_markup() -> None:
    shown = linked("*all* <b> at http://127.0.0.1:8080/x?a=1&b=2.", lambda url: url)
    assert shown == (
        '*all* &lt;b&gt; at <a href="http://127.0.0.1:8080/x?a=1&amp;b=2">http://127.0.0.1:8080/x?a=1&amp;b=2</a>.'
    )


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("<h2>Impact</h2><p>41 % &amp; more</p>", "<h3>Impact</h3><p>41 % &amp; more</p>"),
        ('<p onclick="x">a<script>alert(1)</script></p>', "<p>aalert(1)</p>"),
        ('<a href="javascript:x">a</a><a href="http://127.0.0.1/x" id="y">b</a>', '<a>a</a><a href="http://127.0.0.1/x">b</a>'),
        (
            '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">Timeline</ac:parameter>'
            '<ac:parameter ac:name="key">k</ac:parameter><ac:rich-text-body><p>03:00</p></ac:rich-text-body>'
            "</ac:structured-macro>",
            "<details><summary>Timeline</summary><p>03:00</p></details>",
        ),
        ("&lt;img src=x onerror=y&gt;", "&lt;img src=x onerror=y&gt;"),
    ],
)  # fmt: skip
def test_a_document_is_read_and_does_nothing(stored: str, read: str) -> None:
    assert readable(stored, lambda url: url) == read
