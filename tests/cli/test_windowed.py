"""A windowed program on Windows has no terminal: Python gives it None for all three streams."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from shopcrm.__main__ import main
from shopcrm.base import machine
from shopcrm.collect import reading

ORDERS = (
    "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间\n"
    "2611150930174821,lin_a,10.00,交易成功,2026-10-25 09:30:12,2026-10-25 09:31:00\n"
)
CHILD = "import sys; sys.stdin = sys.stdout = sys.stderr = None; from shopcrm.__main__ import main; sys.exit(main())"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


def test_commands_run_in_silence(tmp_path: Path, orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = ["--home", str(tmp_path / "shop")]
    with monkeypatch.context() as silent:
        silent.setattr(sys, "stdout", None)
        silent.setattr(sys, "stderr", None)
        assert main([*home, "import", str(orders)]) == 0
        assert main([*home, "find", "lin_a"]) == 0
        with pytest.raises(SystemExit, match="2"):
            main([*home, "find"])  # wrong usage


def test_what_goes_wrong_is_said_in_a_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(machine, "say", said.append)
    with monkeypatch.context() as silent:
        silent.setattr(sys, "stdout", None)
        silent.setattr(sys, "stderr", None)
        assert main(["--home", str(tmp_path / "none"), "rfm"]) == 1
    assert len(said) == 1
    assert "none" in said[0]


def test_the_child_reads_from_its_pipes_without_pythons_streams(
    tmp_path: Path, orders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "_command", lambda: [sys.executable, "-c", CHILD, reading.COMMAND])
    home = ["--home", str(tmp_path / "shop")]
    assert main([*home, "import", str(orders)]) == 0
    capsys.readouterr()
    assert main([*home, "find", "lin_a", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


@pytest.mark.parametrize(("option", "value"), [("--currency", "XYZ"), ("--timezone", "Mars/Olympus")])
def test_a_code_that_nobody_knows_is_said_before_a_window_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    assert main(["--home", str(tmp_path / "shop"), option, value]) == 1
    assert value in capsys.readouterr().err
    assert not (tmp_path / "shop").exists()
