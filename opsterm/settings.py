"""Where things are and who is at the keyboard: options, then the environment, then what the board remembers."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opsterm.records.plain import one_line

#: A longer name is cut: no journal takes it.
NAME_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True)
class Settings:
    """What a call was given: empty texts where it was not."""

    board: str = ""
    share: str = ""
    person: str = ""

    @property
    def board_path(self) -> Path:
        """The board's file."""
        named = self.board or os.environ.get("OPSTERM_BOARD", "")
        return Path(named).expanduser() if named else data_folder() / "board.sqlite"

    @property
    def share_folder(self) -> Path | None:
        """The folder given for sharing; nothing where the board's own memory decides."""
        named = self.share or os.environ.get("OPSTERM_SHARE", "")
        return Path(named).expanduser() if named else None

    def person_name(self, remembered: str) -> str:
        """Who acts: as given, else as the board remembers, else the login name."""
        named = self.person or os.environ.get("OPSTERM_USER", "") or remembered or _login()
        return one_line(named)[:NAME_LENGTH_MAX] or "someone"


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def data_folder() -> Path:
    """The folder of this user's own data."""
    from platformdirs import user_data_path

    return user_data_path("opsterm", appauthor=False)


def local_zone() -> tzinfo:
    """The user's zone: `TZ`, else the machine's."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named:
        try:
            return ZoneInfo(named)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return datetime.now().astimezone().tzinfo or UTC
    link = Path("/etc/localtime")
    if link.is_symlink() and "zoneinfo/" in (target := str(link.readlink())):
        try:
            return ZoneInfo(target.split("zoneinfo/", 1)[1])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return datetime.now().astimezone().tzinfo or UTC


def zone_name(zone: tzinfo | None = None) -> str:
    """The name of a zone, the user's own where none is given: `Europe/Berlin`; UTC where it has none."""
    from zoneinfo import ZoneInfo

    named = zone or local_zone()
    return named.key if isinstance(named, ZoneInfo) else "UTC"
