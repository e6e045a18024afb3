/* Drafts put together from sections of any templates: what is kept, and how it changes. Loaded by draft.js on first use; the page that edits
   drafts is draft-page.js.

   Kept under "draft:<id>": {v, id, rev, past, name, title: Run[], intro: Block[], sections: Section[] each with a key `k`, undo, redo}.
   Kept text knows no profile: a fill place holds its default (a blank its 【name】) and, for years, `o`, the years away from the plan year. */
(() => {
  "use strict";

  const { el, store } = Plans;
  const STEPS = 50;
  const has = (object, name) => Object.prototype.hasOwnProperty.call(object || {}, name);
  const id = () => Math.random().toString(36).slice(2, 10);
  const keyOf = (draft) => `draft:${draft}`;
  const META = ["name", "title", "intro"]; // beside the sections, what a step can change

  // --- reading what comes from storage or from a file: only what is known is taken over, by kind and size ---

  // control and invisible characters; those that turn the direction of writing could make a text read differently
  const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

  function text(value, most = 5000) {
    if (typeof value !== "string") throw new TypeError("缺少文字");
    if (value.length > most) throw new RangeError("有一段文字过长");
    return value.replace(HIDDEN, (character) => (/\s/.test(character) ? " " : ""));
  }

  function list(value, most, read) {
    if (!Array.isArray(value)) throw new TypeError("结构不完整");
    if (value.length > most) throw new RangeError("内容过多");
    return value.map(read);
  }

  const slug = (value, pattern = /^[\w-]{1,60}$/) => (typeof value === "string" && pattern.test(value) ? value : null);

  /** A place that can be filled: the unit, the year, a word of the sector, a blank on the list. */
  function known(f) {
    if (!slug(f)) return false;
    if (!Plans.data) return true;
    return f === "unit" || f === "year" || has(Plans.data.fields, f) || (f.startsWith("word-") && has(Plans.data.words, f.slice(5)));
  }

  function run(value) {
    const { t, b, f, e, o } = Object(value);
    const clean = { t: text(t) };
    if (b === true) clean.b = true;
    if (!known(f)) return clean;
    clean.f = f;
    if (e === true) clean.e = true;
    if (Number.isInteger(o) && Math.abs(o) < 100) clean.o = o;
    return clean;
  }

  const runs = (value) => list(value, 400, run);
  const cells = (value) => list(value, 30, runs);

  function block(value) {
    const { type, n, runs: content, head, rows } = Object(value);
    if (type === "table") return { type, head: cells(head), rows: list(rows, 400, cells) };
    if (type === "li") return { type, n: Number.isInteger(n) && n >= 0 && n < 10000 ? n : null, runs: runs(content) };
    if (type === "p") return { type, runs: runs(content) };
    throw new TypeError("有一段的类型不认识");
  }

  const blocks = (value) => list(value, 400, block);

  function section(value) {
    const { k, level, heading, theme, id: anchor, from, blocks: content } = Object(value);
    if (level !== 2 && level !== 3) throw new TypeError("有一节的层次不认识");
    return {
      k: slug(k) || id(), level, heading: text(heading, 300), theme: slug(theme), id: slug(anchor, /^\S{1,200}$/),
      from: slug(from, /^[\w-]+\/[\w-]+\.html$/), blocks: blocks(content),
    };
  }

  function sections(value) {
    const seen = new Set();
    const clean = list(value, 400, section);
    for (const item of clean) {
      if (seen.has(item.k)) item.k = id();
      seen.add(item.k);
    }
    return clean;
  }

  /** The content of a draft, taken over from anything. Throws an Error that says what is wrong. */
  function read(value) {
    const { name, title, intro, sections: content } = Object(value);
    return { name: text(name, 100).trim() || "草稿", title: runs(title), intro: blocks(intro), sections: sections(content) };
  }

  function step(value) {
    const { label, meta, order, items } = value;
    const clean = { label: text(label, 400), meta: {}, items: list(items, 400, section) };
    if (order) clean.order = list(order, 400, String);
    if (has(meta, "name")) clean.meta.name = text(meta.name, 100);
    if (has(meta, "title")) clean.meta.title = runs(meta.title);
    if (has(meta, "intro")) clean.meta.intro = blocks(meta.intro);
    return clean;
  }

  const steps = (value) => { try { return list(value, STEPS, step); } catch { return []; } };

  // --- keeping ---

  const create = (name) => ({ v: 1, id: id(), rev: null, past: [], name, title: [], intro: [], sections: [], undo: [], redo: [] });

  function load(draft) {
    const kept = store.get(keyOf(draft));
    if (!kept) return null;
    try {
      const past = Array.isArray(kept.past) ? kept.past.filter((rev) => slug(rev)) : [];
      return { ...create(""), ...read(kept), id: draft, rev: slug(kept.rev), past, undo: steps(kept.undo), redo: steps(kept.redo) };
    } catch {
      store.set(`damaged:${keyOf(draft)}`, kept);
      store.remove(keyOf(draft));
      Plans.announce("有一份草稿已损坏，原样另存，其余草稿不受影响。", "fault");
      return null;
    }
  }

  /** The drafts there are and which one is in hand. Rebuilt from the drafts themselves where it does not fit them. */
  function index() {
    const kept = store.get("drafts");
    const ids = store.keys().filter((key) => key.startsWith("draft:")).map((key) => key.slice(6)).filter((draft) => slug(draft));
    const entries = kept && Array.isArray(kept.list) ? kept.list.filter((entry) => entry && ids.includes(entry.id)) : [];
    for (const draft of ids) {
      if (entries.some((entry) => entry.id === draft)) continue;
      const found = load(draft);
      if (found) entries.push(entryOf(found));
    }
    const current = kept && entries.some((entry) => entry.id === kept.current) ? kept.current : entries.length ? entries[0].id : null;
    return { current, list: entries };
  }

  const entryOf = (draft) => ({ id: draft.id, name: draft.name, n: draft.sections.length });

  function enter(draft) {
    const { list: entries } = index();
    const at = entries.findIndex((entry) => entry.id === draft.id);
    if (at < 0) entries.push(entryOf(draft));
    else entries[at] = entryOf(draft);
    store.set("drafts", { current: draft.id, list: entries });
  }

  /** A name that no other draft has. */
  function newName(base = "草稿") {
    const taken = new Set(index().list.map((entry) => entry.name));
    for (let n = 1; ; n += 1) if (!taken.has(`${base} ${n}`)) return `${base} ${n}`;
  }

  /** Keep a draft. When another tab has changed it meanwhile, neither is lost: this one is kept as a draft of its own. */
  function save(draft) {
    const kept = draft.rev && store.get(keyOf(draft.id));
    const split = Boolean(kept && kept.rev !== draft.rev);
    return { ...(split ? fork(draft) : write(draft)), split };
  }

  /** Keep a draft a second time, under another name. */
  const fork = (draft, name = newName(draft.name.slice(0, 80))) => write({ ...draft, id: id(), name, rev: null, past: [] });

  /** `stored`: false where the browser holds it only until the page is closed. */
  function write(draft) {
    const next = { ...draft, rev: id(), past: [...draft.past, draft.rev].filter(Boolean).slice(-STEPS) };
    const stored = store.set(keyOf(next.id), next);
    enter(next);
    return { draft: next, stored };
  }

  function remove(draft) {
    store.remove(keyOf(draft));
    const left = index();
    store.set("drafts", left);
    return left.current;
  }

  // --- steps: each keeps only what leads back ---

  function way(from, to, label) {
    const now = new Map(to.sections.map((item) => [item.k, item]));
    const order = from.sections.map((item) => item.k);
    const found = { label, meta: {}, items: from.sections.filter((item) => now.get(item.k) !== item) };
    if (order.join() !== to.sections.map((item) => item.k).join()) found.order = order;
    for (const name of META) if (from[name] !== to[name]) found.meta[name] = from[name];
    return found;
  }

  /** The draft after a change. With `merge` it belongs to the step before, as letters typed one after the other do. */
  function change(draft, patch, label, merge = false) {
    const next = { ...draft, ...patch, redo: [] };
    if (!merge) next.undo = [...draft.undo, way(draft, next, label)].slice(-STEPS);
    return next;
  }

  /** One step back ("undo") or forward ("redo"); null when there is none. */
  function travel(draft, from) {
    const record = draft[from][draft[from].length - 1];
    if (!record) return null;
    const other = from === "undo" ? "redo" : "undo";
    const items = new Map([...draft.sections, ...record.items].map((item) => [item.k, item]));
    const order = record.order || draft.sections.map((item) => item.k);
    const next = { ...draft, ...record.meta, sections: order.map((k) => items.get(k)).filter(Boolean), [from]: draft[from].slice(0, -1) };
    next[other] = [...draft[other], way(draft, next, record.label)].slice(-STEPS);
    return next;
  }

  // --- text and profile ---

  const templateOf = (from) => (Plans.data && has(Plans.data.templates, from) ? Plans.data.templates[from] : {});
  const sectorOf = (from) => templateOf(from).sector || (from ? from.split("/")[0] : null);
  const sectorData = (from) => (Plans.data && has(Plans.data.sectors, sectorOf(from)) ? Plans.data.sectors[sectorOf(from)] : {});
  const ask = (f, from, offset = 0) => (f ? Plans.profiles?.value(f, { sector: sectorOf(from) ?? undefined, offset, template: from }) : null);

  /** A run as the reader's profile has it now. */
  function shown(item, from) {
    const value = ask(item.f, from, item.o);
    if (!value || value.state !== "filled" || typeof value.text !== "string") return item;
    const { e, ...rest } = item;
    return { ...rest, t: value.text };
  }

  /** A run without anything of the reader's profile: what is kept. */
  function bare(item, from) {
    if (!known(item.f)) return { t: item.t, ...(item.b && { b: true }) };
    const { data } = Plans;
    const kept = { ...item };
    const word = item.f.slice(5);
    if (item.f === "unit") kept.t = data?.unit ?? templateOf(from).unit ?? sectorData(from).unit ?? item.t;
    else if (item.f === "year") {
      const now = ask("year", from) || { text: data && data.year };
      kept.o = Number(item.t) - Number(now.text) || 0;
      if (data && data.year) kept.t = String(data.year + kept.o);
    } else if (item.f.startsWith("word-")) {
      const words = { ...sectorData(from).words, ...templateOf(from).words };
      if (has(words, word)) kept.t = words[word];
    } else {
      kept.e = true;
      if (data) kept.t = `【${data.fields[item.f].label}】`;
    }
    return kept;
  }

  const mapBlock = (item, each) => (item.type === "table"
    ? { ...item, head: item.head.map((cell) => cell.map(each)), rows: item.rows.map((row) => row.map((cell) => cell.map(each))) }
    : { ...item, runs: item.runs.map(each) });

  const mapSection = (item, each) => ({ ...item, blocks: item.blocks.map((part) => mapBlock(part, (r) => each(r, item.from))) });

  /** The runs of a title: the unit's name and the year stay fill places. */
  function titleRuns(title, from) {
    const unit = shown({ f: "unit", t: templateOf(from).unit || sectorData(from).unit || "" }, from).t;
    const at = unit ? title.indexOf(unit) : -1;
    const parts = at < 0 ? [{ t: title }] : [{ t: title.slice(0, at) }, { t: unit, f: "unit" }, { t: title.slice(at + unit.length) }];
    return parts.flatMap((part) => (part.f ? part : part.t.split(/((?:19|20)\d\d(?=年))/).map((t, i) => (i % 2 ? { t, f: "year" } : { t }))))
      .filter((part) => part.t).map((part) => bare(part, from));
  }

  /** Where the draft's signature takes its sector from: the first section that comes from a template. */
  const mainFrom = (draft) => (draft.sections.find((item) => item.from) || {}).from || null;

  /** The title's runs; until the reader or a template gives one, the usual. */
  const titleOf = (draft) => (draft.title.length ? draft.title : [
    { t: "××单位", f: "unit" }, { t: "工会", f: "word-union" }, { t: String(Plans.data?.year ?? "××××"), f: "year" }, { t: "年工作计划" }]);

  function signature(draft) {
    const from = mainFrom(draft);
    const said = (f, fallback) => shown({ f, t: fallback }, from).t;
    const label = Plans.data && Plans.data.fields["sign-date"] ? Plans.data.fields["sign-date"].label : "成文日期";
    return {
      unit: said("unit", templateOf(from).unit || sectorData(from).unit || "××单位")
        + said("word-union", { ...sectorData(from).words, ...templateOf(from).words }.union || "工会"),
      date: shown({ f: "sign-date", t: `【${label}】`, e: true }, from),
    };
  }

  /** A draft as the other parts of the desk take it, with the profile's present values. */
  function toDoc(draft) {
    const from = mainFrom(draft);
    const { unit, date } = signature(draft);
    return {
      title: titleOf(draft).map((item) => shown(item, from).t).join(""),
      intro: draft.intro.map((part) => mapBlock(part, (item) => shown(item, from))),
      sections: draft.sections.map(({ k, ...item }) => mapSection(item, shown)), unit, date: date.t,
    };
  }

  /** For each section null or what to point out: taken twice, or a theme that another template's section has already. */
  function notes(items) {
    const numbers = Plans.document.numbers(items);
    const first = new Map();
    return items.map((item, i) => {
      const same = item.from && `${item.from}#${item.id || item.heading}`;
      const theme = item.theme && `theme ${item.theme}`;
      const title = (at) => `“${numbers[at]}${items[at].heading}”`;
      let note = null;
      if (first.has(same)) note = `与${title(first.get(same))}是同一节，已加入过。`;
      else if (first.has(theme) && items[first.get(theme)].from !== item.from) note = `与${title(first.get(theme))}主题相同，请看是否合并。`;
      for (const key of [same, theme]) if (key && !first.has(key)) first.set(key, i);
      return note;
    });
  }

  /** Where a section belongs in a draft, and the level it has there: beside its theme, below 重点任务, else at the end as a chapter. */
  function placeFor({ level, theme }, items) {
    const levels = Plans.document.levels(items);
    const last = (fits) => items.reduce((found, item, i) => (fits(item, i) ? i : found), -1);
    /** Behind the section at `i` and all below it. */
    const behind = (i) => { const next = levels.findIndex((other, at) => at > i && other <= levels[i]); return next < 0 ? items.length : next; };
    if (level === 3 && theme) {
      const tasks = last((item, i) => item.id === "tasks" && levels[i] === 2);
      const task = last((item, i) => item.theme === theme && tasks >= 0 && i > tasks && i < behind(tasks));
      if (task >= 0) return { at: behind(task), level: 3 };
      if (tasks >= 0 && theme !== "guidance") return { at: behind(tasks), level: 3 }; // aims are no task
      const alike = last((item) => item.theme === theme);
      if (alike >= 0) return { at: behind(alike), level: levels[alike] };
    }
    // a heading taken alone stands for itself, whatever comes before it in the draft
    return { at: items.length, level: 2 };
  }

  /** Where a section belongs in a draft made of its own template only: where the template has it. `order`: the template's sections. */
  function placeInOrder({ level, id: anchor }, items, order) {
    const levels = Plans.document.levels(items);
    const rank = (item) => order.findIndex((other) => other.id === item.id);
    const own = rank({ id: anchor });
    // a subsection goes below the heading that the template has above it, where that is in the draft
    const chapter = level === 3 ? order.slice(0, own).filter((item) => item.level === 2).pop() : null;
    const first = items.findIndex((item, i) => chapter && item.id === chapter.id && levels[i] === 2);
    const depth = first < 0 ? 2 : 3;
    const behind = (i, most) => { const next = levels.findIndex((other, at) => at > i && other <= most); return next < 0 ? items.length : next; };
    const end = first < 0 ? items.length : behind(first, 2);
    let before = -1; // the nearest of those that come before it in the template
    for (let i = Math.max(first, 0), nearest = 0; i < end; i += 1) {
      const other = rank(items[i]);
      if (other >= nearest && other <= own) [before, nearest] = [i, other];
    }
    return { at: before < 0 ? 0 : behind(before, depth), level: depth };
  }

  /** What a text is by its title: "总结", "计划", or "" when it is both or neither. */
  function kindOf(title) {
    const back = /总结/.test(title);
    return back === /计划|要点|方案|安排/.test(title) ? "" : back ? "总结" : "计划";
  }

  /** What to point out when sections of a plan go into a summary, or the other way round. */
  function mixed(draft, items) {
    if (!draft.sections.length) return ""; // the frame of a summary is made of a plan's sections
    const kind = kindOf(Plans.document.textOf(titleOf(draft)));
    const other = kind && items.map(({ from }) => kindOf(templateOf(from).title ?? "")).find((each) => each && each !== kind);
    return other ? `草稿是${kind}，加入的内容选自${other}，请按${kind}的口径改写。` : "";
  }

  /** Ask where a whole template goes when the draft holds another. Resolves to "own", "join", or "" when the reader turns back. */
  async function askWhere(name) {
    await Plans.load("assets/stylesheets/copy-box.css");
    return new Promise((answer) => {
      const choice = (value, label) => el("button", { value }, label);
      const dialog = el("dialog", { class: "plans-copy-box", "aria-labelledby": "plan-draft-where", onclose: () => { dialog.remove(); answer(dialog.returnValue); } },
        el("form", { method: "dialog" }, el("p", { id: "plan-draft-where" }, `草稿“${name}”里已有其他模板的内容。本篇整篇加入时：`),
          choice("own", "另建一份草稿（建议）"), " ", choice("join", "接在现有草稿后面"), " ", choice("", "取消")));
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  function inHand() {
    const { current } = index();
    return (current && load(current)) || null;
  }

  /** Put a whole template into the draft in hand, or into one of its own. Resolves to whether it is done. */
  async function addWhole({ title, intro, sections: items }) {
    const draft = inHand();
    const where = draft?.sections.some((item) => item.from && item.from !== items[0]?.from) ? await askWhere(draft.name) : "join";
    return where !== "" && add(items, { title, intro }, where === "own" ? create(newName()) : undefined);
  }

  /** Put sections into a draft: where they belong, else at the end. `page`: title, introduction and, where they are known, all sections
      of their page. */
  function add(items, page = {}, draft = inHand() ?? create(newName())) {
    const from = (items[0] || {}).from;
    let fresh;
    let at = draft.sections.length;
    const patch = {};
    try {
      fresh = sections(items.map((item) => mapSection({ ...item, k: null }, bare)));
      if (page.sections && fresh.length && draft.sections.length && draft.sections.every((item) => item.from === from)) {
        const place = placeInOrder(fresh[0], draft.sections, page.sections);
        ({ at } = place);
        if (fresh[0].level === 3) fresh = fresh.map((item) => ({ ...item, level: place.level }));
      } else if (fresh.length && fresh.every((item) => item.level === 3)) {
        const place = placeFor(fresh[0], draft.sections);
        ({ at } = place);
        fresh = fresh.map((item) => ({ ...item, level: place.level }));
      }
      if (!draft.title.length && page.title) patch.title = runs(titleRuns(page.title, from));
      if (!draft.sections.length && !draft.intro.length && page.intro?.length) patch.intro = blocks(page.intro.map((part) => mapBlock(part, (item) => bare(item, from))));
      patch.sections = list([...draft.sections.slice(0, at), ...fresh, ...draft.sections.slice(at)], 400, (item) => item);
    } catch (fault) {
      Plans.announce(`没有加入草稿：${fault.message}。`, "fault");
      return false;
    }
    const what = fresh.length === 1 ? `“${fresh[0].heading}”` : `${fresh.length}节`;
    const { draft: kept, split, stored } = save(change(draft, patch, `加入${what}`));
    const pointed = notes(kept.sections).slice(at, at + fresh.length).filter(Boolean);
    const numbered = (i) => `“${Plans.document.numbers(kept.sections)[i]}${kept.sections[i].heading}”`;
    const where = fresh.length > 1 || !draft.sections.length ? "" : at > 0 ? `，排在${numbered(at - 1)}之后，现为${numbered(at)}` : `，排在最前，现为${numbered(at)}`;
    Plans.announce([
      `已加入草稿“${kept.name}”：${what}${where}，现有${kept.sections.length}节。`,
      mixed(draft, fresh),
      pointed.length === 1 ? pointed[0] : pointed.length ? `其中${pointed.length}节已加入过或主题相同，草稿页上有标注。` : "",
      split ? "草稿同时在另一窗口改动，已另存为一份。" : "",
      stored ? "" : "本机存储已满或被禁用，离开本页后草稿不保留，请先复制或下载。",
    ].join(""), stored ? "done" : "fault");
    return true;
  }

  Plans.draft.model = {
    add, addWhole, index, load, save, fork, remove, enter, create, newName, read, change, travel, shown, titleOf, signature, toDoc, notes, mainFrom,
    sectorOf, templateOf, sectorData, id, keyOf,
  };
})();
