"""Drafting an update from what is recorded: for one audience, at one stage, in one language. No guess, no invented
word.

The order is the same everywhere: what it means for you, what we know, what we do and what you can do, when you hear
next. [CDC CERC; GOV.UK service manual; field notes §1, §3] What a stage must say and the record lacks becomes a
bracket, and is in `Draft.missing`, worth most first. A draft passes the review of this package without a finding.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from opsterm.drafting import calibrated_wording
from opsterm.drafting.audience import OUTSIDE
from opsterm.drafting.audience_fit import (
    bare,
    extent_in,
    fit,
    is_clause,
    lower_first,
    spoken_in,
    translated,
    upper_first,
)
from opsterm.drafting.cadence import Table, interval, next_update_at
from opsterm.drafting.changes import TextChange, changes
from opsterm.drafting.clock_times import ClockTime, minutes_between
from opsterm.drafting.facts import OPEN_ACTIONS, Action, Facts, Hypothesis, Sent
from opsterm.drafting.lexicon import Lang, data
from opsterm.drafting.phrases import Overrides, Phrases, load
from opsterm.drafting.stage import UNRESOLVED, canonical, stage_of
from opsterm.drafting.update_schedule import at_end

WORTH = (
    "over", "repair", "false_alarm", "impact", "what", "said", "right", "alarm", "extent", "extent_of",
    "since", "works", "data", "data_detail", "matters", "cause", "doing", "tried", "watch", "retry",
    "workaround", "decision", "business", "risk", "review", "severity", "commander", "help",
    "channel", "tickets",
)  # fmt: skip
"""What is asked for first: what readers lose most by not knowing."""

ON_THE_WAY = frozenset(
    {"severity_worse", "severity_better", "workaround", "services_more", "services_less", "new_idea", "set_aside"}
    | {"started", "under_way", "likelier", "less_likely", "dropped"}
)
"""Changes that matter to those outside only while it lasts."""
CHANGES_TOLD = 3
"""Changes that one update tells outsiders and executives; more is a log, not an update."""
EXECUTIVE_WORDS = 120
CAUSE_WORDS = 18
"""Words of a cause that still make a readable sentence."""
QUOTED_WORDS = 20
"""Words of an earlier text that a correction quotes at most."""
LISTED = 8
"""Lines of one kind that a text for engineers carries at most."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What the record lacks: its name, the question to the writer, and the bracket that stands in the text."""

    name: str
    question: str
    bracket: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted update. Each bracket in `text` is one of `missing`; `used` names the facts it speaks from."""

    text: str
    audience: str
    stage: str
    lang: Lang
    missing: tuple[Missing, ...]
    next_update_at: str | None
    used: tuple[str, ...]


def draft(
    facts: Facts,
    *,
    audience: str,
    now: str,
    stage: str | None = None,
    lang: Lang = "en",
    zone: str = "UTC",
    phrases: Overrides | None = None,
    cadence: Table | None = None,
) -> Draft:
    """An update on `facts` as of `now` (UTC), times in `zone` and UTC. `stage` follows from the record if not given."""
    writer = _Writer(
        facts,
        audience,
        canonical(stage) if stage else stage_of(facts, audience, now),
        lang,
        now,
        zone,
        load(lang, phrases),
        cadence,
    )
    return writer.write()


@dataclass
class _Writer:
    facts: Facts
    audience: str
    stage: str
    lang: Lang
    now: str
    zone: str
    phrases: Phrases
    cadence: Table | None
    missing: dict[str, Missing] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.clock = ClockTime(self.zone, self.lang, self.now)
        self.known = bool(self.facts.confirmed)
        self.internal = frozenset(self.facts.internal_words)
        self.people = frozenset(self.facts.people)
        self.allowed = frozenset(word.lower() for word in self.facts.allowed_words)
        self.next_at = next_update_at(self.audience, self.facts.severity, self.stage, self.now, self.cadence)
        told = self.facts.told(self.audience)
        self.last: Sent | None = told[-1] if told else None

    # What is said in one way everywhere ---------------------------------------------------------------------------

    def say(self, name: str, **values: str) -> str:
        return self.phrases.say(name, **values)

    def ask(self, name: str) -> str:
        question, bracket = self.phrases.question(name)
        self.missing[name] = Missing(name, question, bracket)
        return bracket

    def ask_record(self, mark: str) -> str:
        """The bracket for a hypothesis or an order whose text can't stand in this draft."""
        question, bracket = self.phrases.question("record")
        self.missing[mark] = Missing(mark, question.format(mark=mark), bracket.format(mark=mark))
        return self.missing[mark].bracket

    def use(self, name: str) -> None:
        self.used.add(name)

    def timed(self, name: str, at: str, **values: str) -> str:
        """A phrase with a moment; it has a second form for a moment on another day."""
        said = self.clock.say(at)
        dated = re.match(r"\d{2}:\d{2}", said) is None
        key = f"{name}_dated" if dated and self.phrases.has(f"{name}_dated") else name
        return self.say(key, time=said, **values)

    def fit(self, text: str, is_cause: bool = False) -> str:
        return fit(text, self.lang, self.audience, self.known, self.internal, self.people, self.allowed, is_cause)

    def piece(self, text: str, is_cause: bool = False) -> str:
        """A recorded text to stand inside a sentence, or "" if it is not fit."""
        fitted = self.fit(text, is_cause)
        return (
            bare(lower_first(fitted)) if fitted and len(re.findall(r"[.。!?！？](?:\s|$)", bare(fitted))) == 0 else ""
        )

    def whole(self, text: str) -> str:
        """A recorded text that stands by itself, with its full stop; "" if no sentence of it is fit."""
        fitted = self.fit(text)
        if not fitted:
            return ""
        fitted = upper_first(bare(fitted))
        return f"{fitted}。" if self.lang == "zh" else f"{fitted}."

    def fill(self, name: str, recorded: str, **values: str) -> str:
        """A phrase with `{what}`: what is recorded, or the bracket that asks for it."""
        return self.say(name, what=recorded or self.ask(values.pop("asked")), **values)

    def join(self, sentences: list[str]) -> str:
        return ("" if self.lang == "zh" else " ").join(sentence for sentence in sentences if sentence)

    # Parts of an update --------------------------------------------------------------------------------------------

    def effect(self, over: bool = False) -> str:
        """Who can't do what, how much, since when, and who is spared."""
        return self.join([self.who_what(over), self.extent(over), self.since(over) if not over else "", self.spared()])

    def part(self, text: str) -> str:
        """One part of the effect in the draft's language: as it stands, or by the known pairs."""
        if not text:
            return ""
        return self.piece(text) if spoken_in(text, self.lang) else translated(text, self.lang)

    def who_what(self, over: bool) -> str:
        impact = self.facts.impact
        who, what = self.part(impact.who), self.part(impact.what)
        if what:
            self.use("impact.what")
            if who:
                self.use("impact.who")
            return self.sentence(who, what, over)
        whole = self.whole(impact.text)
        if whole:
            self.use("impact")
            told = self.in_past(bare(whole)) if over and self.lang == "en" and not re.search(r"[.!?] ", whole) else ""
            if told:
                return self.say("effect.clause", what=told)
            return self.say("effect.was", what=whole) if over else self.say("effect.text", text=whole)
        if who:
            self.use("impact.who")
            return self.say(
                "effect.could_not" if over else "effect.cannot", who=upper_first(who), what=self.ask("what")
            )
        return self.say("effect.clause", what=self.ask("impact"))

    def sentence(self, who: str, what: str, over: bool) -> str:
        """A sentence from the two parts, by the grammar of what was recorded."""
        if self.lang == "zh":
            return self.sentence_zh(who, what, over)
        grammar = data("en")["grammar"]
        first, _, rest = what.partition(" ")
        low = first.lower()
        suffers = low in ("see", "get", "receive", "find", "have") and _TROUBLE.search(rest) is not None
        if (
            low in grammar["bare_verbs"]
            and not suffers
            and not (is_clause(rest) and low in ("check", "search", "call"))
        ):
            if who:
                return self.say(
                    "effect.could_not" if over else "effect.cannot",
                    who=upper_first(who),
                    what=what[0].lower() + what[1:],
                )
            return self.say(
                "effect.could_not_anyone" if over else "effect.cannot_anyone", what=what[0].lower() + what[1:]
            )
        past: dict[str, str] = grammar["past"]
        if over:
            told = self.in_past(what)
            if not told:
                return self.say("effect.was", what=f"{what}.")
            what = told
        if (who and low in past) or (who and low in ("was", "were", "could", "had", "got", "saw")):
            return self.say("effect.predicate", who=upper_first(who), what=what)
        if who and is_clause(what):
            return self.say("effect.clause_for", what=upper_first(what), who=lower_first(who))
        if who:
            return self.say("effect.affected", who=upper_first(who), what=what)
        return self.say("effect.clause", what=upper_first(what))

    def in_past(self, what: str) -> str:
        """An English clause told as past, as far as its verb is a known one; "" if none is."""
        past: dict[str, str] = data("en")["grammar"]["past"]
        words = what.split(" ")
        place = next((place for place, word in enumerate(words) if word.lower() in past), None)
        if place is not None:
            return " ".join([*words[:place], past[words[place].lower()], *words[place + 1 :]])
        return what if re.search(r"\b(?:was|were|could|had|did|\w+ed)\b", what) else ""

    def sentence_zh(self, who: str, what: str, over: bool) -> str:
        if re.match(r"(?:无法|不能|收不到|看不到|打不开|遇到|出现|曾|会)", what):
            return self.say("effect.predicate", who=who or self.say("effect.everyone"), what=what)
        verb = re.match(
            r"(?:登录|登陆|付款|支付|下单|刷卡|打开|访问|上传|下载|发送|接收|查看|搜索|使用|注册|重置|拨打"
            r"|结账|提交|充值|提现|转账|查询|预约|更新|创建|同步)",
            what,
        )
        if verb and not re.search(r"失败|缓慢|很慢|变慢|延迟|不了|错误|报错|超时|异常|中断", what):
            if who:
                return self.say("effect.could_not" if over else "effect.cannot", who=who, what=what)
            return self.say("effect.could_not_anyone" if over else "effect.cannot_anyone", what=what)
        if who:
            return self.say("effect.clause_for", who=who, what=what)
        return self.say("effect.clause", what=what)

    def extent(self, over: bool) -> str:
        recorded = self.facts.impact.extent
        tail = "_was" if over else ""
        if recorded and spoken_in(recorded, self.lang):
            fitted = self.piece(recorded)
            if fitted:
                self.use("impact.extent")
                if self.lang == "en" and is_clause(fitted):
                    return self.say("effect.extent_clause", extent=upper_first(fitted))
                noun = re.search(
                    r"[A-Za-z]{3,}|[\u3400-\u9fff]{2,}",
                    re.sub(r"\b(?:about|around|roughly|most|over|than|more|least|less|in|of)\b", "", fitted),
                )
                if noun or self.lang == "zh":
                    return self.say(f"effect.extent{tail}", extent=fitted)
                return self.say(
                    "effect.share_ask",
                    extent=f"{fitted} of" if fitted.rstrip().endswith("%") else fitted,
                    ask=self.ask("extent_of"),
                )
        if recorded:
            said, known = extent_in(recorded, self.lang)
            if said:
                self.use("impact.extent")
                if known:
                    return self.say(f"effect.extent{tail}", extent=said)
                return self.say("effect.share_ask", extent=said, ask=self.ask("extent_of"))
        if "impact" in self.used and re.search(
            r"\d+(?:[.,]\d+)?\s?%|\b\d[\d,]* (?:in \d+|[a-z]+)\b|\b(?:all|every|everyone|nobody|no "
            r"effect|none|most|half)\b|所有|全部|[一二三四五六七八九]成|约?\s?\d+\s?(?:个|名|%|位)",
            self.facts.impact.text,
            re.IGNORECASE,
        ):
            return ""
        return self.say(f"effect.extent_ask{tail}", ask=self.ask("extent"))

    def since(self, over: bool) -> str:
        at = self.facts.effect_since
        if at is None or at > self.now:
            return self.say("effect.since_ask", ask=self.ask("since"))
        self.use("started_at")
        return self.timed("effect.since", at)

    def spared(self) -> str:
        recorded = self.facts.impact.unaffected
        said = self.part(recorded)
        if not said:
            return ""
        self.use("impact.unaffected")
        if self.lang == "en" and is_clause(said):
            return self.say("effect.unaffected_clause", what=upper_first(said))
        return self.say("effect.unaffected", what=said)

    def workaround(self, name: str = "workaround.now") -> str:
        recorded = self.facts.workaround
        said = self.piece(recorded) or (
            translated(recorded, self.lang) if recorded and not spoken_in(recorded, self.lang) else ""
        )
        if said:
            self.use("workaround")
            return self.say(name, what=said)
        return self.say(name, what=self.ask("workaround")) if recorded else ""

    def cause(self) -> str:
        """The suspected or known cause at its confidence, in this audience's fixed words."""
        voice = "customers" if self.audience in OUTSIDE else "executives"
        held = calibrated_wording.leading(self.facts.hypotheses)
        if held is None:
            return self.say(f"cause.{voice}.unknown")
        step = calibrated_wording.step(held)
        self.use("hypotheses")
        if voice == "customers" and (step == "possible" or (step == "likely" and not held.approved)):
            return self.say("cause.customers.possible")
        recorded = held.plain or ("" if voice == "customers" else held.text)
        said = self.piece(_without_asides(recorded), is_cause=True)
        if len(said.split()) > CAUSE_WORDS:
            said = ""
        if not said and voice == "executives" and step == "possible":
            return self.say("cause.customers.possible")
        if not said:
            return self.say(f"cause.{voice}.{step}_ask", ask=self.ask("cause"))
        kind = "clause" if is_clause(said) else "noun"
        return self.say(f"cause.{voice}.{step}_{kind}", cause=said)

    def under_way(self) -> list[str]:
        """Open orders in words fit for this audience."""
        said = []
        for action in self.facts.actions:
            if action.state in OPEN_ACTIONS:
                text = self.piece(action.plain or ("" if self.audience in OUTSIDE else _without_asides(action.text)))
                if text and len(text.split()) <= 22:
                    said.append(text)
        return said

    def doing(self) -> str:
        steps = self.under_way()
        if steps:
            self.use("actions")
            if re.match(r"(?:we|our team|our engineers) |我们", steps[-1]):
                return self.say("doing.plain_whole", what=upper_first(steps[-1]))
            return self.say("doing.plain_one" if self.audience != "executives" else "executives.doing", what=steps[-1])
        if self.stage in ("first", "scoping"):
            held = calibrated_wording.leading(self.facts.hypotheses)
            said_already = (
                held is not None and calibrated_wording.step(held) in ("possible", "likely") and self.stage == "scoping"
            )
            return "" if said_already else self.say("doing.looking")
        if self.audience == "executives":
            return self.say("executives.doing", what=self.ask("doing"))
        return self.say("doing.generic", ask=self.ask("doing"))

    def estimate(self) -> str:
        """A time of repair that someone owns, as a range with its condition; else nothing."""
        estimate = self.facts.estimate
        if estimate is None or not estimate.owner:
            return ""
        if (
            not spoken_in(estimate.text, self.lang)
            or not spoken_in(estimate.condition, self.lang)
            or not re.search(r"\d\s?(?:-|–|to|到|至)\s?\d", estimate.text)
        ):
            return ""
        self.use("estimate")
        told = self.say("stage.estimate", range=bare(estimate.text), condition=bare(estimate.condition))
        return self.join([told, self.timed("stage.estimate_check", estimate.check_at) if estimate.check_at else ""])

    def data_said(self) -> str:
        self.use("data")
        state = self.facts.data
        if state == "none":
            return self.say("data.none")
        if state == "unknown":
            return (
                self.say(
                    "data.unknown_ask_inside" if self.audience == "executives" else "data.unknown_ask",
                    ask=self.ask("data"),
                )
                if self.stage == "resolved"
                else self.say("data.unknown")
            )
        return self.fill(f"data.{state}", self.piece(self.facts.data_detail), asked="data_detail")

    def data_if_told(self) -> str:
        """Before the end only what is known about data is said, and only if something is."""
        return self.data_said() if self.facts.data in ("lost", "delayed", "exposed") else ""

    def changed(self) -> str:
        """What changed since the last update to this audience; "" if there was none."""
        if self.last is None:
            return ""
        then = self.last.then
        if then is None:
            return ""
        inside = self.audience == "engineers"
        found = changes(then, self.facts)
        said_already = {"monitoring": "to_monitoring", "resolved": "to_resolved", "stand-down": "to_cancelled"}.get(
            self.stage
        )
        news = any(change.name == said_already for change in found)
        found = [change for change in found if change.name != said_already]
        if not inside:
            found = [
                change
                for change in found
                if change.name != "exit" and (change.name != "decided" or self.audience == "executives")
            ]
        if news and not inside:
            # Once it is over, or repaired, how it went on the way is no news to those outside.
            found = [change for change in found if change.name not in ON_THE_WAY]
        if not found and not news:
            return self.timed(
                "change.nothing_inside" if inside or self.audience == "executives" else "change.nothing", self.last.at
            )
        if not found:
            return ""
        told = [self.change(change) for change in found[: CHANGES_TOLD if not inside else LISTED]]
        return self.join([self.timed("change.lead", self.last.at), *told])

    def change(self, change: TextChange) -> str:
        if change.name in ("severity_worse", "severity_better"):
            if self.audience in OUTSIDE:
                return self.say(f"change.{change.name}_outside")
            return self.say(f"change.{change.name}", before=change.before, after=change.after)
        if self.phrases.has(f"change.{change.name}_one"):
            return upper_first(
                self.say(f"change.{change.name}_{'one' if change.n == 1 else 'many'}", n=self.number(change.n))
            )
        return self.say(f"change.{change.name}")

    def number(self, n: int) -> str:
        """A small count as the language writes it."""
        named: list[str] = data(self.lang)["grammar"]["numbers"]
        return named[n] if n < len(named) else str(n)

    def next_word(self, name: str = "next.by") -> str:
        return self.timed(name, self.next_at) if self.next_at else ""

    def duration(self) -> str:
        since = self.facts.effect_since
        hours = round(minutes_between(since, self.now) / 60) if since else 0
        if hours < 1:
            return ""
        if hours >= 48:
            return self.say("stage.duration_days", n=str(round(hours / 24)))
        return self.say("stage.duration_hours", n=str(hours))

    def spaced_interval(self) -> str:
        minutes = interval(self.audience, self.facts.severity, self.stage, self.cadence) or at_end()
        for size, one, many in ((1440, "next.day", "next.days"), (60, "next.hour", "next.hours")):
            if minutes % size == 0:
                return self.say(one) if minutes == size else self.say(many, n=str(minutes // size))
        return self.say("next.minutes", n=str(minutes))

    # Audiences -----------------------------------------------------------------------------------------------------

    def write(self) -> Draft:
        build: dict[str, Callable[[], list[str]]] = {
            "customers": self.for_customers,
            "support": self.for_support,
            "executives": self.for_executives,
            "engineers": self.for_engineers,
        }
        paragraphs = [paragraph for paragraph in build.get(self.audience, self.for_customers)() if paragraph]
        if self.facts.drill:
            paragraphs.insert(0, self.say("engineers.drill" if self.audience == "engineers" else "drill.mark"))
        text = "\n\n".join(paragraphs)
        if self.lang == "zh":
            text = _spaced(text)
        order = [*WORTH, *(name for name in self.missing if name not in WORTH)]
        kept = [self.missing[name] for name in order if name in self.missing and self.missing[name].bracket in text]
        return Draft(text, self.audience, self.stage, self.lang, tuple(kept), self.next_at, tuple(sorted(self.used)))

    def for_customers(self) -> list[str]:
        return {
            "first": self.first,
            "scoping": self.scoping,
            "identified": self.identified,
            "monitoring": self.monitoring,
            "resolved": self.resolved,
            "long-running": self.long_running,
            "correction": self.correction,
            "stand-down": self.stand_down,
        }[self.stage if self.stage != "planned" else "scoping"]()

    def first(self) -> list[str]:
        return [self.effect(), self.join([self.say("doing.first"), self.workaround()]), self.next_word()]

    def scoping(self) -> list[str]:
        return [
            self.effect(),
            self.changed(),
            self.join(
                [
                    self.cause(),
                    "" if self.facts.impact.extent or "impact" in self.used else self.say("doing.finding_extent"),
                    self.doing(),
                    self.data_if_told(),
                ]
            ),
            self.workaround(),
            self.next_word(),
        ]

    def identified(self) -> list[str]:
        return [
            self.effect(),
            self.changed(),
            self.join([self.cause(), self.doing(), self.estimate(), self.data_if_told()]),
            self.workaround(),
            self.next_word(),
        ]

    def monitoring(self) -> list[str]:
        return [
            self.join([self.repair(), self.say("stage.works", ask=self.ask("works"))]),
            self.join([self.who_what(over=True), self.extent(over=True), self.since(over=False)]),
            self.changed(),
            self.join([self.watching(), self.data_if_told()]),
            self.retry("stage.retry"),
            self.next_word(),
        ]

    def repair(self) -> str:
        """That a repair is in place, if the record says so; else the question."""
        at = self.facts.mitigated_at
        if at and at <= self.now:
            return self.timed("doing.repair", at)
        if self.facts.status in ("monitoring", "resolved", "closed"):
            return self.say("doing.repair_undated")
        return self.say("doing.repair_ask", ask=self.ask("repair"))

    def watching(self) -> str:
        said = self.piece(self.facts.exit_criteria)
        if said:
            self.use("exit_criteria")
            return self.say("stage.watch", what=said)
        return self.say("stage.watch_ask", ask=self.ask("watch"))

    def retry(self, name: str) -> str:
        said = self.piece(self.facts.retry)
        if said:
            self.use("retry")
        return self.say(name, what=said or self.ask("retry"))

    def lasted(self) -> str:
        start, end = self.facts.effect_since, self.facts.resolved_at or self.facts.mitigated_at
        if start is None or end is None or end < start or end > self.now:
            return self.since(over=False)
        self.use("started_at")
        return self.say("effect.span", start=self.clock.say(start), end=self.clock.say(end))

    def is_over(self) -> str:
        at = self.facts.resolved_at
        if at and at <= self.now:
            return self.timed("stage.resolved", at)
        if self.facts.status in ("resolved", "closed"):
            return self.say("stage.resolved_undated")
        return self.say("stage.resolved_ask", ask=self.ask("over"))

    def review_day(self) -> str:
        return self.fill("stage.review", self.piece(self.facts.review_on), asked="review")

    def resolved(self) -> list[str]:
        confirmed = (
            self.cause()
            if self.facts.confirmed and any(self.piece(cause.plain, is_cause=True) for cause in self.facts.confirmed)
            else ""
        )
        return [
            self.join([self.is_over(), self.retry("stage.after")]),
            self.join([self.who_what(over=True), self.extent(over=True), self.lasted()]),
            self.changed() if self.audience != "customers" or self.last else "",
            self.join([self.data_said(), confirmed]),
            self.join([self.say("stage.sorry"), self.review_day(), self.say("next.last")]),
        ]

    def long_running(self) -> list[str]:
        duration = self.duration()
        ruled_out = [
            text
            for text in (
                self.piece(hypothesis.plain) for hypothesis in self.facts.hypotheses if hypothesis.state == "eliminated"
            )
            if text
        ]
        tried = ("，" if self.lang == "zh" else "; ").join(ruled_out[:3]) or self.ask("tried")
        workaround = self.workaround("workaround.top") or self.say("workaround.top", what=self.ask("workaround"))
        return [
            workaround,
            self.join([self.effect(), self.say("stage.long", duration=duration) if duration else ""]),
            self.changed(),
            self.join(
                [
                    self.cause(),
                    self.say("stage.long_tried", what=tried),
                    self.doing(),
                    self.estimate(),
                    self.data_if_told(),
                ]
            ),
            self.say("next.longer", interval=self.spaced_interval(), time=self.clock.say(self.next_at))
            if self.next_at
            else "",
        ]

    def correction(self) -> list[str]:
        said = [self.said_before()]
        right = self.join([self.who_what(over=False), self.extent(over=False), self.since(over=False)])
        return [
            self.join([self.say("correction.title"), *said]),
            self.join(
                [
                    self.say("correction.right_ask", ask=self.ask("right")),
                    self.say("correction.matters", ask=self.ask("matters")),
                ]
            ),
            self.join([right, self.spared()]),
            self.changed(),
            self.workaround(),
            self.next_word(),
        ]

    def said_before(self) -> str:
        """What was said wrongly: the last text's first sentence stands there to begin with, where it can be quoted."""
        if self.last is not None and self.last.lang == self.lang:
            match = re.match(r".+?(?:[.!?](?=\s|$)|[。！？]|$)", " ".join(self.last.text.split()))
            quoted = self.fit(match.group()) if match else ""
            if 2 < len(quoted.split()) <= QUOTED_WORDS or (self.lang == "zh" and 4 < len(quoted) <= QUOTED_WORDS * 2):
                return self.timed("correction.said_at", self.last.at, said=quoted.strip())
        return self.say("correction.said", ask=self.ask("said"))

    def stand_down(self) -> list[str]:
        if self.facts.status != "cancelled":
            return [
                self.say("stand_down.ask", ask=self.ask("false_alarm")),
                self.say("stand_down.what", ask=self.ask("alarm")),
            ]
        told = self.timed("stand_down.told", self.last.at) if self.last else self.say("stand_down.untold")
        return [
            self.join(
                [told, self.say("stand_down.nothing_inside" if self.audience == "executives" else "stand_down.nothing")]
            ),
            self.join(
                [
                    self.say("stand_down.what", ask=self.ask("alarm")),
                    self.say("executives.sorry" if self.audience == "executives" else "stand_down.sorry"),
                ]
            ),
        ]

    def for_support(self) -> list[str]:
        body = self.for_customers()
        over = self.stage in ("resolved", "stand-down")
        settled = {"monitoring": "repair", "resolved": "over"}.get(self.stage, "")
        first = {"repair": "say_monitoring", "over": "say_resolved"}.get(
            settled if settled not in self.missing else "", "say_first"
        )
        words = [] if self.stage == "stand-down" else [self.say(f"support.{first}")]
        if self.next_at:
            words.append(self.say("support.say_next", time=self.clock.say(self.next_at)))
        guidance = [self.say("support.say", words=self.join(words))] if words else []
        if over:
            guidance.append(self.say("support.over"))
        else:
            told = self.facts.estimate is not None and "estimate" in self.used
            guidance += [
                self.say("support.dont_estimate" if told else "support.dont"),
                self.say("support.link", ask=self.ask("tickets")),
            ]
        last = [body.pop()] if self.next_at else []
        return [*body, self.join(guidance), *last]

    def for_executives(self) -> list[str]:
        """Effect, what is at stake, what is wanted; within 120 words, so the least worth is left out first."""
        facts = self.facts
        severity = facts.severity or self.ask("severity")
        state = self.say(f"state.{facts.status}")
        why = self.piece(facts.severity_reason)
        self.use("severity")
        if self.stage == "stand-down":
            return self.stand_down()
        over = self.stage == "resolved"
        brief = self.stage in ("first", "scoping")
        head = (
            self.say("executives.severity_why", severity=severity, why=why, status=state)
            if why and len(why.split()) <= 14
            else self.say("executives.severity", severity=severity, status=state)
        )
        effect = self.executive_effect()
        cause = self.cause() if self.stage not in ("first", "correction") else ""
        parts: list[tuple[int, str, str]] = [
            (0, "effect", effect),
            (0, "head", head),
            (
                0,
                "wrong",
                self.join(
                    [
                        self.say("correction.title"),
                        self.said_before(),
                        self.say("correction.right_ask", ask=self.ask("right")),
                    ]
                )
                if self.stage == "correction"
                else "",
            ),
            (1, "changed", self.changed()),
            (2, "cause", cause),
            (3, "doing", self.executive_doing(over)),
            (5, "estimate", self.estimate() if self.stage in ("identified", "long-running") else ""),
            (4, "data", self.data_said() if over else self.data_if_told()),
            (
                3,
                "stake",
                ""
                if brief and not facts.business
                else self.fill("executives.stake", self.piece(facts.business), asked="business"),
            ),
            (
                2,
                "decision",
                ""
                if over or (self.stage == "first" and not facts.decision_wanted)
                else self.fill("executives.decision", self.piece(facts.decision_wanted), asked="decision"),
            ),
            (
                4,
                "risk",
                ""
                if over or (brief and not facts.risk)
                else self.fill("executives.risk", self.piece(facts.risk), asked="risk"),
            ),
            (1, "review", self.review_day() if over else ""),
            (0, "next", self.next_word("next.short")),
        ]
        kept = _within([part for part in parts if part[2]], EXECUTIVE_WORDS if self.lang == "en" else 220, self.lang)
        groups = (
            ("head", "effect", "wrong"),
            ("changed",),
            ("cause", "doing", "estimate", "data"),
            ("stake", "risk", "decision", "review"),
            ("next",),
        )
        return [self.join([text for _, name, text in kept if name in group]) for group in groups]

    def executive_effect(self) -> str:
        """The effect in few sentences: a long recorded text is cut after the sentence that still fits."""
        over = self.stage in ("resolved", "monitoring")
        what = self.who_what(over)
        sentences = re.findall(r".+?[.。!?！？](?=\s|$|(?<=[。！？]))", what, re.DOTALL) or [what]
        short: list[str] = []
        size = 0
        for sentence in sentences:
            size += len(sentence.split()) if self.lang == "en" else len(sentence) // 2
            if short and size > 40:
                break
            short.append(sentence.strip())
        return self.join(
            [*short, self.extent(over), self.lasted() if self.stage == "resolved" else self.since(over=False)]
        )

    def executive_doing(self, over: bool) -> str:
        if over:
            return ""
        if self.stage == "monitoring":
            return self.join([self.repair(), self.watching()])
        return self.doing()

    def for_engineers(self) -> list[str]:
        facts = self.facts
        self.use("status")
        head = [
            self.say(
                "engineers.state",
                status=self.say(f"state.{facts.status}"),
                severity=facts.severity or self.ask("severity"),
            ),
            self.timed("engineers.since", facts.effect_since)
            if facts.effect_since and facts.effect_since <= self.now
            else self.say("effect.since_ask", ask=self.ask("since")),
            self.say("engineers.commander", who=facts.commander or self.ask("commander")),
            self.say("engineers.channel", where=facts.channel or self.ask("channel")),
        ]
        effect = self.join(
            [
                self.who_what(over=self.stage in ("resolved", "monitoring")),
                self.extent(over=self.stage in ("resolved", "monitoring")),
                self.spared(),
            ]
        )
        body = [self.join(head), effect]
        if self.stage == "correction":
            body.append(
                self.join(
                    [
                        self.say("correction.title"),
                        self.said_before(),
                        self.say("correction.right_ask", ask=self.ask("right")),
                    ]
                )
            )
        if self.stage == "stand-down":
            body.append(self.join(self.stand_down()[:1]))
        body.append(self.changed())
        body += self.hypotheses_told()
        body += self.orders_told()
        data_state = self.say("engineers.data", state=self.say(f"state.{facts.data}"))
        exit_said = self.fit(facts.exit_criteria)
        decided = [text for text in (self.piece(decision.text) for decision in facts.decisions[-2:]) if text]
        body.append(
            self.join(
                [
                    *(self.say("engineers.decided", what=text) for text in decided),
                    self.workaround("engineers.workaround"),
                    data_state,
                    self.say("engineers.exit", what=bare(exit_said)) if exit_said else "",
                    self.fill("engineers.help", self.piece(facts.help_needed), asked="help")
                    if self.stage in UNRESOLVED and self.stage != "monitoring"
                    else "",
                ]
            )
        )
        return [*body, self.next_word("next.short")]

    def hypotheses_told(self) -> list[str]:
        """Confirmed, alive and ruled out, each with its fixed phrase; what is ruled out saves others the work."""
        groups: dict[str, list[str]] = {"confirmed": [], "alive": [], "out": []}
        for hypothesis in self.facts.hypotheses:
            name = {"confirmed": "confirmed", "eliminated": "out"}.get(hypothesis.state, "alive")
            groups[name].append(self.hypothesis(hypothesis))
        if groups["alive"] or groups["confirmed"] or groups["out"]:
            self.use("hypotheses")
        lists = [_listed(self.say(f"engineers.{name}"), lines) for name, lines in groups.items() if lines]
        if not groups["alive"] and not groups["confirmed"]:
            lists.insert(0, self.say("engineers.alive_none"))
        return lists

    def hypothesis(self, hypothesis: Hypothesis) -> str:
        step = calibrated_wording.step(hypothesis)
        if step == "unknown":
            step = "parked" if hypothesis.state in ("parked", "inconclusive") else "unlikely"
        why = self.piece(hypothesis.why, is_cause=True)
        said = bare(self.first_sentence(hypothesis.text)) or self.ask_record(hypothesis.mark)
        name = f"cause.engineers.{step}"
        if why and self.phrases.has(f"{name}_by"):
            return self.say(f"{name}_by", mark=hypothesis.mark, cause=said, why=why)
        return self.say(name, mark=hypothesis.mark, cause=said)

    def first_sentence(self, text: str) -> str:
        match = re.match(r".+?(?:[.!?](?=\s)|[。！？]|$)", " ".join(text.split()))
        return self.fit(match.group(), is_cause=True) if match else ""

    def orders_told(self) -> list[str]:
        orders = [self.order(action) for action in self.facts.actions if action.state in OPEN_ACTIONS]
        results = [
            self.say(
                "engineers.result",
                mark=action.mark,
                state=self.say(f"state.{action.state}"),
                text=self.action_text(action),
            )
            for action in self.facts.actions
            if action.state in ("done", "failed")
        ]
        if self.facts.actions:
            self.use("actions")
        lists = [
            _listed(self.say("engineers.orders"), orders[:LISTED]) if orders else self.say("engineers.orders_none")
        ]
        if results:
            lists.append(_listed(self.say("engineers.done"), results[-LISTED:]))
        return lists

    def order(self, action: Action) -> str:
        state = self.say(f"state.{action.state}")
        if action.owner:
            return self.say(
                "engineers.order", mark=action.mark, owner=action.owner, state=state, text=self.action_text(action)
            )
        return self.say("engineers.order_unowned", mark=action.mark, state=state, text=self.action_text(action))

    def action_text(self, action: Action) -> str:
        match = re.match(r".+?(?:[.!?](?=\s)|[。！？]|$)", " ".join(action.text.split()))
        return bare(self.fit(match.group())) if match and self.fit(match.group()) else self.ask_record(action.mark)


_TROUBLE = re.compile(
    r"\b(?:errors?|late|later|wrong|delays?|delayed|slow|blank|empty|old|stale|twice|time-?outs?|no|nothing|old)\b",
    re.IGNORECASE,
)


def _without_asides(text: str) -> str:
    return re.sub(r"\s*[(（][^()（）]*[)）]", "", text)


def _listed(lead: str, lines: list[str]) -> str:
    return "\n".join([lead, *(f"- {line}" for line in lines)])


def _within(parts: list[tuple[int, str, str]], limit: int, lang: Lang) -> list[tuple[int, str, str]]:
    """The parts that fit, the least worth (the highest number) left out first; what has worth 0 always stays."""
    pattern = r"[\u3400-\u9fff]|[A-Za-z0-9][\w.:%-]*" if lang == "zh" else r"[A-Za-z0-9][\w'.,:%-]*"
    kept = list(parts)
    while sum(len(re.findall(pattern, text)) for _, _, text in kept) > limit:
        worst = max(kept, key=lambda part: part[0])
        if worst[0] == 0:
            break
        kept.remove(worst)
    return kept


def _spaced(text: str) -> str:
    """One space between Han and Latin or digits, everywhere. [field notes §7]"""
    text = re.sub(r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u3400-\u9fff])", " ", text)
    return re.sub(r" {2,}", " ", text)
