/* The text of a page as plain data, and what is made of it: text, HTML for word processors; Markdown in document-markdown.js. No page is
   changed here.

   Run = {t, b?: true, f?: fill id, e?: true (blank not filled)}
   Block = {type: "p", runs} | {type: "li", n: number or null, runs} | {type: "table", head: Run[][], rows: Run[][][]}
   Section = {level: 2 | 3, heading (without its number), theme, id, from, blocks}; an h3 belongs to the h2 before it
   Doc = {title, intro: Block[], sections: Section[], unit, date} */
(() => {
  "use strict";

  // what stands in an article without being part of the plan's text
  const NOT_TEXT = ".headerlink, .plan-section-tools, .plan-tools, .admonition, button:not(.fill), input, select, textarea, script, style, svg, dialog, [role=dialog], [hidden], [data-not-text]";
  const NUMBER = /^(?:[一二三四五六七八九十百]+、|（[一二三四五六七八九十百]+）)/;
  const BODY = "'仿宋_GB2312','仿宋',FangSong";
  const HEI = "'黑体',SimHei";
  const KAI = "'楷体_GB2312','楷体',KaiTi";
  const TITLE = "'方正小标宋简体','小标宋','宋体',SimSun";

  /** 1 to 99 in Chinese numerals. */
  function chinese(n) {
    const digits = "零一二三四五六七八九";
    if (n < 1 || n > 99) return String(n);
    const tens = Math.floor(n / 10);
    return (tens > 1 ? digits[tens] : "") + (tens ? "十" : "") + (n % 10 ? digits[n % 10] : "");
  }

  // --- reading the page ---

  function runsOf(node, mark = {}, runs = []) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const t = child.data.replace(/[ \t\r\n]+/g, " ");
        const last = runs[runs.length - 1];
        if (!t) continue;
        if (last && last.b === mark.b && last.f === mark.f && last.e === mark.e && !mark.f) last.t += t;
        else runs.push({ t, ...mark });
      } else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(NOT_TEXT) && !child.matches("ol, ul, table")) {
        const inner = { ...mark };
        if (child.matches("b, strong")) inner.b = true;
        if (child.matches(".fill")) {
          inner.f = child.dataset.fill;
          if (child.matches(".fill-empty")) inner.e = true;
        }
        if (child.tagName === "BR") runs.push({ t: " ", ...mark });
        else runsOf(child, inner, runs);
      }
    }
    return runs;
  }

  /** Runs without space around them; each fill stays a run of its own. */
  function trimmed(node) {
    const runs = runsOf(node);
    if (runs.length) {
      runs[0].t = runs[0].t.trimStart();
      runs[runs.length - 1].t = runs[runs.length - 1].t.trimEnd();
    }
    return runs.filter((run) => run.t);
  }

  const textOf = (runs) => runs.map((run) => run.t).join("");

  function listBlocks(list, depth) {
    const blocks = [];
    let n = list.tagName === "OL" ? list.start : null;
    for (const item of list.children) {
      if (item.tagName !== "LI" || item.matches(NOT_TEXT)) continue;
      if (n !== null && item.hasAttribute("value")) n = item.value;
      const paragraphs = item.querySelectorAll(":scope > p");
      const runs = trimmed(paragraphs[0] || item);
      // official papers write 1. and below it （1）
      if (n !== null && depth) blocks.push({ type: "p", runs: [{ t: `（${n}）` }, ...runs] });
      else blocks.push({ type: "li", n, runs });
      blocks.push(...blocksOf(item, depth + 1, [...item.children].filter((child) => child !== paragraphs[0])));
      if (n !== null) n += 1;
    }
    return blocks;
  }

  function tableBlock(table) {
    const rows = [...table.rows].map((row) => ({ head: row.parentNode.tagName === "THEAD", cells: [...row.cells].map(trimmed) }));
    const head = rows.find((row) => row.head);
    return { type: "table", head: head ? head.cells : [], rows: rows.filter((row) => row !== head).map((row) => row.cells) };
  }

  function blocksOf(parent, depth = 0, children = parent.children) {
    const blocks = [];
    for (const child of children) {
      if (child.matches(NOT_TEXT) || child.matches("section, h1, h2, h3")) continue;
      if (child.matches("ol, ul")) blocks.push(...listBlocks(child, depth));
      else if (child.tagName === "TABLE") blocks.push(tableBlock(child));
      else if (child.matches("p, h4, h5, h6, pre")) {
        const runs = trimmed(child);
        if (runs.length) blocks.push({ type: "p", runs });
      } else if (child.matches("div, blockquote, figure, details")) blocks.push(...blocksOf(child, depth)); // the theme wraps tables
    }
    return blocks;
  }

  const headingOf = (section) => section.querySelector(":scope > h2, :scope > h3");
  const headingText = (section) => textOf(trimmed(headingOf(section)));
  const own = (section) => [section, ...section.querySelectorAll("section.plan-section")].filter(headingOf);

  /** This section and those within it, in order. */
  function fromSection(section) {
    return own(section).map((element) => ({
      level: Number(headingOf(element).tagName[1]), heading: headingText(element).replace(NUMBER, ""), theme: element.dataset.theme || null,
      id: element.id || null, from: element.dataset.from || Plans.page(), blocks: blocksOf(element),
    }));
  }

  /** The numbers that the page shows for fromSection(section): a single copied section keeps its own. */
  const shownNumbers = (section) => own(section).map((element) => (headingText(element).match(NUMBER) || [""])[0]);

  function fromArticle(article) {
    const title = article.querySelector("h1");
    const intro = [];
    for (let node = title && title.nextElementSibling; node && !node.matches("section.plan-section, .plan-signature"); node = node.nextElementSibling) intro.push(node);
    const line = (name) => { const p = article.querySelector(`.plan-signature-${name}`); return p ? textOf(trimmed(p)) : ""; };
    return {
      title: title ? textOf(trimmed(title)) : "", intro: blocksOf(article, 0, intro),
      sections: [...article.querySelectorAll("section.plan-section")].filter((section) => !section.parentNode.closest("section.plan-section")).flatMap(fromSection),
      unit: line("unit"), date: line("date"),
    };
  }

  // --- numbers ---

  /** Levels as they are printed: an h3 with no h2 before it stands on the first level. */
  function levels(sections) {
    const first = sections.findIndex((section) => section.level === 2);
    return sections.map((section, index) => (section.level === 3 && first >= 0 && index > first ? 3 : 2));
  }

  function numbers(sections) {
    let second = 0;
    let third = 0;
    return levels(sections).map((level) => {
      if (level === 3) return `（${chinese(third += 1)}）`;
      third = 0;
      return `${chinese(second += 1)}、`;
    });
  }

  /** `shown`: numbers to keep, with the levels as they are; otherwise numbered anew. */
  function headed(sections, shown) {
    const marks = shown || numbers(sections);
    const depth = shown ? sections.map((section) => section.level) : levels(sections);
    return sections.map((section, index) => ({ ...section, number: marks[index], level: depth[index] }));
  }

  // --- plain text ---

  /** What stands before an item: `1.`, with a space where a digit follows, so that 1.2月 is not read as a decimal. */
  const marker = (block) => (block.n === null ? "· " : `${block.n}.${/^\d/.test(textOf(block.runs)) ? " " : ""}`);

  function blockText(block) {
    if (block.type === "table") return [block.head, ...block.rows].filter((row) => row.length).map((row) => row.map(textOf).join("\t")).join("\n");
    return (block.type === "li" ? marker(block) : "") + textOf(block.runs);
  }

  const sectionsToText = (sections, shown) => headed(sections, shown).flatMap((section) => [section.number + section.heading, ...section.blocks.map(blockText)]).join("\n");

  function toText(doc) {
    const signature = [doc.unit, doc.date].filter(Boolean).join("\n");
    return [doc.title && `${doc.title}\n`, ...doc.intro.map(blockText), sectionsToText(doc.sections), signature && `\n${signature}`].filter(Boolean).join("\n");
  }

  // --- HTML for Word, WPS and LibreOffice: the layout of GB/T 9704, every style inline ---

  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  // control characters are valid in no word processor's file
  const escape = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"']/g, (character) => ESCAPES[character]);
  const htmlRuns = (runs) => runs.map((run) => (run.b ? `<b>${escape(run.t)}</b>` : escape(run.t))).join("");

  // the size stands on a span as well: LibreOffice and WPS keep the paragraph's layout and the span's font
  function paragraph(tag, font, size, layout, inner) {
    const face = `font-family:${font};mso-fareast-font-family:${font.split(",")[0]};font-size:${size}pt;font-weight:normal;color:#000000`;
    return `<${tag} style="margin:0pt;margin-top:0pt;margin-bottom:0pt;${layout};${face}"><span lang="ZH-CN" style="${face}">${inner}</span></${tag}>`;
  }

  const LINE = "line-height:28.95pt;mso-line-height-rule:exactly";
  // Word reads the count of characters, the others the length
  const INDENT = "text-indent:32pt;mso-char-indent-count:2.0";
  const body = (inner) => paragraph("p", BODY, 16, `text-align:justify;${INDENT};${LINE}`, inner);

  function tableHtml(block) {
    const cell = (tag, font, align) => (runs) => `<${tag} style="border:0.75pt solid #000000;padding:2pt 5pt;vertical-align:middle">${
      paragraph("p", font, 12, `text-align:${align};text-indent:0pt;line-height:18pt`, htmlRuns(runs) || "&nbsp;")}</${tag}>`;
    const row = (cells, format) => (cells.length ? `<tr>${cells.map(format).join("")}</tr>` : "");
    const head = row(block.head, cell("th", HEI, "center"));
    return `<table border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse;border:0.75pt solid #000000;width:100%">${
      head && `<thead>${head}</thead>`}<tbody>${block.rows.map((cells) => row(cells, cell("td", BODY, "left"))).join("")}</tbody></table>`;
  }

  const blockHtml = (block) => (block.type === "table" ? tableHtml(block) : body((block.type === "li" ? marker(block) : "") + htmlRuns(block.runs)));
  const wrap = (inner) => `<div lang="ZH-CN">${inner}</div>`;

  const sectionsHtml = (sections, shown) => headed(sections, shown).map((section) => paragraph(
    `h${section.level}`, section.level === 2 ? HEI : KAI, 16, `text-align:left;${INDENT};${LINE}`, escape(section.number + section.heading),
  ) + section.blocks.map(blockHtml).join("")).join("");

  const sectionsToHtml = (sections, shown) => wrap(sectionsHtml(sections, shown));

  /** Right indents in characters of the signature and of the date: the date begins two characters after the signature. */
  function signatureIndents(unit, date) {
    const width = (text) => [...text].reduce((sum, character) => sum + (character < "\u0080" ? 0.5 : 1), 0);
    const right = Math.max(2, width(unit) - width(date));
    return unit ? [Math.max(2, right + width(date) + 2 - width(unit)), right] : [0, 2];
  }

  function toHtml(doc) {
    const indents = signatureIndents(doc.unit, doc.date);
    const signed = [doc.unit, doc.date].map((text, index) => text && paragraph(
      "p", BODY, 16, `margin-right:${indents[index] * 16}pt;text-align:right;${LINE}`, escape(text))).join("");
    const blank = body("&nbsp;");
    return wrap((doc.title && paragraph("h1", TITLE, 22, "text-align:center;line-height:36pt;mso-line-height-rule:exactly", escape(doc.title)) + blank)
      + doc.intro.map(blockHtml).join("") + sectionsHtml(doc.sections) + (signed && blank + signed));
  }

  Plans.document = {
    fromArticle, fromSection, shownNumbers, headingText, numbers, levels, chinese, textOf, marker, toText, toHtml, sectionsToText, sectionsToHtml,
    signatureIndents,
  };
})();
