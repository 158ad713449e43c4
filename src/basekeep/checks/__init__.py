"""Playbook checks: one rule, one file; declarations in, findings out."""
