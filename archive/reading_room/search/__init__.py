"""Search in the reading room: the filters of its form, its results, and the nearest spelling."""
