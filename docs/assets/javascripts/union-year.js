/* The calendar page for any year and sector, and the whole of it as a calendar file. Loaded by calendar.js on that page only. */
(() => {
  "use strict";
  const { el, dates } = Plans;

  function open(article) {
    const [first, last] = Plans.data.years;
    const bodies = new Map([...article.querySelectorAll("table")].map((table) => [table.closest("[aria-label]").getAttribute("aria-label"), table.tBodies[0]]));
    const rows = [...article.querySelectorAll("[data-day]")].map((node) => {
      const row = node.closest("tr");
      return { row, id: node.dataset.day, name: node.textContent, sectors: node.dataset.sectors.split(" "), cells: [...row.cells] };
    });
    const note = article.querySelector(".plan-year-note");
    const count = el("span", { role: "status" });
    const year = el("input", { type: "number", min: String(first), max: String(last), value: String(Plans.profiles?.current().year || Plans.data.year), onchange: draw });
    const sector = el("select", { "aria-label": "行业", onchange: draw }, el("option", { value: "" }, "全部"),
      Object.entries(Plans.data.sectors).map(([id, { name }]) => el("option", { value: id }, name)));

    const wanted = () => Number(year.value);
    const fits = ({ sectors }) => !sector.value || sectors.includes("all") || sectors.includes(sector.value);

    function text(span) {
      const day = dates.spanText(span);
      return span.unit === "day" && +span.first === +span.last ? `${day}（${dates.weekday(span.first)}）` : day;
    }

    function ordinal(id) {
      const number = dates.ordinal(id, wanted());
      if (number === null) return "";
      return Plans.data.observances[id].ordinal.kind === "count" ? `第${number}个` : `${number}周年`;
    }

    function draw() {
      if (!(wanted() >= first && wanted() <= last)) {
        Plans.announce(`年度应为${first}—${last}之间的四位数字。`, "fault");
        return;
      }
      const spans = new Map(rows.map((one) => [one, dates.span(one.id, wanted())]));
      for (const one of [...rows].sort((a, b) => (spans.get(a)?.first ?? 0) - (spans.get(b)?.first ?? 0))) {
        const span = spans.get(one);
        one.row.hidden = !fits(one);
        one.cells[2].textContent = ordinal(one.id);
        if (!span) continue;
        one.cells[0].textContent = text(span);
        bodies.get(`${span.first.getUTCMonth() + 1}月`)?.append(one.row);
      }
      note.textContent = `以下日期按${wanted()}年推算；调休安排以国务院办公厅当年通知为准。`;
      count.textContent = `${rows.filter(fits).length} 项`;
    }

    /** All that is shown and has days, as all-day events. */
    function download() {
      const events = rows.filter(fits).flatMap((one) => {
        const span = dates.span(one.id, wanted());
        if (!span) return [];
        const about = [one.cells[2].textContent, one.cells[3].textContent, one.cells[5].textContent].filter(Boolean).join("；");
        return [{ name: one.name, note: about, first: span.first, end: new Date(+span.last + 86400000) }];
      });
      const title = `${wanted()}年工会日历${sector.value ? `（${sector.selectedOptions[0].textContent}）` : ""}`;
      if (Plans.save(`${title}.ics`, Plans.calendarFile.toIcs(events, title, Plans.page()), "text/calendar;charset=utf-8")) {
        Plans.announce(`已生成日历文件，共${events.length}项，用手机或电脑的日历打开即可导入。`);
      } else Plans.announce("此应用不能保存文件，请用系统浏览器打开本页再下载日历文件。", "fault");
    }

    note.before(el("div", { class: "plan-shelf-filters", role: "group", "aria-label": "年度和行业" }, el("label", {}, "年度", year), el("label", {}, "行业", sector), count,
      el("button", { type: "button", id: "union-year-file", onclick: download }, "下载日历文件")));
    draw();
  }

  Plans.unionYear = { open };
})();
