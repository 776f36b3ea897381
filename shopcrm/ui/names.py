"""The object names that tests and scripts rely on. Every interactive widget has one of these, or one made from it.

Made from it: `_<key>` behind a name (`rail_desk`, `card_tag_…`, `timeline_filter_orders`).
"""

from __future__ import annotations

from typing import Final

# Frame
WINDOW: Final = "main_window"
RAIL: Final = "rail"  # rail_desk rail_today rail_customers rail_segments rail_data
RAIL_SETTINGS: Final = "rail_settings"
SEARCH: Final = "search_box"
SEARCH_CLEAR: Final = "search_box_clear"
THEME_TOGGLE: Final = "theme_toggle"
PAGES: Final = "pages"
STATUS: Final = "status_line"
STATUS_CUSTOMERS: Final = "status_customers"
STATUS_IMPORT: Final = "status_import"
STATUS_BACKUP: Final = "status_backup"
STATUS_KEYS: Final = "status_keys"
DEMO_BANNER: Final = "demo_banner"
DEMO_MARK: Final = "demo_mark"
KEYS_OVERLAY: Final = "keys_overlay"
TOAST: Final = "toast"
TOAST_UNDO: Final = "toast_undo"
TOAST_CLOSE: Final = "toast_close"
PROGRESS: Final = "progress_strip"
PROGRESS_CANCEL: Final = "progress_cancel"
FAILURE: Final = "failure_dialog"
FAILURE_RETRY: Final = "failure_retry"
FAILURE_CLOSE: Final = "failure_close"
RESCUE: Final = "rescue_screen"

# Desk
DESK: Final = "desk_page"
DESK_RESULTS: Final = "desk_results"
DESK_RECENT: Final = "desk_recent"
DESK_EMPTY: Final = "desk_empty"
DESK_IMPORT: Final = "desk_import"
DESK_DEMO: Final = "desk_demo"

# The card, of the desk and as inspector
CARD: Final = "card"
CARD_NAME: Final = "card_name"
CARD_NAME_EDIT: Final = "card_name_edit"
CARD_GROUP: Final = "card_group"
CARD_TAGS: Final = "card_tags"
CARD_TAG_ADD: Final = "card_tag_add"
CARD_TAG_EDIT: Final = "card_tag_edit"
CARD_COPY: Final = "card_copy"  # then the kind and a number: card_copy_phone_0
CARD_STATS: Final = "card_stats"
CARD_GREETING: Final = "card_greeting"
CARD_GREETING_COPY: Final = "card_greeting_copy"
CARD_OPEN_MATTERS: Final = "card_open_matters"
CARD_NOTE_EDIT: Final = "card_note_edit"
CARD_TIMELINE: Final = "card_timeline"
TIMELINE_FILTER: Final = "timeline_filter"  # timeline_filter_all _orders _notes
