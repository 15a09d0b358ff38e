"""What messengers write in place of words and behind them, and what people write that looks like it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from explorer.ingest import load
from explorer.ingest.chatmarks import is_file, sort_of, without_marks
from explorer.types import ATTACHMENT, DELETED

LEFT_OUT = (
    "Media omitted", "Medien ausgeschlossen", "Multimedia omitido", "Archivo omitido", "Médias omis", "Fichier omis",
    "Media omessi", "File omesso", "Mídia oculta", "Arquivo de mídia oculto", "Ficheiro não revelado",
    "Media weggelaten", "Без медиафайлов", "Файл пропущен", "pominięto media", "Media utelämnat", "Mediefil udeladt",
    "Media utelatt", "Media jätettiin pois", "Média vynechána", "Medya dahil edilmedi", "Media tidak disertakan",
    "Εξαιρούνται αρχεία πολυμέσων", "تم استبعاد الوسائط", "メディアは含まれていません", "省略多媒体文件",
    "媒體檔案已略去",
)  # fmt: skip
EDITED = (
    "This message was edited", "Diese Nachricht wurde bearbeitet.", "Se editó este mensaje.", "Mensagem editada",
    "Ce message a été modifié", "Questo messaggio è stato modificato", "Dit bericht is bewerkt",
    "Данное сообщение изменено", "Bu mesaj düzenlendi", "Det här meddelandet har redigerats",
)  # fmt: skip
FILES = (
    "IMG-20250313-WA0001.jpg (file attached)", "Bild.jpg (Datei angehängt)", "a b.pdf (archivo adjunto)",
    "x.opus (fichier joint)", "PTT-20250313-WA0001.opus (أرفق ملف)", "x.jpg (файл добавлен)", "x.jpg <attached>",
)  # fmt: skip
WORDS = """Link morgen früh rain Applause bus the quietly edited message media photo Bild Nachricht file lacht not
omitted angehängt deleted gone b i"""


@pytest.mark.parametrize("said", LEFT_OUT)
def test_media_that_a_program_left_out_is_an_attachment_whatever_marks_are_around_it(said: str) -> None:
    for whole in (f"<{said}>", said, f"\u200e<{said}>", f"\u202a<\u200e{said}>\u202c\n", f"<{said.upper()}>"):
        assert sort_of(whole) == ATTACHMENT, whole
    assert sort_of(f"<{said}> in the exhibition") == ""


def test_files_deletions_and_edits_are_told_and_what_is_around_them_stays() -> None:
    assert [is_file(one) for one in FILES] == [True] * len(FILES)
    assert {sort_of(one) for one in FILES} == {ATTACHMENT}
    for edit in EDITED:
        assert without_marks(f"See you\nat 8 <{edit}>\n") == "See you\nat 8"
        assert without_marks(f"See you \u200e<{edit}>\u200e") == "See you"
    assert without_marks("The old house \u200e<attached: 00000012-PHOTO-2025-03-12-17-00-00.jpg>") == "The old house"
    assert without_marks("Hus \u200e<nokre ord>") == "Hus"  # a mark that only the program writes, in any language
    assert sort_of("This message was deleted.") == sort_of("Diese Nachricht wurde gelöscht.") == DELETED
    for kept in ("This message was deleted by mistake, sorry", "report.pdf (please read it)", "<b>", "<3", "<>"):
        assert (sort_of(kept), without_marks(kept), is_file(kept)) == ("", kept, False)


@pytest.mark.parametrize("stamp", ["{:02d}.03.24, 10:00 - ", "[{:02d}.03.24, 10:00:12] "])
def test_what_people_write_in_pointed_brackets_is_text(tmp_path: Path, stamp: str) -> None:
    dice = random.Random(stamp)

    def line() -> str:
        inner = " ".join(dice.choices(WORDS.split(), k=dice.randint(2, 6)))
        return dice.choice(
            ("<{}>", "{}", "<{}>!", "a <{}>", "<{}> b", "x.txt ({})", "</{}>", "<{}: y.txt>", "<<{}>>")
        ).format(f"{inner} {dice.randint(10, 99)}")

    said = ["\n".join(line() for _ in range(dice.randint(1, 3))) for _ in range(100)]
    text = "".join(f"{stamp.format(at % 28 + 1)}{('Anna', 'Bob')[at % 2]}: {one}\n" for at, one in enumerate(said))
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    found = load(tmp_path / "a.txt")
    assert (list(found.items), found.rejected) == (said, ())
