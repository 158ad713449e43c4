"""Text is read in the encoding it is in; a byte that is in none is named by line and column."""

from __future__ import annotations

import gzip

import pyarrow as pa
import pytest

from .reader import HEADER, ROW, Reader, column, places, stored

CHINESE = "用户,月份,状态,入网日期,名\n甲1,2025-12-01,active,2020-01-05,中文名\n"
RENAMED = "select 用户 as subscriber_id, 月份 as month, 状态 as status, 入网日期 as join_date, 名 as brand from "
GB18030_BOM = b"\x84\x31\x95\x33"


@pytest.mark.parametrize(
    "content",
    [
        CHINESE.encode("utf-8"),
        CHINESE.encode("utf-8-sig"),
        CHINESE.encode("gb18030"),
        GB18030_BOM + CHINESE.encode("gb18030"),
        CHINESE.encode("utf-16"),
        CHINESE.encode("utf-16-be").join([b"\xfe\xff", b""]),
        CHINESE.replace("\n", "\r\n").encode("gb18030"),
    ],
    ids=["utf-8", "utf-8 bom", "gb18030", "gb18030 bom", "utf-16", "utf-16 be", "gb18030 crlf"],
)
def test_every_usual_encoding_gives_the_same_rows(reader: Reader, content: bytes) -> None:
    reader.write_bytes("数据.csv", content)
    reading = reader.read(RENAMED + "'数据.csv'")
    assert column(reading, "subscriber_id") == ["甲1"]
    assert column(reading, "brand") == ["中文名"]


def test_a_foreign_file_is_reported_under_its_own_name_and_line(reader: Reader) -> None:
    reader.write_bytes("旧.csv", (CHINESE + "乙2,2025-12-01,停机,2020-01-05,名\n").encode("gb18030"))
    reading = reader.read(RENAMED + "'旧.csv'")
    (reason,) = reading.ledger.reasons
    assert (reason.code, reason.first_file, reason.first_line) == ("unknown_value", "旧.csv", 3)


def test_chinese_that_begins_after_the_head_is_recognised(reader: Reader) -> None:
    plain = "".join(f"S{n:06d},2025-12-01,active,2020-01-05,gotone\n" for n in range(12_000))
    text = f"{HEADER},brand\n{plain}Z,2025-12-01,active,2020-01-05,神州行\n"
    reader.write_bytes("t.csv", text.encode("gb18030"))
    reading = reader.read("select * from 't.csv'")
    assert reading.ledger.stored == 12_001
    assert stored(reading)[-1]["brand"] == "神州行"


def test_an_encoding_can_be_forced(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER},brand\n{ROW},Café\n", "latin-1")
    assert column(reader.read("select * from read_csv('t.csv', encoding='latin-1')"), "brand") == ["Café"]


def test_an_encoding_without_a_name_is_a_finding_with_near_names(reader: Reader) -> None:
    reader.write("t.csv", f"{HEADER}\n{ROW}\n")
    (finding,) = reader.refused("select * from read_csv('t.csv', encoding='gb1803')")
    assert finding.code == "encoding_unknown"
    assert "gb18030" in finding.near


def test_a_byte_in_no_encoding_is_named_by_line_and_byte_column(reader: Reader) -> None:
    good = f"{HEADER},brand\n{ROW},神州行\n".encode()
    reader.write_bytes("t.csv", good + b"S2,2025-12-01,active,2020-01-05,ab\xff\xfe\n")
    assert places(reader.refused("select * from 't.csv'")) == {"encoding": "t.csv:3:35"}


def test_a_late_bad_byte_is_found_by_the_engine_and_then_placed(reader: Reader) -> None:
    lines = "".join(f"S{n:06d},2025-12-01,active,2020-01-05,神州行\n" for n in range(12_000))
    reader.write_bytes("t.csv", f"{HEADER},brand\n{lines}".encode() + b"X,2025-12-01,active,2020-01-05,\xe7\xa5\n")
    (finding,) = reader.refused("select * from 't.csv'")
    assert (finding.code, str(finding.place)) == ("encoding", "t.csv:12002:32")
    assert "encoding='gb18030'" in finding.do.en


def test_a_utf8_file_cut_in_the_middle_of_a_character_is_refused(reader: Reader) -> None:
    reader.write_bytes("t.csv", f"{HEADER},brand\n{ROW},神州行神州行".encode()[:-1])
    assert places(reader.refused("select * from 't.csv'")) == {"encoding": "t.csv:2:48"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_compressed_csv_is_read(reader: Reader, encoding: str) -> None:
    reader.write_bytes("t.csv.gz", gzip.compress(CHINESE.encode(encoding)))
    assert column(reader.read(RENAMED + "'t.csv.gz'"), "brand") == ["中文名"]
    reader.write_bytes("t.csv.zst", pa.compress(CHINESE.encode(encoding), "zstd", asbytes=True))
    assert column(reader.read(RENAMED + "'t.csv.zst'"), "brand") == ["中文名"]


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_gz_is_refused_and_never_half_read(reader: Reader, damage: str) -> None:
    lines = "".join(f"S{n},2025-12-01,active,2020-01-05\n" for n in range(5_000))
    packed = bytearray(gzip.compress(f"{HEADER}\n{lines}".encode()))
    if damage == "cut":
        del packed[-5:]
    else:
        packed[-6] ^= 1
    reader.write_bytes("t.csv.gz", bytes(packed))
    assert places(reader.refused("select * from 't.csv.gz'")) == {"file_damaged": "t.csv.gz"}
