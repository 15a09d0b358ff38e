"""`python -m explorer` is `embedding-explorer`."""

import sys

from explorer.cli import main

sys.exit(main())
