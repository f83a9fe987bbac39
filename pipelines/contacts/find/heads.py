"""Read the text before a number: the path of a unit, the people in it, the mark of the row.

A head is read from its end, the word next to the number first: people, then the unit, then what the unit
belongs to, until a word that can be none of these. ``산업통상자원부 무역정책관 무역정책과 홍길동 사무관`` and
``자세한 내용은 교육부의 인재양성지원과`` give a path (and a person) each.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contacts.find import lexicon
from pipelines.contacts.find.paths import COMMITTEES, DEDICATED
from pipelines.contacts.find.words import (
    CLASS_WORDS,
    SEPARATORS,
    Word,
    bare,
    genitive,
    is_noun,
    names_unit,
    owner,
    stem,
    words_of,
)
from pipelines.contacts.gazetteer import endings, patterns, terms

#: Characters before a number in which everything is that belongs to its head; a longer path is not known.
_REACH = 240


@dataclass(frozen=True, slots=True)
class Person:
    """One person named: the name without inner spaces, and the rank as printed without them."""

    name: str
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a head says.

    Attributes:
        path: words of the unit path, the widest first; empty when none is named.
        people: everybody named, in order.
        mark: 총괄, 공동 or 협조.
        rest: whether words are left before the path that belong to none of these.
        start: offset in the head at which the path (or the people) begin.
        stop: offset in the head at which the last word of the path ends.
        noun: whether the last word of the path is a mere noun, not known as unit or institution.
    """

    path: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    mark: str | None = None
    rest: bool = False
    start: int = 0
    stop: int = 0
    noun: bool = False


def read_head(text: str, *, label: bool, among_people: bool = False) -> Head:
    """Read the head that ends where ``text`` ends.

    Args:
        text: folded text before a number, beginning after the item before it.
        label: whether a label (문의, 담당자 …) or a table announces units and people, so that bare nouns are
            taken as part of a path and bare names as people.
        among_people: whether a person directly precedes, so that the next bare name is one too.
    """
    cut = max(0, len(text) - _REACH)
    text = text[cut:]
    marks = patterns.mark.findall(text)
    reader = _Reader(words_of(text), label=label)
    reader.skip_fillers()
    people = reader.people(among_people=among_people)
    reader.skip_separators()
    path, noun = reader.path()
    return Head(
        path=tuple(word for place, word in enumerate(path) if place == 0 or word != path[place - 1]),
        people=tuple(people),
        mark=marks[-1] if marks else None,
        rest=bool(cut) or any(word.text not in SEPARATORS for word in reader.words[: reader.end]),
        start=cut + reader.begin,
        stop=cut + reader.stop if reader.stop else 0,
        noun=noun,
    )


