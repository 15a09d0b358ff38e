"""Tells by its words in which order the answers of a scale stand: agreement, frequency, quality, sizes, and the like.

The words are those of questionnaires in English, German, French, Spanish, Italian, Portuguese and Dutch.  It changes
no value, and knows no numbers, months and weekdays: `labels` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

_SCALES = (
    # agreement
    "strongly disagree|disagree strongly|completely disagree|totally disagree|fully disagree|do not agree at all"
    ";disagree|mostly disagree|do not agree;somewhat disagree|slightly disagree|rather disagree|tend to disagree"
    "|disagree somewhat|disagree slightly;neutral|neither agree nor disagree|neither disagree nor agree|neither"
    "|undecided;somewhat agree|slightly agree|rather agree|tend to agree|agree somewhat|agree slightly;agree"
    "|mostly agree;strongly agree|agree strongly|completely agree|totally agree|fully agree",
    "stimme überhaupt nicht zu|stimme gar nicht zu|trifft überhaupt nicht zu|trifft gar nicht zu|lehne völlig ab"
    ";stimme nicht zu|trifft nicht zu|lehne ab;stimme eher nicht zu|trifft eher nicht zu|trifft weniger zu"
    ";neutral|teils/teils|teils, teils|teils teils|teils-teils|weder noch|unentschieden|teilweise|stimme teilweise zu"
    "|trifft teilweise zu;stimme eher zu|trifft eher zu;stimme zu|trifft zu|trifft überwiegend zu;stimme voll zu"
    "|stimme voll und ganz zu|stimme völlig zu|trifft voll zu|trifft voll und ganz zu|trifft völlig zu"
    "|stimme sehr zu",
    "pas du tout d'accord|tout à fait en désaccord|fortement en désaccord;pas d'accord|en désaccord"
    ";plutôt pas d'accord|plutôt en désaccord;neutre|ni d'accord ni pas d'accord|ni d'accord, ni pas d'accord"
    "|ni en accord ni en désaccord|indécis;plutôt d'accord;d'accord;tout à fait d'accord|totalement d'accord"
    "|entièrement d'accord|fortement d'accord",
    "totalmente en desacuerdo|muy en desacuerdo;en desacuerdo;algo en desacuerdo;neutral"
    "|ni de acuerdo ni en desacuerdo|indiferente|indeciso;algo de acuerdo;de acuerdo;totalmente de acuerdo"
    "|muy de acuerdo",
    "fortemente in disaccordo|totalmente in disaccordo|completamente in disaccordo|per niente d'accordo"
    ";in disaccordo|non d'accordo;abbastanza in disaccordo|poco d'accordo;neutrale|né d'accordo né in disaccordo"
    "|neutro|indeciso;abbastanza d'accordo;d'accordo;molto d'accordo;totalmente d'accordo|completamente d'accordo"
    "|fortemente d'accordo",
    "helemaal mee oneens|helemaal niet mee eens|zeer mee oneens|helemaal oneens;mee oneens|niet mee eens|oneens"
    ";beetje mee oneens;neutraal|niet mee eens, niet mee oneens|noch mee eens, noch mee oneens"
    "|noch eens noch oneens;beetje mee eens;mee eens|eens;zeer mee eens|helemaal mee eens|helemaal eens"
    "|volledig mee eens",
    # satisfaction
    "extremely dissatisfied;very dissatisfied|very unsatisfied|completely dissatisfied;dissatisfied|unsatisfied"
    "|not satisfied;somewhat dissatisfied|slightly dissatisfied;neutral|neither satisfied nor dissatisfied"
    "|neither|ok;somewhat satisfied|slightly satisfied;satisfied;very satisfied|completely satisfied"
    ";extremely satisfied",
    "sehr unzufrieden|völlig unzufrieden|gar nicht zufrieden;unzufrieden|nicht zufrieden;eher unzufrieden"
    "|weniger zufrieden;neutral|teils/teils|teils, teils|weder noch;eher zufrieden;zufrieden;sehr zufrieden"
    "|völlig zufrieden",
    "très insatisfait|très mécontent|pas du tout satisfait;insatisfait|mécontent|pas satisfait;plutôt insatisfait"
    "|peu satisfait;neutre|ni satisfait ni insatisfait;plutôt satisfait|assez satisfait;satisfait;très satisfait",
    "muy insatisfecho|nada satisfecho;insatisfecho;poco satisfecho|algo insatisfecho;neutral"
    "|ni satisfecho ni insatisfecho;algo satisfecho|bastante satisfecho;satisfecho;muy satisfecho",
    "molto insoddisfatto|per niente soddisfatto;insoddisfatto;poco soddisfatto;neutrale"
    "|né soddisfatto né insoddisfatto;abbastanza soddisfatto;soddisfatto;molto soddisfatto",
    "zeer ontevreden|erg ontevreden;ontevreden;enigszins ontevreden;neutraal|niet tevreden, niet ontevreden"
    ";enigszins tevreden;tevreden;zeer tevreden|erg tevreden",
    # likelihood
    "extremely unlikely;very unlikely;unlikely;somewhat unlikely;neutral|neither likely nor unlikely|maybe"
    "|possible;somewhat likely;likely;very likely;extremely likely|certain",
    "sehr unwahrscheinlich;unwahrscheinlich;eher unwahrscheinlich;neutral|vielleicht;eher wahrscheinlich"
    ";wahrscheinlich;sehr wahrscheinlich",
    "très improbable;improbable|peu probable;neutre|peut-être;probable|assez probable;très probable",
    "muy improbable|nada probable;improbable|poco probable;neutral|quizás;probable|bastante probable;muy probable",
    "molto improbabile;improbabile|poco probabile;neutrale|forse;probabile|abbastanza probabile;molto probabile",
    "zeer onwaarschijnlijk;onwaarschijnlijk;neutraal|misschien;waarschijnlijk;zeer waarschijnlijk",
    "definitely not|certainly not|definitely no;no;probably not|rather not|rather no;maybe|possibly|perhaps"
    "|unsure|not sure;probably|probably yes|rather yes;yes;definitely|definitely yes|certainly",
    "auf keinen fall|bestimmt nicht|sicher nicht;nein;wahrscheinlich nicht|eher nicht|eher nein;vielleicht"
    "|unsicher;wahrscheinlich|eher ja|eher schon;ja;auf jeden fall|ganz bestimmt|sicher|bestimmt",
    "certainement pas;non;probablement pas|plutôt non;peut-être;probablement|plutôt oui;oui;certainement",
    "seguro que no;no;probablemente no|más bien no;quizás|tal vez;probablemente|más bien sí|probablemente sí;sí"
    ";seguro que sí",
    "sicuramente no;no;probabilmente no|piuttosto no;forse;probabilmente|probabilmente sì|piuttosto sì;sì"
    ";sicuramente sì",
    "zeker niet;nee;waarschijnlijk niet|eerder niet;misschien;waarschijnlijk wel|eerder wel;ja;zeker wel",
    # frequency
    "never;almost never|hardly ever|very rarely;rarely|seldom;occasionally|once in a while;sometimes;regularly"
    ";often|frequently;very often|very frequently;usually|mostly|most of the time;almost always|nearly always"
    ";always|all the time",
    "never;less than once a year|less often|less frequently;yearly|annually|once a year;several times a year"
    "|a few times a year;quarterly|once a quarter;less than once a month;monthly|once a month|every month"
    ";several times a month|a few times a month;weekly|once a week|every week;several times a week"
    "|a few times a week;daily|once a day|every day;several times a day|multiple times a day",
    "nie|niemals;fast nie|sehr selten;selten;gelegentlich|ab und zu;manchmal|hin und wieder;regelmäßig;oft|häufig"
    ";sehr oft|sehr häufig;meistens|meist;fast immer;immer|stets",
    "nie|niemals;seltener;jährlich|einmal im jahr;mehrmals im jahr;vierteljährlich;monatlich|einmal im monat"
    ";mehrmals im monat;wöchentlich|einmal pro woche|einmal in der woche;mehrmals pro woche|mehrmals in der woche"
    ";täglich|jeden tag;mehrmals täglich|mehrmals am tag",
    "jamais;presque jamais|très rarement;rarement;occasionnellement|de temps en temps;parfois|quelquefois"
    ";régulièrement;souvent|fréquemment;très souvent;la plupart du temps;presque toujours;toujours",
    "nunca|jamás;casi nunca;raramente|rara vez|pocas veces;ocasionalmente|de vez en cuando;a veces|algunas veces"
    ";regularmente;a menudo|con frecuencia|frecuentemente|muchas veces;muy a menudo;casi siempre;siempre",
    "mai;quasi mai;raramente;occasionalmente|ogni tanto;a volte|qualche volta;regolarmente;spesso;molto spesso"
    ";quasi sempre;sempre",
    "nooit;bijna nooit|zelden of nooit;zelden;af en toe;soms;regelmatig;vaak|dikwijls;heel vaak|zeer vaak;meestal"
    ";bijna altijd;altijd",
    # quality
    "very poor|very bad|terrible|awful;poor|bad;fair|below average|mediocre;average|ok|okay|neutral|acceptable"
    "|so-so;good|above average;very good;excellent|outstanding|great;perfect",
    "ungenügend|sehr schlecht|katastrophal;schlecht|mangelhaft;eher schlecht;ausreichend|mäßig;mittel|neutral"
    "|mittelmäßig|okay|ok|durchschnittlich|befriedigend;eher gut;gut;sehr gut;ausgezeichnet|hervorragend"
    "|exzellent",
    "très mauvais|très mauvaise;mauvais|mauvaise;médiocre|passable;moyen|moyenne|neutre|correct;assez bien"
    "|assez bon;bon|bonne|bien;très bon|très bonne|très bien;excellent|excellente",
    "muy malo|muy mala|pésimo;malo|mala;regular|neutral|aceptable;bueno|buena;muy bueno|muy buena;excelente",
    "pessimo|molto cattivo|molto scarso;cattivo|scarso|insufficiente;sufficiente|mediocre|neutrale;discreto;buono"
    "|buona;molto buono|molto buona|distinto;ottimo|eccellente",
    "zeer slecht|heel slecht;slecht|onvoldoende;matig;neutraal|voldoende|gemiddeld|redelijk;goed;zeer goed"
    "|heel goed;uitstekend|uitmuntend",
    # importance
    "not important at all|not at all important|completely unimportant;unimportant|not important"
    "|not very important;slightly important|less important|of little importance;neutral|somewhat important"
    "|moderately important;important|fairly important;very important;extremely important|essential",
    "überhaupt nicht wichtig|gar nicht wichtig|völlig unwichtig|sehr unwichtig;unwichtig|nicht wichtig"
    ";eher unwichtig|weniger wichtig;neutral|teils/teils;eher wichtig;wichtig;sehr wichtig;äußerst wichtig",
    "pas du tout important;pas important;peu important;neutre|moyennement important;assez important"
    "|plutôt important;important;très important;essentiel",
    "nada importante;no importante;poco importante;neutral|algo importante;bastante importante;importante"
    ";muy importante",
    "per niente importante;non importante;poco importante;neutrale;abbastanza importante;importante"
    ";molto importante",
    "helemaal niet belangrijk;niet belangrijk|onbelangrijk;minder belangrijk;neutraal;vrij belangrijk;belangrijk"
    ";zeer belangrijk",
    # how much
    "none;lowest|minimal|trivial;very low;low|minor;medium low;medium|moderate|mid|normal|middle|average"
    ";medium high;high|major|severe;very high;urgent;critical|highest|extreme|blocker",
    "keine|keiner;sehr niedrig|sehr gering;niedrig|gering|leicht;mittel|mäßig|normal;hoch|schwer;sehr hoch"
    "|sehr schwer;dringend;kritisch",
    "aucun|aucune;très faible|très bas|très basse;faible|bas|basse;moyen|moyenne|modéré|modérée|normal|normale"
    ";élevé|élevée|haut|haute;très élevé|très élevée;urgent|urgente;critique",
    "ninguno|ninguna;muy bajo|muy baja;bajo|baja;medio|media|moderado|moderada|normal;alto|alta;muy alto|muy alta"
    ";urgente;crítico|crítica",
    "nessuno|nessuna;molto basso|molto bassa;basso|bassa;medio|media|moderato|normale;alto|alta;molto alto"
    "|molto alta;urgente;critico|critica",
    "geen;zeer laag|heel laag;laag;gemiddeld|middel|matig|normaal;hoog;zeer hoog|heel hoog;dringend|urgent"
    ";kritiek",
    "not at all;very little;a little|slightly|a little bit;somewhat|moderately|partly|to some extent;quite a bit"
    "|mostly|quite|fairly;very much|a lot|very|a great deal;completely|extremely|fully",
    "gar nicht|überhaupt nicht;kaum|sehr wenig;wenig|ein wenig|etwas|ein bisschen;mittelmäßig|teilweise|mittel"
    ";ziemlich|überwiegend;sehr|stark|viel;völlig|vollständig|sehr stark|äußerst",
    "pas du tout;très peu;un peu|peu;moyennement|en partie;assez|plutôt;beaucoup|très;tout à fait|complètement"
    "|énormément",
    "nada|en absoluto;muy poco;poco|un poco;algo|moderadamente;bastante;mucho|muy;totalmente|completamente",
    "per niente|per nulla|affatto;molto poco;poco|un po';moderatamente|in parte;abbastanza;molto;moltissimo"
    "|completamente",
    "helemaal niet;nauwelijks;weinig|een beetje;enigszins|gedeeltelijk;tamelijk|redelijk;veel|zeer|erg;helemaal"
    "|volledig",
    # feeling, difficulty, skill, size, and what else has an order
    "very negative;negative;somewhat negative|slightly negative;neutral|mixed;somewhat positive|slightly positive"
    ";positive;very positive",
    "sehr negativ;negativ;eher negativ;neutral|gemischt;eher positiv;positiv;sehr positiv",
    "très négatif|très négative;négatif|négative;neutre|mitigé;positif|positive;très positif|très positive",
    "muy negativo|muy negativa;negativo|negativa;neutral|neutro|mixto;positivo|positiva;muy positivo|muy positiva",
    "molto negativo|molto negativa;negativo|negativa;neutro|neutrale|misto;positivo|positiva;molto positivo"
    "|molto positiva",
    "zeer negatief;negatief;neutraal|gemengd;positief;zeer positief",
    "very easy;easy|simple;medium|moderate|neutral|average|intermediate;hard|difficult;very hard|very difficult"
    ";expert",
    "sehr leicht|sehr einfach;leicht|einfach;mittel|neutral;schwer|schwierig;sehr schwer|sehr schwierig",
    "très facile;facile;moyen|neutre;difficile;très difficile",
    "muy fácil;fácil;medio|neutral|normal;difícil;muy difícil",
    "molto facile;facile;medio|neutrale;difficile;molto difficile",
    "zeer makkelijk|heel makkelijk;makkelijk|gemakkelijk;gemiddeld|neutraal;moeilijk;zeer moeilijk|heel moeilijk",
    "beginner|novice|basic|elementary;pre-intermediate;intermediate;upper intermediate|upper-intermediate"
    ";advanced;expert|proficient|fluent;native",
    "anfänger|anfängerin|grundkenntnisse;fortgeschritten|fortgeschrittene;experte|expertin|fließend;muttersprache",
    "tiny|extra small|very small;small;medium;large|big;extra large|very large;huge",
    "sehr klein|winzig;klein;mittel|mittelgroß;groß;sehr groß|riesig",
    "très petit;petit|petite;moyen|moyenne;grand|grande;très grand|très grande",
    "muy pequeño;pequeño|pequeña;mediano|mediana;grande;muy grande",
    "molto piccolo;piccolo|piccola;medio|media;grande;molto grande",
    "heel klein;klein;gemiddeld|middel;groot;heel groot",
    "junior;mid|mid-level|intermediate;senior;lead|principal",
    "freezing|very cold;cold;cool;mild|lukewarm;warm;hot;very hot",
    "very slow;slow;medium|moderate|normal|average;fast|quick;very fast",
    "worse|much worse|a lot worse|far worse|somewhat worse|slightly worse|a little worse|a bit worse;same"
    "|the same|about the same|unchanged|no change;better|much better|a lot better|far better|somewhat better"
    "|slightly better|a little better|a bit better",
    "much lower|lower|slightly lower|somewhat lower;same|the same|about the same;higher|much higher"
    "|slightly higher|somewhat higher",
    "much less|less|slightly less|somewhat less;same|the same|about the same;more|much more|slightly more"
    "|somewhat more",
    "decreased|decreased a lot|decreased slightly|decreased somewhat;stayed the same|same|unchanged|no change"
    ";increased|increased a lot|increased slightly|increased somewhat",
    "schlechter|viel schlechter|deutlich schlechter|etwas schlechter;gleich|gleich geblieben|unverändert"
    ";besser|viel besser|deutlich besser|etwas besser",
    "pire|bien pire|beaucoup moins bien|moins bien|un peu moins bien;pareil|identique|inchangé"
    ";mieux|bien mieux|beaucoup mieux|un peu mieux",
    "peor|mucho peor|algo peor|un poco peor;igual|sin cambios;mejor|mucho mejor|algo mejor|un poco mejor",
    "peggio|molto peggio|un po' peggio;uguale|come prima;meglio|molto meglio|un po' meglio",
    "pior|muito pior|um pouco pior;igual|na mesma;melhor|muito melhor|um pouco melhor",
    "slechter|veel slechter|iets slechter;gelijk|hetzelfde;beter|veel beter|iets beter",
    "discordo totalmente|discordo completamente|discordo muito;discordo;discordo parcialmente|discordo em parte"
    "|discordo um pouco;neutro|nem concordo nem discordo|nem discordo nem concordo|indiferente|indeciso"
    ";concordo parcialmente|concordo em parte|concordo um pouco;concordo;concordo totalmente"
    "|concordo completamente|concordo muito",
    "muito insatisfeito|muito insatisfeita|nada satisfeito;insatisfeito|insatisfeita;pouco satisfeito;neutro"
    "|indiferente;satisfeito|satisfeita;muito satisfeito|muito satisfeita",
    "nunca|jamais;quase nunca;raramente;ocasionalmente|de vez em quando;às vezes|algumas vezes;regularmente"
    ";frequentemente|muitas vezes;muito frequentemente;quase sempre;sempre",
    "muito mau|muito má|péssimo|muito ruim;mau|má|ruim;regular|razoável|neutro|aceitável;bom|boa;muito bom"
    "|muito boa;excelente|ótimo",
    "muito fácil;fácil;médio|neutro|normal;difícil;muito difícil",
    "one|one star;two|two stars;three|three stars;four|four stars;five|five stars;six;seven;eight;nine;ten",
    "eins|ein stern;zwei|zwei sterne;drei|drei sterne;vier|vier sterne;fünf|fünf sterne;sechs;sieben;acht;neun"
    ";zehn",
    "first;second;third;fourth;fifth;sixth;seventh;eighth;ninth;tenth",
    "spring;summer;autumn|fall;winter",
    "frühling|frühjahr;sommer;herbst;winter",
    "morning|early morning;noon|midday;afternoon;evening;night|late night",
)  # fmt: skip
"""A scale each, from the least to the most: levels parted by “;”, the words of one by “|”."""
_SIZES = re.compile(r"(?P<times>\d{1,2})?(?P<more>x*)(?P<size>[sml])")
_MIDDLE = {"s": -1, "m": 0, "l": 1}
_STARS = re.compile("([★⭐])+\ufe0f?([☆✩])*")
_BESIDE = frozenset(
    """don't know|don't remember|can't remember|no response|refused|declined|decline to answer
    |do not know|dont know|no opinion|not applicable|does not apply|n/a|no answer|prefer not to say
    |prefer not to answer|can't say|cannot say|weiss nicht|weiß ich nicht|kann ich nicht beurteilen|keine angabe
    |kann ich nicht sagen|k. a|k.a|keine meinung|keine antwort|ne sais pas|je ne sais pas
    |ne sait pas|ne répond pas|refus|non réponse
    |sans opinion|sans avis|non concerné
    |ne se prononce pas|nsp|no sé|no lo sé|no sabe|no contesta|no responde|não sei|não sabe|não responde
    |não se aplica|sem opinião|ns/nc|no aplica|sin opinión|non so|non sa|non risponde
    |nessuna opinione|non applicabile|weet niet|weet ik niet|geen mening|niet van toepassing|nvt
    |n.v.t""".replace("\n", "").replace("    ", "").split("|")
)  # fmt: skip
"""Answers that stand on no scale: they are last."""
_UNSURE = frozenset(
    """not sure|unsure|uncertain|i am not sure|i'm not sure|unsicher|nicht sicher|pas sûr|pas sûre|no estoy seguro
    |non sono sicuro|não tenho certeza|niet zeker""".replace("\n", "").replace("    ", "").split("|")
)  # fmt: skip
"""So are these, where no scale of the others has them."""
_EITHER = re.compile(r"\s*[,;]\s+|\s+(?:/|or|oder|ou|o|of)\s+|(?<=\w{4})/(?=\w{4})")
"""What is between two answers in one: “don't know / unsure”."""
_NEITHER = re.compile(r"(?:neither|weder|ni|né|ne|noch|nem|niet) (.+?),? (?:nor|noch|ni|né|ne|nem|niet) (.+)")
"""The middle of what it names."""
_NUMBERED = re.compile(r"[(\[]\s*[+-]?\d{1,2}\s*[)\]]")
"""The number of an answer, before or behind it."""
_DEGREES = (
    (3, "completely|totally|fully|extremely|absolutely|entirely|völlig|voll|äußerst|überhaupt|totalement|entièrement"
        "|totalmente|completamente|helemaal|volledig|moltissimo"),
    (2, "very|strongly|much|far|a lot|highly|considerably|significantly|deutlich|sehr|viel|stark|très|fortement"
        "|beaucoup|bien|muy|mucho|molto|fortemente|muito|zeer|heel|veel|erg"),
    (-1, "mostly|fairly|moderately|generally|überwiegend"),
    (-2, "somewhat|rather|quite|eher|etwas|plutôt|assez|algo|bastante|abbastanza|parcialmente|enigszins|vrij|tamelijk"),
    (-3, "slightly|a little|a bit|tend|ein wenig|ein bisschen|un peu|un poco|un po'|leggermente|um pouco|een beetje"
         "|beetje|iets"),
)  # fmt: skip
"""Words that tell two answers of one level apart: how far one is from the middle."""
_FINE = 20
"""Places of a level."""
_LEAST, _DECIDED = 2, 3
"""Levels of a scale, at least; of one of yes and no, or of sizes in letters, which are other things as well."""
_YES = frozenset({"yes", "no", "ja", "nein", "nee", "oui", "non", "si"})


