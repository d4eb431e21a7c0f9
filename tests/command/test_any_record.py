"""Whatever is recorded can be drafted, reviewed, shown and given out; and what is given out can be taken in again."""

from __future__ import annotations

import json
from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from opsterm.core.session import Session
from opsterm.drafting.draft import draft
from opsterm.drafting.lexicon import Lang
from opsterm.drafting.review import review
from opsterm.drafting.status_page_html import render
from opsterm.exchange.as_text import as_markdown, as_text
from opsterm.exchange.exporting import export_json, show
from opsterm.exchange.file_format import parse as read_file
from opsterm.exchange.importing import import_incident
from opsterm.learn.account import gather
from opsterm.learn.export import FORMS, export_text
from opsterm.learn.recurrence import repeats
from opsterm.records.update import AUDIENCES, STAGES
from opsterm.updates.draft_facts import facts_of
from opsterm.updates.status_page import told_outside
from tests.support.capture_field import Field, capture_field
from tests.support.capture_lines import say, spoken
from tests.support.stations import NOWHERE, station

LANGS: tuple[Lang, ...] = get_args(Lang)


def draft_all(field: Field, zone: str) -> None:
    board = field.session.board
    facts, now = facts_of(board, field.snapshot), board.now
    for audience in AUDIENCES:
        for stage in (None, *STAGES):
            for lang in LANGS:
                made = draft(facts, audience=audience, now=now, stage=stage, lang=lang, zone=zone)
                review(
                    made.text, audience=audience, stage=stage, lang=lang, facts=facts, read=facts, now=now, zone=zone
                )


def give_out(field: Field) -> None:
    board, incident = field.session.board, field.incident
    shown = show(board, incident)
    json.dumps(shown)
    assert list(as_text(shown))
    assert as_markdown(shown)
    for form in FORMS:
        for redacted in (False, True):
            assert export_text(gather(board, incident), form, redacted=redacted)
    repeats(board)
    assert render(told_outside(board), lang="en", now=board.now, zone="Europe/Berlin")
    content = json.dumps(export_json(board, incident), ensure_ascii=False).encode("utf-8", "surrogatepass")
    elsewhere = station(NOWHERE, "elsewhere", field.clock)
    import_incident(elsewhere, read_file(content))
    assert show(elsewhere.board, incident) == shown
    elsewhere.board.close()


@given(spoken, st.sampled_from(("UTC", "Asia/Shanghai", "America/New_York")))
@example([("a1 acknowledged ~ben", "mia", 0)], "UTC")
@example([("#data some may have been charged twice", "mia", 0)], "UTC")
def test_whatever_is_captured_can_be_drafted_and_given_out(told: list[tuple[str, str, int]], zone: str) -> None:
    with capture_field() as field:
        for line, person, seconds in told:
            say(Session(field.session.board, person), field.incident, line)
            field.clock.ms += seconds * 1000
        draft_all(field, zone)
        give_out(field)