class _Reader:
    """Reads words from the end; ``end`` is the number of words not yet read."""

    def __init__(self, words: list[Word], *, label: bool) -> None:
        self.words = words
        self.label = label
        self.end = len(words)
        self.begin = words[-1].start if words else 0
        self.stop = 0
        self.centre = False  # whether the path ends with a centre
        self.acted = False  # whether one of them says what the number is for
        self.topical = False  # whether words before it say what the number is about: '공모전 관련 문의'
        self.skipped = False  # whether words such as 문의 or 전화 are between here and the number

    def at(self, back: int = 1) -> str:
        """Return the word ``back`` positions before the end, or an empty one."""
        return self.words[self.end - back].text if self.end >= back else ""

    def take(self, count: int = 1) -> None:
        self.end -= count
        self.begin = self.words[self.end].start

    def skip_fillers(self) -> None:
        while not self._counselling_line() and (
            self.at() in SEPARATORS
            or self.at() in lexicon.FILLERS
            or (bare(self.at()) in lexicon.FILLERS and bare(self.at()) not in endings.particles)
            or (self.at() in endings.openings and self.at(2).endswith(terms.centre))
        ):
            self.skipped = self.skipped or len(self.at()) > 1
            self.topical = self.topical or self.at() in endings.topical
            self.acted = self.acted or self.at() in endings.occasions
            self.end -= 1

    def _counselling_line(self) -> bool:
        """Return whether a noun names a line for advice, which is no filler then: 정신건강 상담전화."""
        of = self.at(2)
        return self.at() == terms.advice_line and self._noun(2) and not (names_unit(of) or of in DEDICATED)

    def skip_separators(self) -> None:
        while self.at() and (self.at() in "():|\n\t" or self.at() in endings.charges):
            self.end -= 1

    # People

    def people(self, *, among_people: bool) -> list[Person]:
        """Read the people at the end, listed with commas."""
        people: list[Person] = []
        while person := self._person(listed=bool(people) or among_people):
            people.insert(0, person)
            if person.rank and self._is_title(2) and self._person_follows():
                continue  # 부장 홍길동 팀장 김나래
            if self.at() not in endings.between_people:
                break
            self.end -= 1
            if not self._person_follows():
                self.end += 1
                break
        return people

    def _person_follows(self) -> bool:
        """Return whether a person ends here, without consuming any word."""
        begin, end = self.begin, self.end
        found = self._person(listed=True)
        self.begin, self.end = begin, end
        return found is not None

    def _person(self, *, listed: bool) -> Person | None:
        """Read one person: name and rank, rank and name, or a name alone where one is to be expected."""
        word, before = self.at(), self.at(2)
        if self._is_title(1) and (
            (lexicon.is_name(before) and not _is_unit_like_a_name(before)) or self._is_placed_name(before, 3)
        ):
            self.take(2)
            return Person(before, word)
        of_post = before in endings.posts and not lexicon.is_name_of_three(word)
        named = lexicon.is_name(word) or (not of_post and self._is_placed_name(word, 3))
        led = self._ranked(self.at(3)) and not self._is_title(4)
        if named and self._is_title(2) and not led:
            self.take(2)
            return Person(word, before)
        if self._name_alone(word, before, listed=listed):
            self.take()
            return Person(word)
        return None

    def _is_title(self, back: int) -> bool:
        """Return whether a word is a rank; 담당관 is one beside a name, where no noun makes it a unit."""
        word, before = self.at(back), self.at(back + 1)
        if word != terms.officer or back > 1:
            apart = not before or before in SEPARATORS or names_unit(before)
            return lexicon.is_rank(word) or (word == terms.officer and apart)
        unit = self.at(back + 2)
        named = lexicon.is_name(before) or lexicon.may_be_name(before)
        return named and (not unit or unit in SEPARATORS or names_unit(unit))

    def _is_placed_name(self, word: str, back: int) -> bool:
        """Return whether a word beside a rank is a name by its position: after a unit or a mark, or first."""
        before = self.at(back)
        at_place = before in SEPARATORS or before in CLASS_WORDS or before in lexicon.FILLERS
        return lexicon.may_be_name(word) and (not before or at_place or names_unit(stem(before)))

    @staticmethod
    def _ranked(name: str) -> bool:
        """Return whether the rank after this word is this one's, not the next one's."""
        return lexicon.is_name(name) and not lexicon.is_unit(name)

    def _name_alone(self, word: str, before: str, *, listed: bool) -> bool:
        """Return whether a word is a name that has no rank."""
        if self.label and patterns.long_name.fullmatch(word) and names_unit(before) and not names_unit(word):
            return True
        if self.label and lexicon.is_rare_name(word) and names_unit(before):
            return True
        if (
            self.label
            and listed
            and self.end == 1
            and lexicon.may_be_name(word)
            and lexicon.is_name_of_three(word)
        ):
            return True  # an item of a list of people: '홍길동(044-…), 김미소(044-…)'
        if not lexicon.is_name(word) or _is_unit_like_a_name(word):
            return False
        if word.endswith(endings.bureaux_like_names) and lexicon.is_unit(word) and lexicon.is_agency(before):
            return False  # 국토교통부 도로국
        if not self.label:
            alone = self.end == 1 and not lexicon.is_unit(word)
            return len(word) == 3 and (lexicon.is_unit(before) or alone)
        if len(word) == 2 and not listed and (not before or self.skipped):
            return False
        return (
            not before
            or before in SEPARATORS
            or before in CLASS_WORDS
            or lexicon.is_unit(stem(before))
            or lexicon.is_agency(before)
        )

    # Unit

    def path(self) -> tuple[list[str], bool]:
        """Read the words of the path that ends here; also return whether its last word is a plain noun."""
        if self.at() in endings.together:
            return [], False
        if self._noun_after_division():
            self.end -= 1
        word = stem(self.at())
        if self.at() in (terms.or_, terms.or_after_consonant) and not self.skipped:
            return [], False  # 농업기술센터나 1833-…
        if len(word) > 3 and word[-1] in terms.topic_particles and not self.skipped and not names_unit(word):
            word = (
                "" if word[:-1].endswith(endings.deeds) else word[:-1]
            )  # 건강보험은 1577-…, not 참여는 1577-…
        if not word or word in SEPARATORS or (len(word) == 1 and self.end == 1):
            return [], False
        known = (names_unit(word) and not word.isascii()) or self._counselling_line()
        if self.acted and not known and self._object_of_act():
            word = self.at()
            known = True
        if self.topical and not known:
            return [], False
        noun = not known and not (word in CLASS_WORDS and is_noun(self.at(2)))
        if noun and not is_noun(self.at()) and not is_noun(word):
            return [], False
        self.stop = self.words[self.end - 1].start + len(word)
        path = [self.at(2), word] if self._known_pair() else [word]
        self.take(len(path))
        self.centre = word.endswith(terms.centre)
        while count := self._more(path[0]):
            words = [self.words[place].text for place in range(self.end - count, self.end)]
            path[:0] = [owner(word) if not names_unit(word) else word for word in words]
            self.take(count)
        return (path, noun) if not noun else _without_topic(path)

    def _more(self, first: str) -> int:
        """Count the words before a path's first word that belong to the path too."""
        word = self.at()
        if not word or word in endings.labels_of_units:
            return 0
        if self._known_pair():
            return 2
        if first in lexicon.OWNERLESS and lexicon.is_agency(word.removesuffix(terms.at)):
            return 1  # 농관원에 콜센터(1644-…)도 설치
        listed = names_unit(word[:-1]) or word[:-1] in lexicon.FILLERS
        if word.endswith(terms.division) and (listed or (self.centre and not names_unit(first))):
            return 0  # 'and', not a division: '누리집과 중소기업 [통합콜센터]', '추진단과 [우정사업본부]'
        if names_unit(word) or names_unit(genitive(word)):
            return 1
        if word == terms.spokesman:  # an office too: 해양수산부 대변인 홍보담당관
            return 1
        local = lexicon.is_agency(first) or first in lexicon.BY_LOCALITY - lexicon.OWNERLESS
        if word in lexicon.PLACES and local and (word in lexicon.REGIONS or not lexicon.is_agency(first)):
            return 1  # 울진 국유림관리소
        return self._nouns_to_institution() or self._nouns_of_class(first)

    def _object_of_act(self) -> bool:
        """Skip nouns between an institution and what is done there: '농촌진흥청 병해충 발생 [신고 전화]'."""
        count = self._nouns_to_institution()
        self.end -= count
        return count > 0

    def _noun_after_division(self) -> bool:
        """Return whether a plain noun follows a division, as in '조세분석과 연계 [문의]': no part of it."""
        division = self.at(2)
        return (
            lexicon.is_unit(division)
            and division.endswith(endings.divisions)
            and not names_unit(stem(self.at()))
        )

    def _known_pair(self) -> bool:
        """Return whether the last two words are one known name written apart: 금융 위원회."""
        first, second = self.at(2), self.at()
        apart = lexicon.is_known(second) and (not first or lexicon.is_known(first))
        return lexicon.is_known(first + second) and not apart

    def _nouns_to_institution(self) -> int:
        """Count mere nouns that an institution leads: 국립생태원 외래생물 [신고센터].

        More nouns belong to a unit that a ministry leads: 중소벤처기업부 소상공인 회복 [지원단]; a noun may
        stand after a bureau: 지원단 소상공인 [재도약과].
        """
        for count in (1, 2, 3, 4, 5):
            and_between = count > 1 and self.at(count) == terms.and_ and self._noun(count + 1)
            if not (self._noun(count) or and_between):
                return 0
            if and_between:
                continue
            leader = genitive(self.at(count + 1))
            if lexicon.is_known(leader) or (count <= 2 and lexicon.is_agency(leader)):
                return count
            if count == 1 and lexicon.is_unit(leader) and leader.endswith(endings.bureaux):
                return count
        return 0

    def _nouns_of_class(self, first: str) -> int:
        """Count the nouns that belong to a unit whose own word is a mere class: 데이터 진흥 [과]."""
        service = bool(patterns.service.fullmatch(first))
        classed = service or first in lexicon.OWNERLESS or first in CLASS_WORDS
        classed = classed or first in COMMITTEES
        if (lexicon.is_agency(first) and not service and first not in COMMITTEES) or not (
            self.label or classed
        ):
            return 0
        acted = (first in lexicon.OWNERLESS or service) and self.at() in endings.acts
        by_phone = first == terms.advice_room and self.at() == terms.telephone
        count = int(acted and (by_phone or self._noun(2) or names_unit(self.at(2))))
        while count < 4 and self._noun(count + 1):
            count += 1
        return count

    def _noun(self, back: int) -> bool:
        """Return whether a word may be a noun of the path's name; before a centre, one with 과 is listed."""
        word = self.at(back)
        return (
            is_noun(word)
            and word != terms.division
            and not (self.centre and word.endswith(endings.listed_before_centre))
        )


def _without_topic(path: list[str]) -> tuple[list[str], bool]:
    """Cut off what cannot be below a division: an institution and nouns, which it is asked about."""
    for place in range(1, len(path)):
        if path[place - 1].endswith(endings.divisions) and lexicon.is_agency(path[place]):
            return path[:place], False
    return path, True


def _is_unit_like_a_name(word: str) -> bool:
    """Return whether a word that may be a name is a unit: 예산실, 정책관; but 김지원 is a name."""
    short = len(word) == 3 and (word in lexicon.SHORT_UNITS or lexicon.is_known(word))
    return short or (len(word) != 3 and (lexicon.is_unit(word) or lexicon.is_agency(word)))
