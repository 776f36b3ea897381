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
PANEL_OPEN: Final = "panel_open"
PANEL: Final = "panel"
PANEL_SEARCH: Final = "panel_search"
PANEL_WATCH: Final = "panel_watch"
PANEL_FOLD: Final = "panel_fold"
PANEL_HITS: Final = "panel_hits"
PANEL_NOTE: Final = "panel_note"
PAGES: Final = "pages"
STATUS: Final = "status_line"
STATUS_CUSTOMERS: Final = "status_customers"
STATUS_IMPORT: Final = "status_import"
STATUS_BACKUP: Final = "status_backup"
STATUS_WAITING: Final = "status_waiting"
STATUS_KEYS: Final = "status_keys"
STATUS_ARRIVED: Final = "status_arrived"  # and status_arrived_close
DEMO_MARK: Final = "demo_mark"
DEMO_MENU: Final = "demo_menu"  # demo_menu_own_shop, demo_menu_delete_demo
KEYS_OVERLAY: Final = "keys_overlay"
KEYS_CLOSE: Final = "keys_close"
KEYS_SEARCH: Final = "keys_search"
PALETTE: Final = "palette"
PALETTE_LIST: Final = "palette_list"
SETTINGS: Final = "settings"  # settings_page, settings_sections, settings_language_en, settings_currency …
BACKUP: Final = "backup"  # backup_table, backup_now, backup_restore, backup_from_file, backup_folder_choose …
QUESTION: Final = "question"  # question_yes, question_no
TOAST: Final = "toast"
TOAST_UNDO: Final = "toast_undo"  # also Redo and whatever else a toast offers
TOAST_CLOSE: Final = "toast_close"
PROGRESS: Final = "progress_strip"
PROGRESS_CANCEL: Final = "progress_cancel"
FAILURE: Final = "failure_dialog"
FAILURE_RETRY: Final = "failure_retry"
FAILURE_CLOSE: Final = "failure_close"
FAILURE_REPORT: Final = "failure_report"  # the text of a bug's report
FAILURE_COPY: Final = "failure_copy"
FAILURE_FOLDER: Final = "failure_folder"
RESCUE: Final = "rescue_screen"
RESCUE_RESTORE: Final = "rescue_restore"
RESCUE_RETRY: Final = "rescue_retry"
RESCUE_FOLDER: Final = "rescue_folder"
RESCUE_DEMO: Final = "rescue_demo"
FIRST_RUN: Final = "first_run"
FIRST_LANGUAGE: Final = "first_language"
FIRST_TRADE: Final = "first_trade"
FIRST_CURRENCY: Final = "first_currency"
FIRST_ZONE: Final = "first_zone"
FIRST_DEMO: Final = "first_demo"
FIRST_EMPTY: Final = "first_empty"
START: Final = "start_screen"
START_CANCEL: Final = "start_cancel"

# Desk
DESK: Final = "desk_page"
DESK_RESULTS: Final = "desk_results"
DESK_COMMANDS: Final = "desk_commands"
DESK_FOUND: Final = "desk_found"  # then the key of a section of the palette
DESK_RECENT: Final = "desk_recent"
DESK_DUE: Final = "desk_due"
DESK_EMPTY: Final = "desk_empty"
DESK_IMPORT: Final = "desk_import"
DESK_DEMO: Final = "desk_demo"
DESK_NEW: Final = "desk_new"  # nobody fits: a new customer with what was typed

