"""Measuring two ways of one job side by side: what the bench prints are ratios of one run on one machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Line:
    """One line of the bench: our way against another way, or a figure that stands by itself."""

    job: str
    ours_s: float
    against: str = ""
    other_s: float | None = None

    def text(self) -> str:
        """The line as a row of the table: how many times as long the other way takes."""
        if self.other_s is None:
            return f"| {self.job} | {told(self.ours_s)} | {self.against} | | |"
        ratio = self.other_s / self.ours_s
        return f"| {self.job} | {told(self.ours_s)} | {self.against} | {told(self.other_s)} | {ratio:.3g} |"


@dataclass(frozen=True)
class Size:
    """A line that tells bytes instead of a time."""

    job: str
    ours: float
    against: str = ""
    other: float | None = None

    def text(self) -> str:
        """The line as a row of the table."""
        other, ratio = (
            ("", "") if self.other is None else (f"{self.other / 1e6:,.0f} MB", f"{self.other / self.ours:.3g}")
        )
        return f"| {self.job} | {self.ours / 1e6:,.0f} MB | {self.against} | {other} | {ratio} |"


HEAD = "| job | ShopCRM | against | it takes | × as long |\n| --- | ---: | --- | ---: | ---: |"


def told(seconds: float) -> str:
    """A time with three figures."""
    for limit, factor, unit in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def timed(job: Callable[[], object], *, repeat: int = 1) -> float:
    """The median time of a job in seconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return median(times)


def each_timed(job: Callable[[str], object], inputs: list[str]) -> list[float]:
    """The time of a job over each of many inputs, after one round to warm up."""
    for text in inputs:
        job(text)
    return [timed(lambda text=text: job(text)) for text in inputs]  # type: ignore[misc]  # a default binds it


def p95(times: list[float]) -> float:
    """The time that nineteen of twenty stay below."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]
