"""The read-only status page for outsiders: one self-contained HTML file, from updates sent to customers only.

Never a drill's; no script, no link to anything outside, nothing internal in the source: it knows only what was sent.
State in words as well as colour; contrast at least 4.5:1; readable without style and in print. [field notes §6]
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from opsterm.drafting.channel import paragraphs
from opsterm.drafting.clock_times import ClockTime
from opsterm.drafting.lexicon import Lang, lang_named
from opsterm.drafting.phrases import Overrides, Phrases, load
from opsterm.drafting.stage import canonical
from opsterm.drafting.update_schedule import ENDS
from opsterm.records import Update
from opsterm.records.plain import escaped

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
body { color: #1a1a1a; background: #ffffff; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; } h3 { font-size: 1.1rem; margin-bottom: .3rem; }
.state { font-weight: bold; padding: .1rem .5rem; border: 2px solid; border-radius: .25rem; }
.open { color: #8a3200; } .watch { color: #4a4a00; } .over { color: #0b5a2a; }
article { border-top: 1px solid #767676; padding-top: .4rem; }
footer { margin-top: 2.5rem; color: #4d4d4d; font-size: .9rem; }
@media (prefers-color-scheme: dark) {
body { color: #f0f0f0; background: #161616; } .open { color: #ffb48a; } .watch { color: #e6dc7a; }
.over { color: #8fe0a8; } footer { color: #c0c0c0; }
}
@media print {
body { margin: 0; max-width: none; color: #000; background: #fff; } .open, .watch, .over { color: #000; }
}
""".strip()


@dataclass(frozen=True, slots=True)
class PageIncident:
    """What the page may know of one incident: its effect in a few words, its sent updates, whether it is a drill."""

    title: str
    updates: tuple[Update, ...]
    drill: bool = False


def _shown(problem: PageIncident) -> list[Update]:
    return sorted(
        (sent for sent in problem.updates if sent.audience == "customers"), key=lambda sent: sent.at, reverse=True
    )


def _kind(stage: str) -> str:
    return "over" if stage in ENDS else "watch" if stage == "monitoring" else "open"


def render(
    problems: Sequence[PageIncident],
    *,
    lang: Lang,
    now: str,
    zone: str = "UTC",
    overrides: Overrides | None = None,
    organisation: str = "",
) -> str:
    """The page as of `now`, with times in `zone` and UTC. Newest first: what runs, then what is over."""
    phrases = load(lang, overrides)
    clock = ClockTime(zone, lang, now)
    shown = [(problem, _shown(problem)) for problem in problems if not problem.drill]
    shown = sorted(((problem, sent) for problem, sent in shown if sent), key=lambda pair: pair[1][0].at, reverse=True)
    running = [pair for pair in shown if canonical(pair[1][0].stage) not in ENDS]
    past = [pair for pair in shown if canonical(pair[1][0].stage) in ENDS]
    title = phrases.say("page.title")
    heading = f"{organisation}: {title}" if organisation else title
    parts = [
        "<!doctype html>",
        f'<html lang="{lang}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="referrer" content="no-referrer">',
        f"<title>{html.escape(heading)}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        "<header>",
        f"<h1>{html.escape(heading)}</h1>",
        "</header>",
        "<main>",
    ]
    if running:
        parts.append(f"<h2>{html.escape(phrases.say('page.running'))}</h2>")
        parts += [_problem(problem, sent, phrases, clock) for problem, sent in running]
    else:
        parts.append(f'<p><span class="state over">{html.escape(phrases.say("page.all_well"))}</span></p>')
    if past:
        parts.append(f"<h2>{html.escape(phrases.say('page.past'))}</h2>")
        parts += [_problem(problem, sent, phrases, clock) for problem, sent in past]
    made = phrases.say("page.made", time=f'<time datetime="{html.escape(now)}">{html.escape(clock.say(now))}</time>')
    parts += ["</main>", f"<footer><p>{made}</p></footer>", "</body>", "</html>", ""]
    return escaped("\n".join(parts))


def _problem(problem: PageIncident, sent: list[Update], phrases: Phrases, clock: ClockTime) -> str:
    stage = canonical(sent[0].stage)
    articles = [_update(update, phrases, clock) for update in sent]
    return "\n".join(
        [
            "<section>",
            f"<h3>{html.escape(problem.title or phrases.say('subject.effect'))} "
            f'<span class="state {_kind(stage)}">{_stage_name(stage, phrases)}</span></h3>',
            *articles,
            "</section>",
        ]
    )


def _stage_name(stage: str, phrases: Phrases) -> str:
    return html.escape(phrases.say(f"page.{stage}") if phrases.has(f"page.{stage}") else stage)


def _update(update: Update, phrases: Phrases, clock: ClockTime) -> str:
    lang = lang_named(update.lang, phrases.lang)
    return "\n".join(
        [
            f'<article lang="{lang}">',
            f'<h4><time datetime="{html.escape(update.at)}">{html.escape(clock.say(update.at))}</time>'
            f" · {_stage_name(canonical(update.stage), phrases)}</h4>",
            paragraphs(update.text),
            "</article>",
        ]
    )
