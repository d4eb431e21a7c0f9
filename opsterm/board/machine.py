"""Which machine this is: a station is a board and a machine."""

from __future__ import annotations

import os
import uuid
from hashlib import sha256
from pathlib import Path

_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


def machine_id() -> str:
    """A name for this machine that stays over restarts; its hash, since the id itself is nobody else's business."""
    named = os.environ.get("OPSTERM_MACHINE", "")
    for file in _FILES:
        if named:
            break
        try:
            named = Path(file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            named = ""
    return sha256(f"opsterm {named or uuid.getnode()}".encode()).hexdigest()[:16]
