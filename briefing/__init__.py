"""The command line: one module per verb; parses arguments, calls, prints."""
