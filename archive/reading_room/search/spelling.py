"""The nearest spelling of a word that occurs in no article, by the syllable pairs of the index.

A syllable is replaced by one that differs in one letter (여겍선 → 여객선), dropped, or two are swapped, like
typing errors; and a word typed with the keyboard set to Latin is read as Hangul (durortjs → 여객선). The
result must occur in an article. Work is bounded by the length of the word, whatever the archive's size.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from archive.organizations import names_found_by
from archive.search import matching, parse
from archive.text.particles import strip_particle

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

MOST_WORDS = 4
LONGEST = 12  # syllables of a word that is corrected
TRIED = 12  # spellings that are looked up

_FIRST, _LEADS, _VOWELS, _TAILS = 0xAC00, 19, 21, 28
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z]{4,}")
_KEYS = dict(
    zip(
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        strict=True,
    )
)
_LEAD = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWEL = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAIL = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_JOINED = dict(
    pair.split("=")
    for pair in [
        "ㅗㅏ=ㅘ",
        "ㅗㅐ=ㅙ",
        "ㅗㅣ=ㅚ",
        "ㅜㅓ=ㅝ",
        "ㅜㅔ=ㅞ",
        "ㅜㅣ=ㅟ",
        "ㅡㅣ=ㅢ",
        "ㄱㅅ=ㄳ",
        "ㄴㅈ=ㄵ",
        "ㄴㅎ=ㄶ",
        "ㄹㄱ=ㄺ",
        "ㄹㅁ=ㄻ",
        "ㄹㅂ=ㄼ",
        "ㄹㅅ=ㄽ",
        "ㄹㅌ=ㄾ",
        "ㄹㅍ=ㄿ",
        "ㄹㅎ=ㅀ",
        "ㅂㅅ=ㅄ",
    ]
)
_SYLLABLE_OF_KEYS = re.compile(
    rf"([{_LEAD}])(ㅗㅏ|ㅗㅐ|ㅗㅣ|ㅜㅓ|ㅜㅔ|ㅜㅣ|ㅡㅣ|[{_VOWEL}])"
    rf"((?:ㄱㅅ|ㄴㅈ|ㄴㅎ|ㄹㄱ|ㄹㅁ|ㄹㅂ|ㄹㅅ|ㄹㅌ|ㄹㅍ|ㄹㅎ|ㅂㅅ|[{_TAIL[1:]}])(?![{_VOWEL}]))?"
)


def nearest(conn: sqlite3.Connection, q: str, allowed: Callable[[str], bool] = bool) -> str | None:
    """Return the query with its unknown words corrected; None when nothing is near.

    Args:
        conn: a connection to an archive.
        q: as typed, composed or not.
        allowed: whether a spelling may be shown to the reader.
    """
    q = unicodedata.normalize("NFC", q)
    spelled = q
    for typed in list(dict.fromkeys(_WORD.findall(q)))[:MOST_WORDS]:
        word = strip_particle(typed)
        if len(word) > LONGEST or _articles(conn, word):
            continue
        found = _spelling(conn, word, allowed)
        if found is None:
            return None
        spelled = spelled.replace(typed, found)
    return spelled if spelled != q else None


def _spelling(conn: sqlite3.Connection, word: str, allowed: Callable[[str], bool]) -> str | None:
    """Return the spelling that occurs in most articles among the nearest."""
    known = partial(_in_index, conn)
    if word.isascii():
        hangul = from_keys(word)
        candidates = [hangul] if hangul else []
    else:
        candidates = [one for one in _near(word) if all(map(known, _pairs(one)))][:TRIED]
    counted = [(_articles(conn, one), one) for one in candidates if allowed(one)]
    best = max(counted, default=(0, ""), key=lambda pair: pair[0])
    return best[1] if best[0] else None


def _in_index(conn: sqlite3.Connection, pair: str) -> bool:
    query = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
    return conn.execute(query, (f'"{pair}"',)).fetchone() is not None


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)] or [word]


def _articles(conn: sqlite3.Connection, word: str) -> int:
    query = parse(word, partial(names_found_by, conn))
    return len(matching(conn, query, 100)) if query.groups else 0


def _near(word: str) -> Iterator[str]:
    """Yield the spellings one typing error away."""
    for at, syllable in enumerate(word):
        for other in _one_letter_away(syllable):
            yield word[:at] + other + word[at + 1 :]
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if len(word) > 2:
        yield from (word[:at] + word[at + 1 :] for at in range(len(word)))


def _one_letter_away(syllable: str) -> Iterator[str]:
    """Yield the syllables that differ in the initial, the vowel or the final."""
    number = ord(syllable) - _FIRST
    lead, vowel, tail = number // (_VOWELS * _TAILS), number // _TAILS % _VOWELS, number % _TAILS
    others = [(lead, one, tail) for one in range(_VOWELS)]
    others += [(lead, vowel, one) for one in range(_TAILS)]
    others += [(one, vowel, tail) for one in range(_LEADS)]
    for one in others:
        if one != (lead, vowel, tail):
            yield chr(_FIRST + (one[0] * _VOWELS + one[1]) * _TAILS + one[2])


def from_keys(typed: str) -> str | None:
    """Read what was typed on a Korean keyboard (두벌식) that was set to Latin; None when it is no Hangul."""
    letters = "".join(_KEYS.get(key, _KEYS.get(key.lower(), "")) for key in typed)
    if len(letters) != len(typed):
        return None
    syllables, at = "", 0
    while found := _SYLLABLE_OF_KEYS.match(letters, at):
        lead, vowel, tail = (_JOINED.get(part or "", part or " ") for part in found.groups())
        number = (_LEAD.index(lead) * _VOWELS + _VOWEL.index(vowel)) * _TAILS + _TAIL.index(tail)
        syllables += chr(_FIRST + number)
        at = found.end()
    return syllables if at == len(letters) and len(syllables) > 1 else None
