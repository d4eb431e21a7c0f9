"""Where things are and who is at the keyboard: options, then the environment, then what the board remembers."""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opsterm.records.person_name import same_person, written

T = TypeVar("T")

#: A longer name is cut: no journal takes it.
NAME_LENGTH_MAX = 120
#: People write settings by hand: a larger file is something else.
SETTINGS_BYTES_MAX = 4 << 20


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
        """Who acts: as given, else as the board remembers, else the login name. Whoever the board remembers is spelled
        as it does."""
        named = self.person or os.environ.get("OPSTERM_USER", "") or remembered or _login()
        return written(remembered if same_person(named, remembered) else named)[:NAME_LENGTH_MAX] or "someone"


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def data_folder() -> Path:
    """The folder of this user's own data."""
    from platformdirs import user_data_path

    return user_data_path("opsterm", appauthor=False)


def settings_path() -> Path:
    """The team's settings file: `OPSTERM_SETTINGS`, else `settings.toml` in the user's configuration folder."""
    named = os.environ.get("OPSTERM_SETTINGS", "")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("opsterm", appauthor=False) / "settings.toml"


def settings_text(path: Path) -> str:
    """A settings file as it is written. Raises OSError where it can't be read, and ValueError where it is no UTF-8 or
    longer than any that a person wrote."""
    with path.open("rb") as file:
        data = file.read(SETTINGS_BYTES_MAX + 1)
    if len(data) > SETTINGS_BYTES_MAX:
        raise ValueError(f"it is larger than {SETTINGS_BYTES_MAX >> 20} MB")
    return data.decode("utf-8")


def settings_document(path: Path) -> dict[str, Any]:
    """What a settings file says. Raises OSError where it can't be read, and ValueError where it is no TOML."""
    return tomllib.loads(settings_text(path))


def team_table(name: str, path: Path | None = None) -> Mapping[str, Any]:
    """One table of the settings file; empty where it has none, and where it can't be read, of which `load_settings`
    warns."""
    try:
        found = settings_document(path or settings_path()).get(name)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def kept_until_changed(read: Callable[[Path | None], T]) -> Callable[[], T]:
    """What `read` makes of the settings file, or of none; it is asked again only where the file was changed."""
    kept: dict[Path, tuple[tuple[int, int] | None, T]] = {}

    @wraps(read)
    def now() -> T:
        file = settings_path()
        try:
            found = file.stat()
            stamp = (found.st_mtime_ns, found.st_size)
        except OSError:
            stamp = None
        if file not in kept or kept[file][0] != stamp:
            kept[file] = (stamp, read(file if stamp else None))
        return kept[file][1]

    return now


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

    named = zone or local_zone()
    return named.key if isinstance(named, ZoneInfo) else "UTC"
