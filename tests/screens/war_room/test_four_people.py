"""Four people in one incident, at four consoles on one share: what each of the four screens says, step by step.

mia is in command at first, noor does the operations, li writes down, ben talks to customers. mia and ben sit at small
terminals, noor and li at large ones. Whatever one of them does, each of the four is told what they need to know of it;
what two who could not reach each other said apart is on every screen, until one of them settles it.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from opsterm.command.transfer import brief
from opsterm.drafting.draft import draft
from opsterm.exchange.as_text import as_markdown, as_text
from opsterm.exchange.exporting import export_json, show
from opsterm.incidents.snapshot import read_snapshot
from opsterm.learn.account import gather
from opsterm.learn.export import export_text
from opsterm.operations.checklists.template import import_text
from opsterm.records import Incident
from opsterm.records.update import AUDIENCES
from opsterm.updates.draft_facts import facts_of
from screens.composer.composer import Composer
from screens.widgets import prompt
from tests.support.composer import clipboard
from tests.support.console import Scene
from tests.support.four import Four, Person, four_at
from tests.support.stations import folded_state
from tests.support.walk import DEPLOY


@dataclass(frozen=True, slots=True)
class Says:
    """What one screen says: words above the panes, in them, and in the two lines at the foot."""

    #: The line under the header that asks something of this person; "": there is none.
    asked: str | None = None
    head: tuple[str, ...] = ()
    panes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    #: What stands nowhere on it.
    gone: tuple[str, ...] = ()


def screens(mia: Says, noor: Says, li: Says, ben: Says, *, four: Four) -> None:
    """Asserts what each of the four screens says now."""
    for person, says in zip(four, (mia, noor, li, ben), strict=True):
        _screen(person, says)


def _screen(person: Person, says: Says) -> None:
    screen = person.reads()
    for part, wanted in (("head", says.head), ("panes", says.panes), ("foot", says.foot)):
        for words in wanted:
            shown = getattr(screen, part)
            assert words in shown, f"{part} of {person.name}: {words!r} is not in\n{shown}"
    for words in says.gone:
        assert not any(words in part for part in screen), f"{person.name} still reads {words!r}"
    if says.asked:
        assert says.asked in screen.head, f"{person.name} is not asked {says.asked!r}:\n{screen.head}"
    elif says.asked == "":
        assert "not now" not in screen.head, f"{person.name} is asked something:\n{screen.head}"


async def declared_and_staffed(four: Four) -> None:
    mia = four["mia"]
    await mia.say("n", "Checkout fails in the EU")
    await four.exchange()
    for name in ("noor", "li", "ben"):
        await four[name].press("enter")
    for role in ("noor operations", "li scribe", "ben customer liaison"):
        await mia.say("@", role)
    await mia.press("v", "2")
    await mia.say("#", "impact 3 in 10 card payments in the EU fail")
    await four.exchange()
    impact = "Impact 3 in 10 card payments in the EU fail"
    people = "commander mia 0s · ops noor · scribe li · customers ben"
    first = "INC-1 Checkout fails in the EU SEV2 investigating 0s 13:05 UTC"
    screens(
        mia=Says(head=(first, "commander mia 0s", "you: mia"), panes=(impact,), foot=("✓ impact noted",), asked=""),
        noor=Says(
            asked="▲ you are operations, given by mia a I know",
            head=(first, people, "you: noor"),
            panes=(impact, "mia role: noor is operations"),
        ),
        li=Says(
            asked="▲ you are the scribe, given by mia a I know",
            head=(first, people, "you: li"),
            panes=(impact, "mia role: li is scribe"),
        ),
        ben=Says(
            asked="▲ you are the customer liaison, given by mia a I know",
            head=(first, "commander mia 0s", "you: ben"),
            panes=(impact,),
        ),
        four=four,
    )

    for name in ("noor", "li", "ben"):
        await four[name].press("a")
    await four.exchange()
    knows = Says(asked="", head=("commander mia 0s",))
    screens(mia=knows, noor=knows, li=knows, ben=knows, four=four)


async def an_order(four: Four) -> None:
    """Given, come to its owner, acknowledged, done."""
    mia, noor = four["mia"], four["noor"]
    await mia.say("o", "@noor roll back web to 412 in 10m")
    await four.exchange()
    open_yet = "not acknowledged, in 10m"
    screens(
        mia=Says(panes=(f"a1 noor roll back web to 412 ▲ {open_yet}",), foot=("✓ a1 ordered noor",)),
        noor=Says(asked="▲ a1 is yours, 10m: roll back web to 412 a acknowledge", panes=(open_yet,)),
        li=Says(asked="", panes=("1 not acknowledged", open_yet, "mia order a1: roll back web to 412")),
        ben=Says(asked="", head=("3 Act 1",), panes=(f"a1 noor roll back web to 412 ▲ {open_yet}",)),
        four=four,
    )

    await noor.press("a")
    await four.exchange()
    screens(
        mia=Says(panes=("a1 noor roll back web to 412 in 10m",), gone=("not acknowledged",)),
        noor=Says(asked="", panes=("1 open", "noor a1 acknowledged"), foot=("✓ a1 acknowledged",)),
        li=Says(asked="", panes=("1 open", "noor a1 acknowledged"), gone=("not acknowledged",)),
        ben=Says(asked="", panes=("a1 noor roll back web to 412 in 10m",), gone=("not acknowledged",)),
        four=four,
    )

    await four.wait(4)
    await noor.press("3", "enter")
    await noor.type("web is on 412")
    await four.exchange()
    done = ("a1 noor roll back web to 412 ✓ done 0s", "13:09 noor a1 done: web is on 412")
    await mia.press("3")
    screens(
        mia=Says(asked="", head=("[3 Act]",), panes=("0 open", "a1 noor roll back web to 412 ✓ done 0s")),
        noor=Says(asked="", panes=done, foot=("✓ a1 done",)),
        li=Says(asked="", panes=done),
        ben=Says(asked="", head=("3 Act ",), gone=("roll back web to 412",)),
        four=four,
    )


async def evidence(four: Four) -> None:
    """What could explain it, for and against by others than who proposed it, and one of the two ruled out."""
    mia, noor, li, ben = four
    await li.say("h", "web 413 broke tokens")
    await four.exchange()
    await noor.say("h", "the pool is exhausted")
    await four.exchange()
    await mia.press("2")
    await ben.press("2")
    await noor.say("l", "-h1 still failing on 412")
    await ben.say("l", "+h2 callers wait 30 s, then an error")
    await four.exchange()
    both = (
        "2 alive, 0 out",
        "h2 the pool is exhausted proposed",
        "+ callers wait 30 s, then an error",
        "h1 web 413 broke tokens proposed",
        "− still failing on 412",
    )
    lines = ("noor evidence −h1: still failing on 412", "ben evidence +h2: callers wait 30 s, then an error")
    screens(
        mia=Says(asked="", head=("[2 Hyp 2]",), panes=both),
        noor=Says(asked="", panes=(*both, *lines), foot=("✓ evidence against h1",)),
        li=Says(asked="", panes=(*both, *lines)),
        ben=Says(asked="", head=("[2 Hyp 2]",), panes=both, foot=("✓ evidence for h2",)),
        four=four,
    )

    await li.press("2", "G", "x")
    await li.type("rolled back, still failing")
    await four.exchange()
    out = ("1 alive, 1 out", "h1 web 413 broke tokens rolled back, still failing ✗ out")
    line = "li h1 ruled out: rolled back, still failing"
    screens(
        mia=Says(asked="", head=("[2 Hyp 1]",), panes=out),
        noor=Says(asked="", panes=(*out, line)),
        li=Says(asked="", panes=(*out, line), foot=("✓ h1 ruled out",)),
        ben=Says(asked="", head=("[2 Hyp 1]",), panes=out),
        four=four,
    )


async def command_changes_hands(four: Four) -> None:
    """Offered, read back, accepted; until the yes the first stays in command."""
    mia, noor, *_ = four
    await mia.press("t", "o")
    await mia.type("noor")
    await four.exchange()
    offered = "commander mia 4m → offered to noor 0"
    screens(
        mia=Says(
            panes=("▲ Offered to noor, who has 10m to accept. Until the yes, mia commands.",),
            foot=("command is offered to noor; mia stays in command until the yes",),
        ),
        noor=Says(asked="▲ mia offers you command: read the brief, then say yes (10m left)", head=(offered,)),
        li=Says(asked="", head=(offered,), panes=("mia role: command offered to noor",)),
        ben=Says(asked="", head=(offered,)),
        four=four,
    )

    await noor.press("t")
    read_back = (
        "▲ mia offers you command; 10m left. Read back aloud: situation, top risk, next due.",
        "situation: 3 in 10 card payments in the EU fail",
        "top risk: it rests on h2: the pool is exhausted",
        "next due: word to customers at 13:20 UTC",
        "h2 proposed: the pool is exhausted (1 for, 0 against)",
        "h1 web 413 broke tokens: rolled back, still failing",
    )
    screens(
        mia=Says(panes=("mia is in command for 4m.",)),
        noor=Says(head=("Command · INC-1",), panes=read_back, foot=("a yes, I accept",)),
        li=Says(asked="", head=(offered,)),
        ben=Says(asked="", head=(offered,)),
        four=four,
    )

    await noor.press("a")
    await four.exchange()
    screens(
        mia=Says(panes=("noor is in command for 0s.",), gone=("Offered to noor", "stays in command until the yes")),
        noor=Says(
            asked="▲ noor commands and is operations: give that role away",
            head=("commander noor 0s",),
            panes=("noor role: noor accepted command from mia",),
            foot=("✓ say to all: noor is the incident commander of INC-1 since 13:09 UTC.",),
        ),
        li=Says(asked="", head=("commander noor 0s",), panes=("noor role: noor accepted command from mia",)),
        ben=Says(asked="", head=("commander noor 0s",), gone=("offered to noor",)),
        four=four,
    )
    await mia.press("escape")
    await noor.say("@", "mia operations")
    await four.exchange()
    people = "commander noor 0s · ops mia · scribe li · customers ben"
    screens(
        mia=Says(asked="▲ you are operations, given by noor a I know", head=("commander noor 0s · ops mia",)),
        noor=Says(asked="", head=(people,), foot=("✓ mia is operations",)),
        li=Says(asked="", head=(people,)),
        ben=Says(asked="", head=("commander noor 0s · ops mia",)),
        four=four,
    )
    await mia.press("a")
    await four.exchange()


async def words_to_customers(four: Four) -> None:
    """Asked for by ben, approved by whoever commands, sent."""
    noor, ben = four["noor"], four["ben"]
    clipboard(ben.console)
    await ben.press("m")
    await drafted(ben)
    await ben.press("S")
    draft = "3 in 10 card payments in the EU fail. It started at 13:05 UTC."
    screens(
        mia=Says(asked="", head=("4 Upd in 11m",)),
        noor=Says(asked="", panes=("Nobody was told yet.",)),
        li=Says(asked="", panes=("Nobody was told yet.",)),
        ben=Says(head=("To customers",), panes=(draft,), foot=("▲ noor has not approved this text: A asks",)),
        four=four,
    )

    await ben.press("A")
    await four.exchange()
    asked = "Approve? ben to customers: 3 in 10"
    line = "ben noor is asked to approve the update to customers"
    screens(
        mia=Says(asked=""),
        noor=Says(asked="▲ approve: ben’s words to customers: 3 in 10 card payments", panes=(asked, line)),
        li=Says(asked="", panes=(asked, line)),
        ben=Says(foot=("✓ noor is asked to approve the words to customers",)),
        four=four,
    )

    await noor.press("4", "a", "y")
    await four.exchange()
    line = "noor the update to customers is approved"
    screens(
        mia=Says(asked=""),
        noor=Says(asked="", panes=(line,), foot=("✓ the words to customers are approved",), gone=("Approve?",)),
        li=Says(asked="", panes=(line,), gone=("Approve?",)),
        ben=Says(foot=("approved by noor",)),
        four=four,
    )

    await ben.press("S")
    assert "Send to customers as plain (approved by noor)? S copy and record" in ben.reads().foot
    await ben.press("S")
    await four.exchange()
    told = ("customers told 0s ago", "13:09 customers 3 in 10", "ben told: 3 in 10 card payments in the EU fail.")
    screens(
        mia=Says(asked="", head=("4 Upd in 16m",)),
        noor=Says(asked="", panes=told, gone=("Nobody was told yet",)),
        li=Says(asked="", panes=told, gone=("Nobody was told yet",)),
        ben=Says(
            panes=("Last told customers at 13:09 by ben",),
            foot=("✓ told customers, recorded; next word due 13:25; copied",),
        ),
        four=four,
    )
    await ben.press("escape", "1")


async def drafted(person: Person) -> None:
    """Waits until the words are there."""
    screen = person.console.app.screen
    assert isinstance(screen, Composer)
    while not screen.ready:
        await person.console.pilot.pause(0.01)


async def a_killer_item_by_two(four: Four) -> None:
    """One asks it aloud, another answers with the value that was seen."""
    noor, li = four["noor"], four["li"]
    import_text(noor.scene.noor, DEPLOY, "list")
    await noor.press("c", "G", "enter", "a")
    await four.exchange()
    asked = "▲ noor asks you step 1 of Web deploy (INC-1): Name the"
    screens(
        mia=Says(asked=asked, head=("5 Chk 0/4",)),
        noor=Says(
            head=("Web deploy · INC-1 · run by noor 0 of 4",),
            panes=("K 1 Name the artifact to go back to", "who you asked it: another answers"),
            foot=("✓ noor asks step 1: another answers",),
            gone=("checked by",),
        ),
        li=Says(asked=f"{asked} artifact to go back to", panes=("Web deploy 0/4 noor asks step 1",)),
        ben=Says(asked=asked, head=("5 Chk 0/4",)),
        four=four,
    )

    await noor.press("space")
    await noor.type("413, I think")
    screens(
        mia=Says(head=("5 Chk 0/4",)),
        noor=Says(head=("0 of 4",), foot=("another",)),
        li=Says(panes=("Web deploy 0/4 noor asks step 1",)),
        ben=Says(head=("5 Chk 0/4",)),
        four=four,
    )
    await noor.press("escape")

    await li.press("5", "a")
    assert "who noor asks: say what you see, and answer" in li.reads().panes
    await li.press("space")
    await li.type("412, pulled")
    await four.exchange()
    answered = "✓ 1 Name the artifact to go back to: 412, pulled noor, li 13:09"
    screens(
        mia=Says(asked="", head=("5 Chk 1/4",)),
        noor=Says(head=("run by li, checked by noor 1 of 4",), panes=("412, pulled",), foot=("✓ ", "412, pulled")),
        li=Says(head=("run by li, checked by noor 1 of 4",), panes=(answered,), foot=("✓ step 1 done",)),
        ben=Says(asked="", head=("5 Chk 1/4",)),
        four=four,
    )
    await noor.press("escape")
    await li.press("escape")
    lines = ("li step: Name the artifact to go back to: done", "(asked by noor), 412, pulled")
    screens(
        mia=Says(asked="", head=("5 Chk 1/4",)),
        noor=Says(asked="", panes=("Web deploy 1/4 3 left", *lines)),
        li=Says(asked="", panes=("Web deploy 1/4 3 left", *lines)),
        ben=Says(asked="", head=("5 Chk 1/4",)),
        four=four,
    )


async def cut_off(four: Four) -> None:
    """li and ben do not reach the share for six minutes. All go on with what they have."""
    mia, noor, li, ben = four
    await noor.say("o", "@li count the failed payments in 10m")
    await four.exchange()
    screens(
        mia=Says(asked="", head=("3 Act 1",)),
        noor=Says(asked="", panes=("a2 li not acknowledged, in 10m",), foot=("✓ a2 ordered li",)),
        li=Says(asked="▲ a2 is yours, 10m: count the failed payments a acknowledge"),
        ben=Says(asked="", panes=("a2 li count the failed payments ▲ not acknowledged, in 10m",)),
        four=four,
    )

    four.within_reach = frozenset({"mia", "noor"})
    await four.wait(1)
    await li.press("a")
    await noor.say("l", "errors at 35 % in the EU")
    await mia.say("l", "the bank is fine")
    await li.say("l", "214 payments failed since 13:05")
    await ben.say("l", "fewer calls than at 13:05")
    await ben.say("l", "all is well in the US")
    await ben.press("u")
    await ben.say("#", "sev3 fewer calls come in")
    await four.wait(1)
    await noor.say("#", "sev1 it spreads to the US")
    await four.exchange()
    theirs = ("fewer calls than at 13:05", "214 payments failed since 13:05")
    ours = ("noor errors at 35 % in the EU", "mia the bank is fine", "noor severity sev2 → sev1: it spreads to the US")
    screens(
        mia=Says(head=("SEV1", "in step 0s ago"), gone=theirs),
        noor=Says(head=("SEV1", "in step 0s ago"), panes=(*ours, "a2 li not acknowledged, in 8m"), gone=theirs),
        li=Says(
            asked="▲ share unheard 2m: others may not see this, say it aloud",
            head=("SEV2", "unheard for 2m: others may not see what you type · 2 to publish"),
            panes=("li a2 acknowledged", "li 214 payments failed since 13:05", "a2 li count the failed payments in 8m"),
            gone=("it spreads to the US", "fewer calls"),
        ),
        ben=Says(asked="▲ share unheard 2m", head=("SEV3", "share unheard 2m"), panes=("not acknowledged, in 8m",)),
        four=four,
    )

    await four.wait(2)
    await four.wait(2)
    aloud = "▲ share unheard 6m: others may not see this, say it aloud"
    screens(
        mia=Says(asked="", head=("SEV1", "in step 0s ago")),
        noor=Says(
            asked="▲ a2 not acknowledged by li for 6m: give it to another",
            head=("SEV1", "in step 0s ago"),
            panes=("not acknowledged, in 4m",),
        ),
        li=Says(
            asked=aloud,
            head=("SEV2", "unheard for 6m: others may not see what you type · 2 to publish"),
            panes=("Share last heard 6m ago", "2 changes of yours wait to be published"),
        ),
        ben=Says(
            asked=aloud,
            head=("SEV3", "share unheard 6m"),
            panes=("Share last heard 6m ago: others may not see what you type: say it aloud",),
        ),
        four=four,
    )


async def healed_and_settled(four: Four) -> None:
    """All is on all boards; what was taken back, as taken back. Two severities stand: both, with who said them, are on
    every screen, until one settles."""
    four.within_reach = frozenset({"mia", "noor", "li", "ben"})
    await four.exchange()
    small = ("▲ Which severity? A sev3 (ben 13:10) B sev1 (noor 13:11) A B keep one",)
    large = ("▲ Which severity? A sev3, said by ben 13:10 B sev1, said by noor 13:11 A B keep one",)
    merged = (
        "severity sev2 → sev1: it spreads to",
        "severity sev2 → sev3: fewer calls",
        "noor errors at 35 % in the EU",
        "mia the bank is fine",
        "li 214 payments failed since 13:05",
        "ben fewer calls than at 13:05",
        "li a2 acknowledged",
        "a2 li count the failed payments in 4m",
    )
    screens(
        mia=Says(head=(*small, "SEV1", "in step 0s ago")),
        noor=Says(head=(*large, "SEV1", "in step 0s ago"), panes=merged, gone=("not acknowledged",)),
        li=Says(head=(*large, "SEV1", "in step 0s ago"), panes=merged, gone=("unheard",)),
        ben=Says(head=(*small, "SEV1", "in step 0s ago"), panes=("in 4m",), gone=("unheard", "not acknowledged")),
        four=four,
    )

    await four["noor"].press("B")
    await four.exchange()
    for person in four:
        await person.press("6")
    lines = (
        "13:15 noor severity sev1 (settled: sev3 / sev1)",
        "13:11 noor severity sev2 → sev1: it spreads to the US",
        "13:10 li 214 payments failed since 13:05",
        "13:10 ben severity sev2 → sev3: fewer calls come in",
        "13:10 mia the bank is fine",
        "13:10 noor errors at 35 % in the EU",
        "13:10 li a2 acknowledged",
        "13:10 ben fewer calls than at 13:05",
        "13:10 ben taken back by ben: all is well in the US",
    )
    settled = Says(head=("SEV1", "commander noor 6m"), panes=lines, gone=("Which severity?",))
    screens(mia=settled, noor=settled, li=settled, ben=settled, four=four)


def all_tell_the_same(four: Four) -> None:
    """The four boards, their timelines, and all that leaves them; in words for people, of which none is the machine's
    own that it kept as if somebody had said it."""
    mia, *others = (person.scene for person in four)
    [incident] = mia.board.all(Incident)
    for other in others:
        assert folded_state(other.board) == folded_state(mia.board)
        assert other.board.moments(incident.id) == mia.board.moments(incident.id)
        assert exports(other, incident.id) == exports(mia, incident.id)
    assert mia.board.conflicts() == []

    texts = {name: text for name, text in exports(mia, incident.id).items() if not name.endswith("json")}
    for name, text in texts.items():
        assert not _FOR_THE_MACHINE.findall(text), f"{name}: {_FOR_THE_MACHINE.findall(text)}"
    for name in ("show", "markdown"):
        for words in ("severity sev2 → sev1: it spreads to the US", "h1 ruled out: rolled back, still failing"):
            assert words in texts[name]
    for name in ("postmortem", "brief", *(f"draft to {to}" for to in AUDIENCES)):
        assert "all is well in the US" not in texts[name], f"{name} tells what was taken back"
    told = [change.values for change in mia.board.changes_of_incident(incident.id)]
    reasons = {values["_why"] for values in told if values.get("_why")}
    assert reasons == SAID


#: A raw name of a field, or an id.
_FOR_THE_MACHINE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(?=[a-f]*[0-9])[0-9a-f]{8,}\b")
#: What people gave as a reason or a result.
SAID = {"rolled back, still failing", "web is on 412", "it spreads to the US", "fewer calls come in"}


def exports(scene: Scene, incident: str) -> dict[str, str]:
    """All that leaves a board about an incident."""
    board, now = scene.board, scene.now
    snapshot, account = read_snapshot(board, incident), gather(board, incident)
    document = show(board, incident)
    brief_lines = [line for part in brief(snapshot, board.moments(incident), now) for line in (part.title, *part.lines)]
    facts = facts_of(board, snapshot)
    return {
        "show": "\n".join(as_text(document)),
        "show as json": json.dumps(document),
        "exchange as json": json.dumps(export_json(board, incident)),
        "markdown": as_markdown(document),
        "postmortem": export_text(account),
        "postmortem as json": export_text(account, "json"),
        "brief": "\n".join(brief_lines),
        **{f"draft to {to}": draft(facts, audience=to, now=now).text for to in AUDIENCES},
    }


@pytest.fixture
def asks_before_customers_are_told(own_settings: Path) -> None:
    own_settings.write_text('[updates]\napprove = ["customers"]\n')


@pytest.fixture
def feet_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a foot says stays until it is over, however slowly the test runs."""
    monkeypatch.setattr(prompt, "FLASH_S", 3600.0)
    monkeypatch.setattr(prompt, "WARNING_S", 3600.0)


@pytest.mark.usefixtures("no_process", "asks_before_customers_are_told", "feet_wait")
def test_each_of_four_is_told_what_the_others_did_through_a_partition_and_its_heal(tmp_path: Path) -> None:
    async def walk() -> None:
        async with four_at(tmp_path) as four:
            for step in (
                declared_and_staffed,
                an_order,
                evidence,
                command_changes_hands,
                words_to_customers,
                a_killer_item_by_two,
                cut_off,
                healed_and_settled,
            ):
                await step(four)
            all_tell_the_same(four)

    asyncio.run(walk())
