"""`python -m shopcrm`: the command line, and the window when no command is given."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["_read"]:
        # The child that parses files: kept light, it is started for every import.
        from shopcrm.collect.reading import run_child

        # A windowed program on Windows may have its pipes without Python's streams on them.
        return run_child(
            sys.stdin or open(0, encoding="utf-8", closefd=False),
            sys.stdout or open(1, "w", encoding="utf-8", closefd=False),
        )
    if given[:1] == ["_stage"]:
        # Its helper that writes down what it reads.
        from shopcrm.collect.scribe import run_scribe

        return run_scribe(open(0, "rb", closefd=False), open(1, "wb", closefd=False))
    from shopcrm.cli.main import run

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
