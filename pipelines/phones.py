"""Read Korean phone numbers from running text.

Whether digits are a number, and its E.164 form, is decided by the ``phonenumbers`` library. What is ours is
the Korean around the digits: area codes in brackets, extension lists and ranges (``052-920-0371, 0376``,
``02-3146-6544~5``), last digits with a word before them (``이차전지 02-6009-3304, 반도체 3307``),
representative numbers (``1577-1000``), short numbers (``129``) and fax numbers told apart. An inner
extension (``02-2100-4090, 내선 305``) is kept beside its number. What is not whole is no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import phonenumbers

from archive.text.phones import e164

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Signs of one and the same meaning, folded one to one so that offsets keep their meaning.
_FOLD = {
    **{chr(0xFF01 + n): chr(0x21 + n) for n in range(94)},
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("∼〜˜～", "~"),
    **dict.fromkeys("、﹐", ","),
    **dict.fromkeys("☏✆℡📞", "☎"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u3000\ufe0f\u200b\ufeff", " "),
}
_FOLDED = re.compile("[" + "".join(map(re.escape, _FOLD)) + "]")

#: Numbers of the police and the fire service: never an offer to ask.
EMERGENCY = frozenset({"112", "119"})

#: Short numbers in service that the library's list lacks: relay for the deaf, suicide prevention, taxes, the
#: weather, and the block 13YY of special numbers for public services.
_SHORT_BESIDE_LIBRARY = re.compile(r"107|109|126|131|13\d\d")

#: Where a number may stand, perhaps broken over two lines of a narrow cell; every other pattern is tried only
#: around these places.
_CANDIDATE = re.compile(
    r"(?<!\d)(?:[1-9]\d{2,3}(?: {0,2}[-. ] {0,2}|-\n{1,2})\d{4}"
    r"|(?<=080-)(?:\d{4}-\d{3}|0\d\d-\d{4})|0\d{8,10}|(?<=\+)82\d{8,10}|1[0-48]\d{1,2})(?!\d)"
)
_FULL = re.compile(
    r"(?<!\d)(?<!\d[-.~])"
    r"(?:(?:\+82[- .]{0,2}|(?<![\d.,])82[-)] ?)\(?0?\)?(?P<abroad>\d{1,2})"
    r"|\(? ?(?P<area>0(?:2|[3-6][1-5]|1[016-9]|[78]0|[356]0\d?)))"
    r"(?: ?\) ?[-.]? ?| ?[-.] {0,2}| )(?P<middle>\d{3,4})(?: {0,2}[-.] {0,2}|-\n{1,2}| )"
    r"(?P<last>\d{4}|(?<=080-\d{4}-)\d{3})(?!\d|-\d)"
)
#: A number that lost a digit in print, in a bracket of its own; it is given as it is printed: (044-51-5433).
_MISPRINTED = re.compile(r"\((0\d\d-\d{2}-\d{4})\)")
_BEFORE_MIDDLE = 12  # characters that country code, area code and their signs may take
#: Digits without hyphens; they count where nothing before them says that they are something else.
_JOINED = re.compile(
    r"(?:82(?P<abroad>2|[3-6][1-5]|1[016-9]|[78]0|[356]0\d?)|(?P<area>02|0\d{2}))"
    r"(?P<middle>\d{3,4})(?P<last>\d{4})(?![-\w])"
)
_INSIDE_WORD = re.compile(r"[\w=/&?#.-]\+?$")
_REPRESENTATIVE = re.compile(
    r"(?<!\d[-.~])(?P<prefix>1[568]\d{2}) ?[-.] ?(?P<last>\d{4})(?!\d|[-~.]\d\d|[~.]\d)"
)
#: A number of something else: 필지번호 1577-1040.
_NO_CALL = re.compile(
    r"(?:필지|등록|접수|공고|허가|계좌|사업자|일련|관리|문서|의안|특허|우편|물품|식별)\s?번호\s?:?\s?(?:제\s?)?$"
)

#: Words that show a quantity before them, not a number to call.
_COUNTED = r" ?(?:년|월|일|시\b|분\b|명|건|개|원|억|만|천|%|㎡|호|층|회|차|배|위|점|종|쪽|세\b|가구|여)"
_RANGE = re.compile(r" ?~ ?(\d{1,4})(?![\d-])")
#: A range written with a hyphen: 044-215-2851-3. After a representative number it is a choice in a menu.
_HYPHEN_RANGE = re.compile(r"-(\d{1,2})(?![\d.~-])")
_JOIN = r" ?(?:,|/|·|ㆍ|및|또는|;) ?☎? ?"
_SAME_AREA = re.compile(_JOIN + r"(\d{3,4})-(\d{4})(?![\d-])")
_EXTENSION = re.compile(
    _JOIN
    + r"(?:(?!내선|ARS)[가-힣A-Za-z]{1,8}(?<![은는]) )?(\d{4})(?:번)?(?!\d| ?[-.] ?\d|\) ?\d|,\d{3}(?!\d)|"
    + _COUNTED
    + ")"
)
_SHORT_EXTENSION = re.compile(r"(?:[/·]|, ?(?=\d{1,2} ?\)))(\d{1,2})(?![\d-]|" + _COUNTED + ")")
#: The next four digits on the line below, in a narrow cell: 02-555-1111/2222/ ⏎ 3333.
_EXTENSION_BELOW = re.compile(r" ?[,/·] ?\n{1,2}(\d{4})(?= ?(?:[),/\n]|$))")
#: Digits after a number that are no whole number of their own: (044-203-6877, 647).
_NOT_WHOLE = re.compile(r" ?[,/] ?\d{3}(?= ?\))")
#: The number inside the house that is dialled, or asked for, after the number: 내선 305, 교환 12, ext. 7.
_INNER = re.compile(
    r" ?[,.;/]? ?\(? ?(?:내선|구내|교환)(?: ?번호)? ?[:.]? ?"
    r"(?P<inner>\d{1,5}(?: ?[,~·/] ?\d{1,5}(?![\d-]))*)(?:번)? ?\)?"
    r"| ?[,;/]? ?\(? ?(?:[Ee][Xx][Tt]|#)[.:]? ?(?P<ext>\d{1,5})(?![\d-]) ?\)?"
)
_LONE_EXTENSION = re.compile(r"(?<=[가-힣]) ?\( ?☎? ?(\d{4}) ?\)")
_MAX_RANGE = 30

_SIGN = r"(?:☎|국번 ?없이|지역번호 ?없이)"
_SHORT = r"(1[0-4]\d{1,2}|18[28])"
_SHORT_END = r"(?![\d%]| ?[-.~] ?\d|,\d{3}(?!\d)| ?~|의|" + _COUNTED + ")"
_SHORT_NUMBER = re.compile(_SHORT + "(?:번)?" + _SHORT_END)
_SHORT_NEXT = re.compile(r"(?:번)? ?(?:,|/|·|또는|및|혹은) ?" + _SIGN + "? ?" + _SHORT + _SHORT_END)
_SIGNED = re.compile(_SIGN + r" {0,2}[:(]? ?$")
_NAMED_SO = re.compile(r"(?:국민콜|긴급 ?전화) ?$")
_LED = re.compile(r"(?:콜 ?센터|[가-힣]센터|전화|핫라인|국민콜|번호|은|는) ?[(:]? ?(?:전화)? ?:? ?$")
#: An item of a list: 국가가나원: 111.
_ITEM = re.compile(r"[가-힣]{2,}[원청부처단] ?: ?$")
_LINE_END = re.compile(r"(?:번)? ?(?:\n|$)")
_OFFERED = re.compile(
    r" ?(?:번)? ?(?:\)|,|/|·|이며|이고|이다|입니다|임\b|으로|로|에\b|에서|이나|나\b|또는|및|$|\n|\t|\("
    r"|[를을](?! (?:설치|운영|개설|구축|도입|신설)))"
)
_USED = re.compile(
    r"(?:번)?(?: ?(?:으로|로) ?(?:전화|문의|상담|연락|신고)| ?[가-힣]{0,4} ?콜 ?센터(?![’']?를 (?:방문|운영))"
    r"| ?\([가-힣0-9 ]{0,20}(?:콜 ?센터|상담 ?센터|상담전화|신고센터)\b)"
)
_LISTED = re.compile(r"(?:, ?1\d{2,3}){0,9}, ?(?:1\d{3}|0\d{1,2}-\d{3,4})-\d{4}")

_FAX = re.compile(
    r"(?:팩 ?스|[Ff] ?[Aa] ?[Xx]|전송|\( ?[Ff] ?\)|(?<![A-Za-z])[Ff]) ?(?:번호)? ?[).:]? ?[:(]? ?\(?$"
)
_FAX_AFTER = re.compile(r" ?\( ?(?:팩 ?스|[Ff][Aa][Xx]|[Ff]) ?\)")
#: Numbers in use that the library's numbering plan lacks: free-call numbers of eight digits (it knows those
#: of seven) and some prefixes of representative numbers.
_BESIDE_LIBRARY = re.compile(r"080-(?:\d{4}-\d{3,4}|0\d\d-\d{4})|(?:1551|1611|1811)-\d{4}")


@dataclass(frozen=True, slots=True)
class Numbers:
    """One mention of one or more numbers that belong together.

    Attributes:
        start: offset of the first character of the mention (an opening bracket of the area code counts).
        end: offset after its last character.
        numbers: every number meant, digits with hyphens, short numbers as they are; none twice.
        fax: whether the text calls it a fax number.
        inner: the extension to dial after the last of them, as printed (``305``), else None.
    """

    start: int
    end: int
    numbers: tuple[str, ...]
    fax: bool = False
    inner: str | None = None


def fold(text: str) -> str:
    """Fold full-width characters, dashes, tildes, telephone symbols and odd spaces; offsets stay."""
    return _FOLDED.sub(lambda match: _FOLD[match[0]], text)


def find_numbers(text: str) -> tuple[Numbers, ...]:
    """Find every mention of phone and fax numbers, in reading order.

    Amounts, dates, bus lines, masked numbers and the emergency numbers 112 and 119 are left alone.
    """
    text = fold(text)
    found: list[Numbers] = []
    for place in _CANDIDATE.finditer(text):
        inside = found and place.start() < found[-1].end
        if not inside and (mention := _at(text, place)):
            found.append(mention)
    found += [Numbers(*match.span(1), (match[1],)) for match in _MISPRINTED.finditer(text)]
    kept: list[Numbers] = []
    for mention in sorted(found, key=lambda mention: mention.start):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return tuple(_with_lone_extensions(text, kept))


def _at(text: str, place: re.Match[str]) -> Numbers | None:
    """Read the mention whose first digits, or digits after the area code, are at an offset."""
    start = place.start()
    if match := _FULL.search(text, max(0, start - _BEFORE_MIDDLE), place.end() + 1):
        return _read(text, match) if match.start("middle") == start else None
    if match := _REPRESENTATIVE.match(text, start):
        return None if _NO_CALL.search(text, max(0, start - 12), start) else _read(text, match)
    if (match := _JOINED.match(text, start)) and match.end() == place.end():
        other = _INSIDE_WORD.search(text, max(0, start - 2), start) or _NO_CALL.search(
            text, max(0, start - 12), start
        )
        return None if other else _read(text, match)
    match = _SHORT_NUMBER.match(text, start)
    return _read_short(text, match) if match else None


def _read(text: str, match: re.Match[str]) -> Numbers | None:
    parts = match.groupdict()
    head = parts.get("prefix") or f"{parts.get('area') or '0' + parts['abroad']}-{parts['middle']}"
    first = f"{head}-{parts['last']}"
    if not _valid(first):
        return None
    start = (
        match.start()
        if parts.get("abroad")
        else min(match.start(name) for name, digits in parts.items() if digits)
    )
    if (
        text[start - 1 : start] == "("
        and (code := "area" if parts.get("area") else "abroad" if parts.get("abroad") else "")
        and text[match.end(code) : match.end(code) + 2].lstrip().startswith(")")
    ):
        start -= 1
    numbers, end = _extended(text, match.end(), head, parts["last"])
    fax = bool(_FAX.search(text, max(0, start - 14), start) or _FAX_AFTER.match(text, end))
    inner = _INNER.match(text, end)
    if inner:
        end = inner.end() - (inner[0].endswith(")") and "(" not in inner[0])
    said = (inner["inner"] or inner["ext"]) if inner else None
    return Numbers(start, end, tuple(dict.fromkeys(numbers)), fax, said)


def _extended(text: str, end: int, head: str, last: str) -> tuple[list[str], int]:
    """Follow lists and ranges of last digits after a full number."""
    numbers = [f"{head}-{last}"]
    while True:
        if match := _NOT_WHOLE.match(text, end):
            return numbers, match.end()
        if match := _RANGE.match(text, end) or _hyphen_range(text, end, head, last):
            numbers += [f"{head}-{number}" for number in _span(last, match[1])]
            last = last[: -len(match[1])] + match[1]
        elif "-" in head and (match := _SAME_AREA.match(text, end)):
            area = head.split("-")[0]
            if not _valid(f"{area}-{match[1]}-{match[2]}") or area.startswith("1"):
                return numbers, end
            head, last = f"{area}-{match[1]}", match[2]
            numbers.append(f"{head}-{last}")
        elif match := (
            _EXTENSION.match(text, end)
            or _SHORT_EXTENSION.match(text, end)
            or _EXTENSION_BELOW.match(text, end)
        ):
            if len(match[1]) == 4 and match[1] in EMERGENCY:
                return numbers, end
            last = last[: -len(match[1])] + match[1]
            numbers.append(f"{head}-{last}")
        else:
            return numbers, end
        end = match.end()


def _hyphen_range(text: str, end: int, head: str, last: str) -> re.Match[str] | None:
    """Match the end of a range written with a hyphen, where it rises and the number has an area code."""
    match = _HYPHEN_RANGE.match(text, end)
    rising = match and last[-len(match[1]) :] < match[1]
    return match if rising and "-" in head else None


def _span(first: str, shorthand: str) -> list[str]:
    """Return the numbers after ``first`` up to its shorthand end: 6544~5, 3811~13, 1550~1554."""
    end = int(first[: -len(shorthand)] + shorthand)
    if not 0 < end - int(first) <= _MAX_RANGE:
        return [f"{end:04d}"] if end != int(first) else []
    return [f"{number:04d}" for number in range(int(first) + 1, end + 1)]


def _read_short(text: str, match: re.Match[str]) -> Numbers | None:
    """Read a short number, and those listed after it, where the text gives them as numbers to call."""
    start, end = match.span(1)
    window = max(0, start - 12)
    led = _LED.search(text, window, start) and _OFFERED.match(text, end)
    led = led or (_ITEM.search(text, window, start) and _LINE_END.match(text, end))
    used = text[start - 1 : start] not in tuple(".,-~/") and (
        _USED.match(text, end) or _LISTED.match(text, end)
    )
    if _NAMED_SO.search(text, window, start):  # 국민콜110 is its name: offered where one is told to call it
        led = None
    if not (_SIGNED.search(text, window, start) or led or used):
        return None
    numbers = [match[1]]
    while following := _SHORT_NEXT.match(text, end):
        numbers.append(following[1])
        end = following.end()
    numbers = [number for number in dict.fromkeys(numbers) if _valid_short(number)]
    return Numbers(start, end, tuple(numbers)) if numbers else None


def _with_lone_extensions(text: str, found: list[Numbers]) -> Iterator[Numbers]:
    """Add ``(5326)`` after a person or unit as the last digits of another number in the list."""
    for index, mention in enumerate(found):
        yield mention
        number = mention.numbers[-1]
        if number.count("-") != 2:
            continue
        stop = found[index + 1].start if index + 1 < len(found) else len(text)
        end = mention.end
        while match := _LONE_EXTENSION.search(text, end, min(stop, end + 40)):
            if not _goes_on(text[end : match.start()]):
                break
            yield Numbers(match.start(1), match.end(1), (number[:-4] + match[1],))
            end = match.end()


def _goes_on(between: str) -> bool:
    """Return whether a list continues: in its sentence and line, or on the next line after a comma."""
    line, *below = between.split("\n")
    return ". " not in between and (not below or (len(below) == 1 and line.rstrip().endswith(",")))


@lru_cache(maxsize=4096)
def _valid(number: str) -> bool:
    return e164(number) is not None or bool(_BESIDE_LIBRARY.fullmatch(number))


@lru_cache(maxsize=512)
def _valid_short(number: str) -> bool:
    if number in EMERGENCY:
        return False
    if _SHORT_BESIDE_LIBRARY.fullmatch(number):
        return True
    return phonenumbers.is_valid_short_number_for_region(phonenumbers.parse(number, "KR"), "KR")
