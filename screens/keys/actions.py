"""The one table of what keys do. Bindings, footer, help, palette and docs derive from it, and cannot disagree.

A screen answers an action with its method `action_<name>`; a pane's actions are answered by the screen it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from textual.binding import Binding, BindingType

ROOM = "war room"
STATUS, HYPOTHESES, ORDERS, UPDATES, CHECKLISTS, TIMELINE = (
    "status",
    "hypotheses",
    "actions",
    "updates",
    "checklists",
    "timeline",
)
PANES = (STATUS, HYPOTHESES, ORDERS, UPDATES, CHECKLISTS, TIMELINE)
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

#: Places whose keys a screen answers for a widget that stands on it.
_ANSWERED_BY_SCREEN = frozenset({*PANES, PLAYBACK, TEXT})


@dataclass(frozen=True, slots=True)
class Action:
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

    @property
    def sign(self) -> str:
        """The key to show for it; the first and the last where it has many alike."""
        return f"{self.keys[0]}-{self.keys[-1]}" if self.told_key else say_key(self.keys[0])


def _wide(sign: str, full_width: str) -> tuple[str, ...]:
    return (sign, full_width)


TABLE: tuple[Action, ...] = (
    # What the selected thing in a pane takes, most used first.
    Action("rule_out", ("x",), "rule out", "rule the hypothesis out, with a reason", (HYPOTHESES,)),
    Action("evidence_for", _wide("plus", "fullwidth_plus_sign"), "for", "evidence for the hypothesis", (HYPOTHESES,)),
    Action(
        "evidence_against",
        _wide("minus", "fullwidth_hyphen_minus"),
        "against",
        "evidence against the hypothesis",
        (HYPOTHESES,),
    ),
    Action("next_test", ("n",), "next test", "the next best test, and those that run", (HYPOTHESES,)),
    Action("refine", ("H",), "child", "a hypothesis that refines this one", (HYPOTHESES,), shown=False),
    Action("predict", ("W",), "predict", "what we would see if it is true, or false", (HYPOTHESES,), shown=False),
    Action("acknowledge", ("a",), "acknowledge", "acknowledge the order", (ORDERS,)),
    Action("report", ("enter",), "say result", "say what came of the order", (ORDERS,)),
    Action("cancel", ("x",), "cancel", "cancel the order, with a reason", (ORDERS,)),
    Action("more_time", _wide("plus", "fullwidth_plus_sign"), "more time", "give the order more time", (ORDERS,)),
    Action("say_undo", ("U",), "undone how", "say how what was ordered is undone", (ORDERS,), shown=False),
    Action(
        "lasts_until",
        ("L",),
        "lasts until",
        "say until when what was ordered stays, if it is temporary",
        (ORDERS,),
        shown=False,
    ),
    Action("question", ("n",), "question", "note who asked what from outside", (UPDATES,), by_pane=True),
    Action("answer", ("a",), "answer", "answer the question, or the text to approve", (UPDATES,), by_pane=True),
    Action(
        "put_off",
        _wide("plus", "fullwidth_plus_sign"),
        "put off",
        "put the next word off, or stop regular ones, with a reason",
        (UPDATES,),
        by_pane=True,
    ),
    Action("walk", ("enter",), "walk", "walk through the checklist", (CHECKLISTS,)),
    Action("filter", ("f",), "filter", "show one kind of line, then the next", (TIMELINE,)),
    Action("correct", ("e",), "correct", "say the line better, or when it was; what stood there is kept", (TIMELINE,)),
    Action("strike", ("x",), "strike out", "strike the line out, with a reason; or let it count again", (TIMELINE,)),
    Action("other_order", ("O",), "order", "by when it was recorded, or by when it happened", (TIMELINE,), shown=False),
    Action("by_person", ("F",), "by person", "show one person's lines, then the next one's", (TIMELINE,)),
    Action("open", ("enter", "e"), "open", "open it in full, with its history", (STATUS, HYPOTHESES, UPDATES)),
    Action("open", ("e",), "open", "open it in full, with its history", (ORDERS, CHECKLISTS)),
    Action("open", ("enter",), "open", "open it in full, with its history", (TIMELINE,)),
    # What is always one key away in the war room.
    Action("log", ("l",), "log", "log what you see", (ROOM,)),
    Action("hypothesis", ("h", "fullwidth_question_mark"), "hypothesis", "say what could explain this", (ROOM,)),
    Action("order", ("o", *_wide("exclamation_mark", "fullwidth_exclamation_mark")), "order", "order a task", (ROOM,)),
    Action("decision", ("d", *_wide("equals_sign", "fullwidth_equals_sign")), "decision", "note a decision", (ROOM,)),
    Action("message", ("m",), "message", "write a message to stakeholders", (ROOM,)),
    Action("status", ("s",), "status", "set the status", (ROOM,)),
    Action("severity", ("v",), "severity", "set the severity", (ROOM,)),
    Action("checklist", ("c",), "checklist", "walk the open checklist, or pick one", (ROOM,)),
    Action("roll_back", ("b",), "back out", "pick a rollback procedure", (ROOM,)),
    Action("changed", ("C",), "what changed", "what changed before it, nearest first", (ROOM,), shown=False),
    Action("seen_before", ("K",), "seen before", "earlier incidents like this: what helped then", (ROOM,), shown=False),
    Action("postmortem", ("P",), "postmortem", "the postmortem of this incident, step by step", (ROOM,), shown=False),
    Action("waiting", ("w",), "waiting for", "what are we waiting for?", (ROOM,)),
    Action("since", ("i",), "news", "what happened since I last looked", (ROOM,)),
    Action("undo", ("u",), "undo", "undo my last act; it says which", (ROOM,)),
    Action("accept", ("a", "space"), "accept", "do what the line under the header asks of me", (ROOM,), shown=False),
    Action(
        "not_now",
        ("full_stop", "ideographic_full_stop"),
        "not now",
        "keep the line under the header away for half an hour",
        (ROOM,),
        shown=False,
    ),
    Action("transfer", ("t",), "command", "take, offer or accept command", (ROOM,)),
    Action("roles", ("r",), "people", "who does what, who is free, whom to call; roles", (ROOM,)),
    Action("copy", ("y",), "copy", "copy the selected thing", (ROOM,)),
    Action("zoom", ("z",), "zoom", "show this pane alone, or all again", (ROOM,)),
    Action("search", ("slash",), "search", "show only lines with these words", (ROOM,)),
    Action("search", ("slash",), "search", "search all incidents", (HOME,)),
    Action(
        "hash",
        _wide("number_sign", "fullwidth_number_sign"),
        "set",
        "status, severity, milestone, impact",
        (ROOM,),
        shown=False,
    ),
    Action("person", _wide("at", "fullwidth_commercial_at"), "person", "a person and a role", (ROOM,), shown=False),
    Action(
        "said",
        _wide("greater_than_sign", "fullwidth_greater_than_sign"),
        "sent",
        "note an update that was sent",
        (ROOM,),
        shown=False,
    ),
    Action("triage", ("T",), "triage", "how bad is it? severity by rules, in twenty seconds", (ROOM,), shown=False),
    Action("ending", ("E",), "unmet", "what is unmet before resolving", (ROOM,), shown=False),
    Action("rules", ("R",), "rules", "severity rules, thresholds and warnings", (ROOM, HOME), shown=False),
    Action("decide", ("Y",), "decide", "put a decision to the room: objections, why, plan B", (ROOM,), shown=False),
    Action("together", ("I",), "incidents", "link, fold, split incidents; parts of one", (ROOM, HOME), shown=False),
    Action("search_all", ("S",), "search all", "search all incidents", (ROOM,), shown=False),
    Action("documents", ("D",), "documents", "documents on its systems, and how stale they are", (ROOM,), shown=False),
    Action("vendor", ("V",), "vendor", "a vendor had a part in it, or caused it", (ROOM,), shown=False),
    Action("mute", ("M",), "bell", "the bell on alarms: off, or on again", (ROOM, HOME), shown=False),
    Action("keep_first", ("A",), "keep first", "settle the alarm: the first value stands", (ROOM,), shown=False),
    Action("keep_second", ("B",), "keep second", "settle the alarm: the second value stands", (ROOM,), shown=False),
    Action("go_status", ("1",), "status", "go to Status", (ROOM,), shown=False),
    Action("go_hypotheses", ("2",), "hypotheses", "go to Hypotheses", (ROOM,), shown=False),
    Action("go_actions", ("3",), "actions", "go to Actions", (ROOM,), shown=False),
    Action("go_updates", ("4",), "updates", "go to Updates", (ROOM,), shown=False),
    Action("go_checklists", ("5",), "checklists", "go to Checklists", (ROOM,), shown=False),
    Action("go_timeline", ("6",), "timeline", "go to Timeline", (ROOM,), shown=False),
    Action("next_pane", ("tab",), "next pane", "go to the next pane", (ROOM,), shown=False),
    Action("previous_pane", ("shift+tab",), "pane before", "go to the pane before", (ROOM,), shown=False),
    # Playback.
    Action("pause", ("p",), "pause", "pause the playback, or go on", (PLAYBACK,)),
    Action("slower", ("left_square_bracket",), "slower", "play slower", (PLAYBACK,)),
    Action("faster", ("right_square_bracket",), "faster", "play faster", (PLAYBACK,)),
    # Home.
    Action("open", ("enter",), "open", "open the incident", (HOME,)),
    Action("declare", ("n",), "declare", "declare an incident: a title and enter", (HOME,)),
    Action("undo", ("u",), "undo", "undo my last act; it says which", (HOME,)),
    Action("fold", ("f",), "fold", "fold the two that may be one", (HOME,), shown=False),
    Action(
        "keep_apart",
        ("full_stop", "ideographic_full_stop"),
        "two",
        "say that they are two incidents",
        (HOME,),
        shown=False,
    ),
    Action(
        "anomaly", ("a",), "minor anomaly", "log a minor anomaly and close it: nobody is paged", (HOME,), shown=False
    ),
    Action("inbox", ("i",), "alerts", "alerts that wait: declare, or log and close", (HOME,), shown=False),
    Action("name", ("N",), "my name", "say who you are", (HOME,)),
    Action("deployments", ("d",), "deployments", "what goes out: begin, end, turned bad", (HOME,), shown=False),
    Action("changes", ("p",), "plan a change", "planned changes, and their risk", (HOME,), shown=False),
    Action("due", ("o",), "owed", "what is owed, and by when", (HOME,), shown=False),
    Action("checklists", ("c",), "checklists", "walk a checklist without an incident", (HOME,), shown=False),
    Action("ways_back", ("b",), "ways back", "ways back, and their drills", (HOME,), shown=False),
    Action(
        "postmortems", ("P",), "postmortems", "postmortems, and the improvements that are open", (HOME,), shown=False
    ),
    Action("problems", ("T",), "three times", "problems: what happens again and again", (HOME,), shown=False),
    Action("measures", ("v",), "measures", "counts, medians and p90 of incidents; alert load", (HOME,), shown=False),
    Action("week", ("w",), "week ahead", "what will hurt if nobody acts, by owner", (HOME,), shown=False),
    Action("vendors", ("V",), "vendors", "vendors: notice days, commitments, concentration", (HOME,), shown=False),
    Action("documents", ("D",), "documents", "documents: how stale, what to follow first", (HOME,), shown=False),
    Action("meetings", ("m",), "meetings", "meetings: what they cost, and which drift", (HOME,), shown=False),
    Action("teams", ("t",), "teams", "what teams need of each other, and the slack left", (HOME,), shown=False),
    Action("coming", ("r",), "people", "who comes, who leaves, and what each one owns", (HOME,), shown=False),
    Action("systems", ("s",), "systems", "the catalog of systems", (HOME,), shown=False),
    # A page that shows one thing in full.
    Action("open", ("enter",), "open", "open or take the selected line", (PAGE,)),
    Action("copy", ("y",), "copy", "copy this page", (PAGE,)),
    # Triage.
    Action("yes", ("y",), "yes", "yes; on to the next question", (TRIAGE,)),
    Action("no", ("n",), "no", "no; on to the next question", (TRIAGE,)),
    Action("answer", tuple("123456789"), "answer", "the answer of that number", (TRIAGE,), told_key=True),
    Action("unknown", ("space", "0"), "don't know", "nobody knows; on to the next question", (TRIAGE,)),
    Action("take", ("enter",), "take it", "take the severity that the rules give", (TRIAGE,)),
    Action("anomaly", ("c",), "no incident", "close it as a minor anomaly: nobody is paged", (TRIAGE,)),
    # People.
    Action("give", ("enter",), "give a role", "give the role, or the person a role", (PEOPLE,)),
    Action("stand_down", ("x",), "stand down", "end this person's role", (PEOPLE,)),
    Action("called", ("c",), "called", "this person was called", (PEOPLE,)),
    Action("reached", ("a",), "reached", "this person said yes", (PEOPLE,)),
    Action("no_answer", ("n",), "no answer", "this person did not answer", (PEOPLE,)),
    Action("copy", ("y",), "copy page text", "copy the text to send to this person", (PEOPLE,)),
    Action("contact", ("e",), "contact", "add a contact, or change how to reach one", (PEOPLE,)),
    Action("team", ("s",), "sub-team", "form a sub-team: one leader, one task", (PEOPLE,)),
    Action("transfer", ("t",), "command", "take, offer or accept command", (PEOPLE,)),
    # Transfer of command.
    Action("accept", ("a",), "yes, I accept", "accept command", (TRANSFER,)),
    Action("offer", ("o",), "offer it to", "name a successor", (TRANSFER,)),
    Action("heard", ("h",), "heard the yes", "accept for the successor, whose yes I heard on the call", (TRANSFER,)),
    Action("take", ("t",), "I take it", "take command at once", (TRANSFER,)),
    Action("withdraw", ("x",), "withdraw", "decline or withdraw the offer", (TRANSFER,)),
    Action("copy", ("y",), "copy brief", "copy the brief, or what to announce", (TRANSFER,)),
    # Before resolving.
    Action("resolve", ("enter",), "resolve", "resolve now; what is unmet only warns", (ENDING,)),
    Action("pass_one", ("p",), "pass", "pass this point: it becomes somebody's by tomorrow", (ENDING,)),
    Action("pass_to", ("o",), "pass to", "pass this point to a person you name", (ENDING,)),
    Action("pass_all", ("P",), "pass all", "pass every point", (ENDING,)),
    Action("holds", ("h",), "exit holds", "the exit criteria hold from now", (ENDING,)),
    Action("watch", ("w",), "watch until", "only watch until a time, instead of resolving", (ENDING,)),
    # Tests of hypotheses.
    Action("go_on", ("enter",), "begin, end", "begin the test; end it by saying what it showed", (TESTS,)),
    Action("plan", ("n",), "new test", "plan a test: what to look at, for which hypotheses", (TESTS,)),
    Action("begin_by", ("o",), "by another", "another begins the test", (TESTS,)),
    Action("drop", ("x",), "leave out", "leave the test out", (TESTS,)),
    # Decisions.
    Action("decide", ("enter",), "decide", "hearing none, we proceed: take the decision, and why", (DECIDING,)),
    Action("put", ("n",), "propose", "put a proposal to the room", (DECIDING,)),
    Action("object", ("o",), "objection", "note a strong objection, and whose", (DECIDING,)),
    Action("answer", ("a",), "answer", "note what was said to the objection", (DECIDING,)),
    Action("drop", ("x",), "drop", "drop the proposal, and why", (DECIDING,)),
    Action("plan_b", ("p",), "plan B", "what is done if what runs now does not help", (DECIDING,)),
    # Several incidents.
    Action("open", ("enter",), "open", "open the other incident", (TOGETHER,)),
    Action("link", ("n",), "link", "say how this one bears on the other", (TOGETHER,)),
    Action("fold", ("f",), "fold into it", "fold this one into the other: they are one", (TOGETHER,)),
    Action("split", ("s",), "split", "split this one: a second incident, hypotheses go along", (TOGETHER,)),
    Action("part", ("p",), "part", "give a part of this one to a commander of its own", (TOGETHER,)),
    Action("unfold", ("x",), "unfold", "this one was no part of the other after all", (TOGETHER,)),
    # Alerts that wait.
    Action("declare", ("enter",), "declare", "declare an incident from the alert", (INBOX,)),
    Action("anomaly", ("c",), "no incident", "log it as a minor anomaly and close it", (INBOX,)),
    Action("copy", ("y",), "copy", "copy what this page says", (DECIDING, TOGETHER, INBOX)),
    # Rules.
    Action("level", tuple("12345"), "level", "another level in this cell, to try", (RULES,), told_key=True),
    Action("cell_left", ("left", "h"), "left", "the cell to the left", (RULES,)),
    Action("cell_right", ("right", "l"), "right", "the cell to the right", (RULES,)),
    Action("keep", ("S",), "keep", "keep the changed table in the settings file", (RULES,)),
    Action("change", ("enter", "e"), "change", "change the number", (RULES,)),
    Action("switch", ("space",), "on, off", "switch warnings of this kind off, or on", (RULES,)),
    # Search over all incidents.
    Action("open", ("enter",), "open", "open the incident at this line", (SEARCH,)),
    Action("search", ("slash",), "search", "other words", (SEARCH,)),
    Action("find", ("slash",), "find", "show only what has these words", LISTED),
    Action("copy", ("y",), "copy", "copy what was found", (SEARCH,)),
    Action(
        "undo",
        ("u",),
        "undo",
        "undo my last act; it says which",
        (TRIAGE, PEOPLE, TRANSFER, ENDING, TESTS, DECIDING, TOGETHER, INBOX),
    ),
    # The line that one types in.
    Action("enter", ("enter",), "do it", "do what the words say", (CAPTURE,)),
    Action("back", ("escape",), "back", "step back; what was typed is kept", (CAPTURE,)),
    Action("earlier", ("up",), "earlier", "the line typed before", (CAPTURE,)),
    Action("later", ("down",), "later", "the line typed after", (CAPTURE,), shown=False),
    # Composer.
    Action("send", ("S",), "send: copy and record", "copy the text and record it as sent", (COMPOSER,)),
    Action("fill", ("enter",), "fill in", "answer the first thing that is missing, in record and text", (COMPOSER,)),
    Action("edit", ("e",), "edit", "edit the text", (COMPOSER,)),
    Action("copy", ("y",), "copy only", "copy the text, record nothing", (COMPOSER,)),
    Action("audience", ("a",), "audience", "say to whom", (COMPOSER,)),
    Action("stage", ("s",), "stage", "say at which stage", (COMPOSER,)),
    Action("language", ("g",), "language", "write it in the other language", (COMPOSER,)),
    Action("form", ("f",), "form", "pick the channel's form", (COMPOSER,)),
    Action("approve", ("A",), "approve", "ask the commander to approve this text, or approve it", (COMPOSER,)),
    Action("anew", ("d",), "draft anew", "draft it anew from the record", (COMPOSER,)),
    Action("take", tuple("123456789"), "take", "take the suggestion of that number", (COMPOSER,), told_key=True),
    Action("read", ("escape",), "read again", "leave the text; it is kept", (TEXT,)),
    # Walkthrough.
    Action("done", ("space", "enter"), "done", "the step is done; pass the pause point; close the run", (WALK,)),
    Action("failed", ("f",), "failed", "the step failed, and how", (WALK,)),
    Action("ask", ("a",), "ask", "ask the step aloud: another person answers it", (WALK,)),
    Action("not_applicable", ("n",), "not applicable", "the step does not apply here, and why", (WALK,)),
    Action("defer", ("d",), "defer", "leave the step for later, and why; it is asked again", (WALK,)),
    Action("back_out", ("b",), "back out", "leave this way: pick the way back", (WALK,)),
    Action("pause", ("p",), "pause", "pause the run, for you or another", (WALK,)),
    Action("copy", ("y",), "copy", "copy the command of the step, else its link or its words", (WALK,)),
    Action("evidence", ("e",), "evidence", "keep what was seen at the step: type or paste it", (WALK,)),
    Action("skip", ("s",), "skip", "skip the step, and why", (WALK,)),
    Action("value", ("v",), "value", "the step is done, with the value that was seen", (WALK,)),
    Action("override", ("O",), "override", "go on past this item, with a reason on the record", (WALK,)),
    Action("reopen", ("o",), "open again", "open the step again", (WALK,)),
    Action("close", ("x",), "close", "close the run", (WALK,)),
    Action("answered_with", ("A",), "asked by", "done, asked aloud by a person that you name", (WALK,)),
    Action("pair", ("P",), "two people", "killer items need two people from now on, or no more", (WALK,)),
    Action("waive", ("W",), "waive", "go on past open killer items, for an emergency", (WALK,)),
    Action("copy_link", ("l",), "copy link", "copy the link of the step", (WALK,)),
    Action(
        "undo",
        ("u",),
        "undo",
        "undo my last act; it says which",
        (WALK, *OPERATIONS, *LEARNING, *REGISTERS),
        shown=False,
    ),
    # Deployments.
    Action("go_on", ("enter",), "go on", "start what is planned; end what runs as done", (DEPLOYMENTS,)),
    Action("incident", ("i",), "turned bad: incident", "it turned bad: an incident, with it suspected", (DEPLOYMENTS,)),
    Action("roll_back", ("b",), "roll back", "walk the way back of the deployment", (DEPLOYMENTS,)),
    Action("new", ("n",), "new", "a new deployment: what, version, on which systems", (DEPLOYMENTS,)),
    Action("checklist", ("c",), "checklist", "walk a checklist beside it", (DEPLOYMENTS, CHANGES)),
    Action("failed", ("f",), "failed", "it failed, and what was seen", (DEPLOYMENTS,)),
    # Changes.
    Action("go_on", ("enter",), "next stage", "begin its next stage, when nothing is missing", (CHANGES,)),
    Action("new", ("n",), "plan", "plan a change: its name, then questions by digits", (CHANGES,)),
    Action("approve", ("a",), "approve", "approve the version that is planned now", (CHANGES,)),
    Action("refuse", ("r",), "refuse", "refuse this version, and why", (CHANGES,)),
    Action("edit", ("e",), "edit", "its stages, window, deadline or answers: a new version", (CHANGES,)),
    Action("deploy", ("d",), "deploy", "record the deployment that carries it out", (CHANGES,)),
    Action("close", ("x",), "end", "end it: done, failed, rolled back, withdrawn", (CHANGES,)),
    Action("answer_for", ("A",), "answer for it", "approve it, and answer for going ahead", (CHANGES,)),
    Action("emergency", ("E",), "emergency", "begin its next stage now, past what is missing", (CHANGES,)),
    Action("measure", ("m",), "proportion", "which share took which path, and how each failed", (CHANGES,)),
    Action("freeze", ("f",), "freeze", "change nothing for a time: from when to when, and why", (CHANGES,)),
    Action("except", ("F",), "let through", "let it through a freeze, and why", (CHANGES,), shown=False),
    # Lists to walk, and what their runs taught.
    Action("learn", ("l",), "what it caught", "what the runs of the list taught, and what to change", (PICKING,)),
    Action("take", ("enter",), "take it", "do what is proposed: the list's next version", (TAUGHT,)),
    Action("review", ("v",), "looked through", "note that it was looked through, and what came of it", (TAUGHT,)),
    # The questions of risk.
    Action("answer", tuple("123456"), "answer", "the answer of that number", (RISK,), told_key=True),
    Action("unknown", ("space", "0"), "don't know", "no answer; on to the next question", (RISK,)),
    Action("take", ("enter",), "record it", "record the change with these answers", (RISK,)),
    Action("lower", ("l",), "lower it", "go to the answer that alone lowers the level", (RISK,)),
    # Due.
    Action("done", ("enter", "space"), "done", "it is done, and what shows it", (DUE,)),
    Action("snooze", ("s",), "put off", "put it off to a day, and why", (DUE,)),
    Action("redate", ("d",), "new date", "give it another date, and why", (DUE,)),
    Action("give", ("o",), "give to", "give it to another person", (DUE,)),
    Action("drop", ("x",), "drop", "end it undone, and why", (DUE,)),
    Action("new", ("n",), "owe", "something more that is owed, and by when", (DUE,)),
    Action("walk", ("w",), "rehearse", "walk the way back that is to be rehearsed", (DUE,)),
    # Ways back.
    Action("drill", ("enter",), "rehearse", "rehearse the way back: a drill", (DRILLS,)),
    Action("roll_back", ("b",), "go back", "walk the way back for real", (DRILLS,)),
    Action("history", ("h",), "runs", "its drills and its real runs", (DRILLS,)),
    # Seen before.
    Action("confirm", ("a",), "that again", "confirm: this incident repeats that one", (SEEN_BEFORE,)),
    Action("refuse", ("x",), "another", "refuse the link, and why; it is remembered", (SEEN_BEFORE,)),
    Action("open", ("enter",), "open", "open the war room of the earlier incident", (SEEN_BEFORE,)),
    # Postmortems.
    Action("open", ("enter",), "open", "walk through the postmortem, and open one where there is none", (POSTMORTEMS,)),
    Action("done", ("d",), "improvement done", "close the improvement with what shows it", (POSTMORTEMS,)),
    Action("give", ("o",), "give to", "give the postmortem, or the improvement, to another", (POSTMORTEMS,)),
    # The walk through a postmortem.
    Action("fill", ("enter",), "answer, fill in", "answer, or say the first thing that is missing", (POSTMORTEM,)),
    Action("next", ("right", "space"), "next", "the next step", (POSTMORTEM,)),
    Action("before", ("left", "backspace"), "step before", "the step before", (POSTMORTEM,)),
    Action("add", ("n",), "add", "add an answer, a factor or an improvement", (POSTMORTEM,)),
    Action("preview", ("p",), "as text", "the postmortem as text: to read, copy or write", (POSTMORTEM,)),
    Action("edit", ("e",), "edit", "other words for what is selected", (POSTMORTEM,)),
    Action("kind", ("t",), "type", "the kind of the factor, the type of the improvement", (POSTMORTEM,)),
    Action("give", ("o",), "whose, when", "one owner and a day: of the improvement, of the postmortem", (POSTMORTEM,)),
    Action("done", ("d",), "done", "close the improvement with what shows it", (POSTMORTEM,)),
    Action("remove", ("x",), "take out", "take out; keep the improvement as an idea, and why", (POSTMORTEM,)),
    Action("choose", ("a",), "choose", "take the idea among the few that will be done", (POSTMORTEM,)),
    Action("shown_by", ("s",), "shown by", "what shows the factor, what will show the improvement", (POSTMORTEM,)),
    Action("done_when", ("w",), "done when", "how one tells that the improvement is done", (POSTMORTEM,)),
    Action("link", ("f",), "factor", "the factor that the improvement answers", (POSTMORTEM,)),
    Action("behind", ("b",), "behind it", "what made the factor possible", (POSTMORTEM,)),
    Action("state", ("S",), "state", "in review, published, dropped", (POSTMORTEM,)),
    Action("go_to", tuple("123456789"), "go to", "the step of that number", (POSTMORTEM,), shown=False, told_key=True),
    Action(
        "other_side", ("tab",), "the record", "scroll the record beside, or go back to the questions", (POSTMORTEM,)
    ),
    # The postmortem as text.
    Action("write", ("w",), "write", "write it to a file: .md, .html or .json", (PREVIEW,)),
    Action("redact", ("r",), "names out, in", "take the names out for outside readers, or back in", (PREVIEW,)),
    # Problems.
    Action("open", ("enter",), "open", "open the proposal as a problem; open the last incident of one", (PROBLEMS,)),
    Action("give", ("o",), "give to", "who sees to it", (PROBLEMS,)),
    Action("tried", ("n",), "tried", "what was tried", (PROBLEMS,)),
    Action("ends", ("w",), "ends when", "what would show that it has ended", (PROBLEMS,)),
    Action("state", ("s",), "state", "watched, ended, dropped, open again; and why", (PROBLEMS,)),
    # Measures.
    Action("measure", ("n",), "next measure", "another duration", (MEASURES,)),
    Action("group", ("s",), "split by", "by severity, system, factor, or all together", (MEASURES,)),
    Action("since", ("d",), "days", "of 90 days, a year, all, or a month", (MEASURES,)),
    Action("copy", ("y",), "copy", "copy what this page says", (*OPERATIONS, *LEARNING)),
    # The week ahead.
    Action("open", ("enter",), "open", "open what it is about", (WEEK,)),
    Action("done", ("space",), "done", "it is done, and what shows it", (WEEK,)),
    Action("snooze", ("s",), "put off", "put it off to a day, and why", (WEEK,)),
    Action("redate", ("d",), "new date", "give it another date, and why", (WEEK,)),
    Action("give", ("o",), "give to", "give it to another person", (WEEK,)),
    Action("drop", ("x",), "drop", "end it undone, and why", (WEEK,)),
    Action("mine", ("f",), "mine", "show only what is mine, or all again", (WEEK,)),
    Action("longer", ("l",), "longer", "look 7, 30 or 90 days ahead", (WEEK,)),
    Action("copy", ("y",), "copy", "copy it as Markdown", (WEEK,)),
    # Vendors.
    Action("open", ("enter",), "open", "open the contract in full", (VENDORS,)),
    Action("new", ("n",), "new", "a new vendor; its due diligence is owed", (VENDORS,)),
    Action("decide", ("d",), "decide", "renew, renegotiate, leave; or it may renew itself", (VENDORS, VENDOR)),
    Action("notice", ("t",), "notice given", "notice was given, and what proves it", (VENDORS, VENDOR)),
    Action("edit", ("e",), "edit", "change what is known of the contract", (VENDORS, VENDOR)),
    Action("brief", ("b",), "brief", "what to know before it renews, on one page", (VENDORS, VENDOR)),
    Action("review", ("r",), "review", "keep what a review came to", (VENDORS, VENDOR)),
    Action("promise", ("p",), "promise", "a figure that the vendor promised", (VENDORS, VENDOR)),
    Action("measure", ("f",), "figure", "what was reached in a month, of what was promised", (VENDORS, VENDOR)),
    Action("claim", ("l",), "credit", "what came of the credit for a figure that was missed", (VENDORS, VENDOR)),
    Action("spent", ("m",), "cost", "what the contract cost in a year", (VENDORS, VENDOR)),
    Action("diligence", ("w",), "diligence", "walk its due diligence as a checklist", (VENDORS, VENDOR)),
    Action("end", ("x",), "over", "the contract is over, and why", (VENDORS, VENDOR)),
    Action("concentration", ("c",), "concentration", "how much hangs on how few", (VENDORS,)),
    # Documents.
    Action("open", ("enter",), "open", "open it: how stale it is, then the copy that is kept", (DOCUMENTS,)),
    Action("verify", ("v",), "verify", "somebody followed it, and what was checked", (DOCUMENTS, DOCUMENT)),
    Action("copy_link", ("y",), "copy path", "copy its path or its link", (DOCUMENTS, DOCUMENT)),
    Action("wrong", ("w",), "wrong", "say what a reader found wrong", (DOCUMENTS, DOCUMENT)),
    Action("new", ("n",), "new", "a document, and where it is", (DOCUMENTS,)),
    Action("edit", ("e",), "edit", "change what is known of it", (DOCUMENTS, DOCUMENT)),
    Action("keep", ("t",), "keep text", "keep a copy of its text from a file, to read offline", (DOCUMENTS, DOCUMENT)),
    Action("copy", ("c",), "copy text", "copy what this page says", (DOCUMENT,)),
    # Meetings.
    Action("note", ("enter",), "what came of it", "what came of one time: outputs, decisions", (MEETINGS,)),
    Action("agenda", ("a",), "agenda", "walk an agenda that fills from the board", (MEETINGS,)),
    Action("new", ("n",), "new", "a meeting, its length, how often, with whom", (MEETINGS,)),
    Action("edit", ("e",), "edit", "change what is known of it", (MEETINGS,)),
    Action("try_out", ("t",), "try smaller", "try it shorter or rarer four times", (MEETINGS,)),
    Action("written", ("w",), "in writing", "copy what stands in for telling, deciding, showing", (MEETINGS,)),
    Action("end", ("x",), "end", "end it, and why", (MEETINGS,)),
    # Dependencies and decisions across teams.
    Action("line", ("enter",), "line", "keep the line that came: [A] outcome - change - date - ask", (DEPENDENCIES,)),
    Action("ask_line", ("a",), "ask", "copy the text that asks the team for its line", (DEPENDENCIES,)),
    Action("promise", ("p",), "promised", "the day that was promised, and how sure it is", (DEPENDENCIES,)),
    Action("block", ("b",), "blocked", "what was asked and not answered; or the answer", (DEPENDENCIES,)),
    Action("new", ("n",), "new", "what a team needs of another, by when", (DEPENDENCIES,)),
    Action("edit", ("e",), "edit", "change what is known of it", (DEPENDENCIES,)),
    Action("tree", ("w",), "who waits", "who waits for whom, as a tree", (DEPENDENCIES,)),
    Action("questions", ("d",), "decisions", "decisions that cross teams", (DEPENDENCIES,)),
    Action("close", ("x",), "close", "it was delivered, or is no longer needed", (DEPENDENCIES,)),
    Action("take", ("enter",), "decided", "what was decided, and why", (QUESTIONS,)),
    Action("new", ("n",), "ask", "a question that crosses teams: one decides", (QUESTIONS,)),
    Action("reopen", ("o",), "open again", "open a decision again, and why", (QUESTIONS,)),
    # Coming and leaving, systems.
    Action("open", ("enter",), "open", "all that a person owns", (COMING,)),
    Action("done", ("space",), "done", "the milestone is reached, and what shows it", (COMING,)),
    Action("new", ("n",), "somebody begins", "somebody begins: milestones are owed", (COMING,)),
    Action("map", ("m",), "map", "a newcomer's map of what there is", (COMING,)),
    Action("hand_over", ("o",), "hand over", "all goes to another; the person leaves", (HANDOVER,)),
    Action("hand_on", ("s",), "hand on", "all goes to another; the person stays", (HANDOVER,)),
    Action("open", ("enter",), "tree", "what it cannot do without, and what hangs on it", (SYSTEMS,)),
    Action("new", ("n",), "new", "a system, its team, what it needs", (SYSTEMS,)),
    Action("edit", ("e",), "edit", "change what is known of it", (SYSTEMS,)),
    Action(
        "copy",
        ("y",),
        "copy",
        "copy what this page says",
        (VENDORS, VENDOR, MEETINGS, DEPENDENCIES, QUESTIONS, COMING, HANDOVER, SYSTEMS),
    ),
    # Moving, in every list.
    Action("down", ("j", "down"), "down", "go down", (LISTS,), shown=False),
    Action("up", ("k", "up"), "up", "go up", (LISTS,), shown=False),
    Action("page_down", ("pagedown",), "page down", "go a page down", (LISTS,), shown=False),
    Action("page_up", ("pageup",), "page up", "go a page up", (LISTS,), shown=False),
    Action("first", ("g", "home"), "first", "go to the first", (LISTS,), shown=False),
    Action("last", ("G", "end"), "last", "go to the last", (LISTS,), shown=False),
    # On every screen.
    Action(
        "help", ("question_mark", "f1"), "keys", "the keys of this screen", (ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES)
    ),
    Action("palette", ("colon", "ctrl+p"), "everything", "find any command by its words", (ROOM, HOME)),
    Action("step_back", ("escape",), "back", "step back one", (ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES), shown=False),
    Action("leave", ("q",), "leave", "back to home; from home, quit", (ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES)),
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


def use(table: tuple[Action, ...]) -> None:
    """Takes a table with other keys, before any screen is made."""
    global TABLE
    TABLE = table
    _of.cache_clear()


def say_key(key: str) -> str:
    """A key as people say and see it."""
    return _SAID.get(key, key)


def of(*places: str) -> Iterator[Action]:
    """The actions of these places, in the order of the table."""
    return iter(_of(places))


@lru_cache(maxsize=64)
def _of(places: tuple[str, ...]) -> tuple[Action, ...]:
    return tuple(action for action in TABLE if any(place in action.places for place in places))


def bindings(*places: str) -> list[BindingType]:
    """The bindings of a screen or a widget for its places."""
    made: list[BindingType] = []
    for place in places:
        target = "screen." if place in _ANSWERED_BY_SCREEN else ""
        for action in of(place):
            name = f"{place}:{action.name}"
            answers = action.name if action.by_pane else f"{target}{action.name}"
            if action.told_key:
                made += [
                    Binding(key, f"{answers}({key!r})", action.words, show=False, id=f"{name}:{key}")
                    for key in action.keys
                ]
            else:
                keys = ",".join(action.keys)
                made.append(Binding(keys, answers, action.words, show=False, id=name))
    return made


def footer(places: Iterable[str]) -> list[Action]:
    """What the footer shows for where one is, most particular place first."""
    found: list[Action] = []
    taken: set[str] = set()
    for place in places:
        for action in of(place):
            if action.shown and action.keys[0] not in taken:
                found.append(action)
                taken.update(action.keys)
    return found
