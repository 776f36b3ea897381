"""Limits that a process sets itself before it lets a parser at a file of unknown origin."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Final

ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "1"}
"""Of such a process: on Linux each thread would reserve 64 MB for itself, which count against its limit."""
_LOOK_EVERY_S: Final = 0.05
EXIT_TOO_LARGE: Final = 77


def limit_memory(size: int) -> None:
    """Let this process ask for no more than `size` bytes.

    Where the system can do it (Linux), a request beyond fails at once; elsewhere a watch ends the process with
    `EXIT_TOO_LARGE`.
    """
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold people's data
    else:
        threading.Thread(target=_watch, args=(size,), name="memory watch", daemon=True).start()


def _watch(size: int) -> None:
    while _used() < size:
        time.sleep(_LOOK_EVERY_S)
    os._exit(EXIT_TOO_LARGE)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS."""

        _fields_ = (
            ("cb", wintypes.DWORD),
            ("page_fault_count", wintypes.DWORD),
            ("peak_working_set_size", ctypes.c_size_t),
            ("working_set_size", ctypes.c_size_t),
            ("quota_peak_paged_pool_usage", ctypes.c_size_t),
            ("quota_paged_pool_usage", ctypes.c_size_t),
            ("quota_peak_non_paged_pool_usage", ctypes.c_size_t),
            ("quota_non_paged_pool_usage", ctypes.c_size_t),
            ("pagefile_usage", ctypes.c_size_t),
            ("peak_pagefile_usage", ctypes.c_size_t),
        )

    def _used() -> int:
        """The largest commit charge so far."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.POINTER(_Counters), wintypes.DWORD)
        counters = _Counters(cb=ctypes.sizeof(_Counters))
        kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
        return int(counters.peak_pagefile_usage)

else:

    def _used() -> int:
        """The largest resident size so far. Linux counts in KiB, macOS in bytes."""
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak * 1024 if sys.platform == "linux" else peak
