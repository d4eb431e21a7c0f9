"""When the next word is due: by the table, by a promise, by a change; times are read and said exactly."""

from dataclasses import replace
from typing import Any

import pytest

from opsterm.drafting.cadence import next_update_at, promised_at
from opsterm.drafting.clock_times import ClockTime, later, minutes_between
from opsterm.drafting.draft import draft
from opsterm.drafting.facts import Facts, Sent
from opsterm.drafting.stage import stage_of
from opsterm.drafting.update_schedule import LastUpdate, NextUpdate, Plan, UpdateSituation, interval
from opsterm.drafting.update_schedule import due as due_by_record
from tests.drafting.incidents import CHECKOUT, LANGS, changed, update

SENT = "2026-03-12T13:20:00Z"


def told(then: Facts = CHECKOUT, **said: Any) -> Facts:
    return changed(CHECKOUT, updates=(Sent(update(SENT, **said), then),))


def next_due(facts: Facts, audience: str, now: str, changed_at: str = "") -> NextUpdate | None:
    """When an update is due on these facts; `changed_at` is when status or severity last changed, else now."""
    of, turned = facts.incident, changed_at or now
    situation = UpdateSituation(of.severity, of.status, of.detected_at, turned, turned)
    last = None
    for sent in facts.told(audience):
        assert sent.then is not None
        then = sent.then.incident
        last = LastUpdate(sent.update.at, sent.update.stage, then.status, then.severity, sent.update.next_at)
    return due_by_record(situation, audience, last)


@pytest.mark.parametrize(
    ("audience", "severity", "stage", "minutes"),
    [
        ("customers", "sev1", "first", 5),
        ("customers", "sev1", "scoping", 20),
        ("customers", "sev2", "monitoring", 60),
        ("customers", "sev3", "monitoring", None),
        ("customers", "sev5", "scoping", None),
        ("executives", "sev1", "identified", 30),
        ("executives", "sev3", "identified", 1440),
        ("engineers", "sev2", "scoping", 20),
        ("customers", "sev1", "resolved", None),
    ],
)
def test_the_table_of_the_field_notes(audience: str, severity: str, stage: str, minutes: int | None) -> None:
    assert interval(audience, severity, stage) == minutes


def test_a_team_sets_its_own_table() -> None:
    assert interval("customers", "sev1", "scoping", {"customers": {"sev1": [1, 2, 3, 4, 5]}}) == 2


def test_a_draft_names_a_time_even_where_the_table_owes_none() -> None:
    assert next_update_at("customers", "sev5", "scoping", SENT) == "2026-03-12T17:20:00Z"
    assert next_update_at("customers", "sev1", "resolved", SENT) is None


def test_times_are_rounded_up_to_five_minutes() -> None:
    assert later("2026-03-12T13:33:01Z", 20) == "2026-03-12T13:55:00Z"
    assert later("2026-03-12T13:35:00Z", 20) == "2026-03-12T13:55:00Z"


def test_the_promised_time_is_the_next_due_time() -> None:
    due = next_due(told(next_at="2026-03-12T15:00:00Z"), "customers", "2026-03-12T13:25:00Z")
    assert due is not None
    assert (due.at, due.why) == ("2026-03-12T15:00:00Z", "promised")
    assert minutes_between(due.at, "2026-03-12T15:07:00Z") == 7


def test_without_a_promise_the_table_counts() -> None:
    due = next_due(told(), "customers", "2026-03-12T13:25:00Z")
    assert due is not None
    assert (due.at, due.why) == ("2026-03-12T13:40:00Z", "table")


@pytest.mark.parametrize(
    "change", [{"status": "identified"}, {"status": "resolved", "resolved_at": "2026-03-12T13:30:00Z"}]
)
def test_a_changed_status_is_due_within_ten_minutes(change: dict[str, Any]) -> None:
    facts = changed(told(next_at="2026-03-12T15:00:00Z"), **change)
    due = next_due(facts, "customers", "2026-03-12T13:31:00Z", changed_at="2026-03-12T13:30:00Z")
    assert due is not None
    assert (due.at, due.why) == ("2026-03-12T13:40:00Z", "changed")


def test_a_worse_severity_is_due_within_ten_minutes_and_a_better_one_is_not() -> None:
    was_better = told(changed(CHECKOUT, severity="sev2"), next_at="2026-03-12T15:00:00Z")
    due = next_due(was_better, "customers", "2026-03-12T13:31:00Z", changed_at="2026-03-12T13:30:00Z")
    assert due is not None
    assert due.at == "2026-03-12T13:40:00Z"
    was_worse = changed(told(next_at="2026-03-12T15:00:00Z"), severity="sev2")
    due = next_due(was_worse, "customers", "2026-03-12T13:31:00Z", changed_at="2026-03-12T13:30:00Z")
    assert due is not None
    assert due.why == "promised"


def test_nothing_is_due_once_the_end_was_told() -> None:
    over = changed(told(changed(CHECKOUT, status="resolved"), stage="resolved"), status="resolved")
    assert next_due(over, "customers", "2026-03-12T16:00:00Z") is None