def scale_order(labels: Sequence[str]) -> dict[str, int] | None:
    """Return the place of each label on the one scale that has them all, from the least; None without one.

    What stands on no scale (“don't know”) has a place behind all others.
    """
    words = {label: folded(label) for label in labels}
    beside = {label for label, word in words.items() if _is_beside(word)}
    on = {label: word for label, word in words.items() if label not in beside}
    unsure = {label for label, word in on.items() if word in _off_scale(_UNSURE)}
    sure = {label: word for label, word in on.items() if label not in unsure}
    for those in (on, sure) if unsure else (on,):
        if len(those) >= _LEAST and (places := _lettered(those) or _starred(those) or _worded(those)) is not None:
            return {**places, **dict.fromkeys(words.keys() - places.keys(), 1 + max(places.values()))}
    return None


def is_off_scale(label: str) -> bool:
    """Say whether a label stands on no scale: “don't know”, “no answer”."""
    return _is_beside(folded(label))


def _is_beside(word: str) -> bool:
    """Tell whether an answer, or each of those that it is made of, stands on no scale: “Don't Know / Unsure”."""
    parts = {word} if word in _off_scale(_BESIDE) else set(_EITHER.split(word))
    return bool(parts & _off_scale(_BESIDE)) and parts <= _off_scale(_BESIDE) | _off_scale(_UNSURE)


