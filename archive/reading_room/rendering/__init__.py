"""Rendering of pages: templates, charts, and sentences in the reader's language."""
