"""The command line is the contract of outside programs: every command's JSON, exit code and sentence."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shopcrm.__main__ import main
from shopcrm.act.fields import FIELDS
from shopcrm.app import Shop
from shopcrm.base import options
from shopcrm.base.paths import Home
from shopcrm.cli.main import COMMANDS
from shopcrm.collect import attributes, settings
from shopcrm.mine.rfm import GROUP_KEYS
from shopcrm.store import driver

AS_OF = "2026-11-22"
HEADER = (
    "订单编号,买家会员名,买家实际支付金额,订单状态,收货人姓名,收货地址 ,联系手机,订单创建时间,订单付款时间 ,"
    "宝贝标题 ,宝贝总数量,退款金额"
)
ROWS = '''\
"=""2611150930174821""",xiaoman_lin88,536.00,交易成功,林小满,浙江省 杭州市 临平区 某路 1 号(311100),'13800135678,\
2026-10-25 09:30:12,2026-10-25 09:31:00,启悦 2 段奶粉 800g,2,0.00
"=""2609251002457730""",xiaoman_lin88,168.00,交易成功,林小满,浙江省 杭州市 临平区 某路 1 号(311100),'13800135678,\
2026-09-25 10:02:45,2026-09-25 10:03:00,纸尿裤 L,1,0.00
"=""2610141820559012""",qing_zhou,336.00,"卖家已发货,等待买家确认",周*,广东省 广州市 天河区 某街(510000),139****2210,\
2026-10-14 18:20:55,2026-10-14 18:21:00,奶瓶套装,1,null
"=""2611141911037730""",,59.00,等待买家付款,王**,上海 上海市 徐汇区 某路(200000),,2026-11-14 19:11:03,,湿巾,1,
1.93068E+15,yinuo_c,1208.00,交易成功,陈一诺,上海 上海市 徐汇区 某路(200000),,2026-11-14 19:11:03,\
2026-11-14 19:12:03,湿巾,1,
'''

SCORES = ["id", "buyer", "recency_days", "frequency", "orders", "monetary", "net_total", "r", "f", "m", "group"]

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SHOPCRM_HOME", str(tmp_path / "shop"))

    def call(*arguments: str) -> tuple[int, Any, str]:
        try:
            code = main(["--lang", "zh_CN", "--as-of", AS_OF, *arguments, "--json"])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, json.loads(out) if out.strip() else None, err

    return call


@pytest.fixture
def orders(tmp_path: Path) -> str:
    path = tmp_path / "ExportOrderList202611221015.csv"
    path.write_bytes(f"{HEADER}\n{ROWS}".replace("\n", "\r\n").encode("gb18030"))
    return str(path)


def test_import_find_card(run: Run, orders: str, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    code, said, err = run("import", orders, "--rejects", str(rejects))
    assert (code, err) == (0, "")
    assert said["batch"] == 1
    (file,) = said["files"]
    assert file["platform"] == "taobao"
    assert file["encoding"].lower() in ("gb18030", "gbk")
    assert (file["rows"], file["rejected"], file["returns"], file["unidentified_orders"]) == (5, 1, 0, 1)
    assert file["orders"] == {"new": 4, "changed": 0, "same": 0}
    assert file["customers"] == {"new": 2, "changed": 0}
    (problem,) = file["problems"]
    assert (problem["row"], problem["column"]) == (6, "订单编号")
    assert "Excel" in problem["reason"]
    assert "1.93068E+15" in rejects.read_text(encoding="utf-8-sig")

    code, hits, _ = run("find", "5678")
    assert (code, [(hit["name"], hit["matched"]) for hit in hits]) == (0, [("林小满", "phone")])
    assert run("find", "lxm", "--limit", "1")[1][0]["matched"] == "pinyin"
    assert run("find", "2611150930174821")[1][0]["matched"] == "order"
    assert run("find", "nobody at all")[1] == []

    code, card, _ = run("card", str(hits[0]["id"]))
    assert code == 0
    assert card["identities"] == [
        {"kind": "buyer_id", "platform": "taobao", "value": "xiaoman_lin88"},
        {"kind": "phone", "platform": "taobao", "value": "13800135678"},
    ]
    figures = card["statistics"]
    assert (figures["first_at"], figures["last_at"]) == ("2026-09-25", "2026-10-25")
    assert (figures["occasions"], figures["orders"], figures["mean_gap"]) == (2, 2, 30.0)
    assert (figures["net_total"], figures["returned_total"], figures["aov"]) == ("704.00", "0.00", "352.00")
    newest = card["orders"][0]
    assert (newest["number"], newest["state"], newest["paid"]) == ("2611150930174821", "finished", "536.00")
    assert newest["paid_at"] == "2026-10-25T09:31:00+08:00"
    assert newest["items"][0]["title"] == "启悦 2 段奶粉 800g"
    assert (card["group"] in GROUP_KEYS, card["notes"], card["tags"]) == (True, [], [])


def test_dry_run_again_and_undo(run: Run, orders: str) -> None:
    code, said, _ = run("import", orders, "--dry-run")
    assert (code, said["batch"], said["files"][0]["orders"]["new"]) == (0, None, 4)
    assert run("find", "林小满")[1] == []
    run("import", orders)
    assert run("import", orders)[1]["files"][0]["orders"] == {"new": 0, "changed": 0, "same": 4}
    run("undo")
    code, said, _ = run("undo", "1")
    assert (code, said["batch"], said["orders_removed"], said["customers_removed"], said["kept"]) == (0, 1, 4, 2, [])
    code, _, err = run("undo")
    assert code == 1
    assert err.strip()


def test_groups_cycle_today_export(run: Run, orders: str, tmp_path: Path) -> None:
    run("import", orders)
    scores = tmp_path / "scores.csv"
    code, said, _ = run("rfm", "--window", "all", "--customers", str(scores))
    assert (code, said["as_of"], said["customers"]) == (0, AS_OF, 2)
    assert [group["key"] for group in said["groups"]] == list(GROUP_KEYS)
    assert sum(group["customers"] for group in said["groups"]) == 2
    assert sum(group["share"] for group in said["groups"]) == pytest.approx(1)
    rows = {row["buyer"]: row for row in csv.DictReader(scores.read_text(encoding="utf-8").splitlines())}
    assert list(rows["qing_zhou"]) == SCORES
    lin = rows["xiaoman_lin88"]
    assert (lin["recency_days"], lin["frequency"], lin["monetary"], lin["net_total"]) == ("28", "2", "352.00", "704.00")
    assert run("rfm", "--window", "none")[0] == 2
    assert run("cycle")[1]["source"] == "owner"
    code, due, _ = run("today", "--xlsx", str(tmp_path / "due.xlsx"))
    assert code == 0
    assert all(set(item) == {"customer", "name", "reason", "due_on", "overdue_ratio"} for item in due)
    assert (tmp_path / "due.xlsx").exists()
    out = tmp_path / "list.csv"
    code, said, _ = run("export", str(out), "--columns", "name,phone,net_total")
    assert (code, said) == (0, {"rows": 2, "file": str(out)})
    assert "13800135678" in out.read_text(encoding="utf-8-sig")
    code, _, err = run("export", str(out))
    assert (code, bool(err.strip())) == (1, True)
    assert run("export", str(out), "--overwrite")[0] == 0
    assert run("export", str(tmp_path / "x.xlsx"), "--columns", "nonsense")[0] == 1
    assert [field["key"] for field in run("fields")[1]][: len(FIELDS)] == [field.key for field in FIELDS]


def test_trade_attributes_are_fields_of_the_line_too(run: Run, orders: str, tmp_path: Path) -> None:
    run("import", orders)
    shop = Shop.open(Home(tmp_path / "shop"), as_of=date.fromisoformat(AS_OF))
    with shop.write() as tx:
        settings.choose(tx, {options.TRADE: "clothing"})
        attributes.put(tx, {1: {"top_size": "M", "height_cm": 168}})
    shop.close()
    assert "top_size" in [field["key"] for field in run("fields")[1]]
    out = tmp_path / "sizes.csv"
    said = run("export", str(out), "--columns", "name,top_size,height_cm", "--where", "top_size=M", "--where",
               "height_cm=160..170")  # fmt: skip
    assert (said[0], said[1]["rows"]) == (0, 1)
    assert "M,168" in out.read_text(encoding="utf-8-sig")
    assert run("export", str(tmp_path / "x.csv"), "--where", "top_size>=M")[0] == 1


def set_options(tmp_path: Path, values: dict[options.Option[Any], Any]) -> None:
    shop = Shop.open(Home(tmp_path / "shop"), as_of=date.fromisoformat(AS_OF))
    with shop.write() as tx:
        settings.choose(tx, values)
    shop.close()


def test_scores_are_told_with_their_parts(
    run: Run, orders: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", orders)
    set_options(
        tmp_path, {options.RFM_R_RULE: "scores", options.RFM_R_CUTS: "7,28,60,90", options.RFM_M_RULE: "scores"}
    )
    file = tmp_path / "scores.csv"
    code, said, _ = run("rfm", "--customers", str(file))
    assert (code, said["rule"]["r_rule"], said["thresholds"]["r"]) == (0, "scores", 28.0)
    assert said["scores"]["r"] == {"cuts": [7, 28, 60, 90], "given": True, "mean": 3.5, "high_from": 4}
    assert said["scores"]["m"]["cuts"] == ["336.00", "336.00", "352.00", "352.00"]
    rows = {row["buyer"]: row for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())}
    lin, zhou = rows["xiaoman_lin88"], rows["qing_zhou"]
    assert list(lin) == [*SCORES, "r_score", "m_score"]
    assert [(one["recency_days"], one["r_score"], one["r"]) for one in (lin, zhou)] == [
        ("28", "4", "near"),
        ("39", "3", "far"),
    ]
    assert [(one["monetary"], one["m_score"], one["m"]) for one in (lin, zhou)] == [
        ("352.00", "3", "high"),
        ("336.00", "1", "low"),
    ]
    assert main(["--lang", "en", "--as-of", AS_OF, "rfm"]) == 0
    out = capsys.readouterr().out
    assert "R scores: 5 up to 7, 4 up to 28, 3 up to 60, 2 up to 90, 1 above; mean 3.50, high from 4" in out
    set_options(tmp_path, {options.CYCLE_SOURCE: "owner", options.CYCLE_DAYS: 45})
    assert run("cycle")[1] == {"gaps": 1, "p25": None, "p50": None, "p80": 45, "source": "owner"}


def test_check(run: Run, orders: str, tmp_path: Path) -> None:
    run("import", orders)
    assert run("check") == (0, {"problems": []}, "")
    raw = driver.connect(tmp_path / "shop" / "shop.db", driver.INTEGRITY_KEY)
    raw.execute("UPDATE customer_statistics SET net_total = 1")
    raw.close()
    code, said, _ = run("check")
    assert (code, said["problems"][0]["kind"], said["problems"][0]["count"]) == (1, "statistics", 2)


def test_repurchase_says_three_rates_and_the_returning_share_by_month(run: Run, orders: str) -> None:
    run("import", orders)
    code, said, err = run("repurchase")
    assert (code, err) == (0, "")
    # xiaoman_lin88 on 25 September and 25 October; qing_zhou on 14 October; 180 days are over for nobody.
    assert said == {
        "as_of": AS_OF,
        "cohort": {"30": 0.5, "60": None, "90": None, "180": None, "365": None},
        "period": 0.5,
        "step": [0.5, 0.0],
        "returning_share": [
            {"month": "2026-09", "orders": 0.0, "revenue": 0.0},
            {"month": "2026-10", "orders": 0.5, "revenue": pytest.approx(536 / 872)},
            {"month": "2026-11", "orders": None, "revenue": None},
        ],
    }
    assert run("repurchase", "--period", "30")[1]["period"] == 0.0
    assert run("repurchase", "--period", "all")[1]["period"] == 0.5
    assert run("repurchase", "--period", "soon")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["card", "1"], 1),
        (["find", "x"], 1),
        (["check"], 1),
        (["import", "no-such-file.csv"], 1),
        (["import"], 2),
        (["card", "x"], 2),
        (["nonsense"], 2),
        (["export", "out.xlsx", "--group", "nonsense"], 2),
    ],
)
def test_failures_are_one_sentence(run: Run, arguments: list[str], code: int) -> None:
    found, said, err = run(*arguments)
    assert (found, said) == (code, None)
    assert "Traceback" not in err
    assert err.strip()
    if code == 1:
        assert len(err.strip().splitlines()) == 1


def test_a_shop_keeps_its_currency(run: Run, orders: str) -> None:
    assert run("--currency", "USD", "import", orders)[0] == 0
    code, _, err = run("--currency", "GBP", "find", "x")
    assert code == 1
    assert "USD" in err


def test_who_may_be_one_is_listed_made_one_and_two_again(run: Run, orders: str, tmp_path: Path) -> None:
    run("import", orders)
    again = tmp_path / "ExportOrderList9.csv"
    told = Path(orders).read_text("gb18030").splitlines()
    again.write_text("\n".join([told[0], told[1].replace("2611150930174821", "2611150930174999").replace(
        "xiaoman_lin88", "another_nick")]), "utf-8")  # fmt: skip
    run("import", str(again))
    code, found, _ = run("duplicates")
    (one,) = found["suggestions"]
    assert (code, found["total"], one["first"]["name"], found["shared_by_many"]) == (0, 1, "林小满", [])
    assert [line["kind"] for line in one["evidence"]] == ["address", "phone", "two_accounts"]
    first, second = one["first"]["id"], one["second"]["id"]
    code, merged, _ = run("merge", str(first), str(second))
    assert (code, merged) == (0, {"merge": 1, "keep": first, "gone": second})
    assert run("card", str(first))[1]["statistics"]["orders"] == 3
    assert run("card", str(second))[0] == 1
    assert run("unmerge", "1")[0] == 0
    assert run("card", str(second))[1]["statistics"]["orders"] == 1
    assert run("duplicates")[1]["total"] == 0
    code, _, err = run("unmerge", "1")
    assert (code, err.count("\n")) == (1, 1)


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as stop:
            main(["--lang", "en", command.name, "--help"])
        assert stop.value.code == 0
        assert command.name in capsys.readouterr().out


def test_the_password_of_a_locked_workbook_comes_by_the_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = str(Path(__file__).parents[1] / "data" / "locked" / "agile.xlsx")
    assert run("import", locked)[0] == 1
    for typed, code in (("打开 sesame\n", 1), ("打开 Sesame\n", 0)):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert run("import", locked, "--password")[0] == code
    assert run("find", "example_59")[1] is not None


@pytest.mark.skipif(sys.platform == "win32", reason="there it is told otherwise that nobody reads")
def test_who_stops_reading_an_answer_is_told_nothing(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "shopcrm", "--home", str(tmp_path / "shop"), "fields"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
    assert not (tmp_path / "shop" / "logs").exists()


def test_parcels_are_told_and_saved(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "ExportOrderList202611221015.csv"
    report.write_text(
        "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间,发货时间,宝贝标题,物流单号 ,物流公司\n"
        "2611101002007731,qing_zhou,9.00,卖家已发货，等待买家确认,2026-11-10 09:30:12,2026-11-10 09:31:00,"
        "2026-11-11 10:00:00,虚构小木马,No:VX1234567890,虚构快递\n",
        encoding="utf-8-sig",
    )
    assert run("import", str(report))[0] == 0
    code, (told,), _ = run("parcels")
    assert (code, told["kind"], told["expected_days"], told["expected_by"]) == (0, "stuck", 4, "default")
    assert (told["sent_on"], told["tracking_number"]) == ("2026-11-11", "VX1234567890")
    out = tmp_path / "parcels.xlsx"
    assert run("parcels", "--out", str(out))[1] == {"rows": 1, "file": str(out)}
    row = [cell.value for cell in openpyxl.load_workbook(out).worksheets[0][2]]
    assert {"2611101002007731", "VX1234567890", "虚构小木马"} <= set(row)
    assert run("parcels", "--out", str(out))[0] == 1  # it is there already


def test_a_list_goes_out_is_edited_and_comes_back(run: Run, orders: str, tmp_path: Path) -> None:
    run("import", orders)
    assert run("products")[1] == []  # the report tells no lines
    out = tmp_path / "list.xlsx"
    assert run("export", str(out), "--columns", "name,tags")[0] == 0
    book = openpyxl.load_workbook(out)
    before = book.worksheets[0].cell(2, 1).value
    book.worksheets[0].cell(2, 1).value = "Somebody"
    book.save(out)
    code, said, _ = run("import", str(out))
    assert (code, said["list"], said["written"]) == (0, "customers", 0)
    assert [(cell["key"], cell["before"], cell["after"]) for cell in said["cells"]] == [("name", before, "Somebody")]
    assert run("import", str(out), "--apply")[1]["written"] == 1
    assert run("find", "Somebody")[1]
    assert run("import", str(out))[1]["cells"] == []
