/* Search, as every page needs it: the link in the header, the key "/", a query in the address, and the choices on the pages that list
   templates or sections. All else is loaded on first use. */
(() => {
  "use strict";

  /** Open the search with a query. What it needs is loaded the first time; the panel tells while it waits. */
  function open(query = "") {
    Plans.load("assets/data/find-names.js").catch(() => {}); // on its way while the panel is made; the panel tells when it does not come
    return Promise.all([Plans.load("assets/javascripts/find-engine.js"), Plans.part("find", "find-panel")])
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
    const shelf = article.querySelector(".plan-shelf"), unopened = (fault) => Plans.announce(`没有打开筛选：${fault.message}。`, "fault");
    if (catalog) Plans.part("find", "library").then(() => Plans.library.open(catalog)).catch(unopened);
    if (shelf) Plans.load("assets/javascripts/shelf.js").then(() => Plans.shelf.open(shelf)).catch(unopened);
    const query = new URLSearchParams(location.search).get("q");
    if (query) open(query.slice(0, 200));
  });

  Plans.find = { open };
})();
