"""Silent breakage: what the archive receives, beside what it received in the weeks before."""
