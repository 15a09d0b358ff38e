"""The ways in by command: `embedding-explorer` and the server that it starts.

Nothing is computed here: each command calls what the page calls.
"""

from explorer.cli.main import main
from explorer.cli.serving import serve
