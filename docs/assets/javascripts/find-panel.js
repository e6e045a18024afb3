/* The search panel: results while typing, filters with counts, copying and adding from a result, all by keyboard too. */
(() => {
  "use strict";
  const { el, find } = Plans;

  const PARTS = { sector: ["行业", "sectors"], kind: ["文种", "kinds"], theme: ["主题", "themes"], period: ["时段", "periods"] };
  const PAGE_SIZE = 10; // drawing results takes longer than finding them
  const SNIPPET = 90;
  const HINTS = ["女职工", "下半年计划", "送温暖", "职代会", "工会经费预算", "年度总结和次年计划"];
  const MAX_QUERY = 200;

  let dialog = null, box, list, status, note, filters, more;
  let chosen = {}, shown = PAGE_SIZE, remembering = 0;

  /** Everything read in; the panel answers anew as more is there. */
  const loaded = () => find.load(() => { if (dialog?.open) render(); }).catch((fault) => {
    status.textContent = "搜索的数据没有读全，请刷新页面再试。";
    throw fault;
  });

  // --- one result ---

  /** Text with the words that were looked for marked. */
  function marked(text, words) {
    const low = text.toLowerCase(), parts = [];
    let at = 0;
    while (at < text.length) {
      let next = -1, length = 0;
      for (const word of words) {
        const found = low.indexOf(word, at);
        if (found >= 0 && (next < 0 || found < next || (found === next && word.length > length))) [next, length] = [found, word.length];
      }
      if (next < 0) break;
      parts.push(text.slice(at, next), el("mark", {}, text.slice(next, next + length)));
      at = next + length;
    }
    return [...parts, text.slice(at)];
  }

  /** The stretch of a text in which most of the words stand. */
  function snippet(text, words) {
    if (text.length <= SNIPPET) return text;
    const places = words.flatMap((word) => { const at = text.toLowerCase().indexOf(word); return at < 0 ? [] : [at]; }).sort((a, b) => a - b);
    let best = 0, most = 0;
    for (const place of places) {
      const within = places.filter((other) => other >= place && other < place + SNIPPET - 12).length;
      if (within > most) [best, most] = [place, within];
    }
    const start = Math.max(0, best - 12);
    return `${start ? "…" : ""}${text.slice(start, start + SNIPPET)}${start + SNIPPET < text.length ? "…" : ""}`;
  }

  const holder = document.createElement("template");
  /** The section of a result, filled in as its own page would show it. */
  async function sectionOf(doc) {
    await Promise.all([loaded(), Plans.load("assets/data/desk-all.js")]);
    holder.innerHTML = find.text[doc.template][doc.section];
    const section = el("section", { class: "plan-section", id: doc.id, "data-theme": doc.theme, "data-sector": doc.sector, "data-kind": doc.kind, "data-from": doc.path });
    section.append(holder.content.cloneNode(true));
    Plans.fill.paint(section);
    return section;
  }

  function actions(doc) {
    const button = (label, title, act) => el("button", {
      type: "button", title, "aria-label": `${label}：${doc.heading}`,
      onclick: () => sectionOf(doc).then(act).catch((fault) => Plans.announce(`没有完成：${fault.message}。`, "fault")),
    }, label);
    return el("span", { class: "plan-find-actions" },
      button("复制", "复制本段，带格式", (section) => Plans.copy.section(section, true)),
      button("纯文本", "复制本段的文字", (section) => Plans.copy.section(section, false)),
      button("加入草稿", "加到草稿里", (section) => Plans.draft.add(Plans.document.fromSection(section), { title: doc.name })));
  }

  function item({ doc }, words, year) {
    const { names } = find, where = [doc.type === "section" && doc.name, names.sectors[doc.sector], names.kinds[doc.kind], names.themes[doc.theme]].filter(Boolean).join(" · ");
    const [path, anchor] = doc.path.split("#"), query = year && doc.type !== "page" ? `?year=${year}` : "";
    const href = `${Plans.url(path)}${query}${anchor || doc.id ? `#${anchor || doc.id}` : ""}`;
    const heading = doc.type === "section" ? find.sections.templates[doc.template][2][doc.section][1] : doc.name;
    return el("li", {},
      el("a", { href, class: "plan-find-link", onclick: () => close() }, marked(heading, words)),
      el("span", { class: "plan-find-where" }, doc.type === "page" ? "本站页面" : where),
      el("p", {}, marked(snippet(doc.text || doc.summary, words), words)),
      doc.type === "section" && actions(doc));
  }

  // --- the panel ---

  function renderFilters(counts) {
    for (const [part, select] of filters) {
      const ids = Object.keys(find.names[PARTS[part][1]]).filter((id) => counts[part]?.get(id) || chosen[part] === id);
      select.replaceChildren(el("option", { value: "" }, PARTS[part][0]),
        ...ids.map((id) => el("option", { value: id, selected: chosen[part] === id }, `${find.names[PARTS[part][1]][id]}（${counts[part]?.get(id) ?? 0}）`)));
      select.disabled = !ids.length;
    }
  }

  /** The themes nearest to a query that found nothing: those whose names share most of its characters. */
  function nearest(query) {
    const characters = new Set(query), share = (name) => [...name].filter((character) => characters.has(character)).length;
    return Object.entries(find.names.themes).sort((a, b) => share(b[1]) - share(a[1])).slice(0, 6);
  }

  function nothing(query) {
    const narrowed = Object.values(chosen).some(Boolean);
    return [
      el("p", {}, narrowed ? "所选条件下没有结果。" : `没有找到“${query}”。`),
      narrowed && el("button", { type: "button", onclick: () => { chosen = {}; render(); box.focus(); } }, "去掉筛选条件"),
      el("p", {}, "相近的主题：", nearest(query).flatMap(([id, name]) => [el("a", { href: Plans.url(`themes/${id}.html`) }, name), "　"])),
      el("p", {}, el("a", { href: Plans.url("library.html") }, "浏览全部模板"), "　", el("a", { href: Plans.url("contributing/index.html") }, "补写这一段")),
    ];
  }

  /** Put the query into the address, once typing pauses: browsers allow few changes of it in a minute. */
  function remember(query) {
    clearTimeout(remembering);
    remembering = setTimeout(() => {
      const address = new URL(location.href);
      if (query) address.searchParams.set("q", query);
      else address.searchParams.delete("q");
      try { history.replaceState(history.state, "", address); } catch { /* some browsers keep the address of a local file as it is */ }
    }, 250);
  }

  function render() {
    const query = box.value.trim().slice(0, MAX_QUERY);
    remember(query);
    note.replaceChildren();
    more.hidden = true;
    if (!query) {
      list.replaceChildren();
      status.textContent = "";
      renderFilters({});
      note.append("试试：", ...HINTS.flatMap((hint) => [el("button", { type: "button", onclick: () => { box.value = hint; changed(); box.focus(); } }, hint), " "]),
        el("a", { href: Plans.url("library.html") }, "浏览全部模板"));
      return;
    }
    const found = find.search(query, chosen);
    if (!found) { status.textContent = "正在读取目录……"; return; }
    renderFilters(found.counts);
    for (const [typed, guess] of found.corrected) note.append(el("span", {}, `没有“${typed}”，按“${guess}”查找。`));
    const complete = Boolean(find.text);
    status.textContent = found.hits.length ? `${found.hits.length} 处${complete ? "" : "（正在读取正文）"}` : complete ? "没有结果" : "正在读取正文……";
    if (!found.hits.length && complete) note.append(...nothing(query).filter(Boolean));
    list.replaceChildren(...found.hits.slice(0, shown).map((hit) => item(hit, found.words, found.year)));
    more.hidden = found.hits.length <= shown;
  }

  function changed() {
    shown = PAGE_SIZE;
    render();
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  function keys(event) {
    if (event.isComposing) return;
    const links = [...list.querySelectorAll(".plan-find-link")], at = links.findIndex((link) => link.closest("li").contains(document.activeElement));
    if (event.key === "Escape") { // a search box would only be emptied
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.target.matches("select")) return;
      const next = event.key === "ArrowDown" ? links[at + 1] : links[at - 1];
      (next ?? (event.key === "ArrowUp" ? box : null))?.focus();
      event.preventDefault();
    } else if (event.key === "Enter" && event.target === box && links.length) {
      links[0].click();
      event.preventDefault();
    } else if (event.key === "/" && !event.target.matches("input, select")) {
      box.focus();
      event.preventDefault();
    }
  }

  function make() {
    box = el("input", { type: "search", class: "plan-find-box", autocomplete: "off", spellcheck: "false", maxlength: String(MAX_QUERY), "aria-label": "搜索模板和段落", placeholder: "想写什么？如 医院女职工、下半年计划，拼音也行", "aria-describedby": "plan-find-status" });
    box.addEventListener("input", (event) => { if (!event.isComposing) changed(); });
    box.addEventListener("compositionend", changed);
    filters = Object.entries(PARTS).map(([part, [label]]) => [part, el("select", { "aria-label": label, onchange: (event) => { chosen = { ...chosen, [part]: event.target.value }; changed(); } })]);
    status = el("span", { id: "plan-find-status", class: "plan-find-status", role: "status" });
    note = el("div", { class: "plan-find-note" });
    list = el("ol", { class: "plan-find-list" });
    more = el("button", { type: "button", hidden: true, onclick: () => { const first = shown; shown += PAGE_SIZE; render(); list.children[first]?.querySelector("a").focus(); } }, "再显示一些");
    dialog = el("dialog", { class: "plan-find", "aria-label": "搜索", onkeydown: keys, onclose: () => remember("") },
      el("div", { class: "plan-find-head" }, box, el("button", { type: "button", class: "plan-find-close", onclick: close }, "关闭")),
      el("div", { class: "plan-find-filters" }, filters.map(([, select]) => select), status),
      el("div", { class: "plan-find-body", tabIndex: -1 }, note, list, more));
    // a click beside the panel closes it
    dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
    document.body.append(dialog);
  }

  /** Open the panel with a query. */
  find.panel = (query = "") => {
    if (!dialog) make();
    chosen = {};
    box.value = query || box.value;
    if (!dialog.open) dialog.showModal();
    box.focus();
    box.select();
    if (find.names) changed();
    else status.textContent = "正在读取目录……";
    return loaded();
  };
})();
