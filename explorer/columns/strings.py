"""Strings of a column as an arrow array: trimmed, what stands for no value left out, each different one once.

It knows no numbers and no dates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import NEVER_AN_ANSWER, NOTHING

SAMPLE = 1000
"""Values of a column that its kind is judged by, spread evenly over it."""
_UNANSWERED = (
    "na|n/a|n.a.|n. a.|n/d|n.d.|n. d.|s/o|s.o.|s/d|n/r|n.r.|n/k|nan|null|none|nil|.|..|...|…|??|???|---|----|_|__"
    "|no answer|no response|not answered|not available|not applicable|not known|not given|not specified|not stated"
    "|not provided|none given|no value|no data|unknown|missing|blank|empty|prefer not to say|refused"
    "|don't know|don’t know|dk|dk/na"
    "|k. a.|k.a.|k.a|ka|keine angabe|keine angaben|keine antwort|ohne angabe|o. a.|o.a.|unbekannt|entfällt|n. v."
    "|n.v.|nicht bekannt|nicht verfügbar|nicht angegeben|weiß nicht|weiss nicht|fehlt|leer"
    "|n.c.|nc|non communiqué|non renseigné|sans objet|sans réponse|pas de réponse|inconnu|aucun|aucune|nsp"
    "|sin dato|sin datos|sin respuesta|no disponible|no aplica|no contesta|no consta|ns/nc|desconocido"
    "|sem dados|sem resposta|não informado|não se aplica|não disponível|desconhecido"
    "|n.p.|non disponibile|non applicabile|nessuna risposta|nessun dato|sconosciuto"
    "|n.v.t.|nvt|n.b.|onbekend|geen antwoord|niet bekend|niet van toepassing|geen"
    "|b.d.|brak|brak danych|nie dotyczy|bez odpowiedzi|nieznany|neuvedeno|není známo"
    "|saknas|uppgift saknas|ej svar|inget svar|okänt|ikke oplyst|ukendt|ikke oppgitt|ukjent|ei tietoa|ei vastausta"
    "|yok|bilinmiyor|cevap yok|н/д|нет|нет данных|нет ответа|неизвестно"
    "|なし|無し|不明|該当なし|無回答|未回答|无|不详|未知|暂无|無|없음|무응답|모름"
)
UNANSWERED = frozenset(_UNANSWERED.split("|"))
"""What people write, in small letters, where they have no number or no date; among words each may be an answer."""
_LONGEST_UNANSWERED = max(map(len, UNANSWERED)) + 1
_EMPTY_LISTS = frozenset({"[]", "{}"})
_BEHIND_SIGNS = frozenset(["", " ", *"0123456789"])
"""What makes a value that begins with a sign no path and no option: a number, an item of a list."""
_SPACES = "[\u00a0\u2007\u2009\u202f]"


def trimmed(values: Any) -> Any:
    """Return values of a pandas Series of strings as an arrow array without blanks around them, null for nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = pa.array(values, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    texts = pc.utf8_trim_whitespace(array.cast(pa.large_string()))
    texts = pc.replace_substring(pc.replace_substring_regex(texts, _SPACES, " "), "\u2212", "-")
    short = pc.utf8_lower(pc.utf8_slice_codeunits(texts, 0, _LONGEST_UNANSWERED))
    unanswered = pc.is_in(short, pa.array(sorted(UNANSWERED), pa.large_string()))
    absent = pc.or_(unanswered, pc.is_in(texts, pa.array(["", *NOTHING], pa.large_string())))
    return pc.if_else(absent, pa.scalar(None, pa.large_string()), texts)


def says_nothing(values: Any) -> NDArray[np.bool_]:
    """Say which values of a pandas Series stand for none among numbers and dates, bool (n,)."""
    if not are_strings(values):
        return np.asarray(values.isna().to_numpy(), np.bool_)
    return np.asarray(trimmed(values).is_null().to_numpy(zero_copy_only=False), np.bool_)


def never_answers(values: Any) -> NDArray[np.bool_]:
    """Say which strings of a pandas Series never are an answer, bool (n,): “-”, “n/a”.

    A sign with which most other values begin is one of their kind: “/” among paths, “.” among files, “-” among options.
    """
    texts = values.str.strip()
    none = np.asarray(texts.str.lower().isin(NEVER_AN_ANSWER).fillna(False).to_numpy(), np.bool_)
    if not none.any():
        return none
    signs = [one for one in texts[none].unique() if not any(map(str.isalnum, one)) and one not in _EMPTY_LISTS]
    if not signs:
        return none
    others = spread(texts[~none].dropna().to_numpy())
    for sign in signs:
        begun = sum(one.startswith(sign[0]) and one[1:2] not in _BEHIND_SIGNS for one in others)
        if 2 * begun > len(others):
            none = none & ~np.asarray(texts.eq(sign).fillna(False).to_numpy(), np.bool_)
    return none


def only_stands_for_none(values: Any, *, among_words: bool) -> NDArray[np.bool_]:
    """Say which values of a pandas Series are there and stand for none, such as “k. A.”, bool (n,).

    *among_words* only what is never an answer does.
    """
    if not are_strings(values):
        return np.zeros(len(values), np.bool_)
    texts = values.str.strip()
    none = never_answers(texts) if among_words else says_nothing(values)
    if not none.any():
        return np.zeros(len(values), np.bool_)
    there = texts.notna().to_numpy(np.bool_) & ~texts.eq("").fillna(True).to_numpy(np.bool_)
    return np.asarray(there & none, np.bool_)


def different(texts: Any) -> tuple[Any, NDArray[np.int64]]:
    """Return the different strings of an arrow array, nulls left out, and for each value its place, -1 for a null."""
    import pyarrow.compute as pc

    coded = pc.dictionary_encode(texts)
    places = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return coded.dictionary, places


def spread(values: Any, most: int = SAMPLE) -> Any:
    """Return at most so many values of an array, evenly spread over it."""
    n = len(values)
    return values if n <= most else values.take(np.linspace(0, n - 1, most).astype(np.int64))


def are_strings(values: Any) -> bool:
    """Say whether a pandas Series holds strings and nothing else."""
    import pandas as pd

    if values.dtype == object:
        return bool(pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty"))
    return bool(pd.api.types.is_string_dtype(values))
