"""The one table of what keys do. Bindings, footer, help, palette and docs derive from it, and cannot disagree.

A screen answers an action with its method `action_<name>`, or with one for many rows that is told what the row says:
`open_page` a place, `begin` how the capture line begins, `go` a pane. A pane's actions are answered by the screen that
it stands on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial

from textual.binding import Binding, BindingType

ROOM = "war room"
STATUS, HYPOTHESES, ACTIONS, UPDATES, CHECKLISTS, TIMELINE = (
    "status",
    "hypotheses",
    "actions",
    "updates",
    "checklists",
    "timeline",
)
PANES = (STATUS, HYPOTHESES, ACTIONS, UPDATES, CHECKLISTS, TIMELINE)
HOME = "home"
LISTS = "lists"
PAGE = "page"
DISPUTED = "what is disputed"
GONE = "board out of place"
CAPTURE = "capture line"
COMPOSER = "composer"
TEXT = "composer's text"
WALK = "walkthrough"
PLAYBACK = "playback"
TRIAGE = "triage"
PEOPLE = "people"
TRANSFER = "transfer of command"
ENDING = "before resolving"
TESTS = "tests"
RULES = "rules"
SEARCH = "search"
DECIDING = "decisions"
TOGETHER = "incidents together"
INBOX = "alerts"
APPROVING = "words to approve"
DEPLOYMENTS = "deployments"
CHANGES = "changes"
RISK = "risk of a change"
DUE = "due"
DRILLS = "ways back"
PICKING = "picking a list"
TAUGHT = "what runs taught"
SEEN_BEFORE = "seen before"
POSTMORTEMS = "postmortems"
POSTMORTEM = "postmortem"
PREVIEW = "postmortem as text"
PROBLEMS = "problems"
MEASURES = "measures"
#: Pages of what is learned from incidents.
LEARNING = (SEEN_BEFORE, POSTMORTEMS, POSTMORTEM, PREVIEW, PROBLEMS, MEASURES)
#: Pages of what is done with care, one key from home.
OPERATIONS = (DEPLOYMENTS, CHANGES, RISK, DUE, DRILLS, TAUGHT)
WEEK = "week ahead"
VENDORS, VENDOR = "vendors", "vendor"
DOCUMENTS, DOCUMENT = "documents", "document"
MEETINGS = "meetings"
DEPENDENCIES, QUESTIONS = "dependencies", "decisions across teams"
COMING, HANDOVER = "coming and leaving", "handover"
SYSTEMS = "systems"
#: Pages of what a team would otherwise forget, one key from home.
REGISTERS = (
    WEEK,
    VENDORS,
    VENDOR,
    DOCUMENTS,
    DOCUMENT,
    MEETINGS,
    DEPENDENCIES,
    QUESTIONS,
    COMING,
    HANDOVER,
    SYSTEMS,
)
#: Pages that list many things, which words narrow.
LISTED = (
    DEPLOYMENTS,
    CHANGES,
    DUE,
    DRILLS,
    POSTMORTEMS,
    PROBLEMS,
    WEEK,
    VENDORS,
    DOCUMENTS,
    MEETINGS,
    DEPENDENCIES,
    QUESTIONS,
    COMING,
    HANDOVER,
    SYSTEMS,
    INBOX,
)
#: Pages of the war room and of home that have keys of their own.
PAGES = (
    *OPERATIONS,
    *LEARNING,
    *REGISTERS,
    TRIAGE,
    PEOPLE,
    TRANSFER,
    ENDING,
    TESTS,
    RULES,
    SEARCH,
    DECIDING,
    TOGETHER,
    INBOX,
    APPROVING,
)

#: The screens that keys open by their places, each as `module:class`.
SCREENS: Mapping[str, str] = {
    TRIAGE: "screens.war_room.triage:Triage",
    PEOPLE: "screens.war_room.people:People",
    TRANSFER: "screens.war_room.transfer:Transfer",
    ENDING: "screens.war_room.before_resolving:BeforeResolving",
    TESTS: "screens.war_room.hypothesis_tests:HypothesisTests",
    DECIDING: "screens.war_room.decisions:Decisions",
    COMPOSER: "screens.composer.composer:Composer",
    RULES: "screens.rules:RulesPage",
    SEARCH: "screens.incidents.search:Search",
    TOGETHER: "screens.incidents.related_incidents:RelatedIncidents",
    INBOX: "screens.incidents.alert_inbox:Inbox",
    DEPLOYMENTS: "screens.deployments.deployments:Deployments",
    CHANGES: "screens.deployments.planned_changes:Changes",
    DRILLS: "screens.deployments.rollbacks:Rollbacks",
    DUE: "screens.calendar.due:DuePage",
    WEEK: "screens.calendar.week_ahead:WeekAhead",
    VENDORS: "screens.registers.vendors.vendors:Vendors",
    DOCUMENTS: "screens.registers.documents.documents:Documents",
    MEETINGS: "screens.registers.teams.meetings:Meetings",
    DEPENDENCIES: "screens.registers.teams.dependencies:Dependencies",
    QUESTIONS: "screens.registers.teams.boundary_decisions:Questions",
    COMING: "screens.registers.teams.onboarding:Onboarding",
    SYSTEMS: "screens.registers.systems:Systems",
    POSTMORTEMS: "screens.learn.postmortems:Postmortems",
    PROBLEMS: "screens.learn.problems:Problems",
    MEASURES: "screens.learn.measures:MeasuresPage",
}
#: What a key acts on, of what is painted: the record under the cursor; the line that asks under the header; the two
#: values of an alarm; what the page asks, or is about; what it proposes by numbers.
RECORD, NOTICE, ALARM, ASKED, PROPOSED = "record", "notice", "alarm", "asked", "proposed"
#: The record under the cursor, by a key that only shows it: where none stood there before, no other can be meant.
SHOWN = "shown"
#: Places whose keys a screen answers for a widget that stands on it.
_ANSWERED_BY_SCREEN = frozenset({*PANES, PLAYBACK, TEXT})


@dataclass(frozen=True, slots=True)
class KeyAction:
    """One thing that a key does."""

    name: str
    #: Keys as Textual names them, the one to show first.
    keys: tuple[str, ...]
    #: What the footer says: a verb, as short as it can be.
    verb: str
    #: What help and palette say.
    words: str
    places: tuple[str, ...]
    #: Whether the footer shows it while there is room.
    shown: bool = True
    #: Whether what answers it is told which of its keys it was.
    told_key: bool = False
    #: Whether the pane answers it itself, and not the screen that it stands on.
    by_pane: bool = False
    #: What answers it, where that is no method of its name, and what it is told.
    answer: str = ""
    given: str | None = None
    #: What it acts on, of what is painted; nothing where it only begins a line, opens, moves or shows. Where another
    #: changed that a moment ago, the key is held (`screens.keys.key_hold`).
    acts_on: str = ""

    @property
    def method(self) -> str:
        """The method that answers it is called `action_<method>`."""
        return self.answer or self.name

    @property
    def call(self) -> str:
        """What Textual is told to run."""
        return self.method if self.given is None else f"{self.method}({self.given!r})"

    @property
    def signs(self) -> tuple[str, ...]:
        """Every key, as people say it; one that is another one in another width is not said."""
        return tuple(say_key(key) for key in self.keys if not key.startswith(_OTHER_WIDTH))

    def is_called(self, call: str) -> bool:
        """Whether Textual runs this by that call."""
        return call == self.call or (self.told_key and call.startswith(f"{self.method}("))

    @property
    def sign(self) -> str:
        """The key to show for it; the first and the last where it has many alike."""
        return f"{self.keys[0]}-{self.keys[-1]}" if self.told_key else say_key(self.keys[0])


def _opens(opens: str, name: str, key: str, verb: str, words: str, *places: str, shown: bool = False) -> KeyAction:
    """A key that opens the screen of a place."""
    return KeyAction(name, (key,), verb, words, places, shown, answer="open_page", given=opens)


def _key(
    name: str, keys: str, verb: str, words: str, *places: str, shown: bool = True, told_key: bool = False,
    by_pane: bool = False, answer: str = "", given: str | None = None, acts_on: str = "",
) -> KeyAction:  # fmt: skip
    """A key, or several of one meaning, that the footer shows while there is room."""
    return KeyAction(name, tuple(keys.split()), verb, words, places, shown, told_key, by_pane, answer, given, acts_on)


#: The same that only help and palette show.
_also = partial(_key, shown=False)
#: Keys that act on the record under the cursor.
_acts, _also_acts = partial(_key, acts_on=RECORD), partial(_also, acts_on=RECORD)
#: Keys that open the record under the cursor.
_shows = partial(_key, acts_on=SHOWN)
#: Keys that answer what the page asks.
_replies = partial(_key, acts_on=ASKED)


def _begins(begins: str, name: str, keys: str, verb: str, words: str, place: str, *, shown: bool = True) -> KeyAction:
    """A key that begins the capture line; `{}` is the mark of what is selected, and typing replaces what stands behind
    `|`."""
    return KeyAction(
        name,
        tuple(keys.split()),
        verb,
        words,
        (place,),
        shown,
        answer="begin",
        given=begins,
        acts_on=RECORD if "{}" in begins else "",
    )


def _goes(pane: str, key: str, words: str) -> KeyAction:
    """A key that goes to a pane."""
    return KeyAction(f"go_{pane}", (key,), pane, words, (ROOM,), shown=False, answer="go", given=pane)


#: Every screen, and the text that is edited on one.
_EVERYWHERE = (ROOM, HOME, PAGE, COMPOSER, TEXT, WALK, *PAGES)

TABLE: tuple[KeyAction, ...] = (
    # What the selected thing in a pane takes, most used first.
    _begins("{} eliminated ", "rule_out", "x", "rule out", "rule the hypothesis out, with a reason", HYPOTHESES),
    _begins("+{} ", "evidence_for", "plus fullwidth_plus_sign", "for", "note evidence for the hypothesis", HYPOTHESES),
    _begins(
        "-{} ",
        "evidence_against",
        "minus fullwidth_hyphen_minus",
        "against",
        "note evidence against the hypothesis",
        HYPOTHESES,
    ),
    _opens(
        TESTS,
        "next_test",
        "n",
        "next test",
        "plan a test: the next best one, and those that run",
        HYPOTHESES,
        shown=True,
    ),
    _also_acts("refine", "H", "child", "note a hypothesis that refines this one", HYPOTHESES),
    _also_acts("predict", "W", "predict", "say what we would see if it is true, or false", HYPOTHESES),
    _acts("acknowledge", "a", "acknowledge", "acknowledge the order", ACTIONS),
    _begins("{} done ", "report", "enter", "say result", "say what came of the order", ACTIONS),
    _begins("{} cancelled ", "cancel", "x", "cancel", "cancel the order, with a reason", ACTIONS),
    _begins("{} +|10m", "more_time", "plus fullwidth_plus_sign", "more time", "give the order more time", ACTIONS),
    _also_acts("say_undo", "U", "undone how", "say how what was ordered is undone", ACTIONS),
    _also_acts("lasts_until", "L", "lasts until", "say until when what was ordered stays, if it is temporary", ACTIONS),
    _key("question", "n", "question", "note who asked what from outside", UPDATES, by_pane=True),
    _acts("answer", "a", "answer", "answer the question, or the text to approve", UPDATES, by_pane=True),
    _acts(
        "put_off",
        "plus fullwidth_plus_sign",
        "put off",
        "put the next word off, or stop regular ones, with a reason",
        UPDATES,
        by_pane=True,
    ),
    _shows("walk", "enter", "walk", "walk through the checklist", CHECKLISTS),
    _key("filter", "f", "filter", "show one kind of line, then the next", TIMELINE),
    _acts("correct", "e", "correct", "say the line better, or when it was; what stood there is kept", TIMELINE),
    _acts("strike", "x", "strike out", "strike the line out, with a reason; or let it count again", TIMELINE),
    _also("other_order", "O", "order", "order by when it was recorded, or by when it happened", TIMELINE),
    _key("by_person", "F", "by person", "show one person's lines, then the next one's", TIMELINE),
    _shows("open", "enter e", "open", "open it in full, with its history", STATUS, HYPOTHESES, UPDATES),
    _shows("open", "e", "open", "open it in full, with its history", ACTIONS, CHECKLISTS),
    _shows("open", "enter", "open", "open it in full, with its history", TIMELINE),
    # What is always one key away in the war room.
    _begins("", "log", "l", "log", "log what you see", ROOM),
    _begins("? ", "hypothesis", "h fullwidth_question_mark", "hypothesis", "say what could explain this", ROOM),
    _begins("! ", "order", "o exclamation_mark fullwidth_exclamation_mark", "order", "order a task", ROOM),
    _begins("= ", "decision", "d equals_sign fullwidth_equals_sign", "decision", "note a decision", ROOM),
    _opens(COMPOSER, "message", "m", "message", "write a message to stakeholders", ROOM, shown=True),
    _key("status", "s", "status", "set the status", ROOM),
    _key("severity", "v", "severity", "set the severity", ROOM),
    _key("checklist", "c", "checklist", "walk the open checklist, or pick one", ROOM),
    _key("roll_back", "b", "back out", "pick a rollback procedure", ROOM),
    _also("changed", "C", "what changed", "what changed before it, nearest first", ROOM),
    _also("seen_before", "K", "seen before", "earlier incidents like this: what helped then", ROOM),
    _also("postmortem", "P", "postmortem", "the postmortem of this incident, step by step", ROOM),
    _key("waiting", "w", "waiting for", "show what we are waiting for", ROOM),
    _key("since", "i", "news", "what happened since I last looked", ROOM),
    _key("undo", "u", "undo", "undo my last act; it says which", ROOM),
    _also("accept", "a space", "accept", "do what the line under the header asks of me", ROOM, acts_on=NOTICE),
    _also(
        "not_now",
        "full_stop ideographic_full_stop",
        "not now",
        "keep the line under the header away for half an hour",
        ROOM,
        acts_on=NOTICE,
    ),
    _opens(TRANSFER, "transfer", "t", "command", "take command, offer or accept it", ROOM, shown=True),
    _opens(PEOPLE, "roles", "r", "people", "who does what, who is free, whom to call; roles", ROOM, shown=True),
    _shows("copy", "y", "copy", "copy the selected thing", ROOM),
    _key("zoom", "z", "zoom", "show this pane alone, or all again", ROOM),
    _key("search", "slash", "search", "show only lines with these words", ROOM),
    _opens(SEARCH, "search", "slash", "search", "search all incidents", HOME, shown=True),
    _begins(
        "#",
        "hash",
        "number_sign fullwidth_number_sign",
        "set",
        "set status, severity, a milestone or the impact",
        ROOM,
        shown=False,
    ),
    _begins("@", "person", "at fullwidth_commercial_at", "person", "a person and a role", ROOM, shown=False),
    _begins(
        ">",
        "said",
        "greater_than_sign fullwidth_greater_than_sign",
        "sent",
        "note an update that was sent",
        ROOM,
        shown=False,
    ),
    _opens(TRIAGE, "triage", "T", "triage", "ask how bad it is: severity by rules, in twenty seconds", ROOM),
    _opens(ENDING, "ending", "E", "unmet", "what is unmet before resolving", ROOM),
    _opens(RULES, "rules", "R", "rules", "severity rules, thresholds and warnings", ROOM, HOME),
    _opens(DECIDING, "decide", "Y", "decide", "put a decision to the room: objections, why, plan B", ROOM),
    _opens(TOGETHER, "together", "I", "incidents", "link incidents, fold or split them; parts of one", ROOM),
    _also("together", "I", "incidents", "link incidents, fold or split them; parts of one", HOME),
    _opens(SEARCH, "search_all", "S", "search all", "search all incidents", ROOM),
    _opens(DOCUMENTS, "documents", "D", "documents", "documents on its systems, and how stale they are", ROOM),
    _also("vendor", "V", "vendor", "note that a vendor had a part in it, or caused it", ROOM),
    _also("mute", "M", "bell", "the bell on alarms: off, or on again", ROOM, HOME),
    _also("keep_first", "A", "keep first", "settle the alarm: the first value stands", ROOM, acts_on=ALARM),
    _also("keep_second", "B", "keep second", "settle the alarm: the second value stands", ROOM, acts_on=ALARM),
    _goes(STATUS, "1", "go to Status"),
    _goes(HYPOTHESES, "2", "go to Hypotheses"),
    _goes(ACTIONS, "3", "go to Actions"),
    _goes(UPDATES, "4", "go to Updates"),
    _goes(CHECKLISTS, "5", "go to Checklists"),
    _goes(TIMELINE, "6", "go to Timeline"),
    _also("next_pane", "tab", "next pane", "go to the next pane", ROOM),
    _also("previous_pane", "shift+tab", "pane before", "go to the pane before", ROOM),
    # Playback.
    _key("pause", "p", "pause", "pause the playback, or go on", PLAYBACK),
    _key("slower", "left_square_bracket", "slower", "play slower", PLAYBACK),
    _key("faster", "right_square_bracket", "faster", "play faster", PLAYBACK),
    # Home.
    _shows("open", "enter", "open", "open the incident", HOME),
    _key("declare", "n", "declare", "declare an incident: a title and enter", HOME),
    _key("undo", "u", "undo", "undo my last act; it says which", HOME),
    _also("fold", "f", "fold", "fold the two that may be one", HOME, acts_on=NOTICE),
    _also(
        "keep_apart", "full_stop ideographic_full_stop", "two", "say that they are two incidents", HOME, acts_on=NOTICE
    ),
    _also("anomaly", "a", "minor anomaly", "log a minor anomaly and close it: nobody is paged", HOME),
    _opens(INBOX, "inbox", "i", "alerts", "alerts that wait: declare, or log and close", HOME),
    _key("name", "N", "my name", "say who you are", HOME),
    _opens(DEPLOYMENTS, "deployments", "d", "deployments", "what goes out: begin, end, turned bad", HOME),
    _opens(CHANGES, "changes", "p", "plan a change", "planned changes, and their risk", HOME),
    _opens(DUE, "due", "o", "owed", "what is owed, and by when", HOME),
    _also("checklists", "c", "checklists", "walk a checklist without an incident", HOME),
    _opens(DRILLS, "ways_back", "b", "ways back", "ways back, and their drills", HOME),
    _opens(POSTMORTEMS, "postmortems", "P", "postmortems", "postmortems, and the improvements that are open", HOME),
    _opens(PROBLEMS, "problems", "T", "three times", "problems: what happens again and again", HOME),
    _opens(MEASURES, "measures", "v", "measures", "counts, medians and p90 of incidents; alert load", HOME),
    _opens(WEEK, "week", "w", "week ahead", "what will hurt if nobody acts, by owner", HOME),
    _opens(VENDORS, "vendors", "V", "vendors", "vendors: notice days, commitments, concentration", HOME),
    _opens(DOCUMENTS, "documents", "D", "documents", "documents: how stale, what to follow first", HOME),
    _opens(MEETINGS, "meetings", "m", "meetings", "meetings: what they cost, and which drift", HOME),
    _opens(DEPENDENCIES, "teams", "t", "teams", "what teams need of each other, and the slack left", HOME),
    _opens(COMING, "coming", "r", "people", "who comes, who leaves, and what each one owns", HOME),
    _opens(SYSTEMS, "systems", "s", "systems", "the catalog of systems", HOME),
    # A page that shows one thing in full.
    _shows("open", "enter", "open", "open or take the selected line", PAGE),
    _key("copy", "y", "copy", "copy this page", PAGE),
    _key("keep_first", "A", "keep A", "what stands beside A holds: it is settled", DISPUTED, acts_on=ALARM),
    _key("keep_second", "B", "keep B", "what stands beside B holds: it is settled", DISPUTED, acts_on=ALARM),
    _replies("write_back", "w", "write it back", "write the board back from the file that is open", GONE),
    # Triage.
    _replies("yes", "y", "yes", "answer yes; on to the next question", TRIAGE),
    _replies("no", "n", "no", "answer no; on to the next question", TRIAGE),
    _replies("answer", "1 2 3 4 5 6 7 8 9", "answer", "give the answer of that number", TRIAGE, told_key=True),
    _replies("unknown", "space 0", "don't know", "say that nobody knows; on to the next question", TRIAGE),
    _replies("take", "enter", "take it", "take the severity that the rules give", TRIAGE),
    _replies("anomaly", "c", "no incident", "close it as a minor anomaly: nobody is paged", TRIAGE),
    # People.
    _acts("give", "enter", "give a role", "give the role, or the person a role", PEOPLE),
    _acts("stand_down", "x", "stand down", "end this person's role", PEOPLE),
    _acts("called", "c", "called", "note that this person was called", PEOPLE),
    _acts("reached", "a", "reached", "note that this person said yes", PEOPLE),
    _acts("no_answer", "n", "no answer", "note that this person did not answer", PEOPLE),
    _acts("copy", "y", "copy page text", "copy the text to send to this person", PEOPLE),
    _acts("contact", "e", "contact", "add a contact, or change how to reach one", PEOPLE),
    _key("team", "s", "sub-team", "form a sub-team: one leader, one task", PEOPLE),
    _opens(TRANSFER, "transfer", "t", "command", "take command, offer or accept it", PEOPLE, shown=True),
    # Transfer of command.
    _replies("accept", "a", "yes, I accept", "accept command", TRANSFER),
    _key("offer", "o", "offer it to", "name a successor", TRANSFER),
    _replies("heard", "h", "heard the yes", "accept for the successor, whose yes I heard on the call", TRANSFER),
    _replies("take", "t", "I take it", "take command at once", TRANSFER),
    _replies("withdraw", "x", "withdraw", "decline the offer, or withdraw it", TRANSFER),
    _key("copy", "y", "copy brief", "copy the brief, or what to announce", TRANSFER),
    # Words that wait for the commander's yes.
    _replies("yes", "y", "yes, these", "approve exactly these words", APPROVING),
    _replies("no", "n", "no", "refuse these words, and why", APPROVING),
    # Before resolving.
    _replies("resolve", "enter", "resolve", "resolve now; what is unmet only warns", ENDING),
    _acts("pass_one", "p", "pass", "pass this point: it becomes somebody's by tomorrow", ENDING),
    _acts("pass_to", "o", "pass to", "pass this point to a person you name", ENDING),
    _replies("pass_all", "P", "pass all", "pass every point", ENDING),
    _key("holds", "h", "exit holds", "say that the exit criteria hold from now", ENDING),
    _key("watch", "w", "watch until", "watch until a time, instead of resolving", ENDING),
    # Tests of hypotheses.
    _acts("go_on", "enter", "begin, end", "begin the test; end it by saying what it showed", TESTS),
    _key("plan", "n", "new test", "plan a test: what to look at, for which hypotheses", TESTS),
    _acts("begin_by", "o", "by another", "note that another begins the test", TESTS),
    _acts("drop", "x", "leave out", "leave the test out", TESTS),
    # Decisions.
    _acts("decide", "enter", "decide", "take the decision, and why: hearing none, we proceed", DECIDING),
    _key("put", "n", "propose", "put a proposal to the room", DECIDING),
    _acts("object", "o", "objection", "note a strong objection, and whose", DECIDING),
    _acts("answer", "a", "answer", "note what was said to the objection", DECIDING),
    _acts("drop", "x", "drop", "drop the proposal, and why", DECIDING),
    _key("plan_b", "p", "plan B", "say what is done if what runs now does not help", DECIDING),
    # Several incidents.
    _shows("open", "enter", "open", "open the other incident", TOGETHER),
    _acts("link", "n", "link", "say how this one bears on the other", TOGETHER),
    _acts("fold", "f", "fold into it", "fold this one into the other: they are one", TOGETHER),
    _key("split", "s", "split", "split this one: a second incident, hypotheses go along", TOGETHER),
    _key("part", "p", "part", "give a part of this one to a commander of its own", TOGETHER),
    _key("unfold", "x", "unfold", "say that this one was no part of the other after all", TOGETHER),
    # Alerts that wait.
    _acts("declare", "enter", "declare", "declare an incident from the alert", INBOX),
    _acts("anomaly", "c", "no incident", "log it as a minor anomaly and close it", INBOX),
    _key("copy", "y", "copy", "copy what this page says", DECIDING, TOGETHER, INBOX),
    # Rules.
    _key("level", "1 2 3 4 5", "level", "another level in this cell, to try", RULES, told_key=True),
    _key("cell_left", "left h", "left", "go to the cell to the left", RULES),
    _key("cell_right", "right l", "right", "go to the cell to the right", RULES),
    _key("keep", "S", "keep", "keep the changed table in the settings file", RULES),
    _key("change", "enter e", "change", "change the number", RULES),
    _key("switch", "space", "on, off", "switch warnings of this kind off, or on", RULES),
    # Search over all incidents.
    _shows("open", "enter", "open", "open the incident at this line", SEARCH),
    _key("search", "slash", "search", "search for other words", SEARCH),
    _key("find", "slash", "find", "show only what has these words", *LISTED),
    _key("copy", "y", "copy", "copy what was found", SEARCH),
    _key(
        "undo",
        "u",
        "undo",
        "undo my last act; it says which",
        TRIAGE,
        PEOPLE,
        TRANSFER,
        ENDING,
        TESTS,
        DECIDING,
        TOGETHER,
        INBOX,
    ),
    # The line that one types in.
    _key("enter", "enter", "do it", "do what the words say", CAPTURE),
    _key("back", "escape", "back", "step back; what was typed is kept", CAPTURE),
    _key("earlier", "up", "earlier", "the line typed before", CAPTURE),
    _also("later", "down", "later", "the line typed after", CAPTURE),
    _also("clear", "ctrl+c", "clear", "empty the line; ↑ brings it back", CAPTURE),
    # Composer.
    _replies("send", "S", "send: copy and record", "copy the text and record it as sent", COMPOSER),
    _replies("fill", "enter", "fill in", "answer the first thing that is missing, in record and text", COMPOSER),
    _key("edit", "e", "edit", "edit the text", COMPOSER),
    _key("copy", "y", "copy only", "copy the text, record nothing", COMPOSER),
    _key("audience", "a", "audience", "say to whom", COMPOSER),
    _key("stage", "s", "stage", "say at which stage", COMPOSER),
    _key("language", "g", "language", "write it in the other language", COMPOSER),
    _key("form", "f", "form", "pick the channel's form", COMPOSER),
    _replies("approve", "A", "approve", "ask the commander to approve this text, or approve it", COMPOSER),
    _key("anew", "d", "draft anew", "draft it anew from the record", COMPOSER),
    _key(
        "take",
        "1 2 3 4 5 6 7 8 9",
        "take",
        "take the suggestion of that number",
        COMPOSER,
        told_key=True,
        acts_on=PROPOSED,
    ),
    _also("other_part", "tab", "other part", "go to the facts, the findings or the text", COMPOSER),
    _key("read", "escape", "read again", "leave the text; it is kept", TEXT),
    # Walkthrough.
    _replies("done", "space enter", "done", "note that the step is done; pass the pause point; close the run", WALK),
    _replies("failed", "f", "failed", "note that the step failed, and how", WALK),
    _replies("ask", "a", "ask", "ask the step aloud: another person answers it", WALK),
    _replies("not_applicable", "n", "not applicable", "note that the step does not apply here, and why", WALK),
    _replies("defer", "d", "defer", "leave the step for later, and why; it is asked again", WALK),
    _key("back_out", "b", "back out", "leave this way: pick the way back", WALK),
    _key("pause", "p", "pause", "pause the run, for you or another", WALK),
    _replies("copy", "y", "copy", "copy the command of the step, else its link or its words", WALK),
    _replies("evidence", "e", "evidence", "keep what was seen at the step: type or paste it", WALK),
    _replies("skip", "s", "skip", "skip the step, and why", WALK),
    _replies("value", "v", "value", "note the value that was seen; the step is done", WALK),
    _replies("override", "O", "override", "go on past this item, with a reason on the record", WALK),
    _replies("reopen", "o", "open again", "open the step again", WALK),
    _key("close", "x", "close", "close the run", WALK),
    _replies("answered_with", "A", "asked by", "note who asked it aloud, a person that you name; it is done", WALK),
    _key("pair", "P", "two people", "ask for two people at killer items from now on, or no more", WALK),
    _key("waive", "W", "waive", "go on past open killer items, for an emergency", WALK),
    _replies("copy_link", "l", "copy link", "copy the link of the step", WALK),
    _also("undo", "u", "undo", "undo my last act; it says which", WALK, *OPERATIONS, *LEARNING, *REGISTERS),
    # Deployments.
    _acts("go_on", "enter", "go on", "start what is planned; end what runs as done", DEPLOYMENTS),
    _acts(
        "incident", "i", "turned bad: incident", "say that it turned bad: an incident, with it suspected", DEPLOYMENTS
    ),
    _acts("roll_back", "b", "roll back", "walk the way back of the deployment", DEPLOYMENTS),
    _key("new", "n", "new", "a new deployment: what, version, on which systems", DEPLOYMENTS),
    _acts("checklist", "c", "checklist", "walk a checklist beside it", DEPLOYMENTS, CHANGES),
    _acts("failed", "f", "failed", "note that it failed, and what was seen", DEPLOYMENTS),
    # Changes.
    _acts("go_on", "enter", "next stage", "begin its next stage, when nothing is missing", CHANGES),
    _key("new", "n", "plan", "plan a change: its name, then questions by digits", CHANGES),
    _acts("approve", "a", "approve", "approve the version that is planned now", CHANGES),
    _acts("refuse", "r", "refuse", "refuse this version, and why", CHANGES),
    _acts("edit", "e", "edit", "change its stages, window, deadline or answers: a new version", CHANGES),
    _acts("deploy", "d", "deploy", "record the deployment that carries it out", CHANGES),
    _acts("close", "x", "end", "end it: done, failed, rolled back, withdrawn", CHANGES),
    _acts("answer_for", "A", "answer for it", "approve it, and answer for going ahead", CHANGES),
    _acts("emergency", "E", "emergency", "begin its next stage now, past what is missing", CHANGES),
    _acts("measure", "m", "proportion", "which share took which path, and how each failed", CHANGES),
    _key("freeze", "f", "freeze", "freeze changes for a time: from when to when, and why", CHANGES),
    _also_acts("except", "F", "let through", "let it through a freeze, and why", CHANGES),
    # Lists to walk, and what their runs taught.
    _acts("learn", "l", "what it caught", "what the runs of the list taught, and what to change", PICKING),
    _acts("take", "enter", "take it", "do what is proposed: the list's next version", TAUGHT),
    _key("review", "v", "looked through", "note that it was looked through, and what came of it", TAUGHT),
    # The questions of risk.
    _key("answer", "1 2 3 4 5 6", "answer", "give the answer of that number", RISK, told_key=True),
    _key("unknown", "space 0", "don't know", "give no answer; on to the next question", RISK),
    _key("take", "enter", "record it", "record the change with these answers", RISK),
    _key("lower", "l", "lower it", "go to the answer that alone lowers the level", RISK),
    # Due.
    _acts("done", "enter space", "done", "note that it is done, and what shows it", DUE),
    _acts("snooze", "s", "put off", "put it off to a day, and why", DUE),
    _acts("redate", "d", "new date", "give it another date, and why", DUE),
    _acts("give", "o", "give to", "give it to another person", DUE),
    _acts("drop", "x", "drop", "end it undone, and why", DUE),
    _key("new", "n", "owe", "something more that is owed, and by when", DUE),
    _acts("walk", "w", "rehearse", "walk the way back that is to be rehearsed", DUE),
    # Ways back.
    _acts("drill", "enter", "rehearse", "rehearse the way back: a drill", DRILLS),
    _acts("roll_back", "b", "go back", "walk the way back for real", DRILLS),
    _acts("history", "h", "runs", "its drills and its real runs", DRILLS),
    # Seen before.
    _acts("confirm", "a", "that again", "confirm that this incident repeats that one", SEEN_BEFORE),
    _acts("refuse", "x", "another", "refuse the link, and why; it is remembered", SEEN_BEFORE),
    _shows("open", "enter", "open", "open the war room of the earlier incident", SEEN_BEFORE),
    # Postmortems.
    _shows("open", "enter", "open", "walk through the postmortem, and open one where there is none", POSTMORTEMS),
    _acts("done", "d", "improvement done", "close the improvement with what shows it", POSTMORTEMS),
    _acts("give", "o", "give to", "give the postmortem, or the improvement, to another", POSTMORTEMS),
    # The walk through a postmortem.
    _acts("fill", "enter", "answer, fill in", "answer, or say the first thing that is missing", POSTMORTEM),
    _key("next", "right space", "next", "go to the next step", POSTMORTEM),
    _key("before", "left backspace", "step before", "go to the step before", POSTMORTEM),
    _key("add", "n", "add", "add an answer, a factor or an improvement", POSTMORTEM),
    _key("preview", "p", "as text", "the postmortem as text: to read, copy or write", POSTMORTEM),
    _acts("edit", "e", "edit", "say in other words what is selected", POSTMORTEM),
    _acts("kind", "t", "type", "the kind of the factor, the type of the improvement", POSTMORTEM),
    _acts("give", "o", "whose, when", "one owner and a day: of the improvement, of the postmortem", POSTMORTEM),
    _acts("done", "d", "done", "close the improvement with what shows it", POSTMORTEM),
    _acts("remove", "x", "take out", "take out; keep the improvement as an idea, and why", POSTMORTEM),
    _acts("choose", "a", "choose", "take the idea among the few that will be done", POSTMORTEM),
    _acts("shown_by", "s", "shown by", "what shows the factor, what will show the improvement", POSTMORTEM),
    _acts("done_when", "w", "done when", "how one tells that the improvement is done", POSTMORTEM),
    _acts("link", "f", "factor", "the factor that the improvement answers", POSTMORTEM),
    _acts("behind", "b", "behind it", "what made the factor possible", POSTMORTEM),
    _key("state", "S", "state", "say that it is in review, published or dropped", POSTMORTEM),
    _also("go_to", "1 2 3 4 5 6 7 8 9", "go to", "go to the step of that number", POSTMORTEM, told_key=True),
    _key("other_side", "tab", "the record", "scroll the record beside, or go back to the questions", POSTMORTEM),
    # The postmortem as text.
    _key("write", "w", "write", "write it to a file: .md, .html or .json", PREVIEW),
    _key("redact", "r", "names out, in", "take the names out for outside readers, or back in", PREVIEW),
    # Problems.
    _shows("open", "enter", "open", "open the proposal as a problem; open the last incident of one", PROBLEMS),
    _acts("give", "o", "give to", "who sees to it", PROBLEMS),
    _acts("tried", "n", "tried", "what was tried", PROBLEMS),
    _acts("ends", "w", "ends when", "what would show that it has ended", PROBLEMS),
    _acts("state", "s", "state", "say that it is watched, ended, dropped or open again, and why", PROBLEMS),
    # Measures.
    _key("measure", "n", "next measure", "another duration", MEASURES),
    _key("group", "s", "split by", "split by severity, system, factor, or show all together", MEASURES),
    _key("since", "d", "days", "show 90 days, a year, all, or a month", MEASURES),
    _key("copy", "y", "copy", "copy what this page says", *OPERATIONS, *LEARNING),
    # The week ahead.
    _shows("open", "enter", "open", "open what it is about", WEEK),
    _acts("done", "space", "done", "note that it is done, and what shows it", WEEK),
    _acts("snooze", "s", "put off", "put it off to a day, and why", WEEK),
    _acts("redate", "d", "new date", "give it another date, and why", WEEK),
    _acts("give", "o", "give to", "give it to another person", WEEK),
    _acts("drop", "x", "drop", "end it undone, and why", WEEK),
    _key("mine", "f", "mine", "show only what is mine, or all again", WEEK),
    _key("longer", "l", "longer", "look 7, 30 or 90 days ahead", WEEK),
    _key("copy", "y", "copy", "copy it as Markdown", WEEK),
    # Vendors.
    _shows("open", "enter", "open", "open the contract in full", VENDORS),
    _key("new", "n", "new", "a new vendor; its due diligence is owed", VENDORS),
    _acts("decide", "d", "decide", "decide on it: renew, renegotiate, leave; or it may renew itself", VENDORS, VENDOR),
    _acts("notice", "t", "notice given", "note that notice was given, and what proves it", VENDORS, VENDOR),
    _acts("edit", "e", "edit", "change what is known of the contract", VENDORS, VENDOR),
    _acts("brief", "b", "brief", "what to know before it renews, on one page", VENDORS, VENDOR),
    _acts("review", "r", "review", "keep what a review came to", VENDORS, VENDOR),
    _acts("promise", "p", "promise", "a figure that the vendor promised", VENDORS, VENDOR),
    _acts("measure", "f", "figure", "what was reached in a month, of what was promised", VENDORS, VENDOR),
    _acts("claim", "l", "credit", "what came of the credit for a figure that was missed", VENDORS, VENDOR),
    _acts("spent", "m", "cost", "what the contract cost in a year", VENDORS, VENDOR),
    _acts("diligence", "w", "diligence", "walk its due diligence as a checklist", VENDORS, VENDOR),
    _acts("end", "x", "over", "say that the contract is over, and why", VENDORS, VENDOR),
    _key("concentration", "c", "concentration", "how much hangs on how few", VENDORS),
    # Documents.
    _shows("open", "enter", "open", "open it: how stale it is, then the copy that is kept", DOCUMENTS),
    _acts("verify", "v", "verify", "note that somebody followed it, and what was checked", DOCUMENTS, DOCUMENT),
    _acts("copy_link", "y", "copy path", "copy its path or its link", DOCUMENTS, DOCUMENT),
    _acts("wrong", "w", "wrong", "say what a reader found wrong", DOCUMENTS, DOCUMENT),
    _key("new", "n", "new", "a document, and where it is", DOCUMENTS),
    _acts("edit", "e", "edit", "change what is known of it", DOCUMENTS, DOCUMENT),
    _acts("keep", "t", "keep text", "keep a copy of its text from a file, to read offline", DOCUMENTS, DOCUMENT),
    _key("copy", "c", "copy text", "copy what this page says", DOCUMENT),
    # Meetings.
    _acts("note", "enter", "what came of it", "what came of one time: outputs, decisions", MEETINGS),
    _acts("agenda", "a", "agenda", "walk an agenda that fills from the board", MEETINGS),
    _key("new", "n", "new", "a meeting, its length, how often, with whom", MEETINGS),
    _acts("edit", "e", "edit", "change what is known of it", MEETINGS),
    _acts("try_out", "t", "try smaller", "try it shorter or rarer four times", MEETINGS),
    _acts("written", "w", "in writing", "copy what stands in for telling, deciding, showing", MEETINGS),
    _acts("end", "x", "end", "end it, and why", MEETINGS),
    # Dependencies and decisions across teams.
    _acts("line", "enter", "line", "keep the line that came: [A] outcome - change - date - ask", DEPENDENCIES),
    _acts("ask_line", "a", "ask", "copy the text that asks the team for its line", DEPENDENCIES),
    _acts("promise", "p", "promised", "the day that was promised, and how sure it is", DEPENDENCIES),
    _acts("block", "b", "blocked", "what was asked and not answered; or the answer", DEPENDENCIES),
    _key("new", "n", "new", "what a team needs of another, by when", DEPENDENCIES),
    _acts("edit", "e", "edit", "change what is known of it", DEPENDENCIES),
    _key("tree", "w", "who waits", "who waits for whom, as a tree", DEPENDENCIES),
    _opens(QUESTIONS, "questions", "d", "decisions", "decisions that cross teams", DEPENDENCIES, shown=True),
    _acts("close", "x", "close", "note that it was delivered, or is no longer needed", DEPENDENCIES),
    _acts("take", "enter", "decided", "note what was decided, and why", QUESTIONS),
    _key("new", "n", "ask", "a question that crosses teams: one decides", QUESTIONS),
    _acts("reopen", "o", "open again", "open a decision again, and why", QUESTIONS),
    # Coming and leaving, systems.
    _shows("open", "enter", "open", "all that a person owns", COMING),
    _acts("done", "space", "done", "note that the milestone is reached, and what shows it", COMING),
    _key("new", "n", "somebody begins", "note that somebody begins: milestones are owed", COMING),
    _key("map", "m", "map", "a newcomer's map of what there is", COMING),
    _key("hand_over", "o", "hand over", "give all to another; the person leaves", HANDOVER),
    _key("hand_on", "s", "hand on", "give all to another; the person stays", HANDOVER),
    _shows("open", "enter", "tree", "what it cannot do without, and what hangs on it", SYSTEMS),
    _key("new", "n", "new", "a system, its team, what it needs", SYSTEMS),
    _acts("edit", "e", "edit", "change what is known of it", SYSTEMS),
    _key(
        "copy",
        "y",
        "copy",
        "copy what this page says",
        VENDORS,
        VENDOR,
        MEETINGS,
        DEPENDENCIES,
        QUESTIONS,
        COMING,
        HANDOVER,
        SYSTEMS,
    ),
    # Moving, in every list.
    _also("down", "j down", "down", "go down", LISTS),
    _also("up", "k up", "up", "go up", LISTS),
    _also("page_down", "pagedown", "page down", "go a page down", LISTS),
    _also("page_up", "pageup", "page up", "go a page up", LISTS),
    _also("first", "g home", "first", "go to the first", LISTS),
    _also("last", "G end", "last", "go to the last", LISTS),
    # On every screen.
    _key("help", "question_mark f1", "keys", "the keys of this screen", ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES),
    _key("palette", "colon ctrl+p", "everything", "find any command by its words", ROOM, HOME),
    _also("step_back", "escape", "back", "step back one", ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES),
    _key("leave", "q", "leave", "back to home; from home, quit", ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES),
    _also("how_to_leave", "ctrl+c", "how to leave", "say how to leave", *_EVERYWHERE),
    _also("step_out", "ctrl+z", "shell", "out to the shell; fg comes back", *_EVERYWHERE),
)

#: How keys begin that are another one in another width.
_OTHER_WIDTH = ("fullwidth", "ideographic")
_SAID = {
    "at": "@",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "underscore": "_",
    "backslash": "\\",
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "escape": "esc",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "f1": "F1",
}


def use(table: tuple[KeyAction, ...]) -> None:
    """Takes a table with other keys, before any screen is made."""
    global TABLE
    TABLE = table
    _of.cache_clear()


def say_key(key: str) -> str:
    """A key as people say and see it: by its character, never by the name that it has within."""
    *held, last = key.split("+")
    said = _SAID.get(last) or last
    if len(said) > 1:
        with suppress(KeyError):
            letter = unicodedata.lookup(last.replace("_", " "))
            said = letter if letter.isprintable() and not letter.isspace() else said
    return "+".join((*held, said))


def of(*places: str) -> Iterator[KeyAction]:
    """The actions of these places, in the order of the table."""
    return iter(_of(places))


@lru_cache(maxsize=64)
def _of(places: tuple[str, ...]) -> tuple[KeyAction, ...]:
    return tuple(action for action in TABLE if any(place in action.places for place in places))


def asked_for(call: str, *places: str) -> KeyAction | None:
    """The action of these places that a call stands for, the most particular first; nothing where it is no row."""
    return next((action for place in places for action in of(place) if action.is_called(call)), None)


def bindings(*places: str) -> list[BindingType]:
    """The bindings of a screen or a widget for its places."""
    made: list[BindingType] = []
    for place in places:
        target = "screen." if place in _ANSWERED_BY_SCREEN else ""
        for action in of(place):
            name = f"{place}:{action.name}"
            answers = action.call if action.by_pane else f"{target}{action.call}"
            if action.told_key:
                made += [
                    Binding(key, f"{answers}({key!r})", action.words, show=False, id=f"{name}:{key}")
                    for key in action.keys
                ]
            else:
                keys = ",".join(action.keys)
                made.append(Binding(keys, answers, action.words, show=False, id=name))
    return made


def footer(places: Iterable[str]) -> list[KeyAction]:
    """What the footer shows for where one is, most particular place first."""
    found: list[KeyAction] = []
    taken: set[str] = set()
    for place in places:
        for action in of(place):
            if action.shown and action.keys[0] not in taken:
                found.append(action)
                taken.update(action.keys)
    return found
