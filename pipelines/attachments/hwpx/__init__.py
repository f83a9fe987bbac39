"""HWPX documents, and HWPML (.hml), the same in one XML file."""
