"""The query language, rewritten for the index: ``의대증원을 -간호사`` becomes an FTS5 expression.

::

    query  = group*                 all groups must match; AND between them may be said
    group  = term (OR term)*        any of them; also or, |
    term   = [-] [field:] (word | quantity | "exact phrase")     also NOT term

Every token that reaches FTS5 stands in quotes, so no input is a syntax error. What a query costs is bounded:
:data:`MOST_CHARACTERS` characters and :data:`MOST_TERMS` terms are read, and only words of a usual length in
all their spellings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, permutations, product
from typing import TYPE_CHECKING

from archive.search.index import TITLE_MARK, id_token
from archive.search.tokenizer import PERCENT, runs, tokens
from archive.text.normalize import without_spaces
from archive.text.particles import ANY_PARTICLE, SINGLE_NOUNS, is_particle, strip_particle, with_particles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FIELDS = {
    "제목": "title",
    "title": "title",
    "본문": "body",
    "body": "body",
    "첨부": "attachments",
    "attachments": "attachments",
    "기관": "organization",
    "organization": "organization",
    "번호": "id",
    "id": "id",
}
"""Field names that a query may use, and the column of the index each stands for; ``id`` is the site's own."""

MOST_TERMS = 32
"""How many terms of a query are read; a longer one is a text, not a query."""

MOST_CHARACTERS = 2000
"""How many characters of a query are read."""

_COUNTERS = """
    원 명 인 개 건 곳 년 월 일 세 살 회 배 대 톤 호 위 주 시 분 초 점 채 척 권 종 차 번 석 쪽 % 퍼센트 가구
    개월 개국 개소 달러 유로 헥타르 킬로미터 미터
"""
# A number is written apart from what it counts: 100만 명에게, 30 %. Digits and unit are one expression.
_QUANTITY = (
    r"\d[\d,.]*[십백천만억조]*\s+[십백천만억조]*"
    rf"(?:{'|'.join(sorted(_COUNTERS.split(), key=len, reverse=True))})(?:{ANY_PARTICLE})?(?![^\s|])"
)
_TERM = re.compile(
    r"(?P<minus>(?<!\S)(?:-(?=[^\s-])|NOT\s+))?"
    rf"(?:(?P<field>(?i:{'|'.join(FIELDS)})):\s*)?"
    rf'(?:["“”](?P<phrase>[^"“”]*)["“”]?|(?P<word>{_QUANTITY}|\||[^\s"“”|]+))'
)
_OR = frozenset({"OR", "or", "|"})
# Where a word without a field is sought: what an article says. Its ministry is sought by 기관: alone, or 복지
# would find whatever 보건복지부 publishes.
_SAID = "{body title attachments}"
_NOTHING = '""'  # FTS5: the empty phrase, which matches no row
_LONGEST_SPLIT = 10  # syllables; longer compounds are sought as written and with one space
_LONGEST_SPELLED = 30  # syllables; no compound is longer, and a phrase of them is sought as written
_MOST_FORMS, _MOST_IN_ALL = 40, 100  # spellings of one term, and of all
_MOST_TOKENS = 40  # of a phrase; the rest of a longer one is not compared
_MOST_SWAPPED = 3  # words joined by a dot, of which the order is free
_HANGUL = re.compile("[가-힣]+")
_LETTER = re.compile("[a-z]")
_NUMERAL = re.compile(r"\d+[십백천만억조]{2,}")  # 5천만 원: a unit follows it with a space
# First parts with which compounds begin, written apart or with a dot too: 암 환자, 온·오프라인, 중·장기.
_FIRST_PARTS = SINGLE_NOUNS | set("첫온석영전경중내투급유신초대뇌")
# Names of one syllable put together: 한중일 is written 한·중·일 as well.
_ABBREVIATED = re.compile(
    "[한미중일북남러영독불]{2,3}|[당정청노사민관군산학연]{3}|읍면동?|시군구?|초중고|부울경|민관"
)
_LONG_ID = re.compile(r"\d{7,}")  # korea.kr numbers its articles with nine digits
_ADDRESS = re.compile(r"newsId=(\d+)|newsdao\.kr/(\d+)")  # of an article, as copied from a browser
_PHONE_DIGITS = re.compile(r"0\d{8,10}|1[5-8]\d{6}")  # 15xx, 16xx, 18xx: nationwide, without area code
_ABROAD = re.compile(r"\+82[-\s]?0?(?=\d)")  # as dialled from abroad: +82-44-204-7463


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase of a query.

    Attributes:
        forms: the spellings that count as it, each a tuple of runs as they stand in a text, apart.
        exact: whether it was quoted: taken as it stands, with its particles and spaces.
        field: the column it is sought in, ``id`` for the site's own id; None for anywhere.
        minus: whether articles that have it are to be left out.
    """

    forms: tuple[tuple[str, ...], ...]
    exact: bool = False
    field: str | None = None
    minus: bool = False

    def expression(self, *, titles: bool = False) -> str:
        """Write the term as an FTS5 expression.

        Args:
            titles: seek a term without a field in titles alone.
        """
        text = "".join(self.forms[0])
        if self.field == "id":
            return f'"{id_token(text)}"'
        field = self.field or ("title" if titles else None)
        mark = TITLE_MARK if field == "title" else ""
        phrases = list(dict.fromkeys(phrase for form in self.forms for phrase in _phrases(form, mark)))
        joined = phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"
        if mark:
            return joined
        sought = f"{field or _SAID} : {joined}"
        return f'({sought} OR "{id_token(text)}")' if _LONG_ID.fullmatch(text) and not field else sought

    def pattern(self) -> str:
        """Write the term as a regular expression that finds it in a text."""
        return "|".join(_form_pattern(form) for form in self.forms)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: groups of alternatives that must all match, and terms that must not."""

    groups: tuple[tuple[Term, ...], ...]
    minus: tuple[Term, ...] = ()

    def match(self, *, titles: bool = False) -> str:
        """Write the FTS5 MATCH expression.

        Args:
            titles: seek every term without a field of its own in titles alone.
        """
        if not self.groups:
            return _NOTHING
        groups = " AND ".join(_any(group, titles=titles) for group in self.groups)
        return f"({groups}) NOT {_any(self.minus)}" if self.minus else groups

    @property
    def terms(self) -> Iterator[Term]:
        """Return the terms that an article may match, in the order typed."""
        return (term for group in self.groups for term in group)


