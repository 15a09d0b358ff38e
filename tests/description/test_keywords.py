import itertools
import shutil
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from explorer.config import Settings
from explorer.description.keywords import KeywordIndex, keywords_of, name_of
from explorer.description.terms import count_terms
from explorer.description.unspaced import completed
from explorer.description.words import is_ending, meaning, overlap, same_word, stem, stop_words, words
from explorer.errors import MissingWeights
from explorer.kinds import ImageRef
from explorer.runs.plan import Plan
from explorer.runs.stages import run_stage
from explorer.server.services import open_services
from explorer.workspace.folder import Workspace
from tests.description.spelling import SpellingEncoder
from tests.synthetic import write_run

CARDS = ["my card delivery is late", "when is the card delivery", "card delivery to Spain", "track card delivery"]
RATES = ["the exchange rate is wrong", "which exchange rate applies", "exchange rate today", "bad exchange rate"]
PINS = ["change my PIN", "I forgot the PIN", "reset a PIN code", "unblock the PIN"]


def _found(texts: list[str], rows: list[int]) -> list[str]:
    return [word for word, _ in keywords_of(texts, rows)]


def test_a_pair_stands_for_the_words_in_it() -> None:
    found = _found([*CARDS, *RATES, *PINS], [0, 1, 2, 3])
    assert found[0] == "card delivery"
    assert "card" not in found
    assert "delivery" not in found


def test_scores_run_from_one_downward() -> None:
    scores = [score for _, score in keywords_of([*CARDS, *RATES], [0, 1, 2, 3])]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_the_score_is_c_tf_idf_with_a_word_counting_once_a_text() -> None:
    texts = ["ant. ant. bee", "ant. cow", "cow. dog", "cow. eel"]
    first, second = (dict(k) for k in KeywordIndex(texts).of_clusters(np.array([0, 0, 1, 1], np.int32)))
    # Four words in each class, so A = 4; ant is in 2 texts, cow in 3, the others in 1.
    ant, bee = 2 / 4 * np.log1p(4 / 2), 1 / 4 * np.log1p(4 / 1)
    cow = 2 / 4 * np.log1p(4 / 3)
    assert first == {"ant": 1.0, "bee": pytest.approx(bee / ant)}
    assert second == {"cow": 1.0, "dog": pytest.approx(bee / cow), "eel": pytest.approx(bee / cow)}


def test_every_cluster_has_keywords_and_noise_is_a_class_of_its_own() -> None:
    labels = np.array([0] * 4 + [1] * 4 + [-1] * 4, np.int32)
    found = [k[0][0] for k in KeywordIndex([*CARDS, *RATES, *PINS]).of_clusters(labels)]
    assert found == ["card delivery", "exchange rate"]


def test_words_are_spelled_as_their_texts_mostly_do() -> None:
    assert _found([*CARDS, *RATES, *PINS], [8, 9, 10, 11])[0] == "PIN"


def test_plurals_and_forms_of_a_word_are_named_once() -> None:
    texts = ["refund refunds refunded", "refunds refund", "a refund of refunds", *RATES]
    assert [w for w in _found(texts, [0, 1, 2]) if w.startswith("refund")] in (["refund"], ["refunds"])


def test_words_said_everywhere_name_nothing() -> None:
    texts = [f"dear team, a {word} problem" for word in ("card", "card", "card", "loan", "loan", "loan")]
    assert _found(texts, [0, 1, 2])[0] == "card"
    assert _found(texts, [0, 1, 2]) == ["card"]


def test_numbers_addresses_and_markup_are_no_words() -> None:
    text = "2024 12:30 call 555 https://example.org/x mail a@b.org <br /> <b>apple</b> &amp; 20% \x1b[1;31mpear\x1b[0m"
    assert {meaning(w) for w in words(text)} - {""} == {"call", "mail", "apple", "pear"}


def test_a_background_replaces_all_other_rows() -> None:
    texts = [*CARDS, *RATES, *PINS]
    against_rates = [w for w, _ in keywords_of(texts, [0, 1, 2, 3], background_rows=[4, 5, 6, 7])]
    assert against_rates[0] == "card delivery"
    everything = keywords_of(texts, list(range(12)))
    assert {"card delivery", "exchange rate", "PIN"} <= {w for w, _ in everything}


