"""The terminal of a console: what it sends becomes keys and pastes; one can step out to the shell, and come back."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterable
from time import monotonic
from types import FrameType
from typing import Any

from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

#: What is typed ahead waits in the terminal for so long: the first paint does not wait for the reading.
READ_AFTER_S = 0.1
#: How long nothing may come until one looks whether all that came is settled, and whether the console ends.
LOOK_S = 0.05
#: As much as is read at once; what goes on beyond it is read on.
_PIECE = 64 * 1024
_PIECES_MAX = 64


class TerminalDriver(LinuxDriver):
    """Reads the keys itself, and paints all of the screen when the console comes back from behind a shell."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        #: Whether the console has given the terminal back.
        self.away = False
        signal.signal(signal.SIGTSTP, self.step_out)
        signal.signal(signal.SIGCONT, self.come_back)

    # --- what comes in

    def run_input_thread(self) -> None:
        """Reads until the console gives the terminal back."""
        self.exit_event.wait(READ_AFTER_S)
        from screens.keys.terminal_reading import Reading

        reading = Reading(ESCAPE_DELAY)
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], LOOK_S)[0]:
                data = self._read()
                if not data:  # the terminal is gone; whether the console ends, the signal says that comes with it
                    self.exit_event.wait()
                    return
                self._pass_on(reading.feed(data, monotonic()))
            self._pass_on(reading.tick(monotonic()))

    def _read(self) -> bytes:
        """All that is there, for what comes in one piece is told apart as one."""
        data = b""
        for _ in range(_PIECES_MAX):
            try:
                piece = os.read(self.fileno, _PIECE)
            except OSError:
                piece = b""
            data += piece
            if not piece or not select.select([self.fileno], [], [], 0)[0]:
                break
        return data

    def _pass_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    # --- out to the shell, and back

    def step_out(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Gives the terminal back, and stops until the shell says to go on. Where no shell could say so, the system
        stops nobody, and the console is back at once."""
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self.step_out)
        self.come_back()

    def come_back(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Takes the terminal again, also where the console was stopped without being asked."""
        if number:
            self._give_back()
        while self._behind:
            os.kill(os.getpid(), signal.SIGSTOP)
        if self.away:
            self.away = False
            self.resume_application_mode()
            self.process_message(LinuxDriver.SignalResume())

    def _give_back(self) -> None:
        if not self.away:
            self.away = True
            self.suspend_application_mode()

    def close(self) -> None:
        """Ends what writes; once the console has left, the signals are no more its own."""
        if not self.away:
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            signal.signal(signal.SIGCONT, signal.SIG_DFL)
        super().close()

    @property
    def _behind(self) -> bool:
        """Whether the console goes on while the terminal is another's."""
        try:
            return self.away and os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:
            return False
