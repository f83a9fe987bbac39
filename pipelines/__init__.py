"""What a page means: clean bodies, dates, contacts, sources, organizations, attachments, store."""
