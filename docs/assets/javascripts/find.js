/* Search, as every page needs it: the link in the header, the key "/", a query in the address, and the facets of the library page. All else is loaded on first use. */
(() => {
  "use strict";

  /** Open the search with a query. What it needs is loaded the first time; the panel tells while it waits. */
  function open(query = "") {
    return Plans.load("assets/javascripts/find-engine.js").then(() => Plans.load("assets/javascripts/find-panel.js"))
      .then(() => Plans.find.panel(query)).catch((fault) => Plans.announce(`没有打开搜索：${fault.message}。`, "fault"));
  }

  const typing = (target) => target.isContentEditable || target.matches?.("input, textarea, select");
  addEventListener("keydown", (event) => {
    const slash = event.key === "/" && !typing(event.target), k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if ((!slash && !k) || (slash && (event.ctrlKey || event.metaKey || event.altKey)) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });

  addEventListener("click", (event) => {
    const link = event.target.closest?.(".plan-find-open");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.query);
  });

  Plans.mount((article) => {
    const catalog = article.querySelector(".plan-catalog[data-filled]");
    if (catalog) Plans.load("assets/javascripts/library.js").then(() => Plans.library.open(catalog)).catch((fault) => Plans.announce(`没有打开筛选：${fault.message}。`, "fault"));
    const query = new URLSearchParams(location.search).get("q");
    if (query) open(query.slice(0, 200));
  });

  Plans.find = { open };
})();
