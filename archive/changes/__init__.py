"""Changes that are pending until the end of their run, when their plausibility can be judged."""
