"""One region of the screen a file: its layout, its handlers, its registration."""
