"""What is never carried over from an export, whatever the tool: numbers, addresses, tokens."""

from collections.abc import Collection, Mapping
from typing import Final

from netralitas_nlp.io.ids import is_phone, pseudonym
from netralitas_nlp.schema import JsonValue

_NUMBERS: Final = ("phone_number", "contact_information", "contact_vcard")
_ADDRESSES: Final = ("upload_ip", "ip_address", "ipaddress", "client_ip")
_SESSIONS: Final = ("session_id", "sessionid", "session_token", "csrf_token", "csrftoken")
_TOKENS: Final = ("access_token", "mstoken")

PRIVATE_KEYS: Final = frozenset((*_NUMBERS, *_ADDRESSES, *_SESSIONS, *_TOKENS))
"""Keys of JSON exports that hold telephone numbers, IP addresses and sessions, at any depth."""


def without_private(
    fields: Mapping[str, JsonValue], *, drop: Collection[str], nested: bool
) -> dict[str, JsonValue]:
    """Return a record without its private keys; everything else stays exactly as read.

    Args:
        fields: The record.
        drop: Further top-level columns that the preset names.
        nested: Whether to look inside objects and lists.
    """
    if not nested:
        return (
            {key: value for key, value in fields.items() if key not in drop}
            if drop
            else dict(fields)
        )
    return {
        key: _scrubbed(value)
        for key, value in fields.items()
        if key not in drop and key.casefold() not in PRIVATE_KEYS
    }


def with_pseudonyms(fields: dict[str, JsonValue], columns: Collection[str]) -> dict[str, JsonValue]:
    """Return a record in which telephone numbers in the given columns are pseudonyms."""
    for column in columns:
        value = fields.get(column)
        if isinstance(value, str) and is_phone(value):
            fields[column] = pseudonym(value)
    return fields


def _scrubbed(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {k: _scrubbed(v) for k, v in value.items() if k.casefold() not in PRIVATE_KEYS}
    if isinstance(value, list):
        return [_scrubbed(item) if isinstance(item, list | dict) else item for item in value]
    return value
