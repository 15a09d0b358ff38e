"""`python -m explorer` is `embedding-explorer`."""

import sys


def main() -> int:
    """Run the command, whose libraries take a second to load; return its exit status, 130 after Ctrl-C meanwhile."""
    try:
        from explorer.cli import main as command

        return command()
    except KeyboardInterrupt:
        sys.stderr.write("embedding-explorer: stopped before it began.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
