"""Nothing in an expression reaches files, the network or Python, and nothing hostile takes long."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.relations.compiled import compile_playbook
from basekeep.relations.warehouse import segment_sql
from checks.fragments import HEAD, condition, errors, found

REFUSED = {
    "an import": "__import__('os').system('true')",
    "an attribute": "arpu.__class__ = 1",
    "an index": "brand[0] = 'a'",
    "a lambda": "(lambda: arpu)() > 1",
    "a walrus": "(x := arpu) > 1",
    "a power": "9**9**9**9 > arpu",
    "an open file": "open('/etc/passwd') = 'x'",
    "a file function": "read_csv('/etc/passwd') = 'x'",
    "an environment variable": "getenv('HOME') = 'x'",
    "a query": "(select 1) = arpu",
    "a second statement": "arpu > 3; drop table subscriber_month",
    "a comment to the end": "arpu > 3 -- and more",
    "a comment": "arpu /* x */ > 3",
    "a quoted name": '"arpu" > 3',
    "a backslash": "brand = \\'x\\'",
    "a hash that would swallow the next line": ">-\n      arpu > 3 # high\n      and mou_in > 5",
    "a Cyrillic letter": "\u0430rpu > 3",
    "a letter of no width": "ar\u200bpu > 3",
    "a letter that turns the direction": "\u202earpu > 3",
    "a digit of another kind": "arpu > \u00b2",
    "a null byte in YAML": '"arpu > \\0"',
    "brackets": "(" * 3000 + "arpu" + ")" * 3000 + " > 3",
    "negations": "not " * 2000 + "is_staff",
    "signs": "-" * 3000 + "arpu > 3",
    "functions": "mean(" * 1000 + "arpu" + ", 1)" * 1000 + " > 3",
    "a chain of sums": " + ".join(["arpu"] * 60_000) + " > 3",
    "one name": "a" * 450_000,
    "one number": "arpu > " + "9" * 450_000,
    "a number of forty thousand months": "mean(arpu, 40000) > 3",
    "windows in windows": "max(" * 13 + "arpu" + ", 2)" * 13 + " > 3",
}
TEXTS = [
    "'); drop table subscriber_month; --",
    "' or '1' = '1",
    "/* */ -- ; \\",
    "read_csv(/etc/passwd)",
    "$(true) `true` ${HOME} {brand} %s %(x)s ?",
    "\u202e\u200b\ufeff畅享（5G），“x”",
]
BILLION = "\n".join(
    f"  m{n}: {{name: {{zh: 甲, en: A}}, value: {'arpu' if not n else f'm{n - 1} + m{n - 1}'}}}" for n in range(40)
)


@pytest.fixture
def quick() -> object:
    begun = time.process_time()
    yield
    assert time.process_time() - begun < 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused(what: str, tmp_path: Path) -> None:
    text = REFUSED[what]
    written = text if text.startswith((">", '"arpu >')) else f"|-\n      {text}"
    faults = errors(tmp_path, m=condition(written))
    assert [code.partition(".")[0] for _, code in faults] in (["expression"], ["yaml"])


@pytest.mark.usefixtures("quick")
def test_metrics_that_double_forty_times_are_refused(tmp_path: Path) -> None:
    (fault,) = errors(tmp_path, m=f"metrics:\n{BILLION}\n")
    assert fault[1] == "expression.too_large"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "a: &a [*a]",
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
        "a: !!python/object/apply:os.system ['true']",
        "a: " + "x" * 1_100_000,
    ],
    ids=["brackets", "itself", "billion laughs", "a Python object", "too large"],
)
def test_hostile_yaml_is_refused(text: str, tmp_path: Path) -> None:
    assert found(tmp_path, a=text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_harmless_text(text: str, tmp_path: Path) -> None:
    """Whatever it holds, it is the text that a cell is held against, and nothing else."""
    quoted = text.replace("'", "''")
    (tmp_path / "head.yaml").write_text(HEAD)
    (tmp_path / "s.yaml").write_text(f"""segments:
  s:
    name: {{zh: 甲, en: A}}
    wording: {{zh: 甲, en: A}}
    maintenance: []
    priority: 2
    lead_time_days: 3
    false_positives: {{zh: 甲, en: A}}
    rules:
      r:
        name: {{zh: 甲, en: A}}
        when: |-
          brand = '{quoted}' or plan_family in ('{quoted}')
""")
    compiled = compile_playbook(sound_playbook(tmp_path))
    query = segment_sql(compiled, "s", date(2025, 12, 1), "duckdb")
    with DuckEngine(threads=1) as engine, engine.session() as session:
        session.run(f"""CREATE TABLE subscriber_month AS SELECT 'A' AS subscriber_id, DATE '2025-12-01' AS month,
            'active' AS status, DATE '2020-01-01' AS join_date, 'B' AS branch_id, '{quoted}' AS brand,
            'other' AS plan_family UNION ALL SELECT 'B', DATE '2025-12-01', 'active', NULL, 'B', 'x', 'y'""")
        assert session.rows(query) == [("A", "s", "r")]
        assert session.count("SELECT * FROM subscriber_month") == 2
