"""Trellis: care for mothers and babies together, on the group day and between."""
