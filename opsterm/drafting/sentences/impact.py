"""The effect as sentences: who can't do what, how much, since when, who is spared, and what people can do meanwhile."""

import re

from opsterm.drafting.audience_fit import (
    bare,
    extent_in,
    is_clause,
    lower_first,
    spoken_in,
    translated,
    upper_first,
)
from opsterm.drafting.lexicon import data
from opsterm.drafting.sentences.writer import Writer
from opsterm.records.spell import hurt_seconds

_TROUBLE = re.compile(
    r"\b(?:errors?|late|later|wrong|delays?|delayed|slow|blank|empty|old|stale|twice|time-?outs?|no|nothing|old)\b",
    re.IGNORECASE,
)
_UNFIT_ZH = re.compile(r"(?:无法|不能|收不到|看不到|打不开|遇到|出现|曾|会)")
_VERB_ZH = re.compile(
    r"(?:登录|登陆|付款|支付|下单|刷卡|打开|访问|上传|下载|发送|接收|查看|搜索|使用|注册|重置|拨打"
    r"|结账|提交|充值|提现|转账|查询|预约|更新|创建|同步)"
)
_TROUBLE_ZH = re.compile(r"失败|缓慢|很慢|变慢|延迟|不了|错误|报错|超时|异常|中断")
_EXTENT_TOLD = re.compile(
    r"\d+(?:[.,]\d+)?\s?%|\b\d[\d,]* (?:in \d+|[a-z]+)\b|\b(?:all|every|everyone|nobody|no "
    r"effect|none|most|half)\b|所有|全部|[一二三四五六七八九]成|约?\s?\d+\s?(?:个|名|%|位)",
    re.IGNORECASE,
)


def effect(writer: Writer, over: bool = False) -> str:
    """Who can't do what, how much, since when, and who is spared."""
    return writer.join(who_what(writer, over), extent(writer, over), "" if over else since(writer), spared(writer))


def _part(writer: Writer, text: str) -> str:
    """One part of the effect in the draft's language: as it stands, or by the known pairs."""
    if not text:
        return ""
    return writer.piece(text) if spoken_in(text, writer.lang) else translated(text, writer.lang)


def who_what(writer: Writer, over: bool) -> str:
    """Who can't do what, from the recorded parts, else from the free form."""
    of = writer.incident
    who, what = _part(writer, of.impact_who), _part(writer, of.impact_what)
    if what:
        return _sentence_zh(writer, who, what, over) if writer.lang == "zh" else _sentence(writer, who, what, over)
    whole = writer.whole(of.impact)
    if whole:
        writer.told.add("impact")
        told = _in_past(bare(whole)) if over and writer.lang == "en" and not re.search(r"[.!?] ", whole) else ""
        if told:
            return writer.say("effect.clause", what=told)
        return writer.say("effect.was", what=whole) if over else writer.say("effect.text", text=whole)
    if who:
        return _cannot(writer, upper_first(who), writer.ask("what"), over)
    return writer.say("effect.clause", what=writer.ask("impact"))


def _cannot(writer: Writer, who: str, what: str, over: bool) -> str:
    name = "effect.could_not" if over else "effect.cannot"
    return writer.say(name, who=who, what=what) if who else writer.say(f"{name}_anyone", what=what)


def _sentence(writer: Writer, who: str, what: str, over: bool) -> str:
    """An English sentence from the two parts, by the grammar of what was recorded."""
    grammar = data("en")["grammar"]
    first, _, rest = what.partition(" ")
    verb = first.lower()
    suffers = verb in ("see", "get", "receive", "find", "have") and _TROUBLE.search(rest) is not None
    noun = is_clause(rest) and verb in ("check", "search", "call")
    if verb in grammar["bare_verbs"] and not suffers and not noun:
        return _cannot(writer, upper_first(who), what[0].lower() + what[1:], over)
    if over:
        told = _in_past(what)
        if not told:
            return writer.say("effect.was", what=f"{what}.")
        what = told
    if who and (verb in grammar["past"] or verb in ("was", "were", "could", "had", "got", "saw")):
        return writer.say("effect.predicate", who=upper_first(who), what=what)
    if who and is_clause(what):
        return writer.say("effect.clause_for", what=upper_first(what), who=lower_first(who))
    if who:
        return writer.say("effect.affected", who=upper_first(who), what=what)
    return writer.say("effect.clause", what=upper_first(what))


