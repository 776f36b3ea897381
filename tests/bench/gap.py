"""`python -m tests.bench.gap HOME FILE`: a file imported beside a Qt event loop.

Prints the longest time in which the loop did not get a turn, and the memory that the import took above idle.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QTimer

from shopcrm.app import Shop
from shopcrm.base.paths import Home
from tests.bench.big_shop import AS_OF


def main(home: Path, report: Path) -> None:
    """Import, look every millisecond, and print the longest time that no look came (ms), and the memory (MB)."""
    program = QCoreApplication([])
    shop = Shop.open(Home(home), as_of=AS_OF)
    idle = _peak_mb()
    looks = [time.perf_counter()]

    def work() -> None:
        staged = shop.stage([report])
        shop.preview(staged)
        shop.import_staged(staged)

    def look() -> None:
        looks.append(time.perf_counter())
        if not importing.is_alive():
            program.quit()

    gc.freeze()  # as the program does once its shop is open
    timer = QTimer(interval=1)
    timer.timeout.connect(look)
    importing = threading.Thread(target=work)
    timer.start()
    importing.start()
    program.exec()
    shop.close()
    longest = max(after - before for before, after in pairwise(looks))
    sys.stdout.write(f"{1_000 * longest:.1f} {_peak_mb() - idle:.0f}\n")


def _peak_mb() -> float:
    """The largest resident size of this program so far."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage tells on Linux may be the size of the program that started this one
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1_024
        )
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
