"""Which word of the matrix a sender means, however it is written: `SEV-1`, `P1 - Critical`, `CRIT`, `1` (TRI-3)."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

CODE = re.compile(r"(?<![a-z0-9])(p|s|sev|severity|prio|priority)[\s_#:.-]*(\d)(?![0-9])")
DENIED = re.compile(r"\b(?:not|non|no|nicht|pas)[\s_-]+[^\W_]+")
"""A word that is denied is not meant: non-critical."""


def folded(word: str) -> str:
    """A word in small letters of the usual width and without accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word).lower()
    return unicodedata.normalize("NFC", "".join(one for one in apart if not "\u0300" <= one <= "\u036f"))


ABROAD: Mapping[str, str] = {
    "critical": "kritisch kritiek kritisk kritik critique critico critica krytyczny kriittinen критический критично"
    " критическая schwerwiegend katastrophal notfall dringend grave urgente"
    " 緊急 重大 致命 致命的 クリティカル 紧急 严重 危急 심각 긴급 위급",
    "high": "hoch haute haut eleve elevee alta alto hoog wysoki высокий высокая 高 높음",
    "error": "fehler erreur errore erro fout ошибка エラー 错误 오류",
    "warning": "warnung avertissement advertencia aviso avviso avvertimento waarschuwing varning advarsel ostrzezenie"
    " предупреждение mittel moyen moyenne media medio средний 警告 경고 中",
    "low": "niedrig gering faible basse bajo baja basso bassa baixo baixa laag низкий 低 낮음",
    "info": "hinweis informacion informazione informatie 情報 信息 정보",
}
"""What monitors say whose people write another language."""
SPELLINGS: Mapping[str, str] = {
    "crit": "critical",
    "alert": "critical",
    "emerg": "emergency",
    "panic": "emergency",
    "urgent": "critical",
    "highest": "critical",
    "blocker": "critical",
    "err": "error",
    "medium": "warning",
    "moderate": "warning",
    "average": "warning",
    "minor": "warning",
    "lowest": "low",
    "trivial": "low",
    "debug": "info",
    "information": "info",
    "severe": "critical",
    **{folded(word): meaning for meaning, words in ABROAD.items() for word in words.split()},
}
"""Other spellings of what a matrix usually has; a policy adds its own."""

LEAST, WORST = frozenset("456789"), frozenset({"critical", "high", "emergency", "fatal", "disaster", "urgent"})
"""Numbers of what is least, and words of what is worst: `4 - High` and `5 - Disaster` count from the least."""

GRAVE = frozenset({"critical", "emergency", "fatal", "disaster", "major", "warning", "warn"})
"""What a title says of how bad it is where it begins with it; an error there is often the name of an exception."""
AMBIGUOUS = frozenset({"alert", "media", "medio", "grave"})
"""Spellings that a title begins with and means something else."""
BRACKETED = re.compile(r"[\[(【]\s*([^\[\]()【】]{2,40}?)\s*[\])】]")
LED = re.compile(r"\s*([^\W_][^:|\u2013\u2014]{0,30}?)\s*(?::|\||\u2013|\u2014|\s-)\s")
MARKS = 300
"""Characters of a title in which a mark is looked for."""


def marked(title: str) -> str:
    """The severity that a title is marked with, `[SEV1] …`, `CRITICAL: …`, `… (P2)`; empty where it is not.

    Only what is grave counts: a title alone makes nothing less than it would be without a word.
    """
    told = title[:MARKS]
    led = LED.match(BRACKETED.sub("", told).lstrip())
    words = [*BRACKETED.findall(told), *([led[1]] if led else [])]
    return next((word for word in words if _is_grave(folded(word))), "")


def _is_grave(word: str) -> bool:
    code = CODE.fullmatch(word)
    if code:
        return code[1] != "s" and int(code[2]) <= 3
    return word not in AMBIGUOUS and (word in GRAVE or SPELLINGS.get(word) in GRAVE)


def plain(word: str) -> str:
    """A severity however its sender writes it: SEV-1, sev 1 and sev_1 are one word."""
    return re.sub(r"[\s_-]", "", folded(word))


def meant(severity: str, known: Collection[str], spellings: Mapping[str, str]) -> str:
    """The first word in what the sender says that the matrix knows; empty when it knows none."""
    own = {folded(word): meaning for word, meaning in spellings.items()}
    return next((word for word in _words(severity, own) if word in known), "")


def _words(severity: str, spellings: Mapping[str, str]) -> Iterator[str]:
    """The whole, then its code, then its words one by one, each as it stands and as it is usually spelt."""
    whole = folded(severity).strip()
    yield plain(whole)
    told = DENIED.sub(" ", whole)
    for name, number in CODE.findall(told):
        yield f"{name}{number}"
        yield f"{name[0]}{number}" if name.startswith("p") else f"sev{number}"
    words = re.findall(r"[^\W_]+", told)
    if words and re.fullmatch(r"\d", words[0]) and not (words[0] in LEAST and WORST & {*words}):
        yield f"sev{words[0]}"
    for word in (plain(whole), *words):
        yield word
        yield spellings.get(word) or SPELLINGS.get(word, "")
