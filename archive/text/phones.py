"""The international form of printed Korean phone numbers."""

from __future__ import annotations

import phonenumbers


def e164(printed: str) -> str | None:
    """Give a Korean number in international form; None for short numbers such as 129."""
    try:
        number = phonenumbers.parse(printed, "KR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
