"""Say whose each number and unit is."""