def test_nothing_gives_nothing() -> None:
    assert keywords_of([], []) == []
    assert keywords_of(["apple"], []) == []
    assert keywords_of(["", "   ", "123"], [0]) == []
    assert keywords_of([ImageRef("a.png", "1")], [0]) == []


def test_one_row_has_keywords() -> None:
    assert _found(["a lonely walrus"], [0])[0] == "lonely walrus"


def test_pictures_between_texts_keep_the_rows_in_place() -> None:
    items = [CARDS[0], ImageRef("a.png", "1"), CARDS[1], RATES[0], RATES[1]]
    assert keywords_of(items, [0, 1, 2])[0][0] == "card delivery"


def test_a_german_article_goes_and_an_english_word_of_its_letters_stays() -> None:
    german = ["die Karte ist nicht da", "wo ist die Karte", "die neue Karte", "wann kommt die Karte"]
    english = ["the roses die in the winter", "most fish die of the heat", "these plants die too soon", "they all die"]
    found = list(KeywordIndex([*german, *english]).of_clusters(np.array([0] * 4 + [1] * 4, np.int32)))
    assert found[0][0][0] == "Karte"
    assert "die" not in dict(found[0])
    assert "die" in dict(found[1])


def test_chinese_and_thai_give_runs_of_characters() -> None:
    chinese = ["我的银行卡丢了", "银行卡在哪里", "银行卡没有到", "新的银行卡"]
    other = ["汇率是多少", "今天的汇率", "汇率不对", "为什么汇率这么高"]
    assert _found([*chinese, *other], [0, 1, 2, 3])[0] == "银行卡"
    assert _found([*chinese, *other], [4, 5, 6, 7])[0] == "汇率"
    assert "บัตร" in words("บัตรหาย")


def test_hindi_words_keep_their_vowel_signs() -> None:
    assert words("हिन्दी में लिखा") == ["हिन्दी", "में", "लिखा"]


def test_a_japanese_loan_word_is_one_word() -> None:
    assert "クレジットカード" in words("クレジットカードを無くしました")


def test_contractions_and_elisions_are_undone() -> None:
    assert [meaning(w) for w in ("card's", "isn't", "l'eau", "d'été", "b2b", "x")] == [
        "card",
        "",
        "eau",
        "été",
        "b2b",
        "",
    ]


def test_stems() -> None:
    assert [stem(w) for w in ("cards", "cities", "boxes", "glass", "bus", "cat")] == [
        "card",
        "city",
        "box",
        "glass",
        "bus",
        "cat",
    ]
    assert same_word("activate", "activation")
    assert not same_word("transfer", "transaction")
    assert not same_word("cat", "car")


def test_the_stop_words_of_each_language_are_there() -> None:
    assert {"en", "de", "fr", "es", "it", "pt", "nl", "ru", "ja", "zh"} <= set(stop_words())
    assert "the" in stop_words()["en"]


def test_a_pair_may_open_with_not_and_close_with_up() -> None:
    texts = ["card not working", "app not working", "phone not working", "top up fails", "top up today", "a top up"]
    assert "not working" in _found(texts, [0, 1, 2])
    assert "top up" in _found(texts, [3, 4, 5])


def test_only_the_beginning_of_a_book_counts() -> None:
    book = "whale " * 700 + "zebra " * 1000
    assert "zebra" not in words(book)


def test_a_name_has_two_or_three_keywords_and_is_never_given_twice() -> None:
    found = [("card", 1.0), ("late", 0.8), ("post", 0.5), ("Spain", 0.4)]
    taken: set[str] = set()
    names = []
    for _ in range(4):
        names.append(name_of(found, taken=taken.__contains__))
        taken.add(names[-1])
    assert names == ["card, late, post", "card, late, Spain", "card, late, post (2)", "card, late, post (3)"]
    assert (
        name_of([("exchange rate", 1.0), ("wrong", 0.5), ("bad", 0.4)], taken=set().__contains__)
        == "exchange rate, wrong"
    )
    assert name_of([("PIN", 1.0)], taken=set().__contains__) == "PIN"
    assert name_of([], taken=set().__contains__) == ""


