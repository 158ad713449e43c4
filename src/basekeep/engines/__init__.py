"""Engines run SQL over files. What an engine cannot do is a declared value."""
