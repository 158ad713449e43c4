"""What is wrong with an expression, as an offset in its text; `checks` turns it into a finding with file and line."""

from __future__ import annotations

from basekeep.kernel.errors import WorkError
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t

SEE_LANGUAGE = Text("写法见策略手册参考“表达式”一节。", "See 'Expressions' in the playbook reference.")
KIND_WORDS = {
    "number": Text("数值", "a number"),
    "truth": Text("条件", "a condition"),
    "text": Text("文字", "a text"),
    "date": Text("日期", "a date"),
}


class Fault(WorkError):
    """An expression without a meaning; `start` is an offset in its text.

    `via` names the other declaration in whose text the fault lies, if it is another's: it is told there.
    `circle` names the declarations of a circular reference.
    """

    def __init__(
        self, code: str, start: int, what: Text, do: Text = SEE_LANGUAGE, near: tuple[str, ...] = (), via: str = ""
    ) -> None:
        super().__init__(code, what, do)
        self.start = start
        self.advice = do
        self.near = near
        self.via = via
        self.circle: tuple[str, ...] = ()


def wrong_kind(start: int, wanted: str, term: t.Term) -> Fault:
    """A term of another kind than its place wants."""
    want, got = KIND_WORDS[wanted], KIND_WORDS[term.kind]
    return Fault(
        "expression.type", start, Text(f"这里应为{want.zh}，实为{got.zh}", f"expected {want.en}, found {got.en}")
    )


def wrong_arguments(start: int, zh: str, en: str, do: Text = SEE_LANGUAGE) -> Fault:
    """A function that is not written as it should be."""
    return Fault("expression.arguments", start, Text(zh, en), do)


def too_far_back(start: int, needed: int, kept: int) -> Fault:
    """A look further back than the history that the playbook keeps."""
    return Fault(
        "expression.window_too_long",
        start,
        Text(f"需要 {needed} 个月的历史，策略手册只保留 {kept} 个月", f"needs {needed} months of history; the playbook keeps {kept}"),
        Text("缩短窗口，或在 playbook.yaml 中增大 history_months。", "Shorten the window, or raise history_months in playbook.yaml."),
    )  # fmt: skip


def too_much(start: int) -> Fault:
    """An expression that unfolds into more than could sensibly be computed."""
    return Fault(
        "expression.too_large",
        start,
        Text("展开后过大：引用与窗口层层相乘", "it unfolds into too much: windows within windows, or metrics within metrics"),
        Text("减少嵌套的窗口与引用。", "Nest fewer windows and metrics."),
    )  # fmt: skip


def told_elsewhere(start: int, name: str) -> Fault:
    """A name whose own declaration could not be read; that is told where it stands."""
    what = Text(f"{short(name)} 的声明有误", f"the declaration of {short(name)} is faulty")
    return Fault("expression.broken_name", start, what, via=name)


def short(read: str) -> str:
    """What was read, quoted, and cut where it is long."""
    return repr(read if len(read) <= 60 else f"{read[:57]}...")
