"""Corrections that readers suggest: how they come in, how many may, and how they are answered."""
