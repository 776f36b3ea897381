"""A key that works in every program (U1): Windows and X11 hand one out; elsewhere the system's own settings do.

On Wayland and macOS a key is bound in the system's settings to the command `shopcrm panel`, which asks the window that
is open for its panel.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QKeyCombination, QObject, QSocketNotifier, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence

WM_HOTKEY: Final = 0x0312
_NUMBER: Final = 0x5243  # of our key among those of this program
_NO_REPEAT: Final = 0x4000
_XCB_KEY_PRESS: Final = 2
_XCB_GRAB_ASYNC: Final = 1
_LOCKS: Final = (0, 0x02, 0x10, 0x12)  # with Caps Lock and Num Lock on or off: X takes them for modifiers

_MODIFIERS: Final = (
    # Qt's, Windows', X11's
    (Qt.KeyboardModifier.ControlModifier, 0x0002, 0x04),
    (Qt.KeyboardModifier.AltModifier, 0x0001, 0x08),
    (Qt.KeyboardModifier.ShiftModifier, 0x0004, 0x01),
    (Qt.KeyboardModifier.MetaModifier, 0x0008, 0x40),
)


class _Grab(Protocol):
    def release(self) -> None: ...


class HotKey(QObject):
    """One key of the whole system, or none."""

    pressed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grab: _Grab | None = None

    @staticmethod
    def possible() -> bool:
        """Whether this system hands out keys to a program."""
        return QGuiApplication.platformName() in ("windows", "xcb")

    @property
    def held(self) -> bool:
        """Whether the key is ours."""
        return self._grab is not None

    def take(self, keys: str) -> bool:
        """Ask for a key such as `Ctrl+Alt+K`, instead of the one before. False: another program has it, or nobody may.

        An empty text gives the key back.
        """
        self.release()
        found = _parts(keys)
        if found is None or not self.possible():
            return False
        key, modifiers = found
        # Without the library or the right nothing is lost but the key.
        with suppress(OSError, AttributeError):
            if QGuiApplication.platformName() == "windows":
                self._grab = _WindowsGrab.make(key, modifiers, self.pressed.emit)
            else:
                self._grab = _X11Grab.make(key, modifiers, self.pressed.emit)
        return self.held

    def release(self) -> None:
        """Give the key back."""
        if self._grab is not None:
            self._grab.release()
            self._grab = None


def usable(keys: str) -> bool:
    """Whether these keys may be one for the whole system: a letter, digit or function key with Ctrl, Alt or Meta."""
    return _parts(keys) is not None


def _parts(keys: str) -> tuple[int, Qt.KeyboardModifier] | None:
    sequence = QKeySequence(keys)
    if sequence.count() != 1:
        return None
    pressed: QKeyCombination = sequence[0]  # type: ignore[index]  # missing in the stubs
    key, modifiers = int(pressed.key()), pressed.keyboardModifiers()
    letter = 0x20 < key < 0x7F
    function = Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12
    strong = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return (key, modifiers) if (letter or function) and modifiers & strong else None


class _WindowsGrab(QAbstractNativeEventFilter):
    """`RegisterHotKey`: the key comes as a message to the thread that asked for it."""

    def __init__(self, user32: Any, pressed: Callable[[], None]) -> None:
        super().__init__()
        self._user32, self._pressed = user32, pressed

    @classmethod
    def make(cls, key: int, modifiers: Qt.KeyboardModifier, pressed: Callable[[], None]) -> _WindowsGrab | None:
        user32 = getattr(ctypes, "WinDLL")("user32")  # noqa: B009  # only there on Windows
        code = 0x70 + key - int(Qt.Key.Key_F1) if key >= int(Qt.Key.Key_F1) else key
        wanted = _NO_REPEAT + sum(windows for qt, windows, _x in _MODIFIERS if modifiers & qt)
        if not user32.RegisterHotKey(None, _NUMBER, wanted, code):
            return None
        made = cls(user32, pressed)
        QGuiApplication.instance().installNativeEventFilter(made)  # type: ignore[union-attr]
        return made

    def release(self) -> None:
        self._user32.UnregisterHotKey(None, _NUMBER)
        if (app := QGuiApplication.instance()) is not None:
            app.removeNativeEventFilter(self)

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        if sys.platform == "win32" and bytes(kind) == b"windows_generic_MSG":
            from ctypes import wintypes

            told = wintypes.MSG.from_address(int(message))
            if told.message == WM_HOTKEY and told.wParam == _NUMBER:
                self._pressed()
        return False, 0


class _X11Grab(QObject):
    """A passive grab on the root window, over a connection of its own."""

    def __init__(self, xcb: Any, connection: int, root: int, code: int, pressed: Callable[[], None]) -> None:
        super().__init__()
        self._xcb, self._connection, self._root, self._code = xcb, connection, root, code
        self._pressed = pressed
        self._notifier = QSocketNotifier(int(xcb.xcb_get_file_descriptor(connection)), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    @classmethod
    def make(cls, key: int, modifiers: Qt.KeyboardModifier, pressed: Callable[[], None]) -> _X11Grab | None:
        xcb, symbols = _library("xcb"), _library("xcb-keysyms")
        connection = xcb.xcb_connect(None, None)
        if xcb.xcb_connection_has_error(connection):
            xcb.xcb_disconnect(connection)
            return None
        root = _root(xcb, connection)
        code = _code_of(symbols, connection, key)
        mask = sum(x11 for qt, _windows, x11 in _MODIFIERS if modifiers & qt)
        asked = [
            xcb.xcb_grab_key_checked(connection, 1, root, mask | lock, code, _XCB_GRAB_ASYNC, _XCB_GRAB_ASYNC)
            for lock in _LOCKS
        ]
        refused = [xcb.xcb_request_check(connection, _Cookie(one.sequence)) for one in asked]
        if code == 0 or any(refused):
            xcb.xcb_disconnect(connection)
            return None
        return cls(xcb, connection, root, code, pressed)

    def release(self) -> None:
        self._notifier.setEnabled(False)
        self._xcb.xcb_disconnect(self._connection)  # the grabs go with it
        self.deleteLater()

    def _read(self) -> None:
        while event := self._xcb.xcb_poll_for_event(self._connection):
            kind, code = ctypes.cast(event, ctypes.POINTER(ctypes.c_uint8))[:2]
            _free(event)
            if kind & 0x7F == _XCB_KEY_PRESS and code == self._code:
                self._pressed()
        if self._xcb.xcb_connection_has_error(self._connection):
            self._notifier.setEnabled(False)  # the display is gone, and this program with it


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Screens(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("rest", ctypes.c_int), ("index", ctypes.c_int))


def _library(name: str) -> Any:
    path = ctypes.util.find_library(name) or f"lib{name}.so.{0 if name == 'xcb-keysyms' else 1}"
    library = ctypes.CDLL(path)
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    if name == "xcb-keysyms":
        library.xcb_key_symbols_alloc.restype, library.xcb_key_symbols_alloc.argtypes = pointer, [pointer]
        library.xcb_key_symbols_free.argtypes = [pointer]
        library.xcb_key_symbols_get_keycode.restype = ctypes.POINTER(ctypes.c_uint8)
        library.xcb_key_symbols_get_keycode.argtypes = [pointer, number]
        return library
    library.xcb_connect.restype, library.xcb_connect.argtypes = pointer, [ctypes.c_char_p, pointer]
    library.xcb_disconnect.argtypes = [pointer]
    library.xcb_connection_has_error.argtypes = [pointer]
    library.xcb_get_file_descriptor.argtypes = [pointer]
    library.xcb_get_setup.restype, library.xcb_get_setup.argtypes = pointer, [pointer]
    library.xcb_setup_roots_iterator.restype, library.xcb_setup_roots_iterator.argtypes = _Screens, [pointer]
    library.xcb_grab_key_checked.restype = _Cookie
    library.xcb_grab_key_checked.argtypes = [
        pointer, ctypes.c_uint8, number, ctypes.c_uint16, ctypes.c_uint8, ctypes.c_uint8, ctypes.c_uint8,
    ]  # fmt: skip
    library.xcb_request_check.restype, library.xcb_request_check.argtypes = pointer, [pointer, _Cookie]
    library.xcb_poll_for_event.restype, library.xcb_poll_for_event.argtypes = pointer, [pointer]
    return library


def _root(xcb: Any, connection: int) -> int:
    screens = xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(connection))
    return int(ctypes.cast(screens.data, ctypes.POINTER(ctypes.c_uint32))[0])


def _code_of(symbols: Any, connection: int, key: int) -> int:
    """The key's code on this keyboard; 0 where it has none."""
    symbol = 0xFFBE + key - int(Qt.Key.Key_F1) if key >= int(Qt.Key.Key_F1) else ord(chr(key).lower())
    table = symbols.xcb_key_symbols_alloc(connection)
    codes = symbols.xcb_key_symbols_get_keycode(table, symbol)
    code = int(codes[0]) if codes else 0
    if codes:
        _free(ctypes.cast(codes, ctypes.c_void_p).value)
    symbols.xcb_key_symbols_free(table)
    return code


def _free(pointer: int | None) -> None:
    free = ctypes.CDLL(None).free
    free.argtypes = [ctypes.c_void_p]
    free(pointer)
