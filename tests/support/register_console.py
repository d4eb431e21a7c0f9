"""Registers are driven by keys, on a board whose clock stands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from opsterm.core.session import Session
from tests.support.console import Console, Scene, Steps

SMALL, LARGE = (80, 24), (200, 60)


@dataclass(slots=True)
class RegisterConsole:
    """A person at a console, and what was copied there."""

    scene: Scene
    copied: list[str] = field(default_factory=list)

    def as_(self, person: str = "mia") -> Session:
        return self.scene.as_(person)

    def run(self, steps: Steps, size: tuple[int, int] = SMALL) -> None:
        """Does what a person does, at home."""

        async def there() -> None:
            async with self.scene.console(size=size) as console:
                console.app.context.copy = self._copy
                if console.where == "WarRoom":
                    await console.press("q")
                await steps(console)

        asyncio.run(there())

    def _copy(self, text: str) -> str:
        self.copied.append(text)
        return "copied"


async def typed(console: Console, key: str, line: str) -> None:
    """One key, one line, enter."""
    await console.press(key)
    await console.type(line)
    await console.press("enter")
