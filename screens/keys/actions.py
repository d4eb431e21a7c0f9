"""The one table of what keys do. Bindings, footer, help, palette and docs derive from it, and cannot disagree.

A screen answers an action with its method `action_<name>`, or with one for many rows that is told what the row says:
`open_page` a place, `begin` how the capture line begins, `go` a pane. A pane's actions are answered by the screen that
it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

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
)

#: The screens that keys open by their places, each as `module:class`.
SCREENS: Mapping[str, str] = {
    TRIAGE: "screens.war_room.triage:Triage",
    PEOPLE: "screens.war_room.people:People",
    TRANSFER: "screens.war_room.transfer:Transfer",
    ENDING: "screens.war_room.before_resolving:Ending",
    TESTS: "screens.war_room.hypothesis_tests:HypothesisTests",
    DECIDING: "screens.war_room.decisions:Deciding",
    COMPOSER: "screens.composer.composer:Composer",
    RULES: "screens.rules:RulesPage",
    SEARCH: "screens.incidents.search:Search",
    TOGETHER: "screens.incidents.related_incidents:Together",
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
    COMING: "screens.registers.teams.onboarding:Coming",
    SYSTEMS: "screens.registers.systems:Systems",
    POSTMORTEMS: "screens.learn.postmortems:Postmortems",
    PROBLEMS: "screens.learn.problems:Problems",
    MEASURES: "screens.learn.measures:MeasuresPage",
}
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

    @property
    def method(self) -> str:
        """The method that answers it is called `action_<method>`."""
        return self.answer or self.name

    @property
    def call(self) -> str:
        """What Textual is told to run."""
        return self.method if self.given is None else f"{self.method}({self.given!r})"

    @property
    def sign(self) -> str:
        """The key to show for it; the first and the last where it has many alike."""
        return f"{self.keys[0]}-{self.keys[-1]}" if self.told_key else say_key(self.keys[0])


def _opens(opens: str, name: str, key: str, verb: str, words: str, *places: str, shown: bool = False) -> KeyAction:
    """A key that opens the screen of a place."""
    return KeyAction(name, (key,), verb, words, places, shown, answer="open_page", given=opens)


def _begins(
    begins: str, name: str, keys: tuple[str, ...], verb: str, words: str, place: str, *, shown: bool = True
) -> KeyAction:
    """A key that begins the capture line; `{}` is the mark of what is selected."""
    return KeyAction(name, keys, verb, words, (place,), shown, answer="begin", given=begins)


def _goes(pane: str, key: str, words: str) -> KeyAction:
    """A key that goes to a pane."""
    return KeyAction(f"go_{pane}", (key,), pane, words, (ROOM,), shown=False, answer="go", given=pane)


TABLE: tuple[KeyAction, ...] = (
    # What the selected thing in a pane takes, most used first.
    _begins("{} eliminated ", "rule_out", ("x",), "rule out", "rule the hypothesis out, with a reason", HYPOTHESES),
    _begins("+{} ", "evidence_for", ("plus", "fullwidth_plus_sign"), "for", "evidence for the hypothesis", HYPOTHESES),
    _begins(
        "-{} ",
        "evidence_against",
        ("minus", "fullwidth_hyphen_minus"),
        "against",
        "evidence against the hypothesis",
        HYPOTHESES,
    ),
    _opens(TESTS, "next_test", "n", "next test", "the next best test, and those that run", HYPOTHESES, shown=True),
    KeyAction("refine", ("H",), "child", "a hypothesis that refines this one", (HYPOTHESES,), shown=False),
    KeyAction("predict", ("W",), "predict", "what we would see if it is true, or false", (HYPOTHESES,), shown=False),
    KeyAction("acknowledge", ("a",), "acknowledge", "acknowledge the order", (ACTIONS,)),
    _begins("{} done ", "report", ("enter",), "say result", "say what came of the order", ACTIONS),
    _begins("{} cancelled ", "cancel", ("x",), "cancel", "cancel the order, with a reason", ACTIONS),
    _begins("{} +10m", "more_time", ("plus", "fullwidth_plus_sign"), "more time", "give the order more time", ACTIONS),
    KeyAction("say_undo", ("U",), "undone how", "say how what was ordered is undone", (ACTIONS,), shown=False),
    KeyAction(
        "lasts_until",
        ("L",),
        "lasts until",
        "say until when what was ordered stays, if it is temporary",
        (ACTIONS,),
        shown=False,
    ),
    KeyAction("question", ("n",), "question", "note who asked what from outside", (UPDATES,), by_pane=True),
    KeyAction("answer", ("a",), "answer", "answer the question, or the text to approve", (UPDATES,), by_pane=True),
    KeyAction(
        "put_off",
        ("plus", "fullwidth_plus_sign"),
        "put off",
        "put the next word off, or stop regular ones, with a reason",
        (UPDATES,),
        by_pane=True,
    ),
    KeyAction("walk", ("enter",), "walk", "walk through the checklist", (CHECKLISTS,)),
    KeyAction("filter", ("f",), "filter", "show one kind of line, then the next", (TIMELINE,)),
    KeyAction(
        "correct", ("e",), "correct", "say the line better, or when it was; what stood there is kept", (TIMELINE,)
    ),
    KeyAction("strike", ("x",), "strike out", "strike the line out, with a reason; or let it count again", (TIMELINE,)),
    KeyAction(
        "other_order", ("O",), "order", "by when it was recorded, or by when it happened", (TIMELINE,), shown=False
    ),
    KeyAction("by_person", ("F",), "by person", "show one person's lines, then the next one's", (TIMELINE,)),
    KeyAction("open", ("enter", "e"), "open", "open it in full, with its history", (STATUS, HYPOTHESES, UPDATES)),
    KeyAction("open", ("e",), "open", "open it in full, with its history", (ACTIONS, CHECKLISTS)),
    KeyAction("open", ("enter",), "open", "open it in full, with its history", (TIMELINE,)),
    # What is always one key away in the war room.
    _begins("", "log", ("l",), "log", "log what you see", ROOM),
    _begins("? ", "hypothesis", ("h", "fullwidth_question_mark"), "hypothesis", "say what could explain this", ROOM),
    _begins("! ", "order", ("o", "exclamation_mark", "fullwidth_exclamation_mark"), "order", "order a task", ROOM),
    _begins("= ", "decision", ("d", "equals_sign", "fullwidth_equals_sign"), "decision", "note a decision", ROOM),
    _opens(COMPOSER, "message", "m", "message", "write a message to stakeholders", ROOM, shown=True),
    KeyAction("status", ("s",), "status", "set the status", (ROOM,)),
    KeyAction("severity", ("v",), "severity", "set the severity", (ROOM,)),
    KeyAction("checklist", ("c",), "checklist", "walk the open checklist, or pick one", (ROOM,)),
    KeyAction("roll_back", ("b",), "back out", "pick a rollback procedure", (ROOM,)),
    KeyAction("changed", ("C",), "what changed", "what changed before it, nearest first", (ROOM,), shown=False),
    KeyAction(
        "seen_before", ("K",), "seen before", "earlier incidents like this: what helped then", (ROOM,), shown=False
    ),
    KeyAction(
        "postmortem", ("P",), "postmortem", "the postmortem of this incident, step by step", (ROOM,), shown=False
    ),
    KeyAction("waiting", ("w",), "waiting for", "what are we waiting for?", (ROOM,)),
    KeyAction("since", ("i",), "news", "what happened since I last looked", (ROOM,)),
    KeyAction("undo", ("u",), "undo", "undo my last act; it says which", (ROOM,)),
    KeyAction("accept", ("a", "space"), "accept", "do what the line under the header asks of me", (ROOM,), shown=False),
    KeyAction(
        "not_now",
        ("full_stop", "ideographic_full_stop"),
        "not now",
        "keep the line under the header away for half an hour",
        (ROOM,),
        shown=False,
    ),
    _opens(TRANSFER, "transfer", "t", "command", "take, offer or accept command", ROOM, shown=True),
    _opens(PEOPLE, "roles", "r", "people", "who does what, who is free, whom to call; roles", ROOM, shown=True),
    KeyAction("copy", ("y",), "copy", "copy the selected thing", (ROOM,)),
    KeyAction("zoom", ("z",), "zoom", "show this pane alone, or all again", (ROOM,)),
    KeyAction("search", ("slash",), "search", "show only lines with these words", (ROOM,)),
    _opens(SEARCH, "search", "slash", "search", "search all incidents", HOME, shown=True),
    _begins(
        "#",
        "hash",
        ("number_sign", "fullwidth_number_sign"),
        "set",
        "status, severity, milestone, impact",
        ROOM,
        shown=False,
    ),
    _begins("@", "person", ("at", "fullwidth_commercial_at"), "person", "a person and a role", ROOM, shown=False),
    _begins(
        ">",
        "said",
        ("greater_than_sign", "fullwidth_greater_than_sign"),
        "sent",
        "note an update that was sent",
        ROOM,
        shown=False,
    ),
    _opens(TRIAGE, "triage", "T", "triage", "how bad is it? severity by rules, in twenty seconds", ROOM),
    _opens(ENDING, "ending", "E", "unmet", "what is unmet before resolving", ROOM),
    _opens(RULES, "rules", "R", "rules", "severity rules, thresholds and warnings", ROOM, HOME),
    _opens(DECIDING, "decide", "Y", "decide", "put a decision to the room: objections, why, plan B", ROOM),
    _opens(TOGETHER, "together", "I", "incidents", "link, fold, split incidents; parts of one", ROOM),
    KeyAction("together", ("I",), "incidents", "link, fold, split incidents; parts of one", (HOME,), shown=False),
    _opens(SEARCH, "search_all", "S", "search all", "search all incidents", ROOM),
    _opens(DOCUMENTS, "documents", "D", "documents", "documents on its systems, and how stale they are", ROOM),
    KeyAction("vendor", ("V",), "vendor", "a vendor had a part in it, or caused it", (ROOM,), shown=False),
    KeyAction("mute", ("M",), "bell", "the bell on alarms: off, or on again", (ROOM, HOME), shown=False),
    KeyAction("keep_first", ("A",), "keep first", "settle the alarm: the first value stands", (ROOM,), shown=False),
    KeyAction("keep_second", ("B",), "keep second", "settle the alarm: the second value stands", (ROOM,), shown=False),
    _goes(STATUS, "1", "go to Status"),
    _goes(HYPOTHESES, "2", "go to Hypotheses"),
    _goes(ACTIONS, "3", "go to Actions"),
    _goes(UPDATES, "4", "go to Updates"),
    _goes(CHECKLISTS, "5", "go to Checklists"),
    _goes(TIMELINE, "6", "go to Timeline"),
    KeyAction("next_pane", ("tab",), "next pane", "go to the next pane", (ROOM,), shown=False),
    KeyAction("previous_pane", ("shift+tab",), "pane before", "go to the pane before", (ROOM,), shown=False),
    # Playback.
    KeyAction("pause", ("p",), "pause", "pause the playback, or go on", (PLAYBACK,)),
    KeyAction("slower", ("left_square_bracket",), "slower", "play slower", (PLAYBACK,)),
    KeyAction("faster", ("right_square_bracket",), "faster", "play faster", (PLAYBACK,)),
    # Home.
    KeyAction("open", ("enter",), "open", "open the incident", (HOME,)),
    KeyAction("declare", ("n",), "declare", "declare an incident: a title and enter", (HOME,)),
    KeyAction("undo", ("u",), "undo", "undo my last act; it says which", (HOME,)),
    KeyAction("fold", ("f",), "fold", "fold the two that may be one", (HOME,), shown=False),
    KeyAction(
        "keep_apart",
        ("full_stop", "ideographic_full_stop"),
        "two",
        "say that they are two incidents",
        (HOME,),
        shown=False,
    ),
    KeyAction(
        "anomaly", ("a",), "minor anomaly", "log a minor anomaly and close it: nobody is paged", (HOME,), shown=False
    ),
    _opens(INBOX, "inbox", "i", "alerts", "alerts that wait: declare, or log and close", HOME),
    KeyAction("name", ("N",), "my name", "say who you are", (HOME,)),
    _opens(DEPLOYMENTS, "deployments", "d", "deployments", "what goes out: begin, end, turned bad", HOME),
    _opens(CHANGES, "changes", "p", "plan a change", "planned changes, and their risk", HOME),
    _opens(DUE, "due", "o", "owed", "what is owed, and by when", HOME),
    KeyAction("checklists", ("c",), "checklists", "walk a checklist without an incident", (HOME,), shown=False),
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
    KeyAction("open", ("enter",), "open", "open or take the selected line", (PAGE,)),
    KeyAction("copy", ("y",), "copy", "copy this page", (PAGE,)),
    # Triage.
    KeyAction("yes", ("y",), "yes", "yes; on to the next question", (TRIAGE,)),
    KeyAction("no", ("n",), "no", "no; on to the next question", (TRIAGE,)),
    KeyAction("answer", tuple("123456789"), "answer", "the answer of that number", (TRIAGE,), told_key=True),
    KeyAction("unknown", ("space", "0"), "don't know", "nobody knows; on to the next question", (TRIAGE,)),
    KeyAction("take", ("enter",), "take it", "take the severity that the rules give", (TRIAGE,)),
    KeyAction("anomaly", ("c",), "no incident", "close it as a minor anomaly: nobody is paged", (TRIAGE,)),
    # People.
    KeyAction("give", ("enter",), "give a role", "give the role, or the person a role", (PEOPLE,)),
    KeyAction("stand_down", ("x",), "stand down", "end this person's role", (PEOPLE,)),
    KeyAction("called", ("c",), "called", "this person was called", (PEOPLE,)),
    KeyAction("reached", ("a",), "reached", "this person said yes", (PEOPLE,)),
    KeyAction("no_answer", ("n",), "no answer", "this person did not answer", (PEOPLE,)),
    KeyAction("copy", ("y",), "copy page text", "copy the text to send to this person", (PEOPLE,)),
    KeyAction("contact", ("e",), "contact", "add a contact, or change how to reach one", (PEOPLE,)),
    KeyAction("team", ("s",), "sub-team", "form a sub-team: one leader, one task", (PEOPLE,)),
    _opens(TRANSFER, "transfer", "t", "command", "take, offer or accept command", PEOPLE, shown=True),
    # Transfer of command.
    KeyAction("accept", ("a",), "yes, I accept", "accept command", (TRANSFER,)),
    KeyAction("offer", ("o",), "offer it to", "name a successor", (TRANSFER,)),
    KeyAction("heard", ("h",), "heard the yes", "accept for the successor, whose yes I heard on the call", (TRANSFER,)),
    KeyAction("take", ("t",), "I take it", "take command at once", (TRANSFER,)),
    KeyAction("withdraw", ("x",), "withdraw", "decline or withdraw the offer", (TRANSFER,)),
    KeyAction("copy", ("y",), "copy brief", "copy the brief, or what to announce", (TRANSFER,)),
    # Before resolving.
    KeyAction("resolve", ("enter",), "resolve", "resolve now; what is unmet only warns", (ENDING,)),
    KeyAction("pass_one", ("p",), "pass", "pass this point: it becomes somebody's by tomorrow", (ENDING,)),
    KeyAction("pass_to", ("o",), "pass to", "pass this point to a person you name", (ENDING,)),
    KeyAction("pass_all", ("P",), "pass all", "pass every point", (ENDING,)),
    KeyAction("holds", ("h",), "exit holds", "the exit criteria hold from now", (ENDING,)),
    KeyAction("watch", ("w",), "watch until", "only watch until a time, instead of resolving", (ENDING,)),
    # Tests of hypotheses.
    KeyAction("go_on", ("enter",), "begin, end", "begin the test; end it by saying what it showed", (TESTS,)),
    KeyAction("plan", ("n",), "new test", "plan a test: what to look at, for which hypotheses", (TESTS,)),
    KeyAction("begin_by", ("o",), "by another", "another begins the test", (TESTS,)),
    KeyAction("drop", ("x",), "leave out", "leave the test out", (TESTS,)),
    # Decisions.
    KeyAction("decide", ("enter",), "decide", "hearing none, we proceed: take the decision, and why", (DECIDING,)),
    KeyAction("put", ("n",), "propose", "put a proposal to the room", (DECIDING,)),
    KeyAction("object", ("o",), "objection", "note a strong objection, and whose", (DECIDING,)),
    KeyAction("answer", ("a",), "answer", "note what was said to the objection", (DECIDING,)),
    KeyAction("drop", ("x",), "drop", "drop the proposal, and why", (DECIDING,)),
    KeyAction("plan_b", ("p",), "plan B", "what is done if what runs now does not help", (DECIDING,)),
    # Several incidents.
    KeyAction("open", ("enter",), "open", "open the other incident", (TOGETHER,)),
    KeyAction("link", ("n",), "link", "say how this one bears on the other", (TOGETHER,)),
    KeyAction("fold", ("f",), "fold into it", "fold this one into the other: they are one", (TOGETHER,)),
    KeyAction("split", ("s",), "split", "split this one: a second incident, hypotheses go along", (TOGETHER,)),
    KeyAction("part", ("p",), "part", "give a part of this one to a commander of its own", (TOGETHER,)),
    KeyAction("unfold", ("x",), "unfold", "this one was no part of the other after all", (TOGETHER,)),
    # Alerts that wait.
    KeyAction("declare", ("enter",), "declare", "declare an incident from the alert", (INBOX,)),
    KeyAction("anomaly", ("c",), "no incident", "log it as a minor anomaly and close it", (INBOX,)),
    KeyAction("copy", ("y",), "copy", "copy what this page says", (DECIDING, TOGETHER, INBOX)),
    # Rules.
    KeyAction("level", tuple("12345"), "level", "another level in this cell, to try", (RULES,), told_key=True),
    KeyAction("cell_left", ("left", "h"), "left", "the cell to the left", (RULES,)),
    KeyAction("cell_right", ("right", "l"), "right", "the cell to the right", (RULES,)),
    KeyAction("keep", ("S",), "keep", "keep the changed table in the settings file", (RULES,)),
    KeyAction("change", ("enter", "e"), "change", "change the number", (RULES,)),
    KeyAction("switch", ("space",), "on, off", "switch warnings of this kind off, or on", (RULES,)),
    # Search over all incidents.
    KeyAction("open", ("enter",), "open", "open the incident at this line", (SEARCH,)),
    KeyAction("search", ("slash",), "search", "other words", (SEARCH,)),
    KeyAction("find", ("slash",), "find", "show only what has these words", LISTED),
    KeyAction("copy", ("y",), "copy", "copy what was found", (SEARCH,)),
    KeyAction(
        "undo",
        ("u",),
        "undo",
        "undo my last act; it says which",
        (TRIAGE, PEOPLE, TRANSFER, ENDING, TESTS, DECIDING, TOGETHER, INBOX),
    ),
    # The line that one types in.
    KeyAction("enter", ("enter",), "do it", "do what the words say", (CAPTURE,)),
    KeyAction("back", ("escape",), "back", "step back; what was typed is kept", (CAPTURE,)),
    KeyAction("earlier", ("up",), "earlier", "the line typed before", (CAPTURE,)),
    KeyAction("later", ("down",), "later", "the line typed after", (CAPTURE,), shown=False),
    # Composer.
    KeyAction("send", ("S",), "send: copy and record", "copy the text and record it as sent", (COMPOSER,)),
    KeyAction("fill", ("enter",), "fill in", "answer the first thing that is missing, in record and text", (COMPOSER,)),
    KeyAction("edit", ("e",), "edit", "edit the text", (COMPOSER,)),
    KeyAction("copy", ("y",), "copy only", "copy the text, record nothing", (COMPOSER,)),
    KeyAction("audience", ("a",), "audience", "say to whom", (COMPOSER,)),
    KeyAction("stage", ("s",), "stage", "say at which stage", (COMPOSER,)),
    KeyAction("language", ("g",), "language", "write it in the other language", (COMPOSER,)),
    KeyAction("form", ("f",), "form", "pick the channel's form", (COMPOSER,)),
    KeyAction("approve", ("A",), "approve", "ask the commander to approve this text, or approve it", (COMPOSER,)),
    KeyAction("anew", ("d",), "draft anew", "draft it anew from the record", (COMPOSER,)),
    KeyAction("take", tuple("123456789"), "take", "take the suggestion of that number", (COMPOSER,), told_key=True),
    KeyAction("read", ("escape",), "read again", "leave the text; it is kept", (TEXT,)),
    # Walkthrough.
    KeyAction("done", ("space", "enter"), "done", "the step is done; pass the pause point; close the run", (WALK,)),
    KeyAction("failed", ("f",), "failed", "the step failed, and how", (WALK,)),
    KeyAction("ask", ("a",), "ask", "ask the step aloud: another person answers it", (WALK,)),
    KeyAction("not_applicable", ("n",), "not applicable", "the step does not apply here, and why", (WALK,)),
    KeyAction("defer", ("d",), "defer", "leave the step for later, and why; it is asked again", (WALK,)),
    KeyAction("back_out", ("b",), "back out", "leave this way: pick the way back", (WALK,)),
    KeyAction("pause", ("p",), "pause", "pause the run, for you or another", (WALK,)),
    KeyAction("copy", ("y",), "copy", "copy the command of the step, else its link or its words", (WALK,)),
    KeyAction("evidence", ("e",), "evidence", "keep what was seen at the step: type or paste it", (WALK,)),
    KeyAction("skip", ("s",), "skip", "skip the step, and why", (WALK,)),
    KeyAction("value", ("v",), "value", "the step is done, with the value that was seen", (WALK,)),
    KeyAction("override", ("O",), "override", "go on past this item, with a reason on the record", (WALK,)),
    KeyAction("reopen", ("o",), "open again", "open the step again", (WALK,)),
    KeyAction("close", ("x",), "close", "close the run", (WALK,)),
    KeyAction("answered_with", ("A",), "asked by", "done, asked aloud by a person that you name", (WALK,)),
    KeyAction("pair", ("P",), "two people", "killer items need two people from now on, or no more", (WALK,)),
    KeyAction("waive", ("W",), "waive", "go on past open killer items, for an emergency", (WALK,)),
    KeyAction("copy_link", ("l",), "copy link", "copy the link of the step", (WALK,)),
    KeyAction(
        "undo",
        ("u",),
        "undo",
        "undo my last act; it says which",
        (WALK, *OPERATIONS, *LEARNING, *REGISTERS),
        shown=False,
    ),
    # Deployments.
    KeyAction("go_on", ("enter",), "go on", "start what is planned; end what runs as done", (DEPLOYMENTS,)),
    KeyAction(
        "incident", ("i",), "turned bad: incident", "it turned bad: an incident, with it suspected", (DEPLOYMENTS,)
    ),
    KeyAction("roll_back", ("b",), "roll back", "walk the way back of the deployment", (DEPLOYMENTS,)),
    KeyAction("new", ("n",), "new", "a new deployment: what, version, on which systems", (DEPLOYMENTS,)),
    KeyAction("checklist", ("c",), "checklist", "walk a checklist beside it", (DEPLOYMENTS, CHANGES)),
    KeyAction("failed", ("f",), "failed", "it failed, and what was seen", (DEPLOYMENTS,)),
    # Changes.
    KeyAction("go_on", ("enter",), "next stage", "begin its next stage, when nothing is missing", (CHANGES,)),
    KeyAction("new", ("n",), "plan", "plan a change: its name, then questions by digits", (CHANGES,)),
    KeyAction("approve", ("a",), "approve", "approve the version that is planned now", (CHANGES,)),
    KeyAction("refuse", ("r",), "refuse", "refuse this version, and why", (CHANGES,)),
    KeyAction("edit", ("e",), "edit", "its stages, window, deadline or answers: a new version", (CHANGES,)),
    KeyAction("deploy", ("d",), "deploy", "record the deployment that carries it out", (CHANGES,)),
    KeyAction("close", ("x",), "end", "end it: done, failed, rolled back, withdrawn", (CHANGES,)),
    KeyAction("answer_for", ("A",), "answer for it", "approve it, and answer for going ahead", (CHANGES,)),
    KeyAction("emergency", ("E",), "emergency", "begin its next stage now, past what is missing", (CHANGES,)),
    KeyAction("measure", ("m",), "proportion", "which share took which path, and how each failed", (CHANGES,)),
    KeyAction("freeze", ("f",), "freeze", "change nothing for a time: from when to when, and why", (CHANGES,)),
    KeyAction("except", ("F",), "let through", "let it through a freeze, and why", (CHANGES,), shown=False),
    # Lists to walk, and what their runs taught.
    KeyAction("learn", ("l",), "what it caught", "what the runs of the list taught, and what to change", (PICKING,)),
    KeyAction("take", ("enter",), "take it", "do what is proposed: the list's next version", (TAUGHT,)),
    KeyAction("review", ("v",), "looked through", "note that it was looked through, and what came of it", (TAUGHT,)),
    # The questions of risk.
    KeyAction("answer", tuple("123456"), "answer", "the answer of that number", (RISK,), told_key=True),
    KeyAction("unknown", ("space", "0"), "don't know", "no answer; on to the next question", (RISK,)),
    KeyAction("take", ("enter",), "record it", "record the change with these answers", (RISK,)),
    KeyAction("lower", ("l",), "lower it", "go to the answer that alone lowers the level", (RISK,)),
    # Due.
    KeyAction("done", ("enter", "space"), "done", "it is done, and what shows it", (DUE,)),
    KeyAction("snooze", ("s",), "put off", "put it off to a day, and why", (DUE,)),
    KeyAction("redate", ("d",), "new date", "give it another date, and why", (DUE,)),
    KeyAction("give", ("o",), "give to", "give it to another person", (DUE,)),
    KeyAction("drop", ("x",), "drop", "end it undone, and why", (DUE,)),
    KeyAction("new", ("n",), "owe", "something more that is owed, and by when", (DUE,)),
    KeyAction("walk", ("w",), "rehearse", "walk the way back that is to be rehearsed", (DUE,)),
    # Ways back.
    KeyAction("drill", ("enter",), "rehearse", "rehearse the way back: a drill", (DRILLS,)),
    KeyAction("roll_back", ("b",), "go back", "walk the way back for real", (DRILLS,)),
    KeyAction("history", ("h",), "runs", "its drills and its real runs", (DRILLS,)),
    # Seen before.
    KeyAction("confirm", ("a",), "that again", "confirm: this incident repeats that one", (SEEN_BEFORE,)),
    KeyAction("refuse", ("x",), "another", "refuse the link, and why; it is remembered", (SEEN_BEFORE,)),
    KeyAction("open", ("enter",), "open", "open the war room of the earlier incident", (SEEN_BEFORE,)),
    # Postmortems.
    KeyAction(
        "open", ("enter",), "open", "walk through the postmortem, and open one where there is none", (POSTMORTEMS,)
    ),
    KeyAction("done", ("d",), "improvement done", "close the improvement with what shows it", (POSTMORTEMS,)),
    KeyAction("give", ("o",), "give to", "give the postmortem, or the improvement, to another", (POSTMORTEMS,)),
    # The walk through a postmortem.
    KeyAction("fill", ("enter",), "answer, fill in", "answer, or say the first thing that is missing", (POSTMORTEM,)),
    KeyAction("next", ("right", "space"), "next", "the next step", (POSTMORTEM,)),
    KeyAction("before", ("left", "backspace"), "step before", "the step before", (POSTMORTEM,)),
    KeyAction("add", ("n",), "add", "add an answer, a factor or an improvement", (POSTMORTEM,)),
    KeyAction("preview", ("p",), "as text", "the postmortem as text: to read, copy or write", (POSTMORTEM,)),
    KeyAction("edit", ("e",), "edit", "other words for what is selected", (POSTMORTEM,)),
    KeyAction("kind", ("t",), "type", "the kind of the factor, the type of the improvement", (POSTMORTEM,)),
    KeyAction(
        "give", ("o",), "whose, when", "one owner and a day: of the improvement, of the postmortem", (POSTMORTEM,)
    ),
    KeyAction("done", ("d",), "done", "close the improvement with what shows it", (POSTMORTEM,)),
    KeyAction("remove", ("x",), "take out", "take out; keep the improvement as an idea, and why", (POSTMORTEM,)),
    KeyAction("choose", ("a",), "choose", "take the idea among the few that will be done", (POSTMORTEM,)),
    KeyAction("shown_by", ("s",), "shown by", "what shows the factor, what will show the improvement", (POSTMORTEM,)),
    KeyAction("done_when", ("w",), "done when", "how one tells that the improvement is done", (POSTMORTEM,)),
    KeyAction("link", ("f",), "factor", "the factor that the improvement answers", (POSTMORTEM,)),
    KeyAction("behind", ("b",), "behind it", "what made the factor possible", (POSTMORTEM,)),
    KeyAction("state", ("S",), "state", "in review, published, dropped", (POSTMORTEM,)),
    KeyAction(
        "go_to", tuple("123456789"), "go to", "the step of that number", (POSTMORTEM,), shown=False, told_key=True
    ),
    KeyAction(
        "other_side", ("tab",), "the record", "scroll the record beside, or go back to the questions", (POSTMORTEM,)
    ),
    # The postmortem as text.
    KeyAction("write", ("w",), "write", "write it to a file: .md, .html or .json", (PREVIEW,)),
    KeyAction("redact", ("r",), "names out, in", "take the names out for outside readers, or back in", (PREVIEW,)),
    # Problems.
    KeyAction("open", ("enter",), "open", "open the proposal as a problem; open the last incident of one", (PROBLEMS,)),
    KeyAction("give", ("o",), "give to", "who sees to it", (PROBLEMS,)),
    KeyAction("tried", ("n",), "tried", "what was tried", (PROBLEMS,)),
    KeyAction("ends", ("w",), "ends when", "what would show that it has ended", (PROBLEMS,)),
    KeyAction("state", ("s",), "state", "watched, ended, dropped, open again; and why", (PROBLEMS,)),
    # Measures.
    KeyAction("measure", ("n",), "next measure", "another duration", (MEASURES,)),
    KeyAction("group", ("s",), "split by", "by severity, system, factor, or all together", (MEASURES,)),
    KeyAction("since", ("d",), "days", "of 90 days, a year, all, or a month", (MEASURES,)),
    KeyAction("copy", ("y",), "copy", "copy what this page says", (*OPERATIONS, *LEARNING)),
    # The week ahead.
    KeyAction("open", ("enter",), "open", "open what it is about", (WEEK,)),
    KeyAction("done", ("space",), "done", "it is done, and what shows it", (WEEK,)),
    KeyAction("snooze", ("s",), "put off", "put it off to a day, and why", (WEEK,)),
    KeyAction("redate", ("d",), "new date", "give it another date, and why", (WEEK,)),
    KeyAction("give", ("o",), "give to", "give it to another person", (WEEK,)),
    KeyAction("drop", ("x",), "drop", "end it undone, and why", (WEEK,)),
    KeyAction("mine", ("f",), "mine", "show only what is mine, or all again", (WEEK,)),
    KeyAction("longer", ("l",), "longer", "look 7, 30 or 90 days ahead", (WEEK,)),
    KeyAction("copy", ("y",), "copy", "copy it as Markdown", (WEEK,)),
    # Vendors.
    KeyAction("open", ("enter",), "open", "open the contract in full", (VENDORS,)),
    KeyAction("new", ("n",), "new", "a new vendor; its due diligence is owed", (VENDORS,)),
    KeyAction("decide", ("d",), "decide", "renew, renegotiate, leave; or it may renew itself", (VENDORS, VENDOR)),
    KeyAction("notice", ("t",), "notice given", "notice was given, and what proves it", (VENDORS, VENDOR)),
    KeyAction("edit", ("e",), "edit", "change what is known of the contract", (VENDORS, VENDOR)),
    KeyAction("brief", ("b",), "brief", "what to know before it renews, on one page", (VENDORS, VENDOR)),
    KeyAction("review", ("r",), "review", "keep what a review came to", (VENDORS, VENDOR)),
    KeyAction("promise", ("p",), "promise", "a figure that the vendor promised", (VENDORS, VENDOR)),
    KeyAction("measure", ("f",), "figure", "what was reached in a month, of what was promised", (VENDORS, VENDOR)),
    KeyAction("claim", ("l",), "credit", "what came of the credit for a figure that was missed", (VENDORS, VENDOR)),
    KeyAction("spent", ("m",), "cost", "what the contract cost in a year", (VENDORS, VENDOR)),
    KeyAction("diligence", ("w",), "diligence", "walk its due diligence as a checklist", (VENDORS, VENDOR)),
    KeyAction("end", ("x",), "over", "the contract is over, and why", (VENDORS, VENDOR)),
    KeyAction("concentration", ("c",), "concentration", "how much hangs on how few", (VENDORS,)),
    # Documents.
    KeyAction("open", ("enter",), "open", "open it: how stale it is, then the copy that is kept", (DOCUMENTS,)),
    KeyAction("verify", ("v",), "verify", "somebody followed it, and what was checked", (DOCUMENTS, DOCUMENT)),
    KeyAction("copy_link", ("y",), "copy path", "copy its path or its link", (DOCUMENTS, DOCUMENT)),
    KeyAction("wrong", ("w",), "wrong", "say what a reader found wrong", (DOCUMENTS, DOCUMENT)),
    KeyAction("new", ("n",), "new", "a document, and where it is", (DOCUMENTS,)),
    KeyAction("edit", ("e",), "edit", "change what is known of it", (DOCUMENTS, DOCUMENT)),
    KeyAction(
        "keep", ("t",), "keep text", "keep a copy of its text from a file, to read offline", (DOCUMENTS, DOCUMENT)
    ),
    KeyAction("copy", ("c",), "copy text", "copy what this page says", (DOCUMENT,)),
    # Meetings.
    KeyAction("note", ("enter",), "what came of it", "what came of one time: outputs, decisions", (MEETINGS,)),
    KeyAction("agenda", ("a",), "agenda", "walk an agenda that fills from the board", (MEETINGS,)),
    KeyAction("new", ("n",), "new", "a meeting, its length, how often, with whom", (MEETINGS,)),
    KeyAction("edit", ("e",), "edit", "change what is known of it", (MEETINGS,)),
    KeyAction("try_out", ("t",), "try smaller", "try it shorter or rarer four times", (MEETINGS,)),
    KeyAction("written", ("w",), "in writing", "copy what stands in for telling, deciding, showing", (MEETINGS,)),
    KeyAction("end", ("x",), "end", "end it, and why", (MEETINGS,)),
    # Dependencies and decisions across teams.
    KeyAction(
        "line", ("enter",), "line", "keep the line that came: [A] outcome - change - date - ask", (DEPENDENCIES,)
    ),
    KeyAction("ask_line", ("a",), "ask", "copy the text that asks the team for its line", (DEPENDENCIES,)),
    KeyAction("promise", ("p",), "promised", "the day that was promised, and how sure it is", (DEPENDENCIES,)),
    KeyAction("block", ("b",), "blocked", "what was asked and not answered; or the answer", (DEPENDENCIES,)),
    KeyAction("new", ("n",), "new", "what a team needs of another, by when", (DEPENDENCIES,)),
    KeyAction("edit", ("e",), "edit", "change what is known of it", (DEPENDENCIES,)),
    KeyAction("tree", ("w",), "who waits", "who waits for whom, as a tree", (DEPENDENCIES,)),
    _opens(QUESTIONS, "questions", "d", "decisions", "decisions that cross teams", DEPENDENCIES, shown=True),
    KeyAction("close", ("x",), "close", "it was delivered, or is no longer needed", (DEPENDENCIES,)),
    KeyAction("take", ("enter",), "decided", "what was decided, and why", (QUESTIONS,)),
    KeyAction("new", ("n",), "ask", "a question that crosses teams: one decides", (QUESTIONS,)),
    KeyAction("reopen", ("o",), "open again", "open a decision again, and why", (QUESTIONS,)),
    # Coming and leaving, systems.
    KeyAction("open", ("enter",), "open", "all that a person owns", (COMING,)),
    KeyAction("done", ("space",), "done", "the milestone is reached, and what shows it", (COMING,)),
    KeyAction("new", ("n",), "somebody begins", "somebody begins: milestones are owed", (COMING,)),
    KeyAction("map", ("m",), "map", "a newcomer's map of what there is", (COMING,)),
    KeyAction("hand_over", ("o",), "hand over", "all goes to another; the person leaves", (HANDOVER,)),
    KeyAction("hand_on", ("s",), "hand on", "all goes to another; the person stays", (HANDOVER,)),
    KeyAction("open", ("enter",), "tree", "what it cannot do without, and what hangs on it", (SYSTEMS,)),
    KeyAction("new", ("n",), "new", "a system, its team, what it needs", (SYSTEMS,)),
    KeyAction("edit", ("e",), "edit", "change what is known of it", (SYSTEMS,)),
    KeyAction(
        "copy",
        ("y",),
        "copy",
        "copy what this page says",
        (VENDORS, VENDOR, MEETINGS, DEPENDENCIES, QUESTIONS, COMING, HANDOVER, SYSTEMS),
    ),
    # Moving, in every list.
    KeyAction("down", ("j", "down"), "down", "go down", (LISTS,), shown=False),
    KeyAction("up", ("k", "up"), "up", "go up", (LISTS,), shown=False),
    KeyAction("page_down", ("pagedown",), "page down", "go a page down", (LISTS,), shown=False),
    KeyAction("page_up", ("pageup",), "page up", "go a page up", (LISTS,), shown=False),
    KeyAction("first", ("g", "home"), "first", "go to the first", (LISTS,), shown=False),
    KeyAction("last", ("G", "end"), "last", "go to the last", (LISTS,), shown=False),
    # On every screen.
    KeyAction(
        "help", ("question_mark", "f1"), "keys", "the keys of this screen", (ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES)
    ),
    KeyAction("palette", ("colon", "ctrl+p"), "everything", "find any command by its words", (ROOM, HOME)),
    KeyAction(
        "step_back", ("escape",), "back", "step back one", (ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES), shown=False
    ),
    KeyAction("leave", ("q",), "leave", "back to home; from home, quit", (ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES)),
)

_SAID = {
    "exclamation_mark": "!",
    "full_stop": ".",
    "equals_sign": "=",
    "number_sign": "#",
    "at": "@",
    "greater_than_sign": ">",
    "plus": "+",
    "minus": "-",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
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
    """A key as people say and see it."""
    return _SAID.get(key, key)


def of(*places: str) -> Iterator[KeyAction]:
    """The actions of these places, in the order of the table."""
    return iter(_of(places))


@lru_cache(maxsize=64)
def _of(places: tuple[str, ...]) -> tuple[KeyAction, ...]:
    return tuple(action for action in TABLE if any(place in action.places for place in places))


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
