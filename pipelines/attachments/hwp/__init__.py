"""HWP 5 documents."""
