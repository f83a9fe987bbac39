"""What is kept and how it is asked: records, schema, captures, versions, search, export, browse."""
