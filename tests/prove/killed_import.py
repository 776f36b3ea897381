"""Imports one file and says where it stands, so that a test can kill it at a chosen moment.

Run as `python -m tests.prove.killed_import HOME FILE`. Lines: `staged`, `inside N` within the writing transaction,
`committed` after it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shopcrm.app import Shop
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress, Step


def main(home: str, file: str) -> None:
    """Open, stage, import."""
    shop = Shop.open(Home(Path(home)))
    staged = shop.stage([Path(file)])
    shop.preview(staged)

    def tell(step: Step) -> None:
        if step.stage == "writing":
            print(f"inside {step.done}", flush=True)

    print("staged", flush=True)
    shop.import_staged(staged, progress=Progress(tell))
    print("committed", flush=True)
    shop.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
