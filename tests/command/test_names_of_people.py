"""One person has one name, in whatever case and Unicode form it is typed or comes from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

import pytest

from opsterm.board.change import Write
from opsterm.board.undo import Undo
from opsterm.command.attention import all_notices, alone, present
from opsterm.command.capture import parse, perform, scripted
from opsterm.command.concerns import concerns, since_last_look
from opsterm.core.session import Outcome, person_name
from opsterm.incidents.actions import move, note_arrivals, order, reassign
from opsterm.incidents.hypothesis_testing import fixation_notices
from opsterm.incidents.incident import accept_command, give_role, offer_command, take_command
from opsterm.incidents.responders import add_contact, contacts, mark_call, people
from opsterm.incidents.roles import form_team, last_wrote, reports, role_notices
from opsterm.incidents.timeline import Filter, observe, page, people_of, shown
from opsterm.learn.account import gather
from opsterm.learn.markdown import as_markdown
from opsterm.learn.redaction import names_in, redact
from opsterm.learn.report import report
from opsterm.obligations.obligation import ladder
from opsterm.records import HypothesisTest, Incident, Obligation, OutsideQuestion, Role
from opsterm.records.person_name import each_once, is_among, same_person, written
from opsterm.records.record import KINDS, stated_columns
from opsterm.registers.teams.onboarding import held_by, owners
from opsterm.settings import Settings
from opsterm.updates.approval import answer, ask, refusal
from opsterm.updates.draft_facts import facts_of
from tests.support.bench import refusal as refused
from tests.support.cases import case
from tests.support.incidents import Scene
from tests.support.stations import Pair

COMPOSED, DECOMPOSED = "j\u00f6rg", "jo\u0308rg"
BYTE_ORDER = "\ufeff"
#: (how a person is known, how the name is spelled elsewhere).
SPELLINGS = [
    ("kim", "Kim"),
    ("Kim", "KIM"),
    ("kim", "ｋｉｍ"),
    (COMPOSED, DECOMPOSED),
    (DECOMPOSED, COMPOSED),
    (COMPOSED, "JO\u0308RG"),
    ("Ayşe Groß", "AYŞE GROSS"),
    ("kim", "ki\u200bm"),
    ("kim", "k\u00adim\u2060"),
    ("میلاد", "می\u200cلاد"),
]


def type_as(scene: Scene, person: str, line: str) -> Outcome:
    captured = scripted(parse(line, scene.snapshot, now=scene.now, zone=UTC, person=person))
    return perform(scene.as_(person), scene.incident, captured)


def acts(scene: Scene, person: str) -> list[str]:
    return [notice.act for notice in concerns(scene.snapshot, person, scene.now)]


@dataclass
class Elsewhere:
    """What a station of another version, or an import, wrote: names as they stand there."""

    scene: Scene

    def wrote(self, kind: str, record: str, author: str = "tom", **fields: object) -> None:
        incident = "" if kind == Incident.kind else self.scene.incident_id
        self.scene.board.record(author, [Write(kind, record, incident, fields)])


@pytest.fixture
def elsewhere(scene: Scene) -> Elsewhere:
    return Elsewhere(scene)


# --- what is one name


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spellings_of_one_name_are_one_person(one: str, other: str) -> None:
    assert same_person(one, other)
    assert is_among(other, ["mia", one])
    assert each_once([one, "mia", other, ""]) == [one, "mia"]


@pytest.mark.parametrize(("one", "other"), [("kim", "kimi"), ("jorg", COMPOSED), ("", ""), ("kim", ""), ("", "kim")])
def test_other_names_are_other_people_and_nobody_is_like_nobody(one: str, other: str) -> None:
    assert not same_person(one, other)


def test_a_typed_name_is_kept_composed() -> None:
    assert person_name(f"@{DECOMPOSED}") == COMPOSED


def test_every_field_of_a_record_that_holds_one_person_is_known_to() -> None:
    """A field that is not never gets the spelling by which the person is known."""
    called = ("owner", "backup", "lead", "leader", "commander", "offered_to", "taken_from", "asked_by", "approver")
    fields = [(kind, column) for kind, cls in KINDS.items() for column in stated_columns(cls).values()]
    assert [f"{kind}.{column.name}" for kind, column in fields if column.name in called and not column.named] == []
    assert {"role.name", "summons.name", "text_approval.asked_of"} <= {f"{k}.{c.name}" for k, c in fields if c.named}


UNSEEN = "\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2060\u2800\u3164\ufe0f\ufeff\U000e0020\U000e0100"


@pytest.mark.parametrize("sign", UNSEEN)
def test_a_name_from_elsewhere_has_nothing_in_it_that_nobody_sees_and_a_text_keeps_it(
    scene: Scene, elsewhere: Elsewhere, sign: str
) -> None:
    odd = f"no{sign}or"
    elsewhere.wrote("action", "a", author=odd, text=f"x{sign}y", owner=odd, state="ordered", number=1)
    elsewhere.wrote("role", "r", role="scribe", name=odd)
    (action,) = scene.snapshot.actions
    assert (action.owner, action.by, [role.name for role in scene.snapshot.roles]) == ("noor", "noor", ["noor"])
    assert {line.by for line in scene.board.moments(scene.incident_id)} == {"mia", "noor", "tom"}
    assert [person.name for person in people(scene.snapshot, scene.now)].count("noor") == 1
    assert action.text == f"x{'' if sign == BYTE_ORDER else sign}y"
    assert written(f"{sign}noor{sign} ") == "noor"
    assert person_name(sign) == ""


def test_what_outsiders_read_is_without_a_name_however_it_is_written(scene: Scene, elsewhere: Elsewhere) -> None:
    elsewhere.wrote("role", "r", role="scribe", name="میلاد")
    elsewhere.wrote("observation", "x", author="tom", text="می\u200cلاد and m\u200bia drained it")
    account = gather(scene.board, scene.incident_id)
    assert "scribe and commander drained it" in as_markdown(redact(report(account), names_in(account)))


# --- what is recorded: the spelling by which the person is known there


def test_the_scribe_is_asked_to_acknowledge_in_whatever_case_they_are_ordered(scene: Scene) -> None:
    for line in case("names.txt").splitlines():
        type_as(scene, "mia", line)
    first, *others = scene.snapshot.actions
    assert (first.owner, acts(scene, "kim")) == ("kim", ["acknowledge"])
    assert {item.owner for item in others} == {COMPOSED}
    assert [person.name for person in people(scene.snapshot, scene.now)].count(COMPOSED) == 1


@pytest.mark.parametrize(("known", "typed"), SPELLINGS)
@pytest.mark.parametrize(
    "line", ["! @{} look in 5m", "@{} expert", "@{} commander", "? the pool ~{}", "h1 60% @{}", "a1 @{}", "#review {}"]
)
def test_a_name_typed_otherwise_is_recorded_as_it_is_known_there(
    scene: Scene, known: str, typed: str, line: str
) -> None:
    type_as(scene, "mia", "? a bad deploy")
    type_as(scene, "mia", "! read the log")
    give_role(scene.mia, scene.incident, known, "scribe")
    kept = scene.snapshot.roles[0].name
    type_as(scene, "mia", line.format(f'"{typed}"' if " " in typed and not line.startswith("#") else typed))
    said = scene.snapshot
    names = {said.incident.offered_to, said.incident.review_owner, *(role.name for role in said.roles)}
    names |= {item.owner for item in said.actions}
    names |= {name for item in said.hypotheses for name in (item.owner, item.by)}
    assert names - {"", "mia"} == {kept}


@pytest.mark.parametrize(("known", "typed"), SPELLINGS)
def test_who_wrote_is_known_by_how_they_wrote_first(scene: Scene, known: str, typed: str) -> None:
    observe(scene.as_(known), scene.incident, "the queue grows")
    observe(scene.as_(typed), scene.incident, "and grows")
    order(scene.mia, scene.incident, "drain it", owner=typed)
    moments = scene.board.moments(scene.incident_id)
    assert people_of(moments) == ["mia", written(known)]
    assert {line.by for line in moments} == {"mia", written(known)}
    assert same_person(scene.snapshot.actions[0].owner, known)


def test_what_was_done_is_told_by_the_name_that_is_recorded(scene: Scene) -> None:
    told = [type_as(scene, "mia", line).sentence for line in ("@kim scribe", "! @KIM look", "a1 @Kim", "@KIM expert")]
    assert told == ["kim is scribe", "a1 ordered kim", "a1 is kim's", "kim is expert"]
    assert type_as(scene, "mia", "@KIM commander").sentence.startswith("command is offered to kim;")


def test_a_spelling_that_was_taken_back_is_not_kept(scene: Scene) -> None:
    undo = Undo(scene.board)
    give_role(scene.mia, scene.incident, "Kimm", "expert")
    give_role(scene.mia, scene.incident, "KIM", "scribe")
    undo.undo("mia")
    give_role(scene.mia, scene.incident, "kim", "scribe")
    assert [role.name for role in scene.snapshot.roles] == ["Kimm", "kim"]


def test_a_name_that_nobody_has_there_stays_as_typed(scene: Scene) -> None:
    order(scene.mia, scene.incident, "drain it", owner="Noor")
    order(scene.mia, scene.incident, "look", owner="noor")
    assert [item.owner for item in scene.snapshot.actions] == ["Noor", "Noor"]


# --- what comes from elsewhere is compared by what all spellings have in common


@pytest.mark.parametrize(("me", "there"), SPELLINGS)
def test_what_is_asked_of_me_reaches_me_however_i_am_spelled_there(
    scene: Scene, elsewhere: Elsewhere, me: str, there: str
) -> None:
    elsewhere.wrote("action", "o1", text="look", state="ordered", owner=there, number=1)
    elsewhere.wrote("summons", "s1", name=there, state="called")
    elsewhere.wrote(HypothesisTest.kind, "t1", text="read", state="planned", owner=there, number=1)
    elsewhere.wrote("obligation", "b1", what="call back", owner=there, state="open", due_at="2026-02-12", number=1)
    elsewhere.wrote(OutsideQuestion.kind, "q1", author=there, who="sales", text="when?", state="open", number=1)
    elsewhere.wrote("incident", scene.incident_id, offered_to=there)
    asked = ["accept", "acknowledge", "answer_call", "answer_question", "end_test", "obligation"]
    assert sorted(acts(scene, me)) == asked
    assert acts(scene, "li") == []
    assert note_arrivals(scene.as_(me), scene.snapshot) == 1


@pytest.mark.parametrize(("me", "there"), SPELLINGS)
def test_a_commander_is_one_however_spelled(scene: Scene, elsewhere: Elsewhere, me: str, there: str) -> None:
    elsewhere.wrote("incident", scene.incident_id, commander=there)
    mine = scene.as_(me)
    ask(scene.as_("li"), scene.incident, "customers", "Some card payments fail.")
    assert "approve" in acts(scene, me)
    assert refusal(scene.snapshot, "customers", "Other words.", me, scene.now) == ""
    assert refused(lambda: answer(mine, scene.snapshot.text_approvals[0], True)) == ""
    assert refused(lambda: offer_command(scene.as_("li"), scene.incident, me)).endswith("is in command already.")
    take_command(mine, scene.incident)
    assert (scene.incident.taken_from, same_person(scene.incident.commander, me)) == ("", True)
    assert not [notice for notice in all_notices(scene.snapshot, [], me, scene.now) if notice.family == "taken"]


@pytest.mark.parametrize(("me", "there"), SPELLINGS)
def test_a_scribes_orders_are_the_commanders_however_the_scribe_is_spelled(
    scene: Scene, elsewhere: Elsewhere, me: str, there: str
) -> None:
    elsewhere.wrote("role", "r1", role="scribe", name=there)
    type_as(scene, me, "! @li drain")
    assert scene.snapshot.actions[0].by == "mia"


@pytest.mark.parametrize(("me", "there"), SPELLINGS)
def test_naming_oneself_in_another_spelling_takes_command(scene: Scene, me: str, there: str) -> None:
    assert "takes command" in parse(f'@"{there}" commander', scene.snapshot, now=scene.now, zone=UTC, person=me).words
    give_role(scene.as_(me), scene.incident, there, "commander")
    assert same_person(scene.incident.commander, me)
    offer_command(scene.mia, scene.incident, "li")
    assert accept_command(scene.as_("LI"), scene.incident).sentence == "li is in command"
    said = scene.board.moments(scene.incident_id)[-1].text
    assert "heard" not in said


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_nobody_is_counted_or_listed_twice(scene: Scene, elsewhere: Elsewhere, one: str, other: str) -> None:
    for place, name in enumerate((one, other, one, other)):
        elsewhere.wrote("action", f"o{place}", text="look", state="ordered", owner=name, number=place + 1)
    elsewhere.wrote("role", "r1", role="scribe", name=other)
    elsewhere.wrote("role", "r2", role="expert", name=one)
    (person,) = [person for person in people(scene.snapshot, scene.now) if same_person(person.name, one)]
    assert (person.roles, len(person.on)) == (("scribe", "expert"), 4)
    assert len(reports(scene.snapshot)) == 1
    notices = all_notices(scene.snapshot, [], "mia", scene.now)
    assert next(n.text for n in notices if n.family == "too many").startswith(f"{one} has 4 open orders")
    stuck = fixation_notices(scene.snapshot, scene.now, people=2)
    assert next(n.text for n in stuck if n.family == "one person").startswith("4 of 4 open orders stand")
    elsewhere.wrote("incident", scene.incident_id, commander=other)
    assert reports(scene.snapshot) == []
    assert [n.family for n in role_notices(scene.snapshot, [], scene.now) if n.family == "second role"]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_one_persons_lines_are_found_in_all_spellings(scene: Scene, elsewhere: Elsewhere, one: str, other: str) -> None:
    seen = scene.board.version
    elsewhere.wrote("observation", "x1", author=one, text="queue grows")
    elsewhere.wrote("observation", "x2", author=other, text="queue shrinks")
    moments = scene.board.moments(scene.incident_id)
    assert people_of(moments) == ["mia", one]
    assert (
        len(shown(moments, Filter(person=other))) == len(page(scene.board, scene.incident_id, Filter(person=one))) == 2
    )
    assert since_last_look(scene.board, scene.incident_id, seen, other) == []
    assert len(present(moments, scene.now)) == 2
    assert last_wrote(moments, one) == last_wrote(moments, other) != ""
    scene.wait(16)
    elsewhere.wrote("observation", "x3", author=one, text="gone")
    assert alone(scene.board.moments(scene.incident_id), other, scene.incident, scene.now)


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_two_who_named_one_person_apart_are_not_in_conflict(pair: Pair, one: str, other: str) -> None:
    for session, name in ((pair.mia, one), (pair.ben, other)):
        session.set(pair.incident_at(session), {"commander": name, "title": "Checkout fails"})
    pair.meet()
    assert pair.mia.board.conflicts() == []
    pair.mia.set(pair.incident_at(pair.mia), {"commander": one})
    pair.ben.set(pair.incident_at(pair.ben), {"commander": "li"})
    pair.meet()
    assert [conflict.field for conflict in pair.mia.board.conflicts()] == ["commander"]


def test_giving_an_order_to_its_owner_in_another_spelling_leaves_it_acknowledged(scene: Scene) -> None:
    record = order(scene.mia, scene.incident, "drain it", owner="kim").record
    move(scene.as_("Kim"), scene.order(record), "acknowledged")
    reassign(scene.mia, scene.order(record), "KIM")
    assert (scene.order(record).owner, scene.order(record).state) == ("kim", "acknowledged")


def test_calls_contacts_and_teams_know_a_person_in_any_spelling(scene: Scene) -> None:
    for name in ("Kim", "kim"):
        add_contact(scene.mia, name, "@kim", roles=["scribe"])
        mark_call(scene.mia, scene.incident, name, "called", role="scribe")
        give_role(scene.mia, scene.incident, name, "expert")
    assert len(contacts(scene.board)) == len(scene.snapshot.summons) == 1
    form_team(scene.mia, scene.incident, "Noor", ["KIM", "noor", "kim"], "find the query")
    assert [(role.name, role.leader) for role in scene.board.all(Role) if role.name] == [("Kim", "Noor")]


def test_whoever_is_away_and_whoever_owns_is_one_in_any_spelling(scene: Scene) -> None:
    owed = {"owner": "Kim", "backup": "li", "lead": "KIM", "due_at": "2026-03-12T00:00:00Z", "number": 9}
    item = scene.one(Obligation, scene.mia.create(Obligation, scene.incident_id, owed))
    scene.mia.set(item, {"state": "done"})
    assert {name for rung in ladder(item, away=["kim"]) for name in rung.to} == {"li"}
    for name in ("Kim", "kim"):
        scene.mia.create(Obligation, "", {"what": "call", "owner": name, "state": "open", "number": 1})
    assert [owner.things for owner in owners(scene.board)] == [2]
    assert len(held_by(scene.board, "KIM")) == 2


def test_a_name_stays_inside_however_a_text_spells_it(scene: Scene) -> None:
    give_role(scene.mia, scene.incident, COMPOSED, "scribe")
    observe(scene.mia, scene.incident, f"{DECOMPOSED} and {COMPOSED.upper()} drained the queue")
    account = gather(scene.board, scene.incident_id)
    told = as_markdown(redact(report(account), names_in(account)))
    assert "scribe and scribe drained the queue" in told
    facts = facts_of(scene.board, scene.snapshot)
    assert {COMPOSED, DECOMPOSED} <= set(facts.people)


def test_one_person_in_two_spellings_is_one_part_in_what_outsiders_read(scene: Scene, elsewhere: Elsewhere) -> None:
    elsewhere.wrote("role", "r1", role="scribe", name="Kim")
    elsewhere.wrote("observation", "x1", author="kim", text="queue grows")
    elsewhere.wrote("observation", "x2", author="tom", text="queue shrinks")
    parts = names_in(gather(scene.board, scene.incident_id))
    assert parts == {"mia": "commander", "Kim": "scribe", "kim": "scribe", "tom": "responder"}


@pytest.mark.parametrize(("known", "typed"), SPELLINGS)
def test_whoever_a_board_is_of_acts_under_the_name_that_it_remembers(known: str, typed: str) -> None:
    assert Settings(person=typed).person_name(known) == written(known)
    assert Settings(person="Noor").person_name(known) == "Noor"
