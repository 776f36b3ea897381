"""What holds for every file of the program."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "shopcrm").rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_house_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(tree.body) == 1 or "from __future__ import annotations" in text
    assert ast.get_docstring(tree), "a module begins with what it is for"
    assert path.stem not in FORBIDDEN_NAMES
    assert "versions" in path.parts or len(text.splitlines()) < 500
    assert not re.search(r"^\s*(import sqlite3|from sqlite3)", text, re.MULTILINE), "the driver is sqlcipher3"
    assert not re.search(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError", text)
    assert "processEvents" not in text


def test_no_shared_paths_or_hosts_are_named() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\0"
    )
    hosts = re.compile("|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "debian" + r"\.org/debian")))
    for name in listed:
        path = ROOT / name
        if name and path.suffix in {".py", ".md", ".toml", ".txt", ".sh", ".spec", ""} and path.is_file():
            assert not hosts.search(path.read_text(encoding="utf-8", errors="ignore")), name


def test_commands_work_where_there_is_no_qt(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间\n"
        "2611150930174821,lin_a,10.00,交易成功,2026-10-25 09:30:12,2026-10-25 09:31:00\n",
        encoding="utf-8",
    )
    program = (
        "import sys\n"
        "sys.modules['PySide6'] = None\n"
        "sys.modules['pyqtgraph'] = None\n"
        "from shopcrm.__main__ import main\n"
        f"home = ['--home', {str(tmp_path / 'shop')!r}]\n"
        f"assert main([*home, 'import', {str(orders)!r}]) == 0\n"
        "assert main([*home, 'find', 'lin_a']) == 0\n"
        "assert main([*home, 'rfm']) == 0\n"
        "assert main([*home, 'repurchase']) == 0\n"
        f"assert main([*home, 'export', {str(tmp_path / 'out.xlsx')!r}]) == 0\n"
        "assert main([*home, 'check']) == 0\n"
        "assert main([*home]) == 1\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_whichever_module_comes_first_can_be_imported() -> None:
    program = (
        "import importlib, pkgutil, sys, shopcrm\n"
        "below = [found.name for found in pkgutil.walk_packages(shopcrm.__path__, 'shopcrm.')\n"
        "         if found.name.split('.')[1] in ('collect', 'mine', 'act', 'measure', 'jobs')]\n"
        "for name in below:\n"
        "    for known in [one for one in sys.modules if one in below]:\n"
        "        del sys.modules[known]\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except ImportError as error:\n"
        "        sys.exit(f'{name}: {error}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
