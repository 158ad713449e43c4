"""Masks personal data. Every screen, file and log passes phone numbers through here."""

from __future__ import annotations


def mask_msisdn(msisdn: str) -> str:
    """A phone number with all but the first three and last two characters hidden: `138******21`."""
    if len(msisdn) <= 5:
        return "*" * len(msisdn)
    return msisdn[:3] + "*" * (len(msisdn) - 5) + msisdn[-2:]
