"""HWPX documents, and HWPML (.hml), which says the same in one XML file."""
