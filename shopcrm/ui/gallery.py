"""Pictures of every page on a shop: what a change of the window is looked at by, and what the README shows."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from shopcrm.base import i18n, machine
from shopcrm.base.paths import Home
from shopcrm.ui import names, theme
from shopcrm.ui.application import make_application
from shopcrm.ui.beginning import Beginning
from shopcrm.ui.kit.table_view import TableView
from shopcrm.ui.messages import Messages
from shopcrm.ui.pages.registry import EVERY, PAGES
from shopcrm.ui.seat import Seat
from shopcrm.ui.window import Window

if TYPE_CHECKING:
    from shopcrm.app import Shop

SIZE: Final = (1280, 800)
SMALL: Final = (1280, 720)
PANEL: Final = (380, 760)
LONGEST_MS: Final = 60_000
FIRST_MS: Final = 800
SECTIONS: Final = (
    "shop",
    "rules",
    "beside",
    "imports",
    "backups",
    "about",
)  # of the settings, which open with their first


@dataclass(frozen=True)
class Look:
    """One way the window is looked at."""

    language: str
    theme: str
    size: tuple[int, int] = SIZE
    text_percent: int = 100
    empty: bool = False

    @property
    def suffix(self) -> str:
        """What tells its pictures apart."""
        parts = [self.language, self.theme]
        if self.size != SIZE:
            parts.append("x".join(map(str, self.size)))
        if self.text_percent != 100:
            parts.append(f"{self.text_percent}pc")
        if self.empty:
            parts.append("empty")
        return "-".join(parts)


def looks(languages: Sequence[str], themes: Sequence[str], size: tuple[int, int], *, everything: bool) -> list[Look]:
    """The looks asked for; `everything` adds zh_TW, the empty shop, 200 % text and 1280×720."""
    found = [Look(language, name, size) for language in languages for name in themes]
    if everything:
        found += [Look("zh_TW", name, size) for name in themes]
        for language in languages:
            found.append(Look(language, "light", size, empty=True))
            found.append(Look(language, "light", SMALL))
            found.append(Look(language, "light", SMALL, text_percent=200))
    return found


def render(
    home: Home,
    folder: Path,
    *,
    as_of: date | None = None,
    languages: Sequence[str] = ("zh_CN", "en"),
    themes: Sequence[str] = ("light", "dark"),
    size: tuple[int, int] = SIZE,
    everything: bool = False,
    pages: Sequence[str] = (),
) -> list[Path]:
    """Save a picture of every page in every look; the paths. `pages`: only these.

    A demo shop in the language in use is shown in every other language as it is made in that one.
    """
    if machine.no_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [page.key for page in EVERY if not pages or page.key in pages]
    before = i18n.language()
    made: list[Path] = []
    try:
        with tempfile.TemporaryDirectory(prefix="shopcrm-gallery-") as scratch:
            for look in looks(languages, themes, size, everything=everything):
                if look.empty:
                    shop_home = Home(Path(scratch) / "empty")
                else:
                    shop_home = _speaking(home, look.language, scratch=Path(scratch), as_of=as_of, spoken=before)
                with _opened(shop_home, as_of=as_of, empty=look.empty) as shop:
                    made += _Session(app, shop, look, Path(scratch)).save(folder, wanted)
    finally:
        i18n.set_language(before)
    return made


def _speaking(home: Home, language: str, *, scratch: Path, as_of: date | None, spoken: str) -> Home:
    """A demo shop as somebody of that language sees it; any other shop as it is."""
    if language == spoken:
        return home
    with _opened(home, as_of=as_of, empty=False) as shop:
        if not shop.info.is_demo:
            return home
    from shopcrm.app import make_demo

    other = Home(scratch / f"demo-{language}")
    make_demo(other, as_of=as_of, language=language)
    return other


@contextmanager
def _opened(home: Home, *, as_of: date | None, empty: bool) -> Iterator[Shop]:
    from shopcrm.app import NewShop, Shop

    shop = Shop.open(home, as_of=as_of, create=NewShop("CNY", "Asia/Shanghai") if empty else None)
    try:
        yield shop
    finally:
        shop.close()


class _Session:
    """One window in one look."""

    def __init__(self, app: QApplication, shop: Shop, look: Look, scratch: Path) -> None:
        self._shop, self._look, self._scratch = shop, look, scratch
        i18n.set_language(look.language)
        theme.use(app, name=look.theme, text_percent=look.text_percent, language=look.language)
        # A seat of its own: the gallery leaves no trace in the shop's home.
        self._seat = Seat(scratch / f"seat-{look.suffix}.toml")
        self._window = Window(self._seat, Messages())
        self._loop = QEventLoop(self._window)

    def save(self, folder: Path, pages: Sequence[str]) -> list[Path]:
        """Open page after page and save what is seen."""
        window = self._window
        window.resize(QSize(*self._look.size))
        made = []
        if self._look.empty and PAGES[0].key in pages:
            made.append(self._first_run(folder))
        window.enter(self._shop)
        window.show()
        self._settle()
        for name, pose in self._poses():
            key = name.partition("-")[0]
            if key in pages:
                window.frame.header.search.edit.clear()
                window.go_to(key)
                pose()
                self._settle()
                seen = self._in_front()
                # Tables fetch what they paint: once to make them ask, once for the picture.
                seen.grab()
                self._settle()
                path = folder / f"{name}-{self._look.suffix}.png"
                seen.grab().save(str(path))
                made.append(path)
                if seen is not window:
                    seen.close()
        window.ctx.operations.wait()
        window.hide()
        window.deleteLater()
        return made

    def _in_front(self) -> QWidget:
        """What is being looked at: a dialog, the side panel, or the window."""
        return QApplication.activeModalWidget() or self._window.ctx.beside.panel or self._window

    def _first_run(self, folder: Path) -> Path:
        self._window.show_first_run(Beginning.guessed(self._look.language), Home(self._scratch / "none"))
        self._window.show()
        path = folder / f"first-run-{self._look.suffix}.png"
        QTimer.singleShot(FIRST_MS, self._window, self._loop.quit)  # the lists of currencies and zones come by then
        self._loop.exec()
        self._window.grab().save(str(path))
        return path

    def _poses(self) -> list[tuple[str, Callable[[], None]]]:
        """(picture, what to do on its page before it is taken)."""

        def nothing() -> None:
            """The page as it opens."""

        poses: list[tuple[str, Callable[[], None]]] = [(page.key, nothing) for page in EVERY]
        poses += [(f"settings-{name}", partial(self._window.go_to, "settings", name)) for name in SECTIONS]
        if not self._look.empty:
            poses[0] = (PAGES[0].key, self._search)
            poses.append(("desk-panel", self._panel))
            poses.append(("desk-follow-up", self._follow_up))
            poses.append(("customers-inspector", self._inspector))
            poses.append(("customers-filter", partial(self._press, names.FILTER_ADD)))
            poses.append(("customers-columns", partial(self._press, names.CUSTOMER_COLUMNS)))
            poses.append(("scripts-editor", self._editor))
            poses.append(("data-preview", self._preview))
            poses.append(("data-columns", self._columns))
            poses.append(("data-products", partial(self._window.go_to, "data", "products")))
            poses.append(("parcels-transit", partial(self._window.go_to, "parcels", "transit")))
            poses.append(("desk-commands", partial(self._window.frame.header.search.edit.setText, ">")))
        poses.append(("desk-keys", self._window.show_keys))
        return poses

    def _search(self) -> None:
        """The customer with most to tell, found by the first letter of her name."""
        customer, query = self._most_telling()
        self._window.frame.header.search.edit.setText(query)
        if customer is not None:
            self._settle()
            self._window.go_to("desk", customer)
            self._window.frame.header.search.setFocus()

    def _panel(self) -> None:
        """Beside a chat: the card that the desk shows, narrow."""
        panel = self._window.ctx.beside.open()
        panel.resize(theme.current().px(PANEL[0]), PANEL[1])
        panel.show_customer(self._window.ctx.customer)

    def _follow_up(self) -> None:
        """The form of a follow-up with whom the desk shows."""
        from shopcrm.ui.pages.desk import DeskPage

        page = self._window.frame.page("desk")
        if isinstance(page, DeskPage):
            page.card.timeline.follow_up()

    def _inspector(self) -> None:
        """The card of whom the cursor is on, at the right of the list."""
        from shopcrm.ui.pages.customers import CustomersPage

        self._settle()
        page = self._window.frame.page("customers")
        table = page.findChild(TableView, names.CUSTOMER_TABLE)
        if isinstance(page, CustomersPage) and table is not None:
            page.inspect(table.current_id)

    def _editor(self) -> None:
        """A script while it is being changed."""
        from shopcrm.ui.pages.scripts import ScriptsPage

        self._settle()
        page = self._window.frame.page("scripts")
        if isinstance(page, ScriptsPage):
            page.change()

    def _press(self, name: str) -> None:
        self._settle()
        button = self._window.findChild(QPushButton, name)
        if button is not None:
            button.click()

    def _most_telling(self) -> tuple[int | None, str]:
        import numpy as np

        from shopcrm.act import desk
        from shopcrm.base.names import initials
        from shopcrm.jobs.demo_history import people

        columns = self._shop.columns()
        first = people()["star"][0]
        with self._shop.read() as tx:
            found = desk.find(tx, first["nick"], limit=1) if self._shop.info.is_demo else []
        if found:
            return found[0].id, min(initials(first["name"]))
        best: tuple[int, desk.Card] | None = None
        with self._shop.read() as tx:
            for place in np.argsort(columns.occasions)[::-1][:200]:
                card = desk.card(tx, columns, int(columns.ids[place]))
                due = card.due is not None and card.due.band in ("due", "overdue")
                score = 3 * bool(card.tags) + 3 * bool(card.notes) + due + card.statistics.occasions // 5
                if best is None or score > best[0]:
                    best = score, card
        if best is None:
            return None, ""
        card = best[1]
        return card.id, min(initials(card.name), default=card.name)[:2]

    def _preview(self) -> None:
        """A file as after a drop: new orders, known ones, and three numbers that Excel has cut short."""
        from shopcrm.jobs import demo
        from shopcrm.jobs.demo_history import Purchase, invent
        from shopcrm.jobs.demo_reports import MARKETPLACE_STORES, write_reports

        day = self._shop.as_of
        with self._shop.read() as tx:
            made = demo.made(tx)
        language = made.language if made else self._look.language

        def sold(as_of: date) -> list[Purchase]:
            """What the first store sold until then."""
            return [one for one in invent(as_of=as_of, language=language) if one.channel == MARKETPLACE_STORES[0]]

        folder = self._scratch / f"reports-{self._look.suffix}"
        folder.mkdir(exist_ok=True)
        # The day's own orders are known to the shop, tomorrow's are new.
        known = sold(day)[-60:]
        numbers = {purchase.number for purchase in known}
        coming = (purchase for purchase in sold(day + timedelta(days=1)) if purchase.number not in numbers)
        purchases = [*known, *list(coming)[-120:]]
        path, _items = write_reports(folder, purchases, as_of=day, language=language)
        head, *lines = path.read_bytes().decode("gb18030").splitlines(keepends=True)
        lines[3:6] = [re.sub(r"\d{16,}", "1.93068E+15", line, count=1) for line in lines[3:6]]
        path.write_bytes("".join([head, *lines]).encode("gb18030"))
        self._window.go_to("data", [path])

    def _columns(self) -> None:
        """A till's table, which nobody taught the program, while its columns are being named."""
        from shopcrm.ui.pages.data import DataPage

        path = self._scratch / "till.csv"
        lines = ["流水号,姓名,联系电话,品名,数量,单价,日期,单据状态"]
        lines += [
            f"S{number // 2:05d},虚构{number % 7},138 0013 {5600 + number % 7},虚构小木鸭,{number % 3 + 1},"
            f"{number + 12}.50,"
            f"0{number % 9 + 1}/03/2026,{'挂单' if number % 9 == 4 else '已完成'}"
            for number in range(40)
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        page = self._window.frame.page("data")
        if isinstance(page, DataPage):
            page.say_columns(path)

    def _settle(self) -> None:
        """Wait until every read is answered and painted: by events, not by the clock."""
        ctx, loop = self._window.ctx, QEventLoop()
        guard = QTimer(singleShot=True, interval=LONGEST_MS)
        guard.timeout.connect(loop.quit)
        guard.start()

        def look_again() -> None:
            if ctx.operations.busy or ctx.jobs.running:
                return
            quiet.append(True)
            if len(quiet) >= 3:
                loop.quit()
            else:
                # An answer may have asked something else when it was painted.
                QTimer.singleShot(0, look_again)

        quiet: list[bool] = []

        def answered() -> None:
            quiet.clear()
            QTimer.singleShot(0, look_again)

        ctx.operations.idle.connect(answered)
        QTimer.singleShot(0, look_again)
        loop.exec()
        ctx.operations.idle.disconnect(answered)
