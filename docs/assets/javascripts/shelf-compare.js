/* Two sections side by side, what differs marked. Loaded by shelf.js on the first comparison. */
(() => {
  "use strict";
  const { el } = Plans;
  const MAX = 4000; // characters of one text: the table of the comparison grows with the product

  /** The characters of `a` and of `b` that belong to their longest common subsequence. */
  function common(a, b) {
    const width = b.length + 1;
    const best = new Uint16Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i -= 1) {
      for (let j = b.length - 1; j >= 0; j -= 1) {
        best[i * width + j] = a[i] === b[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    const [inA, inB] = [new Set(), new Set()];
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i] === b[j]) { inA.add(i); inB.add(j); i += 1; j += 1; }
      else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i += 1;
      else j += 1;
    }
    return [inA, inB];
  }

  /** Stretches of text: [words, differs]. Single characters in common between differences say nothing. */
  function stretches(text, same) {
    const parts = [];
    for (let i = 0; i < text.length; i += 1) {
      const differs = !same.has(i);
      const last = parts[parts.length - 1];
      if (last && last[1] === differs) last[0] += text[i];
      else parts.push([text[i], differs]);
    }
    const joined = [];
    parts.forEach(([words, differs], i) => {
      const alone = !differs && words.length < 3 && i > 0 && i < parts.length - 1;
      const last = joined[joined.length - 1];
      if (last && last[1] === (differs || alone)) last[0] += words;
      else joined.push([words, differs || alone]);
    });
    return joined;
  }

  const textOf = (entry) => Plans.document.sectionsToText(Plans.document.fromSection(entry), Plans.document.shownNumbers(entry)).slice(0, MAX);

  function column(entry, text, same) {
    const lines = [[]];
    for (const [words, differs] of stretches(text, same)) {
      words.split("\n").forEach((part, i) => {
        if (i) lines.push([]);
        if (part) lines[lines.length - 1].push(differs ? el("mark", {}, part) : part);
      });
    }
    const from = entry.querySelector(".plan-shelf-from");
    return el("section", {}, el("h3", {}, from.querySelector("a").textContent), el("p", { class: "plan-compare-from" }, from.firstChild.data.split("，")[0]), lines.filter((line) => line.length).map((line) => el("p", {}, line)));
  }

  function show(one, other) {
    const [a, b] = [textOf(one), textOf(other)];
    const [inA, inB] = common(a, b);
    const share = Math.round((100 * 2 * inA.size) / (a.length + b.length || 1));
    const dialog = el("dialog", { class: "plan-compare md-typeset", "aria-labelledby": "plan-compare-title", "data-not-text": true, onclose: () => dialog.remove() },
      el("div", { class: "plan-compare-head" }, el("h2", { id: "plan-compare-title" }, "两段对照"), el("p", {}, `相同的字约占 ${share}%，不同之处加底色。`),
        el("button", { type: "button", onclick: () => dialog.close() }, "关闭")),
      el("div", { class: "plan-compare-columns", tabIndex: 0, role: "region", "aria-label": "对照的文字" }, column(one, a, inA), column(other, b, inB)));
    Plans.announce(""); // what was said of the first section is done
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  Plans.shelfCompare = { show, common, stretches };
})();
