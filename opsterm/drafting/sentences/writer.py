"""A draft while it is written: what it is written from and for, and what it has asked for and told so far."""

import re
from dataclasses import dataclass, field

from opsterm.drafting.audience_fit import bare, fit_for_audience, lower_first, upper_first
from opsterm.drafting.cadence import next_update_at
from opsterm.drafting.clock_times import ClockTime
from opsterm.drafting.facts import Facts
from opsterm.drafting.finding import reader_of
from opsterm.drafting.lexicon import Lang, data
from opsterm.drafting.phrases import Phrases
from opsterm.drafting.update_schedule import Table
from opsterm.records.record import Record, as_said


@dataclass(frozen=True, slots=True)
class Missing:
    """What the record lacks: its name, the question to the writer, and the bracket that stands in the text."""

    name: str
    question: str
    bracket: str


@dataclass
class Writer:
    """One draft for one audience at one stage; `missing` and `told` grow as sentences are said."""

    facts: Facts
    audience: str
    stage: str
    lang: Lang
    now: str
    zone: str
    phrases: Phrases
    cadence: Table | None
    missing: dict[str, Missing] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    """What was said that later sentences depend on: `impact` in its free form, an `estimate`."""

    def __post_init__(self) -> None:
        self.clock = ClockTime(self.zone, self.lang, self.now)
        self.incident = self.facts.incident
        self.known = bool(self.facts.confirmed)
        self.reader = reader_of(self.facts, self.audience)
        self.next_at = next_update_at(self.audience, self.incident.severity, self.stage, self.now, self.cadence)
        heard = self.facts.told(self.audience)
        self.last = heard[-1].update if heard else None
        self.then = heard[-1].then if heard else None

    def say(self, name: str, **values: str) -> str:
        return self.phrases.say(name, **values)

    def word(self, of: Record, name: str) -> str:
        """A state of a record in the draft's words; one that this version does not know as it was said."""
        said = as_said(of, name)
        return self.say(f"state.{said}") if self.phrases.has(f"state.{said}") else said

    def timed(self, name: str, at: str, **values: str) -> str:
        """A phrase with a moment; it has a second form for a moment on another day."""
        said = self.clock.say(at)
        dated = re.match(r"\d{2}:\d{2}", said) is None
        key = f"{name}_dated" if dated and self.phrases.has(f"{name}_dated") else name
        return self.say(key, time=said, **values)

    def number(self, n: int) -> str:
        """A small count as the language writes it."""
        named: list[str] = data(self.lang)["grammar"]["numbers"]
        return named[n] if n < len(named) else str(n)

    def duration(self, minutes: int) -> str:
        """A length of time in hours and minutes, as the language writes it."""
        hours, rest = divmod(minutes, 60)
        units = [("hours", hours)] * bool(hours) + [("minutes", rest)] * bool(rest or not hours)
        return " ".join(self.say(f"effect.{unit}", n=str(count)) for unit, count in units)

    def fill(self, name: str, recorded: str, asked: str) -> str:
        """A phrase with `{what}`: what is recorded, or the bracket that asks for it."""
        return self.say(name, what=recorded or self.ask(asked))

    def join(self, *sentences: str) -> str:
        return ("" if self.lang == "zh" else " ").join(sentence for sentence in sentences if sentence)

    def ask(self, name: str) -> str:
        question, bracket = self.phrases.question(name)
        self.missing[name] = Missing(name, question, bracket)
        return bracket

    def ask_record(self, mark: str) -> str:
        """The bracket for a hypothesis or an action whose text can't stand in this draft."""
        question, bracket = self.phrases.question("record")
        self.missing[mark] = Missing(mark, question.format(mark=mark), bracket.format(mark=mark))
        return self.missing[mark].bracket

    def fit(self, text: str, is_cause: bool = False) -> str:
        return fit_for_audience(text, self.lang, self.reader, self.known, is_cause)

    def piece(self, text: str, is_cause: bool = False) -> str:
        """A recorded text to stand inside a sentence, or "" if it is not fit."""
        fitted = self.fit(text, is_cause)
        return "" if re.search(r"[.。!?！？](?:\s|$)", bare(fitted)) else bare(lower_first(fitted))

    def whole(self, text: str) -> str:
        """A recorded text that stands by itself, with its full stop; "" if no sentence of it is fit."""
        fitted = self.fit(text)
        return f"{upper_first(bare(fitted))}{'。' if self.lang == 'zh' else '.'}" if fitted else ""
