from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcrm.act import desk, script_uses, scripts
from shopcrm.act.script_uses import ENOUGH, NoSuchUse, Tally
from shopcrm.act.scripts import Draft
from shopcrm.app import Shop
from shopcrm.collect import edits, who_is_who
from tests.builders import TODAY, content, given_orders, new_shop, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = new_shop(tmp_path / "shop")
    given_orders(opened, [order("2611000000000001", "ada", TODAY), order("2611000000000002", "bea", TODAY)])
    with opened.write() as tx:
        for title in ("hurry", "thanks"):
            scripts.add(tx, Draft(title, title))
    yield opened
    opened.close()


def ids(shop: Shop) -> tuple[int, int, int, int]:
    with shop.read() as tx:
        ada, bea = (desk.find(tx, nick)[0].id for nick in ("ada", "bea"))
        one, two = (next(x.id for x in scripts.listing(tx) if x.title == title) for title in ("hurry", "thanks"))
    return ada, bea, one, two


def tally(shop: Shop, script: int) -> Tally:
    with shop.read() as tx:
        return scripts.get(tx, script).tally


def test_what_came_of_a_use_is_told_corrected_and_taken_back(shop: Shop) -> None:
    ada, bea, hurry, thanks = ids(shop)
    with shop.write() as tx:
        first, second = scripts.use(tx, hurry, ada), scripts.use(tx, hurry, bea)
        scripts.use(tx, thanks, None)
    states = [content(shop)]
    changes = []
    for use, outcome in ((first, "answered"), (second, "no"), (first, "bought"), (second, None)):
        with shop.write() as tx:
            changes.append(script_uses.tell(tx, use, outcome))
        states.append(content(shop))
    told = tally(shop, hurry)
    assert (told.uses, told.told, told.answered, told.bought, told.nothing) == (2, 1, 0, 1, 0)
    states.pop()
    while changes:
        with shop.write() as tx:
            edits.undo(tx, changes.pop())
        assert content(shop) == states.pop()
    assert tally(shop, hurry).told == 0
    with pytest.raises(NoSuchUse), shop.write() as tx:
        script_uses.tell(tx, 999, "bought")
    with pytest.raises(ValueError, match="no such outcome"), shop.write() as tx:
        script_uses.tell(tx, first, "perhaps")


def test_a_share_is_of_the_uses_that_were_told_once_there_are_enough(shop: Shop) -> None:
    ada, _bea, hurry, _thanks = ids(shop)
    with shop.write() as tx:
        uses = [scripts.use(tx, hurry, ada) for _time in range(ENOUGH + 16)]
        for place, use in enumerate(uses[: ENOUGH - 1]):
            script_uses.tell(tx, use, ("bought", "answered", "no")[min(place // 9, 2)])
    told = tally(shop, hurry)
    assert (told.uses, told.bought, told.answered, told.nothing) == (46, 9, 9, 11)
    assert told.bought_share is None
    assert told.answered_share is None
    with shop.write() as tx:
        script_uses.tell(tx, uses[-1], "no")
    assert tally(shop, hurry).bought_share == pytest.approx(9 / 30)
    assert tally(shop, hurry).answered_share == pytest.approx(18 / 30)


def test_the_last_use_is_asked_for_by_customer_and_by_script_and_not_for_ever(shop: Shop) -> None:
    ada, bea, hurry, thanks = ids(shop)
    with shop.write() as tx:
        scripts.use(tx, hurry, ada)
        last = scripts.use(tx, thanks, ada)
        alone = scripts.use(tx, hurry, None)
    with shop.read() as tx:
        found = script_uses.last_for(tx, ada)
        assert found is not None
        assert (found.id, found.title, found.name, found.outcome) == (last, "thanks", "ada", None)
        assert script_uses.last_for(tx, bea) is None
        of_script = script_uses.last_of(tx, hurry)
        assert of_script is not None
        assert (of_script.id, of_script.customer, of_script.name) == (alone, None, "")
    with shop.write() as tx:
        tx.connection.exec_driver_sql("UPDATE script_uses SET at = at - 2 * 86400")
        script_uses.tell(tx, last, "no")
        older = script_uses.last_for(tx, ada)  # what was told days ago is settled, the one before is not
        assert older is not None
        assert older.title == "hurry"
        tx.connection.exec_driver_sql("UPDATE script_uses SET at = at - 15 * 86400")
        assert script_uses.last_for(tx, ada) is None


def test_uses_go_with_a_customer_who_is_made_one_with_another_and_come_back(shop: Shop) -> None:
    ada, bea, hurry, _thanks = ids(shop)
    with shop.write() as tx:
        use = scripts.use(tx, hurry, bea)
        script_uses.tell(tx, use, "bought")
    before = content(shop)
    with shop.write() as tx:
        merged = who_is_who.merge_customers(tx, keep=ada, gone=bea)
    with shop.read() as tx:
        found = script_uses.last_for(tx, ada)
        assert found is not None
        assert (found.id, found.outcome) == (use, "bought")
    assert shop.check() == []
    with shop.write() as tx:
        edits.undo(tx, merged)
    assert content(shop)["script_uses"] == before["script_uses"]
    assert shop.check() == []


def test_a_removed_script_comes_back_with_what_was_told(shop: Shop) -> None:
    ada, _bea, hurry, _thanks = ids(shop)
    with shop.write() as tx:
        script_uses.tell(tx, scripts.use(tx, hurry, ada), "bought")
        removed = scripts.remove(tx, hurry)
        assert script_uses.last_for(tx, ada) is None
    with shop.write() as tx:
        edits.undo(tx, removed)
    assert tally(shop, hurry).bought == 1
