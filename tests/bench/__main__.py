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

from tests.bench import jobs
from tests.bench.big_shop import given_big_shop
from tests.bench.timing import HEAD, Line, timed, told


def main() -> None:
    """Make or find the shop, run the jobs, print each line as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=user_cache_path("ShopCRM", appauthor=False) / "bench")
    parser.add_argument("--fresh", action="store_true", help="make the shop anew")
    parser.add_argument("--only", choices=("searches", "imports", "scoring", "lists"))
    chosen = parser.parse_args()
    folder = chosen.folder / str(chosen.customers)
    if chosen.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    _say(f"A shop of {chosen.customers:,} customers in {folder}")
    made = timed(lambda: given_big_shop(folder, customers=chosen.customers))
    big = given_big_shop(folder, customers=chosen.customers)
    _say(f"made or found in {told(made)}\n\n{HEAD}")
    groups: dict[str, Callable[[], Iterator[Line]]] = {
        "searches": lambda: jobs.searches(big, customers=chosen.customers),
        "imports": lambda: jobs.imports(big, customers=chosen.customers),
        "scoring": lambda: jobs.scoring(big),
        "lists": lambda: jobs.lists(big),
    }
    for name, lines in groups.items():
        if chosen.only in (None, name):
            for line in lines():
                _say(line.text())


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
