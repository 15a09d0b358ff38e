"""Hostile content, crowds, full disks, kills and races: what no user and no file may bring about."""
