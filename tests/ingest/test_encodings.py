"""Older encodings are guessed by the language of the text: every common one, short texts and long, which are unsure."""

import json
import random
from pathlib import Path

import pytest

from explorer import ingest
from explorer.errors import BadChoice, UnreadableFile
from explorer.ingest import load
from explorer.ingest.guessing import LABELS, guessed

TEXTS = {
    "fr": "Le bus n'est jamais arrivé et j'ai attendu une heure sous la pluie.|Où sont passés les élèves après la fête",
    "de": "Der Bus kam nie, und ich wartete eine Stunde im Regen für nichts.|Die Straße ist gesperrt, überall Müll.",
    "es": "El autobús nunca llegó y esperé una hora bajo la lluvia.|¿Dónde está la estación? Mañana voy otra vez.",
    "da": "Bussen kom aldrig, og jeg ventede en time i regnen på øen.|Æblerne er dyre i år, sagde hun.",
    "pt": "O ônibus nunca chegou e esperei uma hora na chuva. Não há informação.|A estação está fechada até amanhã.",
    "pl": "Autobus nie przyjechał, czekałem godzinę w deszczu.|Proszę naprawić lampę na rogu ulicy, jest tam ciemno.",
    "cs": "Autobus nikdy nepřijel a čekal jsem hodinu v dešti.|Prosím opravte lampu na rohu ulice, je tam úplná tma.",
    "hu": "A busz nem jött, egy órát várt az esőben.|Köszönöm a gyors választ, nagyon örülök a hűvös időnek.",
    "ro": "Autobuzul nu a venit niciodată şi am aşteptat o oră în ploaie.|Vă rugăm să reparaţi lampa de la colţ.",
    "hr": "Autobus nikad nije došao i čekao sam sat vremena na kiši.|Molim popravite svjetiljku na uglu, mračno je.",
    "tr": "Otobüs hiç gelmedi, yağmurda bir saat bekledim.|Lütfen köşedeki sokak lambasını onarın, çok karanlık.",
    "lt": "Autobusas taip ir neatvažiavo, laukiau valandą lietuje.|Prašome sutaisyti žibintą ant kampo, labai tamsu.",
    "is": "Strætó kom aldrei, ég beið í klukkutíma.|Vinsamlegast lagið ljósið, það er dimmt og því hættulegt.",
    "ru": "Автобус так и не пришёл, я ждал целый час под дождём.|Почините фонарь на углу улицы, там совсем темно.",
    "uk": "Автобус так і не приїхав, я чекав годину під дощем.|Полагодьте ліхтар на розі вулиці, там зовсім темно.",
    "bg": "Автобусът така и не дойде, чаках един час в дъжда.|Моля, поправете лампата на ъгъла на улицата.",
    "el": "Το λεωφορείο δεν ήρθε ποτέ και περίμενα μια ώρα στη βροχή.|Παρακαλώ επισκευάστε τη λάμπα στη γωνία.",
    "he": "האוטובוס לא הגיע וחיכיתי שעה בגשם.|בבקשה לתקן את הפנס בפינת הרחוב.",
    "ar": "لم تأت الحافلة وانتظرت ساعة تحت المطر.|يرجى إصلاح المصباح في زاوية الشارع.",
    "ja": "バスが来なかったので雨の中で一時間待ちました。|街灯を直してください。とても暗いです。",
    "zh": "公交车没有来,我在雨中等了一个小时。|请修理街角的路灯,那里很黑。",
    "ko": "버스가 오지 않아서 비를 맞으며 한 시간을 기다렸습니다.|가로등을 고쳐 주세요. 너무 어둡습니다.",
}
CODECS = {
    **dict.fromkeys(("fr", "de", "es", "da", "pt"), ("cp1252", "mac_roman", "cp850")),
    **dict.fromkeys(("cs", "hu"), ("cp1250", "iso8859_2", "cp852", "mac_latin2")),
    "pl": ("cp1250", "iso8859_2", "cp852", "mac_latin2", "iso8859_16"),
    **dict.fromkeys(("ro", "hr"), ("cp1250", "iso8859_2")),
    "tr": ("cp1254", "mac_turkish", "cp857"), "lt": ("cp1257", "iso8859_13", "iso8859_4", "cp775"),
    "is": ("cp1252", "cp861", "mac_iceland"),
    "ru": ("cp1251", "koi8_r", "cp866", "iso8859_5", "cp855"), "uk": ("cp1251", "koi8_u", "iso8859_5", "cp1125"),
    "bg": ("cp1251", "iso8859_5"),
    "el": ("cp1253", "iso8859_7", "cp737", "mac_greek", "cp869"), "he": ("cp1255", "iso8859_8", "cp862"),
    "ar": ("cp1256", "iso8859_6", "cp720"), "zh": ("gb18030", "hz", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"),
    "ja": ("cp932", "euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be"),
    "ko": ("cp949", "iso2022_kr", "johab", "utf-16-le", "utf-16-be"),
}  # fmt: skip
CASES = [(language, codec) for language, codecs in CODECS.items() for codec in codecs]


@pytest.mark.parametrize(("language", "codec"), CASES)
def test_a_table_is_read_as_it_was_written(tmp_path, language, codec):
    texts = TEXTS[language].split("|")
    for times in (1, 40):
        rows = [f"{number};{text}" for number, text in enumerate(texts * times)]
        (tmp_path / "a.csv").write_bytes("\r\n".join(["id;text", *rows]).encode(codec))
        dataset = ingest.load(tmp_path / "a.csv", text="text")
        assert list(dataset.items) == texts * times
        assert dataset.rejected == ()


def test_the_lines_that_decide_may_stand_anywhere(tmp_path):
    plain = ["A line of plain words, without a sign of where it is from."] * 5_000
    for at in (0, 2_500, 5_000):
        texts = [*plain[:at], *TEXTS["hu"].split("|"), *plain[at:]]
        (tmp_path / "a.txt").write_bytes("\n".join(texts).encode("cp1250"))
        assert list(ingest.load(tmp_path / "a.txt").items) == texts


def test_an_unsure_guess_knows_that_it_is_one():
    sure = guessed([line.encode("cp1250") for line in TEXTS["hu"].split("|")])
    assert (sure.codec, sure.sure) == ("cp1250", True)
    assert not guessed(["Muller wrote: né".encode("cp1252")]).sure
    assert LABELS[sure.codec] == "Windows-1250"


def test_what_another_encoding_reads_as_well_is_no_sure_guess():
    cyrillic = guessed([line.encode("mac_cyrillic") for line in TEXTS["uk"].split("|")])
    assert not cyrillic.sure
    for language, codec in (
        ("ru", "cp1251"),
        ("ru", "iso8859_5"),
        ("ja", "cp932"),
        ("el", "cp1253"),
        ("zh", "gb18030"),
    ):
        guess = guessed([line.encode(codec) for line in TEXTS[language].split("|")])
        assert (guess.codec, guess.sure) == (codec, True)
    unknown = guessed([line.encode("mac_arabic") for line in TEXTS["ar"].split("|")])
    assert unknown.codec != "mac_arabic"
    assert not unknown.sure


def test_the_euro_of_western_europe_is_no_fault(tmp_path):
    texts = ["Der Eintritt kostet 5 € für jeden", "L'œuvre d'art dans le parc est cassée", "Die Straße ist für 20 € zu"]
    (tmp_path / "a.txt").write_bytes("\n".join(texts).encode("iso8859_15"))
    dataset = ingest.load(tmp_path / "a.txt")
    assert list(dataset.items) == texts
    assert [(one.value, one.sure) for one in dataset.choices if one.name == "encoding"] == [("iso8859_15", False)]


def test_signs_for_other_letters_within_ascii_are_seen_anywhere_and_can_be_asked_for(tmp_path):
    texts = ["A line of plain words."] * 20_000 + TEXTS["ja"].split("|")
    (tmp_path / "a.txt").write_bytes("\n".join(texts).encode("iso2022_jp"))
    dataset = ingest.load(tmp_path / "a.txt")
    assert list(dataset.items) == texts
    (choice,) = (one for one in dataset.choices if one.name == "encoding")
    assert (choice.value, [option for option, _ in choice.options]) == ("iso2022_jp", ["iso2022_jp", "utf-8"])
    assert "バス" in choice.options[0][1]
    again = ingest.load(tmp_path / "a.txt", choices={"encoding": "ISO-2022-JP"})
    assert again.items[-1] == texts[-1]
    (tmp_path / "b.txt").write_bytes(
        b"\x1b[31mred\x1b[0m\nand \x1b$ a stray one"
    )  # a terminal's colours are no letters
    assert [one.value for one in ingest.load(tmp_path / "b.txt").choices if one.name == "encoding"] in ([], ["utf-8"])


def test_bytes_that_are_often_nul_are_no_text_unless_all_are_letters(tmp_path):
    (tmp_path / "a.txt").write_bytes(bytes(range(1, 200)) + b"\0".join(bytes([n % 251 + 1]) for n in range(3_000)))
    with pytest.raises(UnreadableFile):
        ingest.load(tmp_path / "a.txt")


@pytest.mark.parametrize("line", [b"\xc3\x28 is not", b"caf\xff\xfe", b"\x81\x8d", b"a \x9d b", b"a \x90 b"])
def test_stray_bytes_are_no_language(tmp_path, line):
    assert guessed([line]) is None
    (tmp_path / "a.txt").write_bytes(b"all is well here\n" + line + b"\nthe end of it\n")
    dataset = ingest.load(tmp_path / "a.txt")
    assert list(dataset.items) == ["all is well here", "the end of it"]
    assert [(fault.row, fault.reason[:20]) for fault in dataset.rejected] == [(1, "it cannot be decoded")]


def test_what_mainframes_write_is_refused_with_the_cure(tmp_path):
    (tmp_path / "a.csv").write_bytes("id,comment\n1,The bus never came on Monday morning\n".encode("cp037"))
    with pytest.raises(UnreadableFile, match="is written in EBCDIC, as mainframes write"):
        ingest.load(tmp_path / "a.csv")


def test_a_wide_encoding_that_cannot_be_is_refused_as_a_choice(tmp_path):
    (tmp_path / "a.csv").write_text("id,comment\n1,The bus never came on Monday\n2,Noise at night keeps us awake\n")
    for wrong in ("utf-16", "utf-32", "utf-32-le"):
        with pytest.raises(BadChoice, match="utf-8"):
            ingest.load(tmp_path / "a.csv", choices={"encoding": wrong})


def test_braces_behind_tildes_are_no_chinese(tmp_path):
    (tmp_path / "a.txt").write_text("a ~{b} line\n~{x~} and more\nsome ~ words\n")
    assert ingest.load(tmp_path / "a.txt").items[0] == "a ~{b} line"


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_utf_7_is_read_as_such_and_what_only_looks_so_is_not(tmp_path: Path, name: str) -> None:
    for said in ("Die Bäckerei öffnet spät – schade, Grüße", "Пекарня открывается поздно", "面包店开门很晚 ok"):
        texts = [f"{said.replace(',', '')} {at}" for at in range(6)]
        lines = texts if name == "a.txt" else [*(f"{at},{one}" for at, one in enumerate(texts))]
        lines = ["id,text", *lines] if name == "a.csv" else lines
        lines = [json.dumps({"text": one}, ensure_ascii=False) for one in texts] if name == "a.jsonl" else lines
        (tmp_path / name).write_bytes("\n".join(lines).encode("utf-7"))
        found = load(tmp_path / name)
        assert list(found.items) == texts
        assert next(choice for choice in found.choices if choice.name == "encoding").value == "utf_7"
    plain = [f"Call +49{at}1234- or +abcD{at}- and C++-based a+b- please" for at in range(9)]
    (tmp_path / "b.txt").write_text("\n".join(plain))
    assert list(load(tmp_path / "b.txt").items) == plain


def test_nul_characters_that_are_left_out_are_told_and_those_of_a_power_cut_are_not(tmp_path: Path) -> None:
    lines = [f"The bus\0 number {at} never came" for at in range(6)]
    (tmp_path / "a.txt").write_bytes("\n".join(lines).encode())
    (tmp_path / "a.csv").write_bytes("\n".join(["text,n", *(f"{one},{at}" for at, one in enumerate(lines))]).encode())
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": one}) for one in lines))
    for name in ("a.txt", "a.csv", "a.jsonl"):
        found = load(tmp_path / name)
        assert list(found.items) == [one.replace("\0", "") for one in lines]
        assert [fault.reason for fault in found.rejected] == ["6 NUL characters are left out: no text has such"]
        assert "NUL characters" in {fault.kind for fault in found.faults}
    (tmp_path / "b.txt").write_bytes("\n".join(lines).replace("\0", "").encode() + b"\n" + bytes(900))
    assert not any("NUL" in fault.reason for fault in load(tmp_path / "b.txt").rejected)


SHORT = {
    "sv": "Jag tycker att bussen var försenad igen|Biblioteket är stängt på måndagar|Gatan är mörk på kvällen|"
    "Jag skulle gärna köpa den här igen|Förra året var det bättre|Kön var lång|Ni borde ha öppet på söndagar",
    "fi": "Bussi oli taas myöhässä|Tämä on aivan liian kallista|Katu on pimeä illalla|Pöydät olivat likaisia|"
    "Henkilökunta oli ystävällistä|Jäätelö oli hyvää|Kirjasto on kiinni, harmittaa hyvää asiakasta",
    "de": "Der Bus war schon wieder verspätet|Größere Auswahl wäre schön|Die Straße ist abends dunkel, gefährlich|"
    "Überall Müll auf den Wegen|Öffnungszeiten bitte verlängern|Früher war es besser|Tür klemmt",
    "fr": "Le bus était encore en retard|La bibliothèque est fermée le lundi|Écran cassé à l'arrivée|Reçu abîmé|"
    "Le personnel était très gentil|Où sont les toilettes ?|Les élèves adorent la fête",
}  # fmt: skip


@pytest.mark.parametrize("language", SHORT)
def test_a_few_short_rows_in_windows_1252_are_read_as_such_and_those_of_a_mac_as_theirs(language: str) -> None:
    texts = SHORT[language].split("|")
    for seed in range(24):
        dice = random.Random(seed)
        rows = [f"{at};{text};{at % 5}" for at, text in enumerate(dice.sample(texts, dice.randint(3, 5)))]
        for codec in ("cp1252", "mac_roman"):
            lines = [row.encode(codec) for row in rows]
            guess = guessed(lines)
            assert guess is not None
            assert [line.decode(guess.codec) for line in lines] == rows, (codec, guess)
