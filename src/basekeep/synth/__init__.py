"""The synthetic operator: every contract table, made from a seed, and the truth behind it apart."""
