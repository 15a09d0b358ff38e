"""Tells what a messenger writes in place of words or behind them: a file, media that it left out, an edit, a deletion.

It knows these by how the program writes them, in the languages below or behind a mark of direction; whatever else
stands in pointed brackets, somebody wrote.  It parts no lines: `chatlines` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.types import ATTACHMENT, DELETED

MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
"""Marks of direction, as a class of a pattern has them."""
_MOST = 300
_MEDIUM = (
    "image|photo|picture|video|video note|video message|audio|voice message|voice|sticker|gif|document|contact card|"
    "contact|media|multimedia|file|bild|foto|videonachricht|sprachnachricht|dokument|kontaktkarte|kontakt|"
    "medien|datei|"
    "gif-datei|imagen|vídeo|archivo|archivo multimedia|documento|tarjeta de contacto|nota de video|mensaje de voz|"
    "photos?|vidéo|média|médias|fichier|document|fiche contact|carte de contact|message vocal|immagine|"
    "messaggio vocale|"
    "scheda contatto|file multimediale|imagem|figurinha|mídia|multimídia|arquivo de mídia|arquivo|ficheiro|"
    "ficheiro multimédia|cartão do contato|áudio|afbeelding|contactkaart|bestand|spraakbericht|"
    "изображение|фото|видео|аудио|стикер|документ|медиафайл|файл|карточка контакта|зображення|фотографію|відео|аудіо|"
    "медіафайл|медіафайли|media-?fil|mediefil|medier|video|ljud|lyd|billede|bilde|kontaktkort|dokument|"
    "kuva|ääni|tarra|asiakirja|yhteystieto|obraz|zdjęcie|wideo|naklejka|plik|pliki|pliki multimedialne|"
    "karta kontaktu|"
    "obrázek|fotka|nálepka|soubor|média|kép|videó|hang|matrica|dokumentum|médiafájl|imagine|fișier|fișier media|"
    "görüntü|resim|fotoğraf|belge|ses|çıkartma|medya|kişi kartı|gambar|dokumen|berkas|stiker|"
    "εικόνα|βίντεο|ήχος|αυτοκόλλητο|έγγραφο|αρχείο|πολυμέσα|imatge|fitxer|fitxer multimèdia"
)
_OMITTED = (
    "omitted|weggelassen|ausgeschlossen|ausgelassen|nicht enthalten|omitid[oa]s?|omès|omesa|omis|omise?s?|absente?s?|"
    "omess[oaie]|non inclus[oaie]|oculta?d?[oa]s?|não revelad[oa]|weggelaten|пропущен[оаы]?|опущен[оаы]?|отсутствует|"
    "utelämnade?s?|utelämnat|har utelämnats|utelatt|er utelatt|udelad[te]|udeladt|er udeladt|jätettiin pois|"
    "jätetty pois|"
    "pominięt[oeaya]|vynechán[oya]?|kihagyva|hiányzik|omis[ăe]|omiși|dahil edilmedi|atlanmış|atlandı|"
    "tidak disertakan|disertakan|dilewatkan|παραλείφθηκαν?|excl[òo]s"
)
_ALONE_SAID = (
    "без медиафайлов|без медіафайлів|pominięto (?:media|multimedia|plik|pliki)|hiányzó médiafájl|"
    "εξαιρούνται (?:τα )?(?:αρχεία )?πολυμέσων|تم (?:استبعاد|إهمال|حذف) الوسائط|תמונה הושמטה|"
    "המדיה (?:לא נכללה|הושמטה)|"
    "מדיה הושמטה|رسانه حذف شد|मीडिया (?:छोड़ा गया|हटा दी गई|के बिना)|मीडिया शामिल नहीं|"
    "メディア(?:ファイル)?(?:は含まれていません|を除く|なし|が省略されました)|"
    "(?:画像|動画|音声|スタンプ|文書|メディア)は?省略(?:されました)?|"
    "미디어(?: 파일)?(?:을|를)? ?(?:제외한 내보내기|생략됨|제외됨)|(?:사진|동영상|음성|스티커|문서) ?생략됨|"
    "(?:媒[体體](?:[文檔档]件|檔案|档案)?|多[媒]体文件|图片|圖片|影片|视频|音频|音訊|貼圖|贴图|文档|文件|檔案)"
    "(?:已)?(?:被)?(?:省略|略去|忽略|略過|未附上)|(?:省略|忽略|略去)(?:多?媒[体體](?:文件|檔案|档案)?)|"
    "đã bỏ qua (?:phương tiện|tệp)|(?:phương tiện|tệp) (?:đã )?bị bỏ qua|ไม่รวมสื่อ|ไม่รวมไฟล์สื่อ|ละเว้นสื่อ"
)
_ATTACHED = (
    "attached|file attached|anhang|angehängt|datei angehängt|adjunto|archivo adjunto|pièce jointe|"
    "fichier joint|joint|"
    "allegato|file allegato|anexo|anexado|arquivo anexado|ficheiro anexado|bijgevoegd|bestand bijgevoegd|bijlage|"
    "прикреплено|файл добавлен|файл прикреплен|вложение|прикріплено|файл додано|вкладення|załącznik|załączono|"
    "plik dołączony|plik załączony|bifogad|bilaga|bifogad fil|fil bifogad|vedhæftet|fil vedhæftet|vedlagt|"
    "fil vedlagt|"
    "liite|tiedosto liitetty|přiloženo|příloha|soubor přiložen|príloha|melléklet|fájl csatolva|csatolva|atașat|"
    "fișier atașat|ekli|eklendi|dosya ekli|dosya eklendi|lampiran|file terlampir|terlampir|συνημμένο|"
    "αρχείο συνημμένο|"
    "συνημμένο αρχείο|adjunt|fitxer adjunt|الملف مرفق|ملف مرفق|مرفق|קובץ מצורף|מצורף|پیوست|संलग्न|फ़ाइल संलग्न|"
    "添付ファイル|添付|파일 첨부됨|첨부|첨부 파일|文件附件|附件|檔案已附上|附加檔案|文件已附加|附加文件|"
    "tệp đính kèm|đã đính kèm|ไฟล์ที่แนบ"
)
_EDIT = (
    "(?:this )?message (?:was )?edited|edited|(?:diese )?nachricht (?:wurde )?bearbeitet|se editó este mensaje|"
    "(?:este )?mensaje (?:fue )?editado|(?:ce )?message (?:a été )?modifié|"
    "(?:questo )?messaggio (?:è stato )?modificato|"
    "(?:esta )?mensagem (?:foi )?editada|(?:dit )?bericht (?:is )?bewerkt|(?:данное )?сообщение (?:было )?изменено|"
    "сообщение отредактировано|(?:це )?повідомлення (?:відредаговано|змінено)|"
    "(?:ta )?wiadomość (?:została )?(?:edytowana|zmieniona)|edytowano (?:tę )?wiadomość|"
    "(?:det här )?meddelandet (?:har )?redigera(?:ts|des)|(?:denne )?besked(?:en)? (?:blev|er) redigeret|"
    "(?:denne )?meldingen (?:ble|er) redigert|(?:tätä )?viestiä (?:on )?muoka(?:ttiin|ttu)|"
    "(?:tato )?zpráva byla upravena|(?:táto )?správa bola upravená|(?:ez az )?üzenet szerkesztve(?: lett)?|"
    "(?:acest )?mesaj(?:ul)? a fost editat|(?:bu )?mesaj düzenlendi|pesan (?:ini )?(?:telah )?diedit|"
    "(?:αυτό )?το μήνυμα (?:έχει )?(?:υποστεί )?επεξεργα(?:σία|στηκε)|s'ha editat aquest missatge|"
    "تم تعديل هذه الرسالة|ההודעה נערכה|הודעה זו נערכה|(?:यह|इस) मैसेज (?:को )?एडिट किया गया(?: था| है)?|"
    "(?:この)?メッセージは編集(?:されました|済み(?:です)?)|"
    "(?:이 )?메시지(?:가|를)? ?(?:수정|편집)(?:되었습니다|됨|했습니다)|"
    "(?:此|该|這則|这条)?[訊消][息](?:已被?(?:編輯|编辑))|已編輯此訊息|"
    "tin nhắn (?:này )?đã (?:được )?chỉnh sửa|ข้อความนี้(?:ถูก)?แก้ไขแล้ว"
)
_GONE = (
    "this message was deleted(?: by (?:the )?admin .{1,60})?|you deleted this message(?: as admin)?|"
    "diese nachricht wurde gelöscht|du hast diese nachricht (?:als admin )?gelöscht|se eliminó este mensaje|"
    "eliminaste este mensaje|ce message a été supprimé|vous avez supprimé ce message|"
    "questo messaggio è stato eliminato|"
    "hai eliminato questo messaggio|mensagem apagada|(?:essa|esta) mensagem foi apagada|você apagou esta mensagem|"
    "apagou esta mensagem|dit bericht (?:is|werd) verwijderd|(?:je|u) (?:hebt|heeft) dit bericht verwijderd|"
    "(?:данное )?сообщение удалено|вы удалили (?:данное|это) сообщение|(?:це )?повідомлення видалено|"
    "ви видалили це повідомлення|(?:ta )?wiadomość została usunięta|usunięto tę wiadomość|bu mesaj silindi|"
    "bu mesajı sildiniz|(?:det här )?meddelandet (?:raderades|togs bort|har raderats)|"
    "du raderade det här meddelandet|"
    "denne besked blev slettet|du slettede denne besked|denne meldingen ble slettet|du slettet denne meldingen|"
    "tämä viesti poistettiin|poistit tämän viestin|tato zpráva byla (?:smazána|odstraněna)|ezt az üzenetet törölték|"
    "acest mesaj a fost șters|pesan ini (?:telah )?dihapus|anda menghapus pesan ini|αυτό το μήνυμα διαγράφηκε|"
    "تم حذف هذه الرسالة|הודעה זו נמחקה|यह मैसेज डिलीट (?:किया|कर दिया) गया(?: था| है)?|"
    "このメッセージは削除されました|"
    "삭제된 메시지입니다|메시지가 삭제되었습니다|此(?:消息|訊息)已(?:被)?(?:删除|刪除)|"
    "您(?:已)?(?:删除|刪除)了?(?:此|这条|這則)(?:消息|訊息)"
)
_ENCRYPTED = (
    "end-to-end[ -](?:encrypt|versleuteld|krypter|gekrypt|šifrov)|terenkripsi secara end-to-end|"
    "ende-zu-ende[ -]verschlüsselt|"
    "cifrad[oa]s de extremo a extremo|chiffrés de bout en bout|crittografat[ie] end-to-end|"
    "(?:criptografia|encripta(?:ção|das)|criptografadas) (?:de )?pont[ao] a pont[ao]|"
    "сквозным шифрованием|наскрізн\\w+ шифрування|шифровани от край до край|"
    "(?:zabezpieczone|szyfrowane|chronione)\\b.{0,30}(?:end-to-end|pełnym szyfrowaniem|w pełni)|"
    "krypterade från ände till ände|totalsträckskrypt|ende-til-ende-krypt|päästä päähän -?salattuj?a?|"
    "(?:chráněn|zabezpečen|šifrov|šifrovan)\\w*.{0,20}(?:koncov|end-to-end)|koncov\\w+ šifrov|"
    "vég(?:pontok közötti|ponttól végpontig).{0,20}titkos|criptate integral|uçtan uca şifreli|"
    "διατερματική κρυπτογράφηση|κρυπτογραφη\\w+ από άκρο σε άκρο|xifra\\w+ d'extrem a extrem|"
    "مشفرة تمامًا بين الطرفين|رمزگذاری.{0,10}سرتاسر|סודיות מקצה לקצה|מוצפנות מקצה לקצה|"
    "एंड-टू-एंड एन्क्रिप्ट|エンドツーエンド(?:で)?暗号化|종단간 암호화|端[到对對]端加密|mã hóa đầu cuối|"
    "เข้ารหัสจากต้นทางถึงปลายทาง|การเข้ารหัสตั้งแต่ต้นทางถึงปลายทาง"
)
_WORDS = r"(?:view once )?"
_LEFT_OUT = rf"{_WORDS}(?:{_MEDIUM}) (?:{_OMITTED})|{_ALONE_SAID}"
_FILE_NAME = r"[^\n<>:/]{1,150}\.\w{2,5}"
_NUMBERED = r"\d{5,8}-[^\n<>:/]{1,150}\.\w{2,5}"
"""The name of a file as WhatsApp gives it on iOS: `00000012-PHOTO-2025-03-12-17-00-00.jpg`."""
_END = "[.。।]?"
_BRACKETED = rf"<(?:(?:{_LEFT_OUT}){_END}|(?:{_ATTACHED}) ?: ?{_FILE_NAME}|[^<>:\n]{{2,30}}: ?{_NUMBERED})>"
_ALONE = re.compile(rf"(?i)(?:{_BRACKETED}|(?:{_LEFT_OUT}){_END})")
_FILE = re.compile(
    rf"(?i)[^\s/][^\n/]{{0,150}}\.\w{{2,5}} (?:\((?:{_ATTACHED})\)|<(?:{_ATTACHED})>)"
    r"|(?-i:[A-Z]{3}-\d{8}-WA\d{4,5})\.\w{2,5} \([^()\n]{4,40}\)"
)
_NAMED = re.compile(
    rf"(?i)(?P<own>[^\s/<>][^\n/<>]{{0,150}}\.\w{{2,5}}) (?:\((?:{_ATTACHED})\)|<(?:{_ATTACHED})>)"
    rf"|<(?:(?:{_ATTACHED}) ?: ?(?P<within>{_FILE_NAME})|[^<>:\n]{{2,30}}: ?(?P<numbered>{_NUMBERED}))>"
    r"|(?P<android>(?-i:[A-Z]{3}-\d{8}-WA\d{4,5})\.\w{2,5}) \([^()\n]{4,40}\)"
)
_DELETED = re.compile(rf"(?i)(?:{_GONE}){_END}")
_NOTICE = re.compile(rf"(?i)[^\n]{{0,120}}?(?:{_ENCRYPTED})")
_BEHIND = re.compile(rf"(?i)<(?:{_EDIT}){_END}>|{_BRACKETED}")
_BEFORE = "\u200e"
"""The mark that the program writes right before a bracket that is its own, in any language."""
_AROUND = "".join(sign for sign in map(chr, range(0x10000)) if sign.isspace() or re.match(f"[{MARKS}]", sign))
_UNSEEN = re.compile(f"[{MARKS}]")


def sort_of(whole: str) -> str:
    """Return what a whole message is: ATTACHMENT, DELETED, or "" for somebody's words."""
    said = _plain(whole)
    if _DELETED.fullmatch(said):
        return DELETED
    return ATTACHMENT if _ALONE.fullmatch(said) or _FILE.fullmatch(said) else ""


