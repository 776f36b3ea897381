"""Restores a backup and says where it stands, so that a test can kill it at a chosen moment.

Run as `python -m tests.prove.killed_restore HOME BACKUP`. Lines: `restoring N`, `checking 0`, `restored` at the end.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shopcrm.app import put_back
from shopcrm.base.paths import Home
from shopcrm.base.progress import Progress, Step


def main(home: str, source: str) -> None:
    """Put it back."""

    def tell(step: Step) -> None:
        print(f"{step.stage} {step.done}", flush=True)

    put_back(Home(Path(home)), Path(source), progress=Progress(tell))
    print("restored", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
