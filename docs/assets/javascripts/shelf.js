/* The theme pages: filters by sector and kind, and two sections side by side. Loaded by find.js on those pages only, the comparison on the first click. */
(() => {
  "use strict";
  const { el } = Plans;
  const ALL = "";

  function open(shelf) {
    const entries = [...shelf.querySelectorAll(":scope > .plan-section")];
    const count = el("span", { role: "status" });
    const asked = new URLSearchParams(location.search);
    const names = { sector: 0, kind: 1 };
    const nameOf = (entry, part) => entry.querySelector(".plan-shelf-from").firstChild.data.split("，")[0].split(" · ")[names[part]];

    /** A choice among what there is; the address keeps it. */
    function filter(part, label) {
      const options = new Map(entries.map((entry) => [entry.dataset[part], nameOf(entry, part)]));
      const select = el("select", { "aria-label": label, onchange: apply }, el("option", { value: ALL }, "全部"), [...options].map(([value, name]) => el("option", { value }, name)));
      if (options.has(asked.get(part))) select.value = asked.get(part);
      return { part, select, label: el("label", {}, label, select) };
    }
    const filters = [filter("sector", "行业"), filter("kind", "文种")];

    function apply() {
      for (const entry of entries) entry.hidden = filters.some(({ part, select }) => select.value && entry.dataset[part] !== select.value);
      const shown = entries.filter((entry) => !entry.hidden).length;
      count.textContent = shown ? `${shown} 段` : "没有这样的段落，欢迎补写";
      const query = filters.filter(({ select }) => select.value).map(({ part, select }) => `${part}=${select.value}`).join("&");
      history.replaceState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
    }

    let first = null;
    const compare = (entry, button) => {
      if (!first) {
        first = { entry, button };
        button.setAttribute("aria-pressed", "true");
        Plans.announce("已选第一段，请在另一段点“对照”。");
        return;
      }
      const [one, other] = [first, { entry, button }];
      first = null;
      one.button.setAttribute("aria-pressed", "false");
      if (one.entry === other.entry) return;
      Plans.part("shelf-compare").then(() => Plans.shelfCompare.show(one.entry, other.entry))
        .catch((fault) => Plans.announce(`没有完成对照：${fault.message}。`, "fault"));
    };
    for (const entry of entries) {
      const button = el("button", { type: "button", "aria-pressed": "false", onclick: () => compare(entry, button) }, "对照");
      entry.querySelector(".plan-shelf-from").append(" ", button);
    }
    shelf.before(el("div", { class: "plan-shelf-filters", role: "group", "aria-label": "筛选" }, filters.map(({ label }) => label), count));
    apply();
  }

  Plans.shelf = { open };
})();
