"""Keeping an archive sound: verify, repair, recovery after a kill, snapshots, redaction."""
