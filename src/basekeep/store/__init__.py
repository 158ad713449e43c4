"""Workspace, ingest, snapshots and history: immutable files, manifests with SHA-256, one atomic pointer."""
