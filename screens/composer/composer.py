"""The composer: a message to stakeholders, from the draft to its being sent.

Draft, facts and findings stand side by side. It opens for reading, so that keys act; `e` goes into the text and esc
comes back out of it. What was typed is kept. It sends nothing itself: the text goes to the clipboard in the channel's
form, and the record says that it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Self

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer

from opsterm.board.failure import BoardError
from opsterm.board.news import News
from opsterm.core.session import Rejected
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records.instant import Instant
from opsterm.records.update import AUDIENCES, FORMS, STAGES
from opsterm.updates import approval, draft_answers, update
from opsterm.updates.next_update import first_to_tell, next_word
from opsterm.updates.writing import others_at
from screens.composer import sending
from screens.composer.message import ComposedUpdate, is_warm, warm
from screens.composer.message_lines import fact_rows, finding_rows, refusal_rows, text_rows
from screens.composer.writing_note import WritingNote
from screens.console import ConsoleContext
from screens.keys.actions import ASKED, COMPOSER, LISTS, PROPOSED, TEXT, bindings
from screens.keys.key_hold import CHANGED
from screens.pages.console_screen import ConsoleScreen
from screens.pages.incident_screen import IncidentScreen
from screens.pages.rows import fixed, words
from screens.widgets.bar import Bar
from screens.widgets.cells import Cell, Line
from screens.widgets.durations import clock, countdown, zone_name
from screens.widgets.lines import Lines, Row
from screens.widgets.prompt import Choice, Question
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from textual.widgets import TextArea

    from screens.composer.editor import Writing

#: Columns from which facts and findings stand beside the text.
BESIDE_COLUMNS = 100
#: The text is reviewed, and kept, once the keys rest for so long.
REST_S = 0.25


class ComposerPart(Lines, inherit_bindings=False):
    """The text, or a list beside it under its name. It moves as lists do, but for `g`, which is the language here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in bindings(LISTS) if not (isinstance(binding, Binding) and binding.action == "first")),
        Binding("home", "first", "go to the first", show=False),
    ]

    def __init__(self, name: str, heading: str = "") -> None:
        super().__init__(id=name)
        self.heading = heading

    @property
    def title_height(self) -> int:
        return 1 if self.heading else 0

    def title(self) -> Line:
        rule = Cell(SIGNS.rule, "rule")
        return Line((Cell(f"{SIGNS.rule} ", "rule"), Cell(self.heading, "accent"), Cell(" ")), fill=rule)


