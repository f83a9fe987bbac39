"""How requests are made and responses judged: throttle, robots, redirects, truncation, failures."""
