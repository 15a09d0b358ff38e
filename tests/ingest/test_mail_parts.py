"""Which parts of a mail are its text, and where the mails of a mailbox begin."""

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from explorer.ingest import load
from explorer.ingest.documents.quoting import unflowed

HTML = "<p>The bus <b>never</b> came.</p>"


def parts(kind: str, *some: MIMEMultipart | MIMEText | str) -> MIMEMultipart:
    made = MIMEMultipart(kind)
    for one in some:
        text = one if not isinstance(one, str) else MIMEText(one, "html" if one.startswith("<") else "plain")
        made.attach(text)
    return made


MAILS = {
    "what a list adds to a mail in HTML": (parts("mixed", HTML, "Footer"), "The bus never came.\n\nFooter"),
    "a plain part without a text": (parts("alternative", " \n", HTML), "The bus never came."),
    "both": (parts("alternative", "Plain", HTML), "Plain"),
    "both, and a footer": (parts("mixed", parts("alternative", "Plain", HTML), "Footer"), "Plain\n\nFooter"),
    "within a related one": (parts("mixed", parts("related", parts("alternative", "", HTML)), "Footer"),
                             "The bus never came.\n\nFooter"),
    "a part for programs": (parts("alternative", "Plain", MIMEText("<p>amp</p>", "x-amp-html"), HTML), "Plain"),
    "a part for programs alone": (parts("alternative", "", MIMEText("BEGIN:VCALENDAR", "calendar"), HTML),
                                  "The bus never came."),
    "one text after the other": (parts("mixed", "Before", "After"), "Before\n\nAfter"),
    "in HTML, one after the other": (parts("mixed", HTML, "<p>After</p>"), "The bus never came.\n\nAfter"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(MAILS))
def test_no_text_of_a_mail_is_lost_and_none_is_read_twice(case: str, tmp_path: Path) -> None:
    made, text = MAILS[case]
    del made["Subject"]
    made["Subject"], made["From"] = "s", "a@example.org"
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    assert load(tmp_path / "a.eml").items == [f"s\n\n{text}"]


def test_a_text_that_begins_with_from_is_no_other_mail(tmp_path: Path) -> None:
    mails = []
    for at in range(3):
        mail = EmailMessage()
        mail["Subject"], mail["From"] = f"s{at}", "a@example.org"
        mail.set_content("Hello\n\nFrom here on the road is closed.\nPlease tell.\n\nFrom Monday 5 May on, too.\n")
        mails.append(mail.as_bytes())
    marks = ("From a@example.org Tue Jan  2 10:00:00 2024", "From -", "From nobody")
    content = b"\n".join(mark.encode() + b"\n" + mail for mark, mail in zip(marks, mails, strict=True))
    (tmp_path / "a.mbox").write_bytes(content)
    found = load(tmp_path / "a.mbox")
    text = "Hello\n\nFrom here on the road is closed.\nPlease tell.\n\nFrom Monday 5 May on, too."
    assert list(found.items) == [f"s{at}\n\n{text}" for at in range(3)]
    assert found.rejected == ()


def test_paragraphs_that_flow_are_lines_of_their_own(tmp_path: Path) -> None:
    body = "The bus never \ncame on Monday.\n\n From here on.\n> it was \n> quoted\n> too \nand mine \n-- \nAnn"
    mail = f"Subject: s\nFrom: a@example.org\nContent-Type: text/plain; format=flowed\n\n{body}\n"
    (tmp_path / "a.eml").write_text(mail)
    found = load(tmp_path / "a.eml", choices={"quoted": "kept"})
    text = "The bus never came on Monday.\n\nFrom here on.\n> it was quoted\n> too \nand mine \n-- \nAnn"
    assert found.items == [f"s\n\n{text}"]
    assert unflowed("ab \ncd", joined=True) == "abcd"