# The card, of the desk and as inspector
CARD: Final = "card"
CARD_NAME: Final = "card_name"
CARD_NAME_EDIT: Final = "card_name_edit"
CARD_GROUP: Final = "card_group"
CARD_TAGS: Final = "card_tags"  # then the tag
CARD_TAG_ADD: Final = "card_tag_add"
CARD_TAG_EDIT: Final = "card_tag_edit"
CARD_COPY: Final = "card_copy"  # then the kind and a number: card_copy_phone_0; card_copy_address
CARD_STATS: Final = "card_stats"
CARD_GREETING: Final = "card_greeting"
CARD_WAITING: Final = "card_waiting"
CARD_GREETING_COPY: Final = "card_greeting_copy"
CARD_OPEN_MATTERS: Final = "card_open_matters"
CARD_MORE: Final = "card_more"  # unfolds who she is, where the card is narrow
CARD_PERSON: Final = "card_person"  # card_person_<field>, card_person_address_<id>, card_person_edit, card_person_add
CARD_IDENTITY: Final = "card_identity"  # card_identity_<id>, card_identity_edit, card_identity_add
CARD_SHARED: Final = "card_shared"  # then the identity's number: who else has it; card_shared_menu
CARD_OUT: Final = "card_opted_out"
CARD_HELD: Final = "card_held"  # somebody else has it: card_held_open, _compare, _one, _both
CARD_CONSENTS: Final = "card_consents"  # card_consents_<channel>, card_consents_add, card_consents_again
PAST_MENU: Final = "past_menu"  # what stood in a field before
CARD_ATTRIBUTES: Final = "card_attributes"
CARD_VALUE: Final = "card_value"  # then the attribute's key, or birthday
CARD_VALUE_ADD: Final = "card_value_add"
CARD_VALUE_EDIT: Final = "card_value_edit"
CARD_LEARNT: Final = "card_learnt"  # then the attribute's key: takes over what was learnt
ATTRIBUTE_FORM: Final = "attribute_form"  # then _label _kind _choices _unit _low _high _save _leave
CARD_NOTE_EDIT: Final = "card_note_edit"
CARD_TIMELINE: Final = "card_timeline"
TIMELINE_FILTER: Final = "timeline_filter"  # timeline_filter_all _orders _notes _follow_ups _tags _contacts _imports
TIMELINE_ROW: Final = "timeline_row"
TIMELINE_MORE: Final = "timeline_more"
ORDER_COPY: Final = "order_copy"
NOTE_REMOVE: Final = "note_remove"
NOTE_PIN: Final = "note_pin"
NOTE_TEXT: Final = "note_text"  # a note being changed
NOTE_SAVE: Final = "note_save"
NOTE_ATTACH: Final = "note_attach"  # to the note being changed
CARD_ATTACH: Final = "card_attach"  # to the next note
CARD_FILE: Final = "card_file"  # of the next note, then its place
NOTE_FILE: Final = "note_file"  # then its number: note_file_7, and behind it _save and _remove
CARD_FOLLOW_UP: Final = "card_follow_up"
FOLLOW_UP: Final = (
    "follow_up"  # follow_up_dialog _order _channel _outcome _rating _text _day _next_on, a question's key
)
FOLLOW_UP_LANDS: Final = "follow_up_lands"  # what the answers will change
FOLLOW_UP_EDIT: Final = "follow_up_edit"
FOLLOW_UP_REMOVE: Final = "follow_up_remove"
TIMELINE_OPEN: Final = "timeline_open"  # in an open line: the page it belongs to
TIMELINE_WISH: Final = "timeline_wish"
CARD_WISHES: Final = "card_wishes"
CARD_WISH_NEW: Final = "card_wish_new"
CARD_WISH_EDIT: Final = "card_wish_edit"
CARD_WISH_REASON: Final = "card_wish_reason"
WISH_CLOSE: Final = "wish_close"  # then its number, as for the next two
WISH_OPEN: Final = "wish_open"
WISH_REMOVE: Final = "wish_remove"

