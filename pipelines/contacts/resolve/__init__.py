"""Bring mentions of the same contact together."""
