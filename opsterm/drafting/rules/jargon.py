"""`jargon`: a term that an ordinary customer of this service does not understand; `plain-word`: one with a plainer
form.

Who the customers are decides. Nobody's customer knows error codes, host names or the team's own components. Those who
buy servers, code hosting or APIs know pods and clusters: the text itself shows when it speaks to them (`[readers]` in
the data file). Words such as "latency" are jargon where a text speaks to the public, and elsewhere only have a
plainer form. [§4]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import Lang, bordered, data, fragment
from opsterm.drafting.reviewed_text import ReviewedText
from opsterm.records.update import OUTSIDE

TIERS = ("always", "trade", "soft", "plain")
"""Sections of the data file, from what nobody outside knows to what only has a plainer word."""
_CODES = re.compile(
    r"(?<![\w./:-])(?:HTTP[ /-]{0,2}[1-5](?:\d\d|xx)\b(?: (?:Not Modified|Bad Gateway|Not Found|Service "
    r"Unavailable|Gateway Time-?out|Internal Server Error|Too Many Requests|Forbidden|Unauthorized))?(?: "
    r"(?:pages?|errors?|responses?|status(?: codes?)?))?"
    r"|[1-5]xx(?:'?s)?(?: (?:errors?|responses?|error rates?|status(?: codes?)?))?"
    r"|(?:errors?|status|status codes?|codes?|response|responses) (?:code )?[1-5]\d\d(?:s)?(?:(?:, | and | "
    r"or |/)[1-5]\d\d){0,20}(?![\d.,:%]\d|\w| %| ms| [a-z]+s\b)"
    r"|[1-5]\d\d(?:(?:, | and | or |/)[1-5]\d\d){0,20}s? (?:errors?|responses?|status(?:es)?(?: codes?)?|pages?"
    r"|not modified|bad gateway|service unavailable|gateway time-?out|internal server error|too many "
    r"requests)\b"
    r"|[45]\d\ds|[45]\d\d (?-i:[A-Z][a-z]+(?:[A-Z][a-z]+)+)"
    r"|error (?:code )?(?:#\s?)?\d{4,6}(?![\d.,:%]\d|\w| %| [a-z]+s\b)"
    r"|(?<=\ba )(?:40[0-9]|41[03]|42[29]|499|50[0-9]|52[0-7])(?= (?:when|on|if|for|while|instead|from|after"
    r"|and|or|at|in)\b|[,.;]|$))(?!\w)",
    re.IGNORECASE,
)
_HOSTS = re.compile(
    r"(?<![\w/@.-])(?:[a-z]{2,12}(?:-[a-z0-9]{1,12}){0,3}-?\d{1,3}(?:\.[a-z0-9-]{2,20}){1,4}|[\w-]{2,"
    r"30}(?:\.[\w-]{1,30}){0,3}\.(?:internal|local|lan|corp|svc|consul|prod|intra)\b"
    r"|(?:db|tile|render|cdn|vps|hv|kvm|storage|backup|runner|git|web|app|api|cache|redis|kafka|mysql|pg|node"
    r"|worker|proxy|lb|nfs|mail|mx|dns|ns|host|srv|server"
    r"|k8s|es|mq|queue|store|fe|be|edge|gw|fw|sw|vm)-?\d{1,3}\b(?:-[a-z]{1,4})?)(?![\w.]\w)"
    r"|(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d{1,2})?(?![\w.])",
)
_IDENTIFIERS: list[tuple[str, re.Pattern[str]]] = [
    (
        "_",
        re.compile(
            r"(?<![\w/])[A-Z]{2,20}(?:_[A-Z0-9]{2,20}){1,6}\b|(?<![\w./-])[a-z]{2,20}(?:_[a-z0-9]{2,20}){1,5}\b(?!`)"
        ),
    ),
    ("/", re.compile(r"(?<![\w:/.])/(?:var|etc|usr|opt|srv|home|tmp|data|mnt|dev|proc)(?:/[\w.-]{1,40}){1,8}")),
    (
        "-",
        re.compile(
            r"\b(?:INC|JIRA|OPS|SRE|CHG|TICKET|PROB)-\d{1,7}\b|(?<![\w-])[a-z]{2,20}(?:-[a-z]{2,20}){0,"
            r"3}(?<!-of)(?<!\bself)(?<!\bfull)(?<!\bcustomer)(?<!\bin)(?<!\broom)-(?:svc|srv|worker|service"
            r"|daemon|job|pod|db|queue|gateway|proxy|consumer|producer|broker|controller"
            r"|scheduler|router|dispatcher|indexer|ingester|exporter|collector|resolver|manager|api-v\d)s?\b"
        ),
    ),
    (
        "`",
        re.compile(
            r"`[^`\n]{1,40}` (?:service|pod|container|process|daemon|host|deployment|node|job queue|worker"
            r"|table|cluster)s?\b|`[1-5]\d\d[^`\n]{0,30}`|`kubectl\b[^`\n]{0,60}`"
        ),
    ),
    ("kubectl", re.compile(r"(?<!`)\bkubectl\b[^`\n]{0,60}")),
    (
        " host ",
        re.compile(r"\bon host (?!and\b|is\b|level\b|side\b|that\b|which\b)[a-z][\w.-]{2,30}"),
    ),
    ("Denied", re.compile(r"\b[A-Z][a-z]{2,20}(?:[A-Z][a-z]{2,20}){0,3}Denied\b")),
    ("Exceeded", re.compile(r"\b[A-Z][a-z]{2,20}(?:[A-Z][a-z]{2,20}){0,3}Exceeded\b")),
    ("Exception", re.compile(r"\b\w{1,40}Exception\b")),
    ("Error", re.compile(r"\b\w{2,40}Error\b")),
    ("NullPointer", re.compile(r"\bNullPointer\w{0,20}")),
    ("", re.compile(r"(?<![\w-])(?=[0-9a-f]{0,39}[a-f])(?=[a-f]{0,39}\d)[0-9a-f]{7,40}(?![\w-])")),
]
"""Identifiers of the team's own machinery, each with a sign that a text must have to be looked through."""
_ACRONYM = re.compile(
    r"(?<![\w./-])(?!API|VPN|SMS|PDF|GPS|ATM|POS|URL|USB|LTE|USA|NYC|CRM|ERP|UTC|AWS|GCP|IBM|SAP|FTP|SSO|MFA|CSV"
    r"|XML|FAQ)"
    r"(?!EU|US|UK|NA|SA|ME|AP|AU|CA|HK|NZ|UAE|TV|PC|ID|IT|AI)[A-Z][A-Z0-9]{1,7} (?:core|sync|stack|layer|tier"
    r"|fabric|ring|pool|farm|engine|plane|servers?|hosts?|daemons?|nodes?|clusters?|process(?:es)?|timeouts?"
    r"|gateways?|controllers?"
    r"|agents?|appliances?|instances?|circuits?)\b"
)
"""Letters that nobody explained, before a part of the machinery: "RADIUS servers"."""
_CODE_ZH = re.compile(
    r"(?<![\w.])(?:HTTP\s?)?[45]\d\d\s?(?:错误|报错|状态码|响应|页面)|(?:错误码|状态码"
    r"|返回)\s?[1-5]\d\d(?:\s?(?:错误|报错|响应|状态码))?|[45]xx",
    re.IGNORECASE,
)


