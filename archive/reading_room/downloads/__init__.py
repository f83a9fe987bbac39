"""Lists of the reading room as CSV, XLSX and JSON files."""
