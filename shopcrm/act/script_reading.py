"""A sheet of scripts read again (U2): one of ours that was edited, or anybody's with a column of words.

Rows of ours are known by their mark, and only cells that somebody touched count: what was changed in the shop
meanwhile stays, and where both were changed that is said. A row without a mark, a copied one and every row of a sheet
from elsewhere is new, unless the shop has a script of that folder and title already. Nothing is ever removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar, Final

from shopcrm.act import round_trip, script_sheet, scripts
from shopcrm.act.blanks import SITUATIONS
from shopcrm.act.script_sheet import ANSWER, BY_KEY, COLUMNS, GROUP_LABELS, SCRIPT
from shopcrm.act.scripts import Audience, Draft, Script, ScriptEmpty, Wording
from shopcrm.base import sheet_marks
from shopcrm.base.channels import chat_text
from shopcrm.base.errors import UserFailure
from shopcrm.base.i18n import N_, _, in_every_language
from shopcrm.base.sheet_marks import SheetMark, pieces, unshielded
from shopcrm.base.templates import TemplateFailure
from shopcrm.base.text import fold
from shopcrm.base.wordings import PartTooLong, one_line
from shopcrm.collect import product_answers
from shopcrm.collect.product_answers import Answer, AnswerDraft
from shopcrm.collect.staged import Staged
from shopcrm.store.tx import Tx

MOST_ROWS: Final = 5_000
# What others call the columns.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("类型", "類型", "type"),
    "folder": (
        "分组", "分组名称", "分類", "分类", "类别", "類別", "文件夹", "資料夾", "目录", "快捷短语分组", "话术分组",
        "group", "category",
    ),
    "title": (
        "标题", "標題", "名称", "名稱", "话术标题", "話術標題", "问题", "問題", "常见问题", "常見問題", "title", "name",
        "question", "subject",
    ),
    "body": (
        "内容", "內容", "话术", "話術", "话术内容", "話術內容", "回复", "回覆", "回复内容", "答案", "快捷短语",
        "快捷短语内容", "短语", "短语内容", "正文", "文案", "content", "body", "text", "words", "answer", "reply",
        "message", "script",
    ),
    "keywords": ("关键词", "關鍵字", "关键字", "搜索词", "快捷编码", "keywords", "shortcut"),
    "codes": ("商品编码", "商家编码", "商品編碼", "货号", "貨號", "商品编号", "sku", "product code", "code"),
}  # fmt: skip
_PARTS: Final = {"Words": "body", "Answer": "body", "Question": "title", "Title": "title", "Folder": "folder",
                 "Product code": "codes", "Search words": "keywords"}  # fmt: skip


@dataclass(eq=False)
class NoWordsColumn(UserFailure):
    """A sheet that says nowhere what is to be said."""

    text: ClassVar[str] = N_("“{name}” has no column of words. Name one of its columns “{words}”, and one “{title}”.")
    name: str

    @property
    def message(self) -> str:
        """The sentence in the current language."""
        return _(self.text).format(name=self.name, words=_("Words"), title=_("Title"))

    def __str__(self) -> str:
        return self.text.format(name=self.name, words="Words", title="Title")


@dataclass(eq=False)
class TooManyScripts(UserFailure):
    """More rows than anybody has scripts."""

    text: ClassVar[str] = N_("“{name}” has more than {most} rows. Leave out what you do not say.")
    name: str
    most: str = f"{MOST_ROWS:,}"


@dataclass(eq=False)
class UnknownWord(UserFailure):
    """A word in a cell that takes only certain ones."""

    text: ClassVar[str] = N_("“{word}” is none of these: {known}")
    word: str
    known: str


@dataclass(frozen=True)
class CellChange:
    """A cell that differs."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """A script or an answer that the sheet adds or changes."""

    place: int
    row: int  # of the sheet
    before: Wording | None  # None: it is new
    draft: Draft | AnswerDraft
    cells: tuple[CellChange, ...]
    conflict: bool = False  # changed in the shop too, since the export
    sure: bool = True  # somebody touched this very row; else it only has the title of one that the shop has

    @property
    def title(self) -> str:
        """What it is called."""
        return self.draft.question if isinstance(self.draft, AnswerDraft) else self.draft.values()["title"]


@dataclass(frozen=True)
class RowProblem:
    """A cell or a row that cannot be taken, and why. `label` is blank for a whole row."""

    row: int
    label: str
    reason: str


@dataclass(frozen=True)
class ScriptSheet:
    """All that a sheet of scripts says otherwise than the shop."""

    name: str  # of the file
    rows: int
    same: int
    changes: tuple[RowChange, ...]
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True)
class Taken:
    """What was written; `left`: what the shop has changed while the sheet was looked at."""

    change_set: int
    added: int
    changed: int
    left: int


def compare(tx: Tx, staged: Staged) -> ScriptSheet:
    """What a sheet that was staged with `peek` says.

    Raises:
        NoWordsColumn, TooManyScripts: it is no sheet of scripts.
    """
    (file,) = staged.files()
    if file.rows > MOST_ROWS:
        raise TooManyScripts(file.name)
    found = sheet_marks.find(file.header)
    places = _places(file.header)
    if "body" not in places:
        raise NoWordsColumn(file.name)
    ours = found is not None and found[1].list == script_sheet.LIST
    mark = found if found is not None and ours and found[1].shop == sheet_marks.shop_part(tx.shop.uuid) else None
    reading = _Reading(scripts.wordings_of(tx), places, mark)
    for block in round_trip.blocks(staged):
        for row, cells in block:
            reading.take(row, cells)
    return ScriptSheet(file.name, reading.rows, reading.same, tuple(reading.changes), tuple(reading.problems))


def write(tx: Tx, chosen: Sequence[RowChange]) -> Taken:
    """Take what was agreed to, as one change set. What the shop has changed meanwhile is left."""
    change_set = tx.begin_change("script_sheet", rows=len(chosen))
    now = {script_sheet.row_key(one): one for one in scripts.wordings_of(tx)}
    added = changed = left = 0
    for change in chosen:
        values = change.draft.values()
        answer = isinstance(change.draft, AnswerDraft)
        if change.before is None:
            if answer:
                product_answers.write_new(tx, values)
            else:
                scripts.write_new(tx, values)
            added += 1
            continue
        standing = now.get(script_sheet.row_key(change.before))
        if standing is None or standing.draft() != change.before.draft():
            left += 1
            continue
        if answer:
            product_answers.write(tx, change.before.id, values)
        else:
            scripts.write(tx, change.before.id, values)
        changed += 1
    return Taken(change_set, added, changed, left)


def _places(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its key: our own name in any language before what others call it."""
    folded = [fold(name) for name in header]
    found: dict[str, int] = {}
    for column in COLUMNS:
        own = {fold(label) for label in in_every_language(column.label)}
        others = {fold(name) for name in _NAMES.get(column.key, ())}
        for names in (own, others):
            at = next((at for at, name in enumerate(folded) if name in names and at not in found.values()), None)
            if at is not None:
                found[column.key] = at
                break
    return found


