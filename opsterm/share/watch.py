"""Waiting for news of a folder: the watcher's events where they work, and a poll beneath them always."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from opsterm.board.filesystem import filesystem_of, is_network
from opsterm.share.folder import TEMPORARY

#: How often the folder is looked at: where other hosts' writes raise no event, and where they do.
POLL_NETWORK_S = 1.0
POLL_LOCAL_S = 5.0
#: How events are gathered, milliseconds: quiet for so long, at most so long.
STEP_MS, DEBOUNCE_MS = 10, 50
#: How long a watcher that failed is left alone.
_PAUSE_S = 5.0


def poll_seconds(directory: Path) -> float:
    """How often a folder has to be looked at."""
    return POLL_NETWORK_S if is_network(filesystem_of(directory)) else POLL_LOCAL_S


class Watch:
    """Sets `news` whenever something in the folder changed that is not our own temporary file."""

    def __init__(self, folder: Path, news: threading.Event) -> None:
        self._folder = folder
        self._news = news
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begins to watch. A folder that is not there yet, or vanishes, is watched once it is back."""
        self._thread.start()

    def stop(self) -> None:
        """Ends soon; waits for nothing."""
        self._stop.set()

    def _run(self) -> None:
        from watchfiles import watch

        while not self._stop.is_set():
            with suppress(OSError, RuntimeError):
                for _ in watch(
                    self._folder,
                    watch_filter=lambda _, path: TEMPORARY not in path,
                    debounce=DEBOUNCE_MS,
                    step=STEP_MS,
                    stop_event=self._stop,
                    rust_timeout=1_000,
                    raise_interrupt=False,
                    recursive=False,
                ):
                    self._news.set()
            self._news.set()
            self._stop.wait(_PAUSE_S)
