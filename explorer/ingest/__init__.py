"""Files, folders and pasted text to a Dataset, with every rejected row and why."""
