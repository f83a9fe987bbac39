"""Verbs that bring articles into an archive, or read again what it holds."""
