"""The tables that come in and go out: columns, types, units, labels in both languages."""
