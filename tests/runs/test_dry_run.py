"""A dry run has the same tables as the run itself, is marked, and is carried out by nobody."""

from __future__ import annotations

import pytest

from basekeep.kernel.errors import CallError, DamageError
from basekeep.run.record import RECORD, find_run, need_real
from runs.test_run_again import Bench, bench, content

__all__ = ["bench"]


def test_a_dry_run_has_the_same_tables_byte_for_byte_and_stays_as_it_was(bench: Bench) -> None:
    dry = bench.run(dry=True).record
    before = content(dry.folder)
    real = bench.run().record
    assert real.run_id + "-dry" == dry.run_id
    tables = {name: read for name, read in content(real.folder).items() if name != RECORD}
    assert tables == {name: read for name, read in before.items() if name != RECORD}
    assert content(dry.folder) == before


def test_a_real_run_is_the_same_whether_a_dry_one_was_made_before_or_not(bench: Bench) -> None:
    first = bench.run().record
    before = content(first.folder)
    bench.run(dry=True)
    assert content(bench.run(again=True).record.folder) == before


def test_a_dry_run_is_found_where_it_is_named_or_where_there_is_no_other(bench: Bench) -> None:
    dry = bench.run(dry=True).record.run_id
    assert find_run(bench.store, None).run_id == dry
    assert find_run(bench.store, dry[:12]).run_id == dry
    real = bench.run().record.run_id
    bench.run(dry=True, usage_low_share="45%")
    assert find_run(bench.store, None).run_id == real
    assert find_run(bench.store, real[:12]).run_id == real
    assert find_run(bench.store, dry).dry


def test_only_a_real_run_may_be_carried_out(bench: Bench) -> None:
    need_real(bench.run().record)
    with pytest.raises(CallError, match="dry"):
        need_real(bench.run(dry=True).record)


def test_a_damaged_dry_run_says_how_to_make_it_again(bench: Bench) -> None:
    record = bench.run(dry=True).record
    record.files("figures/")[0].write_bytes(b"")
    with pytest.raises(DamageError) as caught:
        bench.run(dry=True)
    assert caught.value.do is not None
    assert "--again --dry" in caught.value.do.en
    assert bench.run(dry=True, again=True).made
