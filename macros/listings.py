"""Pages printed from data: policies, observances, sources, templates, rules, blanks. Pure; returns HTML or Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable

from . import examples, library_page, observance_dates, reader, shelf
from .marks import escape
from .model import Finding, LibraryError, Observance, Policy, Template
from .reader import Data
from .vocabulary import STATUS_NAMES, PageContext, Settings

#: How a template cites a law, see fence_macros.
_POLICY = re.compile(r"""\{\{ *法规 *\( *["']([^"']+)["']""")

CATEGORY_NAMES = {
    "law": "法律", "law-decision": "法律", "administrative-regulation": "行政法规", "annual-notice": "行政法规",
    "judicial-interpretation": "司法解释", "department-rule": "部门规章和规范性文件", "joint-rule": "部门规章和规范性文件",
    "joint-opinion": "部门规章和规范性文件", "joint-guidance": "部门规章和规范性文件", "union-rule": "工会规定",
    "union-plan": "工会规定", "central-document": "中央文件", "central-opinion": "中央文件", "party-rule": "党内法规",
    "party-campaign": "党内法规", "national-standard": "国家标准", "event": "会议与表彰", "speech": "会议与表彰",
    "phrase": "会议与表彰", "plan": "规划",
}
OUTCOME_KEPT, OUTCOME_DUPLICATE = "已收入", "重复"


def _e(text: object) -> str:
    return html.escape(str(text))


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]], css: str = "") -> str:
    """An HTML table on one block, so that Markdown leaves it alone. Cells are already escaped; one that begins with <th stays one."""
    head = "".join(f'<th scope="col">{_e(cell)}</th>' for cell in heads)
    body = "".join("<tr>" + "".join(cell if cell.startswith("<th") else f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (f'\n<div class="plan-table {css}" tabindex="0" role="region" aria-label="{_e(caption)}"><table class="plan-data">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n")


class Listings:
    """The macros that pages kept by the maintainers may use, beside the vocabulary of templates."""

    def __init__(self, data: Data, settings: Settings, templates: Callable[[], tuple[Template, ...]], page: Callable[[], PageContext],
                 shared: Callable[[str], Template]):
        self._data, self._settings, self._templates, self._page, self._shared = data, settings, templates, page, shared

    def names(self) -> dict[str, Callable[..., str]]:
        """Macro name -> function."""
        return {
            "首页": self.home, "模板一览": self.templates_of, "法规一览": self.policies, "提法一览": self.phrases,
            "节日一览": self.observances, "来源一览": self.sources, "规则一览": self.rules, "空白一览": self.blanks,
            "用语一览": self.words, "主题一览": self.themes, "主题矩阵": self.matrix, "主题段落": self.shelf_of, "范例": self.example,
            "文种一览": self.kinds, "模板目录": library_page.place,
        }

    def _href(self, target: str) -> str:
        """A link to a page below docs/, from the page being rendered."""
        return "../" * self._page().path.count("/") + target.removesuffix(".md") + ".html"

    def _template_link(self, template: Template) -> str:
        return f'<a href="{self._href(template.url)}">{_e(template.meta.title)}</a>'

    def _sector_names(self, sectors: Iterable[str]) -> str:
        return "、".join("各行业" if sector == "all" else self._data.sectors[sector].name for sector in sectors)

    # --- home and sectors ---

    def home(self) -> str:
        """Sector cards, kinds and the newest templates."""
        templates = self._templates()
        cards = []
        for sector in self._data.sectors.values():
            count = sum(template.meta.sector == sector.id for template in templates)
            cards.append(
                f'<a class="plan-card" href="{self._href(f"{sector.id}/index.md")}"><strong>{_e(sector.name)}</strong>'
                f"<span>{_e(sector.summary)}</span><em>{count} 个模板</em></a>"
            )
        kinds = []
        for kind in self._data.kinds.values():
            links = "、".join(
                f'<a href="{self._href(t.url)}">{_e(t.meta.title)}</a>' for t in self._in_order(templates) if t.meta.kind == kind.id)
            if links:
                kinds.append((f"<strong>{_e(kind.name)}</strong>", _e(kind.summary), links))
        newest = sorted(templates, key=lambda t: (t.meta.reviewed, t.path), reverse=True)[:5]
        news = "".join(f"<li>{self._template_link(t)}<time>{t.meta.reviewed}</time></li>" for t in newest)
        return (
            f'\n<div class="plan-cards">{"".join(cards)}</div>\n\n<p class="plan-ways">{self._ways()}</p>\n\n## 按文种找\n'
            + _table("按文种找模板", ("文种", "用途", "行业"), kinds)
            + f'\n## 最近核对\n\n<ul class="plan-news">{news}</ul>\n'
        )

    def _ways(self) -> str:
        """Other ways in than by sector, on one line."""
        ways = (("不知从何写起", "guides/index.md", "写法"), ("只缺一段", "themes/index.md", "主题"),
                ("安排月份", "calendar.md", "日历"), ("写好要交", "checkup.md", "体检"))
        return "".join(f'<span>{when}：<a href="{self._href(target)}">{name}</a></span>' for when, target, name in ways)

    def _in_order(self, templates: Iterable[Template]) -> list[Template]:
        kinds, sectors = list(self._data.kinds), list(self._data.sectors)
        return sorted(templates, key=lambda t: (sectors.index(t.meta.sector), kinds.index(t.meta.kind), t.path))

    def templates_of(self, sector: str) -> str:
        """The templates of a sector, one row each."""
        rows = [
            (self._template_link(t), _e(self._data.kinds[t.meta.kind].name), _e(t.meta.audience), _e(t.meta.summary),
             f"<time>{t.meta.reviewed}</time>")
            for t in self._in_order(self._templates()) if t.meta.sector == sector
        ]
        return _table("模板清单", ("模板", "文种", "适用对象", "特点", "核对日期"), rows)

    # --- themes ---

    def matrix(self) -> str:
        """Themes by sectors: how many sections there are, each leading to them; an empty cell asks for one."""
        counts: dict[tuple[str, str], int] = {}
        for template in self._templates():
            for section in template.sections:
                if section.theme:
                    counts[section.theme, template.meta.sector] = counts.get((section.theme, template.meta.sector), 0) + 1
        rows = []
        for theme in self._data.themes.values():
            page = self._href(f"{shelf.FOLDER}/{theme.id}.md")
            cells = [f'<a href="{page}?sector={sector}">{count}</a>' if (count := counts.get((theme.id, sector), 0))
                     else f'<a class="plan-missing" href="{self._href("contributing/index.md")}">补写</a>' for sector in self._data.sectors]
            total = sum(counts.get((theme.id, sector), 0) for sector in self._data.sectors)
            rows.append((f'<th scope="row"><a href="{page}">{_e(theme.name)}</a></th>', *cells, str(total)))
        return _table("主题与行业", ("主题", *(sector.name for sector in self._data.sectors.values()), "合计"), rows, "plan-matrix")

    def shelf_of(self, theme: str) -> str:
        """What a theme is about, why its sections differ, and the place where they will stand (see macros.shelf)."""
        row = self._data.themes[theme]
        return f"\n{_e(row.summary)}。{_e(row.variants)}。\n\n{shelf.place(theme)}\n"

    def example(self, ident: str) -> str:
        """A template filled in for an invented unit, with a word on the unit and the way to the blank template."""
        row = next(example for example in self._data.examples if example.id == ident)
        template = next((one for one in self._templates() if one.url == f"{row.template}.md"), None)
        if template is None:
            raise LibraryError([Finding(reader.DATA_RULE, "data/examples.yml", 1, 1, f"没有模板 {row.template}", "docs/ 中已有的模板，如 school/annual-plan")])
        link = f"[{escape(template.meta.title)}](../{row.template}.md)"
        note = f'!!! note "范例"\n\n    本页单位是虚构的。{escape(row.note.rstrip("。"))}。加底色的是填写的内容；要用的请打开空白模板{link}。\n'
        return f"\n{note}\n{examples.filled(row, template, self._data, self._shared)}\n"

    # --- data pages ---

    def policies(self) -> str:
        """Every verified law, rule, congress and plan, by category, with the templates that cite it."""
        cited: dict[str, list[Template]] = {}
        for template in self._in_order(self._templates()):
            for ident in dict.fromkeys(self._data.policies_by_name[name].id for name in _POLICY.findall(template.body)):
                cited.setdefault(ident, []).append(template)
        groups: dict[str, list[Policy]] = {}
        for policy in self._data.policies:
            if policy.citable:
                groups.setdefault(CATEGORY_NAMES[policy.category], []).append(policy)
        out = []
        for group, policies in groups.items():
            out.append(f"\n## {group}\n")
            out.extend(self._policy_entry(policy, cited.get(policy.id, [])) for policy in policies)
        return "\n".join(out)

    def _policy_entry(self, policy: Policy, cited: list[Template]) -> str:
        facts = [("发布机关", policy.issuer), ("文号", policy.number), ("发布", policy.issued), ("施行", policy.effective),
                 ("修改", policy.amended), ("修改后施行", policy.amended_effective), ("状态", STATUS_NAMES[policy.status]),
                 ("核对至", policy.checked), ("适用", self._sector_names(policy.sectors)), ("内容", policy.governs),
                 ("注意", policy.watch)]
        rows = "".join(f"<dt>{_e(name)}</dt><dd>{_e(value)}</dd>" for name, value in facts if value)
        if cited:
            rows += f"<dt>引用</dt><dd>{'、'.join(map(self._template_link, cited))}</dd>"
        return (f'\n<section class="plan-policy" id="{policy.id}"><h3>{_e(policy.title)}</h3>'
                f"<p>写法：{_e(policy.cite)}</p><dl>{rows}</dl></section>\n")

    def phrases(self) -> str:
        """The official phrases with the years in which they may be used."""
        rows = []
        for phrase in self._data.phrases:
            for version in phrase.versions:
                until = f"{version.until}年" if version.until else "今"
                rows.append((_e(phrase.name), _e(version.text), f"{version.since}年至{until}", _e(phrase.note), _e(phrase.checked)))
        return _table("官方提法", ("名称", "文字", "使用年度", "用处", "核对日期"), rows)

    def observances(self) -> str:
        """The union year: observances of the plan year by month, then those that a notice sets."""
        year = self._settings.year
        by_month: dict[int, list[tuple[str, Observance, str]]] = {}
        announced = []
        for item in self._data.observances:
            span = observance_dates.resolve(item.rule, year)
            if span is None:
                announced.append(item)
                continue
            text = observance_dates.date_text(span)
            if span.unit == "day" and span.first == span.last:
                text += f"（{observance_dates.weekday_text(span.first)}）"
            by_month.setdefault(span.first.month, []).append((span.first.isoformat(), item, text))
        out = [f'\n<p class="plan-year-note">以下日期按{year}年推算；调休安排以国务院办公厅当年通知为准。</p>\n']
        heads = ("日期", "名称", "届次", "放假", "适用", "工会常做的事", "说明")
        for month in range(1, 13):
            rows = [self._observance_row(item, text, year) for _, item, text in sorted(by_month.get(month, []), key=lambda row: row[0])]
            if rows:
                out.append(f"\n## {month}月\n{_table(f'{month}月', heads, rows, 'plan-year')}")
        rows = [self._observance_row(item, "以当年通知为准", year) for item in announced]
        out.append(f"\n## 日期每年另行公布\n{_table('日期每年另行公布', heads, rows, 'plan-year')}")
        return "\n".join(out)

    def _observance_row(self, item: Observance, text: str, year: int) -> tuple[str, ...]:
        number = observance_dates.ordinal_number(item, year)
        ordinal = "" if number is None else f"第{number}个" if item.ordinal.kind == "count" else f"{number}周年"
        name = "strong" if item.importance == "high" else "span"
        # the scripts of the page work the row out for other years
        marked = f'<{name} data-day="{item.id}" data-sectors="{" ".join(item.sectors)}">{_e(item.name)}</{name}>'
        return (_e(text), marked, ordinal,
                _e(item.holiday or ""), _e(self._sector_names(item.sectors)), _e(item.activity or ""), _e(item.note or ""))

    def sources(self) -> str:
        """Every public article that was consolidated, with what became of it."""
        by_url = {template.url: template for template in self._templates()}
        rows = []
        for source in self._data.sources.values():
            if source.duplicate_of:
                outcome = f"{OUTCOME_DUPLICATE}：与 {_e(source.duplicate_of)} 相同"
            else:
                outcome = f"{OUTCOME_KEPT}：" + "、".join(
                    self._template_link(by_url[url]) if url in by_url else _e(url) for url in source.templates)
            rows.append((f'<span id="source-{source.id}">{_e(source.id)}</span>', _e(source.page), _e(source.title),
                         _e(self._data.sectors[source.sector].name), _e(source.kind), outcome, _e(source.note)))
        return _table("来源", ("编号", "所在页面", "文章", "行业", "文种", "去向", "取舍"), rows)

    # --- for contributors ---

    def rules(self) -> str:
        """The numbered checks, each with an anchor of its own."""
        out = []
        for rule in self._data.rules.values():
            level = "必须改" if rule.level == "error" else "请确认"
            out.append(f'\n<section class="plan-rule" id="{rule.id.lower()}"><h3>{rule.id} {_e(rule.title)}</h3>'
                       f"<p><em>{level}</em> {_e(rule.why)}。改法：{_e(rule.fix)}。</p></section>\n")
        return "\n".join(out)

    def blanks(self) -> str:
        """The closed list of blanks."""
        types = {"text": "文字", "number": "整数", "rate": "百分比", "date": "日期", "money": "金额"}
        return _table("空白", ("写法", "类型", "到哪里查", "格式示意"), (
            (f"【{_e(blank.label)}】", types[blank.type], _e(blank.hint), _e(blank.example)) for blank in self._data.fields))

    def words(self) -> str:
        """The sector words: one row a word, one column a sector."""
        sectors = self._data.sectors.values()
        return _table("行业用语", ("宏", *(sector.name for sector in sectors)), (
            (f"<code>{{{{ {_e(word.name)} }}}}</code>", *(_e(sector.words[word.id]) for sector in sectors))
            for word in self._data.words))

    def themes(self) -> str:
        """The themes with their ids."""
        return _table("主题", ("写法", "主题", "内容"), (
            (f"<code>theme={_e(theme.id)}</code>", _e(theme.name), _e(theme.summary)) for theme in self._data.themes.values()))

    def kinds(self) -> str:
        """The kinds with length and required headings."""
        names = {heading.id: heading.names[0] for heading in self._data.headings}
        schedule = {"required": "必备", "optional": "可有", "none": "不用"}
        return _table("文种", ("写法", "文种", "用途", "字数", "必备标题", "月度安排"), (
            (f"<code>kind: {_e(kind.id)}</code>", _e(kind.name), _e(kind.summary), f"{kind.length[0]}—{kind.length[1]}",
             _e("、".join(names[ident] for ident in kind.headings)), schedule[kind.schedule])
            for kind in self._data.kinds.values()))
