"""Builds models from what YAML has read, and says in Chinese what is wrong with a value. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from .model import PATTERN_WORDS, Finding
from .yaml_source import Path


def _shown(value: Any) -> str:
    """A value as YAML has read it, fit for a message."""
    if value is None:
        return "空的"
    if isinstance(value, bool):
        return "是非值（没加引号的 yes、no、on、off 等）"
    if isinstance(value, dict):
        return "“键: 值”"
    if isinstance(value, list):
        return "列表"
    text = str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """The model inside a type such as `list[Model] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_within, get_args(annotation))), None)


def _known_keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The keys that may stand beside the one at `loc`."""
    for part in loc[:-1]:
        if part in model.model_fields:
            model = _model_within(model.model_fields[part].annotation) or model
    return [info.alias or name for name, info in model.model_fields.items()]


def _found_and_expected(error: dict[str, Any], model: type[BaseModel]) -> tuple[str, str]:
    """What was found and what is expected, in Chinese, for one pydantic error."""
    loc, context, shown = error["loc"], error.get("ctx") or {}, _shown(error.get("input"))
    name = next((part for part in reversed(loc) if isinstance(part, str)), "这一项")
    found = f"键{shown}" if name == "[key]" else f"{name} 是{shown}"
    match error["type"]:
        case "missing":
            return f"缺少 {name}", f"写上 {name}"
        case "extra_forbidden":
            return f"不认识的键 {name}", "只写 " + "、".join(_known_keys(model, loc))
        case "literal_error":
            return found, context["expected"].replace("'", "").replace(" or ", "、").replace(", ", "、") + " 之一"
        case "string_type":
            return f"{found}，不是文字", "文字；数字、日期和 yes、no 等要加引号"
        case "string_too_short":
            return f"{found}，太短", f"至少 {context['min_length']} 个字"
        case "string_too_long":
            return f"{found}，太长", f"至多 {context['max_length']} 个字"
        case "too_short":
            return f"{found}，项数太少", f"至少 {context['min_length']} 项"
        case "too_long":
            return f"{found}，项数太多", f"至多 {context['max_length']} 项"
        case "string_pattern_mismatch":
            return found, PATTERN_WORDS[context["pattern"]]
        case "int_type":
            return f"{found}，不是整数", "整数，不加引号"
        case "float_type":
            return f"{found}，不是数", "数，不加引号"
        case "greater_than_equal":
            return found, f"不小于 {context['ge']}"
        case "less_than_equal":
            return found, f"不大于 {context['le']}"
        case "date_type":
            return f"{found}，不是日期", "日期写成 2026-11-22"
        case "dict_type" | "model_type":
            return f"{found}，不是“键: 值”的形式", "键: 值"
        case "list_type":
            return f"{found}，不是列表", "列表，如 [甲, 乙]"
        case "value_error":
            return str(context["error"]), "按文件开头的说明填写"
    return f"{found}，不合要求", "按文件开头的说明填写"


def validate(
    model: type[BaseModel], value: Any, path: str, rule: str, lines: dict[Path, int], prefix: Path = ()
) -> tuple[Any, list[Finding]]:
    """Build a model; the findings name the line of each faulty value."""
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        findings = []
        for item in error.errors():
            place = (*prefix, *(part for part in item["loc"] if part != "[key]"))
            findings.append(Finding(rule, path, line_of(place, lines), 1, *_found_and_expected(item, model)))
        return None, findings


def line_of(place: Path, lines: dict[Path, int]) -> int:
    """The line of a value, or of the nearest one around it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