def _in_past(what: str) -> str:
    """An English clause told as past, as far as its verb is a known one; "" if none is."""
    past: dict[str, str] = data("en")["grammar"]["past"]
    words = what.split(" ")
    place = next((place for place, word in enumerate(words) if word.lower() in past), None)
    if place is not None:
        return " ".join([*words[:place], past[words[place].lower()], *words[place + 1 :]])
    return what if re.search(r"\b(?:was|were|could|had|did|\w+ed)\b", what) else ""


def _sentence_zh(writer: Writer, who: str, what: str, over: bool) -> str:
    if _UNFIT_ZH.match(what):
        return writer.say("effect.predicate", who=who or writer.say("effect.everyone"), what=what)
    if _VERB_ZH.match(what) and not _TROUBLE_ZH.search(what):
        return _cannot(writer, who, what, over)
    if who:
        return writer.say("effect.clause_for", who=who, what=what)
    return writer.say("effect.clause", what=what)


def extent(writer: Writer, over: bool) -> str:
    """How much or how many: as recorded, by its number alone, or asked for; "" where the free form says it."""
    recorded = writer.incident.impact_extent
    tail = "_was" if over else ""
    if recorded and spoken_in(recorded, writer.lang):
        fitted = writer.piece(recorded)
        if fitted:
            if writer.lang == "en" and is_clause(fitted):
                return writer.say("effect.extent_clause", extent=upper_first(fitted))
            if writer.lang == "zh" or _names_a_noun(fitted):
                return writer.say(f"effect.extent{tail}", extent=fitted)
            of = f"{fitted} of" if fitted.rstrip().endswith("%") else fitted
            return writer.say("effect.share_ask", extent=of, ask=writer.ask("extent_of"))
    if recorded:
        said, known = extent_in(recorded, writer.lang)
        if said:
            if known:
                return writer.say(f"effect.extent{tail}", extent=said)
            return writer.say("effect.share_ask", extent=said, ask=writer.ask("extent_of"))
    if "impact" in writer.told and _EXTENT_TOLD.search(writer.incident.impact):
        return ""
    return writer.say(f"effect.extent_ask{tail}", ask=writer.ask("extent"))


def _names_a_noun(extent: str) -> bool:
    bare_extent = re.sub(r"\b(?:about|around|roughly|most|over|than|more|least|less|in|of)\b", "", extent)
    return re.search(r"[A-Za-z]{3,}|[\u3400-\u9fff]{2,}", bare_extent) is not None


def since(writer: Writer) -> str:
    """Since when people are hurt."""
    at = writer.facts.effect_since
    if not at or at > writer.now:
        return writer.say("effect.since_ask", ask=writer.ask("since"))
    return writer.timed("effect.since_again" if writer.facts.came_back else "effect.since", at)


def lasted(writer: Writer) -> str:
    """From when to when people were hurt, and for how long in all where it came back."""
    if writer.facts.came_back:
        return _lasted_in_spells(writer)
    start, end = writer.facts.effect_since, writer.incident.resolved_at or writer.incident.mitigated_at
    if not start or not end or end < start or end > writer.now:
        return since(writer)
    return writer.say("effect.span", start=writer.clock.say(start), end=writer.clock.say(end))


def _lasted_in_spells(writer: Writer) -> str:
    hurt = writer.facts.hurt
    start, end = hurt[0].begun, hurt[-1].ended
    if not end or end > writer.now:
        return since(writer)
    return writer.say(
        "effect.spells",
        duration=writer.duration(round(hurt_seconds(hurt, writer.now) / 60)),
        n=writer.number(len(hurt)),
        start=writer.clock.say(start),
        end=writer.clock.say(end),
    )


def spared(writer: Writer) -> str:
    """Who or what is not hurt, if that is recorded."""
    said = _part(writer, writer.incident.impact_unaffected)
    if not said:
        return ""
    if writer.lang == "en" and is_clause(said):
        return writer.say("effect.unaffected_clause", what=upper_first(said))
    return writer.say("effect.unaffected", what=said)


def workaround(writer: Writer, name: str = "workaround.now") -> str:
    """What people can do meanwhile, under the phrase `name`; "" if nothing is recorded."""
    recorded = writer.incident.workaround
    if not recorded:
        return ""
    said = writer.piece(recorded) or ("" if spoken_in(recorded, writer.lang) else translated(recorded, writer.lang))
    return writer.fill(name, said, "workaround")
