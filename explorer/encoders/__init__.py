"""The registry of encoders: which there are, where their weights are, what they read."""
