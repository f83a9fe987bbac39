"""Verbs that look after an archive: its state, its soundness, its copies, what is removed from it."""
