/* The page “我的草稿”: puts sections in order, edits them lightly, and gives the whole away. Loaded by draft.js on that page only. */
(() => {
  "use strict";
  const { el, store } = Plans;
  const { model, table } = Plans.draft;
  const FORMAT = "plans-draft";
  const MAX_FILE = 4e6;

  let draft = null; // as kept; never changed in place
  let ui = {};
  const entries = new Map(); // section key -> {item, node, editing, …}
  let merging = null; // the section whose typing belongs to the last step
  let offer = null; // {k, by, rev, node}: a schedule was moved by so many months, and the text can follow until the draft changes
  let pending = null; // {entry, timer}: typed but not yet kept
  let saving = false;
  let forget = () => {};

  const HEAD = "head"; // the key under which title and introduction are edited
  const quote = (text) => `“${text}”`;
  const button = (label, act, attributes = {}) => el("button", { type: "button", "data-act": act, ...attributes }, label);

  // --- runs on the page and back ---

  const hintOf = (f) => Plans.data?.fields[f];
  const wordOf = (f) => (f.startsWith("word-") ? f.slice(5) : null);
  const nameOf = (f) => hintOf(f)?.label ?? (wordOf(f) ? Plans.data.words[wordOf(f)].name : f === "unit" ? "单位全称" : "计划年度");
  /** Whether the profile has a place for it; a word is kept for its sector. */
  const fillable = (f, from) => hintOf(f) || f === "unit" || f === "year" || (wordOf(f) && Plans.data && model.sectorOf(from));

  /** Fill places carry their run, so that it is found again however the text around it is edited. */
  function fillNode(run, from, editing) {
    const node = el("span", { "data-f": run.f });
    node.planRun = run;
    node.planFrom = from;
    const field = hintOf(run.f);
    if (!editing && fillable(run.f, from)) {
      node.tabIndex = 0;
      node.setAttribute("role", "button");
      if (field) node.title = `${field.label}：${field.hint}`;
    }
    showFill(node);
    return node;
  }

  function showFill(node) {
    const run = model.shown(node.planRun, node.planFrom);
    node.planShown = run.t;
    node.textContent = run.t;
    node.className = `fill${run.e ? " fill-empty" : ""}`;
    if (node.tabIndex === 0) node.setAttribute("aria-label", `${run.t}，填写${nameOf(run.f)}`);
  }

  const runNodes = (runs, from, editing) => runs.map((run) => {
    const inner = run.f ? fillNode(run, from, editing) : run.t;
    return run.b ? el("b", {}, inner) : inner;
  });

  let labels = null;
  /** Text to runs: 【会员人数】 is a blank when the list has it. */
  function parse(text, b) {
    labels ??= new Map(Object.entries(Plans.data?.fields ?? {}).map(([id, field]) => [field.label, id]));
    return text.split(/(【[^【】\n]{1,30}】)/).filter(Boolean).map((t) => {
      const f = labels.get(t.slice(1, -1));
      return { t, ...(b && { b }), ...(f && t[0] === "【" && { f, e: true }) };
    });
  }

  function readRuns(node, b = false, runs = []) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) runs.push(...parse(child.data, b));
      else if (child.planRun && child.textContent.includes(child.planShown)) {
        // letters typed at its edge land inside the place
        const at = child.textContent.indexOf(child.planShown);
        runs.push(...parse(child.textContent.slice(0, at), b), child.planRun, ...parse(child.textContent.slice(at + child.planShown.length), b));
      } else if (child.nodeName === "BR") runs.push({ t: "\n" });
      else if (child.nodeType === Node.ELEMENT_NODE) {
        if (child.matches("div, p")) runs.push({ t: "\n" });
        readRuns(child, b || child.matches("b, strong"), runs);
      }
    }
    return runs;
  }

  /** One list of runs a line, without empty lines; equal neighbours joined. */
  function readLines(node) {
    const lines = [[]];
    for (const run of readRuns(node)) {
      run.t.split("\n").forEach((t, i) => {
        if (i) lines.push([]);
        const line = lines[lines.length - 1];
        const last = line[line.length - 1];
        if (!t) return;
        if (last && !last.f && !run.f && last.b === run.b) line[line.length - 1] = { ...last, t: last.t + t };
        else line.push({ ...run, t });
      });
    }
    return lines.filter((line) => line.some((run) => run.t.trim()));
  }

  const readLine = (node) => readLines(node).reduce((all, line) => (all.length ? [...all, { t: " " }, ...line] : line), []);

  // --- blocks ---

  /** Let the reader type plain text here. */
  function typed(node, name) {
    try { node.contentEditable = "plaintext-only"; } catch { node.contentEditable = "true"; } // older browsers: see `paste`
    node.setAttribute("role", "textbox");
    node.setAttribute("aria-label", name);
    node.dataset.typed = "";
    return node;
  }

  /** What stands before an item; it depends on what its first blank is filled with. */
  function markerNode(block, from) {
    const node = el("span");
    node.planMarker = () => Plans.document.marker({ ...block, runs: block.runs.map((run) => model.shown(run, from)) });
    node.textContent = node.planMarker();
    return node;
  }

  function blockNodes(blocks, from, editing) {
    const nodes = [];
    let part = 0;
    for (const block of blocks) {
      part += 1;
      const put = (node, runs, name) => { node.append(...runNodes(runs, from, editing)); return editing ? typed(node, name) : node; };
      if (block.type === "table") {
        const row = (tag, cells, r) => el("tr", {}, cells.map((cell, c) => put(el(tag), cell, `表格第${r}行第${c + 1}格`)));
        const node = el("table", { class: "plan-draft-grid" }, block.head.length ? el("thead", {}, row("th", block.head, 1)) : null,
          el("tbody", {}, block.rows.map((cells, r) => row("td", cells, r + (block.head.length ? 2 : 1)))));
        node.planBlock = block;
        // a wide table moves within its own frame
        nodes.push(el("div", { class: "plan-draft-table", tabIndex: 0, role: "group", "aria-label": "表格" }, node));
        continue;
      }
      const text = put(el(editing ? "div" : "span"), block.runs, `第${part}段`);
      text.planBlock = block;
      nodes.push(block.type === "li" ? el("p", { class: "plan-draft-item" }, markerNode(block, from), text) : el("p", {}, text));
    }
    return nodes;
  }

  function readBlocks(body) {
    const blocks = [];
    for (const node of body.querySelectorAll("table, p > [data-typed]")) {
      const old = node.planBlock;
      if (old.type !== "table") for (const runs of readLines(node)) blocks.push({ ...old, runs });
      else {
        const rows = table.rowsOf(node).map((row) => [...row.cells].map(readLine));
        const head = old.head.length ? rows.shift() : [];
        if (rows.length || !old.rows.length) blocks.push({ ...old, head, rows }); // with its last row a table goes too
      }
    }
    // a list goes on counting where a line was added or taken away
    blocks.forEach((block, i) => {
      const before = blocks[i - 1];
      if (block.type === "li" && block.n !== null && before?.type === "li" && before.n !== null) blocks[i] = { ...block, n: before.n + 1 };
    });
    // and one that is left alone has no number
    const numbered = blocks.filter(({ type, n }) => type === "li" && n !== null);
    return numbered.length === 1 ? blocks.map((block) => (block === numbered[0] ? { type: "p", runs: block.runs } : block)) : blocks;
  }

  // --- keeping ---

  function keep(next) {
    saving = true;
    const { draft: kept, split, stored } = model.save(next);
    saving = false;
    const renamed = kept.id !== draft.id;
    draft = kept;
    if (renamed) {
      follow();
      listDrafts();
      ui.name.value = draft.name;
    }
    ui.kept.textContent = stored ? "已自动保存在本机" : "没有保存：本机存储已满或被禁用，请导出草稿";
    if (split) Plans.announce(`这份草稿在另一窗口也有改动，两份都已保留：本页的改动另存为${quote(kept.name)}。`, "fault");
    return split;
  }

  /** Change, keep, show. */
  function act(patch, label, said = "") {
    flush();
    merging = null;
    const split = keep(model.change(draft, patch, label));
    render();
    if (said && !split) Plans.announce(said);
  }

  function travel(from) {
    flush();
    merging = null;
    const next = model.travel(draft, from);
    if (!next) return;
    const { label } = draft[from][draft[from].length - 1];
    const split = keep(next);
    render();
    if (!split) Plans.announce(`${from === "undo" ? "已撤销" : "已重做"}：${label}。`);
  }

  /** Take over what was typed. */
  function flush() {
    if (!pending) return;
    clearTimeout(pending.timer);
    const { entry } = pending;
    pending = null;
    take(entry);
  }

  /** Keep what stands in the section. `step` names a change that is a step of its own. True when it is kept in the draft in hand. */
  function take(entry, step) {
    const { k } = entry;
    const heading = readLine(entry.heading);
    const blocks = readBlocks(entry.body);
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    let patch;
    let label;
    if (k === HEAD) {
      const title = heading.length ? heading : draft.title;
      if (same(title, model.titleOf(draft)) && same(blocks, draft.intro)) return true;
      patch = { title, intro: blocks };
      label = "修改标题或前言";
      entry.item = patch;
    } else {
      const old = draft.sections.find((item) => item.k === k);
      const text = heading.map((run) => run.t).join("").trim().slice(0, 300) || old.heading;
      if (text === old.heading && same(blocks, old.blocks)) return true;
      const item = { ...old, heading: text, blocks };
      patch = { sections: draft.sections.map((each) => (each.k === k ? item : each)) };
      label = `修改${quote(text)}`;
      entry.item = item; // what is being typed in is not drawn anew
    }
    try {
      model.read({ ...draft, ...patch });
    } catch (fault) {
      Plans.announce(`没有保存刚才的修改：${fault.message}。`, "fault");
      return false;
    }
    const merge = !step && merging === k;
    merging = step ? null : k;
    const split = keep(model.change(draft, patch, step ?? label, merge));
    dress();
    return !split;
  }

  function later(entry) {
    if (pending && pending.entry !== entry) flush();
    clearTimeout(pending?.timer);
    pending = { entry, timer: setTimeout(flush, 500) };
  }

  // --- sections ---

  const at = (k) => draft.sections.findIndex((item) => item.k === k);

  /** A heading with all below it: [first, behind the last]. */
  function group(i, levels = Plans.document.levels(draft.sections)) {
    let end = i + 1;
    if (levels[i] === 2) while (end < levels.length && levels[end] === 3) end += 1;
    return [i, end];
  }

  /** Sections with [start, end) moved before the index `to`. */
  function moved(start, end, to) {
    const rest = [...draft.sections];
    const taken = rest.splice(start, end - start);
    rest.splice(to > start ? to - taken.length : to, 0, ...taken);
    return rest;
  }

  /** Where a group may go: whole chapters only between chapters. */
  function places(start, end) {
    const levels = Plans.document.levels(draft.sections);
    const all = [...levels.map((_, i) => i), levels.length];
    return all.filter((i) => (levels[start] === 2 ? i === levels.length || levels[i] === 2 : i > 0) && (i < start || i > end || i === start));
  }

  function move(k, way) {
    flush();
    const [start, end] = group(at(k));
    const free = places(start, end);
    const to = way < 0 ? free.filter((i) => i < start).pop() : free.find((i) => i > end || (i === end && i !== start));
    if (to === undefined) Plans.announce(way < 0 ? "已在最前。" : "已在最后。");
    else place(start, end, to);
  }

  function place(start, end, to) {
    const { k, heading } = draft.sections[start];
    const sections = moved(start, end, to);
    const number = Plans.document.numbers(sections)[sections.findIndex((item) => item.k === k)];
    act({ sections }, `移动${quote(heading)}`, `已移动，现为${quote(number + heading)}。`);
  }

  function drop(k) {
    flush();
    const [start, end] = group(at(k));
    const { heading } = draft.sections[start];
    const what = quote(heading) + (end - start > 1 ? `及其下${end - start - 1}节` : "");
    act({ sections: draft.sections.filter((_, i) => i < start || i >= end) }, `删除${what}`, `已删除${what}，可以撤销。`);
  }

  function shift(k) {
    flush();
    const levels = Plans.document.levels(draft.sections);
    const i = at(k);
    const level = levels[i] === 2 ? 3 : 2;
    if (level === 3 && i === 0) { Plans.announce("第一节只能是一级标题。"); return; }
    const { heading } = draft.sections[i];
    const sections = draft.sections.map((item) => (item.k === k ? { ...item, level } : item));
    act({ sections }, `调整${quote(heading)}的层次`, `已改为${level === 2 ? "一" : "二"}级标题。`);
  }

  function own() {
    const item = { k: model.id(), level: 2, heading: "新的一节", theme: null, id: null, from: null, blocks: [] };
    act({ sections: [...draft.sections, item] }, "添加一节");
    edit(item.k, true);
  }

  function edit(k, on) {
    flush();
    merging = null;
    const entry = entries.get(k);
    entry.editing = on;
    draw(entry);
    dress();
    if (on) {
      entry.heading.focus();
      getSelection().selectAllChildren(entry.heading);
    } else entry.node.querySelector("[data-act=edit]").focus();
  }

  function addBlock(entry) {
    const [node] = blockNodes([{ type: "p", runs: [] }], entry.item.from, true);
    entry.body.append(node);
    node.querySelector("[data-typed]").focus();
  }

  /** `change`: removeRow or addRow of the table. */
  function changeRow(k, change) {
    flush();
    const entry = entries.get(k);
    const { what, to } = change();
    const kept = take(entry, what);
    draw(entry);
    if (!kept) render(); // from what is kept
    (table.rowAt(entry.body, to)?.cells[0] ?? entry.more.firstChild).focus();
    if (kept) Plans.announce(`已${what}，可以撤销。`);
  }

  function shiftMonths(k, by) {
    flush();
    const i = at(k);
    const { blocks } = draft.sections[i];
    const total = by + (offer?.k === k && offer.rev === draft.rev ? offer.by : 0); // pressed several times
    const months = table.span(blocks);
    if (!months) { Plans.announce("表格第一列没有月份。"); return; }
    const [first, last] = months.map((month) => month + by);
    if (first < 1 || last > 24) { Plans.announce(by < 0 ? "首月是1月，不能再提前。" : "末月是次年12月，不能再推后。"); return; }
    const sections = draft.sections.map((item, place) => (place === i ? { ...item, blocks: table.shifted(blocks, by) } : item));
    const what = `整体${by < 0 ? "提前" : "推后"}1个月`;
    const named = [...new Set([first, last])].map(Plans.dates.planMonthText).join("至");
    const { places } = textMoved(total);
    const left = places ? `正文还有${places}处写着月份，可以一并移动` : "节日的日期没有改动";
    act({ sections }, `月份${what}`, `月份已${what}，现为${named}；${left}，请核对。`);
    if (!places) return;
    const node = el("span", { class: "plan-draft-tools" }, `正文还有${places}处写着月份`, button("正文里的月份一并移动", "months-text"));
    offer = { k, by: total, rev: draft.rev, node };
    entries.get(k).months.append(node);
  }

  /** The text beside the schedules with its months `by` later: a patch of the draft, and at how many places. */
  function textMoved(by) {
    let places = 0;
    const later = (blocks) => {
      const moved = table.movedText(blocks, by);
      places += moved.places;
      return moved.blocks;
    };
    const each = (item) => {
      const blocks = item.id === "schedule" ? item.blocks : later(item.blocks);
      return blocks === item.blocks ? item : { ...item, blocks };
    };
    const patch = { intro: later(draft.intro), sections: draft.sections.map(each) };
    return { patch, places };
  }

  function moveText() {
    flush();
    if (offer?.rev !== draft.rev) return;
    const { patch, places } = textMoved(offer.by);
    offer.node.parentNode.querySelector("button").focus(); // its own button goes
    const what = `${offer.by < 0 ? "提前" : "推后"}${Math.abs(offer.by)}个月`;
    act(patch, `正文月份${what}`, `正文${places}处月份已${what}；写明年份或日期的没有改动，请核对。`);
  }

  const TOOLS = [["上移", "up"], ["下移", "down"], ["修改", "edit"], ["删除", "remove"]];

  function newEntry(k, item) {
    const head = k === HEAD;
    const entry = { k, item, editing: false };
    entry.number = el("span", { class: "plan-draft-number" });
    entry.heading = el("span");
    entry.title = el("div", { role: "heading", "aria-level": "2", class: "plan-draft-heading" }, entry.number, entry.heading);
    entry.tools = el("div", { class: "plan-draft-tools", role: "group" }, (head ? [["修改", "edit"]] : TOOLS).map(([label, name]) => button(label, name)));
    entry.more = el("div", { class: "plan-draft-tools", hidden: true },
      button("完成", "done"), button("加一段", "block"), head ? null : button("升降一级", "shift"));
    entry.months = item.id === "schedule" && el("div", { class: "plan-draft-tools plan-draft-months", role: "group", "aria-label": "整体移动月份", "data-not-text": "" },
      "整体移动月份", button("提前一个月", "earlier"), button("推后一个月", "later"));
    entry.note = el("p", { class: "plan-draft-note", "data-not-text": "", hidden: true });
    entry.source = el("p", { class: "plan-draft-source", "data-not-text": "" });
    entry.body = el("div", { class: "plan-draft-body" });
    entry.node = el(head ? "header" : "section", { "data-k": k, class: head ? "plan-draft-top" : "plan-draft-section" },
      head ? null : el("span", { class: "plan-draft-handle", title: "拖动排序", "aria-hidden": "true", "data-not-text": "" }, "⠿"),
      entry.title, entry.tools, entry.source, entry.months, entry.note, entry.body, entry.more);
    draw(entry);
    return entry;
  }

  /** The text of a section; done anew only when the section itself has changed. */
  function draw(entry) {
    const { item, editing } = entry;
    const head = entry.k === HEAD;
    const from = head ? model.mainFrom(draft) : item.from;
    const heading = head ? model.titleOf(draft) : [{ t: item.heading }];
    const fresh = el("span");
    fresh.append(...(head ? runNodes(heading, from, editing) : [item.heading]));
    if (editing) typed(fresh, head ? "标题" : "章节标题");
    entry.heading.replaceWith(fresh);
    entry.heading = fresh;
    entry.body.replaceChildren(...blockNodes(head ? item.intro : item.blocks, from, editing));
    entry.node.classList.toggle("plan-draft-editing", editing);
    entry.more.hidden = !editing;
    entry.tools.querySelector("[data-act=edit]").textContent = editing ? "完成" : "修改";
    if (entry.months) entry.months.hidden = !table.span(item.blocks);
    entry.source.replaceChildren();
    if (item.from) {
      const { title } = model.templateOf(item.from);
      entry.source.append("选自", el("a", { href: Plans.url(item.from) + (item.id ? `#${encodeURIComponent(item.id)}` : "") }, title || item.from));
    }
  }

  /** What to point out in a schedule: days that are in the row of another month. */
  function misplaced({ id, blocks }) {
    const items = id === "schedule" ? table.misplaced(blocks) : [];
    return items.length ? `日期不在所在行的月份，请核对：${items.slice(0, 3).join("、")}${items.length > 3 ? `等${items.length}处` : ""}。` : "";
  }

  /** Numbers, names of buttons and remarks: what a section has from its place. */
  function dress() {
    const { sections } = draft;
    if (offer && offer.rev !== draft.rev) {
      offer.node.remove();
      offer = null;
    }
    const numbers = Plans.document.numbers(sections);
    const levels = Plans.document.levels(sections);
    const alike = model.notes(sections);
    sections.forEach((item, i) => {
      const note = [alike[i], misplaced(item)].filter(Boolean).join("");
      const entry = entries.get(item.k);
      const mark = [numbers[i], levels[i], note, entry.editing, item.heading].join("\n");
      if (entry.mark === mark) return;
      entry.mark = mark;
      entry.number.textContent = numbers[i];
      entry.node.dataset.level = levels[i];
      entry.title.setAttribute("aria-level", String(levels[i] + 1));
      entry.tools.setAttribute("aria-label", numbers[i] + item.heading);
      for (const each of entry.tools.children) each.setAttribute("aria-label", `${each.textContent}${quote(numbers[i] + item.heading)}`);
      entry.note.hidden = !note;
      entry.note.textContent = note;
    });
    const top = entries.get(HEAD).tools.firstChild;
    top.setAttribute("aria-label", `${top.textContent}标题和前言`);
    for (const [name, control, word] of [["undo", ui.undo, "撤销"], ["redo", ui.redo, "重做"]]) {
      const last = draft[name][draft[name].length - 1];
      control.setAttribute("aria-disabled", String(!last));
      control.title = last ? `${word}：${last.label}` : `没有可${word}的操作`;
    }
    const blanks = ui.paper.querySelectorAll(".fill-empty").length;
    ui.state.textContent = sections.length ? `共${sections.length}节，${blanks ? `还有${blanks}处空白` : "没有空白"}` : "";
    ui.empty.hidden = sections.length > 0;
    ui.paper.hidden = ui.out.hidden = !sections.length && !draft.title.length && !draft.intro.length;
  }

  function render() {
    const active = document.activeElement;
    const k = active?.closest?.("[data-k]")?.dataset.k;
    const i = k === undefined ? -1 : [...ui.list.children].findIndex((node) => node.dataset.k === k);
    const name = active?.dataset?.act;
    const live = new Set([HEAD, ...draft.sections.map((item) => item.k)]);
    for (const [key, entry] of entries) if (!live.has(key)) { entry.node.remove(); entries.delete(key); }

    const head = entries.get(HEAD);
    const from = model.mainFrom(draft);
    if (head.item.title !== draft.title || head.item.intro !== draft.intro || head.from !== from) {
      head.item = { title: draft.title, intro: draft.intro };
      head.from = from;
      draw(head);
    }
    draft.sections.forEach((item, place) => {
      let entry = entries.get(item.k);
      if (!entry) entries.set(item.k, entry = newEntry(item.k, item));
      else if (entry.item !== item) { entry.item = item; draw(entry); }
      const here = ui.list.children[place];
      if (here === entry.node) return;
      // one step down: take the one that moved out instead of moving all others up
      if (here?.nextSibling === entry.node && !draft.sections.slice(place + 1).some((other) => other === entries.get(here.dataset.k)?.item)) here.remove();
      else ui.list.insertBefore(entry.node, here ?? null);
    });
    const signed = model.signature(draft);
    ui.unit.textContent = signed.unit;
    ui.date.replaceChildren(fillNode({ f: "sign-date", t: signed.date.t, e: true }, from, false));
    ui.name.value = draft.name;
    dress();
    listDrafts();

    // a moved or redrawn button keeps the focus; where its section is gone, the next one's takes it
    if (k !== undefined && document.activeElement !== active) {
      const node = entries.get(k)?.node ?? ui.list.children[Math.min(i, ui.list.children.length - 1)];
      const target = node?.querySelector(`[data-act="${name ?? "edit"}"]`);
      (target && !target.hidden && !target.closest("[hidden]") ? target : ui.undo).focus();
    }
  }

  // --- the drafts ---

  function listDrafts() {
    const { list } = model.index();
    if (!list.some((entry) => entry.id === draft.id)) list.push({ id: draft.id, name: draft.name });
    ui.select.replaceChildren(...list.map((entry) => el("option", { value: entry.id, selected: entry.id === draft.id }, entry.name)));
    ui.restore.hidden = !store.get("draft-bin");
  }

  function show(next) {
    flush();
    merging = null;
    draft = next;
    entries.clear();
    ui.list.replaceChildren();
    const head = newEntry(HEAD, { title: draft.title, intro: draft.intro });
    head.from = model.mainFrom(draft);
    entries.set(HEAD, head);
    ui.top.replaceChildren(head.node);
    ui.kept.textContent = "";
    follow();
    render();
  }

  /** Hear of changes that another tab makes to the draft in hand. */
  function follow() {
    forget();
    forget = store.on(model.keyOf(draft.id), other);
  }

  function other(kept) {
    if (saving || !ui.root.isConnected) return;
    if (!kept) {
      if (draft.rev) Plans.announce("这份草稿已在另一窗口删除。本页的内容还在，再作改动就会重新保存。", "fault");
      draft = { ...draft, rev: null };
      return;
    }
    if (kept.rev === draft.rev) return;
    const { id } = draft;
    flush();
    if (draft.id !== id) { render(); return; } // what was being typed is now a draft of its own
    if (draft.rev && !(Array.isArray(kept.past) && kept.past.includes(draft.rev))) {
      // the other tab wrote without having seen what this one wrote
      saving = true;
      ({ draft } = model.fork(draft));
      saving = false;
      follow();
      render();
      Plans.announce(`这份草稿在另一窗口也有改动，两份都已保留：本页的内容另存为${quote(draft.name)}。`, "fault");
      return;
    }
    const next = model.load(draft.id);
    if (!next) return;
    // sections that are the same stay as they are drawn
    const old = new Map(draft.sections.map((item) => [item.k, item]));
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    next.sections = next.sections.map((item) => (same(item, old.get(item.k)) ? old.get(item.k) : item));
    for (const name of ["title", "intro"]) if (same(next[name], draft[name])) next[name] = draft[name];
    merging = null;
    draft = next;
    render();
    Plans.announce("草稿已在另一窗口改动，本页已显示最新内容。");
  }

  function begin(next, said) {
    flush();
    saving = true;
    const { draft: kept } = model.save(next);
    saving = false;
    show(kept);
    Plans.announce(said(kept));
  }

  function discard() {
    flush();
    const gone = draft;
    store.set("draft-bin", gone);
    saving = true;
    const left = model.remove(gone.id);
    saving = false;
    draft = null;
    show((left && model.load(left)) || model.create(model.newName()));
    Plans.announce(`已删除${quote(gone.name)}，可以用“恢复删除的草稿”找回。`);
    ui.restore.focus();
  }

  function restore() {
    let content;
    try { content = model.read(store.get("draft-bin")); } catch { content = null; }
    store.remove("draft-bin");
    if (content) begin({ ...model.create(""), ...content, name: unique(content.name) }, (kept) => `已恢复${quote(kept.name)}。`);
    else listDrafts();
    ui.select.focus();
  }

  const unique = (name) => (model.index().list.some((entry) => entry.name === name) ? model.newName(name.slice(0, 80)) : name);

  // --- files ---

  function exportFile() {
    flush();
    const { name, title, intro, sections } = draft;
    const text = JSON.stringify({ format: FORMAT, version: 1, draft: { name, title, intro, sections } }, null, 1);
    if (Plans.save(`${name}.草稿.json`, text, "application/json")) Plans.announce(`已导出${quote(name)}，文件里没有单位档案中填写的内容。`);
    else Plans.announce("这个浏览器不能保存文件，请换用系统浏览器打开本页。", "fault");
  }

  function readFile(text) {
    const wrong = (why) => new Error(`没有导入：${why}。已有草稿没有改动。`);
    let file;
    try { file = JSON.parse(text.replace(/^\ufeff/, "")); } catch { throw wrong("文件不完整，或不是从草稿页导出的文件"); }
    if (file?.format !== FORMAT) throw wrong("这不是从草稿页导出的文件");
    if (file.version !== 1) throw wrong("文件由较新的版本导出，本页不能识别");
    try { return model.read(file.draft); } catch (fault) { throw wrong(`文件内容有误，${fault.message}`); }
  }

  async function importFile(file) {
    try {
      if (file.size > MAX_FILE) throw new Error("没有导入：文件太大。已有草稿没有改动。");
      const content = readFile(await file.text());
      begin({ ...model.create(""), ...content, name: unique(content.name) }, (kept) => `已导入为${quote(kept.name)}，共${kept.sections.length}节。`);
    } catch (fault) {
      Plans.announce(fault.message, "fault");
    }
  }

  // --- giving the text away ---

  function give(action) {
    flush();
    const doc = model.toDoc(draft);
    // it informs; whatever comes of it, the text goes out
    try { Promise.resolve(Plans.check?.open?.(doc, { root: ui.paper })).catch(() => {}); } catch { /* see above */ }
    return action(doc);
  }

  // --- filling in ---

  /** A small field in the place of the blank; what is typed goes to the profile, as on the template pages. */
  function fillIn(node) {
    const { planRun: run, planFrom: from } = node;
    const field = hintOf(run.f);
    const now = model.shown(run, from);
    const input = el("input", {
      class: "plan-draft-fill", type: "text", placeholder: field && `如${Plans.profiles.sample(field, Plans.profiles.current().year)}`, title: field && field.hint, "aria-label": nameOf(run.f),
    });
    const before = now.e ? "" : now.t;
    input.value = before;
    let done = false;
    const finish = (keepIt) => {
      if (done) return;
      done = true;
      const given = Plans.profiles.line(input.value);
      const typedText = Plans.profiles.usual(run.f, given, { sector: model.sectorOf(from) ?? undefined, template: from });
      const focused = document.activeElement === input;
      input.replaceWith(node);
      if (keepIt && typedText !== before) {
        // a place for last year's number holds the plan year less one
        const year = /^\d{4}$/.test(typedText) ? String(typedText - (run.o ?? 0)) : typedText;
        const word = wordOf(run.f);
        Plans.profiles.update(run.f === "unit" ? { unit: typedText } : run.f === "year" ? { year }
          : word ? { words: { [model.sectorOf(from)]: { [word]: typedText } } } : { fields: { [run.f]: typedText } });
        const doubt = Plans.profiles.problem?.(run.f, typedText);
        Plans.announce(doubt ? `已填入；${doubt}。` : "已填入，同名的空白一并更新。", doubt ? "fault" : "done");
      }
      if (focused && node.isConnected) node.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); finish(true); }
      if (event.key === "Escape") { event.stopPropagation(); finish(false); }
    });
    input.addEventListener("blur", () => finish(true));
    node.replaceWith(input);
    input.focus();
    input.select();
  }

  function refill() {
    if (!draft || !ui.root.isConnected) return;
    for (const node of ui.paper.querySelectorAll("[data-f]")) {
      // a place being typed at is left alone until it is done
      if (node.planRun && !(node.closest("[data-typed]") && node.textContent !== node.planShown)) showFill(node);
    }
    for (const node of ui.paper.querySelectorAll(".plan-draft-item > :first-child")) node.textContent = node.planMarker();
    ui.unit.textContent = model.signature(draft).unit;
    dress();
  }

  // --- dragging ---

  function drag(event) {
    const handle = event.target.closest(".plan-draft-handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    flush();
    const [start, end] = group(at(handle.closest("[data-k]").dataset.k));
    const nodes = [...ui.list.children];
    const free = places(start, end);
    nodes.slice(start, end).forEach((node) => node.classList.add("plan-draft-dragged"));
    let to = start;
    let y = event.clientY;
    let frame = 0;
    const mark = (on) => (nodes[to] ?? ui.list).classList.toggle(nodes[to] ? "plan-draft-before" : "plan-draft-behind", on);
    const step = () => {
      const edge = 90;
      if (y < edge) scrollBy(0, (y - edge) / 4);
      else if (y > innerHeight - edge) scrollBy(0, (y - innerHeight + edge) / 4);
      const tops = free.map((i) => (i < nodes.length ? nodes[i].getBoundingClientRect().top : ui.list.getBoundingClientRect().bottom));
      const nearest = free[tops.reduce((best, top, i) => (Math.abs(top - y) < Math.abs(tops[best] - y) ? i : best), 0)];
      if (nearest !== to) { mark(false); to = nearest; mark(true); }
      frame = requestAnimationFrame(step);
    };
    const onMove = (moveEvent) => { y = moveEvent.clientY; };
    const stop = (accept) => {
      cancelAnimationFrame(frame);
      mark(false);
      nodes.forEach((node) => node.classList.remove("plan-draft-dragged"));
      handle.removeEventListener("pointermove", onMove);
      handle.removeEventListener("pointerup", onUp);
      handle.removeEventListener("pointercancel", onCancel);
      removeEventListener("keydown", onKey, true);
      if (accept && to !== start && to !== end) place(start, end, to);
    };
    const onUp = (upEvent) => { y = upEvent.clientY; cancelAnimationFrame(frame); step(); stop(true); };
    const onCancel = () => stop(false);
    const onKey = (keyEvent) => { if (keyEvent.key === "Escape") stop(false); };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onUp);
    handle.addEventListener("pointercancel", onCancel);
    addEventListener("keydown", onKey, true);
    step();
  }

  // --- what is pressed ---

  const ACTS = {
    up: (k) => move(k, -1), down: (k) => move(k, 1), remove: drop, shift, edit: (k) => edit(k, !entries.get(k).editing), done: (k) => edit(k, false),
    block: (k) => addBlock(entries.get(k)), "row-remove": (k) => changeRow(k, table.removeRow), "row-add": (k) => changeRow(k, table.addRow),
    earlier: (k) => shiftMonths(k, -1), later: (k) => shiftMonths(k, 1), "months-text": moveText,
  };

  function onClick(event) {
    const fill = event.target.closest(".fill[role=button]");
    if (fill && Plans.profiles) { fillIn(fill); return; }
    const pressed = event.target.closest("button[data-act]");
    const k = pressed?.closest("[data-k]")?.dataset.k;
    if (k !== undefined) ACTS[pressed.dataset.act](k);
  }

  function onKey(event) {
    const { target } = event;
    if (target.matches(".fill[role=button]") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      if (Plans.profiles) fillIn(target);
      return;
    }
    const typing = target.closest("[data-typed]");
    if (typing && event.key === "Escape") edit(typing.closest("[data-k]").dataset.k, false);
    const oneLine = typing && (typing.matches("td, th") || typing.closest(".plan-draft-heading"));
    if (oneLine && event.key === "Enter" && !event.isComposing) event.preventDefault();
    // letters typed since the last step are the browser's to take back
    if ((typing && (merging || pending)) || target.matches("input, select") || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    travel(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  function onFocus({ target }) {
    if (target.matches("td[data-typed], th[data-typed]")) table.offer(target.parentNode);
  }

  /** Only plain text gets in, also where the browser does not see to it itself. */
  function onPaste(event) {
    const typing = event.target.closest?.("[data-typed]");
    if (!typing || typing.contentEditable === "plaintext-only") return;
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  }

  const OUT = [
    ["下载 Word", (doc) => Plans.docx?.download(doc)],
    ["复制全文（带格式）", (doc) => Plans.copy?.document(doc, true)],
    ["复制全文（纯文本）", (doc) => Plans.copy?.document(doc, false)],
    ["下载 Markdown", (doc) => Plans.docx?.markdown(doc)],
    ["下载纯文本", (doc) => Plans.docx?.text(doc)],
  ];

  function build(article) {
    const plain = (label, onclick, attributes = {}) => el("button", { type: "button", onclick, ...attributes }, label);
    const choose = ({ target }) => {
      const next = model.load(target.value);
      if (!next) return;
      flush();
      model.enter(next);
      show(next);
    };
    const rename = ({ target }) => {
      const name = target.value.trim();
      if (name && name !== draft.name) act({ name }, "修改草稿名称", "已修改草稿名称。");
      else target.value = draft.name;
    };
    const picked = ({ target }) => {
      const [file] = target.files;
      if (file) importFile(file);
      target.value = ""; // the same file can be chosen again
    };
    ui = {
      select: el("select", { "aria-label": "选择草稿", onchange: choose }),
      name: el("input", { type: "text", maxlength: "60", "aria-label": "草稿名称", onchange: rename }),
      restore: plain("恢复删除的草稿", restore, { hidden: true }),
      undo: plain("撤销", () => travel("undo")), redo: plain("重做", () => travel("redo")),
      state: el("span", { class: "plan-draft-state" }), kept: el("span", { class: "plan-draft-state" }),
      top: el("div"), list: el("div", { class: "plan-draft-list" }), unit: el("p"), date: el("p"),
      empty: el("p", { class: "plan-draft-empty" }, "草稿里还没有内容。打开", el("a", { href: Plans.url("index.html") }, "任一模板"),
        "，在章节标题旁点“加入草稿”，或点“整篇加入草稿”；也可以在这里添加一节自己写。"),
      file: el("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": "草稿文件", onchange: picked }),
    };
    const fold = plain("只看标题", () => { fold.setAttribute("aria-pressed", String(ui.list.classList.toggle("plan-draft-folded"))); }, { "aria-pressed": "false" });
    ui.paper = el("div", { class: "plan-draft-paper" }, ui.top, ui.list, el("div", { class: "plan-signature" }, ui.unit, ui.date));
    /** On a phone `rest` is folded. */
    function bar(name, first, rest = []) {
      const node = el("div", { class: "plan-draft-bar", "data-not-text": "", role: "group", "aria-label": name }, first);
      if (rest.length) node.append(Plans.tools.fold(node), ...rest);
      return node;
    }
    const start = () => begin(model.create(model.newName()), (kept) => `已新建${quote(kept.name)}。`);
    const onInput = ({ target }) => { const node = target.closest?.("[data-typed]"); if (node) later(entries.get(node.closest("[data-k]").dataset.k)); };
    // the check stands with what gives the text away; nothing else is on this page's tool bar
    const check = article.querySelector("#tool-check");
    article.querySelector(".plan-tools")?.remove();
    const [word, rich, ...others] = OUT.map(([label, action]) => plain(label, () => give(action)));
    ui.root = el("div", { class: "plan-draft", onclick: onClick, onkeydown: onKey, onfocusin: onFocus, onpaste: onPaste, onpointerdown: drag, oninput: onInput },
      bar("草稿", ui.select, [el("label", {}, "名称", ui.name), plain("新建", start), plain("删除草稿", discard), ui.restore, plain("导出草稿文件", exportFile),
        plain("导入草稿文件", () => ui.file.click()), ui.file]),
      bar("编辑", [ui.undo, ui.redo, fold, plain("添加一节", own), ui.state, ui.kept]),
      ui.out = bar("取用", [check, word, rich], [...others, plain("Word 版式设置", () => Plans.docx?.open(give)), plain("打印", () => { flush(); print(); }),
        plain("生成总结框架", () => { flush(); Plans.summary?.start(model.toDoc(draft)); })]),
      ui.empty, ui.paper);
    article.classList.add("plan-draft-page");
    article.append(ui.root);
  }

  /** Put the desk into the page. */
  Plans.draft.open = (article) => {
    // the page's second paragraph says what is needed when no script runs
    article.querySelectorAll("h1 ~ p").forEach((node, i) => { if (i) node.remove(); });
    build(article);
    const { current } = model.index();
    show((current && model.load(current)) || model.create(model.newName()));
    // here it is the draft in view, with what was typed last
    Plans.draft.current = async () => { flush(); return draft.sections.length || draft.intro.length ? model.toDoc(draft) : null; };
  };

  store.on("drafts", () => { if (draft && ui.root.isConnected && !saving) listDrafts(); });
  Plans.profiles?.on(refill);
  addEventListener("pagehide", flush);
  addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  // come back to from the browser's cache: other tabs may have written meanwhile
  addEventListener("pageshow", (event) => { if (event.persisted && draft) other(store.get(model.keyOf(draft.id))); });
})();
