"""Korean time, in which both sites publish and the archive keeps its times."""

from __future__ import annotations

from datetime import timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
