"""Changes that wait for the end of their run, when it is known whether they are plausible."""
