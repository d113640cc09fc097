"""Participles and verbal nouns of Arabic verbs by the patterns of forms I to X (no data, no I/O).

Source of the patterns: W. Wright, A Grammar of the Arabic Language (3rd ed., 1896), part II, 195-240.
Words are given and returned without short vowels; shadda is read, never returned.
"""

from __future__ import annotations

import re

SHADDA = "\u0651"
_VOWELS = re.compile("[\u064b-\u0650\u0652\u0670]")


def bare(word: str) -> str:
    """``word`` without vowel signs and shadda."""
    return _VOWELS.sub("", word).replace(SHADDA, "")


def letters(word: str) -> list[str]:
    """The letters of a verb; a letter with shadda counts twice."""
    out: list[str] = []
    for c in _VOWELS.sub("", word):
        out.append(out[-1] if c == SHADDA else c)
    return out


def uncontracted(vocalised: str, form: str) -> bool:
    """True for the jussive of a doubled verb with both letters written (يقرر of أقر): news does not
    write it, and it is the spelling of another verb."""
    marked = _VOWELS.sub("", vocalised)
    return marked.endswith(SHADDA) and form[-1:] == form[-2:-1]


def participle(vocalised: str, present: str, *, form_one: bool) -> str:
    """The active participle (masculine, with its final ي if weak), or "" if it is not in use."""
    if form_one:
        return _participle_one(vocalised)
    stem = "م" + bare(present)[1:]
    if stem[-1] in "أؤ":  # يتنبأ → متنبئ
        return stem[:-1] + "ئ"
    if stem[-2] in "أؤء" and stem[-1] not in "يى":  # يتساءل → متسائل
        return stem[:-2] + "ئ" + stem[-1]
    return stem


def _participle_one(vocalised: str) -> str:
    marked = _VOWELS.sub("", vocalised)
    plain = marked.replace(SHADDA, "")
    if len(plain) == 2:  # ردّ → راد
        return f"{plain[0]}ا{plain[1]}"
    first, second, third = plain
    if third == "ء" or (second == "أ" and third == "ى"):  # جاء, رأى
        return ""
    if second == "ا" or second == "أ":  # قال → قائل, سأل → سائل
        return f"{first}ائ{third}"
    if third in "اىي":  # دعا → داعي
        third = "ي"
    if third == "أ":
        third = "ئ"
    return f"آ{second}{third}" if first == "أ" else f"{first}ا{second}{third}"


def masdars(vocalised: str) -> list[str]:
    """The regular verbal noun of a derived verb (forms II to X, quadriliterals) and its plural, the
    plural marked with "+"."""
    word = masdar(vocalised)
    if not word:
        return []
    if word.endswith("ة"):
        return [word, "+" + word[:-1].removesuffix("ا") + "ات"]
    return [word, "+" + word + "ات"]


def masdar(vocalised: str) -> str:
    """The regular verbal noun of a derived verb, or "" where there is no rule here (XI and rarer)."""
    x = letters(vocalised)
    weak = x[-1] in "اى"
    if len(x) == 6 and x[:3] == ["ا", "س", "ت"]:  # X
        if x[4] == "ا":  # استغاث → استغاثة
            return "".join(x) + "ة"
        if x[3] == "و":
            x[3] = "ي"
        return _with_alif(x)
    if len(x) == 5 and x[0] == "ا":  # VII, VIII
        if x[3] == "ا":  # ارتاب → ارتياب
            return bare(vocalised)[:-2] + "يا" + x[-1]
        tail = _with_alif(x)
        return tail if x[1] != x[2] else tail[0] + tail[2:]
    if len(x) == 5 and x[0] == "ت":  # V, VI
        if weak:
            return bare(vocalised)[:-1] + "ي"
        if x[-1] == "أ":
            return bare(vocalised)[:-1] + "ؤ"
        plain = bare(vocalised)
        return plain[:-2] + "ؤ" + plain[-1] if plain[-2] == "ء" else plain
    if len(x) == 4 and x[1] == x[2] and x[3] != x[2]:  # II
        if weak:
            return f"ت{x[0]}{x[1]}ية"
        if x[3] == "أ":
            return f"ت{x[0]}{x[1]}ئة"
        return f"ت{x[0]}{x[1]}ي{x[3]}"
    if len(x) == 4 and x[1] == x[2]:  # II with equal radicals: حدّد, ردّد
        return f"ت{x[0]}{x[1]}ي{x[3]}"
    if x[0] == "آ":  # آخذ → مؤاخذة
        return "مؤا" + "".join(x[1:]) + "ة"
    if len(x) == 4 and x[1] == "ا":  # III
        return "م" + "".join(x[:3]) + ("اة" if weak else x[3] + "ة")
    if len(x) == 4 and x[0] == "أ":  # IV
        if x[2] == "ا":  # أشار → إشارة
            return "إ" + "".join(x[1:]) + "ة"
        if x[1] in "وي":
            x[1] = "ي"
        x[0] = "إ"
        return _with_alif(x)
    if len(x) == 4:  # quadriliteral: طمأن → طمأنة
        return "".join(x) + "ة"
    return ""


def _with_alif(x: list[str]) -> str:
    """افتعل → افتعال; a weak or hamza end gives اء."""
    if x[-1] in "اىأ":
        return "".join(x[:-1]) + "اء"
    return "".join(x[:-1]) + "ا" + x[-1]
