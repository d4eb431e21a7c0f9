"""What people read when it matters: who keeps it, when it was last followed, and what happened since."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, stated

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
    path: str = stated("", "Where it is: an address, or a path within its repository.")
    repository: str = stated("", "Name of the git repository that its path is in; empty where one is enough.")
    owner: PersonName = stated("", "Who keeps it.")
    systems: tuple[str, ...] = stated((), "Systems that it covers.")
    sort: str = stated("", "Its kind: runbook, contacts, policy, decision …")
    watches: tuple[str, ...] = stated((), "Paths in the repository that it tells of.")
    linked: tuple[str, ...] = stated((), "Titles of documents that it leans on.")
    cadence_days: int = stated(0, "How often it is to be followed, in days; 0 for its kind's own.")
    critical: bool = stated(False, "Whether a copy is kept on the board, to be read with the network off.")
    verified_at: Instant = stated("", "When somebody last followed it; a day or a moment; empty for never.")
    commits: int = stated(0, "Commits to the paths that it tells of since it was verified, at the last scan.")
    dead_links: tuple[str, ...] = stated((), "Links to nothing, at the last scan.")
    scanned_at: Instant = stated("", "When its repository was last looked at.")
    wrong: str = stated("", "What a reader found wrong, since it was verified.")
    retired: bool = stated(False, "Whether it no longer counts.")


@record("verification")
class Verification(Record):
    """One time that somebody followed a document to see whether it holds."""

    document: str = stated("", "Id of the document.")
    result: Result | Other = stated("still true", "One of RESULTS.")
    method: Method | Other = stated("read", "One of METHODS.")
    text: str = stated("", "What was checked.")
    commit: str = stated("", "The commit at which it held; empty where it is in no repository.")
    stale: float = stated(0.0, "How likely it was stale, 0 to 1, just before.")


@record("reading")
class Reading(Record):
    """One time that somebody opened a document; of an incident, if it was opened in one."""

    document: str = stated("", "Id of the document.")


@record("kept_text")
class KeptText(Record):
    """The text of a critical document, so that it opens with the network off."""

    document: str = stated("", "Id of the document.")
    text: str = stated("", "The text, cut at a bound.")
    cut: bool = stated(False, "Whether there was more.")
    copied_at: Instant = stated("", "When it was copied.")
