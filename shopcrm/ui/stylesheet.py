"""The small style sheet for Qt's own widgets; what the kit paints itself is not in it.

Pixel sizes in a style sheet ignore the application's font, so it is made anew for every text size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Template

from shopcrm.base.resources import resource

_SHEET = Template("""
QToolTip { background: $float; color: $on_float; border: 0; padding: 4px 8px; font-size: $s12; }

QLabel { background: transparent; }
QLabel[type="12"] { font-size: $s12; }
QLabel[type="15"] { font-size: $s15; }
QLabel[type="20"] { font-size: $s20; }
QLabel[type="28"] { font-size: $s28; }
QLabel[bold="true"] { font-weight: 600; }
QLabel[tone="text"] { color: $text; }
QLabel[tone="second"] { color: $second; }
QLabel[tone="third"] { color: $third; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="accent_strong"] { color: $accent_strong; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; }
QLabel[tone="info"] { color: $info; }
QLabel[tone="on_float"] { color: $on_float; }

QLineEdit, QPlainTextEdit, QSpinBox, QDateEdit {
    background: $surface; color: $text; border: 1px solid $border; border-radius: 6px; padding: 0 10px;
    min-height: $h32; selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $third;
}
QPlainTextEdit { padding: 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDateEdit:focus { border: 1px solid $accent; }
QLineEdit[bad="true"] { border: 1px solid $bad; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus { border: 0; background: transparent; padding: 0; min-height: 0; }

QComboBox {
    background: $surface; color: $text; border: 1px solid $border; border-radius: 6px; padding: 0 8px 0 10px;
    min-height: $h28;
}
QComboBox:focus { border: 1px solid $accent; }
QComboBox::drop-down { border: 0; width: $h20; }
QComboBox::down-arrow { image: url("$chevron"); width: $h14; height: $h14; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $border; selection-background-color: $accent_soft;
    selection-color: $text;
}

QMenu { background: $surface; color: $text; border: 1px solid $border; border-radius: 6px; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; min-height: $h20; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $third; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }

QScrollArea, QScrollArea > QWidget > QWidget#scroll_body { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $third; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTableView { background: transparent; border: 0; color: $text; selection-background-color: transparent; }
QHeaderView { background: transparent; border: 0; }
QHeaderView::section { background: $surface; color: $second; border: 0; border-bottom: 1px solid $border; }
QTableCornerButton::section { background: $surface; border: 0; }

QListView {
    background: $surface; border: 0; color: $text; selection-background-color: $accent_soft; selection-color: $text;
}
QListView#completions { border: 1px solid $border; }
QListView#completions::item { padding: 5px 9px; }
QListView#completions::item:selected { background: $accent_soft; color: $text; }
QListView#settings_sections { outline: 0; }
QListView#settings_sections::item { padding: 0 8px; border: 0; border-radius: 6px; color: $text; }
QListView#settings_sections::item:hover { background: $raised; }
QListView#settings_sections::item:selected { background: $accent_soft; color: $accent_strong; }
QListView#settings_sections::item:selected:focus { border: 1px solid $accent; padding: 0 7px; }

QCheckBox { color: $text; spacing: 8px; background: transparent; }
QRadioButton { color: $text; spacing: 8px; background: transparent; }
QDialog { background: $surface; }
QSplitter::handle { background: transparent; }
""")


def style_sheet(colours: Mapping[str, str], px: Callable[[float], int], name: str) -> str:
    """The sheet for a theme's colours and a text size (`px` scales a size that holds text)."""
    sizes = {f"s{size}": f"{px(size)}px" for size in (12, 13, 15, 20, 28)}
    heights = {f"h{size}": f"{px(size)}px" for size in (14, 20, 28, 32)}
    chevron = resource("icons", f"chevron-{name}.svg").as_posix()
    handle = "#C3CCCD" if name == "light" else "#48545A"
    return _SHEET.substitute(colours, **sizes, **heights, chevron=chevron, handle=handle)
