"""An update in the form of the channel it goes to: plain, Markdown, Slack, Teams, HTML mail, a status page's JSON. Pure
text out.

[field notes §6] The text itself is the same everywhere; only the marks, the escaping and the head differ.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from opsterm.drafting.audience_fit import fit_for_audience, upper_first
from opsterm.drafting.clock_times import ClockTime
from opsterm.drafting.facts import Facts
from opsterm.drafting.finding import reader_of
from opsterm.drafting.lexicon import Lang, data
from opsterm.drafting.phrases import Overrides, load
from opsterm.drafting.stage import canonical
from opsterm.records.plain import escaped, json_text

TITLE_CHARACTERS = 70
"""A title says the effect first, in at most so many characters, with no cause and no code name. [§3]"""

_STATUS = {
    "first": "investigating",
    "scoping": "investigating",
    "identified": "identified",
    "long-running": "identified",
    "correction": "investigating",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "stand-down": "resolved",
}
_IMPACT = {"sev1": "critical", "sev2": "major", "sev3": "minor", "sev4": "minor", "sev5": "none"}
_COMPONENT = {
    "sev1": "major_outage",
    "sev2": "partial_outage",
    "sev3": "degraded_performance",
    "sev4": "degraded_performance",
    "sev5": "operational",
}
_LIST_LINE = re.compile(r"^- ")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An update about to go out, and what its forms need besides the text."""

    text: str
    audience: str
    stage: str
    lang: Lang
    severity: str = ""
    title: str = ""
    """The effect in a few words; `title_of` makes one from the facts."""
    next_update_at: str | None = None
    zone: str = "UTC"
    now: str = ""
    drill: bool = False
    components: tuple[str, ...] = ()
    """Ids of the status page's components that are affected."""


def title_of(facts: Facts, lang: Lang, overrides: Overrides | None = None) -> str:
    """The effect as a title of at most 70 characters, from its recorded parts, else a neutral one; never the cause."""
    of = facts.incident
    reader = reader_of(facts, "customers")
    who, what = (fit_for_audience(part, lang, reader, known_cause=False) for part in (of.impact_who, of.impact_what))
    phrases = load(lang, overrides)
    if what:
        verbs = data("en")["grammar"]["bare_verbs"]
        first = what.split(" ", 1)[0].lower()
        subject = who or phrases.say("effect.everyone")
        if lang == "zh":
            title = f"{who}{what}" if who else what
        elif first in verbs:
            title = f"{upper_first(subject)} cannot {what}"
        else:
            title = f"{upper_first(what)} for {who}" if who else upper_first(what)
        title = title.rstrip(".。")
        if len(title) <= TITLE_CHARACTERS:
            return title
        return title[: TITLE_CHARACTERS - 1].rstrip() + "…"
    return phrases.say("subject.effect")


def subject(update: Outgoing, overrides: Overrides | None = None) -> str:
    """The subject of a mail: `[Incident] effect – status, next update 14:30 CET (13:30 UTC)`."""
    phrases = load(update.lang, overrides)
    kind = phrases.say("subject.kind_drill" if update.drill else "subject.kind")
    effect = " ".join((update.title or phrases.say("subject.effect")).split())
    status = phrases.say(f"page.{canonical(update.stage)}")
    status = status[:1].lower() + status[1:]
    if update.next_update_at:
        time = ClockTime(update.zone, update.lang, update.now or update.next_update_at).say(update.next_update_at)
        return phrases.say("subject.mail", kind=kind, effect=effect, status=status, time=time)
    return phrases.say("subject.mail_end", kind=kind, effect=effect, status=status)


def render(update: Outgoing, form: str, overrides: Overrides | None = None) -> str:
    """The update in one of the channels' `FORMS`; KeyError for another. `plain` is the text as it stands.
    What acts on a terminal is said by its number."""
    return escaped(_RENDER[form](update, overrides))


def _plain(update: Outgoing, overrides: Overrides | None) -> str:
    return update.text


