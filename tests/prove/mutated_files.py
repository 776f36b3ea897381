"""Reads mutated files, one after the other, and says what became of each as a line of JSON.

Run as `python -m tests.prove.mutated_files FOLDER`, the numbers of the mutations on stdin. Most children are forked of
this process, which has loaded what they would load: to start each anew took nine tenths of the time. What a child may
use, how long it may be silent and how it is ended are the program's own; one in fifty is started as the program does.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from unittest import mock

from shopcrm.base.errors import Failure
from shopcrm.collect import reader, reading
from shopcrm.collect.reading import ReadRequest, read_files
from shopcrm.collect.refusals import REFUSALS
from shopcrm.collect.staging import StagingFile
from shopcrm.store import driver
from tests.prove import hostile

PASSWORDS: Final = ("打开 Sesame", "open sesame", "1")
STARTED_ANEW: Final = 50  # one in so many


class Forked:
    """A child as `subprocess.Popen` has it, as far as it is used: a copy of this process that reads one file."""

    peak = 0  # the most memory that one had, in bytes
    worked = 0.0  # seconds of the processor that one took: what a busy machine does not lengthen

    def __init__(self, _command: Any, **_more: Any) -> None:
        asked, question = os.pipe()
        answer, answers = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(question)
            os.close(answer)
            code = 1  # as of a Python that ends with a traceback
            try:
                with os.fdopen(asked, encoding="utf-8") as stdin, os.fdopen(answers, "w", encoding="utf-8") as stdout:
                    code = reading.run_child(stdin, stdout)
            finally:
                os._exit(code)
        os.close(asked)
        os.close(answers)
        self.stdin: io.TextIOWrapper = os.fdopen(question, "w", encoding="utf-8")
        self.stdout: io.TextIOWrapper = os.fdopen(answer, encoding="utf-8")
        self._code: int | None = None

    def kill(self) -> None:
        """End it."""
        if self._code is None:
            os.kill(self.pid, 9)

    def wait(self) -> int:
        """Its exit code, when it has ended."""
        if self._code is None:
            _pid, status, used = os.wait4(self.pid, 0)
            self._code = os.waitstatus_to_exitcode(status)
            Forked.worked = used.ru_utime + used.ru_stime
            Forked.peak = max(Forked.peak, used.ru_maxrss * 1024)
        return self._code


def told(refusal: Failure, path: Path) -> str:
    """What a refusal is: one sentence or two in a line, about this file."""
    assert path.name in refusal.message
    assert "\n" not in refusal.message
    return type(refusal).__name__


def outcome(path: Path, folder: Path) -> str:
    """What became of a file; anything but a refusal of ours is raised."""
    try:
        with (
            read_files(ReadRequest((path,), "CNY", "Asia/Shanghai", passwords=PASSWORDS), folder=folder) as staging,
            closing(driver.connect(staging.path, staging.key)) as connection,
        ):
            return "read" if connection.execute("SELECT count(*) FROM files").fetchone() > (0,) else "lost"
    except REFUSALS as refusal:
        return told(refusal, path)


def load(whole: Sequence[Path], folder: Path) -> None:
    """Read every whole file in this process, so that it has loaded what any child loads."""
    said: list[dict[str, Any]] = []
    for path in whole:
        with StagingFile.fresh(folder) as staging:
            reader.read(ReadRequest((path,), "CNY", "Asia/Shanghai", passwords=PASSWORDS), staging, tell=said.append)
    assert all("fault" not in answer for answer in said)


def one(path: Path, folder: Path, *, anew: bool) -> dict[str, Any]:
    """What became of a file, how long it took and how much memory; of what should not be, the traceback."""
    began = time.monotonic()
    Forked.peak, Forked.worked = 0, 0.0
    fault = ""
    try:
        with contextlib.nullcontext() if anew else mock.patch.object(subprocess, "Popen", Forked):
            became = outcome(path, folder)
        assert list(folder.iterdir()) == [], "a staging file is left"
    except Exception as error:  # noqa: BLE001  # the others are to be read too
        became, fault = "fault", "".join(traceback.format_exception(error))
    seconds = round(time.monotonic() - began, 3)
    worked = round(Forked.worked, 3)
    memory = Forked.peak
    return {"name": path.name, "became": became, "seconds": seconds, "worked": worked, "memory": memory, "fault": fault}


def main(folder: Path) -> None:
    """Read the mutations whose numbers are asked for."""
    numbers = json.load(sys.stdin)
    staging = folder / "staging"
    for made in (folder, staging, folder / "whole"):
        made.mkdir()
    seeds = hostile.seeds(folder / "whole")
    load(seeds, staging)
    whole = [(path.name, path.read_bytes()) for path in seeds]
    for number in numbers:
        path = hostile.hostile_file(folder, whole, number)
        anew = number % STARTED_ANEW == 0 or not hasattr(os, "fork")
        print(json.dumps({"number": number} | one(path, staging, anew=anew)), flush=True)
        path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
