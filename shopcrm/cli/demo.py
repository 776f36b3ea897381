"""`demo`: the demo shop, in its own folder, and the window on it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing

from shopcrm.app import DemoInUse, Shop, make_demo
from shopcrm.base import files, i18n
from shopcrm.base.i18n import N_, _
from shopcrm.base.paths import Home, demo_home
from shopcrm.cli.command import Command, Context
from shopcrm.cli.window import open_window
from shopcrm.collect.customers import Counts
from shopcrm.jobs import demo


def demo_shop(context: Context, *, anew: bool = False) -> tuple[Home, Counts]:
    """The home of the demo shop, which is made when it is not there yet or of another day, and how much it holds.

    Raises:
        DemoInUse: it is to be made anew, and a window is open on it.
    """
    home = context.home if context.home_given else demo_home()
    if files.is_locked(home.window_lock):
        # Somebody looks at it: it is not emptied under their eyes because it has become another day.
        if anew:
            raise DemoInUse
        with closing(Shop.open(home, as_of=context.as_of)) as shop:
            return home, shop.counts()
    return home, make_demo(home, as_of=context.as_of, language=i18n.language(), anew=anew, progress=context.progress())


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--anew", action="store_true", help=_("make it anew, whatever was changed in it"))
    parser.add_argument("--no-window", action="store_true", help=_("make the demo shop and stop"))


def _run(context: Context, given: Namespace) -> int:
    home, counts = demo_shop(context, anew=given.anew)
    if not given.no_window:
        return open_window(context, home, demo.NEW_SHOP)
    data = {"customers": counts.customers, "orders": counts.orders, "home": str(home.folder)}
    context.answer(data, _("The demo shop has {customers} customers and {orders} orders: {home}").format(**data))
    return 0


COMMAND = Command("demo", N_("make the demo shop and open it"), _arguments, _run)
