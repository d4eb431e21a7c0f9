"""The postmortem as text to take away: Markdown, HTML or JSON, with names or with each person's part in their place."""

from __future__ import annotations

from pathlib import Path

from opsterm.core.session import Outcome, Rejected
from opsterm.core.whole_file import export_whole
from opsterm.learn.account import Account
from opsterm.learn.as_json import as_json
from opsterm.learn.html import as_html
from opsterm.learn.markdown import as_markdown
from opsterm.learn.redaction import names_in, redact, redact_json
from opsterm.learn.report import report
from opsterm.records.plain import json_text

FORMS = ("md", "html", "json")


def export_text(account: Account, form: str = "md", *, redacted: bool = False) -> str:
    """The postmortem in one of FORMS, ending in a newline."""
    names = names_in(account) if redacted else {}
    document = redact(report(account), names)
    if form == "html":
        return as_html(document)
    if form == "json":
        told = {**redact_json(as_json(account), names), "markdown": as_markdown(document)}
        return json_text(told) + "\n"
    return as_markdown(document)


def export_file(account: Account, name: str, *, redacted: bool = False) -> Outcome:
    """Writes it to a file whose ending says the form; Markdown where it says none. Raises Rejected where it can't be
    written."""
    file = _named(name)
    form = file.suffix.removeprefix(".").lower()
    text = export_text(account, form if form in FORMS else "md", redacted=redacted)
    export_whole(file, text)
    return Outcome(f"written to {file.absolute()}{', names taken out' if redacted else ''}")


def _named(name: str) -> Path:
    try:
        return Path(name.strip()).expanduser()
    except RuntimeError as error:
        raise Rejected(f"It can't be written there ({error}): name another file than {name.strip()}.") from error
