"""One crawl, or another run: what it is to do, its clock, what it needs of the machine, how it ends."""