def test_the_first_word_is_due_from_detection() -> None:
    due = next_due(CHECKOUT, "customers", "2026-03-12T13:10:00Z")
    assert due is not None
    assert due.at == "2026-03-12T13:14:00Z"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Orders fail. Next update at 15:00 UTC.", "2026-03-12T15:00:00Z"),
        ("Next update by 16:00 CET (15:00 UTC).", "2026-03-12T15:00:00Z"),
        ("We will update you by 16:00 CET.", "2026-03-12T15:00:00Z"),
        ("We will update you by 16:00.", "2026-03-12T15:00:00Z"),
        ("We'll post again at 8:00 AM PDT.", "2026-03-12T15:00:00Z"),
        ("Next update at 00:30.", "2026-03-12T23:30:00Z"),
        ("Next update on 13 March at 09:00 UTC.", "2026-03-13T09:00:00Z"),
        ("Next update in 30 minutes.", "2026-03-12T13:50:00Z"),
        ("Next update in half an hour.", "2026-03-12T13:50:00Z"),
        ("We post hourly updates here.", "2026-03-12T14:20:00Z"),
        ("我们将在 22:00（北京时间，14:00 UTC）前再次通报。", "2026-03-12T14:00:00Z"),
        ("每小时更新一次进展。", "2026-03-12T14:20:00Z"),
        ("Orders fail. We will update you shortly.", None),
        ("Orders have failed since 13:05 UTC.", None),
    ],
)
def test_the_time_that_a_text_promises_is_read(text: str, at: str | None) -> None:
    assert promised_at(text, SENT, "Europe/Berlin") == at


@pytest.mark.parametrize("audience", ["customers", "support", "executives", "engineers"])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("zone", "now"),
    [
        ("Europe/Berlin", "2026-03-12T13:33:00Z"),
        ("Asia/Shanghai", "2026-03-12T16:40:00Z"),
        ("America/New_York", "2026-03-12T23:50:00Z"),
        ("UTC", "2026-03-12T23:50:00Z"),
    ],
)
def test_the_time_that_a_draft_promises_is_read_back_from_its_text(
    audience: str, lang: str, zone: str, now: str
) -> None:
    made = draft(CHECKOUT, audience=audience, now=now, stage="scoping", lang=lang, zone=zone)  # type: ignore[arg-type]
    assert promised_at(made.text, now, zone) == made.next_update_at


@pytest.mark.parametrize(
    ("zone", "lang", "now", "said"),
    [
        ("Europe/Berlin", "en", "2026-03-12T13:00:00Z", "14:30 CET (13:30 UTC)"),
        ("UTC", "en", "2026-03-12T13:00:00Z", "13:30 UTC"),
        ("Asia/Shanghai", "zh", "2026-03-12T13:00:00Z", "21:30（北京时间，13:30 UTC）"),
        ("Asia/Shanghai", "en", "2026-03-12T13:00:00Z", "21:30 Beijing time (13:30 UTC)"),
        ("America/Sao_Paulo", "en", "2026-03-12T13:00:00Z", "10:30 UTC-3 (13:30 UTC)"),
        ("Europe/Berlin", "en", "2026-03-13T13:00:00Z", "12 March at 14:30 CET (13:30 UTC)"),
    ],
)  # fmt: skip
def test_a_time_is_said_in_the_readers_zone_and_in_utc(zone: str, lang: str, now: str, said: str) -> None:
    assert ClockTime(zone, lang, now).say("2026-03-12T13:30:00Z") == said  # type: ignore[arg-type]


def test_a_date_stands_on_both_clocks_when_they_differ() -> None:
    said = ClockTime("Asia/Tokyo", "en", "2026-03-12T13:00:00Z").say("2026-03-12T15:30:00Z")
    assert said == "13 March at 00:30 JST (12 March at 15:30 UTC)"


def test_the_stage_follows_from_the_record() -> None:
    assert stage_of(CHECKOUT, "customers", SENT) == "first"
    assert stage_of(told(), "customers", SENT) == "scoping"
    assert stage_of(told(), "executives", SENT) == "first"
    assert stage_of(told(), "customers", "2026-03-12T19:00:00Z") == "long-running"
    for status, stage in (
        ("identified", "identified"),
        ("monitoring", "monitoring"),
        ("resolved", "resolved"),
        ("closed", "resolved"),
        ("cancelled", "stand-down"),
    ):
        assert stage_of(changed(told(), status=status), "customers", SENT) == stage


def test_a_change_that_was_put_off_waits_so_long_and_what_gets_worse_after_that_does_not() -> None:
    last = LastUpdate("2026-03-12T13:20:00Z", "scoping", "investigating", "sev2", "2026-03-12T15:00:00Z")
    plan = Plan(put_off_to="2026-03-12T14:00:00Z", put_off_at="2026-03-12T13:32:00Z")
    turned = UpdateSituation("sev2", "identified", "2026-03-12T13:09:00Z", "2026-03-12T13:30:00Z")
    due = due_by_record(turned, "customers", last, plan=plan)
    assert due is not None
    assert (due.at, due.why) == ("2026-03-12T14:00:00Z", "put off")
    worse = replace(turned, severity="sev1", severity_since="2026-03-12T13:35:00Z")
    due = due_by_record(worse, "customers", last, plan=plan)
    assert due is not None
    assert (due.at, due.why) == ("2026-03-12T13:45:00Z", "changed")
