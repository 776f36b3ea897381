"""What a user waits for in the window, measured in a process of its own without a screen.

`python -m tests.bench.window HOME AS_OF` opens a shop as the program does, presses real keys, and prints the times as
JSON. `bare` instead of a home shows an empty Qt window: the limit that the first paint is measured against.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from tests.bench.timing import p95

BORN: Final = float(os.environ.get("SHOPCRM_BENCH_BORN") or time.time())  # when the parent started this process

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from shopcrm.ui.application import Application
    from shopcrm.ui.kit.table_view import TableView
    from tests.bench.big_shop import BigShop
    from tests.bench.timing import Line, Size

WAIT_S: Final = 120.0
TYPED: Final = 40


def memory_bytes() -> int:
    """What this process holds of the machine's memory now."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0  # another system: the line is left out
    return pages * os.sysconf("SC_PAGE_SIZE")


def _until(app: QApplication, there: Callable[[], bool]) -> None:
    """Run the event loop until something is the case."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop(app)
    deadline = time.monotonic() + WAIT_S
    tick = QTimer(interval=1)  # not 0: a busy loop would hold the interpreter while the answer is worked out

    def look() -> None:
        if there() or time.monotonic() > deadline:
            loop.quit()

    tick.timeout.connect(look)
    tick.start()
    if not there():
        loop.exec()
        if not there():
            raise TimeoutError("the window does not answer")


@contextmanager
def _painted(widget: QWidget) -> Iterator[list[float]]:
    """The moments at which a widget has been painted while the block runs."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject

    moments: list[float] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
            if event.type() == QEvent.Type.Paint and watched is widget:
                watched.removeEventFilter(self)
                QCoreApplication.sendEvent(widget, event)  # painted when this returns
                widget.installEventFilter(self)
                moments.append(time.perf_counter())
                return True
            return False

    watch = Watch()
    widget.installEventFilter(watch)
    yield moments
    widget.removeEventFilter(watch)


@contextmanager
def _gaps() -> Iterator[list[float]]:
    """The longest time the event loop was away while the block runs, as a list of one."""
    from PySide6.QtCore import Qt, QTimer

    found = [0.0]
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        found[0] = max(found[0], now - last[0])
        last[0] = now

    timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start()
    yield found
    timer.stop()


def bare() -> dict[str, float]:
    """An empty window, shown."""
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication(["bench"])
    window = QWidget()
    window.resize(1280, 800)
    with _painted(window) as moments:
        window.show()
        _until(app, lambda: bool(moments))
    return {"first_paint": time.time() - BORN, "memory": memory_bytes()}


def measure(home: Path, as_of: date, *, files: list[Path]) -> dict[str, float]:
    """Start the program on a shop and do what a user does."""
    from shopcrm.base.paths import Home
    from shopcrm.ui.application import Application, make_application

    app = make_application()
    found: dict[str, float] = {}
    program = Application(app, Home(home), language="zh_CN", as_of=as_of)
    with _painted(program.window) as moments:
        program.start()
        _until(app, lambda: bool(moments))
        found["first_paint"] = time.time() - BORN
        _until(app, lambda: program.shop is not None and not program.window.ctx.operations.busy)
    found["ready"] = time.time() - BORN
    _rest(app, program)
    found["memory"] = memory_bytes()
    found |= _type(app, program)
    found |= _customers(app, program)
    if files:
        found |= _import(app, program, files)
    return found


def _rest(app: QApplication, program: Application) -> None:
    """Until nothing is asked any more and a moment longer."""
    quiet = [time.monotonic()]

    def still() -> bool:
        if program.window.ctx.operations.busy or program.window.ctx.jobs.running:
            quiet[0] = time.monotonic()
        return time.monotonic() - quiet[0] > 0.5

    _until(app, still)


def _type(app: QApplication, program: Application) -> dict[str, float]:
    """Keystrokes in the search box: from the key to the painted list, and how long the key itself took."""
    import numpy as np
    from PySide6.QtTest import QTest

    from shopcrm.ui.pages.desk import DeskPage

    assert program.shop is not None
    columns, chance = program.shop.columns(), random.Random(5)
    with program.shop.read() as tx:
        chosen = [int(columns.ids[chance.randrange(len(columns))]) for _ in range(TYPED)]
        listed = ",".join(map(str, chosen))
        rows = tx.connection.exec_driver_sql(f"SELECT name FROM customers WHERE id IN ({listed})").fetchall()
    texts = [name[-2:] for (name,) in rows if len(name) > 1]
    tails = [f"{number:04d}" for number in np.random.default_rng(5).integers(0, 9_999, TYPED)]
    desk = program.window.frame.page("desk")
    assert isinstance(desk, DeskPage)
    edit, view = program.window.frame.header.search.edit, desk.results.viewport()
    painted: list[float] = []
    pressed: list[float] = []
    for text in [*texts, *tails]:
        edit.clear()
        _rest_briefly(app, program)
        for letter in text:
            with _painted(view) as moments:
                begun = time.perf_counter()
                if letter.isascii():
                    QTest.keyClicks(edit, letter)
                else:
                    edit.insert(letter)  # as an input method commits it
                pressed.append(time.perf_counter() - begun)
                wanted = edit.text()
                _until(
                    app,
                    lambda wanted=wanted: desk._asked == wanted and bool(moments or not desk.results.entries),  # type: ignore[misc]  # a default binds it
                )
                painted.append((moments[-1] if moments else time.perf_counter()) - begun)
    edit.clear()
    _rest(app, program)
    return {"key_p95": p95(pressed), "painted_p95": p95(painted), "painted_median": median(painted)}


