"""The fence around contributed text: what a file may contain before any engine renders it.

A contribution is text, but Jinja, YAML, Markdown and the engines each give some texts a meaning of their own. So every
file below docs/ and data/sections/ must stand in its place, consist of plain characters, have bounded size, carry only
the known keys in its front matter, only the known macros (fence_macros) and only plain mark-up (fence_markup).
`plans check` shows the findings; macros/__init__.py refuses to build with any of them, in every engine.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from . import fence_markup, processes, reader
from .fence_macros import PAGE_MACROS, TEMPLATE_MACROS, VALUES, Body, check_macros, shared_sections  # noqa: F401
from .model import SECTOR_IDS, Finding, FrontMatter, LibraryError, PageFrontMatter, SharedFrontMatter, Template
from .reader import HEAD_KEYS_RULE, MAX_LINE_CHARS, MAX_TEXT_BYTES, Data

MAX_LINES = 600
MAX_BLANKS = 200
MAX_HEADINGS = 40
MAX_SHARED_HEADINGS = 5
MAX_NAME = 60

SHARED_FOLDER, ASSETS_FOLDER = "data/sections", "docs/assets"
#: What may stand below docs/assets/: nothing that a browser opens as a page of its own.
ASSET_SUFFIXES = ("", ".css", ".js", ".json", ".txt", ".map", ".png", ".ico", ".woff", ".woff2")


# --- files --------------------------------------------------------------------------------------------

def check_file(root: Path, path: str, data: Data) -> tuple[Template | None, list[Finding]]:
    """Read one file through the fence. Never raises for faulty content.

    `path` is relative to the project. Returns the parsed file (None if it has no text or could not be parsed) and the
    findings.
    """
    findings = _check_place(root, path, data)
    if findings or _is_asset(path):
        return None, [_printable(finding) for finding in findings]
    try:
        text = reader.read_text(root, path, MAX_TEXT_BYTES)
    except LibraryError as fault:
        return None, fault.findings
    if findings := _lone_returns(root, path):
        return None, findings
    return check_text(text, path, data)


def _lone_returns(root: Path, path: str) -> list[Finding]:
    """A carriage return without line feed ends a line for MkDocs but not for Zensical, which then sees no front matter."""
    before, lone, _ = (root / path).read_bytes().replace(b"\r\n", b"\n").partition(b"\r")
    if not lone:
        return []
    return [Finding("F2", path, before.count(b"\n") + 1, 1, "单独的回车符（旧式换行）", "换行符为 LF 或 CRLF（另存时选“Unix”或“Windows”）")]


def check_text(text: str, path: str, data: Data) -> tuple[Template | None, list[Finding]]:
    """The fence for the text of one file, its line ends made \\n; see check_file."""
    shared, page = path.startswith(f"{SHARED_FOLDER}/"), path.startswith("docs/") and not reader.is_template(path)
    if findings := list(_check_size(text, path)):  # nothing that parses runs over text of unbounded size
        return None, findings
    findings = list(_check_characters(text, path))
    template, faults = _check_head(text, path, data, SharedFrontMatter if shared else PageFrontMatter if page else FrontMatter)
    findings += faults
    if body := _body(text, path):
        if not body.text.strip():
            findings.append(Finding(reader.HEAD_RULE, path, body.first_line - 1, 1, "文件头之后没有正文", "标题和正文"))
        count, limit = fence_markup.count_headings(body, page=page), MAX_SHARED_HEADINGS if shared else MAX_HEADINGS
        if count > limit:  # the numbers of headings end at 99, those of shared sections included
            findings.append(body.finding("F3", 1, f"有 {count} 个标题", f"不超过 {limit} 个"))
        findings += check_macros(body, data, page=page, shared=shared)
        findings += fence_markup.check_page_markup(body) if page else fence_markup.check_template_markup(body)
    return template, [_printable(finding) for finding in findings]


def _body(text: str, path: str) -> Body | None:
    try:
        _, body, first_line = reader.split_front_matter(text, path)
    except LibraryError:
        return None
    return Body(path, body, first_line)


def _printable(finding: Finding) -> Finding:
    """The finding with what could disturb a terminal or a log written as escapes."""
    def shown(text: str) -> str:
        return "".join(c if c.isprintable() or c == "\u3000" else ascii(c)[1:-1] for c in text)

    return replace(finding, path=shown(finding.path), found=shown(finding.found), paste=shown(finding.paste))


def project_files(root: Path) -> list[str]:
    """Every file below docs/ and data/sections/, and every link to a folder there, as project paths.

    The engines follow such links; this does not.
    """
    paths: list[str] = []
    for top in ("docs", SHARED_FOLDER):
        if (root / top).is_symlink():
            paths.append(top)
        for folder, folders, files in os.walk(root / top):
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            below = Path(folder).relative_to(root).as_posix()
            paths += [f"{below}/{name}" for name in files + links]
    return sorted(paths)


def check_project(root: Path, data: Data) -> list[Finding]:
    """The fence for everything an engine would render or copy. Empty when all may be."""
    findings: list[Finding] = []
    paths = project_files(root)
    _check_beforehand(root, paths, data)
    for path in paths:
        template, faults = _checked(root, path, data)
        findings += faults
        if template is not None and reader.is_template(path):  # pages only show how it is written
            findings += _missing_shared(root, template)
    return findings


@lru_cache(maxsize=2)
def check_project_once(root: Path, data: Data) -> list[Finding]:
    """check_project as it was when first asked in this process, for engines that ask again for each page."""
    return check_project(root, data)


_Checked = tuple[Template | None, list[Finding]]
MAX_KNOWN = 16384
#: Project and path -> the file's stamp and the data it was held against, what was found.
_known: dict[tuple[Path, str], tuple[Any, Data, _Checked]] = {}


def _checked(root: Path, path: str, data: Data) -> _Checked:
    stamp = _stamp(root, path)
    known = _known.get((root, path))
    if known is None or known[0] != stamp or known[1] is not data:
        known = _known[root, path] = stamp, data, check_file(root, path, data)
    return known[2]


def _check_beforehand(root: Path, paths: list[str], data: Data) -> None:
    """Check the files that are not known, in several processes when they are many."""
    if len(_known) > MAX_KNOWN:  # a process that looks at one project after another
        _known.clear()
    unknown = [(path, _stamp(root, path)) for path in paths if (root, path) not in _known]
    for (path, stamp), checked in zip(unknown, processes.for_each(lambda each: check_file(root, each[0], data), unknown), strict=True):
        _known[root, path] = stamp, data, checked


def _stamp(root: Path, path: str) -> Any:
    """Changes when the file changes; the change time cannot be set by hand."""
    try:
        status = (root / path).lstat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size


def fenced_file(root: Path, path: str) -> Template:
    """A Markdown file that has passed the fence, read again when it has changed. Raises LibraryError."""
    return _passed(root, path, reader.data_cached(root))


def _passed(root: Path, path: str, data: Data) -> Template:
    template, findings = _checked(root, path, data)
    if findings or template is None:
        raise LibraryError(findings or [Finding("F1", path, 1, 1, "不是 Markdown 页面", "以 .md 结尾的文件")])
    return template


def shared_reader(root: Path) -> Callable[[str], Template]:
    """Name (theme/name) -> the shared section of that name; the function raises LibraryError when there is none."""
    def shared(name: str) -> Template:
        path = f"{SHARED_FOLDER}/{name}.md"
        if not (root / path).is_file():
            raise LibraryError([Finding("R2", path, 1, 1, f"没有共用段落 {name}", "data/sections/ 中已有的 主题/名称")])
        return fenced_file(root, path)

    return shared


def fenced_templates(root: Path) -> tuple[Template, ...]:
    """All templates. Raises LibraryError with the findings of every file that does not pass."""
    return tuple(_fenced_files(root, filter(reader.is_template, project_files(root))))


def fenced_shared(root: Path) -> dict[str, Template]:
    """All shared sections by name, e.g. `finance/budget`. Raises LibraryError like fenced_templates."""
    paths = [path for path in project_files(root) if path.startswith(f"{SHARED_FOLDER}/")]
    names = (path.removeprefix(f"{SHARED_FOLDER}/").removesuffix(".md") for path in paths)
    return dict(zip(names, _fenced_files(root, paths), strict=True))


def _fenced_files(root: Path, paths: Iterable[str]) -> list[Template]:
    """Raises LibraryError with the findings of all files."""
    files, findings, data = [], [], reader.data_cached(root)
    for path in paths:
        try:
            files.append(_passed(root, path, data))
        except LibraryError as fault:
            findings += fault.findings
    if findings:
        raise LibraryError(findings)
    return files


def _missing_shared(root: Path, template: Template) -> Iterator[Finding]:
    body = Body(template.path, template.body, template.body_line)
    for line, name in shared_sections(body):
        if not (root / SHARED_FOLDER / f"{name}.md").is_file():
            yield body.finding("R2", line, f"没有共用段落 {name}", "data/sections/ 中已有的 主题/名称", name)


# --- place --------------------------------------------------------------------------------------------

_WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ASSET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def _is_asset(path: str) -> bool:
    return path.startswith(f"{ASSETS_FOLDER}/")


def _check_place(root: Path, path: str, data: Data) -> list[Finding]:
    def fault(found: str, expected: str, paste: str = "") -> list[Finding]:
        return [Finding("F1", path, 1, 1, found, expected, paste)]

    if kind := _unusual_kind(root / path):
        return fault(f"是{kind}", "直接放入文件本身")
    *folders, name = path.split("/")
    folder = "/".join(folders)
    if folders[:2] == ["data", "sections"]:
        good_folder = len(folders) == 3 and folders[2] in data.themes
        expected = "data/sections/<主题>/<名称>.md，主题见 data/themes.yml"
    elif len(folders) > 1 and folders[1] in SECTOR_IDS:
        good_folder = len(folders) == 2
        expected = f"docs/{folders[1]}/<名称>.md，不再分文件夹"
    elif _is_asset(path):
        good_folder = all(_ASSET.fullmatch(part) for part in folders[2:])
        expected = "文件夹名用英文字母、数字和连字符"
    else:
        good_folder = all(_WORD.fullmatch(part) for part in folders[1:])
        expected = "文件夹名用小写英文字母、数字和连字符"
    if not good_folder:
        return fault(f"文件放在 {folder}", expected)
    if _is_asset(path):
        if not _ASSET.fullmatch(name) or Path(name).suffix not in ASSET_SUFFIXES:
            return fault(f"文件名 {name!r}", "扩展名为 " + "、".join(filter(None, ASSET_SUFFIXES)) + " 的文件")
        return []
    stem, suffix = os.path.splitext(name)
    if suffix != ".md" or not _WORD.fullmatch(stem) or len(stem) > MAX_NAME:
        better = re.sub(r"[^a-z0-9]+", "-", stem.lower())[:MAX_NAME].strip("-") or "annual-plan"
        return fault(f"文件名 {name!r}", f"小写英文字母、数字和连字符，不超过 {MAX_NAME} 个字符，以 .md 结尾", f"{folder}/{better}.md")
    return []


def _unusual_kind(file: Path) -> str:
    """What a path is when it is not a plain file of the project; empty when it is one or is not there."""
    try:
        mode = file.lstat().st_mode
    except OSError:
        return ""
    if stat.S_ISLNK(mode):
        return "一个链接文件"
    return "" if stat.S_ISREG(mode) else "设备或管道"


# --- characters and size ------------------------------------------------------------------------------

#: Everything but Chinese characters, ASCII and the punctuation of official papers.
_ODD = re.compile(r"[^\u4e00-\u9fff -~\u3000·—–…‰“”‘’〔〕【】《》〈〉〇、。，；：？！（）％＋－／～￥°℃×÷±≥≤→①②③④⑤⑥⑦⑧⑨⑩㎡]")


def _check_characters(text: str, path: str) -> Iterator[Finding]:
    """Only plain characters; each other one is named once, where it first stands."""
    reported: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        for match in _ODD.finditer(line):
            char = match.group()
            if char in reported or unicodedata.name(char, "").startswith("CJK UNIFIED IDEOGRAPH"):
                continue
            reported.add(char)
            found, expected = _describe(char)
            similar = unicodedata.normalize("NFKC", char)
            paste = "" if _ODD.search(similar) else line.replace(char, similar)
            yield Finding("F2", path, number, match.start() + 1, found, expected, paste)


def _describe(char: str) -> tuple[str, str]:
    """What a refused character is, and what is expected in its place."""
    code, category, name = f"U+{ord(char):04X}", unicodedata.category(char), unicodedata.name(char, "")
    if char == "\t":
        return "制表符", "用空格缩进"
    if char == "\0":
        return "空字符（NUL）", "普通文字"
    if category in ("Cf", "Cc", "Zl", "Zp", "Zs"):
        return f"看不见的字符 {code} {name}".rstrip(), "普通文字和空格"
    if category in ("Co", "Cs", "Cn"):
        return f"没有统一含义的字符 {code}", "普通汉字"
    if "\uff01" <= char <= "\uff5e" and category[0] != "L":
        return f"全角符号“{char}”", "去掉，或改用通常的标点"
    if (similar := unicodedata.normalize("NFKC", char)) != char:
        return f"与“{similar}”形近的字符 {code}", "普通汉字或字母"
    if category[0] == "L":
        return f"其他文字的字母“{char}”（{code} {name}）", "汉字或英文字母"
    return f"符号“{char}”（{code}）", "公文不用表情和装饰符号，改用通常的标点"


def _check_size(text: str, path: str) -> Iterator[Finding]:
    lines = text.split("\n")
    if (size := len(text.encode("utf-8", "replace"))) > MAX_TEXT_BYTES:
        yield Finding("F3", path, 1, 1, f"文件有 {size:,} 字节", f"不超过 {MAX_TEXT_BYTES:,} 字节")
    if len(lines) > MAX_LINES:
        yield Finding("F3", path, MAX_LINES + 1, 1, f"共 {len(lines):,} 行", f"不超过 {MAX_LINES} 行")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE_CHARS:
            yield Finding("F3", path, number, 1, f"这一行有 {len(line):,} 个字符", f"每行不超过 {MAX_LINE_CHARS} 个字符，分成几段")
    if (blanks := text.count("【")) > MAX_BLANKS:
        yield Finding("F3", path, 1, 1, f"有 {blanks} 处空白", f"不超过 {MAX_BLANKS} 处")


# --- front matter -------------------------------------------------------------------------------------

#: Signs of Jinja and of escapes, in the front matter as it is written, comments included.
_HEAD_SIGN = re.compile(r"\{\{|\{%|\{#|\\")
#: What a value of the front matter may not contain: it is printed in many places, by some engines unescaped.
_VALUE_SIGN = re.compile(r"[{}<>&|`\\\[\]#*_\"'\n]")


def _check_head(text: str, path: str, data: Data, model: type[BaseModel]) -> tuple[Template | None, list[Finding]]:
    findings = [
        Finding(HEAD_KEYS_RULE, path, number, match.start() + 1, f"文件头里有“{match.group()}”", "文件头只写普通文字，不用宏和反斜杠")
        for number, line in _head_lines(text, path) if (match := _HEAD_SIGN.search(line))
    ]
    try:
        template = reader.parse_template(text, path, model)
    except LibraryError as fault:
        return None, [*findings, *fault.findings]
    if not findings:
        findings += _check_values(template)
    if isinstance(template.meta, FrontMatter):
        findings += _check_names(template, data)
    return template, findings


def _head_lines(text: str, path: str) -> list[tuple[int, str]]:
    try:
        head, _, _ = reader.split_front_matter(text, path)
    except LibraryError:
        return []
    return list(enumerate(head.split("\n"), 2))


def _values(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a front matter: (where it stands, e.g. schedule.3月.0.do, text)."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, BaseModel):
        yield from _values({name: getattr(value, name) for name in type(value).model_fields}, place)
    elif isinstance(value, (dict, list)):
        items: Iterable[Any] = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _values(item, f"{place}.{key}" if place else str(key))


def _check_values(template: Template) -> Iterator[Finding]:
    for place, value in _values(template.meta):
        if match := _VALUE_SIGN.search(value) or fence_markup.SCHEME.search(value):
            yield Finding(HEAD_KEYS_RULE, template.path, template.meta_lines.get(place, 2), 1,
                          f"文件头中的“{value[:40]}”含有“{match.group()}”", "文件头只写普通文字，不用宏、标记、引号和网址")


def _check_names(template: Template, data: Data) -> Iterator[Finding]:
    """What the build looks up must be there. Worded like the checks F11 and S4, which say the same."""
    meta = template.meta

    def fault(rule: str, place: str, found: str, expected: str) -> Finding:
        return Finding(rule, template.path, template.meta_lines.get(place, 2), 1, found, expected)

    if meta.kind not in data.kinds:
        yield fault("F11", "kind", f"没有文种 {meta.kind}", "、".join(data.kinds))
    word_ids = {word.id for word in data.words}
    for word in meta.words:
        if word not in word_ids:
            yield fault("F11", f"words.{word}", f"没有行业用语 {word}", "、".join(sorted(word_ids)))
    for month, items in meta.schedule.items():
        for index, item in enumerate(items):
            if item.observance is not None and item.observance not in data.observances_by_name:
                yield fault("S4", f"schedule.{month}.{index}.observance", f"没有收录的节日“{item.observance}”",
                            "data/observances.yml 中的名称")