@cache
def _table(lang: Lang, tier: str) -> tuple[re.Pattern[str], dict[str, str]]:
    table: dict[str, str] = data(f"jargon.{lang}")[tier]
    if lang == "zh":
        return re.compile(fragment(table)), table
    exact = [entry for entry in table if entry != entry.lower()]
    anyhow = [entry for entry in table if entry == entry.lower()]
    return re.compile(
        f"{bordered(anyhow)}|(?-i:{bordered(exact)})" if exact else bordered(anyhow), re.IGNORECASE
    ), table


@cache
def _readers(lang: Lang, kind: str) -> re.Pattern[str]:
    entries: list[str] = data(f"jargon.{lang}")["readers"][kind]
    return re.compile(bordered(entries) if lang == "en" else fragment(entries), re.IGNORECASE)


_REGION_CODE = re.compile(r"\b[a-z]{2}-[a-z]{4,9}(?:-\d)?\b|\b(?:AP|CA|CN|EU|ME|SA|US|AF)-[A-Z]+-\d\b|\b[A-Z]{3}\d\b")


def speaks_to_developers(reviewed: ReviewedText) -> bool:
    """Whether the text shows readers who know the trade: it names APIs, repositories, virtual machines, regions."""
    return bool(_readers(reviewed.lang, "developers").search(reviewed.masked) or _REGION_CODE.search(reviewed.masked))


def speaks_to_public(reviewed: ReviewedText) -> bool:
    """Whether the text speaks of things that the general public uses: mail, maps, orders, payments."""
    return bool(_readers(reviewed.lang, "public").search(reviewed.masked)) and not speaks_to_developers(reviewed)


def _plain(table: dict[str, str], said: str) -> str:
    low = " ".join(said.lower().split())
    for entry, plain in table.items():
        key = entry.lower()
        if low == key or (key.endswith("*") and low.startswith(key[:-1])):
            return plain
    return ""


