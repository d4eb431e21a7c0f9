"""What people read when it matters: who keeps it, when it was last followed, and what happened since."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, stated
from opsterm.records.timeline_entry import days, on_day, percent

#: How a verification ended.
Result = Literal["still true", "fixed", "retired"]
RESULTS: tuple[Result, ...] = get_args(Result)
#: How somebody found out whether it holds: an edit is none of these.
Method = Literal["drill", "incident", "newcomer", "walked through", "read"]
METHODS: tuple[Method, ...] = get_args(Method)


@record("document")
class Document(Record):
    """One runbook, process, decision framework, escalation path or contact list."""

    title: str = stated("", "What people call it.")
    path: str = stated("", "Where it is: an address, or a path within its repository.", called="kept at")
    repository: str = stated(
        "", "Name of the git repository that its path is in; empty where one is enough.", called="in the repository"
    )
    owner: PersonName = stated("", "Who keeps it.", called="kept by")
    systems: tuple[str, ...] = stated((), "Systems that it covers.", called="systems:")
    sort: str = stated("", "Its kind: runbook, contacts, policy, decision …", called="kind")
    watches: tuple[str, ...] = stated((), "Paths in the repository that it tells of.", called="tells of")
    linked: tuple[str, ...] = stated((), "Titles of documents that it leans on.", called="leans on")
    cadence_days: int = stated(
        0, "How often it is to be followed, in days; 0 for its kind's own.", called="followed every", words=days
    )
    critical: bool = stated(
        False, "Whether a copy is kept on the board, to be read with the network off.", called="kept on the board:"
    )
    verified_at: Instant = stated(
        "", "When somebody last followed it; a day or a moment; empty for never.", called="verified on", words=on_day
    )
    commits: int = stated(
        0, "Commits to the paths that it tells of since it was verified, at the last scan.", called="commits since:"
    )
    dead_links: tuple[str, ...] = stated((), "Links to nothing, at the last scan.", called="dead links:")
    scanned_at: Instant = stated("", "When its repository was last looked at.", called="looked at on", words=on_day)
    wrong: str = stated("", "What a reader found wrong, since it was verified.", called="found wrong:")
    retired: bool = stated(False, "Whether it no longer counts.", called="retired:")
    source: str = stated(
        "", "Name of the file that it was last taken from; empty for what people said here.", called="from the file"
    )


@record("verification")
class Verification(Record):
    """One time that somebody followed a document to see whether it holds."""

    document: str = stated("", "Id of the document.", called="")
    result: Result | Other = stated("still true", "One of RESULTS.", called="result:")
    method: Method | Other = stated("read", "One of METHODS.", called="by")
    text: str = stated("", "What was checked.", called="checked:")
    commit: str = stated("", "The commit at which it held; empty where it is in no repository.", called="at commit")
    stale: float = stated(0.0, "How likely it was stale, 0 to 1, just before.", called="likely stale to", words=percent)


@record("reading")
class Reading(Record):
    """One time that somebody opened a document; of an incident, if it was opened in one."""

    document: str = stated("", "Id of the document.", called="")


@record("kept_text")
class KeptText(Record):
    """The text of a critical document, so that it opens with the network off."""

    document: str = stated("", "Id of the document.", called="")
    text: str = stated("", "The text, cut at a bound.", called="")
    cut: bool = stated(False, "Whether there was more.", called="cut:")
    copied_at: Instant = stated("", "When it was copied.", called="copied on", words=on_day)
