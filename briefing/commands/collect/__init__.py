"""Verbs that bring articles into an archive, or read anew what it holds."""