def _rest_briefly(app: QApplication, program: Application) -> None:
    _until(app, lambda: not program.window.ctx.operations.busy)


def _customers(app: QApplication, program: Application) -> dict[str, float]:
    """The customers page opened for the first time and again, sorted, and a jump into the middle."""
    from shopcrm.ui.pages.customers import CustomersPage

    found = {}
    for name in ("customers_first", "customers_again"):
        program.window.go_to("desk")
        _rest(app, program)
        begun = time.perf_counter()
        program.window.go_to("customers")
        found[name] = _row_painted(app, _table(program), 0) - begun
        _rest(app, program)
    page, table = program.window.frame.page("customers"), _table(program)
    assert isinstance(page, CustomersPage)
    jumps = []
    for key in ("name", "last_day", "net_total"):
        page._sorted(((key, False),))
        _rest(app, program)
        middle = len(table.paged.ids) // 2
        for place in (middle, middle * 3 // 2, middle // 2):
            begun = time.perf_counter()
            table.go_to(place)
            jumps.append(_row_painted(app, table, place) - begun)
            _rest(app, program)
    found["jump_p95"] = p95(jumps)
    begun = time.perf_counter()
    page._sorted((("occasions", True),))
    ids = table.paged.ids
    _until(app, lambda: table.paged.ids is not ids)
    found["sort"] = _row_painted(app, table, 0) - begun
    return found


def _table(program: Application) -> TableView:
    from shopcrm.ui import names
    from shopcrm.ui.kit.table_view import TableView

    table: TableView | None = program.window.findChild(TableView, names.CUSTOMER_TABLE)
    assert table is not None
    return table


def _row_painted(app: QApplication, table: TableView, place: int) -> float:
    """The moment at which a row of the table stands on the screen."""
    with _painted(table.viewport()) as moments:
        _until(app, lambda: len(table.paged.ids) > place and table.paged.row(place) is not None)
        moments.clear()
        table.viewport().update()
        _until(app, lambda: bool(moments))
    return moments[-1]


def _import(app: QApplication, program: Application, files: list[Path]) -> dict[str, float]:
    """Files dropped and imported: the longest time the event loop was away."""
    from PySide6.QtWidgets import QPushButton

    from shopcrm.ui import names

    with _gaps() as longest:
        begun = time.perf_counter()
        program.window.go_to("data", files)
        _until(app, lambda: not program.window.ctx.jobs.running and not program.window.ctx.operations.busy)
        button = program.window.findChild(QPushButton, names.IMPORT_START)
        assert button is not None
        button.click()
        _until(app, lambda: program.window.ctx.jobs.running)
        _until(app, lambda: not program.window.ctx.jobs.running and not program.window.ctx.operations.busy)
        took = time.perf_counter() - begun
    return {"import_gap": longest[0], "import": took, "import_memory": memory_bytes()}


def lines(big: BigShop) -> Iterator[Line | Size]:
    """The window on a big shop, in processes of their own: the first paint against a bare Qt window, keys, jumps."""
    from tests.bench.big_shop import AS_OF
    from tests.bench.timing import Line, Size

    empty = [_run("bare") for _ in range(3)]
    with tempfile.TemporaryDirectory(prefix="shopcrm-bench-") as folder:
        big.copy(Path(folder) / "shop").close()
        runs = [_run(folder + "/shop", AS_OF.isoformat()) for _ in range(2)]
        found = _run(folder + "/shop", AS_OF.isoformat(), str(big.xlsx))
    runs.append(found)
    bare_paint = median(run["first_paint"] for run in empty)
    yield Line("first paint", median(run["first_paint"] for run in runs), "a bare Qt window", bare_paint)
    yield Line("ready to type", median(run["ready"] for run in runs), "a bare Qt window", bare_paint)
    yield Size("memory of the idle window", found["memory"], "a bare Qt window", empty[0]["memory"])
    for key, job in JOBS.items():
        yield Line(job, median(run[key] for run in runs if key in run))
    yield Size("memory of the window after an import", found["import_memory"])


JOBS: Final = {
    "key_p95": "a key in the search box on the GUI thread, p95",
    "painted_p95": "a key in the search box to the painted list, p95",
    "customers_first": "the customers page opened for the first time",
    "customers_again": "the customers page opened again",
    "sort": "the customer table sorted by another column",
    "jump_p95": "a jump into the middle of it after a sort, p95",
    "import": "100,000 rows of xlsx dropped, seen and imported in the window",
    "import_gap": "the longest time the event loop was away meanwhile",
}


def _run(*arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.window", *arguments],
        cwd=Path(__file__).parents[2], env={**os.environ, "SHOPCRM_BENCH_BORN": str(time.time())},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(arguments: list[str]) -> int:
    """Measure and print."""
    if arguments[0] == "bare":
        found = bare()
    else:
        home, as_of, *files = arguments
        found = measure(Path(home), date.fromisoformat(as_of), files=[Path(file) for file in files])
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # no goodbye: the backup on exit is not measured here


if __name__ == "__main__":
    main(sys.argv[1:])
