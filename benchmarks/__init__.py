"""Measurements as ratios in one run: nothing is asserted but that every way gives the same members."""
