from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shopcrm.act import blanks, desk, script_presets, scripts
from shopcrm.app import Shop
from shopcrm.base import i18n, options, trades
from shopcrm.collect import settings
from shopcrm.store.tx import Tx
from tests.builders import TODAY, content, given_orders, new_shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    i18n.set_language("zh_CN")
    opened = new_shop(tmp_path / "shop")
    given_orders(
        opened,
        [
            order("2611000000007730", "qing_zhou", TODAY, 16_800, recipient_name="周*"),
            order("2611000000001111", "ada", TODAY, 9_900, recipient_name="Ada Smith"),
        ],
    )
    yield opened
    opened.close()


def written(shop: Shop, change: Callable[[Tx], Any]) -> Any:
    with shop.write() as tx:
        return change(tx)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_ready_made_scripts_are_whole_for_every_trade(language: str) -> None:
    everywhere = {(draft.folder, draft.title) for draft in script_presets.presets(language)}
    assert 30 <= len(everywhere) <= 45
    seen = []
    for trade in trades.NAMES:
        drafts = script_presets.presets(language, trade=trade)
        assert everywhere <= {(draft.folder, draft.title) for draft in drafts}
        assert len(drafts) >= len(everywhere) + 4
        seen += drafts
    assert len({draft.title for draft in seen}) >= 80
    for draft in seen:
        values = draft.values()
        assert (values["title"], values["body"]) == (draft.title, draft.body)
        assert draft.situation in ("", *blanks.SITUATIONS)
        assert len(draft.body) <= (260 if language == "en" else 130)  # nobody reads on in a chat
        # Of one language, blanks too.
        if language == "en":
            assert draft.body.isascii() or not any("\u4e00" <= letter <= "\u9fff" for letter in draft.body)
        else:
            assert "{called" not in draft.body


def test_presets_say_the_same_situations_in_every_language() -> None:
    told = [
        [(draft.situation, draft.folder != "") for draft in script_presets.presets(language, trade="pets")]
        for language in i18n.LANGUAGES
    ]
    assert told[0] == told[1] == told[2]


def test_ready_made_scripts_are_one_change_by_trade_and_are_not_taken_twice(shop: Shop) -> None:
    before = content(shop)
    written(shop, lambda tx: settings.choose(tx, {options.TRADE: "mother_baby"}))
    taken = written(shop, lambda tx: script_presets.take(tx, language="zh_CN"))
    with shop.read() as tx:
        count = len(scripts.listing(tx))
        assert "母婴" in {folder.name for folder in scripts.folders(tx)}
        assert "宠物" not in {folder.name for folder in scripts.folders(tx)}
        # Nothing is missing in what is offered for anybody in the shop.
        for who in ("qing_zhou", "ada"):
            found = blanks.person(tx, shop.columns(), desk.find(tx, who)[0].id)
            assert all(not found.fill(script.body).missing for script in scripts.suggested(tx, found))
    written(shop, lambda tx: script_presets.take(tx, language="zh_CN"))
    with shop.read() as tx:
        assert len(scripts.listing(tx)) == count
    written(shop, lambda tx: tx.undo(taken))
    assert content(shop)["scripts"] == before["scripts"] == []


def test_folders_are_offered_with_what_is_missing_and_taken_one_by_one_without_doubles(shop: Shop) -> None:
    def offered() -> dict[str, tuple[str, int, int]]:
        with shop.read() as tx:
            found = script_presets.offered(tx, language="zh_CN")
        return {folder.name: (folder.trade, len(folder.drafts), folder.fresh) for folder in found}

    written(shop, lambda tx: settings.choose(tx, {options.TRADE: "pets"}))
    before = offered()
    assert list(before)[-7] == "宠物"  # after those for every shop, before other trades'
    assert before["催付"] == ("", 3, 3)
    written(shop, lambda tx: script_presets.take(tx, language="zh_CN", folders=["催付", "汽车用品"]))
    after = offered()
    assert {name for name in after if after[name] != before[name]} == {"催付", "汽车用品"}
    assert (after["催付"][2], after["汽车用品"]) == (0, ("cars", 8, 0))
    with shop.write() as tx:  # changed words stay, removed ones are offered again
        hurry, gone = scripts.listing(tx, folder="催付")[:2]
        scripts.edit(tx, hurry.id, scripts.Draft(hurry.title, "我的话", "催付"))
        scripts.remove(tx, gone.id)
    assert offered()["催付"][2] == 1
    written(shop, lambda tx: script_presets.take(tx, language="zh_CN", folders=["催付"]))
    with shop.read() as tx:
        found = scripts.listing(tx, folder="催付")
        assert sorted(one.title for one in found) == sorted({one.title for one in found})
        assert "我的话" in [one.body for one in found]
