"""Cut a text into words: what is written apart is joined, what is no part of a name is blanked out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.contacts import lexicon

#: The class of a unit written apart from its name: 데이터 진흥 과.
CLASS_WORDS = frozenset({"과", "담당관", "팀", "센터", "TF", "T/F", "TFT", "추진단", "사업단"})
#: Signs that are words of their own.
SEPARATORS = frozenset(",/;:()[]|·\t\n")
FAX_WORD = re.compile(r"F\s?A\s?X|T\s?E\s?L|E-?\s?mail", re.IGNORECASE)
#: 총괄, 공동 … as the mark of a row.
MARK = re.compile(r"[<(\[〈【]\s?(총괄|공동|협조|주관|협업|총괄·공동)(?:\s?부처|기관)?\s?[>)\]〉】]")

_TOKEN = re.compile(r"[,/;:()\[\]|\t\n]|·(?=\s)|(?<=\s)·|[^\s,/;:()\[\]|]+")
_AROUND = "｢｣「」‘’“”'\"「」『』*※☎.①②③④⑤⑥⑦⑧⑨⑩➀➁➂➃➄➅➆➇➈➉❶❷❸❹❺❻❼❽❾➊➋➌➍➎➏➐➑➒➓ㅇㅁ代☞▸▶◇◆□■○●△▲•→⇒"
#: Letters spaced out over a cell: 과  장, 홍 길 동.
_SPACED = re.compile(r"(?<![가-힣\d)\ue001])[가-힣](?: {1,3}[가-힣](?![가-힣])){1,9}")
#: Dots, a dash or an arrow that lead from a name to its number: 홍길동 ····· 044-…, 과장 홍길동 - 044-….
_LEADER = re.compile(r"[·.…‥]{2,}|(?<=\s)(?:-+|[→⇒➡])(?=\s|$)")
#: What stands before a quotation that is still open at the end: “가나센터(129)”.
_UNCLOSED = re.compile(r"^.*[“‘「｢『](?=[^“”‘’「」｢｣『』]*$)", re.DOTALL)
#: A number that lost the space after it: 044-202-9748한국가나원.
_GLUED_NUMBER = re.compile(r"\d[\d-]*-\d{4}(?=[가-힣])")
_BULLET = re.compile(r"^(?:[^\w(<\[〈【「‘“㈜]|[ㅇㅁo](?=\s))+")
_TOPIC = re.compile(r"<[^<>\n]{0,30}>|〈[^〈〉\n]{0,30}〉|\[[^\[\]\n]{0,20}\]|【[^【】\n]{0,20}】")
#: A remark on the word before: (KISA), (청장 홍길동), (이하 '개인정보위').
_REMARK = re.compile(
    r"(?<=[가-힣A-Za-z])\s?\((?:[A-Za-z][A-Za-z0-9 &./-]*|[^()]*(?:이하|(?<![과팀국실단])장 )[^()]*)\)"
)
#: When a number is answered, before it: 상황실(평일 09:00~18:00 042-….
_HOURS = re.compile(r"\d{1,2}:\d{2}(?:\s?~\s?\d{1,2}:\d{2})?|24\s?시간")
_POSTCODE = re.compile(r"\((?:우\s?[):]?\s?|우편번호\s?:?\s?)?\d{5}\)|\(우편번호[^)]*\)|\(우\)?\s?[\d-]+\)?")
#: '국립공원과에 대한 자세한 문의는 [044-…]'.
_ABOUT = re.compile(
    r"(?<=[과팀국실관단부처청원터])에\s(?:대한|관한)\s(?:[가-힣]+\s){0,2}문의[가-힣]*\s?(?:(?:연락처|전화)[은는]?\s?)?[(:]?\s?$"
)
#: A remark between two brackets opened: 한국토요타((렉서스)☎ 080-….
_REMARK_IN_BRACKET = re.compile(r"(?<=\()\([^()]{1,10}\)")
_WHOLE_BRACKET = re.compile(r"^\s*\(([^()]*)\)\s*$")
_LEADING_BRACKET = re.compile(r"^\s*\((?![재사주유학의]\))[^()]*\)(?=.)")
#: The role of the person after it: (책임자) 과장 홍길동.
_ROLE = re.compile(r"\(\s?(?:책임자|담당자|실무자|담당)\s?\)")
#: What a division is for, in a bracket of its own before the number's: 가나팀(조류) (062-….
_TOPIC_OF_DIVISION = re.compile(r"(?<=[과팀실])\([가-힣]{2,10}(?<![과팀])\)(?=\s?\(?[☎\d\s]*$)")
#: A unit in brackets after its institution: 산업통상자원부(신에너지산업과).
_UNIT_BRACKET = re.compile(r"(?<=[가-힣])\(([가-힣0-9·]{2,20}(?:과|팀|국|실|관|단|부|센터|본부|TF))\)")
#: The ministry in brackets between its bureau and division: 가나국 (다라부) 마바과.
_MINISTRY_BRACKET = re.compile(r"(?<=[국실관단]) ?\(([가-힣]{2,12})\)(?= ?[가-힣])")
#: A stroke inside the name of a division: 대출/가나팀.
_STROKE = re.compile(r"(?<![가-힣])([가-힣]{2,5})/([가-힣]{2,8}(?:팀|과))(?![가-힣])")
#: Brackets that are part of a name: (재)…, 수출이용권(바우처) 지원센터, …코리아(유).
_NAME_BRACKET = re.compile(
    r"\(([가-힣]{1,8})\)(?=[가-힣])|(?<=[가-힣])\(([가-힣]{1,8})\)(?=\s[가-힣])|(?<=[가-힣])\(([주유재사])\)"
)
_OPEN, _CLOSE, _SLASH = "\ue000", "\ue001", "\ue002"  # stand in for brackets and a stroke of a name
_GLUED_RANKS = ("과장", "팀장", "국장", "실장", "단장", "사무관", "서기관", "주무관", "연구관", "연구사")
_MAX_TEXT = 400
_DIVISIONS = ("과", "팀", "담당관")
_GLUED_AFTER = ("사무관", "서기관", "주무관")

_PARTICLE = re.compile(
    r"(?:에서는|에서도|에게서|에서|에게|으로는|으로|로는|께서|까지|부터|이나|에는|에도|로|에|의|을|를|은|는|이|가|와|도|나|인|및)$"
)
#: Endings of words in a sentence: particles and verb forms, except where nouns end so.
_INFLECTED = re.compile(
    r"(?:은|는|(?<![마가])을|를|에|에서|서도|에도|으로|에게|께서|까지|부터|와|등의|들이|"
    r"(?<![협회논강심결합문])의|(?<![도진경통항철])로|"
    r"(?:하|되|이|있|없|않|라|다)고|고자|(?:하|되|이|으)며|(?:하|으|되|려|다|라|지|시|나|오)면|하여|되어|(?:해|에|면|로|어|아)서|"
    r"^[보가오주받있없쓰내타알살]면|^[열걸들받찾담모맞][어아]|지만|니다|세요|에요|다|거나|이나|든지|든|도록|하기|되기|라는|라도|[가-힣]인이|다는|하신|"
    r"(?<![북무권기제])한|[가-힣]된|[가-힣]될|[가-힣]할|(?<![재피상방침동서남])해|"
    r"(?<!상공)(?<!장애)(?<!외국)(?<!예술)(?<!직장)(?<!의료)(?<![노업법개군])인|"
    r"[가-힣]{2}(?<!국)(?<!평)(?<!전문)(?<![허인물증참추휴작농임어원주])가)$"
)
_NOUN = re.compile(r"(?=.*[가-힣])[가-힣A-Za-z0-9·/&()㈜\-+’']{1,20}|[A-Z]\d?[A-Z]{1,11}|[A-Z]-[A-Z]{2,11}")
_PLACE_IN_ADDRESS = re.compile(
    r"^\d+여?[개곳]$|청사$|빌딩$|타워$|\d(?:동|층|호|길|로|번지|년|월|일|시|분|명)$|^\d+$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or one separating sign, with its offset in the text it was cut from."""

    text: str
    start: int