def folded(label: str) -> str:
    """Return a label without capitals, accents, its number “(1)”, blanks and points; apostrophes are straight."""
    label = label.strip()
    label = _NUMBERED.sub("", label, count=1) if _numbered_at(label) else label
    bare = unicodedata.normalize("NFKD", label.replace("\u2019", "'").strip(" .!,;:").casefold())
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())


def _numbered_at(label: str) -> bool:
    found = _NUMBERED.search(label)
    return found is not None and found.span() != (0, len(label)) and (found.start() == 0 or found.end() == len(label))


def _worded(words: Mapping[str, str]) -> dict[str, int] | None:
    for said in (words, _degrees_of_one(words)):
        for scale in _levels() if said else ():
            places = {label: scale[word] if word in scale else _between(word, scale) for label, word in said.items()}
            found = {label: place for label, place in places.items() if place is not None}
            least = _DECIDED if _YES & set(said.values()) else _LEAST
            if len(found) == len(said) and len(set(found.values())) >= least:
                return found
    return None


def _between(word: str, scale: Mapping[str, int]) -> int | None:
    """Return the place in the middle of two answers, of “neither easy nor difficult”; None of another word."""
    found = _NEITHER.fullmatch(word)
    if found is None or found[1] not in scale or found[2] not in scale:
        return None
    return (scale[found[1]] + scale[found[2]]) // 2


