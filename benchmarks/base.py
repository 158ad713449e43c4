"""Makes the base that is measured: a synthetic operator, ingested."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from basekeep.kernel.progress import SilentProgress
from basekeep.store.ingest import ingest
from basekeep.store.workspace import load_workspace
from basekeep.synth.operator import Options, make, mapping


def main() -> None:
    """`python -m benchmarks.base FOLDER SUBSCRIBERS`."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    selects = mapping(make(Options(subscribers=int(sys.argv[2])), folder, SilentProgress()))
    kept = {name: selects[name] for name in ("subscriber_month", "org_unit")}
    lines = "".join(f"  {name}: {select}\n" for name, select in kept.items())
    (folder / "basekeep.yaml").write_text(f"engine: duckdb\nlanguage: en\ntables:\n{lines}", encoding="utf-8")
    workspace = load_workspace(folder)
    with workspace.open_engine() as engine:
        ingest(workspace, engine, date(2026, 1, 1))


if __name__ == "__main__":
    main()