def words_of(text: str) -> list[Word]:
    """Cut folded text into words and separating signs."""
    text = _blanked(text)
    words: list[Word] = []
    spaced = [span for match in _SPACED.finditer(text) for span in _spaced_words(match)]
    for match in _TOKEN.finditer(text):
        if words and any(start < match.start() < end for start, end in spaced):
            words[-1] = Word(words[-1].text + match[0], words[-1].start)
            continue
        word = match[0].replace(_OPEN, "(").replace(_CLOSE, ")").replace(_SLASH, "/").strip(_AROUND)
        if word:
            words.append(Word(word, match.start()))
    parted = [Word(part.text, whole.start + part.start) for whole in words for part in _parts(whole.text)]
    return _without_cell_ends(_with_lines(parted))


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[Word, ...]:
    """Split a word that holds several, with their offsets in it."""
    return tuple(part for one in _undotted(Word(word, 0)) for part in _unglued(one))


def _with_lines(words: list[Word]) -> list[Word]:
    """Join the class of a line for advice that is written apart: 청소년 [상담 전화]."""
    joined: list[Word] = []
    for word in words:
        nominal = len(joined) > 1 and joined[-1].text in ("상담", "신고", "긴급") and is_noun(joined[-2].text)
        if word.text == "전화" and nominal:
            joined[-1] = Word(f"{joined[-1].text}{word.text}", joined[-1].start)
        else:
            joined.append(word)
    return joined


