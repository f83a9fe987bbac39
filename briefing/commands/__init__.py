"""One module a verb, grouped by what verbs do to an archive; each offers its click command as ``command``."""
