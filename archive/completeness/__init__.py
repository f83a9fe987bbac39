"""What the sites listed beside what is held: listings, coverage, quiet days, failures."""
