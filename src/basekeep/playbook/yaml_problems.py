"""What the YAML reader says of a broken file, in both languages."""

from __future__ import annotations

from basekeep.kernel.text import Text

# The beginning of what the reader says, and what that means to the person who edits the file.
_SAID: tuple[tuple[str, Text], ...] = (
    ("mapping values are not allowed", Text("这里不该有冒号；含冒号的文字要加引号", "a colon does not belong here; a text that holds one needs quotes")),
    ("could not find expected ':'", Text("这一行的键缺少冒号", "the key on this line lacks its colon")),
    ("expected <block end>", Text("缩进与上文不一致", "the indentation does not fit the lines above")),
    ("did not find expected", Text("缩进与上文不一致", "the indentation does not fit the lines above")),
    ("sequence entries are not allowed", Text("这里不该有列表项“- ”", "a list item '- ' does not belong here")),
    ("block sequence entries are not allowed", Text("这里不该有列表项“- ”", "a list item '- ' does not belong here")),
    ("found character '\\t'", Text("缩进用了制表符，应用空格", "a tab is used to indent; use spaces")),
    ("found a tab character", Text("缩进用了制表符，应用空格", "a tab is used to indent; use spaces")),
    ("found character", Text("值不能以这个字符开头，请加引号", "a value cannot begin with this character; put it in quotes")),
    ("expected ',' or ']'", Text("方括号没有配对，或缺少逗号", "a bracket is not closed, or a comma is missing")),
    ("expected ',' or '}'", Text("花括号没有配对，或缺少逗号", "a brace is not closed, or a comma is missing")),
    ("expected the node content", Text("这里缺少内容，或括号没有配对", "content is missing here, or a bracket is not closed")),
    ("found unexpected end of stream", Text("引号没有配对", "a quote is not closed")),
    ("found unknown escape character", Text("双引号里的反斜杠写法有误", "a backslash in double quotes is not written as it should be")),
    ("found undefined alias", Text("引用了没有定义的锚点", "an alias refers to an anchor that is not defined")),
    ("expected alphabetic or numeric character", Text("以 * 或 & 开头的值要加引号", "a value that begins with * or & needs quotes")),
    ("found another document", Text("一个文件里只能有一份文档，去掉“---”", "a file holds one document; remove the '---'")),
    ("special characters are not allowed", Text("文件里有不可见的控制字符", "the file holds a control character")),
)  # fmt: skip


def problem(said: str) -> Text:
    """The reader's words as a text; the English as it stands where it is not known."""
    for begins, text in _SAID:
        if begins in said:
            return text
    return Text("写法有误", said)


def stands_at_beginning(said: str) -> bool:
    """Whether what is wrong lies where the reader began, a key or a quote, and not where it stopped."""
    return said.startswith(("could not find expected ':'", "found unexpected end of stream"))
