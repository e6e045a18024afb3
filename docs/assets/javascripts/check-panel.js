/* The panel that lists what a check has found, the way to each place, and the page where any text can be pasted.
   Loaded when a check runs, or on that page. The panel is not modal: the text stays in reach while it is open. */
(() => {
  "use strict";
  const { el, store } = Plans;

  // what stands on a page without being part of the text
  const NOT_TEXT = ".headerlink, .plan-section-tools, .admonition, button:not(.fill), select, script, style, dialog, [role=dialog], [hidden], [data-not-text]";
  const MOST_KEPT = 500, MOST_MARKS = 400;
  const PAUSE = 600; // after the last change, before an open panel is renewed
  let shown = null; // {panel, findings, options, opener, jumped: button last used to leave for a place, kept: mark -> part of the list}

  // --- accepted findings, remembered for each page or draft ---

  const keyOf = (options) => `check:${options.key}`;
  const accepted = (options) => {
    const kept = store.get(keyOf(options), []);
    return new Set(Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : []);
  };
  function accept(finding, yes) {
    const { options } = shown;
    const keys = accepted(options);
    if (yes) keys.add(finding.key);
    else keys.delete(finding.key);
    store.set(keyOf(options), [...keys].slice(-MOST_KEPT));
  }

  // --- the way to a place on the page ---

  /** The text below `root` without any space, and where each character stands. */
  function textOf(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => (
      node.nodeType === Node.ELEMENT_NODE ? (node !== root && node.matches(NOT_TEXT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP) : NodeFilter.FILTER_ACCEPT));
    const nodes = [], starts = [];
    let text = "";
    while (walker.nextNode()) {
      nodes.push(walker.currentNode);
      starts.push(text.length);
      text += walker.currentNode.data.replace(/\s/g, "");
    }
    /** [node, offset] of a character. */
    const at = (index) => {
      let i = starts.length - 1;
      while (starts[i] > index || (i > 0 && starts[i] === text.length)) i -= 1;
      let left = index - starts[i], offset = 0;
      for (const { data } = nodes[i]; offset < data.length; offset += 1) if (!/\s/.test(data[offset]) && left-- === 0) break;
      return [nodes[i], offset];
    };
    return { text, at };
  }

  const bare = (text) => text.replace(/\s/g, "");

  /** The place in the text of the page as a Range; null when the text has changed since. */
  function rangeOf(place, places, page) {
    const quote = bare(place.quote);
    if (!quote) return null;
    // with all that is known around it, so that a short value is told from the same characters elsewhere; less where the text has changed
    for (const around of [({ before, after }) => [before, after], ({ before }) => [before, ""], () => ["", ""]]) {
      const wordsOf = (each) => { const [before, after] = around(each); return bare(before + each.quote + after); };
      const words = wordsOf(place), from = bare(around(place)[0]).length;
      const alike = places.filter((other) => wordsOf(other) === words);
      let index = -1;
      for (let n = alike.indexOf(place); n >= 0; n -= 1) index = page.text.indexOf(words, index + 1);
      if (index < 0) index = page.text.indexOf(words);
      if (index < 0) continue;
      const range = document.createRange();
      const last = page.at(index + from + quote.length - 1);
      range.setStart(...page.at(index + from));
      range.setEnd(last[0], last[1] + 1);
      return range;
    }
    return null;
  }

  const paint = (name, ranges) => {
    if (window.CSS?.highlights && window.Highlight) CSS.highlights.set(name, new Highlight(...ranges));
  };
  const unpaint = () => ["leave-check", "leave-check-here"].forEach((name) => window.CSS?.highlights?.delete(name));

  /** Move the view and the focus there. */
  function goTo(node) {
    const target = node.closest("a[href], button, [tabindex], [contenteditable], p, li, td, th, h1, h2, h3, div") || node;
    if (!target.matches("a[href], button, [tabindex], [contenteditable]")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    // on a phone the panel lies over the text
    if (node.getBoundingClientRect().right > shown.panel.getBoundingClientRect().left) fold(true);
    node.scrollIntoView({ block: "center" });
  }

  /** Leave only the head of the panel and its line, or show all of it again. */
  const fold = (on) => shown.panel.classList.toggle("leave-check-brief", on);
  function unfold() {
    fold(false);
    (shown.jumped?.isConnected ? shown.jumped : shown.panel.querySelector("h2")).focus();
  }

  function jump(finding, button) {
    const { options } = shown;
    shown.jumped = button;
    const place = finding.places[finding.next = ((finding.next ?? -1) + 1) % finding.places.length];
    if (options.goTo) return options.goTo(place);
    const range = rangeOf(place, finding.places, textOf(options.root));
    if (range) {
      paint("leave-check-here", [range]);
      let node = range.startContainer.parentElement;
      while (node.getBoundingClientRect().height === 0 && node.parentElement) node = node.parentElement;
      goTo(node);
    } else {
      Plans.announce("文中已经没有这处文字。", "fault");
      button.focus();
    }
    return undefined;
  }

  // --- the panel ---

  const counted = (list) => list.reduce((sum, finding) => sum + finding.places.length, 0);

  function summary(findings, keys) {
    const number = (fits) => counted(findings.filter((finding) => !keys.has(finding.key) && fits(finding)));
    const blanks = number(({ kind }) => kind === "blank"), rest = number(({ kind, level }) => level === "look" && kind !== "blank");
    const notes = number(({ level }) => level === "note");
    const left = [blanks && `${blanks} 处空白没有填`, rest && `${rest} 处要核对`].filter(Boolean).join("，");
    if (left) return `还有 ${left}${rest ? "；核对无误的可以接受" : ""}。`;
    return notes ? `可以交稿，另有 ${notes} 处供参考。` : "可以交稿，没有发现需要再看的地方。";
  }

  /** The row of a finding. `node.finding` is renewed with the list, so that a row that stays leads to where its words stand now. */
  function row(finding) {
    const name = finding.text.trim() || "此处";
    const times = finding.places.length > 1 ? `，共 ${finding.places.length} 处` : "";
    const go = el("button", { type: "button", "aria-label": `跳到该处：${name}${times}`, onclick: () => jump(node.finding, go) }, "跳到该处");
    const node = el("li", {},
      el("p", {}, el("strong", {}, name), finding.message ? `　${times ? finding.message.replace(/。$/, "") : finding.message}` : "", times),
      finding.instead && el("p", { class: "leave-check-instead" }, `可改为：${finding.instead}`),
      el("p", { class: "leave-check-buttons" }, go, finding.words && el("button", { type: "button", onclick: () => adopt(node.finding) }, `改用${finding.words.names.join("、")}的说法`),
        el("button", { type: "button", "aria-label": `接受：${name}`, onclick: () => settle(node.finding, true) }, "接受")));
    return node;
  }

  const acceptedRow = (finding) => {
    const node = el("li", {}, el("p", {}, finding.text.trim() || "此处"),
      el("button", { type: "button", "aria-label": `不再接受：${finding.text.trim()}`, onclick: () => settle(node.finding, false) }, "不再接受"));
    return node;
  };

  /** Choose the words that a finding offers; the text has others then, so it is checked anew. */
  async function adopt({ words }) {
    Plans.profiles.adopt(words.words, { sector: words.sector, template: Plans.page() });
    await renew();
    Plans.announce(`已改用${words.names.join("、")}的说法。`);
  }

  function settle(finding, yes) {
    accept(finding, yes);
    draw();
  }

  function meter() {
    const words = el("p", { id: "leave-check-own" }), bar = el("meter", { min: "0", max: "100", "aria-labelledby": words.id });
    const go = el("button", { type: "button", onclick: () => jump(node.own, go) }, "逐句看相同的句子");
    const buttons = el("p", { class: "leave-check-buttons" }, go);
    const node = el("div", { class: "leave-check-own" }, words, buttons, bar);
    node.show = (own) => {
      const share = 100 - Math.round(own.same / own.total * 100);
      const titles = own.templates.map((url) => Plans.data?.templates?.[url]?.title).filter(Boolean);
      const whose = titles.length === 1 ? `模板“${titles[0]}”` : "所用模板";
      own.next = node.own?.next;
      node.own = own;
      words.textContent = `全文 ${own.total} 句，其中 ${own.same} 句与${whose}相同，自己写的占 ${share}%。通用的要求可以照用；做法、时间、责任人与本单位不同的，改成实际情况。`;
      buttons.hidden = !own.same;
      bar.value = share;
      bar.textContent = `${share}%`;
    };
    return node;
  }

  /** A part of the list as it stands, or made now: what stays in the list stays in the page, with focus, scroll position and what is open. */
  function part(mark, make) {
    const { kept } = shown;
    if (!kept.has(mark)) kept.set(mark, make());
    return kept.get(mark);
  }

  /** Let `parent` hold just these; those that it holds are not moved, for that would take the focus from them. */
  function put(parent, nodes) {
    for (const node of [...parent.children]) if (!nodes.includes(node)) node.remove();
    nodes.forEach((node, i) => { if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null); });
  }

  function rows(findings, make) {
    return findings.map((finding) => {
      const { key, text, message, instead, places } = finding;
      const node = part(JSON.stringify([make === row, key, text, message, instead, places.length]), () => make(finding));
      finding.next = node.finding?.next;
      node.finding = finding;
      return node;
    });
  }

  /** A heading with its rows. `tags`: of the whole and of the heading. */
  function list(mark, tags, attributes, heading, nodes) {
    const node = part(mark, () => el(tags[0], attributes, el(tags[1]), el("ul")));
    if (node.firstChild.textContent !== heading) node.firstChild.textContent = heading;
    put(node.lastChild, nodes);
    return node;
  }

  /** What the body of the panel shows. */
  function contents(own, open, gone) {
    const { KINDS } = Plans.checkRules;
    const kinds = Object.keys(KINDS).map((kind) => [kind, open.filter((finding) => finding.kind === kind)]).filter(([, found]) => found.length);
    const compared = own && part("own", meter);
    compared?.show(own);
    return [
      compared,
      ...kinds.map(([kind, found]) => list(kind, ["section", "h3"], { class: "leave-check-kind", "data-kind": kind }, `${KINDS[kind]}（${counted(found)}）`, rows(found, row))),
      gone.length && list("accepted", ["details", "summary"], { class: "leave-check-accepted" }, `已接受 ${counted(gone)} 处`, rows(gone, acceptedRow)),
      part("note", () => el("p", { class: "leave-check-note" }, "体检在这台设备上完成，文字不上传。结果供参考，不影响复制和下载。")),
    ].filter(Boolean);
  }

  function draw() {
    const { panel, findings, options } = shown;
    const keys = accepted(options);
    const open = findings.filter((finding) => !keys.has(finding.key));
    const gone = findings.filter((finding) => keys.has(finding.key));
    const [line, body] = panel.querySelectorAll(".leave-check-line, .leave-check-body");
    const topOf = (node) => node.getBoundingClientRect().top;
    const seen = [...body.querySelectorAll("li")].filter((node) => topOf(node) >= topOf(body)).map((node) => [node, topOf(node)]);
    const controls = () => [...body.querySelectorAll("button, summary")].filter((node) => !node.closest("[hidden], details:not([open]) > :not(summary)"));
    const focused = document.activeElement, at = controls().indexOf(focused);
    // the line is rewritten only when it says something else, so that it is read aloud then
    const words = summary(findings, keys);
    if (line.textContent !== words) line.textContent = words;
    put(body, contents(findings.own, open, gone));
    const [stays, top] = seen.find(([node]) => node.isConnected) ?? [];
    if (stays && body.scrollTop) body.scrollTop += topOf(stays) - top; // what is being read stays where it is
    const left = controls();
    if (at >= 0 && !left.includes(focused)) (left[Math.min(at, left.length - 1)] ?? panel.querySelector("h2")).focus({ preventScroll: true }); // what comes next takes it
    if (!options.goTo) {
      const page = textOf(options.root);
      const ranges = open.flatMap((finding) => finding.places.map((place) => [finding, place])).slice(0, MOST_MARKS)
        .map(([finding, place]) => rangeOf(place, finding.places, page)).filter(Boolean);
      paint("leave-check", ranges);
    }
    options.onchange?.(open);
  }

  function close(refocus = true) {
    if (!shown) return;
    const { panel, opener, options } = shown;
    shown = null;
    panel.remove();
    document.body.classList.remove("leave-checking");
    unpaint();
    options.onclose?.();
    if (refocus && opener?.isConnected) opener.focus();
  }

  // --- what is open is renewed when the text changes ---

  let timer = 0, turn = 0;

  /** Check the text as it is now, and show what is different. */
  async function renew() {
    const now = shown, mine = turn += 1;
    clearTimeout(timer);
    if (!now?.options.fresh) return;
    const findings = await now.options.fresh();
    if (shown !== now || turn !== mine) return; // closed, or changed again meanwhile
    if (!findings) { close(false); return; }
    now.findings = findings;
    draw();
  }

  function later() {
    clearTimeout(timer);
    if (shown?.options.fresh) timer = setTimeout(() => renew().catch((fault) => Plans.announce(`没有完成体检：${fault.message}`, "fault")), PAUSE);
  }
  Plans.profiles?.on(later);
  store.on("drafts", later);

  /** Show findings. `brief`: only the line, and the focus stays where it is. `options.fresh`: resolves to the findings in the text as it is
      then, or to null when there is no text any more. */
  function show(findings, options, brief) {
    const before = shown?.opener;
    const inside = shown?.panel.contains(document.activeElement);
    close(false);
    const title = el("h2", { id: "leave-check-title", tabIndex: -1 }, "交稿体检");
    const panel = el("div", { class: `leave-check${brief ? " leave-check-brief" : ""}`, role: "dialog", "aria-labelledby": "leave-check-title", "data-not-text": "" },
      el("div", { class: "leave-check-head" }, title,
        el("button", { type: "button", class: "leave-check-more", onclick: unfold }, "查看"),
        el("button", { type: "button", class: "leave-check-close", "aria-label": "关闭体检结果", onclick: () => close() }, "关闭")),
      el("p", { class: "leave-check-line", role: "status" }), el("div", { class: "leave-check-body" }));
    shown = { panel, findings, options, opener: inside ? before : document.activeElement, kept: new Map() };
    // a modal dialog makes all outside it inert
    (document.querySelector("dialog:modal") || document.body).append(panel);
    document.body.classList.add("leave-checking");
    draw();
    if (!brief) title.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown || event.defaultPrevented || event.isComposing) return;
    if (event.target.matches?.("[data-md-component=search-query]")) return;
    const modal = document.querySelector("dialog:modal");
    if (modal && !modal.contains(shown.panel)) return; // Escape is for what lies on top
    event.preventDefault(); // a dialog around the panel stays open
    close();
  });

  // --- the page where any text can be pasted ---

  function paste(article) {
    const profile = Plans.profiles?.current() || {};
    const unit = el("input", { type: "text", id: "check-unit", autocomplete: "off", maxlength: "60" });
    unit.value = profile.unit || "";
    const year = el("input", { type: "number", id: "check-year", min: "2001", max: "2098" });
    year.value = profile.year || Plans.data?.year || "";
    const sector = el("select", { id: "check-sector" }, el("option", { value: "" }, "自动判断"),
      Object.entries(Plans.data?.sectors || {}).map(([id, { name }]) => el("option", { value: id }, name)));
    const box = el("textarea", { id: "check-text", rows: "12", spellcheck: "false", "aria-describedby": "check-promise" });
    const view = el("div", { class: "leave-check-view", role: "region", "aria-label": "标出结果的文字", tabIndex: 0, hidden: true });
    const submit = el("button", { type: "submit" }, "开始体检");
    const marks = new Map(); // place -> mark
    let text = "", last = null;

    /** The text with its findings marked, as text nodes and marks. */
    function mark(findings) {
      const places = findings.flatMap((finding) => finding.places.map((place) => [place, finding]));
      places.sort(([a], [b]) => a.at - b.at);
      marks.clear();
      const nodes = [];
      let from = 0, node = null;
      for (const [place, finding] of places) {
        const end = place.at + place.end - place.start;
        if (place.at >= from) {
          nodes.push(text.slice(from, place.at));
          node = el("mark", { "data-kind": finding.kind, tabIndex: -1, title: [Plans.checkRules.KINDS[finding.kind], finding.message].filter(Boolean).join("：") }, text.slice(place.at, end));
          nodes.push(node);
          from = end;
        }
        marks.set(place, node); // one that lies within another is shown by that one
      }
      nodes.push(text.slice(from));
      view.replaceChildren(...nodes);
      view.hidden = false;
    }

    function goToMark(place) {
      let node = marks.get(place);
      if (!node?.isConnected) { // a sentence like the template's, or one that was accepted: selected in the box
        box.focus();
        box.setSelectionRange(place.at, place.at + place.end - place.start);
        box.scrollIntoView({ block: "center" });
        return;
      }
      goTo(node);
    }

    async function run(event) {
      event?.preventDefault();
      if (!box.value.trim()) {
        Plans.announce("请先粘贴要检查的文字。", "fault");
        box.focus();
        return;
      }
      submit.disabled = true;
      submit.textContent = "正在检查……";
      try {
        text = box.value;
        const findings = await Plans.check.text(text, { profile: { ...profile, unit: unit.value.trim(), year: year.value }, sector: sector.value || undefined });
        submit.disabled = false; // before it takes the focus back
        submit.focus();
        last = findings;
        show(findings, { key: Plans.page(), goTo: goToMark, onchange: mark }, false);
      } catch (fault) {
        Plans.announce(`没有完成体检：${fault.message}`, "fault");
      }
      submit.disabled = false;
      submit.textContent = last ? "再查一次" : "开始体检";
    }

    const clear = () => {
      close(false);
      box.value = "";
      view.hidden = true;
      view.replaceChildren();
      box.focus();
    };
    const field = (input, label) => el("p", {}, el("label", { for: input.id }, label), input);
    const form = el("form", { class: "leave-check-form", "data-not-text": "", onsubmit: run },
      field(box, "要检查的文字"),
      el("div", { class: "leave-check-options" }, field(unit, "单位全称"), field(year, "计划年度"), field(sector, "行业")),
      el("p", { class: "leave-check-buttons" }, submit, el("button", { type: "button", onclick: clear }, "清空")),
      el("p", { class: "leave-check-note", id: "check-promise" }, "文字只在这台设备上检查，不上传、不保存，关闭页面即消失。"));
    const start = article.querySelector("h1 + p") || article.querySelector("h1");
    start.after(form, view);
  }

  Plans.checkPanel = { show, close, paste };
})();