# Customers
CUSTOMERS: Final = "customers_page"
CUSTOMER_TABLE: Final = "customer_table"
CUSTOMER_VIEWS: Final = "customer_view"  # customer_view_all _due, then a group's key
CUSTOMER_GROUPS: Final = "customer_groups"  # the menu with the other groups
CUSTOMER_COLUMNS: Final = "customer_columns"
CUSTOMER_FIND: Final = "customer_find"
CUSTOMER_MORE: Final = "customer_more"  # what is seldom done with the list
VIEW_SAVE: Final = "view_save"
FILTER_ADD: Final = "filter_add"
FILTER_CHIP: Final = "filter_chip"  # then its place
FILTER_COUNT: Final = "filter_count"
FILTER: Final = "filter_dialog"
FILTER_FIELD: Final = "filter_field"
FILTER_TEST: Final = "filter_test"
FILTER_TEXT: Final = "filter_text"
FILTER_LOW: Final = "filter_low"
FILTER_HIGH: Final = "filter_high"
FILTER_FIND: Final = "filter_find"
FILTER_CHOICES: Final = "filter_choices"
FILTER_TAKE: Final = "filter_take"
FILTER_CANCEL: Final = "filter_cancel"
COLUMNS: Final = "columns_dialog"
COLUMNS_FIND: Final = "columns_find"
COLUMNS_LIST: Final = "columns_list"
COLUMNS_UP: Final = "columns_up"
COLUMNS_DOWN: Final = "columns_down"
COLUMNS_RESET: Final = "columns_reset"
COLUMNS_CLOSE: Final = "columns_close"
BULK: Final = "bulk_dialog"
BULK_FIELD: Final = "bulk_field"
BULK_CHOICE: Final = "bulk_choice"
BULK_TEXT: Final = "bulk_text"
BULK_PLAN: Final = "bulk_plan"
BULK_TAKE: Final = "bulk_take"
BULK_CANCEL: Final = "bulk_cancel"
NAME: Final = "name_dialog"
NAME_EDIT: Final = "name_edit"
NAME_TAKE: Final = "name_take"
NAME_CANCEL: Final = "name_cancel"
OPEN_PAGE: Final = "open_page"  # then the page's key
TAGS: Final = "tags"  # tags_page _table _new _find _back _rename _merge _colour _group _remove _open
CUSTOMER_IMPORT: Final = "customer_import"
CUSTOMER_EXPORT: Final = "customer_export"
CUSTOMER_EMPTY: Final = "customer_empty"
CUSTOMER_NOBODY: Final = "customer_nobody"  # nobody meets the filters
EMPTY_IMPORT: Final = "empty_import"  # the buttons of an empty page
EMPTY_DEMO: Final = "empty_demo"
INSPECTOR: Final = "inspector"
INSPECTOR_CLOSE: Final = "inspector_close"
INSPECTOR_DESK: Final = "inspector_desk"
SELECTION: Final = "selection_bar"
SELECTION_COUNT: Final = "selection_count"
SELECTION_TAG: Final = "selection_tag"
SELECTION_TAG_EDIT: Final = "selection_tag_edit"
SELECTION_UNTAG: Final = "selection_untag"
SELECTION_FIELD: Final = "selection_field"
SELECTION_EXPORT: Final = "selection_export"
SELECTION_SMS: Final = "selection_sms"
SELECTION_COPY: Final = "selection_copy"
SELECTION_CLEAR: Final = "selection_clear"
SAVE_DIALOG: Final = "save_dialog"
OPEN_DIALOG: Final = "open_dialog"

# Parcels
PARCELS: Final = "parcels"  # parcels_page _table _transit _view_(all stuck late not_sent transit) _heard _back
# and parcels_copy _export _sms _all _everything

# Who is who
WHO: Final = "who"  # who_page _view_suggestions _view_loose _view_shared _back _again
WHO_OPEN: Final = "who_open"  # on the customers page
WHO_LIST: Final = "who_list"
WHO_MERGE: Final = "who_merge"
WHO_TWO: Final = "who_two"
WHO_SKIP: Final = "who_skip"
WHO_SIDE: Final = "who_side"  # then the field and 0 or 1
WHO_CARD: Final = "who_card"  # who_card_0 _1: opens it at the desk
LOOSE_SEARCH: Final = "loose_search"
LOOSE_TABLE: Final = "loose_table"
LOOSE_WHO: Final = "loose_who"
LOOSE_HIT: Final = "loose_hit"  # then its place
SHARED_TABLE: Final = "shared_table"
CARD_JOIN_APART: Final = "card_join_apart"  # and the number of the join
CARD_MERGE_APART: Final = "card_merge_apart"  # then the merge's number

# Segments
SEGMENTS: Final = "segments_page"
SEGMENT_CARD: Final = "segment_card"  # then the group's key
SEGMENT_TABLE: Final = "segment_table"
SEGMENT_EXPORT: Final = "segment_export"
SEGMENT_SMS: Final = "segment_sms"
SEGMENT_OPEN: Final = "segment_open"
SEGMENT_RULE: Final = "segment_rule"
SEGMENT_MOVEMENT: Final = "segment_movement"
SEGMENT_METHOD: Final = "segment_method"
SEGMENT_EDIT: Final = "segment_edit"
RULE_EDITOR: Final = "rule_editor"
RULE_FIELD: Final = "rule_field"  # then the option's key, as for the next two
RULE_CHOICE: Final = "rule_choice"
RULE_EDIT: Final = "rule_edit"
RULE_PREVIEW: Final = "rule_preview"
RULE_SIZE: Final = "rule_size"  # then the group's key
RULE_RESET: Final = "rule_reset"
RULE_CANCEL: Final = "rule_cancel"
RULE_SAVE: Final = "rule_save"

