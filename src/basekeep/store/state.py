"""What is stored at one moment: each partition's version. A state never changes; HEAD names the current one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from basekeep.kernel.errors import DamageError
from basekeep.kernel.months import month_text, parse_month
from basekeep.kernel.text import Text
from basekeep.store.disk import disk_errors

SHARD_ROWS = 131_072
HEAD = "HEAD"
STATES = "states"
ALL = "all"
ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class PartitionRef:
    """One version of one partition. `rows` of data; `positions` also count the roster positions without a row."""

    version: str
    manifest_sha256: str
    rows: int
    positions: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Everything stored: table → month text or "all" → version, and the roster they are aligned to.

    The roster is cut into shards of `shard_rows` in the order in which subscribers came; or, where `shards` is not 0,
    into so many by `shard_of`, each growing by itself.
    """

    sequence: int = 0
    partitions: Mapping[str, Mapping[str, PartitionRef]] = field(default_factory=dict)
    roster: PartitionRef | None = None
    shard_rows: int = SHARD_ROWS
    shards: int = 0
    previous: str | None = None

    def encode(self) -> bytes:
        """The state as JSON, always the same bytes for the same content."""
        content = asdict(self)
        if not self.shards:
            del content["shards"]
        return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()

    @property
    def shard_count(self) -> int:
        """Into how many shards the roster is cut."""
        if self.roster is None:
            return 0
        return self.shards or -(-self.roster.rows // self.shard_rows)

    @property
    def name(self) -> str:
        """The name of its file: its place in the order and the hash of its content."""
        return f"{self.sequence:06d}-{hashlib.sha256(self.encode()).hexdigest()[:12]}.json"

    def partition(self, table: str, key: str) -> PartitionRef | None:
        """The stored version of one partition."""
        return self.partitions.get(table, {}).get(key)

    def followed_by(self, changes: Mapping[tuple[str, str], PartitionRef], roster: PartitionRef | None) -> State:
        """The next state: these partitions take these versions, all others stay."""
        partitions = {table: dict(keys) for table, keys in self.partitions.items()}
        for (table, key), ref in changes.items():
            partitions.setdefault(table, {})[key] = ref
        previous = self.name if self.sequence else None
        return replace(self, sequence=self.sequence + 1, partitions=partitions, roster=roster, previous=previous)


def shard_of(subscriber_id: str, shards: int) -> int:
    """The shard of a subscriber where the roster is cut by ids: the first 32 bits of its MD5, over the number of shards."""
    return int(hashlib.md5(subscriber_id.encode(), usedforsecurity=False).hexdigest()[:8], 16) % shards


def partition_key(month: date | None) -> str:
    """A month, or the whole of a table that has no months, as a partition's name."""
    return month_text(month) if month else ALL


def partition_folder(store_dir: Path, table: str, key: str, version: str) -> Path:
    """Where a version of a partition lies."""
    return store_dir / "tables" / table / key / version


def months(state: State, table: str) -> tuple[date, ...]:
    """The months stored of a table, earliest first."""
    return tuple(sorted(parse_month(key) for key in state.partitions.get(table, {}) if key != ALL))


def stored_versions(store_dir: Path, state: State) -> list[tuple[Path, PartitionRef]]:
    """The folder of each version that a state names, the roster's too."""
    found = [
        (partition_folder(store_dir, table, key, ref.version), ref)
        for table, keys in state.partitions.items()
        for key, ref in keys.items()
    ]
    if state.roster:
        found.append((partition_folder(store_dir, ROSTER, ALL, state.roster.version), state.roster))
    return found


def read_state(store_dir: Path) -> State:
    """The current state; an empty one where nothing was ever stored.

    Raises:
        DamageError: HEAD or the state that it names is missing or changed.
    """
    head = store_dir / HEAD
    with disk_errors():
        if head.exists():
            return _read(store_dir, head.read_text(encoding="ascii", errors="replace").strip(), named_by=head)
        if any(name.name > "000002" for name in (store_dir / STATES).glob("*.json")):
            raise _damaged(head)
    return State()


def states_back(store_dir: Path) -> Iterator[State]:
    """The current state, then each one before it.

    Raises:
        DamageError: one of them is missing or changed.
    """
    state = read_state(store_dir)
    while state.sequence:
        yield state
        if not state.previous:
            return
        with disk_errors():
            state = _read(store_dir, state.previous, named_by=store_dir / STATES / state.name)


def _read(store_dir: Path, name: str, named_by: Path) -> State:
    path = store_dir / STATES / name
    if Path(name).name != name or not path.is_file():
        raise _damaged(named_by)
    content = path.read_bytes()
    try:
        state = _decode(json.loads(content))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(path) from error
    if state.name != name or state.encode() != content:
        raise _damaged(path)
    return state


def _decode(found: dict[str, Any]) -> State:
    partitions = {
        table: {key: _decode_ref(ref) for key, ref in keys.items()} for table, keys in found.pop("partitions").items()
    }
    roster = found.pop("roster")
    return State(partitions=partitions, roster=_decode_ref(roster) if roster else None, **found)


def _decode_ref(found: dict[str, Any]) -> PartitionRef:
    columns = tuple(found.pop("columns"))
    return PartitionRef(columns=columns, **found)


def _damaged(path: Path) -> DamageError:
    return DamageError(
        "store.state_damaged",
        Text(f"存储的状态文件缺失或已损坏：{path}", f"a state file of the store is missing or damaged: {path}"),
        Text("从备份恢复该文件；数据文件没有变化。", "Put the file back from a backup; the data files are unchanged."),
    )
