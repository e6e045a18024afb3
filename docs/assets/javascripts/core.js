/* The namespace of the desk and what all its parts share. Loaded first; classic script, so that it runs from file://. */
(() => {
  "use strict";

  const mounted = [];
  let region = null;

  /** Build an element. Text goes in as text nodes only, so no value can become markup. */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name in node && typeof value !== "string") node[name] = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) node.append(child);
    return node;
  }

  /** Run `start(article)` on this page and again after each change of page; once per article. */
  function mount(start) {
    mounted.push(start);
  }

  /** Say what was done, for eyes and screen readers alike. `kind`: "done" or "fault". */
  function announce(text, kind = "done") {
    // what lies beside an open dialog is neither seen nor read aloud
    const place = [...document.querySelectorAll("dialog[open]")].pop() ?? document.body;
    region ??= el("div", { class: "plans-live", role: "status", "aria-live": "polite" });
    if (region.parentNode !== place) place.append(region);
    region.dataset.kind = kind;
    region.textContent = "";
    // a changed text node is read aloud even when the words are the same as before
    requestAnimationFrame(() => { region.textContent = text; });
    clearTimeout(announce.timer);
    announce.timer = setTimeout(() => { region.textContent = ""; }, 6000);
  }

  const loads = new Map();
  /** Load a classic script or a style sheet once, by its path below the site's root. Rejects with an Error that says which. */
  function load(path) {
    if (!loads.has(path)) {
      loads.set(path, new Promise((done, fail) => {
        const node = path.endsWith(".css") ? el("link", { rel: "stylesheet", href: url(path) }) : el("script", { src: url(path) });
        node.onload = () => done();
        node.onerror = () => { loads.delete(path); node.remove(); fail(new Error(`没有读到 ${path}`)); };
        document.head.append(node);
      }));
    }
    return loads.get(path);
  }

  /** What a part is made of, by name: its style sheet and its script. Resolves when both are there, so that it is never seen without its form. */
  const part = (style, script = style) => Promise.all([load(`assets/stylesheets/${style}.css`), load(`assets/javascripts/${script}.js`)]);

  // where this script lies tells where the site's root is, over http and from a folder
  const root = new URL("../../", document.currentScript.src);
  /** Full address of a path below the site's root. */
  const url = (path) => new URL(path, root).href;
  /** This page's path below the root, e.g. "school/annual-plan.html". */
  const page = () => location.href.split(/[?#]/)[0].slice(root.href.length) || "index.html";

  /** Give the reader a file. Returns false where the browser cannot save files (some in-app browsers). */
  function save(name, content, type) {
    if (/MicroMessenger|DingTalk|QQ\/|Weibo/i.test(navigator.userAgent) || !("download" in HTMLAnchorElement.prototype)) return false;
    const blob = content instanceof Blob ? content : new Blob([content], { type });
    const link = el("a", { href: URL.createObjectURL(blob), download: name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, " ").slice(0, 80) });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    return true;
  }

  function startAll() {
    const article = document.querySelector("article.md-content__inner");
    if (!article || article.dataset.plansMounted) return;
    article.dataset.plansMounted = "yes";
    for (const start of mounted) start(article);
  }

  window.Plans = { el, mount, announce, load, part, save, url, page, data: null };
  addEventListener("DOMContentLoaded", () => {
    if (window.document$) window.document$.subscribe(startAll);
    else startAll();
  });
})();
