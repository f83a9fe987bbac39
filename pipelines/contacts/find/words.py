"""Cut a text into words: what is written apart is joined, what is no part of a name is blanked out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipelines.contacts.find import lexicon
from pipelines.contacts.gazetteer import endings, patterns, terms

if TYPE_CHECKING:
    import re


#: The class of a unit written apart from its name: 데이터 진흥 과.
CLASS_WORDS = frozenset(endings.class_words)
#: Signs that are words of their own.
SEPARATORS = frozenset(",/;:()[]|·\t\n")

_IN_BRACKETS = (
    patterns.role_bracket,
    patterns.remark,
    patterns.topic_of_division,
    patterns.remark_in_bracket,
)
_OPEN, _CLOSE, _SLASH = "\ue000", "\ue001", "\ue002"  # stand in for brackets and a stroke of a name
_STOOD_FOR = str.maketrans({_OPEN: "(", _CLOSE: ")", _SLASH: "/"})
_MAX_TEXT = 400


class Word(NamedTuple):
    """One word, or one separating sign, with its offset in the text it was cut from."""

    text: str
    start: int


def words_of(text: str) -> list[Word]:
    """Cut folded text into words and separating signs."""
    text = _blanked(text)
    words: list[Word] = []
    spaced = [span for match in patterns.spaced.finditer(text) for span in _spaced_words(match)]
    for match in patterns.token.finditer(text):
        if spaced and words and any(start < match.start() < end for start, end in spaced):
            words[-1] = Word(words[-1].text + match[0], words[-1].start)
        elif word := match[0].translate(_STOOD_FOR).strip(terms.signs_around):
            words.append(Word(word, match.start()))
    parted: list[Word] = []
    for whole in words:
        parts = _parts(whole.text)
        parted += [Word(part.text, whole.start + part.start) for part in parts] if parts else [whole]
    if any(word.text == terms.telephone for word in parted):
        parted = _with_lines(parted)
    return _without_cell_ends(parted) if "\t" in text else parted


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[Word, ...]:
    """Split a compound of several words, with their offsets in it; nothing if it is a single word."""
    parts = tuple(part for one in _undotted(Word(word, 0)) for part in _unglued(one))
    return parts if len(parts) > 1 else ()


def _with_lines(words: list[Word]) -> list[Word]:
    """Join the class of a line for advice that is written apart: 청소년 [상담 전화]."""
    joined: list[Word] = []
    for word in words:
        nominal = (
            len(joined) > 1 and joined[-1].text in endings.purposes_of_lines and is_noun(joined[-2].text)
        )
        if word.text == terms.telephone and nominal:
            joined[-1] = Word(f"{joined[-1].text}{word.text}", joined[-1].start)
        else:
            joined.append(word)
    return joined


def _undotted(word: Word) -> list[Word]:
    """Split units and people that a middle dot lists: 가나팀·다라공단 [마바팀], 홍길동·사무관 [김나래]."""
    left, dot, right = word.text.partition("·")
    units = left.endswith(endings.divisions) and lexicon.is_unit(left) and names_unit(right)
    people = lexicon.is_name(left) or lexicon.may_be_name(left) or lexicon.is_rank(left)
    people = people and (lexicon.is_rank(right) if not lexicon.is_rank(left) else lexicon.is_name(right))
    if not (dot and (units or people)):
        return [word]
    place = word.start + len(left)
    return [Word(left, word.start), Word("·", place), *_undotted(Word(right, place + 1))]


def _spaced_words(match: re.Match[str]) -> tuple[tuple[int, int], ...]:
    """Split a unit or rank from a name, both letter-spaced: 홍 보 부   라 미 소, 과 장 홍 길 동."""
    places = [match.start() + place for place, letter in enumerate(match[0]) if letter != " "]
    letters = match[0].replace(" ", "")
    for cut in (len(letters) - 3, len(letters) - 2):
        head = letters[: max(cut, 0)]
        titled = lexicon.is_unit(head) or lexicon.is_rank(head)
        if titled and (lexicon.is_name(letters[cut:]) or lexicon.is_rare_name(letters[cut:])):
            return (match.start(), places[cut] - 1), (places[cut], match.end())
    return (match.span(),)


def _without_cell_ends(words: list[Word]) -> list[Word]:
    """Drop the sign between the cells of a rank and a name, which belong together."""
    kept: list[Word] = []
    for place, word in enumerate(words):
        before = words[place - 1].text if place else ""
        after = words[place + 1].text if place + 1 < len(words) else ""
        pair = (lexicon.is_rank(before) and lexicon.is_name(after)) or (
            lexicon.is_name(before) and lexicon.is_rank(after)
        )
        if word.text != "\t" or not pair:
            kept.append(word)
    return kept


def _blanked(text: str) -> str:
    """Blank out what is no part of a name; offsets up to the last word stay."""
    text = patterns.unclosed.sub(lambda match: " " * (len(match[0]) - 1) + "|", text)
    for form in (patterns.mark, patterns.topic_remark, patterns.leader):
        text = form.sub(lambda match: "|" + " " * (len(match[0]) - 1), text)
    bracketed = "(" in text
    figures = (patterns.glued_number, patterns.opening_hours) if patterns.digit.search(text) else ()
    for form in (*figures, *(_IN_BRACKETS if bracketed else ()), patterns.bullet):
        text = form.sub(_blank, text)
    text = patterns.about_unit.sub("", patterns.postcode.sub(_blank, text) if bracketed else text)
    text = patterns.fax_word.sub(_blank, text) if patterns.letter.search(text) else text
    return patterns.stroke.sub(_with_stroke, _opened(text) if bracketed else text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _opened(text: str) -> str:
    """Open brackets around whole names and units; keep those that are part of a name."""
    text = patterns.whole_bracket.sub(lambda match: f" {match[1]} ", text)
    text = patterns.leading_bracket.sub(lambda match: "|" + " " * (len(match[0]) - 1), text)
    text = patterns.unit_bracket.sub(lambda match: f" {match[1]} ", text)
    text = patterns.ministry_bracket.sub(
        lambda match: (
            match[0].replace("(", " ").replace(")", " ") if lexicon.is_known(match[1]) else match[0]
        ),
        text,
    )
    return patterns.name_bracket.sub(lambda match: _with_bracket(match, text), text)


def _with_bracket(match: re.Match[str], text: str) -> str:
    """Keep a bracket that is part of a name; if it contains an institution's building, blank it out."""
    before = text[: match.start()].split(" ")[-1] if match.start() < _MAX_TEXT else ""
    if lexicon.is_known(before):
        return " " * len(match[0])
    return match[0].replace("(", _OPEN).replace(")", _CLOSE)


