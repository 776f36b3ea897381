"""Files read in a process of their own, with limits: whatever they hold, the program lives (C1, C3).

The program sends a request as JSON on stdin and gets lines of JSON on stdout: where the child stands, why it refuses
a file, or that it is done. What was read stands in the staging file.
"""

from __future__ import annotations

import contextlib
import gc
import json
import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from shopcrm.base import clock
from shopcrm.base.progress import SILENT, Progress
from shopcrm.collect import limits, processes, refusals
from shopcrm.collect import staging as staging_files
from shopcrm.collect.fixes import Fix
from shopcrm.collect.foreign import Code, Way
from shopcrm.collect.refusals import Damaged, TooLarge
from shopcrm.collect.staging import StagingFile

COMMAND: Final = "_read"
MEMORY_LIMIT: Final = 1 << 30
START_LIMIT_S: Final = 60.0
SILENCE_LIMIT_S: Final = 8.0  # without a word, and …
SILENCE_LIMIT_S_PER_MB: Final = 2.0  # … more for what is parsed in one piece
LARGE: Final = 16 << 20  # a child that dies of a file of this size died of its size
_LOOK_EVERY_S: Final = 0.03
_KEPT_S: Final = 86_400.0


@dataclass(frozen=True)
class ReadRequest:
    """Which files, and what the shop says about them."""

    paths: tuple[Path, ...]
    currency: str
    timezone: str
    region: str = "CN"
    platform: str | None = None  # only this one's layouts
    store: str | None = None
    mapping: Path | None = None  # a TOML file; its layout only
    encoding: str | None = None  # of text files, over the evidence
    passwords: tuple[str, ...] = field(default=(), repr=False)  # of locked workbooks and archives, tried in turn
    remembered: Mapping[str, str] = field(default_factory=dict)  # by `mapping_file.fingerprint` TOML
    peek: bool = False  # only the first rows, whoever's they are
    rows_at_most: int | None = None  # of each file
    fixes: tuple[Fix, ...] = ()  # what to do with cells that cannot be read


class ReaderError(RuntimeError):
    """A bug in the child process, told without any cell of the file."""


def read_files(request: ReadRequest, *, folder: Path, progress: Progress = SILENT) -> StagingFile:
    """Read the files of one import into a staging file in `folder`. All of them or none.

    Raises:
        Failure: one of `collect.refusals`; the mapping's own.
        Cancelled: the child is ended, nothing is left.
        ReaderError: a bug.
    """
    clock.zone(request.timezone)
    if request.mapping is not None:
        from shopcrm.collect import mapping

        mapping.load(request.mapping)
    progress.check()
    folder.mkdir(parents=True, exist_ok=True)
    staging = StagingFile.fresh(folder)
    try:
        _Child(request, staging).follow(progress)
    except BaseException:
        staging.delete()
        raise
    return staging


def sweep(folder: Path) -> None:
    """Remove staging files that earlier runs left behind. Those of a program still running are younger."""
    staging_files.sweep(folder, older_than_s=_KEPT_S, now_s=clock.now().timestamp())


def run_child(stdin: IO[str], stdout: IO[str]) -> int:
    """What the hidden command does: read the request, fill the staging file, tell how it goes; its exit code."""
    message = json.loads(stdin.read())
    limits.limit_memory(message["memory"])
    gc.disable()  # what it makes of a file lives to its end; looking for garbage took a third of the time
    from shopcrm.collect import reader

    values = message["request"]
    mapping = values["mapping"]
    values |= {
        "paths": tuple(map(Path, values["paths"])),
        "mapping": Path(mapping) if mapping else None,
        "passwords": tuple(values["passwords"]),
        "fixes": tuple(Fix(fix["file"], fix["column"], Code(fix["code"]), Way(fix["way"])) for fix in values["fixes"]),
    }
    request = ReadRequest(**values)

    def tell(answer: dict[str, Any]) -> None:
        stdout.write(json.dumps(answer) + "\n")
        stdout.flush()

    return reader.read(request, StagingFile(Path(message["staging"]), bytes.fromhex(message["key"])), tell=tell)


def _command() -> list[str]:
    return processes.command(COMMAND)


class _Child:
    """The process and what it says."""

    def __init__(self, request: ReadRequest, staging: StagingFile) -> None:
        self._paths = request.paths
        self._at = 0  # the file it is busy with
        self._process = processes.start(_command(), text=True, encoding="utf-8")
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="reader", daemon=True)
        self._question = json.dumps(
            {
                "request": asdict(request),
                "staging": str(staging.path),
                "key": staging.key.hex(),
                "memory": MEMORY_LIMIT,
            },
            default=str,
        )

    def follow(self, progress: Progress) -> None:
        """Wait until it is done, and end it in any case."""
        assert self._process.stdin is not None  # noqa: S101  # it is a pipe
        try:
            self._listener.start()
            with contextlib.suppress(OSError):  # it died at once; the end of its answers tells
                self._process.stdin.write(self._question)
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            while not self._take(self._answer(progress), progress):
                pass
        finally:
            self._process.kill()
            self._process.wait()
            self._listener.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101  # it is a pipe
        with self._process.stdout as answers:
            for line in answers:
                self._answers.put(line)
        self._answers.put(None)

    def _answer(self, progress: Progress) -> dict[str, Any]:
        """The next thing it says; refuses the file when it says nothing for too long, or dies."""
        end = time.monotonic() + (START_LIMIT_S if self._at == 0 else self._silence_s())
        while True:
            progress.check()
            try:
                line = self._answers.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                if time.monotonic() > end:
                    raise TooLarge(self._name) from None
                continue
            if line is None:
                large = self._process.wait() == limits.EXIT_TOO_LARGE or self._size() > LARGE
                raise TooLarge(self._name) if large else Damaged(self._name)
            answer: dict[str, Any] = json.loads(line)
            return answer

    def _take(self, answer: dict[str, Any], progress: Progress) -> bool:
        """Act on what it said; whether that was the last word."""
        if "refusal" in answer:
            raise refusals.from_json(answer)
        if "fault" in answer:
            raise ReaderError(answer["fault"])
        if answer.get("finished"):
            return True
        self._at = answer["file"]
        progress.report("reading", done=answer["done"], total=answer["total"], unit="bytes")
        return False

    @property
    def _name(self) -> str:
        return self._paths[max(self._at - 1, 0)].name

    def _size(self) -> int:
        try:
            return self._paths[max(self._at - 1, 0)].stat().st_size
        except OSError:
            return 0

    def _silence_s(self) -> float:
        return SILENCE_LIMIT_S + SILENCE_LIMIT_S_PER_MB * self._size() / 1e6
