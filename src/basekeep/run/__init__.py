"""The joint where a plan meets an engine: ordered steps, the run record, explain, diff."""