def _with_stroke(match: re.Match[str]) -> str:
    """Keep a stroke in the name of a division, unless it parts two units, ranks or people."""
    left = match[1]
    apart = names_unit(left) or lexicon.is_rank(left) or lexicon.is_name(left) or left in lexicon.FILLERS
    return match[0] if apart else f"{left}{_SLASH}{match[2]}"


def _unglued(word: Word) -> list[Word]:
    """Split what lost its space: spaced-out letters (과장홍길동), a flattened table (재외동포청가나과)."""
    first, dot, second = word.text.partition("·")
    if dot and all(lexicon.is_agency(part) or lexicon.is_company(part) for part in (first, second)):
        cut = len(first)  # LH·한국부동산원
        return [
            Word(first, word.start),
            Word(dot, word.start + cut),
            Word(second, word.start + cut + len(dot)),
        ]
    ministry = lexicon.ministry_before_unit(word.text)
    sentence = "" if ministry else lexicon.sentence_before_ministry(word.text)
    if sentence:  # a text that lost its spaces
        place = word.start + len(sentence)
        return [Word(sentence, word.start), *_unglued(Word(word.text[len(sentence) :], place))]
    rank = next((rank for rank in endings.glued_ranks if word.text.startswith(rank)), "")
    cut = len(ministry or (rank if lexicon.is_name(word.text[len(rank) :]) else ""))
    if not cut and word.text[3:] in endings.glued_after and lexicon.is_name(word.text[:3]):
        cut = 3  # 홍길동사무관
    if not cut:
        return [word]
    return [Word(word.text[:cut], word.start), Word(word.text[cut:], word.start + cut)]


def bare(word: str) -> str:
    """Strip a particle from any word."""
    return patterns.particle.sub("", word)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Strip the particle of a word that is no unit with it: 교육부의, 조사과로."""
    if lexicon.is_unit(word) or lexicon.is_agency(word):
        return word
    form = bare(word)
    return form if names_unit(form) or form in CLASS_WORDS else word


def genitive(word: str) -> str:
    """Strip 의."""
    return word.removesuffix(terms.of)


def owner(word: str) -> str:
    """Strip the particle after an owner: 교육부의 상담실, 농관원에 콜센터."""
    return genitive(word).removesuffix(terms.at)


@lru_cache(maxsize=8192)
def names_unit(word: str) -> bool:
    """Return whether a word by itself names a unit, an institution, a company or a municipality."""
    return (
        lexicon.is_unit(word)
        or lexicon.is_agency(word)
        or lexicon.is_company(word)
        or lexicon.is_municipality(word)
        or word in lexicon.OWNERLESS
    )


@lru_cache(maxsize=8192)
def is_noun(word: str) -> bool:
    """Return whether a word may be a noun of a name: no particle, no verb form, no filler, no rank."""
    return (
        bool(patterns.noun_shape.fullmatch(word))
        and (len(word) > 1 or word in CLASS_WORDS)
        and not patterns.inflected.search(word)
        and not patterns.place_in_address.search(word)
        and not (
            word.endswith(endings.or_and) and (names_unit(word[:-1]) or word[:-1] in lexicon.BY_LOCALITY)
        )
        and not (word.endswith(endings.and_particles) and word[:-1] in lexicon.FILLERS)
        and not word.endswith(terms.number)
        and word not in lexicon.NOT_NOUNS
        and word not in lexicon.FILLERS
        and word not in lexicon.BY_LOCALITY
        and not lexicon.is_rank(word)
    )
