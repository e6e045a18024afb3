/* Copying: with layout or as plain text, a section or the whole. Two ways are tried, then the text is shown for copying by hand (copy-box.js);
   what came of it is always said. */
(() => {
  "use strict";
  const { el } = Plans;

  const tools = []; // what each heading offers: {label, act, title, order}
  const menus = []; // {section, menu, name: id of the heading's text}

  // --- the clipboard ---

  /** The copy event: works over http, https and from a folder, without asking the reader. Needs a click just before. */
  function byEvent({ html, text }) {
    let taken = false;
    const put = (event) => {
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
      event.preventDefault();
      event.stopImmediatePropagation();
      taken = true;
    };
    // some browsers send the event only when something is selected
    const selection = getSelection();
    const before = Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index));
    const mark = el("span", { class: "plans-copy-mark" }, "\u00a0");
    document.body.append(mark);
    document.addEventListener("copy", put, true);
    try {
      selection.selectAllChildren(mark);
      return document.execCommand("copy") && taken;
    } catch {
      return false;
    } finally {
      document.removeEventListener("copy", put, true);
      selection.removeAllRanges();
      before.forEach((range) => selection.addRange(range));
      mark.remove();
    }
  }

  async function byClipboard({ html, text }) {
    try {
      if (!html) await navigator.clipboard.writeText(text);
      else {
        const part = (content, type) => new Blob([content], { type });
        await navigator.clipboard.write([new ClipboardItem({ "text/html": part(html, "text/html"), "text/plain": part(text, "text/plain") })]);
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Put `text`, and `html` if given, on the clipboard. `what` names it for the reader. True when it is there. */
  async function write(content, what = "文字") {
    const done = byEvent(content) || await byClipboard(content);
    if (done) Plans.announce(`已复制${what}。`);
    else await Plans.part("copy-box").then(() => Plans.copyBox.show(content, what)).catch((fault) => Plans.announce(`没有复制${what}：${fault.message}。`, "fault"));
    return done;
  }

  // --- what is copied ---

  const blanks = (blocks) => blocks.flatMap((block) => (block.type === "table" ? [block.head, ...block.rows].flat(2) : block.runs)).filter((run) => run.e).length;
  const left = (count) => (count ? `，其中${count}处空白未填` : "");

  function copySection(section, rich) {
    const texts = Plans.document;
    const sections = texts.fromSection(section);
    const numbers = texts.shownNumbers(section);
    return write({ html: rich && texts.sectionsToHtml(sections, numbers), text: texts.sectionsToText(sections, numbers) },
      `“${sections[0].heading}”（${rich ? "带格式" : "纯文本"}）${left(blanks(sections.flatMap((each) => each.blocks)))}`);
  }

  /** Copy a whole text. `rich`: with layout. */
  function copyDocument(doc, rich) {
    const count = blanks([...doc.intro, ...doc.sections.flatMap((each) => each.blocks)]);
    return write({ html: rich && Plans.document.toHtml(doc), text: Plans.document.toText(doc) }, `全文（${rich ? "带格式" : "纯文本"}）${left(count)}`);
  }

  /** Do what a button is for; what goes wrong is said. */
  async function told(label, act) {
    try { await act(); } catch (fault) { Plans.announce(`“${label}”没有完成：${fault.message}。`, "fault"); }
  }

  // --- buttons beside the headings ---

  function addButton({ section, menu, name }, tool) {
    const id = `${name}-${tools.indexOf(tool)}`;
    // the button's name says which section is meant, however its words are filled
    const act = () => { close(menu, true); told(tool.label, () => tool.act(section)); };
    const button = el("button", { type: "button", id, title: tool.title, "aria-labelledby": `${id} ${name}`, onclick: act }, tool.label);
    button.dataset.order = tool.order;
    menu.insertBefore(button, [...menu.children].find((other) => Number(other.dataset.order) > tool.order) || null);
  }

  /** Offer `act(section)` beside every heading. */
  function sectionTool(label, act, { title = null, order = 50 } = {}) {
    const tool = { label, act, title, order };
    tools.push(tool);
    menus.forEach((entry) => addButton(entry, tool));
  }

  /** On narrow screens the buttons stand in a small menu that one button opens. */
  function close(menu, refocus) {
    const toggle = menu.previousElementSibling;
    if (toggle.getAttribute("aria-expanded") !== "true") return;
    toggle.setAttribute("aria-expanded", "false");
    if (refocus) toggle.focus();
  }

  function addTools(section, index) {
    const heading = section.querySelector(":scope > h2, :scope > h3");
    if (!heading) return;
    const name = `plan-heading-${index}`;
    const link = heading.querySelector(":scope > .headerlink");
    // the heading is announced by its own words, without the buttons
    const words = el("span", { id: name }, [...heading.childNodes].filter((node) => node !== link));
    const menu = el("span", { class: "plan-section-menu", id: `${name}-menu` });
    const toggle = el("button", {
      type: "button", class: "plan-section-toggle", id: `${name}-toggle`, "aria-expanded": "false", "aria-controls": menu.id, "aria-labelledby": `${name}-toggle ${name}`,
      onclick: () => toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true")),
    }, "复制");
    heading.prepend(words);
    words.after(el("span", {
      class: "plan-section-tools",
      onkeydown: (event) => { if (event.key === "Escape") close(menu, true); },
      onfocusout: (event) => { if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) close(menu); },
    }, toggle, menu));
    heading.setAttribute("aria-labelledby", name);
    const entry = { section, menu, name };
    menus.push(entry);
    tools.forEach((tool) => addButton(entry, tool));
  }

  addEventListener("click", (event) => menus.forEach(({ menu }) => { if (!menu.parentNode.contains(event.target)) close(menu); }));

  sectionTool("带格式", (section) => copySection(section, true), { title: "复制本节，粘贴到 Word、WPS 时保留字体、缩进和表格", order: 10 });
  sectionTool("纯文本", (section) => copySection(section, false), { title: "复制本节的文字和序号，不带格式", order: 20 });

  Plans.mount((article) => {
    menus.length = 0;
    const sections = article.querySelectorAll("section.plan-section");
    if (!sections.length) return;
    sections.forEach(addTools);
    const whole = (label, rich, title, order) => Plans.tools?.add(
      label, () => told(label, () => copyDocument(Plans.document.fromArticle(article), rich)), { id: rich ? "copy-rich" : "copy-plain", title, order });
    whole("复制全文（带格式）", true, "粘贴到 Word、WPS 时保留字体、缩进和表格", 32);
    whole("复制全文（纯文本）", false, "只有文字和序号", 33);
  });

  Plans.copy = { write, section: copySection, document: copyDocument, sectionTool };
})();
