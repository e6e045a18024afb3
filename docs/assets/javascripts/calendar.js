/* The button that gives the table 月度安排 as a calendar file, done by calendar-file.js on the first click; on the calendar page, union-year.js. */
(() => {
  "use strict";

  const download = (article) => Plans.load("assets/javascripts/calendar-file.js")
    .then(() => Plans.calendarFile.download(article)).catch((fault) => Plans.announce(`没有生成日历文件：${fault.message}。`, "fault"));

  Plans.mount((article) => {
    if (article.querySelector("[data-day]")) {
      Promise.all(["assets/data/desk-all.js", "assets/javascripts/calendar-file.js"].map(Plans.load)).then(() => Plans.load("assets/javascripts/union-year.js"))
        .then(() => Plans.unionYear.open(article)).catch((fault) => Plans.announce(`不能换年度：${fault.message}。`, "fault"));
      return;
    }
    if (![...article.querySelectorAll(".plan-section th")].some((cell) => cell.textContent.trim() === "月份")) return;
    Plans.tools?.add("下载日历文件", () => download(article), { id: "calendar", title: "把月度安排存为 .ics 文件，可导入手机和电脑的日历", order: 60 });
  });
})();
