/* Filling a page: the tool bar, the panel, typing in the text itself, and repainting what changed. */
(() => {
  "use strict";

  const { el, profiles, dates, data, store } = Plans;
  const FILL = ".fill[data-fill]";
  const originals = new WeakMap(); // what the page was built with
  const WIDE = matchMedia("(min-width: 76.25em)");
  let here = null; // the template page: {article, path, info}

  // --- painting -------------------------------------------------------------------------------

  const original = (node, what = "textContent") => {
    if (!originals.has(node)) originals.set(node, { textContent: node.textContent, title: node.title });
    return originals.get(node)[what];
  };
  const write = (node, text) => {
    original(node);
    if (node.textContent !== text) node.textContent = text;
  };
  const titled = (node, ...parts) => {
    const title = [original(node, "title"), ...parts].filter(Boolean).join("；");
    if (node.title !== title) node.title = title;
  };
  const offsetOf = (node) => Number(node.dataset.offset) || 0;
  const contextOf = (node) => ({
    sector: node.closest("[data-sector]")?.dataset.sector ?? here?.info.sector, template: here?.path, offset: offsetOf(node),
  });

  function paintFill(node) {
    const { text, state } = profiles.value(node.dataset.fill, contextOf(node));
    const first = original(node);
    write(node, text ?? first);
    if (node.dataset.state === state) return;
    node.dataset.state = state;
    node.classList.toggle("fill-empty", state === "empty");
  }

  /** The month that the row of a schedule is for, when the day in it now lies in another. */
  function wrongRow(node, id, year) {
    const row = dates.planMonth(node.closest("tr")?.cells[0]?.textContent.trim());
    const days = row && node.dataset.form === "date" && dates.span(id, year);
    if (!days || days.unit !== "day") return "";
    const months = [days.first, days.last].map((day) => day.getUTCMonth() + 1);
    const month = (row - 1) % 12 + 1;
    return month >= months[0] && month <= months[1] ? "" : `${year}年在${months[0]}月，请核对所在的行`;
  }

  function paintObservance(node, planYear) {
    const { observance: id, form } = node.dataset, year = planYear + offsetOf(node);
    write(node, dates.text(id, form, year) ?? original(node));
    const days = form === "date" && dates.span(id, year);
    const wrong = wrongRow(node, id, year);
    titled(node, days && days.unit === "day" ? `${dates.full(days.first)}（${dates.weekday(days.first)}）` : "", wrong);
    return wrong && `“${data.observances[id].name}”${wrong}`;
  }

  function paintPhrase(node, year) {
    const version = profiles.phrase(node.dataset.phrase, year);
    if (!version) return "";
    write(node, version.text);
    const range = version.until === version.from ? `${version.from}年` : `${version.from}—${version.until ?? ""}年${version.until ? "" : "起"}`;
    const wrong = version.valid ? "" : `这一提法用于${range.replace("—年起", "年起")}，请按${year}年的现行表述改写`;
    titled(node, wrong);
    node.classList.toggle("phrase-check", !version.valid);
    return wrong && `“${data.phrases[node.dataset.phrase].name}”${wrong}`;
  }

  function paintPolicy(node, year) {
    const policy = data.policies[node.dataset.policy], from = policy?.from ?? "";
    const late = Number(from.slice(0, 4)) > year, gone = policy && !["in_force", "event"].includes(policy.status);
    const wrong = late ? `${from.slice(0, 4)}年才有，不能作为${year}年的依据` : gone ? "已不再有效" : "";
    titled(node, wrong);
    return wrong && `${policy.cite}${wrong}`;
  }

  /** Fill every place below `root` from the profile. Returns what does not hold in the year: [{node, text}]. */
  function paint(root = document) {
    const { year } = profiles.current(), shown = year + (here?.info.year_offset ?? 0), marks = [];
    const check = (node, text) => {
      node.classList.toggle("plan-check", Boolean(text));
      if (text) marks.push({ node, text });
    };
    for (const node of root.querySelectorAll(FILL)) paintFill(node);
    for (const node of root.querySelectorAll("[data-observance]")) check(node, paintObservance(node, year));
    for (const node of root.querySelectorAll("[data-phrase]")) check(node, paintPhrase(node, shown));
    for (const node of root.querySelectorAll("a[data-policy]")) check(node, paintPolicy(node, shown));
    return marks.sort((a, b) => (a.node.compareDocumentPosition(b.node) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  }

  /** The table of contents repeats headings as plain text: keep it in step. */
  function paintContents(article) {
    for (const heading of article.querySelectorAll("h2, h3")) {
      if (!heading.querySelector(".fill, .observance, .phrase")) continue;
      const id = heading.id || heading.closest("section")?.id;
      const entry = id && document.querySelector(`.md-nav--secondary a[href="#${CSS.escape(id)}"] .md-ellipsis`);
      const parts = [...heading.childNodes].filter((node) => !node.matches?.(".headerlink, .plan-section-tools, [data-not-text]"));
      if (entry) write(entry, parts.map((node) => node.textContent).join("").trim());
    }
  }

  // --- values -----------------------------------------------------------------------------------

  /** What is typed for an id, as text. The year is the one that the place shows. */
  function typed(id, context) {
    const { yearText, unit, words, fields } = profiles.current();
    if (id === "unit") return unit;
    if (id === "year") return profiles.problem("year", yearText) ? yearText : yearText && String(+yearText + context.offset);
    return (id.startsWith("word-") ? words[context.sector]?.[id.slice(5)] : fields[id]) ?? "";
  }

  function keep(id, text, context) {
    if (id === "unit") return profiles.update({ unit: text });
    if (id === "year") return profiles.update({ year: /^\d{4}$/.test(text) ? String(text - context.offset) : text });
    if (id.startsWith("word-")) return profiles.update({ words: { [context.sector]: { [id.slice(5)]: text } } });
    return profiles.update({ fields: { [id]: text } });
  }

  const problem = (id, context) => profiles.problem(id, id === "year" ? profiles.current().yearText : typed(id, context));

  /** What a place is called, what helps to fill it, and what it offers. */
  function describe(id, context) {
    if (id === "unit") return { label: "单位", hint: "单位全称，不带“工会”二字，正文会自动接上", example: "" };
    if (id === "year") {
      const past = here?.info.past;
      return { label: past ? "总结年度" : "计划年度", hint: past ? "总结所写的年度" : "日期、届次和提法随年度变化", example: String(data.year + context.offset), mode: "numeric" };
    }
    if (id.startsWith("word-")) {
      const { name, hint } = data.words[id.slice(5)];
      return { label: name, hint, example: profiles.value(id, context).text, choices: data.sectors[context.sector]?.choices[id.slice(5)] };
    }
    const field = data.fields[id], mode = { number: "numeric", rate: "decimal" }[field.type];
    // what is over is signed after its year
    const year = profiles.current().year + (here?.info.year_offset ?? 0) + (id === "sign-date" && here?.info.past ? 1 : 0);
    return { ...field, mode, example: profiles.sample(field, year) };
  }

  /** What stands in the empty box of a place. */
  function hintIn(id, context) {
    const { example } = describe(id, context);
    return example && (id in data.fields ? `如 ${example}` : example);
  }

  let serial = 0;
  /** An input for a place; it keeps what is typed at once, and settles its form when it is left. */
  function input(id, context, attributes = {}) {
    const { choices, mode } = describe(id, context);
    const list = choices && el("datalist", { id: `plan-list-${serial += 1}` }, choices.map((text) => el("option", { value: text })));
    const box = el("input", {
      type: "text", autocomplete: "off", spellcheck: "false", inputmode: mode, list: list && list.id,
      placeholder: hintIn(id, context), ...attributes,
    });
    const store = () => {
      const text = id === "year" ? profiles.usual(id, box.value.trim()) : box.value;
      // a year half typed is not yet wrong: the page would jump about
      if (id !== "year" || !text || /^\d{4}$/.test(text)) keep(id, text, context);
    };
    box.addEventListener("input", (event) => { if (!event.isComposing) store(); });
    box.addEventListener("compositionend", store);
    box.addEventListener("change", () => {
      const given = profiles.line(box.value);
      box.value = profiles.usual(id, given, context);
      if (id === "unit" && box.value !== given) Plans.announce(`单位名称不带“${given.slice(box.value.length).trim()}”，已去掉；正文会自动接上。`);
      if (box.value !== typed(id, context)) keep(id, box.value, context);
    });
    box.value = typed(id, context);
    return { box, list };
  }

  // --- typing in the text ---------------------------------------------------------------------------

  const isBlank = (node) => node.dataset.fill in data.fields;
  const places = (only = () => true) => [...here.article.querySelectorAll(FILL)].filter((node) => isBlank(node) && only(node));
  let editor = null, last = null;

  function closeEditor(focus) {
    if (!editor) return;
    const { span, wrap, box } = editor;
    editor = null; // first: taking the field away makes it lose the focus once more
    box.dispatchEvent(new Event("change")); // not every browser does so for a field that is taken away
    wrap.remove();
    span.classList.remove("fill-editing");
    if (!focus) return;
    span.tabIndex = -1;
    span.focus({ preventScroll: true });
  }

  /** Go to the blank after or before `from`, past those of the same field. Returns false at the end. */
  function step(from, by, only) {
    const order = places((node) => node === from || !only || only(node)), id = from?.dataset.fill;
    let at = by > 0 ? -1 : order.length;
    if (from) {
      const next = order.findIndex((node) => node === from || from.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
      at = next < 0 ? order.length : next;
      if (order[at] !== from && by > 0) at -= 1; // the place itself is no blank (unit, year)
    }
    do at += by; while (order[at] && order[at].dataset.fill === id);
    if (!order[at]) return false;
    edit(order[at]);
    return true;
  }

  function nextEmpty() {
    const empty = (node) => node.dataset.state === "empty";
    const from = editor?.span ?? (last?.isConnected ? last : null);
    closeEditor();
    if (step(from, 1, empty) || step(null, 1, empty)) return;
    Plans.announce("本页空白已全部填写。");
  }

  function edit(span) {
    closeEditor();
    const id = span.dataset.fill, context = contextOf(span), before = typed(id, context);
    const { label, hint } = describe(id, context);
    const tip = el("span", { class: "fill-tip", id: "fill-tip" });
    const { box, list } = input(id, context, { "aria-label": label, "aria-describedby": "fill-tip" });
    const wrap = el("span", { class: "fill-editor", "data-not-text": "" }, box, tip, list);
    const show = () => {
      const wrong = problem(id, context);
      tip.textContent = wrong || `${label}：${hint}`;
      tip.classList.toggle("fill-wrong", Boolean(wrong));
      box.style.width = `${Math.min(28, Math.max(6, [...(box.value || box.placeholder)].length + 1.5))}em`;
    };
    box.addEventListener("input", show);
    box.addEventListener("blur", () => { if (editor?.box === box) closeEditor(); });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") closeEditor(true);
      else if (event.key === "Escape") {
        box.value = before;
        keep(id, before, context);
        closeEditor(true);
      } else if (event.key === "Tab" && !step(span, event.shiftKey ? -1 : 1)) return; // past the last blank Tab goes on as ever
      else if (event.key !== "Tab") return;
      event.preventDefault();
      event.stopPropagation();
    });
    span.after(wrap);
    span.classList.add("fill-editing");
    editor = { span, wrap, box };
    last = span;
    show();
    wrap.scrollIntoView({ block: "nearest" });
    box.focus();
    box.select();
    const over = tip.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
    if (over > 0) tip.style.left = `${-over}px`;
  }

  // --- tool bar ------------------------------------------------------------------------------------

  const FIRST = 30; // buttons up to this order are always in sight; on a phone the others are behind “更多”

  /** A button that on a phone hides and shows what follows it in `bar`. */
  function fold(bar) {
    const button = el("button", {
      type: "button", class: "plan-tool plan-tools-more", "aria-controls": bar.id || null, "aria-expanded": "false",
      onclick: () => {
        const open = bar.classList.toggle("plan-tools-open");
        button.setAttribute("aria-expanded", String(open));
        button.textContent = open ? "收起" : "更多";
      },
    }, "更多");
    return button;
  }

  function makeBar(article) {
    const bar = el("div", { class: "plan-tools", id: "plan-tools", role: "toolbar", "aria-label": "本页工具", "data-not-text": "" });
    bar.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key], buttons = [...bar.querySelectorAll("button")].filter((button) => button.getClientRects().length);
      if (by) buttons[(buttons.indexOf(document.activeElement) + by + buttons.length) % buttons.length].focus();
    });
    const title = article.querySelector("h1");
    if (title) title.after(bar);
    else article.prepend(bar);
    return bar;
  }

  /** Add a button for the whole page, in the order of `order`. */
  function addTool(label, onclick, { title, id, order = 50 } = {}) {
    const article = document.querySelector("article.md-content__inner");
    if (article.querySelector(".plan-shelf")) return null; // sections of many plans are no whole to copy or check
    const bar = article.querySelector(".plan-tools") ?? makeBar(article);
    const put = (button) => bar.insertBefore(button, [...bar.children].find((other) => Number(other.dataset.order) > Number(button.dataset.order)) ?? null);
    if (order > FIRST && !bar.querySelector(".plan-tools-more")) {
      const more = fold(bar);
      more.dataset.order = FIRST + 0.5;
      put(more);
    }
    return put(el("button", { type: "button", class: "plan-tool", title, id: id && `tool-${id}`, "data-order": String(order), onclick }, label));
  }

  // --- panel ---------------------------------------------------------------------------------------

  /** Bring a marked place into view. */
  function lead(node) {
    if (!node.matches("a")) node.tabIndex = -1;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
  }

  function panel(article) {
    const { info } = here;
    const context = { sector: info.sector, template: here.path, offset: info.year_offset ?? 0 };
    const ids = (only) => [...new Set([...article.querySelectorAll(FILL)].map((node) => node.dataset.fill).filter(only))];
    const blanks = ids((id) => id in data.fields), words = ids((id) => id.startsWith("word-"));
    const rows = [];

    function row(id) {
      const { label, hint, type } = describe(id, context);
      const name = `plan-${id}`;
      const note = el("span", { class: "fill-note", id: `${name}-note` });
      const { box, list } = input(id, context, { id: name, name, "aria-describedby": `${name}-hint ${name}-note` });
      rows.push({ id, box, note, type });
      return el("div", { class: "fill-row" }, el("label", { for: name }, label), box, list, note, el("span", { class: "fill-hint", id: `${name}-hint` }, hint));
    }

    const count = el("span", { class: "fill-count", role: "status" });
    const notice = el("div", { class: "fill-notice" });
    const question = el("div", { class: "fill-ask", role: "group", "aria-label": "请选择" });
    const offer = el("div", { class: "fill-ask", role: "group", "aria-label": "按单位名称改说法", "aria-live": "polite" });
    const chosen = el("select", { id: "plan-profile", onchange: () => profiles.select(chosen.value) });
    const menu = el("div", { class: "fill-buttons" });
    /** The menu's script is fetched when the menu is first opened. */
    function openMenu(event) {
      if (!event.target.open || menu.firstChild) return;
      Plans.load("assets/javascripts/profile-manage.js").then(
        () => Plans.manage.show(menu, question), (error) => Plans.announce(error.message, "fault"));
    }

    const first = [row("unit"), offer, row("year")];
    const local = words.length > 0 && el("details", { class: "fill-more" }, el("summary", {}, "本地习惯说法"), words.map(row));
    /** Ask whether all local words shall be those that the unit's name calls for. Either answer is kept, so that it is asked once. */
    function ask({ names, words: better, present }) {
      const take = (given, said) => () => {
        profiles.adopt(given, context);
        (local ? local.firstChild : close).focus();
        Plans.announce(said);
      };
      return [
        el("p", {}, `按单位名称，这些说法可以一次改好：${Object.entries(better).map(([id, text]) => `${present[id]}改为${text}`).join("，")}。`),
        el("div", { class: "fill-buttons" },
          el("button", { type: "button", onclick: take(better, `已改用${names.join("、")}的说法，可在“本地习惯说法”里逐个再改。`) }, `改用${names.join("、")}的说法`),
          el("button", { type: "button", onclick: take(present, "说法没有改动，可在“本地习惯说法”里逐个更改。") }, "不改")),
      ];
    }

    const close = el("button", { type: "button", class: "fill-close", "aria-label": "收起填写栏", title: "收起", onclick: () => show(false, true) }, "×");
    const body = el("aside", { class: "plan-panel", id: "plan-panel", "aria-label": "填写", "data-not-text": "" },
      el("div", { class: "fill-head" }, el("strong", {}, "填写"), count, close),
      notice,
      el("div", { class: "fill-row" }, el("label", { for: "plan-profile" }, "档案"), chosen),
      el("details", { class: "fill-more", ontoggle: openMenu }, el("summary", {}, "档案管理"), menu,
        el("p", { class: "fill-hint" }, "填写的内容只存在这台设备的浏览器里。")),
      question, first, local,
      blanks.map(row));

    const opener = addTool("填写", () => show(body.hidden, true), { id: "fill", title: "打开或收起填写栏", order: 0 });
    opener.setAttribute("aria-controls", "plan-panel");
    const next = addTool("下一空", nextEmpty, { id: "next-blank", title: "转到下一处空白（Alt+↓，上一处 Alt+↑）", order: 1 });
    next.setAttribute("aria-keyshortcuts", "Alt+ArrowDown");

    const size = () => (WIDE.matches ? "wide" : "narrow");
    function show(open, byHand) {
      body.hidden = !open;
      opener.setAttribute("aria-expanded", String(open));
      document.body.classList.toggle("plan-filling", open);
      if (!byHand) return;
      store.set("panel", { ...store.get("panel"), [size()]: open });
      if (open) (rows.find(({ box }) => !box.value) ?? rows[0]).box.focus();
      else opener.focus();
    }
    /** Wide screens have an empty column on the left; elsewhere the panel stands in the text, below the tool bar. */
    function place() {
      if (WIDE.matches) document.querySelector(".md-main__inner > .md-content").before(body);
      else article.querySelector(".plan-tools").after(body);
      show(store.get("panel")?.[size()] ?? WIDE.matches);
    }
    place();
    WIDE.addEventListener("change", place);

    let shownName = null, shownList = "", shownNotice = "", shownOffer = "null";
    /** Put in only what differs: a button that is replaced while it is pressed would not be clicked. */
    function renew(node, key, before, make) {
      if (key !== before) node.replaceChildren(...make());
      return key;
    }

    function refresh() {
      const marks = paint(article), { name, unit } = profiles.current();
      // what is being typed is left alone, unless it belongs to another profile now
      const settle = (box, text) => { if ((box !== document.activeElement || name !== shownName) && box.value !== text) box.value = text; };
      paintContents(article);
      for (const { id, box, note, type } of rows) {
        const text = typed(id, context), wrong = problem(id, context);
        settle(box, text);
        if (type === "date") box.placeholder = hintIn(id, context);
        const day = type === "date" && text && !wrong && dates.parse(text);
        note.textContent = wrong || (day ? dates.weekday(day) : "");
        note.classList.toggle("fill-wrong", Boolean(wrong));
        if (wrong) box.setAttribute("aria-invalid", "true");
        else box.removeAttribute("aria-invalid");
      }
      const done = blanks.filter((id) => profiles.value(id).state === "filled").length;
      const counted = `${done} / ${blanks.length} 已填${unit ? "" : "，单位未填"}`;
      if (count.textContent !== counted) count.textContent = counted;
      const list = profiles.list(), unkept = !profiles.kept();
      shownList = renew(chosen, JSON.stringify([list, name]), shownList, () => list.map((p) => el("option", { value: p.name, selected: p.name === name },
        p.unit && p.unit !== p.name ? `${p.name}（${p.unit.slice(0, 30)}）` : p.name)));
      const suited = profiles.suited({ ...context, shown: words });
      shownOffer = renew(offer, JSON.stringify(suited), shownOffer, () => (suited ? ask(suited) : []));
      shownNotice = renew(notice, JSON.stringify([unkept, marks.map(({ text }) => text)]), shownNotice, () => [
        unkept && el("p", { class: "fill-wrong" }, "本机存储已满或被禁用，填写的内容关闭页面后不保留，请先导出。"),
        marks.length > 0 && el("p", { class: "fill-wrong" }, `有 ${marks.length} 处与年度不符，已在文中标出：`),
        marks.length > 0 && el("ul", {}, marks.map(({ node, text }) => el("li", {}, el("button", { type: "button", onclick: () => lead(node) }, text)))),
      ].filter(Boolean));
      if (editor) settle(editor.box, typed(editor.span.dataset.fill, contextOf(editor.span)));
      shownName = name;
    }
    return refresh;
  }

  Plans.tools = { add: addTool, fold };
  Plans.fill = { paint, edit, next: nextEmpty };

  Plans.mount((article) => {
    const path = Plans.page(), info = data.templates[path];
    here = info ? { article, path, info } : null;
    const refresh = info ? panel(article) : () => paint(article);
    refresh();
    profiles.on(() => { if (article.isConnected) refresh(); });
    if (!info) return;
    let leaving = false, told = false;
    article.addEventListener("pointerdown", () => { leaving = document.activeElement.matches("input"); });
    article.addEventListener("click", ({ target }) => {
      // text being selected for copying is not meant to be edited
      if (target.closest("a") || !getSelection().isCollapsed) return;
      const span = target.closest(FILL);
      if (span) edit(span);
      else if (!leaving && !told && target.closest("section.plan-section :is(p, li, td, th)") && !target.closest(".admonition")) {
        told = true; // once a page is enough
        Plans.announce("空白可直接填写；其他文字在草稿里改：点“整篇加入草稿”，再点“草稿”。");
      }
    });
    addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by || !event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.target.matches("input:not(.fill-editor input), textarea, select")) return;
      event.preventDefault();
      const from = editor?.span ?? (last?.isConnected ? last : null);
      if (!step(from, by)) step(null, by);
    });
  });
})();
