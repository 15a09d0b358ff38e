"""Documents: what a PDF, a Word file, a slide show, a web page or a mail says, and how it is divided into items.

No document is decoded in the process that asks: `worker` is, `decoding` speaks to it.  Which endings are whose, and
what becomes an item, `reading` says; plain text and Markdown need no decoder and are read in `plain`.
"""

from explorer.ingest.documents.decoding import the_decoder
from explorer.ingest.documents.document import Refused
from explorer.ingest.documents.passages import SIZE, divided, pieces_in, placed
from explorer.ingest.documents.plain import MARKDOWN, TEXT_FILES
from explorer.ingest.documents.reading import DOCUMENTS, judged
from explorer.ingest.documents.rows import DOCUMENT, PASSAGES, PLACE, lengths
from explorer.ingest.documents.webpage import text_of