@dataclass
class _Reading:
    """Goes over the rows of a sheet."""

    known: list[Wording]
    places: Mapping[str, int]
    mark: tuple[int, SheetMark] | None
    rows: int = 0
    same: int = 0
    changes: list[RowChange] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)  # rows by mark
    told: dict[tuple[str, ...], int] = field(default_factory=dict)  # rows by what they are called

    def __post_init__(self) -> None:
        self.by_row = {script_sheet.row_key(one): one for one in self.known}
        self.by_name: dict[tuple[str, ...], Wording] = {}
        for one in reversed(self.known):  # what is used most is met by a title without a folder
            self.by_name |= dict.fromkeys(self._names(one.draft()), one)

    def _names(self, draft: Draft | AnswerDraft) -> tuple[tuple[str, ...], ...]:
        """What a row is known by; of a sheet without folders the title alone."""
        if isinstance(draft, AnswerDraft):
            return (("answer", fold(draft.code), fold(draft.question)),)
        title = fold(one_line(draft.title))
        return (("script", fold(draft.folder), title), ("script", title))

    def take(self, row: int, cells: Sequence[str]) -> None:
        """Compare one row."""
        texts = {
            key: unshielded(cells[at]).removeprefix("\ufeff") if at < len(cells) else ""
            for key, at in self.places.items()
        }
        told = None
        if self.mark is not None and self.mark[0] < len(cells):
            told = sheet_marks.parse_row_mark(cells[self.mark[0]])
        if not any(text.strip() for key, text in texts.items() if BY_KEY[key].editable):
            return
        self.rows += 1
        if told is None or self.mark is None or len(told.seals) != len(self.mark[1].keys):
            self._take_new(row, texts)
            return
        before = self.by_row.get(told.key)
        if told.key in self.seen:  # a copied row, to write another from it
            self._take_copied(row, texts, before)
        elif before is None:
            self.problems.append(RowProblem(row, "", _("It was removed from the shop since the export.")))
        else:
            self.seen[told.key] = row
            self._take_known(row, texts, before, dict(zip(self.mark[1].keys, told.seals, strict=True)))

    def _take_known(self, row: int, texts: Mapping[str, str], before: Wording, seals: Mapping[str, str]) -> None:
        key, now = script_sheet.row_key(before), script_sheet.cells_of(before)
        touched: dict[str, str] = {}
        conflict = False
        for name, text in texts.items():
            column = BY_KEY[name]
            if not column.editable or name not in seals:
                continue

            def untouched(text: str, *, name: str = name) -> bool:
                one = BY_KEY[name]
                return sheet_marks.is_untouched(
                    seals[name], name=script_sheet.seal_name(key, name), sort=one.sort,
                    text=script_sheet.sealed(one, text),
                )  # fmt: skip

            if not untouched(text) and _plain(name, text) != _plain(name, now[name]):
                touched[name] = text
                conflict = conflict or not untouched(now[name])
        draft = self._drafted(row, touched, before.draft())
        if draft is not None:
            self._offer(row, before, draft, conflict=conflict)

    def _take_copied(self, row: int, texts: Mapping[str, str], before: Wording | None) -> None:
        if before is not None and _plain("title", texts.get("title", "")) == before.title:
            now = script_sheet.cells_of(before)
            if all(_plain(name, text) == _plain(name, now[name]) for name, text in texts.items()):
                earlier = self.seen[script_sheet.row_key(before)]
                reason = _("It is in the sheet twice: see row {row}.").format(row=f"{earlier:,}")
                self.problems.append(RowProblem(row, "", reason))
                return
        self._take_new(row, texts)

    def _take_new(self, row: int, texts: Mapping[str, str]) -> None:
        try:
            answer = _word(texts.get("kind", ""), {"script": SCRIPT, "answer": ANSWER}) == "answer"
        except UnknownWord as failure:
            if self.mark is not None:  # in somebody else's sheet the column may mean anything
                self.problems.append(RowProblem(row, _label("kind"), failure.message))
                return
            answer = False
        draft = self._drafted(row, texts, AnswerDraft() if answer else Draft("", ""))
        if draft is None:
            return
        names = self._names(draft)
        name = names[0] if "folder" in self.places or isinstance(draft, AnswerDraft) else names[-1]
        if name in self.told:
            reason = _("It is in the sheet twice: see row {row}.").format(row=f"{self.told[name]:,}")
            self.problems.append(RowProblem(row, "", reason))
            return
        self.told[name] = row
        before = self.by_name.get(name)
        if before is not None:  # only what the sheet has a column for is said of it
            written = self._drafted(row, {key: text for key, text in texts.items() if text.strip()}, before.draft())
            draft = written or draft
        self._offer(row, before, draft, sure=before is None)

    def _drafted(self, row: int, texts: Mapping[str, str], draft: Draft | AnswerDraft) -> Draft | AnswerDraft | None:
        """A draft with what these cells say; None where one of them cannot be taken, which is told."""
        wrong = len(self.problems)
        for key, text in texts.items():
            try:
                draft = _with(draft, key, text)
            except UserFailure as failure:
                self.problems.append(RowProblem(row, _label(key), failure.message))
        try:
            values = draft.values()
        except UserFailure as failure:
            key = _PARTS.get(failure.label, "") if isinstance(failure, PartTooLong) else ""
            if isinstance(failure, TemplateFailure | ScriptEmpty):
                key = "body"
            self.problems.append(RowProblem(row, _label(key) if key else "", failure.message))
            return None
        if len(self.problems) > wrong:
            return None
        return replace(draft, title=values["title"]) if isinstance(draft, Draft) else draft

    def _offer(
        self, row: int, before: Wording | None, draft: Draft | AnswerDraft, *, conflict: bool = False, sure: bool = True
    ) -> None:
        after = script_sheet.cells_of(_as_wording(draft))
        now = dict.fromkeys(BY_KEY, "") if before is None else script_sheet.cells_of(before)
        cells = tuple(
            CellChange(_(column.label), now[column.key], after[column.key])
            for column in COLUMNS
            if column.editable and _plain(column.key, now[column.key]) != _plain(column.key, after[column.key])
        )
        if before is not None and not cells:
            self.same += 1
            return
        self.changes.append(RowChange(len(self.changes), row, before, draft, cells, conflict, sure))


