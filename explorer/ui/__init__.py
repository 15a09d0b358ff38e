"""The screen: the only place that imports dash."""
