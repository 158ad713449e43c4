"""Basekeep: customer base management for telecom operators (存量保有)."""

__version__ = "0.1.0"
