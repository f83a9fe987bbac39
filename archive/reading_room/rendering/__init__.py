"""From what a page shows to HTML: templates, charts, and sentences in the language of the reader."""
