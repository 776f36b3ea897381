"""From a copy in another program to the card on the screen: a real X clipboard, and a second process that copies.

`python -m tests.bench.clipboard HOME AS_OF` opens a shop as the program does, on the display of the environment, and
prints as JSON how long each copy took; without a display it starts Xvfb for itself, where that is installed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from tests.bench.timing import p95

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from shopcrm.ui.application import Application
    from tests.bench.big_shop import BigShop
    from tests.bench.timing import Line

COPIES: Final = 60
DISPLAY: Final = ":87"
_COPIER: Final = """
import sys, time
from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(sys.argv)
def heard():
    line = sys.stdin.readline()
    if not line:
        app.quit()
        return
    print(time.monotonic(), flush=True)
    QGuiApplication.clipboard().setText(line.rstrip())
notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
notifier.activated.connect(heard)
app.exec()
"""


@contextmanager
def screen() -> Iterator[None]:
    """A display to copy on: the one there is, else Xvfb for as long as the block runs."""
    if os.environ.get("DISPLAY"):
        yield
        return
    found = shutil.which("Xvfb")
    if found is None:
        raise SystemExit("no display, and no Xvfb to make one")
    server = subprocess.Popen([found, DISPLAY, "-screen", "0", "1600x900x24"], stderr=subprocess.DEVNULL)
    os.environ["DISPLAY"] = DISPLAY
    time.sleep(1.0)
    try:
        yield
    finally:
        server.terminate()
        server.wait(10)


def measure(home: Path, as_of: date) -> list[float]:
    """Seconds from each copy to the painted card."""
    from shopcrm.base.paths import Home
    from shopcrm.ui.application import Application, make_application
    from tests.bench.window import _rest, _until

    app = make_application()
    program = Application(app, Home(home), language="zh_CN", as_of=as_of)
    program.start()
    _until(app, lambda: program.shop is not None)
    _rest(app, program)
    program.window.go_to("customers")
    program.window.ctx.clipboard.watch(True)
    _rest(app, program)
    copier = subprocess.Popen(
        [sys.executable, "-c", _COPIER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        return list(_copies(app, program, copier))
    finally:
        copier.kill()
        copier.wait(10)


def _copies(app: QApplication, program: Application, copier: subprocess.Popen[str]) -> Iterator[float]:
    from shopcrm.act import recognise
    from shopcrm.ui.parts.card import CustomerCard
    from tests.bench.window import _painted, _rest, _until

    assert program.shop is not None
    assert copier.stdin is not None
    assert copier.stdout is not None
    with program.shop.read() as tx:
        texts = tx.connection.exec_driver_sql("SELECT display FROM identities ORDER BY id LIMIT 300000").scalars().all()
        numbers = tx.connection.exec_driver_sql("SELECT number FROM orders ORDER BY id LIMIT 300000").scalars().all()
        chance = random.Random(5)
        chosen = [
            one
            for some in (texts, numbers)  # those that name one customer: several are a list, not a card
            for one in [each for each in chance.sample(list(some), COPIES) if len(recognise.exactly(tx, each)) == 1][
                : COPIES // 2
            ]
        ]
    panel = program.window.ctx.beside.open()
    card: CustomerCard = panel.card
    shown: list[float] = []
    card.shown.connect(lambda _data: shown.append(time.monotonic()))
    for text in chosen:
        _rest(app, program)
        shown.clear()
        with _painted(panel) as moments:
            copier.stdin.write(f"{text}\n")
            began = float(copier.stdout.readline())
            _until(app, lambda: bool(shown))
            moments.clear()
            panel.update()
            _until(app, lambda: bool(moments))
            yield time.monotonic() - began


def lines(big: BigShop) -> Iterator[Line]:
    """The window on a big shop and a program that copies, on a display of their own where there is one to be had."""
    from tests.bench.big_shop import AS_OF
    from tests.bench.timing import Line

    if shutil.which("Xvfb") is None and not os.environ.get("DISPLAY"):
        return
    with tempfile.TemporaryDirectory(prefix="shopcrm-bench-") as folder:
        big.copy(Path(folder) / "shop").close()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.clipboard", f"{folder}/shop", AS_OF.isoformat()],
            cwd=Path(__file__).parents[2], env={**os.environ, "QT_QPA_PLATFORM": "xcb"}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, check=True,
        )  # fmt: skip
    found = json.loads(done.stdout)
    yield Line("copied in another program to the painted card, p95", found["p95"])
    yield Line("the same, median", found["median"])


def main(home: str, as_of: str) -> int:
    """Measure and print."""
    with screen():
        times = measure(Path(home), date.fromisoformat(as_of))
        found = {"copies": len(times), "median": median(times), "p95": p95(times), "longest": max(times)}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
    os._exit(0)  # no goodbye: the backup on exit is not measured here


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
