"""The gate of quality: labelled texts, the figures reached on them, and the floors that must hold."""
