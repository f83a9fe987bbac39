"""Find the numbers, addresses, names and units of a text."""
