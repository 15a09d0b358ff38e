"""What mails and web pages say of their letters is taken as programs mean it: the larger encoding of that name."""

from pathlib import Path

import pytest

from explorer.ingest import load
from explorer.ingest.documents.declared import text_as
from explorer.ingest.documents.pagetexts import as_utf8
from tests.documents import epub

LARGER = {
    "latin1": ("iso-8859-1", "He said “hello” – it’s €5 …", "cp1252"),
    "ascii that is none": ("us-ascii", "Grüße aus Köln", "utf-8"),
    "utf-8 that is none": ("utf-8", "Grüße aus Köln, und der Bus fährt nicht über die Brücke", "cp1252"),
    "a Chinese letter of later": ("gb2312", "公交车没有来囧", "gbk"),
    "a browser's name": ("x-gbk", "公交车没有来囧", "gbk"),
    "four bytes": ("gb2312", "公交车没有来\U00020000", "gb18030"),
    "Korean of Windows": ("ks_c_5601-1987", "똠방각하 펲시", "cp949"),
    "Korean of Windows, too": ("euc-kr", "똠방각하 펲시", "cp949"),
    "Japanese of Windows": ("shift_jis", "①番と㈱髙橋です", "cp932"),
    "Chinese of Hong Kong": ("big5", "裡面恒生堃", "big5hkscs"),
    "Thai": ("tis-620", "รถเมล์ไม่มา…", "cp874"),
    "Turkish": ("iso-8859-9", "Otobüs gelmedi – “neden?”", "cp1254"),
    "as it is said": ("iso-8859-2", "Žluťoučký kůň", "iso8859_2"),
}


@pytest.mark.parametrize("case", sorted(LARGER))
def test_a_mail_and_a_page_are_read_as_their_programs_read_them(case: str, tmp_path: Path) -> None:
    said, text, codec = LARGER[case]
    mail = f"Subject: s\nFrom: a@example.org\nContent-Type: text/plain; charset={said}\n\n{text}\n"
    (tmp_path / "a.eml").write_bytes(mail.encode(codec))
    found = load(tmp_path / "a.eml")
    assert (list(found.items), found.rejected) == ([f"s\n\n{text}"], ())
    page = f'<html><head><meta charset="{said}"></head><body><p>{text}</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode(codec))
    assert list(load(tmp_path / "a.html").items) == [text]


def test_a_subject_has_the_letters_of_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Subject: =?gb2312?B?h+U=?= =?shift_jis?B?h0A=?=\nFrom: a@example.org\n\ntext\n")
    assert load(tmp_path / "a.eml").items[0] == "囧①\n\ntext"
    folded = b"Subject: Re: =?utf-8?q?caf=C3=A9?=\n =?iso-8859-1?q?=93s=94?= and\n more\n"
    (tmp_path / "b.eml").write_bytes(folded + b"From: =?utf-8?q?J=C3=B6?= <j@example.org>\n\ntext\n")
    found = load(tmp_path / "b.eml")
    assert found.table["subject"][0] == "Re: café“s” and more"
    assert found.table["from"][0] == "Jö <j@example.org>"


def test_seven_bits_of_japanese_have_the_signs_that_windows_adds() -> None:
    assert text_as(b"\x1b$B-!\x1b(B abc \x1b$B7n\x1b(B", "iso-2022-jp") == "① abc 月"
    plain = "公園の池の水が濁っています。abc"
    assert text_as(plain.encode("iso2022_jp"), "ISO-2022-JP") == plain
    assert text_as(plain.encode(), "iso-2022-jp") == plain  # of a program that says so of all mails
    every = "亜熙纊①ヰ〜"
    pairs = b"".join(bytes((a + 0x21, b + 0x21)) for a in range(94) for b in range(94))
    whole = text_as(b"\x1b$B" + pairs + b"\x1b$B-!", "iso-2022-jp")
    assert set(every) - {"〜", "纊"} <= set(whole)
    assert whole.startswith(bytes(b | 0x80 for b in pairs[:150]).decode("euc_jp").replace("〜", "～")[:30])


def test_what_is_damaged_stays_in_its_encoding_and_is_told(tmp_path: Path) -> None:
    text = "公交车没有来，我等了一个小时，车站没有人告诉我们为什么"
    damaged = text.encode("gbk")[:20] + b"\xff" + text.encode("gbk")[20:]
    mail = b"Subject: s\nFrom: a@example.org\nContent-Type: text/plain; charset=gb2312\n\n" + damaged
    (tmp_path / "a.eml").write_bytes(mail)
    found = load(tmp_path / "a.eml")
    assert found.items[0] == f"s\n\n{text[:10]}\ufffd{text[10:]}"
    assert [fault.reason for fault in found.rejected] == [
        "1 of its letters are damaged and stand as \ufffd. Get it anew"
    ]
    assert as_utf8(b'<meta charset="utf-16">caf\xc3\xa9').decode().endswith("café")  # what it says shows that it is not
    assert text_as("a\u0161".encode("utf-16"), "utf-16") == "aš"
    assert text_as(b"\xd5\x85", "cp037") == b"\xd5\x85".decode("cp037")


def test_a_book_names_all_of_its_authors(tmp_path: Path) -> None:
    chapter = "<p>The bus never came and nobody told us why.</p>"
    (tmp_path / "b.epub").write_bytes(epub([chapter], title="T", author="Ann Smith; Bob Jones"))
    assert list(load(tmp_path / "b.epub").table["author"]) == ["Ann Smith; Bob Jones"]