def test_a_selection_finds_the_words_that_the_run_has_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = write_run(tmp_path, 400, dim=8)
    part = {"box": [-100, -100, 0, 100]}

    def selected() -> list[dict[str, object]]:
        questions = open_services(Workspace(tmp_path), Settings(tmp_path)).questions
        found: list[dict[str, object]] = questions.select(key, part)["keywords"]
        return found

    counted_anew = selected()
    assert len(counted_anew) > 2
    workspace = Workspace(tmp_path)
    plan = Plan.from_json(workspace.runs.record(key)["plan"])
    assert open_services(workspace, Settings(tmp_path)).questions.select(key, part)["name"]
    shutil.rmtree(tmp_path / "stages" / f"describe-{plan.keys['describe']}")
    run_stage(workspace, plan, "describe", encoder=lambda name: SpellingEncoder(8))
    monkeypatch.setattr("explorer.description.keywords.count_terms", lambda items: pytest.fail("counted again"))
    assert selected() == counted_anew
    workspace.sweep()
    assert workspace.results.has("terms", plan.terms)
    assert workspace.results.has("phrases", plan.phrases)
    monkeypatch.setattr(
        "explorer.runs.stages.encode_words", lambda *args: pytest.fail("the phrases were encoded again")
    )
    run_stage(workspace, plan, "describe", encoder=lambda name: SpellingEncoder(8))
    named = workspace.results.load("describe", plan.keys["describe"]).record["summaries"]

    def missing(name: str) -> SpellingEncoder:
        raise MissingWeights(f"{name} is not here")

    run_stage(workspace, plan, "describe", encoder=missing)
    without = workspace.results.load("describe", plan.keys["describe"]).record["summaries"]
    assert [one["name"] for one in without if one["name"]]
    assert len(without) == len(named)
    workspace.delete_dataset(plan.dataset)
    assert not workspace.results.has("terms", plan.terms)
    assert not workspace.results.has("phrases", plan.phrases)


UNSPACED = {
    "银行卡": ["我的银行卡丢失了怎么办", "银行卡丢了需要挂失", "请帮我挂失银行卡", "银行卡丢失如何补办"],
    "密码": ["怎么修改登录密码", "忘记密码了如何重置密码", "登录密码忘了", "密码重置失败"],
    "カード": [
        "クレジットカードを紛失しました",
        "カードの再発行をお願いします",
        "カードを紛失したので停止してください",
    ],
    "パスワード": ["パスワードを忘れました", "パスワードの変更方法を教えてください", "パスワードを再設定したい"],
    "เครดิต": ["บัตรเครดิตหายต้องทำอย่างไร", "ขอระงับบัตรเครดิต", "บัตรเครดิตหายขอออกบัตรใหม่"],
    "โอนเงิน": ["โอนเงินไม่สำเร็จ", "ค่าธรรมเนียมโอนเงินเท่าไร", "โอนเงินไปต่างประเทศ"],
}


@pytest.mark.parametrize("theme", UNSPACED)
def test_no_keyword_of_a_script_without_spaces_is_a_piece_of_another_or_overlaps_it(theme: str) -> None:
    """Such scripts give pieces of a few characters, of which those that stand in one run are put together."""
    items = [text + end for texts in UNSPACED.values() for text in texts for end in ("", "。", "!")]
    own = [row for row, item in enumerate(items) if any(item.startswith(text) for text in UNSPACED[theme])]
    found = [word for word, _ in keywords_of(items, own)]
    assert any(theme in word or word in theme for word in found[:2]), found
    for one, other in itertools.permutations(found, 2):
        assert one not in other
        assert not overlap(one, other), (one, other)
    assert all(any(word in unicodedata.normalize("NFKC", item) for item in items) for word in found)
    assert not is_ending(found[0])
    assert not is_ending(found[1])


