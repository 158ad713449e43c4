"""Reads an expression's text into its syntax tree. A closed grammar: nothing in it can reach a file or Python.

condition  = conjunction { "or" conjunction }        conjunction = negation { "and" negation }
negation   = [ "not" ] test                          test = sum [ compare | between | in | is ]
sum        = product { (+|-) product }               product = factor { (*|/) factor }
factor     = [-] ( number | 'text' | name | name(args) | ( condition ) )
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook.numbers import number_of
from basekeep.playbook.tokens import SyntaxFault, Token, tokens_of

RESERVED = frozenset({"and", "or", "not", "in", "is", "between", "known", "unknown", "empty", "true", "false", "by"})
_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
# Deeper than anybody writes, and far from what would exhaust the reader.
_MAX_DEPTH = 40


def parse(text: str) -> s.Node:
    """The syntax tree of a whole expression.

    Raises:
        SyntaxFault: the text is not an expression.
    """
    reader = _Reader(tokens_of(text))
    node = reader.condition()
    reader.expect_end()
    return node


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> Token | None:
        token = self._now
        if token.kind in ("symbol", "name") and token.text in texts:
            self._at += 1
            return token
        return None

    def _need(self, text: str) -> Token:
        token = self._take(text)
        if token is None:
            raise self._fault(f"这里应为 {text!r}", f"expected {text!r}")
        return token

    def _fault(self, zh: str, en: str) -> SyntaxFault:
        token = self._now
        got_zh = "表达式到此结束" if token.kind == "end" else f"读到的是 {token.text!r}"
        got_en = "the expression ends here" if token.kind == "end" else f"found {token.text!r}"
        return SyntaxFault(token.start, Text(f"{zh}，{got_zh}", f"{en}, {got_en}"))

    def expect_end(self) -> None:
        if self._now.kind != "end":
            if self._now.text.lower() in ("and", "or", "not", "in", "is", "between"):
                word = self._now.text.lower()
                raise self._fault(f"请写小写的 {word}", f"write {word!r} in small letters")
            raise self._fault("表达式应已结束", "the expression should have ended")

    def condition(self) -> s.Node:
        return self._nested(lambda: self._joined("or", self._conjunction))

    def _nested(self, read: Callable[[], s.Node]) -> s.Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._fault("嵌套过深", "nested too deeply")
        node = read()
        self._depth -= 1
        return node

    def _conjunction(self) -> s.Node:
        return self._joined("and", self._negation)

    def _joined(self, word: str, read: Callable[[], s.Node]) -> s.Node:
        parts = [read()]
        while self._take(word):
            parts.append(read())
        if len(parts) == 1:
            return parts[0]
        return s.Both(parts[0].start, parts[-1].end, "or" if word == "or" else "and", tuple(parts))

    def _negation(self) -> s.Node:
        token = self._take("not")
        if token is None:
            return self._test()
        operand = self._nested(self._negation)
        return s.Not(token.start, operand.end, operand)

    def _test(self) -> s.Node:
        left = self._sum()
        symbol = self._take(*_COMPARE)
        if symbol:
            right = self._sum()
            if self._now.text in _COMPARE and self._now.kind == "symbol":
                raise self._fault("比较不能连写，请用 and 连接", "comparisons cannot be chained; join them with 'and'")
            return s.Compare(left.start, right.end, symbol.text, left, right)  # type: ignore[arg-type]
        negated = self._take("not") is not None
        if self._take("between"):
            return self._between(left, negated)
        if self._take("in"):
            return self._one_of(left, negated)
        if negated:
            raise self._fault("not 之后应为 between 或 in", "expected 'between' or 'in' after 'not'")
        return self._is(left) if self._take("is") else left

    def _between(self, left: s.Node, negated: bool) -> s.Node:
        low = self._sum()
        self._need("and")
        high = self._sum()
        return s.Between(left.start, high.end, left, low, high, negated)

    def _one_of(self, left: s.Node, negated: bool) -> s.Node:
        self._need("(")
        choices = [self._factor()]
        while self._take(","):
            choices.append(self._factor())
        end = self._need(")")
        return s.OneOf(left.start, end.end, left, tuple(choices), negated)

    def _is(self, left: s.Node) -> s.Node:
        negated = self._take("not")
        token = self._take("known", "unknown", "empty")
        if token is None:
            raise self._fault("is 之后应为 known、unknown 或 empty", "expected known, unknown or empty after 'is'")
        node = s.Is(left.start, token.end, left, token.text)  # type: ignore[arg-type]
        return s.Not(node.start, node.end, node) if negated else node

    def _sum(self) -> s.Node:
        node = self._product()
        while symbol := self._take("+", "-"):
            right = self._product()
            node = s.Arithmetic(node.start, right.end, symbol.text, node, right)  # type: ignore[arg-type]
        return node

    def _product(self) -> s.Node:
        node = self._factor()
        while symbol := self._take("*", "/"):
            right = self._factor()
            node = s.Arithmetic(node.start, right.end, symbol.text, node, right)  # type: ignore[arg-type]
        return node

    def _factor(self) -> s.Node:
        token = self._now
        if minus := self._take("-"):
            operand = self._nested(self._factor)
            return s.Negative(minus.start, operand.end, operand)
        if self._take("("):
            node = self.condition()
            # The parentheses belong to it, so that its text is an expression by itself.
            return replace(node, start=token.start, end=self._need(")").end)
        if token.kind == "end" or token.kind == "symbol":
            raise self._fault("这里应为数字、文字、名称或括号", "expected a number, a text, a name or a parenthesis")
        self._at += 1
        if token.kind == "number":
            return self._number(token)
        if token.kind == "string":
            return s.String(token.start, token.end, token.text)
        return self._word(token)

    def _number(self, token: Token) -> s.Node:
        try:
            return s.Number(token.start, token.end, number_of(token.text))
        except ValueError:
            raise SyntaxFault(token.start, Text("数的位数过多", "the number has too many digits")) from None

    def _word(self, token: Token) -> s.Node:
        if token.text in ("true", "false"):
            return s.Truth(token.start, token.end, token.text == "true")
        if token.text in RESERVED:
            self._at -= 1
            raise self._fault("这里应为数字、文字、名称或括号", "expected a number, a text, a name or a parenthesis")
        if self._take("("):
            return self._call(token)
        return s.Name(token.start, token.end, token.text)

    def _call(self, function: Token) -> s.Node:
        args: list[s.Node] = []
        named: list[tuple[str, s.Node]] = []
        end = self._take(")")
        while end is None:
            label = self._label()
            value = self.condition()
            if label:
                named.append((label, value))
            elif named:
                raise self._fault(
                    "带名参数之后不能再有不带名的", "an argument without a name cannot follow a named one"
                )
            else:
                args.append(value)
            end = self._take(")")
            if end is None:
                self._need(",")
        return s.Call(function.start, end.end, function.text, tuple(args), tuple(named))

    def _label(self) -> str | None:
        following = self._tokens[self._at + 1] if self._now.kind == "name" else None
        if self._now.text == "by" and following is not None and following.text == "=":
            self._at += 2
            return "by"
        return None
