"""Channel forms and the outsiders' page: well formed, escaped, with nothing in them that was not sent."""

import email
import json
from dataclasses import replace
from email.policy import default
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsterm.drafting.channel import TITLE_CHARACTERS, Outgoing, render, subject, title_of
from opsterm.drafting.status_page_html import PageIncident
from opsterm.drafting.status_page_html import render as page
from opsterm.records import Update
from opsterm.records.update import FORMS
from tests.drafting.incidents import CHECKOUT, changed, update

NOW = "2026-03-12T13:33:00Z"
UPDATE = Outgoing(
    "Orders fail. <b>We</b> look & see.\n\n- one_two\n- *three*",
    "customers",
    "scoping",
    "en",
    "sev1",
    "Orders fail",
    "2026-03-12T14:00:00Z",
    "Europe/Berlin",
    NOW,
    components=("abc",),
)


def test_plain_is_the_text_as_it_stands() -> None:
    assert render(UPDATE, "plain") == UPDATE.text


def test_slack_escapes_what_slack_reads_as_marks() -> None:
    text = render(UPDATE, "slack")
    assert text.startswith("*Orders fail.*")
    assert "&lt;b&gt;" in text
    assert "&amp;" in text
    assert "• one" in text
    assert "*three*" not in text


def test_markdown_escapes_marks_and_keeps_lists() -> None:
    text = render(UPDATE, "markdown")
    assert text.startswith("**Orders fail.**")
    assert r"- one\_two" in text
    assert r"\<b\>" in text


def test_teams_escapes_marks_and_keeps_lines_apart() -> None:
    text = render(replace(UPDATE, text=UPDATE.text + "\n1. first\n# no heading"), "teams")
    assert text.startswith("**Orders fail.**")
    assert r"\<b\>We\</b\>" in text
    assert "\n\n- one\\_two\n- \\*three\\*\n\n1\\. first\n\n\\# no heading" in text


def test_the_mail_has_a_subject_and_both_parts() -> None:
    message = email.message_from_string(
        render(replace(UPDATE, lang="zh", text="刷卡付款失败。 <script>x</script>", title="刷卡付款失败"), "html"),
        policy=default,
    )
    assert message["Subject"] == "[事件] 刷卡付款失败 – 调查中，下次通报 15:00（Europe/Berlin，14:00 UTC）".replace(
        "Europe/Berlin", "柏林时间"
    )
    plain, html = message.iter_parts()
    assert plain.get_content().startswith("刷卡付款失败。")
    assert "&lt;script&gt;" in html.get_content()
    assert 'lang="zh"' in html.get_content()


def test_a_line_break_in_a_title_cannot_add_a_header_to_the_mail() -> None:
    message = email.message_from_string(
        render(replace(UPDATE, title="Orders\r\nBcc: all@example.org"), "html"), policy=default
    )
    assert message["Bcc"] is None


def test_the_status_page_json_has_the_fields_that_pages_take() -> None:
    incident = json.loads(render(UPDATE, "statuspage"))["incident"]
    assert incident == {
        "name": "Orders fail",
        "status": "investigating",
        "impact_override": "critical",
        "body": UPDATE.text,
        "component_ids": ["abc"],
        "components": {"abc": "major_outage"},
        "deliver_notifications": True,
    }
    over = json.loads(render(replace(UPDATE, stage="resolved"), "statuspage"))["incident"]
    assert (over["status"], over["components"]) == ("resolved", {"abc": "operational"})
    assert not json.loads(render(replace(UPDATE, drill=True), "statuspage"))["incident"]["deliver_notifications"]


def test_the_subject_of_a_mail_names_effect_status_and_next_update() -> None:
    assert subject(UPDATE) == "[Incident] Orders fail – under investigation, next update 15:00 CET (14:00 UTC)"
    assert subject(replace(UPDATE, drill=True)).startswith("[Exercise]")


def test_a_title_is_the_effect_and_never_the_cause() -> None:
    assert title_of(CHECKOUT, "en") == "Customers in the EU cannot pay by card"
    leaky = changed(CHECKOUT, impact_what="payments fail because db-1 is down")
    assert "db-1" not in title_of(leaky, "en")
    long = changed(CHECKOUT, impact_what="pay " + "very " * 40 + "slowly")
    assert len(title_of(long, "en")) <= TITLE_CHARACTERS


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.sampled_from(FORMS), st.sampled_from(["en", "zh"]))
def test_every_text_has_every_form(text: str, form: str, lang: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert isinstance(render(replace(UPDATE, text=text, lang=lang), form), str)  # type: ignore[arg-type]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def sent(at: str, text: str, stage: str = "scoping", audience: str = "customers") -> Update:
    return update(at, text, audience, stage)


def test_the_page_shows_what_customers_were_sent_newest_first_and_nothing_else() -> None:
    problem = PageIncident(
        "Orders fail",
        (
            sent("2026-03-12T13:10:00Z", "First word."),
            sent("2026-03-12T13:30:00Z", "Second word."),
            sent("2026-03-12T13:20:00Z", "Inside only.", audience="engineers"),
        ),
    )
    drill = PageIncident("Drill", (sent("2026-03-12T13:31:00Z", "Only an exercise."),), drill=True)
    html = page([problem, drill], lang="en", now=NOW, zone="Europe/Berlin")
    assert html.index("Second word.") < html.index("First word.")
    assert "Inside only." not in html
    assert "exercise" not in html
    assert '<time datetime="2026-03-12T13:30:00Z">14:30 CET (13:30 UTC)</time>' in html
    assert "Under investigation" in html


def test_the_page_is_closed_escaped_and_without_script_or_links() -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=1>\"'&"
    html = page(
        [PageIncident(hostile, (sent("2026-03-12T13:10:00Z", hostile),))], lang="zh", now=NOW, organisation=hostile
    )
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert not {tag for tag, _ in tags.seen} & {"script", "img", "link", "a", "iframe"}
    assert tags.seen[0] == ("html", {"lang": "zh"})
    headings = [int(tag[1]) for tag, _ in tags.seen if tag in ("h1", "h2", "h3", "h4")]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_what_is_over_stands_apart_and_an_empty_page_says_that_all_is_well() -> None:
    over = PageIncident("Search", (sent("2026-03-12T12:00:00Z", "Over.", stage="resolved"),))
    html = page([over], lang="en", now=NOW)
    assert "No problems are reported." in html
    assert "Past problems" in html
    assert "No problems are reported." in page([], lang="en", now=NOW)


@pytest.mark.parametrize(
    "colours",
    [
        ("#8a3200", "#ffffff"),
        ("#4a4a00", "#ffffff"),
        ("#0b5a2a", "#ffffff"),
        ("#4d4d4d", "#ffffff"),
        ("#ffb48a", "#161616"),
        ("#e6dc7a", "#161616"),
        ("#8fe0a8", "#161616"),
        ("#c0c0c0", "#161616"),
    ],
)
def test_the_page_has_contrast(colours: tuple[str, str]) -> None:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    html = page([], lang="en", now=NOW)
    assert all(colour in html for colour in colours)
    lights = sorted(map(light, colours))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5
