"""`python -m tests.bench`: ratios of search, import, scoring and lists on a big invented shop, one run, one machine.

The shop is made once by the real importer and kept in the cache folder (`--folder`); `--fresh` makes it anew.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from platformdirs import user_cache_path

from tests.bench import clipboard, jobs, window
from tests.bench.big_shop import BigShop, given_big_shop
from tests.bench.timing import HEAD, Line, Size, timed, told


def main() -> None:
    """Make or find the shop, run the jobs, print each line as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=user_cache_path("ShopCRM", appauthor=False) / "bench")
    parser.add_argument("--fresh", action="store_true", help="make the shop anew")
    parser.add_argument("--only", choices=("searches", "imports", "scoring", "lists", "window", "copies"))
    chosen = parser.parse_args()
    for customers in chosen.customers:
        folder = chosen.folder / str(customers)
        if chosen.fresh:
            shutil.rmtree(folder, ignore_errors=True)
        _say(f"A shop of {customers:,} customers in {folder}")
        made = timed(lambda folder=folder, customers=customers: given_big_shop(folder, customers=customers))  # type: ignore[misc]  # defaults bind them
        _say(f"made or found in {told(made)}\n\n{HEAD}")
        _measure(given_big_shop(folder, customers=customers), customers=customers, only=chosen.only)


def _measure(big: BigShop, *, customers: int, only: str | None) -> None:
    groups: dict[str, Callable[[], Iterator[Line | Size]]] = {
        "searches": lambda: jobs.searches(big, customers=customers),
        "imports": lambda: jobs.imports(big, customers=customers),
        "scoring": lambda: jobs.scoring(big),
        "lists": lambda: jobs.lists(big),
        "window": lambda: window.lines(big),
        "copies": lambda: clipboard.lines(big),
    }
    for name, lines in groups.items():
        if only in (None, name):
            for line in lines():
                _say(line.text())
    _say("")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
