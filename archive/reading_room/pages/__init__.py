"""The pages of the reading room, a module each: what is read from the archive for one kind of page."""
