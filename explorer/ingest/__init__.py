"""Files, folders and pasted text to a Dataset, with every rejected row and why.

Nothing is computed on the items here: embedding and everything after it live elsewhere.
"""

from explorer.ingest.choosing import changed, chosen, named_without, parse_choices
from explorer.ingest.decoding import OnFile, is_mark
from explorer.ingest.faults import COPY, NOTED, foreign_faults, where_in
from explorer.ingest.joining import JOINED_BY, columns_asked
from explorer.ingest.languages import languages_of, some_texts
from explorer.ingest.loading import load, load_text
from explorer.ingest.longtexts import ONLY, PASSAGES, TEXTS, WHOLE
from explorer.ingest.naming import dataset_keys
from explorer.ingest.paragraphs import PARAGRAPHS
from explorer.ingest.parts import SOURCE, TEXT_FROM
from explorer.ingest.previewing import Preview, preview
from explorer.ingest.reader import ITEMS, TABLE, Content, FileReader, Format, Reader, Source, Table, check_size
from explorer.ingest.registry import accepted, added, check_reader, formats, list_formats, suffixes
from explorer.ingest.sampling import LARGE, sample_name, sampled, sampled_rows
from explorer.ingest.text import AS_TABLE, names_columns, pasted_as
from explorer.ingest.vectorcolumns import MOST_NUMBERS, VECTORS
from explorer.ingest.versions import Change, next_number, next_version, rows_where, version_name
