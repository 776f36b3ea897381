"""A real shop's year through the command line: Online Retail (UCI, CC BY 4.0), by a mapping."""

from __future__ import annotations

import csv
import json
import lzma
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from shopcrm.__main__ import main
from shopcrm.app import Shop
from shopcrm.base.paths import Home
from tests.builders import content

DATA = os.environ.get("SHOPCRM_TEST_DATA")
MAPPING = Path(__file__).parents[1] / "data" / "online_retail.toml"

pytestmark = pytest.mark.skipif(not DATA, reason="SHOPCRM_TEST_DATA names no folder")


def _content(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    shop = Shop.open(Home(home))
    try:
        return content(shop)
    finally:
        shop.close()


def test_a_real_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> Any:
        assert main(["--home", str(tmp_path / "shop"), "--as-of", "2011-12-10", *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    table = tmp_path / "online_retail.csv"
    with lzma.open(Path(DATA or "") / "online_retail" / "online_retail.csv.xz") as packed, table.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    main(["--home", str(tmp_path / "shop"), "--currency", "GBP", "--timezone", "Europe/London", "undo"])
    assert "no shop" in capsys.readouterr().err
    set_up = ["--currency", "GBP", "--timezone", "Europe/London"]
    one = tmp_path / "one.csv"
    one.write_text("\n".join(table.read_text(encoding="utf-8").splitlines()[:2]), encoding="utf-8")
    assert main(["--home", str(tmp_path / "shop"), *set_up, "import", str(one), "--mapping", str(MAPPING)]) == 0
    assert main(["--home", str(tmp_path / "shop"), "undo"]) == 0
    capsys.readouterr()
    empty = _content(tmp_path / "shop")

    (file,) = run("import", str(table), "--mapping", str(MAPPING))["files"]
    assert (file["rows"], file["rejected"]) == (541_909, 0)
    assert file["unidentified_orders"] > 1_000
    assert file["returns"] == 3_836
    full = _content(tmp_path / "shop")
    assert run("check") == {"problems": []}

    scores = tmp_path / "scores.csv"
    said = run("rfm", "--window", "all", "--customers", str(scores))
    assert said["customers"] == 4_338
    assert said["means"]["recency"] == pytest.approx(93.06, abs=0.005)
    assert said["means"]["frequency"] == pytest.approx(3.864, abs=0.0005)
    rows = list(csv.DictReader(scores.read_text(encoding="utf-8").splitlines()))
    assert sum(int(row["orders"]) for row in rows) == 18_532
    assert sum(round(float(row["net_total"]) * 100) for row in rows) == 891_140_790

    said = run("repurchase")
    # Counted a second time by pandas in tests/measure/test_repurchase.py.
    assert said["step"][0] == pytest.approx(2790 / 4338)
    assert said["cohort"]["180"] == pytest.approx(1861 / 2835)
    assert said["period"] == pytest.approx(2703 / 4258)
    assert [line["month"] for line in said["returning_share"]][::12] == ["2010-12", "2011-12"]

    for buyer, orders, net, returned in (("12346", 1, "77183.60", "77183.60"), ("12347", 7, "4310.00", "0.00")):
        (hit,) = run("find", buyer, "--limit", "1")
        card = run("card", str(hit["id"]))
        figures = card["statistics"]
        assert (figures["orders"], figures["net_total"], figures["returned_total"]) == (orders, net, returned)
        assert len(card["orders"]) == orders

    (again,) = run("import", str(table), "--mapping", str(MAPPING))["files"]
    assert again["orders"] == {"new": 0, "changed": 0, "same": file["orders"]["new"]}
    assert _content(tmp_path / "shop") == full
    run("undo")
    undone = run("undo")
    assert (undone["orders_removed"], undone["returns_removed"]) == (file["orders"]["new"], file["returns"])
    assert _content(tmp_path / "shop") == empty
    assert run("check") == {"problems": []}