CUT = {
    "Thai": {
        "บัตรเครดิต": [
            "บัตรเครดิต|หาย|ต้อง|ทำ|อย่างไร",
            "ขอ|ระงับ|บัตรเครดิต",
            "บัตรเครดิต|หาย|ขอ|ออก|บัตร|ใหม่",
            "บัตรเครดิต|ของ|ฉัน|หาย",
        ],
        "รหัสผ่าน": [
            "ลืม|รหัสผ่าน|ต้อง|ทำ|อย่างไร",
            "ต้อง|การ|เปลี่ยน|รหัสผ่าน",
            "รีเซ็ต|รหัสผ่าน|ไม่|ได้",
            "วิธี|เปลี่ยน|รหัสผ่าน",
            "รีเซ็ต|รหัสผ่าน|อย่างไร",
        ],
        "โอนเงิน": ["โอนเงิน|ไม่|สำเร็จ", "ค่า|ธรรมเนียม|โอนเงิน|เท่าไร", "โอนเงิน|ไป|ต่าง|ประเทศ", "โอนเงิน|ผิด|บัญชี"],
    },
    "Lao": {
        "ບັດເຄຣດິດ": ["ບັດເຄຣດິດ|ເສຍ", "ຂໍ|ຢຸດ|ບັດເຄຣດິດ", "ບັດເຄຣດິດ|ຂອງ|ຂ້ອຍ|ເສຍ"],
        "ລະຫັດຜ່ານ": ["ລືມ|ລະຫັດຜ່ານ", "ຕ້ອງ|ການ|ປ່ຽນ|ລະຫັດຜ່ານ", "ຕັ້ງ|ລະຫັດຜ່ານ|ໃໝ່"],
        "ໂອນເງິນ": ["ໂອນເງິນ|ບໍ່|ສຳເລັດ", "ຄ່າ|ທຳນຽມ|ໂອນເງິນ", "ໂອນເງິນ|ໄປ|ຕ່າງ|ປະເທດ"],
    },
    "Burmese": {
        "ခရက်ဒစ်ကတ်": ["ခရက်ဒစ်ကတ်|ပျောက်|သွား|တယ်", "ခရက်ဒစ်ကတ်|ကို|ပိတ်|ပေး|ပါ", "ကျွန်တော့်|ခရက်ဒစ်ကတ်|ပျောက်"],
        "စကားဝှက်": ["စကားဝှက်|မေ့|သွား|တယ်", "စကားဝှက်|ပြောင်း|ချင်|တယ်", "စကားဝှက်|အသစ်"],
        "ငွေလွှဲ": ["ငွေလွှဲ|မ|ရ|ဘူး", "ငွေလွှဲ|ခ|ဘယ်|လောက်|လဲ", "နိုင်ငံခြား|ငွေလွှဲ"],
    },
}


@pytest.mark.parametrize("language", CUT)
def test_keywords_of_a_script_without_spaces_are_whole_words(language: str) -> None:
    """Each begins and ends where a word does, wherever somebody who reads the language would cut (``|``)."""
    themes = {theme: [unicodedata.normalize("NFKC", text) for text in texts] for theme, texts in CUT[language].items()}
    cut = [text for texts in themes.values() for text in texts]
    labels = np.repeat(np.arange(len(themes)), [len(texts) for texts in themes.values()]).astype(np.int32)
    found = list(KeywordIndex([text.replace("|", "") for text in cut]).of_clusters(labels))
    for keywords, (theme, texts) in zip(found, themes.items(), strict=True):
        assert unicodedata.normalize("NFKC", theme) in dict(keywords)
        runs = {"".join(text.split("|")[i:j]) for text in texts for i in range(9) for j in range(i + 1, 10)}
        assert [word for word, _ in keywords if word not in runs] == []
        assert len(keywords) >= 3


def test_a_piece_ends_where_its_texts_go_on_in_several_ways_and_is_not_said_twice() -> None:
    texts = ["甲银行卡乙", "丙银行卡丁", "戊银行卡"]
    assert completed(["行卡", "银行", "card"], texts) == ["银行卡", "", "card"]
    assert completed(["นว"], ["คนวัน", "คนวาน"]) == ["คนว"]
    assert completed(["สวย"], ["ไม่มี"]) == ["สวย"]


def test_a_short_text_that_looks_like_another_language_lends_no_phrase_with_a_dangling_word() -> None:
    """ "la" and "de" speak for Spanish or French, where "for" and "the" would be words that name things."""
    plain = [f"my parcel number {word} is late and I have been waiting for it" for word in ("one", "two", "six", "ten")]
    strange = [f"el señor de la {name} y el de la casa asks for the parcel" for name in ("Cruz", "Luna", "Rosa")]
    counts = count_terms([*plain * 5, *strange])
    assert ("parcel",) in counts.terms
    assert not {term for term in counts.terms if term[-1] in ("the", "for") or term[0] in ("the", "for")}