def _undotted(word: Word) -> list[Word]:
    """Split units and people that a middle dot lists: 가나팀·다라공단 [마바팀], 홍길동·사무관 [김나래]."""
    left, dot, right = word.text.partition("·")
    units = left.endswith(_DIVISIONS) and lexicon.is_unit(left) and names_unit(right)
    people = lexicon.is_name(left) or lexicon.may_be_name(left) or lexicon.is_rank(left)
    people = people and (lexicon.is_rank(right) if not lexicon.is_rank(left) else lexicon.is_name(right))
    if not (dot and (units or people)):
        return [word]
    place = word.start + len(left)
    return [Word(left, word.start), Word("·", place), *_undotted(Word(right, place + 1))]


def _spaced_words(match: re.Match[str]) -> tuple[tuple[int, int], ...]:
    """Part a unit or rank from a name, both spaced out: 홍 보 부   라 미 소, 과 장 홍 길 동."""
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
    text = _UNCLOSED.sub(lambda match: " " * (len(match[0]) - 1) + "|", text)
    for pattern in (MARK, _TOPIC, _LEADER):
        text = pattern.sub(lambda match: "|" + " " * (len(match[0]) - 1), text)
    for pattern in (
        _GLUED_NUMBER,
        _ROLE,
        _REMARK,
        _TOPIC_OF_DIVISION,
        _REMARK_IN_BRACKET,
        _HOURS,
        _BULLET,
        _POSTCODE,
    ):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    text = _ABOUT.sub("", text)
    text = FAX_WORD.sub(lambda match: " " * len(match[0]), text)
    text = _WHOLE_BRACKET.sub(lambda match: f" {match[1]} ", text)
    text = _LEADING_BRACKET.sub(lambda match: "|" + " " * (len(match[0]) - 1), text)
    text = _UNIT_BRACKET.sub(lambda match: f" {match[1]} ", text)
    text = _MINISTRY_BRACKET.sub(
        lambda match: (
            match[0].replace("(", " ").replace(")", " ") if lexicon.is_known(match[1]) else match[0]
        ),
        text,
    )
    text = _STROKE.sub(_with_stroke, text)
    return _NAME_BRACKET.sub(lambda match: _with_bracket(match, text), text)


def _with_bracket(match: re.Match[str], text: str) -> str:
    """Keep a bracket that is part of a name; where an institution's building stands in it, blank it out."""
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
    rank = next((rank for rank in _GLUED_RANKS if word.text.startswith(rank)), "")
    cut = len(ministry or (rank if lexicon.is_name(word.text[len(rank) :]) else ""))
    if not cut and word.text[3:] in _GLUED_AFTER and lexicon.is_name(word.text[:3]):
        cut = 3  # 홍길동사무관
    if not cut:
        return [word]
    return [Word(word.text[:cut], word.start), Word(word.text[cut:], word.start + cut)]


def bare(word: str) -> str:
    """Take off a particle, whatever the word is."""
    return _PARTICLE.sub("", word)


def stem(word: str) -> str:
    """Take off the particle of a word that is no unit as it stands: 교육부의, 조사과로."""
    if lexicon.is_unit(word) or lexicon.is_agency(word):
        return word
    form = bare(word)
    return form if names_unit(form) or form in CLASS_WORDS else word


def genitive(word: str) -> str:
    """Take off 의."""
    return word.removesuffix("의")


def owner(word: str) -> str:
    """Take off the particle after an owner: 교육부의 상담실, 농관원에 콜센터."""
    return genitive(word).removesuffix("에")


def names_unit(word: str) -> bool:
    """Tell whether a word by itself names a unit, an institution, a company or a municipality."""
    return (
        lexicon.is_unit(word)
        or lexicon.is_agency(word)
        or lexicon.is_company(word)
        or lexicon.is_municipality(word)
        or word in lexicon.OWNERLESS
    )


def is_noun(word: str) -> bool:
    """Tell whether a word may be a noun of a name: no particle, no verb form, no filler, no rank."""
    return (
        bool(_NOUN.fullmatch(word))
        and (len(word) > 1 or word in CLASS_WORDS)
        and not _INFLECTED.search(word)
        and not _PLACE_IN_ADDRESS.search(word)
        and not (word.endswith(("나", "와")) and (names_unit(word[:-1]) or word[:-1] in lexicon.BY_LOCALITY))
        and not (word.endswith(("과", "와")) and word[:-1] in lexicon.FILLERS)
        and not word.endswith("번호")
        and word not in lexicon.NOT_NOUNS
        and word not in lexicon.FILLERS
        and word not in lexicon.BY_LOCALITY
        and not lexicon.is_rank(word)
    )
