"""A dataset as one file: its rows, what they were read from, its finished runs, in a zip that another place takes in.

Nothing is computed here: what was embedded, mapped and named is carried over.  How a dataset and results lie in a
workspace, `workspace` says; what a run consists of, `runs`.
"""

from explorer.portable.manifest import is_portable
from explorer.portable.packing import export_dataset, packed
from explorer.portable.unpacking import Imported, import_dataset
