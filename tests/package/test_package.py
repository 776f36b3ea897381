"""The program folder that `make package` builds: it starts, makes the demo, reads a file and shows its window.

Skipped unless SHOPCRM_PACKAGE names the folder. Prints its size and how long it takes to start.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.setup import WINDOW_LIBRARIES, loads

FOLDER = str(Path(os.environ["SHOPCRM_PACKAGE"]).resolve()) if os.environ.get("SHOPCRM_PACKAGE") else ""
ENDING = ".exe" if sys.platform == "win32" else ""
ORDERS = (
    "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间,收货人姓名\n"
    "2611150930174821,lin_a,10.00,交易成功,2026-10-25 09:30:12,2026-10-25 09:31:00,林小满\n"
    "2611150930174822,zhou_b,20.00,交易成功,2026-10-26 09:30:12,2026-10-26 09:31:00,周晴\n"
)

pytestmark = pytest.mark.skipif(not FOLDER, reason="make package builds what is tested here")


@pytest.fixture
def clean(tmp_path: Path) -> dict[str, str]:
    """An environment in which no Python of this checkout is found."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "SHOPCRM"))}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": os.defpath}


def command(folder: Path, clean: dict[str, str], *arguments: str) -> Any:
    """Run one command of the packed program and take its JSON."""
    done = subprocess.run(
        [str(Path(FOLDER) / f"shopcrm-cli{ENDING}"), "--home", str(folder / "shop"), *arguments, "--json"],
        env=clean, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def test_a_file_goes_in_and_a_list_comes_out(tmp_path: Path, clean: dict[str, str]) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    imported = command(tmp_path, clean, "import", "orders.csv")
    assert imported["files"][0]["orders"]["new"] == 2
    assert [hit["name"] for hit in command(tmp_path, clean, "find", "lxm")] == ["林小满"]
    assert command(tmp_path, clean, "export", "out.xlsx")["rows"] == 2
    assert (tmp_path / "out.xlsx").read_bytes()[:2] == b"PK"
    assert command(tmp_path, clean, "check") == {"problems": []}


def test_the_demo_shop_is_made_and_every_page_is_shown(tmp_path: Path, clean: dict[str, str]) -> None:
    made = command(tmp_path, clean, "demo", "--no-window")
    assert made["customers"] > 2_000
    pictures = command(tmp_path, clean, "gallery", "pictures")["pictures"]
    assert len(pictures) >= 4 * 6
    assert all(Path(tmp_path, picture).stat().st_size > 10_000 for picture in pictures)


@pytest.fixture
def screen() -> Iterator[str]:
    """A real X server without a screen, where there is one."""
    if not sys.platform.startswith("linux"):
        yield ""
        return
    server = shutil.which("Xvfb")
    missing = [library for library in WINDOW_LIBRARIES if not loads(library)]
    if server is None or missing:
        pytest.skip(f"a screen needs Xvfb and {' '.join(missing)}")
    display = f":{90 + os.getpid() % 100}"
    running = subprocess.Popen([server, display, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL)
    time.sleep(1)
    yield display
    running.terminate()
    running.wait()


def test_the_window_opens_on_a_screen_and_stays(tmp_path: Path, clean: dict[str, str], screen: str) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    command(tmp_path, clean, "import", "orders.csv")
    shown = {key: value for key, value in clean.items() if key not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
    if screen:
        shown["DISPLAY"] = screen
    begun = time.monotonic()
    running = subprocess.Popen(
        [str(Path(FOLDER) / f"ShopCRM{ENDING}"), "--home", str(tmp_path / "shop"), "window"],
        env=shown, cwd=tmp_path, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    lock = tmp_path / "shop" / "window.lock"
    try:
        while not lock.exists():
            assert running.poll() is None, running.stderr and running.stderr.read()
            assert time.monotonic() - begun < 60
            time.sleep(0.02)
        started = time.monotonic() - begun
        time.sleep(3)
        assert running.poll() is None, running.stderr and running.stderr.read()
    finally:
        running.terminate()
        running.communicate(timeout=30)
    size = sum(path.stat().st_size for path in Path(FOLDER).rglob("*") if path.is_file())
    print(f"\n{size / 1e6:,.0f} MB, up after {started:.1f} s")
