"""Synthetic templates: any number, all different, all through the fence, as long as real ones."""

from __future__ import annotations

import random
import re
from pathlib import Path

from macros import reader

_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_SECTORS = reader.SECTOR_IDS
_THEMES = ("democracy", "skills", "care", "culture", "women", "finance")
CHARACTERS = 1300  # of free text; with headings and formulas a template has close to 2,000


def word_pool(root: Path, sector: str) -> list[str]:
    """Pieces of two to four characters cut from the sector's real templates: Chinese that no two texts share in order."""
    pieces: set[str] = set()
    for path in filter(reader.is_template, reader.contributed_files(root)):
        if path.split("/")[1] != sector:
            continue
        for run in _HAN.findall((root / path).read_text("utf-8")):
            pieces.update(run[i : i + 2 + len(run) % 3] for i in range(0, len(run) - 2, 3))
    return sorted(pieces)


def _sentence(pool: list[str], chance: random.Random) -> str:
    return "".join(chance.choices(pool, k=chance.randint(6, 11)))


def template(number: int, sector: str, pool: list[str]) -> str:
    """Text of the template with this number; the same number gives the same text."""
    chance = random.Random(number)
    lines = ["---", f"title: 工会专项工作方案第{number}号", f"sector: {sector}", "kind: special-plan", "audience: 基层工会",
             f"summary: 测量用的第{number}个模板", "sources: []", "reviewed: 2026-11-22", "---",
             "# {{ 单位 }}{{ 本会 }}{{ 年度 }}年" + _sentence(pool, chance)[:8], "",
             f'依据{{{{ 法规("工会法") }}}}，{_sentence(pool, chance)}。', ""]
    for theme in _THEMES:
        lines += [f"## {_sentence(pool, chance)[:12]} {{: theme={theme} }}", ""]
        written, item = 0, 1
        while written < CHARACTERS // len(_THEMES):
            text = "，".join(_sentence(pool, chance) for _ in range(3))
            lines.append(f"{item}. {text}，达到【会员人数】名。（责任：{{{{ 职工 }}}}；依据：记录）")
            written, item = written + len(text), item + 1
        lines.append("")
    lines += ["{{ 落款() }}", "", '!!! note "填写说明"', "", "    - 会员人数：查工会会员名册。", ""]
    return "\n".join(lines)


def add_templates(project: Path, count: int) -> None:
    """Write `count` synthetic templates into a copy of the project."""
    pools = {sector: word_pool(project, sector) for sector in _SECTORS}
    for number in range(count):
        sector = _SECTORS[number % len(_SECTORS)]
        (project / f"docs/{sector}/synthetic-{number}.md").write_text(template(number, sector, pools[sector]), "utf-8")
