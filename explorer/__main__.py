"""`python -m explorer` is `embedding-explorer`."""

import gc
import os
import sys

from explorer.config import loading, share_cores


def main() -> int:
    """Run the command, whose libraries take a second to load; return its exit status, 130 after Ctrl-C meanwhile."""
    share_cores()
    try:
        with loading():
            from explorer.cli import main as command
        return command()
    except KeyboardInterrupt:
        sys.stderr.write("embedding-explorer: stopped before it began.\n")
        return 130
    finally:
        # As the interpreter ends it looks for cycles in all that libraries made, twice, and then lets go of it anyway:
        # a third of a second of the processor where torch was loaded.
        gc.freeze()


def leave_out_this_folder() -> None:
    """Import nothing from the folder that the command is given in, unless the package itself lies there."""
    own = __file__.rpartition(os.sep)[0].rpartition(os.sep)[0]
    if not sys.flags.safe_path and sys.path[0] != own:  # of a module that is run, Python puts this folder first
        del sys.path[0]


if __name__ == "__main__":
    leave_out_this_folder()
    sys.exit(main())