class Composer(ConsoleScreen):
    """One message to one audience."""

    place = COMPOSER
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMPOSER)

    class Warmed(Message):
        """The engine of words is loaded."""

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context)
        snapshot = read_snapshot(context.board, incident)
        refused = (to for to in AUDIENCES if approval.last_refusal(snapshot, to, context.person))
        self.message = ComposedUpdate(context, snapshot, next(refused, "") or first_to_tell(snapshot))
        self.ready = False
        #: What a key asked for while the engine was loading.
        self._wanted: Callable[[], None] | None = None
        self.head = Bar(id="head")
        self.reading = ComposerPart("reading")
        self.facts = ComposerPart("facts", "Facts")
        self.found = ComposerPart("findings", "Findings")
        self.writing: Writing | None = None
        self._rest: Timer | None = None
        self._note = WritingNote(context)

    @classmethod
    def opened_from(cls, screen: ConsoleScreen) -> Self:
        assert isinstance(screen, IncidentScreen)
        return cls(screen.context, screen.incident)

    @property
    def places(self) -> tuple[str, ...]:
        return (COMPOSER,)

    @property
    def help_places(self) -> tuple[str, ...]:
        return (COMPOSER, TEXT)

    @property
    def version(self) -> int:
        return self.snapshot.version

    def under_keys(self) -> Mapping[str, object]:
        """To whom it goes, and the text: what is sent and approved is what was read."""
        if not self.ready:
            return {}
        proposed = [(finding.rule, finding.text) for finding in self.message.suggestions()]
        return {ASKED: (self.message.audience, self.message.text), PROPOSED: proposed}

    def compose(self) -> ComposeResult:
        yield self.head
        yield Horizontal(
            Vertical(self.reading, id="words"), Vertical(self.facts, self.found, id="beside"), id="composing"
        )
        yield self.prompt

    # --- what it reacts to

    def on_mount(self) -> None:
        self._fit()
        self.set_focus(self.reading)
        if is_warm():
            self._begin()
        else:
            self.reading.show([fixed(()), fixed((Cell("Drafting from the record…", "muted"),))], self.context.board.now)
            self._paint_head()
            warm(lambda: self.post_message(self.Warmed()))

    def on_composer_warmed(self) -> None:
        if not self.ready:
            self._begin()

    def _begin(self) -> None:
        self.ready = True
        self.message.begin()
        self._paint()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            wanted()

    def _wait(self, name: str, action: Callable[[], None]) -> bool:
        """Whether the draft is not there yet; then the action follows once it is."""
        if not self.ready:
            self._wanted = action
            self.prompt.flash(f"drafting first, then: {name}", holds=lambda: not self.ready)
        return not self.ready

    def on_resize(self) -> None:
        self._fit()
        self.call_after_refresh(self._paint)

    def _fit(self) -> None:
        self.set_class(self.app.size.width < BESIDE_COLUMNS, "-narrow")
        self.set_class(self.app.size.height < 30, "-low")

    def on_unmount(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        if self.ready and self.message.edited:
            self.message.keep()
        self._note.end("left")

    def repaint(self, news: News | None = None) -> None:
        """Others did something: an untouched draft follows the record, a written text stays and is looked at again. An
        answer to it is said at once: what the foot said of asking is over."""
        if self.ready:
            before = self.message.standing
            self.message.refresh(news)
            if self.message.standing != before:
                self.prompt.forget(self.prompt.flashed)
            self._paint()

    def tick(self, now: Instant) -> None:
        self._paint_head()
        if self.ready:
            self._hint()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if event.text_area.display:  # what was typed last is taken when the text is left
            self.written(event.text_area.text)

    def written(self, text: str) -> None:
        """The text was changed: it is kept and reviewed once the keys rest."""
        if not self.message.write(text):
            return
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST_S, self._rested)

    def _rested(self) -> None:
        self._rest = None
        self.message.keep()
        self.message.look()
        self._paint_beside()

    # --- painting

    @property
    def snapshot(self) -> Snapshot:
        return self.message.snapshot

    def _paint(self) -> None:
        if not self.ready:
            return
        now = self.context.board.now
        columns = max((self.reading.size.width or self.app.size.width) - 4, 20)
        rows: list[Row] = [fixed(()), *text_rows(self.message, min(columns, 90))]
        rows += refusal_rows(self.message, self.context, min(columns, 90))
        last = self.snapshot.last_update(self.message.audience)
        if last is not None:
            when = clock(last.at, self.context.zone, today=now)
            rows += [
                fixed(()),
                fixed((Cell(f"  Last told {last.audience} at {when}{f' by {last.by}' if last.by else ''}:", "muted"),)),
            ]
            rows += words(last.text, min(columns, 90), "muted", indent=2)
        self.reading.show(rows, now)
        self._paint_beside()
        self._paint_head()

    def _paint_beside(self) -> None:
        self._note.follow(self.message)
        now = self.context.board.now
        columns = max((self.facts.size.width or self.app.size.width // 2) - 4, 24)
        self.facts.show(fact_rows(self.message, columns), now)
        count = len(self.message.findings)
        self.found.heading = f"Findings {count}" if count else "Findings"
        self.found.show(finding_rows(self.message, columns), now)
        self.found.refresh()
        self._hint()

    def _hint(self) -> None:
        said, may = self.message.standing
        if self.message.edited:
            kept = f"written by hand, kept{'; ' if said else ''}"
        else:
            kept = "drafted from the record; it sends nothing itself: S copies and records" if not said else ""
        self.prompt.hint = (Cell(kept, "muted"), Cell(said, "" if may else "warn"))
        self.prompt.rest()

    def _paint_head(self) -> None:
        now, zone, message = self.context.board.now, self.context.zone, self.message
        due = next_word(self.snapshot, message.audience)
        right: tuple[Cell, ...] = ()
        if due:
            told = countdown(due, now)
            tone = "alarm" if told.startswith("late") else ""
            when = f"{clock(due, zone, today=now)} {zone_name(due, zone)}"
            right = (Cell("next word due ", "muted"), Cell(f"{when} "), Cell(f"{told} ", tone))
        stage = message.stage_now or "stage by the record"
        incident = self.snapshot.incident
        about = f" {SIGNS.dot} {stage} {SIGNS.dot} {message.lang} {SIGNS.dot} {message.form}"
        title = f"   {incident.mark} {incident.title}"
        others = others_at(self.snapshot, message.audience, self.context.person, message.begun, now)
        seen = Cell(f" {SIGNS.alarm} {others}" if others else "", "warn")
        first = Line((Cell(f" To {message.audience}", "accent"), seen, Cell(about), Cell(title, "muted")), right)
        self.head.show([first, Line(fill=Cell(SIGNS.rule, "rule"))])

    # --- the text

    def action_edit(self) -> None:
        if self._wait("edit", self.action_edit):
            return
        from screens.composer.editor import Writing

        if self.writing is None:
            self.writing = Writing(self.message.text)
            self.query_one("#words").mount(self.writing)
        self.writing.text = self.message.text
        self.reading.display = False
        self.writing.display = True
        self.writing.focus()
        self.prompt.places = (TEXT,)
        self.prompt.rest()

    def action_other_part(self) -> None:
        parts = [self.reading, self.facts, self.found]
        here = parts.index(self.focused) if self.focused in parts else -1
        self.set_focus(parts[(here + 1) % len(parts)])

    def action_read(self) -> None:
        if self.writing is not None:
            self.written(self.writing.text)
            self.writing.display = False
        if self._rest is not None:
            self._rest.stop()
            self._rested()
        self.reading.display = True
        self.set_focus(self.reading)
        self.prompt.places = (COMPOSER,)
        self._paint()

    def action_take(self, key: str) -> None:
        number = int(key)
        if self.ready and not self.message.take(number):
            self.prompt.flash(f"no suggestion has the number {number}", tone="warn")
        self._paint()

    def action_anew(self) -> None:
        if self._wait("anew", self.action_anew):
            return
        before = self.message.text
        self.message.anew()
        self._paint()
        self.prompt.flash("drafted anew from the record" if before != self.message.text else "it is as the record is")

    def action_fill(self) -> None:
        """Asks for the first thing that is missing, and puts it in the record and the text."""
        if self._wait("fill", self.action_fill):
            return
        asked = self.message.brackets()
        if not asked:
            self.prompt.flash("nothing is missing: S sends it")
            return
        name, question, bracket = asked[0]
        where = "into the record and the text" if name in draft_answers.FIELDS else "into the text"
        self.prompt.ask(
            Question(
                prompt=question,
                words=lambda text: f"enter puts it {where}" if text.strip() else "say it in the reader's words",
                done=partial(self._fill, name, bracket),
                key=f"fill:{self.message.key}:{name}",
            )
        )

    def _fill(self, name: str, bracket: str, answer: str) -> bool:
        session = self.session
        told = draft_answers.fill(session, self.snapshot, name, answer, self.context.zone)
        if told is None:
            if not answer.strip():
                raise Rejected("Say it in the reader's words; esc leaves it open.")
            self.message.answered(bracket, answer)
        elif self.message.edited:
            self.message.answered(bracket, answer)
            self.message.refresh()
            self.message.read = self.message.facts
        else:
            self.message.refresh()
        self._paint()
        left = len(self.message.brackets())
        more = f"; {left} still asked for" if left else "; nothing is missing now"
        self.prompt.flash(f"{told.sentence if told else 'noted in the text'}{more}", tone="good")
        return True

    # --- to whom, at which stage, how

    def action_audience(self) -> None:
        self.prompt.choose("To", [Choice(str(n), name, partial(self._to, name)) for n, name in enumerate(AUDIENCES, 1)])

    def _to(self, audience: str) -> None:
        self.message.audience = audience
        if self.ready:
            self.message.begin(audience)
        self._paint()
        self._paint_head()

    def action_stage(self) -> None:
        by_record = Choice("0", "by the record", partial(self._at, ""))
        self.prompt.choose(
            "Stage",
            [by_record, *(Choice(str(n), stage, partial(self._at, stage)) for n, stage in enumerate(STAGES, 1))],
        )

    def _at(self, stage: str) -> None:
        if self.ready:
            self.message.at_stage(stage)
        self._paint()

    def action_language(self) -> None:
        if not self._wait("language", self.action_language):
            self.message.begin(self.message.audience, "zh" if self.message.lang == "en" else "en")
            self._paint()
            self.prompt.flash("in Chinese" if self.message.lang == "zh" else "in English")

    def action_form(self) -> None:
        self.prompt.choose("Form", [Choice(str(n), form, partial(self._in, form)) for n, form in enumerate(FORMS, 1)])

    def _in(self, form: str) -> None:
        self.message.form = form
        if self.ready:
            self.message.look()
        self._paint()

    # --- approving, copying, sending

    def action_approve(self) -> None:
        if self._wait("approve", self.action_approve):
            return
        of, text = self.message, self.message.text
        asked = approval.asked_of(self.snapshot, of.audience, text, self.context.person)
        if asked is not None and not self.reading.shows_all:
            from screens.composer.words_to_approve import WordsToApprove

            self.app.push_screen(WordsToApprove(self.context, asked))
            return
        told = self.do(lambda s: approval.approve_or_ask(s, self.snapshot, of.audience, text, lang=of.lang))
        if told is not None:
            of.hold(text)
            self._paint()

    def action_copy(self) -> None:
        if not self.message.text.strip():
            self.prompt.flash("nothing to copy yet: e writes the text", tone="warn")
        else:
            self.prompt.flash(f"{self.context.copy(self.message.outgoing())}; not recorded as sent", tone="good")

    def action_send(self) -> None:
        if self._wait("send", self.action_send):
            return
        message = self.message
        if not message.text.strip():
            self.prompt.flash("nothing to send yet: e writes the text", tone="warn")
            return
        person, now = self.context.person, self.context.board.now
        refused = approval.refusal(self.snapshot, message.audience, message.text, person, now)
        if refused:
            self.prompt.flash(f"{refused}: A asks for the yes", tone="warn")
            return
        self.prompt.choose(
            sending.question(message, person, now),
            [
                Choice("S", "copy and record", partial(self._send, message.text)),
                Choice("f", "another form", self.action_form),
            ],
        )

    def _send(self, read: str) -> None:
        """Sends the text that was there when it was asked whether to."""
        message, incident = self.message, self.snapshot.incident
        if message.text != read:
            self.prompt.flash(CHANGED, tone="warn")
            return
        where = self.context.copy(message.outgoing())
        yes = approval.approved_by(self.snapshot, message.audience, message.text, self.context.person)
        let_stand = [f"{finding.rule}: {' '.join(finding.text.split())}".rstrip(": ") for finding in message.findings]
        try:
            told = update.sent(
                self.session,
                incident,
                message.audience,
                message.text,
                stage=message.stage_now,
                lang=message.lang,
                via=where,
                form=message.form,
                approved_by=yes,
                overridden=let_stand,
            )
        except (Rejected, BoardError) as refused:
            self.refuse(refused)
            return
        self._note.end("sent")
        message.forget()
        message.begin(message.audience, message.lang)
        self._paint()
        next_at = next_word(self.snapshot, message.audience)
        due = f"; next word due {clock(next_at, self.context.zone)}" if next_at else ""
        if told.warning:
            self.prompt.told(told)
        else:
            self.prompt.flash(f"{told.sentence}, recorded{due}; {where}", tone="good")
