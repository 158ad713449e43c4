"""The synthetic operator: the whole contract, any size, the same seed the same bytes."""
