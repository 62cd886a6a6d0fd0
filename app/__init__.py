"""Sayso: claims, on whose say-so, and how many independent lines stand for each."""
