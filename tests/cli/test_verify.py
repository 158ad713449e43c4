"""`verify` counts what is stored and names every damaged file."""

from __future__ import annotations

from pathlib import Path

from cli.typed import typed


def test_a_sound_workspace_is_told_with_its_files_and_bytes(operator: Path) -> None:
    document = typed("verify", "-w", operator, "--json").document
    stored = [
        path
        for part in ("tables", "states", "runs")
        for path in (operator / "store" / part).rglob("*")
        if path.is_file()
    ]
    assert document == {"files": len(stored), "bytes": sum(path.stat().st_size for path in stored), "damaged": []}
    said = typed("verify", "-w", operator)
    assert (said.status, said.err) == (0, "")
    assert f"核对了 {len(stored)} 个文件" in said.out
    assert "全部完好" in said.out


def test_every_damaged_file_is_named_with_what_to_do(own: Path) -> None:
    store = own / "store"
    month = next(store.glob("tables/subscriber_month/2025-11/*/p00000.parquet"))
    figures = next(store.glob("runs/*/figures/p00000.parquet"))
    month.write_bytes(month.read_bytes()[:-1])
    figures.unlink()
    said = typed("verify", "-w", own, "--lang", "en")
    assert (said.status, said.err) == (1, "")
    assert f"[store.damaged] a stored file is damaged: {month}" in said.out
    assert f"[run.damaged] a stored file is missing or unreadable: {figures}" in said.out
    assert "put back by ingesting it again" in said.out
    assert "basekeep run --month 2025-12 --again" in said.out
    assert said.out.endswith("damaged: 2.\n")
    document = typed("verify", "-w", own, "--json")
    assert (document.status, [damage["error"] for damage in document.document["damaged"]]) == (
        1,
        ["store.damaged", "run.damaged"],
    )


def test_a_damaged_record_and_a_damaged_head_are_named(own: Path) -> None:
    record = next(own.glob("store/runs/*/run.json"))
    record.write_text("{")
    (own / "store" / "HEAD").write_text("nothing")
    said = typed("verify", "-w", own)
    assert said.status == 1
    assert str(record) in said.out
    assert str(own / "store" / "HEAD") in said.out


def test_a_workspace_in_which_nothing_is_stored_is_sound(tmp_path: Path) -> None:
    typed("new", tmp_path / "empty")
    assert typed("verify", "-w", tmp_path / "empty", "--json").document == {"files": 0, "bytes": 0, "damaged": []}
