"""`python -m tests.bench.cancel HOME FILE`: how long an import goes on after Cancel, by the phase it was in.

The import is begun again and again and cancelled a little later each time; nothing of it may be left in the shop.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Final

from shopcrm.app import Shop
from shopcrm.base.errors import Cancelled
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress, Step
from tests.bench.big_shop import AS_OF

TRIES: Final = 40


def main(home: Path, report: Path) -> None:
    """Cancel at `TRIES` moments of an import, and print by phase the longest time until it had stopped (ms)."""
    shop = Shop.open(Home(home), as_of=AS_OF)
    before = shop.counts()
    longest: dict[str, float] = {}
    whole_s = _whole_s(shop, report)
    for attempt in range(TRIES):
        phase, after_s = _cancelled(shop, report, after_s=whole_s * attempt / TRIES)
        longest[phase] = max(longest.get(phase, 0.0), after_s)
        assert shop.counts() == before, phase  # a bench
    for phase, after_s in longest.items():
        sys.stdout.write(f"{phase}: {1_000 * after_s:.0f}\n")
    shop.close()


def _whole_s(shop: Shop, report: Path) -> float:
    """How long an import takes in all; taken back."""
    begun = time.perf_counter()
    staged = shop.stage([report])
    shop.preview(staged)
    shop.import_staged(staged)
    took = time.perf_counter() - begun
    shop.undo_import()
    return took


def _cancelled(shop: Shop, report: Path, *, after_s: float) -> tuple[str, float]:
    """The phase an import was in when it was cancelled, and how long it went on."""
    phase = ["begun"]
    at = [0.0]
    part = ["reading"]

    def stepped(step: Step) -> None:
        phase[0] = step.stage

    progress = Progress(stepped)

    def cancel() -> None:
        at[0] = time.perf_counter()
        phase[0] = f"{part[0]}, {phase[0]}"
        progress.cancel()

    timer = threading.Timer(after_s, cancel)
    timer.start()
    staged = None
    try:
        staged = shop.stage([report], progress=progress)
        part[0] = "preview"
        shop.preview(staged, progress=progress)
        part[0] = "import"
        shop.import_staged(staged, progress=progress)
    except Cancelled:
        return phase[0], time.perf_counter() - at[0]
    finally:
        timer.cancel()
        if staged is not None:
            staged.close()
    shop.undo_import()
    return "over", 0.0


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