def _label(key: str) -> str:
    """How a column is called."""
    return _(BY_KEY[key].label)


def _plain(key: str, text: str) -> str:
    """A cell as two are compared: words with their line breaks, lists in any order."""
    if key == "body":
        return chat_text(text)
    if key in ("keywords", "codes", "groups", "levels"):
        return "\n".join(sorted(pieces(text)))
    return one_line(text)


def _with(draft: Draft | AnswerDraft, key: str, text: str) -> Draft | AnswerDraft:
    """A draft with what one cell says.

    Raises:
        UnknownWord: a situation or a group that there is not.
    """
    if isinstance(draft, AnswerDraft):
        names = {"title": "question", "body": "body", "codes": "code"}
        return replace(draft, **{names[key]: text}) if key in names else draft
    match key:
        case "folder" | "title" | "body" | "keywords":
            told: dict[str, Any] = {key: text}
        case "codes":
            told = {"article": text}
        case "situation":
            told = {"situation": _word(text, SITUATIONS)}
        case "groups":
            told = {"audience": Audience(_words(pieces(text), GROUP_LABELS), draft.audience.levels)}
        case "levels":
            told = {"audience": Audience(draft.audience.groups, pieces(text))}
        case _:
            return draft
    return replace(draft, **told)


def _words(found: Iterable[str], labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_word(one, labels) for one in found))


def _word(text: str, labels: Mapping[str, str]) -> str:
    """The key of a word in any language; blank for none."""
    wanted = fold(text)
    if not wanted:
        return ""
    key = _by_word(tuple(labels.items())).get(wanted)
    if key is None:
        raise UnknownWord(one_line(text)[:40], _(", ").join(_(label) for label in labels.values()))
    return key


@cache
def _by_word(labels: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Keys by their folded words in every language."""
    return {fold(one): key for key, label in labels for one in in_every_language(label)}


def _as_wording(draft: Draft | AnswerDraft) -> Wording:
    """A draft as if it were kept, to be shown."""
    values = draft.values()
    if isinstance(draft, AnswerDraft):
        return Answer(0, values["code"], values["question"], values["answer"])
    return Script(
        0, values["folder"], values["title"], values["body"], values["article"], values["situation"],
        values["keywords"], draft.audience,
    )  # fmt: skip