def _degrees_of_one(words: Mapping[str, str]) -> dict[str, str]:
    """Return how much each says of what all say, “slightly” of “slightly likely”; nothing where they share no word."""
    parted = {label: word.rpartition(" ") for label, word in words.items()}
    alike = len({last for _, _, last in parted.values()}) == 1 and all(much for much, _, _ in parted.values())
    return {label: much for label, (much, _, _) in parted.items()} if alike and len(words) >= _DECIDED else {}


def _lettered(words: Mapping[str, str]) -> dict[str, int] | None:
    found = {label: _SIZES.fullmatch(word.replace("-", "")) for label, word in words.items()}
    if len(found) < _DECIDED or any(one is None or (one["times"] and not one["more"]) for one in found.values()):
        return None
    places = {}
    for label, one in found.items():
        assert one is not None
        times = int(one["times"] or 1) if len(one["more"]) == 1 else len(one["more"])
        places[label] = _MIDDLE[one["size"]] * (1 + times)
    least = min(places.values())
    return {label: place - least for label, place in places.items()}


def _starred(words: Mapping[str, str]) -> dict[str, int] | None:
    if not all(map(_STARS.fullmatch, words.values())):
        return None
    return {label: word.count("★") + word.count("⭐") for label, word in words.items()}


@lru_cache(maxsize=1)
def _levels() -> tuple[Mapping[str, int], ...]:
    """Return of each scale the place of each word; those of one level lie apart by how far from the middle they are."""
    found = []
    for scale in _SCALES:
        levels = [list(map(folded, level.split("|"))) for level in scale.split(";")]
        middle = (len(levels) - 1) / 2
        side = [(at > middle) - (at < middle) for at in range(len(levels))]
        found.append(
            {word: _FINE * (1 + at) + side[at] * _degree(word) for at, level in enumerate(levels) for word in level}
        )
    return tuple(found)


def _degree(word: str) -> int:
    """Return how far from the middle the words of an answer put it, 0 for those that say nothing of it."""
    return next((far for far, found in _degree_words() if found.search(word)), 0)


@lru_cache(maxsize=1)
def _degree_words() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple(
        (far, re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(folded(one)) for one in listed.split('|'))})(?!\w)"))
        for far, listed in _DEGREES
    )


@lru_cache(maxsize=2)
def _off_scale(answers: frozenset[str]) -> frozenset[str]:
    return frozenset(map(folded, answers))
