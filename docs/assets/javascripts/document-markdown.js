/* A Doc (see document.js) as Markdown. Read when a Markdown file is asked for. */
(() => {
  "use strict";
  const { numbers, levels } = Plans.document;

  const mdText = (text) => text.replace(/[\\`*_[\]]/g, "\\$&").replace(/&/g, "&amp;").replace(/</g, "&lt;");
  // what would begin a heading, a list, a quotation or a rule at the start of a line
  const mdLine = (text) => text.replace(/^(\s*)([#+>=~-])/, "$1\\$2").replace(/^(\s*\d+)([.)])/, "$1\\$2");
  const mdRuns = (runs) => runs.map((run) => (run.b && run.t.trim() ? `**${mdText(run.t)}**` : mdText(run.t))).join("");

  function mdTable(block) {
    const row = (cells) => `| ${cells.map((cell) => mdRuns(cell).replace(/\|/g, "\\|")).join(" | ")} |`;
    const width = Math.max(block.head.length, ...block.rows.map((cells) => cells.length));
    const head = block.head.length ? block.head : Array.from({ length: width }, () => []);
    return [row(head), `|${" --- |".repeat(width)}`, ...block.rows.map(row)].join("\n");
  }

  function mdBlocks(blocks) {
    let text = "";
    blocks.forEach((block, index) => {
      const item = block.type === "li";
      const joined = item && index && blocks[index - 1].type === "li";
      const body = block.type === "table" ? mdTable(block) : item ? `${block.n === null ? "-" : `${block.n}.`} ${mdLine(mdRuns(block.runs))}` : mdLine(mdRuns(block.runs));
      text += `${index ? (joined ? "\n" : "\n\n") : ""}${body}`;
    });
    return text;
  }

  /** `numbered`: with 一、（一）; false where the reader's tool numbers headings itself. */
  function toMarkdown(doc, numbered = true) {
    const parts = [doc.title && `# ${mdText(doc.title)}`, mdBlocks(doc.intro)];
    const marks = numbers(doc.sections), depths = levels(doc.sections);
    doc.sections.forEach((section, index) => {
      parts.push(`${"#".repeat(depths[index])} ${numbered ? marks[index] : ""}${mdText(section.heading)}`, mdBlocks(section.blocks));
    });
    parts.push(mdText(doc.unit), mdLine(mdText(doc.date)));
    return `${parts.filter(Boolean).join("\n\n")}\n`;
  }

  Plans.document.toMarkdown = toMarkdown;
})();