def is_left_out(whole: str) -> bool:
    """Whether a message is what WhatsApp writes as text in place of what can be seen once; in JSON it is a word."""
    return _plain(whole).lower() == "null"


def is_notice(said: str) -> bool:
    """Whether a text tells that a chat is encrypted, as WhatsApp writes above every one."""
    return _NOTICE.match(said) is not None


def is_file(line: str) -> bool:
    """Whether a line names a file that a message brings, and says nothing besides."""
    return _FILE.fullmatch(_plain(line)) is not None


def file_named(lines: Sequence[str]) -> str:
    """Return the file that a message brings: it stands alone on its first line, or behind its words; "" where none."""
    first = _NAMED.fullmatch(_plain(lines[0])) if lines else None
    if first is None and lines and (at := lines[-1].rfind("<")) >= 0:
        first = _NAMED.fullmatch(_plain(lines[-1][at:]))
    return "" if first is None else next(name for name in first.groups() if name).strip()


def without_marks(text: str) -> str:
    """Return a text without what the program adds at its end: that it was edited, or the file that it goes with."""
    while (at := text.rfind("<")) >= 0 and text.rstrip(_AROUND).endswith(">"):
        own = at > 0 and text[at - 1] == _BEFORE and "\n" not in text[at:].rstrip(_AROUND)
        if not own and _BEHIND.fullmatch(_plain(text[at:])) is None:
            break
        text = text[:at].rstrip(_AROUND)
    return text


def _plain(text: str) -> str:
    """Return a text of a few lines at most with plain blanks and no marks of direction; "" of a longer one."""
    said = text.strip(_AROUND)
    return re.sub(r"[^\S\n]", " ", _UNSEEN.sub("", said)) if len(said) <= _MOST else ""
