"""Read what stands before a number: the path of a unit, the people in it, the mark of the row.

A head is read from its end, the word next to the number first: people, then the unit, then what the unit belongs
to, until a word that can be none of these. ``산업통상자원부 무역정책관 무역정책과 김민수 사무관`` and
``자세한 내용은 교육부의 인재양성지원과`` give a path (and a person) each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.contacts import lexicon

_SINGLES = re.compile(r"(?<![가-힣])[가-힣](?:\s{1,3}[가-힣](?![가-힣])){1,6}")
_MARK = re.compile(r"[<(\[〈【]\s?(총괄|공동|협조|주관|협업|총괄·공동)(?:\s?부처|기관)?\s?[>)\]〉】]")
_TOPIC = re.compile(r"<[^<>\n]{0,30}>|〈[^〈〉\n]{0,30}〉|\[[^\[\]\n]{0,20}\]|【[^【】\n]{0,20}】")
_ASIDE = re.compile(r"(?<=[가-힣A-Za-z])\s?\((?:[A-Za-z][A-Za-z0-9 &./-]*|[^()]*(?:이하|장 )[^()]*)\)")
_ATTACHED = re.compile(
    r"\(([가-힣]{1,8})\)(?=[가-힣])|(?<=[가-힣])\(([가-힣]{1,8})\)(?=\s[가-힣])|(?<=[가-힣])\(([주유재사])\)"
)
_TOKEN = re.compile(r"[,/;:()\[\]|\t\n]|·(?=\s)|(?<=\s)·|[^\s,/;:()\[\]|]+")
_PARTICLE = re.compile(
    r"(?:에서는|에서도|에게서|에서|에게|으로는|으로|로는|께서|까지|부터|이나|에는|에도|로|에|의|을|를|은|는|이|가|와|도|나|인|및)$"
)
_LONG_NAME = re.compile(
    r"[김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성차주우구][가-힣]{3}"
)
_UNIT_ASIDE = re.compile(r"(?<=[가-힣])\(([가-힣0-9·]{2,20}(?:과|팀|국|실|관|단|부|센터|본부|TF))\)")
_OPEN, _CLOSE = "\ue000", "\ue001"
_ADDRESS = re.compile(r"\((?:우\s?[):]?\s?|우편번호\s?:?\s?)?\d{5}\)|\(우편번호[^)]*\)|\(우\)?\s?[\d-]+\)?")
FAX_WORD = re.compile(r"F\s?A\s?X|T\s?E\s?L", re.IGNORECASE)
_LEADING_BRACKET = re.compile(r"^\s*\((?![재사주유학의]\))[^()]*\)(?=.)")
_PLACE_IN_ADDRESS = re.compile(r"청사$|빌딩$|타워$|\d(?:동|층|호|길|로|번지)?$")
_ABOUT = re.compile(
    r"(?<=[과팀국실관단부처청원터])에\s(?:대한|관한)\s(?:[가-힣]+\s){0,2}문의[가-힣]*\s?[(:]?\s?$"
)
_WHOLE_BRACKET = re.compile(r"^\s*\(([^()]*)\)\s*$")
_BULLET = re.compile(r"^(?:[^\w(<\[〈【「‘“㈜]|[ㅇㅁo](?=\s))+")
#: Endings of words in a sentence: particles and verb forms. What ends otherwise may be a noun.
_INFLECTED = re.compile(
    r"(?:은|는|(?<![마가])을|를|에|에서|으로|에게|께서|까지|부터|(?<![협회논강심결합문])의|(?<![도진경통항철])로|"
    r"(?:하|되|이|있|없|않|라|다)고|고자|(?:하|되|이|으)며|(?:하|으|되|려|다|라)면|하여|되어|(?:해|에|면|로|어|아)서|지만|니다|세요|에요|다|"
    r"거나|이나|든지|든|도록|하기|되기|라는|다는|(?<![북무권기제])한|[가-힣]된|[가-힣]될|[가-힣]할|하신|"
    r"(?<!상공)(?<!장애)(?<!외국)(?<!예술)(?<!직장)(?<!의료)(?<![노업법개군])인|"
    r"(?<![재피상방침동서남])해|와|등의|"
    r"[가-힣]{2}(?<!국)(?<!평)(?<!전문)(?<![허인물증참추휴작농임어원주])가)$"
)


@dataclass(frozen=True, slots=True)
class Person:
    """One person named: the name without inner spaces, and the rank as printed without them."""

    name: str | None
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


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int


def read_head(text: str, *, label: bool, among_people: bool = False) -> Head:
    """Read the head that ends where ``text`` ends.

    Args:
        text: folded text before a number, beginning after the item before it.
        label: whether a label (문의, 담당자 …) or a table announces units and people, so that bare nouns are
            taken as part of a path and bare names as people.
        among_people: whether a person stands directly before, so that the next bare name is one too.
    """
    found = _MARK.findall(text)
    words = _words(text)
    reader = _Reader(words, label)
    reader.skip_fillers()
    people = reader.people(among_people=among_people)
    reader.skip_separators()
    path, noun = reader.path()
    return Head(
        path=tuple(word for place, word in enumerate(path) if place == 0 or word != path[place - 1]),
        people=tuple(people),
        mark=found[-1] if found else None,
        rest=any(word.text not in _SEPARATORS for word in reader.words[: reader.end]),
        start=reader.begin,
        stop=reader.stop,
        noun=noun,
    )


def _words(text: str) -> list[_Word]:
    text = _MARK.sub(lambda match: "|" + " " * (len(match[0]) - 1), text)
    text = _TOPIC.sub(lambda match: "|" + " " * (len(match[0]) - 1), text)
    text = _ASIDE.sub(lambda match: " " * len(match[0]), text)
    text = _BULLET.sub(lambda match: " " * len(match[0]), text)
    text = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    text = _ABOUT.sub("", text)
    text = FAX_WORD.sub(lambda match: " " * len(match[0]), text)
    text = _WHOLE_BRACKET.sub(lambda match: f" {match[1]} ", text)
    text = _LEADING_BRACKET.sub(lambda match: "|" + " " * (len(match[0]) - 1), text)
    text = _UNIT_ASIDE.sub(lambda match: f" {match[1]} ", text)
    text = _ATTACHED.sub(lambda match: match[0].replace("(", _OPEN).replace(")", _CLOSE), text)
    words: list[_Word] = []
    spans = [(match.start(), match.end()) for match in _SINGLES.finditer(text)]
    for match in _TOKEN.finditer(text):
        if words and any(start < match.start() < end for start, end in spans):
            words[-1] = _Word(words[-1].text + match[0], words[-1].start)
            continue
        word = match[0].replace(_OPEN, "(").replace(_CLOSE, ")").strip("‘’“”'\"「」『』*※☎.①②③④⑤⑥⑦⑧⑨⑩ㅇㅁ")
        if word:
            words.append(_Word(word, match.start()))
    return [part for word in words for part in _split_glued(word)]


def _split_glued(word: _Word) -> list[_Word]:
    """Split what lost its space: 과장박민수 of spaced-out letters, 재외동포청가나센터 of a flattened table."""
    ministry = lexicon.ministry_before_unit(word.text)
    if ministry:
        return [_Word(ministry, word.start), _Word(word.text[len(ministry) :], word.start + len(ministry))]
    if 4 <= len(word.text) <= 6:
        for cut in (2, 3):
            if (
                word.text[:cut] in _SHORT_RANKS
                and lexicon.is_name(word.text[cut:])
                and len(word.text) - cut >= 2
            ):
                return [_Word(word.text[:cut], word.start), _Word(word.text[cut:], word.start + cut)]
    return [word]


_SHORT_RANKS = frozenset(
    {"과장", "팀장", "국장", "실장", "단장", "사무관", "서기관", "주무관", "연구관", "연구사"}
)


#: The class of a unit written apart from its name: 데이터 진흥 과.
_SEPARATORS = frozenset(",/;:()[]|·\t\n")
_CLASS_WORDS = frozenset({"과", "팀", "센터", "TF", "T/F", "TFT", "추진단", "사업단"})


class _Reader:
    """Reads words from the end; ``end`` is the number of words not yet taken."""

    def __init__(self, words: list[_Word], label: bool) -> None:
        self.words = words
        self.label = label
        self.end = len(words)
        self.begin = words[-1].start if words else 0
        self.stop = 0
        self.skipped = False  # whether words such as 문의 or 전화 stand between here and the number

    def at(self, back: int = 1) -> str:
        """Give the word ``back`` places before the end, or an empty one."""
        return self.words[self.end - back].text if self.end >= back else ""

    def take(self, count: int = 1) -> None:
        self.end -= count
        self.begin = self.words[self.end].start

    def skip_fillers(self) -> None:
        while self.end and (
            self.at() in lexicon.FILLERS or self.at() in _SEPARATORS or self._filler(self.at())
        ):
            self.skipped = self.skipped or len(self.at()) > 1
            self.end -= 1

    def _filler(self, word: str) -> bool:
        bare = _PARTICLE.sub("", word)
        return bare != word and bare in lexicon.FILLERS

    def skip_separators(self) -> None:
        while self.end and self.at() in "():|\n\t":
            self.end -= 1

    # People

    def people(self, *, among_people: bool) -> list[Person]:
        people: list[Person] = []
        while person := self._person(more=bool(people) or among_people):
            people.insert(0, person)
            if self.at() in (",", "·", "/", "및") and self._person_before_separator():
                self.end -= 1
                continue
            break
        return people

    def _person_before_separator(self) -> bool:
        reader = _Reader(self.words[: self.end - 1], self.label)
        return reader._person(more=True) is not None

    def _person(self, *, more: bool) -> Person | None:
        word, before = self.at(), self.at(2)
        if lexicon.is_rank(word) and lexicon.is_name(before) and not self._unit_not_name(before):
            self.take(2)
            return Person(before, word)
        if (
            self.label
            and _LONG_NAME.fullmatch(word)
            and self._names_unit(before)
            and not self._names_unit(word)
        ):
            self.take()
            return Person(word)
        if not lexicon.is_name(word):
            return None
        if lexicon.is_rank(before) and not self._name_of(before, self.at(3)):
            self.take(2)
            return Person(word, before)
        if self._unit_not_name(word):
            return None
        if self.label and (
            before in ("", ",", "/", "·", "|", "\n", ":", "(")
            or before in _CLASS_WORDS
            or lexicon.is_unit(stem(before))
            or lexicon.is_agency(before)
        ):
            if len(word) == 2 and not more and (before == "" or self.skipped):
                return None
            self.take()
            return Person(word)
        alone = before == "" and self.end == 1 and not lexicon.is_unit(word)
        if not self.label and len(word) == 3 and (lexicon.is_unit(before) or alone):
            self.take()
            return Person(word)
        return None

    @staticmethod
    def _name_of(rank: str, name: str) -> bool:
        """Tell whether a rank belongs to the name before it rather than to the one after it."""
        return lexicon.is_name(name) and not lexicon.is_unit(name)

    @staticmethod
    def _unit_not_name(word: str) -> bool:
        """Tell whether a word that may be a name is a unit: 예산실, 정책관; but 김지원 after 조사과."""
        if len(word) == 3:
            return word in lexicon.SHORT_UNITS or lexicon.is_known(word)
        return lexicon.is_unit(word) or lexicon.is_agency(word)

    # Unit

    def path(self) -> tuple[list[str], bool]:
        """Take the words of the path that ends here."""
        if self._noun_after_unit():
            self.end -= 1
        word = stem(self.at())
        if len(word) > 3 and word[-1] in "은는" and not self.skipped and not self._names_unit(word):
            word = word[:-1]  # 건강보험은 1577-…
        if not word or word in _SEPARATORS:
            return [], False
        noun = (not self._names_unit(word) or word.isascii()) and not (
            word in _CLASS_WORDS and self._is_noun(self.at(2))
        )
        if noun and not self._is_noun(self.at()) and not (self.label and self._is_noun(word)):
            return [], False
        self.stop = self.words[self.end - 1].start + len(word)
        path = [self.at(2), word] if self._known_pair() else [word]
        self.take(len(path))
        while self.end:
            word = self.at()
            if self._known_pair():
                path[:0] = [self.at(2), word]
                self.take(2)
                continue
            if self._names_unit(word) or self._names_unit(_genitive(word)):
                path.insert(0, _genitive(word) if not self._names_unit(word) else word)
                self.take()
                continue
            if word in lexicon.REGIONS and lexicon.is_agency(path[0]):
                path.insert(0, word)
                self.take()
                break
            count = self._nouns_to_unit() or self._modifiers(path[0])
            if not count:
                break
            for _ in range(count):
                path.insert(0, self.at())
                self.take()
        return path, noun

    def _noun_after_unit(self) -> bool:
        """Tell whether a mere noun follows a division: '조세분석과 연계 [문의]' belongs to what comes after."""
        return (
            lexicon.is_unit(self.at(2))
            and self.at(2).endswith(("과", "팀", "담당관"))
            and not self._names_unit(stem(self.at()))
        )

    def _known_pair(self) -> bool:
        """Tell whether the last two words are one known name written apart: 금융 위원회."""
        return lexicon.is_known(self.at(2) + self.at()) and not lexicon.is_known(self.at())

    @staticmethod
    def _names_unit(word: str) -> bool:
        return (
            lexicon.is_unit(word)
            or lexicon.is_agency(word)
            or lexicon.is_company(word)
            or word in lexicon.OWNERLESS
            or (lexicon.is_municipality(word) and len(word) >= 3)
        )

    def _nouns_to_unit(self) -> int:
        """Count mere nouns between this place and an institution that leads them: 국립생태원 외래생물 [신고센터]."""
        for count in (1, 2):
            if not self._is_noun(self.at(count)):
                return 0
            leader = self.at(count + 1)
            if leader and (lexicon.is_agency(leader) or lexicon.is_agency(_genitive(leader))):
                return count
        return 0

    def _modifiers(self, first: str) -> int:
        """Count the nouns that belong to a unit whose own word is a mere class: 데이터 진흥 [과]."""
        if lexicon.is_agency(first) or not (
            self.label or first in lexicon.OWNERLESS or len(first) == 1 or first.endswith("시스템")
        ):
            return 0
        count = 0
        while count < 3 and self._is_noun(self.at(count + 1)):
            count += 1
        return count

    def _is_noun(self, word: str) -> bool:
        return (
            bool(
                re.fullmatch(
                    r"[가-힣A-Za-z0-9·&()㈜\-+’']*[가-힣][가-힣A-Za-z0-9·&()㈜\-+’']*|[A-Z]{2,12}", word
                )
            )
            and len(word) <= 20
            and not _INFLECTED.search(word)
            and (len(word) > 1 or word in _CLASS_WORDS)
            and word not in lexicon.NOT_NOUNS
            and not _PLACE_IN_ADDRESS.search(word)
            and word not in lexicon.FILLERS
            and word not in lexicon.BY_LOCALITY
            and not lexicon.is_rank(word)
        )


def stem(word: str) -> str:
    """Take off the particle of a word that is no unit as it stands: 교육부의, 조사과로."""
    if lexicon.is_unit(word) or lexicon.is_agency(word):
        return word
    bare = _PARTICLE.sub("", word)
    named = (
        lexicon.is_unit(bare) or lexicon.is_agency(bare) or bare in lexicon.OWNERLESS or bare in _CLASS_WORDS
    )
    return bare if bare and named else word


def _genitive(word: str) -> str:
    return word[:-1] if word.endswith("의") else word


def split_path(path: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Divide a path into organization and department."""
    if not path:
        return None, None
    if len(path) > 1 and lexicon.is_known(path[0] + path[1]) and not lexicon.is_known(path[0]):
        return f"{path[0]} {path[1]}", " ".join(path[2:]) or None
    first, rest = path[0], " ".join(path[1:]) or None
    if lexicon.is_agency(first) or lexicon.is_company(first) or lexicon.is_municipality(first):
        return first, rest
    if first in lexicon.OWNERLESS or (lexicon.is_unit(first) and not first.endswith(("센터", "전화", "콜"))):
        return None, " ".join(path)
    if path[-1] in _CLASS_WORDS or (
        len(path) > 1 and lexicon.is_unit(path[-1]) and path[-1] not in lexicon.OWNERLESS
    ):
        return None, " ".join(path)
    return " ".join(path), None
