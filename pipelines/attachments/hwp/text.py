"""The text of an HWP paragraph: its code units, and the controls with text in the line."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pipelines.attachments.flow import glossed
from pipelines.attachments.heads import counted
from pipelines.attachments.hwp.styles import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pipelines.attachments.hwp.records import Record
    from pipelines.clean.scripts import Script

EQUATION = 88
# Control characters: these take one code unit and may stand for a sign; all others below 32 take eight, and
# of those all but INLINE have a control record of their own.
SINGLE = {0: "", 10: "\n", 13: "", 24: "-", 25: "", 26: "", 27: "", 28: "", 29: "", 30: " ", 31: " "}
INLINE = {4: "", 5: "", 6: "", 7: "", 8: "", 9: "\t", 19: "", 20: ""}
COUNTED = range(1, 6)  # automatic numbers of notes, pictures, tables and equations; not those of pages


def text_pieces(data: bytes) -> list[str]:
    """Decode the text of a paragraph; it is split at controls with a record of their own."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    pieces: list[str] = []
    piece: list[str] = []
    place = 0
    while place < len(units):
        unit = units[place]
        if unit > 31:
            start = place
            while place < len(units) and units[place] > 31:
                place += 1
            piece.append(data[2 * start : 2 * place].decode("utf-16-le", "replace"))
        elif unit in SINGLE:
            piece.append(SINGLE[unit])
            place += 1
        else:
            if unit in INLINE:
                piece.append(INLINE[unit])
            else:
                pieces.append("".join(piece))
                piece = []
            place += 8
    return [*pieces, "".join(piece)]


def stretches(
    text: bytes, shapes: bytes, scripts: Mapping[int, Script]
) -> Iterator[tuple[bytes, Script | None]]:
    """Split a paragraph's text where raised or lowered text begins or ends.

    Args:
        text: its code units.
        shapes: pairs of the first unit and the number of the shape from there on.
        scripts: of the shapes that raise or lower.
    """
    pairs = list(struct.iter_unpack("<II", shapes[: len(shapes) // 8 * 8])) if scripts else []
    if not any(shape in scripts for _, shape in pairs):
        yield text, None
        return
    if pairs[0][0]:
        yield text[: 2 * pairs[0][0]], None
    ends = [start for start, _ in pairs[1:]] + [len(text)]
    for (start, shape), end in zip(pairs, ends, strict=True):
        if start < end:
            yield text[2 * start : 2 * end], scripts.get(shape)


def control_text(control: Record) -> str:
    """Return the text of an inline control: an equation, ruby, overlapped characters, an automatic number."""
    read = _READERS.get(control.data[3::-1])
    return read(control) if read else ""


def note_mark(control: Record) -> str:
    """Return the reference mark of a note: its number between its prefix and suffix."""
    if control.data[3::-1] not in (b"fn  ", b"en  ") or len(control.data) < 12:
        return ""
    number, before, after = struct.unpack_from("<IHH", control.data, 4)
    return f"{_sign(before)}{number}{_sign(after)}" if 0 < number < 10_000 else ""


def text_at(data: bytes, start: int) -> tuple[str, int]:
    """Read a text preceded by its length in code units; return it and its end."""
    if start + 2 > len(data):
        return "", len(data)
    (length,) = struct.unpack_from("<H", data, start)
    end = start + 2 + 2 * length
    return data[start + 2 : end].decode("utf-16-le", "replace").replace("\0", ""), end


def _equation(control: Record) -> str:
    scripts = (text_at(record.data, 4)[0] for record in control.below if record.tag == EQUATION)
    return next(scripts, "")


def _ruby(control: Record) -> str:
    base, end = text_at(control.data, 4)
    return glossed(base, text_at(control.data, end)[0])


def _overlapped(control: Record) -> str:
    return text_at(control.data, 4)[0]


def _automatic(control: Record) -> str:
    if len(control.data) < 16:
        return ""
    properties, number, user, before, after = struct.unpack_from("<I4H", control.data, 4)
    if properties & 15 not in COUNTED:
        return ""
    told = _sign(user) or counted(number, NUMBERS.get(properties >> 4 & 255, ""))
    return f"{_sign(before)}{told}{_sign(after)}"


def _sign(unit: int) -> str:
    return chr(unit) if 32 < unit < 0xD800 else ""


_READERS: dict[bytes, Callable[[Record], str]] = {
    b"eqed": _equation,
    b"tdut": _ruby,
    b"tcps": _overlapped,
    b"atno": _automatic,
}
