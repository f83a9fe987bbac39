"""Verbs that read an archive or a file and change nothing."""