# Insights
INSIGHTS: Final = "insights_page"
INSIGHT_PERIOD: Final = "insight_period"
INSIGHT_EXPORT: Final = "insight_export"
INSIGHT_TILE: Final = "insight_tile"  # insight_tile_rate _orders _revenue _basket _due
INSIGHT_WHY: Final = "insight_why"  # then the tile's key
INSIGHT_REGION: Final = "insight_region"  # insight_region_customers _revenue _again
CHART_CARD: Final = "chart_card"  # then the chart's key
CHART_MENU: Final = "chart_menu"
CHART: Final = "chart"  # chart_months _curve _cohorts _regions _rates _nth _states _churn
FIGURE_RULE: Final = "figure_rule"
FIGURE_TABLE: Final = "figure_table"
FIGURE_ROWS: Final = "figure_rows"
FIGURE_SAVE: Final = "figure_save"
FIGURE_CLOSE: Final = "figure_close"
PURCHASES: Final = "purchase_list"
PURCHASE_VIEW: Final = "purchase_view"  # purchase_view_returning _new
PURCHASE_TABLE: Final = "purchase_table"
PURCHASE_CUSTOMERS: Final = "purchase_customers"
PURCHASE_SAVE: Final = "purchase_save"
PURCHASE_CLOSE: Final = "purchase_close"

# Today
TODAY: Final = "today_page"
TODAY_LIST: Final = "today_list"
TODAY_REASONS: Final = "today_reasons"  # the button; its menu is today_reasons_menu
TODAY_SHOW_ALL: Final = "today_show_all"
TODAY_EXPORT: Final = "today_export"
TODAY_DONE: Final = "today_done"
TODAY_SNOOZE: Final = "today_snooze"  # today_snooze_1 _3 _7
TODAY_SKIP: Final = "today_skip"
TODAY_COPY: Final = "today_copy"
TODAY_NOTE: Final = "today_note"
TODAY_REACH: Final = "today_reach"
TODAY_NOTE_EDIT: Final = "today_note_edit"
TODAY_WHY: Final = "today_why"
TODAY_OPEN: Final = "today_open"
TODAY_EMPTY: Final = "today_empty"

# Scripts
SCRIPTS: Final = "scripts_page"
SCRIPT_SEARCH: Final = "script_search"
SCRIPT_LIST: Final = "script_list"
SCRIPT_FOLDERS: Final = "script_folders"
SCRIPT_NEW: Final = "script_new"
SCRIPT_PRESETS: Final = "script_presets"
SCRIPT_PREVIEW: Final = "script_preview"
SCRIPT_COPY: Final = "script_copy"
SCRIPT_EDIT: Final = "script_edit"
SCRIPT_DOUBLE: Final = "script_double"
SCRIPT_MOVE: Final = "script_move"
SCRIPT_REMOVE: Final = "script_remove"
SCRIPT_CUSTOMER: Final = "script_customer"  # opens the card of whom it is filled for
SCRIPT_TITLE_EDIT: Final = "script_title_edit"
SCRIPT_FOLDER_EDIT: Final = "script_folder_edit"
SCRIPT_ARTICLE_EDIT: Final = "script_article_edit"
SCRIPT_BODY_EDIT: Final = "script_body_edit"
SCRIPT_KEYWORDS_EDIT: Final = "script_keywords_edit"
SCRIPT_AUDIENCE: Final = "script_audience"  # and script_audience_menu
SCRIPT_OUTCOME: Final = "outcome"  # card_script_outcome_answered, script_outcome_bought, …
SCRIPT_SHEETS: Final = "script_sheets"  # and script_sheets_menu: saved as Excel, read from one
SCRIPT_IMPORT: Final = "script_import"  # script_import_table _problems _write _cancel
SCRIPT_SITUATION: Final = "script_situation"
SCRIPT_BLANK: Final = "script_blank"  # the menu that inserts one
SCRIPT_SAVE: Final = "script_save"
SCRIPT_CANCEL: Final = "script_cancel"
SCRIPT_EMPTY: Final = "script_empty"
SCRIPT_PICKER: Final = "script_picker"  # over the desk: script_picker_search, script_picker_list
CARD_OFFERS: Final = "card_offers"  # card_offers_0 copies the first
CARD_TROUBLE: Final = "card_trouble"  # card_trouble_edit, _until, _save, _change, _over
CARD_SCRIPTS: Final = "card_scripts"
CARD_SCRIPT_COPY: Final = "card_script_copy"  # then a number
CARD_SCRIPT_START: Final = "card_script_start"  # to the page, while there are none
CARD_SCRIPT_FIND: Final = "card_script_find"

