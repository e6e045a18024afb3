/* The library page: facets with counts, a sort order, and an address that keeps them. The list itself is plain HTML. */
(() => {
  "use strict";
  const { el } = Plans;

  const LENGTHS = [["short", "1500字以内", 0, 1500], ["middle", "1500至2300字", 1500, 2300], ["long", "2300字以上", 2300, Infinity]];
  const BLANKS = [["few", "10项以内", 0, 11], ["some", "11至20项", 11, 21], ["many", "20项以上", 21, Infinity]];
  const SORTS = {
    "": ["默认顺序", null], reviewed: ["最近核对在前", (a, b) => b.dataset.reviewed.localeCompare(a.dataset.reviewed)],
    length: ["篇幅短的在前", (a, b) => a.dataset.length - b.dataset.length], blanks: ["空白少的在前", (a, b) => a.dataset.blanks - b.dataset.blanks],
    title: ["按标题", (a, b) => a.querySelector("a").textContent.localeCompare(b.querySelector("a").textContent, "zh")],
  };

  /** Put the facets before the list of an article. */
  function open(list) {
    const items = [...list.children], asked = new URLSearchParams(location.search), facts = (item) => item.querySelector(".plan-catalog-facts").textContent.split(" · ");
    const within = (ranges, number) => ranges.filter(([, , from, below]) => number >= from && number < below).map(([id]) => id);
    const words = (item, part) => item.dataset[part].split(" ").filter(Boolean);
    const names = (at) => new Map(items.map((item) => [at === 0 ? item.dataset.sector : item.dataset.kind, facts(item)[at]]));
    const themes = new Map(Object.entries(JSON.parse(list.dataset.themes)));
    const FACETS = [
      ["sector", "行业", names(0), (item) => [item.dataset.sector]], ["kind", "文种", names(1), (item) => [item.dataset.kind]],
      ["theme", "主题", themes, (item) => words(item, "theme")], ["period", "时段", new Map(Object.entries(JSON.parse(list.dataset.periods))), (item) => words(item, "period")],
      ["audience", "适用单位", new Map(items.flatMap((item) => words(item, "audience")).map((word) => [word, word])), (item) => words(item, "audience")],
      ["length", "篇幅", new Map(LENGTHS), (item) => within(LENGTHS, item.dataset.length)], ["blanks", "空白", new Map(BLANKS), (item) => within(BLANKS, item.dataset.blanks)],
    ];
    const count = el("span", { role: "status" });

    const selects = FACETS.map(([part, label, options, valuesOf]) => {
      const select = el("select", { onchange: apply });
      return { part, label, options, valuesOf, select, value: options.has(asked.get(part)) ? asked.get(part) : "" };
    });
    const sort = el("select", { onchange: apply }, Object.entries(SORTS).map(([id, [label]]) => el("option", { value: id }, label)));
    if (asked.get("sort") in SORTS) sort.value = asked.get("sort");
    const typed = el("input", { type: "search", value: asked.get("words") ?? "", placeholder: "想写什么，拼音也行", oninput: apply });
    const places = new Map(items.map((item) => [item, item.querySelector("a").getAttribute("href")]));
    let answers = null; // pages that answer what was typed, best first; null: nothing typed, or the search is not read in yet
    const answered = (item) => (answers ? answers.includes(places.get(item)) : typed.value.trim().split(/\s+/).every((word) => item.textContent.includes(word)));
    const holds = (item, but) => selects.every((each) => each === but || !each.value || each.valuesOf(item).includes(each.value)) && answered(item);
    const byAnswer = (a, b) => answers.indexOf(places.get(a)) - answers.indexOf(places.get(b));

    /** What was typed is understood as the search understands it, once that is read in. */
    const look = () => { answers = (typed.value.trim() && Plans.find.templates?.(typed.value.trim())) || null; };
    const again = () => apply();
    const read = () => Plans.load("assets/javascripts/find-engine.js").then(() => Plans.find.load(again)).catch(() => {}); // without it the words themselves are looked for

    function apply(event) {
      if (typed.value.trim()) read();
      look();
      const changed = selects.find(({ select }) => select === event?.target);
      if (changed) changed.value = changed.select.value;
      for (const each of selects) {
        const among = items.filter((item) => holds(item, each));
        each.select.replaceChildren(el("option", { value: "" }, "不限"), ...[...each.options].flatMap(([value, name]) => {
          const number = among.filter((item) => each.valuesOf(item).includes(value)).length;
          return number || value === each.value ? [el("option", { value, selected: value === each.value }, `${name}（${number}）`)] : [];
        }));
      }
      for (const item of items) item.hidden = !holds(item);
      const order = SORTS[sort.value][1] ?? (answers && byAnswer);
      list.replaceChildren(...(order ? [...items].sort(order) : items));
      const shown = items.filter((item) => !item.hidden).length;
      count.textContent = shown ? `${shown} 个模板` : "没有这样的模板，可以放宽条件，或补写一个";
      const address = new URL(location.href);
      for (const [key, value] of [...selects.map(({ part, value }) => [part, value]), ["sort", sort.value], ["words", typed.value.trim()]]) {
        if (value) address.searchParams.set(key, value);
        else address.searchParams.delete(key);
      }
      try { history.replaceState(history.state, "", address); } catch { /* some browsers keep the address of a local file as it is */ }
    }

    list.before(el("div", { class: "plan-catalog-filters", role: "group", "aria-label": "筛选" },
      selects.map(({ label, select }) => el("label", {}, label, select)), el("label", {}, "文字", typed), el("label", {}, "排序", sort),
      el("button", { type: "button", onclick: () => { for (const each of selects) each.value = ""; typed.value = ""; sort.value = ""; apply(); } }, "全部清除"), count));
    apply();
  }

  Plans.library = { open };
})();
