"""Declarations to relational expressions. No connection, no clock."""
