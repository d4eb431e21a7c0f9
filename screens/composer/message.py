"""A message while it is composed: the draft from the record, what is typed over it, and what the review finds.

The engine of words takes a third of a second to load: it is warmed on a thread of its own that nothing waits for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING

from opsterm.board.news import News
from opsterm.core.session import Rejected
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records.instant import Instant
from opsterm.settings import zone_name
from opsterm.updates import approval
from opsterm.updates.settings import usable_phrases, word_settings
from screens.console import ConsoleContext

if TYPE_CHECKING:
    from opsterm.drafting.draft import Draft
    from opsterm.drafting.facts import Facts
    from opsterm.drafting.finding import Finding
    from opsterm.drafting.lexicon import Lang

_warm = False


def is_warm() -> bool:
    """Whether the engine of words is loaded, and has its patterns made."""
    return _warm


def warm(done: Callable[[], object]) -> None:
    """Loads the engine of words on a daemon thread: leaving never waits for it. `done` is called there at its end."""

    def load() -> None:
        global _warm
        from opsterm.drafting.draft import draft
        from opsterm.drafting.facts import Facts
        from opsterm.drafting.review import review

        langs: tuple[Lang, ...] = ("en", "zh")
        for lang in langs:
            made = draft(Facts(), audience="customers", now="2026-01-01T00:00:00Z", lang=lang)
            review(made.text, lang=lang, facts=Facts(), now="2026-01-01T00:00:00Z")
        _warm = True
        done()

    Thread(target=load, name="warm-words", daemon=True).start()


@dataclass
class ComposedUpdate:
    """One message to one audience in one language."""

    context: ConsoleContext
    snapshot: Snapshot
    audience: str
    lang: Lang = "en"
    #: Empty where it follows from the record.
    stage: str = ""
    form: str = "plain"
    text: str = ""
    #: When the draft was begun; facts that changed since make an edited text stale.
    begun: Instant = ""
    edited: bool = False
    draft: Draft | None = None
    facts: Facts | None = None
    read: Facts | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def zone(self) -> str:
        return zone_name(self.context.zone)

    @property
    def stage_now(self) -> str:
        """The stage it is written for."""
        return self.stage or (self.draft.stage if self.draft else "")

    @property
    def standing(self) -> tuple[str, bool]:
        """How it stands with the commander's yes to the text, in words, and whether anybody may send it."""
        return approval.standing(self.snapshot, self.audience, self.text, self.context.board.now)

    # --- kept on this board

    @property
    def key(self) -> str:
        """Under which the half-written text is kept: each person writes their own."""
        return f"update:{self.snapshot.incident.id}:{self.audience}:{self.lang}:{self.context.person}"

    def keep(self) -> None:
        """Keeps what was written by hand; a draft that nobody touched is made anew."""
        kept = {"text": self.text, "begun": self.begun, "stage": self.stage}
        self.context.board.keep_draft(self.key, json.dumps(kept, ensure_ascii=False) if self.edited else "")

    def forget(self) -> None:
        self.edited, self.text = False, ""
        self.context.board.keep_draft(self.key, "")

    # --- what the engine says

    def begin(self, audience: str = "", lang: Lang | None = None) -> None:
        """Takes up what was left unfinished for an audience, else drafts it."""
        self.audience = audience or self.audience
        settings = word_settings()
        self.lang = lang or settings.lang_of(self.audience)
        self.form = settings.form_of(self.audience)
        self.stage, self.text, self.edited, self.begun = "", "", False, ""
        kept = self.context.board.draft(self.key)
        if kept:
            try:
                found = json.loads(kept)
                self.text, self.begun, self.stage = (str(found[name]) for name in ("text", "begun", "stage"))
            except (ValueError, KeyError, TypeError):
                self.text = kept
            self.edited = bool(self.text.strip())
        self.refresh(first=True)

    def refresh(self, news: News | None = None, *, first: bool = False) -> None:
        """Follows the record: an untouched draft is made anew, an edited text stays as it is."""
        from opsterm.updates.draft_facts import facts_of

        board = self.context.board
        if self.facts is None or board.version != self.snapshot.version:
            self.snapshot = read_snapshot(board, self.snapshot.incident.id, self.snapshot, news)
            self.facts = facts_of(board, self.snapshot)
        if not self.edited:
            self.begun, self.read = board.now, self.facts
        elif first:
            try:
                self.read = facts_of(board, self.snapshot, self.begun) if self.begun else self.facts
            except Rejected:
                self.read = self.facts
        self._draft()
        self.look()

    def anew(self) -> None:
        """Drafts again from the record, in place of what was written."""
        self.edited = False
        self.keep()
        self.refresh()

    def at_stage(self, stage: str) -> None:
        self.stage = stage
        self._draft()
        self.look()

    def _draft(self) -> None:
        from opsterm.drafting.draft import draft

        assert self.facts is not None
        settings = word_settings()
        self.draft = draft(
            self.facts,
            audience=self.audience,
            now=self.context.board.now,
            stage=self.stage or None,
            lang=self.lang,
            zone=self.zone,
            phrases=usable_phrases(settings)[0] if settings.phrases else None,
            cadence=settings.cadence or None,
        )
        if not self.edited:
            self.text = self.draft.text

    def look(self) -> None:
        """Reviews the text as it stands."""
        from opsterm.drafting.review import review

        self.findings = review(
            self.text,
            audience=self.audience,
            stage=self.stage_now or None,
            lang=self.lang,
            facts=self.facts,
            read=self.read if self.edited else None,
            now=self.context.board.now,
            zone=self.zone,
            channel=self.form,
            allowed=word_settings().allow,
        )

    # --- what a person does

    def write(self, text: str) -> bool:
        """Takes what was typed; says whether it is another text."""
        if text == self.text:
            return False
        self.text, self.edited = text, True
        return True

    def hold(self, text: str) -> None:
        """Keeps a text as it stands, whatever becomes of the record: somebody was asked about exactly these words."""
        self.text, self.edited = text, True
        self.keep()
        self.look()

    def suggestions(self) -> list[Finding]:
        """The findings that one key mends, in the order of their numbers; what is only advice has no number."""
        return [finding for finding in self.findings if finding.instead and finding.how != "advice"][:9]

    def take(self, number: int) -> bool:
        """Takes the suggestion of that number, from 1; says whether there is one."""
        from opsterm.drafting.apply_suggestion import apply_suggestion

        found = self.suggestions()
        if not 0 < number <= len(found):
            return False
        finding = found[number - 1]
        if finding.rule == "stale" and finding.start == finding.end:
            self.anew()
            return True
        self.write(apply_suggestion(self.text, finding, self.lang))
        self.keep()
        self.look()
        return True

    def brackets(self) -> list[tuple[str, str, str]]:
        """(name, question, bracket) of what the text still asks for, worth most first; name is empty for a bracket that
        a person wrote."""
        from opsterm.drafting.reviewed_text import asks

        asked = [(m.name, m.question, m.bracket) for m in self.draft.missing] if self.draft else []
        asked = [item for item in asked if item[2] in self.text]
        known = {bracket for _, _, bracket in asked}
        for start, end in asks(self.text):
            bracket = self.text[start:end]
            if bracket not in known:
                asked.append(("", bracket.strip("[]"), bracket))
                known.add(bracket)
        return asked

    def answered(self, bracket: str, answer: str) -> None:
        """Puts an answer in a bracket's place, where the text still has it."""
        if bracket in self.text:
            self.write(self.text.replace(bracket, answer.strip().rstrip("." if f"{bracket}." in self.text else "")))
            self.keep()
        self.look()

    def new_sentences(self) -> list[tuple[int, int]]:
        """Where the text says what the last word to this audience did not."""

        last = self.snapshot.last_update(self.audience)
        if last is None:
            return []
        told = {" ".join(part.split()) for part in re.split(r"(?<=[.!?])\s+|(?<=[。！？])|\n+", last.text)}
        spans = [match.span() for match in re.finditer(r"[^\s].*?(?:[.!?](?=\s|$)|[。！？]|$)", self.text, re.M)]
        return [(start, end) for start, end in spans if " ".join(self.text[start:end].split()) not in told]

    def outgoing(self) -> str:
        """The text in the channel's form."""
        from opsterm.drafting.channel import Outgoing, render, title_of

        assert self.facts is not None
        return render(
            Outgoing(
                text=self.text,
                audience=self.audience,
                stage=self.stage_now,
                lang=self.lang,
                severity=self.facts.incident.severity,
                title=title_of(self.facts, self.lang),
                next_update_at=self.draft.next_update_at if self.draft else None,
                zone=self.zone,
                now=self.context.board.now,
                drill=self.facts.incident.drill,
            ),
            self.form,
        )
