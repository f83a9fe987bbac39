"""The international form of printed Korean phone numbers."""

from __future__ import annotations

import phonenumbers


def e164(printed: str) -> str | None:
    """Write a printed Korean number in E.164 (``+82442014802``); None for short and for false numbers."""
    try:
        number = phonenumbers.parse(printed, "KR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
