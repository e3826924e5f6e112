"""Measurements: ratios of things done side by side in one run; absolute figures belong to the machine."""
