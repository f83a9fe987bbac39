"""The demo: a small bundled replica of both sites on loopback, its articles invented in the observed form."""
