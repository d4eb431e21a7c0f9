"""Small documents in the form of an incident's file."""

from __future__ import annotations

from typing import Any


def event(kind: str, text: str, ref: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    return {"at": f"2026-11-24T13:{minute:02d}:00Z", "kind": kind, "text": text, "ref": ref, **more}


def document_of(*events: dict[str, Any]) -> dict[str, Any]:
    return {"id": "x", "title": "X", "started_at": "2026-11-24T13:00:00Z", "events": list(events)}
