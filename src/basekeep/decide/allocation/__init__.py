"""Chooses among all options at once under shared limits. Knows numbers only: no subscriber, no file, no clock."""
