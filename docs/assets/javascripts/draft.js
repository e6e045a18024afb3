/* Drafts, as every page needs them: the buttons that take sections in and the count. All else is loaded on first use:
   draft-model.js (what is kept) and, on the draft page, draft-table.js and draft-page.js with draft.css. */
(() => {
  "use strict";
  const { el, store } = Plans;

  /** The model of drafts, loaded once. */
  // a draft has text of other pages, and needs their data too
  const model = () => Plans.load("assets/data/desk-all.js").then(() => Plans.load("assets/javascripts/draft-model.js")).then(() => Plans.draft.model);
  const lost = (fault) => { Plans.announce(`${fault.message}，请刷新页面再试。`, "fault"); return false; };

  /** Put sections into the draft in hand. `page`: the page they come from, as a Doc or what is known of it. Resolves to whether it is done. */
  const add = (sections, page) => model().then(({ add: put }) => put(sections, page)).catch(lost);

  /** Resolves to the draft in hand as a Doc with the profile's present values; null when there is none. */
  const current = () => model().then(({ index, load, toDoc }) => {
    const draft = load(index().current ?? "");
    return draft && toDoc(draft);
  });

  let article = null;
  Plans.copy?.sectionTool?.("加入草稿", (section) => {
    // the title of a page that shows sections of many plans is no title of a plan
    add(Plans.document.fromSection(section), article.querySelector(".plan-shelf") ? {} : Plans.document.fromArticle(article));
  }, { title: "把本节加到草稿的相应位置", order: 30 });

  function count() {
    const kept = store.get("drafts");
    const entry = Array.isArray(kept?.list) && kept.list.find((item) => item?.id === kept.current);
    return Number.isInteger(entry?.n) ? entry.n : 0;
  }

  let link = null;
  function update() {
    if (!link) return;
    link.textContent = `草稿 ${count()}`;
    link.title = `打开“我的草稿”，现有${count()}节`;
  }
  store.on("drafts", update);

  Plans.mount((page) => {
    article = page;
    link = null;
    if (Plans.page() === "draft.html") {
      model().then(() => Plans.load("assets/javascripts/draft-table.js")).then(() => Plans.part("draft", "draft-page")).then(() => Plans.draft.open(page)).catch(lost);
      return;
    }
    if (!page.querySelector("section.plan-section")) return;
    const whole = Plans.tools?.add?.("整篇加入草稿", () => {
      model().then(({ addWhole }) => addWhole(Plans.document.fromArticle(page))).catch(lost);
    }, { title: "把全部章节加到草稿", id: "draft-add", order: 5 });
    if (!whole) return;
    link = el("a", { href: Plans.url("draft.html"), class: "plan-draft-link" });
    update();
    whole.after(link);
  });

  Plans.draft = { add, current };
})();
