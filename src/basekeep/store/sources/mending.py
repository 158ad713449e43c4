"""Replaces files of the sources by better copies of them: with numbered lines, or decoded anew."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from basekeep.kernel.findings import Finding
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.sources.broken_lines import BrokenLines
from basekeep.store.sources.csv_pieces import recode_csv
from basekeep.store.sources.csv_records import number_lines
from basekeep.store.sources.files import SourceFile
from basekeep.store.sources.one_lined import OneLined
from basekeep.store.sources.packed import stopped
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.quoted_lines import needs_care
from basekeep.store.sources.sources import Source
from basekeep.store.sources.staging import Staging


class Mending:
    """The sources as they are by now, and the broken lines of the files whose lines were numbered."""

    def __init__(
        self, sources: tuple[Source, ...], one_lined: OneLined, masked: bool, staging: Staging, progress: Progress
    ) -> None:
        self._one_lined = one_lined
        self.sources = sources
        self.broken: dict[SourceFile, BrokenLines] = {}
        self._masked = masked
        self._staging = staging
        self._progress = progress
        self._recoded: set[SourceFile] = set()
        self.number({str(piece.scanned) for piece in self.pieces if not piece.even or _doubtful(piece)})

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All files of all sources."""
        return tuple(piece for source in self.sources for piece in source.pieces)

    def countable(self) -> set[str]:
        """The paths of the files whose lines can still be numbered."""
        return {str(piece.scanned) for piece in self.pieces if piece.countable}

    def number(self, paths: Collection[str]) -> None:
        """Number the lines of these files and set their broken lines apart.

        Raises:
            FindingsError: a numbered copy is still refused by the engine, or a file breaks off within its last line.
        """
        stuck = [piece for piece in self.pieces if str(piece.scanned) in paths and not piece.countable]
        if stuck:
            raise stopped([_stuck(piece) for piece in stuck])
        self._replace(paths, lambda _, piece: self._numbered(piece))

    def recode(self, paths: Collection[str]) -> None:
        """Decode these files anew: their content is not what their heads promised.

        Raises:
            FindingsError: a byte of them is in no encoding.
        """
        self._replace(paths, self._decoded)

    def _replace(self, paths: Collection[str], better: Callable[[Source, Piece], Piece]) -> None:
        self.sources = tuple(
            replace(
                source,
                pieces=tuple(
                    better(source, piece) if str(piece.scanned) in paths else piece for piece in source.pieces
                ),
            )
            for source in self.sources
        )

    def _numbered(self, piece: Piece) -> Piece:
        assert piece.dialect is not None
        target = self._staging.path(".csv")
        broken = BrokenLines(self._staging.path(".parquet"), piece.file.shown, piece.dialect.delimiter, self._masked)
        cut = number_lines(piece, target, broken, self._progress, self._one_lined.of(piece.columns))
        broken.close()
        if cut:
            raise stopped([_cut_short(piece, cut)])
        self.broken[piece.file] = broken
        return replace(piece, scanned=target, first_row_line=1, numbered=True, even=True)

    def _decoded(self, source: Source, piece: Piece) -> Piece:
        if piece.file in self._recoded:
            raise stopped([_stuck(piece)])
        self._recoded.add(piece.file)
        self.broken.pop(piece.file, None)
        again = recode_csv(piece, source.options, self._staging, self._progress)
        return self._numbered(again) if _doubtful(again) else again


def _doubtful(piece: Piece) -> bool:
    """Whether the engine alone might take several lines of the file for one record and say nothing."""
    return piece.countable and needs_care(piece)


def _stuck(piece: Piece) -> Finding:
    return Finding(
        "csv_unreadable",
        piece.file.place(),
        Text("引号或换行的写法读不出来", "its quotes or line ends cannot be made sense of"),
        Text("在 read_csv 中写明 delim、quote、escape，或重新导出。",
             "Say delim, quote and escape in read_csv, or export the file again."),
    )  # fmt: skip


def _cut_short(piece: Piece, line: int) -> Finding:
    return Finding(
        "file_cut_short",
        piece.file.place(line),
        Text("文件在最后一行中间断开：缺少列或引号未闭合，也没有换行符",
             "the file breaks off within its last line: cells or a closing quote are missing, and so is the line end"),
        Text("文件没有写完或没有传完：重新导出或重新传输。",
             "It was not written or transferred to its end: export or transfer it again."),
    )  # fmt: skip
