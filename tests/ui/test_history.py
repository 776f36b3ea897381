from __future__ import annotations

from shopcrm.ui.history import History


class Hand:
    """Changes, each of which says when undone how it is done again, as the shop does."""

    def __init__(self) -> None:
        self.history = History()
        self.page: list[str] = []

    def write(self, word: str, *, again: bool = False) -> None:
        self.page.append(word)
        self.history.done(lambda: self._undo(word), again=again)

    def _undo(self, word: str) -> None:
        self.page.remove(word)
        self.history.undone(lambda: self.write(word, again=True))


def test_several_changes_go_back_and_come_again_in_their_order() -> None:
    hand = Hand()
    for word in "abc":
        hand.write(word)
    seen = []
    for step in (hand.history.undo, hand.history.undo, hand.history.redo, hand.history.redo, hand.history.redo):
        moved = step()
        seen.append((moved, "".join(hand.page)))
    assert seen == [(True, "ab"), (True, "a"), (True, "ab"), (True, "abc"), (False, "abc")]
    while hand.history.undo():
        pass
    assert hand.page == []


def test_a_new_change_ends_what_could_come_again() -> None:
    hand = Hand()
    hand.write("a")
    hand.history.undo()
    could = hand.history.can_redo
    hand.write("b")
    assert (could, hand.history.can_redo, hand.history.can_undo) == (True, False, True)


def test_a_step_that_its_own_button_took_is_not_done_twice() -> None:
    history, done = History(), list[str]()

    def undo() -> None:
        done.append("undone")

    history.done(undo)
    history.take(undo)
    assert not history.undo()
    assert done == []
