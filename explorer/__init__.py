"""Embedding Explorer: embed, map, cluster, search and report on texts and pictures."""
