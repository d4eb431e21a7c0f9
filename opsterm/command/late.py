"""What a line that tells of an earlier time does not change: what stands since a later one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from opsterm.command.capture import Captured
from opsterm.core.session import Attribution, Session
from opsterm.incidents.incident import STATUS_PANE
from opsterm.incidents.snapshot import Snapshot
from opsterm.records.plain import lines_of
from opsterm.records.record import Record


def with_what_stands(session: Session, snapshot: Snapshot, captured: Captured) -> Captured:
    """The line with what stands in spite of it, in its words: `monitoring stands since 18:59 UTC`."""
    if not captured.at:
        return captured
    said = Attribution(at=captured.at)
    stands = (session.outlived(item, field, value, said) for item, field, value in _settings(snapshot, captured))
    told = "; ".join(dict.fromkeys(filter(None, stands)))
    return replace(captured, words=f"{captured.words}; {told}") if told else captured


def _settings(snapshot: Snapshot, captured: Captured) -> Iterator[tuple[Record, str, Any]]:
    """What a line sets that holds from a time on: (record, field, value) of each."""
    of, word = snapshot.incident, captured.word
    if captured.verb in ("status", "severity"):
        yield of, captured.verb, word
    elif captured.verb == "watch":
        yield of, "status", "monitoring"
    elif captured.verb == "words":
        yield of, STATUS_PANE[word][0], captured.text
    elif captured.verb == "services":
        yield of, "services", lines_of([captured.text])
    elif captured.verb == "exit_met":
        yield of, "exit_met", bool(word)
    elif captured.verb == "role":
        if word == "commander":
            yield of, "commander", captured.owner
        held = next((role for role in snapshot.roles if role.role == word), None)
        if held is not None:
            yield held, "name", captured.owner
    elif captured.verb == "move":
        target = captured.targets[0][0]
        named = {"state": word, "owner": captured.owner, "confidence": captured.confidence}
        yield from ((target, field, value) for field, value in named.items() if value not in ("", None))