# Data
DATA: Final = "data_page"
IMPORT_DROP: Final = "import_drop"
IMPORT_CHOOSE: Final = "import_choose"
IMPORT_MAPPING: Final = "import_mapping"
IMPORT_SAY: Final = "import_say"
IMPORT_LOCKED: Final = "import_locked"
IMPORT_UNLOCK: Final = "import_unlock"
IMPORT_PREVIEW: Final = "import_preview"
IMPORT_FILES: Final = "import_file"  # then the file's number
IMPORT_TABLE: Final = "import_table"
IMPORT_PROBLEM_ROWS: Final = "import_problem_rows"  # then the problem's code
IMPORT_FIX: Final = "import_fix"  # then the problem's code and the way
IMPORT_FIX_BACK: Final = "import_fix_back"  # then the problem's code
IMPORT_START: Final = "import_start"
IMPORT_CANCEL: Final = "import_cancel"
IMPORT_RESULT: Final = "import_result"
IMPORT_UNDO: Final = "import_undo"
IMPORT_REJECTS: Final = "import_rejects"
IMPORT_RESULT_CLOSE: Final = "import_result_close"
IMPORT_HISTORY: Final = "import_history"
IMPORT_HISTORY_UNDO: Final = "import_history_undo"
EXPORT_WHO: Final = "export_who"
EXPORT_SCRIPT: Final = "export_script"
EXPORT_KIND: Final = "export_kind"
EXPORT_FIELD: Final = "export_field"  # then the field's key
EXPORT_START: Final = "export_start"
SMS: Final = "sms"  # the dialog: which words for each of a list
SMS_SCRIPT: Final = "sms_script"
SMS_WORDS: Final = "sms_words"
SMS_SAVE: Final = "sms_save"
SMS_CANCEL: Final = "sms_cancel"
EXPORT_WORDS: Final = "export_words"
EXPORT_SAID: Final = "export_said"  # how many were saved, and who was left out

# Settings, the watched folder
WATCH: Final = "watch"  # watch_folder _choose _stop

# The mapping of an unknown table
MAPPING: Final = "mapping_editor"
MAPPING_FIELD: Final = "mapping_field"  # then the column's place
MAPPING_LABEL: Final = "mapping_label"
MAPPING_STORE: Final = "mapping_store"
MAPPING_CURRENCY: Final = "mapping_currency"
MAPPING_KIND: Final = "mapping_kind"
MAPPING_RULE: Final = "mapping_rule"
MAPPING_DECIMAL: Final = "mapping_decimal"
MAPPING_DATES: Final = "mapping_dates"
MAPPING_STATE: Final = "mapping_state"  # then the word's place
MAPPING_TABLE: Final = "mapping_table"
MAPPING_DONE: Final = "mapping_done"
MAPPING_CANCEL: Final = "mapping_cancel"
MAPPING_SAVE: Final = "mapping_save"
MAPPING_FILE: Final = "mapping_file"
MAPPING_FORGET: Final = "mapping_forget"

# Typed in by hand
CUSTOMER_NEW: Final = "customer_new"
CARD_ORDER_NEW: Final = "card_order_new"
DATA_ORDER_NEW: Final = "data_order_new"
ORDER_EDIT: Final = "order_edit"
PERSON: Final = "person"  # person_dialog _name _phone _wechat _email _platform _account _note _save _cancel
PERSON_KNOWN: Final = "person_known"  # then the customer
# Of both: _draft_take _draft_drop
ORDER: Final = "order"  # order_dialog _customer _day _title_0 _pieces_0 _price_0 _paid _refunded _state _store _note …

# Products, and a list that was edited
REVIEWS: Final = "reviews"  # reviews_page _table _find _product _kind_… _pick _copy _export _back _import
REVIEW: Final = "review"  # review_dialog _stars _text _product _day _reply _save _cancel
REVIEW_ADD: Final = "review_add"
REVIEW_EDIT: Final = "review_edit"  # with the review's number behind
REVIEW_REMOVE: Final = "review_remove"
PRODUCTS: Final = "product_list"
PRODUCTS_OPEN: Final = "products_open"
PRODUCTS_BACK: Final = "products_back"
PRODUCTS_EXPORT: Final = "products_export"
PRODUCTS_SEARCH: Final = "products_search"
PRODUCTS_TABLE: Final = "products_table"
PRODUCTS_FIELD: Final = "products_field"
PRODUCTS_EDIT: Final = "products_edit"
PRODUCTS_SET: Final = "products_set"
PRODUCTS_IMPORT: Final = "products_import"
PRODUCTS_ANSWERS: Final = "products_answers"
DIFFERENCES: Final = "differences"
DIFFERENCES_TABLE: Final = "differences_table"
DIFFERENCES_REFUSED: Final = "differences_refused"
DIFFERENCES_WRITE: Final = "differences_write"
DIFFERENCES_CANCEL: Final = "differences_cancel"
