"""A big invented shop for the bench: reports of many orders, and the shop they make. Kept between runs."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from shopcrm.app import NewShop, Shop
from shopcrm.base.paths import Home

AS_OF: Final = date(2026, 11, 22)
VERSION: Final = 3  # of what is generated; a kept shop of another version is made anew
XLSX_ROWS: Final = 100_000
CSV_ROWS: Final = 1_000_000
_START: Final = datetime(2025, 1, 1)  # noqa: DTZ001  # files hold times without a zone
_SURNAMES: Final = (
    "张王李赵陈杨黄周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚"
    "卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN: Final = (
    "桃杏梨枣榴橙柚柠莓萄栗杉柏松竹兰菊荷葵蕉薯芋葱蒜椒茄豆米麦粟糯糖糕饼饺粥汤茶酥饴云雨雪霜露雾星月霞晴岚溪湖泉"
)
_PLACES: Final = (
    "浙江省 杭州市 西湖区", "广东省 深圳市 南山区", "江苏省 苏州市 吴中区", "四川省 成都市 武侯区",
    "山东省 青岛市 市南区", "湖北省 武汉市 洪山区", "上海 上海市 徐汇区", "北京 北京市 海淀区",
)  # fmt: skip
HEADER: Final = (
    "订单编号", "买家会员名", "买家支付宝账号", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额",
    "订单状态", "买家留言", "收货人姓名", "收货地址 ", "运送方式", "联系电话 ", "联系手机", "订单创建时间",
    "订单付款时间 ", "宝贝标题 ", "宝贝总数量", "店铺名称", "退款金额",
)  # fmt: skip


@dataclass(frozen=True)
class BigShop:
    """The folder of a big shop and a report of further orders that is not in it."""

    folder: Path

    @property
    def home(self) -> Home:
        """The shop's home."""
        return Home(self.folder / "shop")

    @property
    def xlsx(self) -> Path:
        """An order report of `XLSX_ROWS` rows, three of ten buyers new."""
        return self.folder / "more.xlsx"

    def open(self) -> Shop:
        """The shop on its date."""
        return Shop.open(self.home, as_of=AS_OF)

    def copy(self, folder: Path) -> Shop:
        """A copy of the shop that may be changed."""
        shutil.copytree(self.home.folder, folder, ignore=shutil.ignore_patterns("backups", "staging"))
        return Shop.open(Home(folder), as_of=AS_OF)


def given_big_shop(folder: Path, *, customers: int) -> BigShop:
    """The shop of so many customers in `folder`, made by the real importer when it is not there yet."""
    ready = folder / f"ready-{VERSION}-{customers}"
    found = BigShop(folder)
    if ready.exists():
        return found
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shop = Shop.open(found.home, as_of=AS_OF, create=NewShop(currency="CNY", timezone="Asia/Shanghai"))
    buyers = _who_buys(customers)
    orders = _rows(buyers, first_number=3_000_000_000_000_000_007, seed=1)
    report = folder / "orders.csv"
    for _ in range(0, len(buyers), CSV_ROWS):
        write_csv(report, islice(orders, CSV_ROWS))
        shop.import_staged(shop.stage([report]))
    shop.close()
    report.unlink()
    _write_xlsx(found.xlsx, customers)
    ready.touch()
    return found


def more_orders(customers: int, rows: int) -> Iterator[tuple[str, ...]]:
    """Further orders, three of ten by buyers that are new."""
    random = np.random.default_rng(8)
    known = random.integers(0, customers, rows * 7 // 10)
    new = np.arange(customers, customers + rows - len(known))
    return _rows(np.concatenate((known, new)), first_number=4_000_000_000_000_000_007, seed=2)


def write_csv(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    """An order report as csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def _who_buys(customers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The buyer of every order: five a customer, few of whom buy often."""
    random = np.random.default_rng(7)
    return np.repeat(np.arange(customers), random.geometric(0.2, customers))


def _write_xlsx(path: Path, customers: int) -> None:
    from rustpy_xlsxwriter import write_worksheet

    rows = more_orders(customers, XLSX_ROWS)
    write_worksheet((dict(zip(HEADER, row, strict=True)) for row in rows), str(path))


def _rows(
    buyers: np.ndarray[tuple[int], np.dtype[np.int64]], *, first_number: int, seed: int
) -> Iterator[tuple[str, ...]]:
    random = np.random.default_rng(seed)
    minutes = random.integers(0, 680 * 24 * 60, len(buyers))
    cents = random.integers(900, 60_000, len(buyers))
    for index, (buyer, minute, price) in enumerate(zip(buyers.tolist(), minutes.tolist(), cents.tolist(), strict=True)):
        at = _START + timedelta(minutes=minute)
        amount = f"{price / 100:.2f}"
        closed = index % 17 == 0
        yield (
            str(first_number + index * 10_010), nick_of(buyer), "", amount, "0.00", amount,
            "0.00" if closed else amount, "交易关闭" if closed else "交易成功", "", name_of(buyer),
            f"{_PLACES[buyer % len(_PLACES)]} 虚构路{buyer % 900 + 1}号", "快递", "", phone_of(buyer),
            f"{at:%Y-%m-%d %H:%M:%S}", "" if closed else f"{at + timedelta(minutes=3):%Y-%m-%d %H:%M:%S}",
            f"虚构商品 {index % 400}", str(index % 3 + 1), "虚构小店", "无退款申请" if index % 29 else "0.00",
        )  # fmt: skip


def name_of(buyer: int) -> str:
    """An invented name; many share one, as people do."""
    mixed = buyer * 2_654_435_761
    return (
        _SURNAMES[mixed % len(_SURNAMES)]
        + _GIVEN[mixed // 101 % len(_GIVEN)]
        + (_GIVEN[mixed // 7_919 % len(_GIVEN)] if buyer % 4 else "")
    )


def nick_of(buyer: int) -> str:
    """A nick that is nobody else's."""
    return f"tb{buyer * 7919:08d}"


def phone_of(buyer: int) -> str:
    """A number of the invented range 170 0…"""
    return f"1700{buyer * 7919 % 10_000_000:07d}"
