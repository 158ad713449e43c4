"""Candidates, allocation, hold-outs, the ledger: one decision for each subscriber of a run."""