def parse(text: str, ministries: Callable[[str], Sequence[str]] | None = None) -> Query:
    """Parse a query as typed; parts without a letter or digit are ignored.

    Args:
        text: the query.
        ministries: gives the names under which the ministry of a name is to be sought too.
    """
    groups: list[list[Term]] = []
    minus: list[Term] = []
    seen: set[Term] = set()
    joining = False
    for found in _TERM.finditer(_beginning(text)):
        if not found["field"] and not found["minus"] and found["word"] in {*_OR, "AND"}:
            joining = bool(groups) and found["word"] in _OR
            continue
        term = _term(found)
        if term and ministries and term.field == "organization" and not term.exact:
            term = _under_every_name(term, ministries)
        if term is None or term in seen:
            continue
        seen.add(term)
        if len(seen) > MOST_TERMS:
            break
        if term.minus:
            minus.append(term)
        elif joining:
            groups[-1].append(term)
        else:
            groups.append([term])
        joining = False
    most = max(_MOST_IN_ALL // max(len(seen), 1), 1)
    return Query(tuple(_cut(group, most) for group in groups), _cut(minus, most))


def _beginning(text: str) -> str:
    """Cut a long text where a word ends."""
    if len(text) <= MOST_CHARACTERS or text[MOST_CHARACTERS].isspace():
        return text[:MOST_CHARACTERS]
    return text[:MOST_CHARACTERS].rpartition(" ")[0] or text[:MOST_CHARACTERS]


def _cut(terms: list[Term], most: int) -> tuple[Term, ...]:
    """Keep a limited number of spellings of each term, those nearest to what was typed."""
    return tuple(replace(term, forms=term.forms[:most]) for term in terms)


def search_ko(text: str | None, ministries: Callable[[str], Sequence[str]] | None = None) -> str:
    """Rewrite a query for ``articles_fts MATCH``; the SQL function of the same name."""
    return parse(text or "", ministries).match()


def _any(terms: tuple[Term, ...], *, titles: bool = False) -> str:
    expressions = [term.expression(titles=titles) for term in terms]
    return expressions[0] if len(expressions) == 1 else f"({' OR '.join(expressions)})"


def _term(found: re.Match[str]) -> Term | None:
    field = FIELDS[found["field"].lower()] if found["field"] else None
    minus = found["minus"] is not None
    if found["phrase"] is not None:
        form = tuple(runs(found["phrase"]))
        return Term((form,), exact=True, field=field, minus=minus) if form else None
    address = _ADDRESS.search(found["word"])
    if address:
        return Term(((address[1] or address[2],),), field="id", minus=minus)
    parts = runs(_ABROAD.sub("0", without_spaces(found["word"])))
    forms = tuple(islice(dict.fromkeys(_forms(parts)), _MOST_FORMS))
    return Term(forms, field=field, minus=minus) if forms else None


def _under_every_name(term: Term, ministries: Callable[[str], Sequence[str]]) -> Term:
    """Add the other names of a ministry to a term: 기관:재경부 is 재정경제부 and 기획재정부."""
    names = [tuple(runs(name)) for name in ministries("".join(term.forms[0]))]
    return replace(term, forms=tuple(dict.fromkeys([*names, *term.forms])))


def _forms(parts: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the spellings of a word, as typed first: free of its particle, with and without spaces inside."""
    if len(parts) > 1 and is_particle(parts[-1]):
        parts = parts[:-1]
    if not parts:
        return
    if len(parts) == 1 and _PHONE_DIGITS.fullmatch(parts[0]):
        yield (parts[0],)
        yield from _phone_forms(parts[0])
        return
    parts = _without_particle(parts)
    joined = "".join(parts)
    if len(joined) > _LONGEST_SPELLED:
        yield tuple(parts)
        return
    if _ABBREVIATED.fullmatch(joined):
        yield (joined,)
        yield tuple(joined)
        return
    choices = ([(part,), *_spaced(part, before)] for before, part in zip(["", *parts], parts, strict=False))
    for choice in product(*choices):
        yield tuple(run for spelling in choice for run in spelling)
    if len(parts) > 1 and _HANGUL.fullmatch(joined):
        yield (joined,)  # 민·관 is written 민관 too
        if len(parts) <= _MOST_SWAPPED and all(len(part) > 1 for part in parts):
            yield from permutations(parts)  # 티몬·위메프 is 위메프·티몬


def _without_particle(parts: list[str]) -> list[str]:
    """Remove the particle of the last part, or of the whole where the parts are too short: 한·중·일과."""
    whole = "".join(parts)
    stem = strip_particle(whole) if min(map(len, parts)) == 1 else whole
    last = parts[-1][: len(stem) - len(whole)] if len(stem) < len(whole) else ""
    return [*parts[:-1], last or strip_particle(parts[-1])]


def _phone_forms(digits: str) -> Iterator[tuple[str, ...]]:
    """Split a number typed without hyphens as it is printed: 0442047463 → 044 204 7463."""
    if not digits.startswith("0"):
        yield digits[:4], digits[4:]
        return
    area = 2 if digits.startswith("02") else 3
    middle = digits[area:-4]
    if len(middle) in (3, 4):
        yield digits[:area], middle, digits[-4:]


def _spaced(run: str, before: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to write a compound with spaces: parts of two syllables and more (지방 자치 단체).

    A first part of one syllable is taken too where it is a word (암 환자), after digits (1인 가구) and
    after a letter (C형 간염).
    """
    digits = len(run) - len(run.lstrip("0123456789"))
    if run.isascii():
        return
    numeral = _NUMERAL.match(run)
    if numeral and numeral.end() < len(run):
        yield numeral[0], run[numeral.end() :]
    if digits and len(run) > digits + 1:
        yield from ((run[: digits + 1], *rest) for rest in _parts(run[digits + 1 :]))
    elif len(run) > 2 and (run[0] in _FIRST_PARTS or _LETTER.fullmatch(before)):
        yield run[0], run[1:]
    if not digits:
        yield from (parts for parts in _parts(run) if len(parts) > 1)


def _parts(run: str) -> Iterator[tuple[str, ...]]:
    """Cut a run into parts of at least two syllables in every way, the uncut run first."""
    yield (run,)
    for at in range(2, len(run) - 1):
        if len(run) > _LONGEST_SPLIT:
            yield run[:at], run[at:]
        else:
            yield from ((run[:at], *rest) for rest in _parts(run[at:]))


def _phrases(form: tuple[str, ...], mark: str) -> Iterator[str]:
    """Write a form as FTS5 phrases; a last word of one syllable may bear a particle (만 원, 만 원을)."""
    *before, last = form
    if before and _LETTER.fullmatch(before[-1]) and len(last) == 1 and not last.isascii():
        yield f'"{" ".join(mark + token for run in form for token in tokens(run))}" *'  # C형 begins C형간염
        return
    first = [token for run in before for token in tokens(run)][:_MOST_TOKENS]
    ends = with_particles(last) if before and len(last) == 1 and not last.isascii() else None
    for end in [[one] for one in ends] if ends else [tokens(last)]:
        yield f'"{" ".join(mark + token for token in [*first, *end][:_MOST_TOKENS])}"'


def _form_pattern(form: tuple[str, ...]) -> str:
    written = r"[\W_]*".join(_run_pattern(run) for run in form)
    first, last = form[0][0], form[-1][-1]
    before = r"(?<![\d,])" if first.isdecimal() else r"(?<![^\W\d_가-힣])" if first.isascii() else ""
    after = r"(?!\d)" if last.isdecimal() else r"(?![^\W\d_가-힣])" if last.isascii() else ""
    return before + written + after


def _run_pattern(run: str) -> str:
    """Find a run with its digits grouped or not: 2000명 in 2,000명."""
    digits = re.match(r"\d*", run)[0]  # type: ignore[index]  # matches always
    grouped = "".join(
        f",?{digit}" if at and (len(digits) - at) % 3 == 0 else digit for at, digit in enumerate(digits)
    )
    return grouped + re.escape(run[len(digits) :]).replace(PERCENT, f"(?:{PERCENT}|%)")