def _lead(text: str) -> tuple[str, str]:
    """The first sentence, which carries the effect, and the rest."""
    match = re.match(r".+?(?:[.!?](?=\s)|[。！？]|(?=\n)|$)", text, re.DOTALL)
    end = match.end() if match else 0
    return text[:end], text[end:]


def _markdown(update: Outgoing, overrides: Overrides | None) -> str:
    lines = []
    for line in update.text.split("\n"):
        mark = "- " if _LIST_LINE.match(line) else ""
        lines.append(mark + _MARKDOWN.sub(r"\\\1", line[len(mark) :]))
    text = "\n".join(lines)
    first, rest = _lead(text)
    return f"**{first.strip()}**{rest}" if first.strip() else text


def _slack(update: Outgoing, overrides: Overrides | None) -> str:
    text = html.escape(update.text, quote=False)
    # A bare asterisk or underscore between words would begin bold or italic; a zero-width space keeps it a sign.
    text = re.sub(r"([*_~`])", "\u200b\\1\u200b", text)
    text = re.sub(r"^- ", "• ", text, flags=re.MULTILINE)
    first, rest = _lead(text)
    return f"*{first.strip()}*{rest}" if first.strip() else text


def _teams(update: Outgoing, overrides: Overrides | None) -> str:
    """Teams reads a subset of Markdown in which a line break within a paragraph is lost: each line gets its own."""
    text = re.sub(r"([\\`*_~\[\]<>])", r"\\\1", update.text)
    text = re.sub(r"^(#|\+(?= ))", r"\\\1", text, flags=re.MULTILINE)
    text = re.sub(r"^(\d{1,9})([.)] )", r"\1\\\2", text, flags=re.MULTILINE)
    text = re.sub(r"(?<!\n)\n(?!\n|- )", "\n\n", text)
    first, rest = _lead(text)
    return f"**{first.strip()}**{rest}" if first.strip() else text


def paragraphs(text: str) -> str:
    """A text as HTML paragraphs and lists, everything escaped."""
    parts: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.split("\n")
        plain = [html.escape(line) for line in lines if not _LIST_LINE.match(line)]
        listed = [html.escape(line[2:]) for line in lines if _LIST_LINE.match(line)]
        if plain:
            parts.append(f"<p>{'<br>'.join(plain)}</p>")
        if listed:
            parts.append("<ul>" + "".join(f"<li>{line}</li>" for line in listed) + "</ul>")
    return "\n".join(parts)


def _mail(update: Outgoing, overrides: Overrides | None) -> str:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    head = subject(update, overrides)
    message["Subject"] = head
    message["Content-Language"] = update.lang
    message.set_content(update.text + "\n")
    body = (
        f'<!doctype html>\n<html lang="{update.lang}">\n'
        f'<head><meta charset="utf-8"><title>{html.escape(head)}</title></head>\n'
        '<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5; color: #1a1a1a; background: #fff">\n'
        f"{paragraphs(update.text)}\n</body>\n</html>\n"
    )
    message.add_alternative(body, subtype="html")
    return message.as_bytes().decode("ascii", "surrogateescape").replace("\r\n", "\n")


def _statuspage(update: Outgoing, overrides: Overrides | None) -> str:
    phrases = load(update.lang, overrides)
    status = _STATUS.get(canonical(update.stage), "investigating")
    over = status == "resolved"
    body = {
        "incident": {
            "name": update.title or phrases.say("subject.effect"),
            "status": status,
            "impact_override": "none"
            if over and canonical(update.stage) == "stand-down"
            else _IMPACT.get(update.severity, "minor"),
            "body": update.text,
            "component_ids": list(update.components),
            "components": {
                component: "operational" if over else _COMPONENT.get(update.severity, "degraded_performance")
                for component in update.components
            },
            "deliver_notifications": not update.drill,
        }
    }
    return json_text(body)


_RENDER: dict[str, Callable[[Outgoing, Overrides | None], str]] = {
    "plain": _plain,
    "markdown": _markdown,
    "slack": _slack,
    "html": _mail,
    "statuspage": _statuspage,
    "teams": _teams,
}
