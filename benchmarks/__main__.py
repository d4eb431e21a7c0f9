"""What opsterm costs beside a bare Textual application, in one table: `make bench`."""

from __future__ import annotations

import sys

from benchmarks import board, console, long_incident, registers
from benchmarks.table import show

sys.exit(show([*console.measure(), *board.measure(), *long_incident.measure(), *registers.measure()]))
