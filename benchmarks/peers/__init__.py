"""One file for each way to compute the ten rules, and what they have in common."""