def plain_words(text: str, lang: Lang, allowed: frozenset[str] = frozenset()) -> str:
    """The text with every trade word that has a plain form replaced; a capital at the beginning is kept."""
    text = _CODES.sub("errors", text) if lang == "en" else _CODE_ZH.sub("错误", text)
    for tier in TIERS:
        pattern, table = _table(lang, tier)

        def swap(match: re.Match[str], table: dict[str, str] = table) -> str:
            plain = "" if match.group().lower() in allowed else _plain(table, match.group())
            if not plain:
                return match.group()
            return plain[0].upper() + plain[1:] if match.group()[0].isupper() and match.start() == 0 else plain

        text = pattern.sub(swap, text)
    return text


@dataclass(frozen=True, slots=True)
class _Term:
    """A term found in a sentence: its tier (`identifier`, or one of `TIERS`), its place, its plain form."""

    tier: str
    start: int
    end: int
    plain: str


@lru_cache(maxsize=1024)
def _terms(text: str, lang: Lang) -> tuple[_Term, ...]:
    """Every term of a sentence; kept, since a key press changes one sentence only."""
    found: list[_Term] = []
    codes = _CODE_ZH if lang == "zh" else _CODES
    signs = [] if lang == "zh" else [pattern for sign, pattern in _IDENTIFIERS if sign in text]
    for pattern in (*signs, codes, _HOSTS):
        plain = pick(lang, "errors", "报错") if pattern is codes else ""
        found += [_Term("identifier", *match.span(), plain) for match in pattern.finditer(text)]
    found += [_Term("trade", *match.span(), "") for match in (_ACRONYM.finditer(text) if lang == "en" else ())]
    for tier in TIERS:
        pattern, table = _table(lang, tier)
        for match in pattern.finditer(text):
            if not _explained(text, match):
                found.append(_Term(tier, *match.span(), _plain(table, match.group())))
    return tuple(found)


def find(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """Terms to explain or replace, for those outside the team; executives and engineers know them."""
    if reader.audience not in OUTSIDE:
        return
    developers, public = speaks_to_developers(reviewed), speaks_to_public(reviewed)
    for sentence in reviewed.sentences:
        taken: list[tuple[int, int]] = []
        for term in _terms(sentence.text, reviewed.lang):
            known = term.tier == "trade" and developers
            hard = term.tier in ("identifier", "always", "trade") or (public and term.tier == "soft")
            said = sentence.text[term.start : term.end].lower().strip("` ")
            if known or said in reader.allowed or (not hard and not term.plain):
                continue
            if any(term.start < end and begin < term.end for begin, end in taken):
                continue
            taken.append((term.start, term.end))
            start, end = sentence.at(term.start, term.end)
            if hard:
                yield _jargon(reviewed, start, end, term.plain)
            else:
                why = pick(reviewed.lang, "there is a plainer word", "有更平实的说法")
                yield mark(reviewed, "plain-word", start, end, why, term.plain)


def _explained(text: str, match: re.Match[str]) -> bool:
    """An acronym that the text explains: "BGP (how networks find us)", "message queue (MQ)"."""
    after = text[match.end() : match.end() + 10]
    return bool(re.match(r"\s?[（(]", after)) and not re.match(r"\s?[（(](?:see|https?|参见)", after)


def _jargon(reviewed: ReviewedText, start: int, end: int, plain: str) -> Finding:
    return mark(
        reviewed, "jargon", start, end, pick(reviewed.lang, "means nothing to most customers", "多数客户看不懂"), plain
    )


def find_internal(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """A name of the team's own catalog (`jargon` to those outside, else `internal`), or of a person (`internal`)."""
    if reader.audience == "engineers" or not (reader.internal or reader.people):
        return
    foreign = "jargon" if reader.audience in OUTSIDE else "internal"
    for rule, names, why_en, why_zh, instead in (
        (foreign, reader.internal, "a name that only the team knows", "只有团队内部才懂的名称", ""),
        (
            "internal",
            reader.people,
            "a person's name does not belong in this text",
            "通报里不出现个人姓名",
            pick(reviewed.lang, "our team", "我们的团队"),
        ),
    ):
        for match in _names(names).finditer(reviewed.masked) if names else ():
            if match.group().lower() not in reader.allowed:
                yield mark(reviewed, rule, match.start(), match.end(), pick(reviewed.lang, why_en, why_zh), instead)


@cache
def _names(names: frozenset[str]) -> re.Pattern[str]:
    latin = [name for name in names if name and name.isascii()]
    han = [name for name in names if name and not name.isascii()]
    parts = ([bordered(latin)] if latin else []) + ([fragment(han)] if han else [])
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
