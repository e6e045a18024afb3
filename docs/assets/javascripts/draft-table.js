/* Tables of a draft: the tools for the row that is being typed in, and the months of a schedule. Loaded by draft.js with the page of drafts. */
(() => {
  "use strict";

  const { el, dates } = Plans;
  const textOf = (runs) => Plans.document.textOf(runs);

  // --- rows ---

  /** The rows of a table that are its text. */
  const rowsOf = (table) => [...table.rows].filter((row) => !row.matches("[data-not-text]"));

  const button = (label, act) => el("button", { type: "button", "data-act": act }, label);
  const remove = button("删除本行", "row-remove");
  const tools = el("div", { class: "plan-draft-tools", role: "group" }, remove, button("在下方加一行", "row-add"));
  const place = el("td", {}, tools);
  const bar = el("tr", { class: "plan-draft-row", "data-not-text": "" }, place);

  /** What a row is called: by its first words, else by its number. */
  function nameOf(row) {
    const words = row.cells[0].textContent.trim();
    return words && words.length <= 12 ? `“${words}”一行` : `第${rowsOf(row.closest("table")).indexOf(row) + 1}行`;
  }

  /** Show the tools below a row. They stay there until another row is typed in, so that nothing moves away from under a finger. */
  function offer(row) {
    tools.setAttribute("aria-label", `表格${nameOf(row)}`);
    if (bar.previousElementSibling === row) return;
    const { top } = row.getBoundingClientRect();
    remove.hidden = row.parentNode.tagName === "THEAD";
    place.colSpan = row.cells.length;
    row.after(bar);
    scrollBy({ top: row.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** The place of a row, as `rowAt` wants it. */
  function placeOf(row) {
    const table = row.closest("table");
    return { table: [...table.closest(".plan-draft-body").querySelectorAll("table")].indexOf(table), row: rowsOf(table).indexOf(row) };
  }

  /** Take away the row that has the tools. Returns {what: what was done, to: where it was}. */
  function removeRow() {
    const row = bar.previousElementSibling;
    const done = { what: `删除表格${nameOf(row)}`, to: placeOf(row) };
    bar.remove();
    row.remove();
    return done;
  }

  /** Put an empty row below the one that has the tools. Returns {what: what was done, to: where it is}. */
  function addRow() {
    const row = bar.previousElementSibling;
    const fresh = el("tr", {}, [...row.cells].map(() => el("td")));
    if (row.parentNode.tagName === "THEAD") row.closest("table").tBodies[0].prepend(fresh);
    else bar.after(fresh);
    return { what: `在表格${nameOf(row)}下加一行`, to: placeOf(fresh) };
  }

  /** The row at that place, or the last; undefined when the table is gone. */
  const rowAt = (body, to) => rowsOf(body.querySelectorAll("table")[to.table] ?? { rows: [] }).slice(0, to.row + 1).pop();

  // --- months ---

  const MONTH = dates.EACH_MONTH;
  const tablesOf = (blocks) => blocks.filter((block) => block.type === "table");

  /** The first and the last month that the rows of a schedule are for, counted from January of the plan; null where there is none. */
  function span(blocks) {
    const months = tablesOf(blocks).flatMap((block) => block.rows.flatMap(([first]) => dates.planMonths(textOf(first ?? []))));
    return months.length ? [Math.min(...months), Math.max(...months)] : null;
  }

  /** The schedule with its rows `by` months later. What stands in the rows stays as it is. */
  function shifted(blocks, by) {
    const later = (text) => text.replace(MONTH, (written) => dates.planMonthText(dates.planMonth(`${written}月`) + by).slice(0, -1));
    const cell = (runs) => runs.map((run) => (run.f ? run : { ...run, t: later(run.t) }));
    const row = (cells) => cells.map((runs, column) => (column ? runs : cell(runs)));
    return blocks.map((block) => (block.type === "table" ? { ...block, rows: block.rows.map(row) } : block));
  }

  // what stands beside a month in a text and is none of the plan's own: its year is said (2028年1月至3月, 上年12月, 每年4月), its day, or it is no month (2028)
  const SAID = /年(?:1[0-2]|[1-9])(?:月?[至到、～~—–-](?:1[0-2]|[1-9]))*月|\d{1,2}月\d{1,2}[日号](?:[至到—–-](?:次年)?\d{1,2}月(?:\d{1,2}[日号])?)?|\d{3,}|1[3-9]月|[2-9]\d月/;
  const PLAIN = new RegExp(`${SAID.source}|(?<month>${MONTH.source}(?!月龄))`, "g");

  /** Blocks of a text with its plain months `by` later, and at how many places. A month that would leave the plan's two years stays. */
  function movedText(blocks, by) {
    let places = 0;
    const later = (text) => text.replace(PLAIN, (written, ...rest) => {
      const to = dates.planMonth(`${written}月`) + by;
      if (!rest.pop().month || !by || to < 1 || to > 24) return written;
      const [at, whole] = rest.slice(-2);
      if (whole[at + written.length] === "月") places += 1; // 4—6月 is one place
      return dates.planMonthText(to).slice(0, -1);
    });
    const cell = (runs) => runs.map((run) => (run.f ? run : { ...run, t: later(run.t) }));
    const moved = blocks.map((block) => (block.type === "table" ? { ...block, rows: block.rows.map((row) => row.map(cell)) } : { ...block, runs: cell(block.runs) }));
    return { blocks: places ? moved : blocks, places };
  }

  const DAYS = /(\d{1,2})月\d{1,2}日(?:至(?:次年)?(?:(\d{1,2})月)?\d{1,2}日)?/g;

  /** What is in a row of a month in which its day does not lie, as texts: 三八国际妇女节（3月8日）in the row of 2月. */
  function misplaced(blocks) {
    return tablesOf(blocks).flatMap((block) => block.rows).flatMap(([first, ...others]) => {
      const months = dates.planMonths(textOf(first ?? []));
      const from = Math.min(...months), to = Math.max(...months); // 4月 lies in 3月至5月
      const fits = ([, begun, ended = begun]) => {
        const end = Number(ended) + (Number(ended) < Number(begun) ? 12 : 0);
        return [-12, 0, 12].some((year) => Number(begun) + year <= to && end + year >= from); // a day says no year
      };
      const items = others.flatMap((runs) => textOf(runs).split("；")).map((item) => item.replace(/^[①-⑳]/, "").trim());
      return months.length ? items.filter((item) => [...item.matchAll(DAYS)].some((days) => !fits(days))) : [];
    });
  }

  Plans.draft.table = { rowsOf, offer, removeRow, addRow, rowAt, span, shifted, movedText, misplaced };
})();
