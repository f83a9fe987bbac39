"""One module per verb; each offers its click command as ``command``."""
