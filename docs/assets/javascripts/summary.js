/* The button that turns a plan into the frame of its year-end summary. The work is done by summary-frame.js, loaded on the first click. */
(() => {
  "use strict";

  // tasks stand under 重点任务 or, on one page of key points, are sections of a theme themselves
  const TASK = "#tasks .plan-section, .md-content__inner > .plan-section[data-theme]:not([data-theme=guidance])";

  /** Make the frame of `doc`, open it as a draft. False, with the reason told, when there is none. */
  const start = (doc) => Plans.load("assets/javascripts/summary-frame.js")
    .then(() => Plans.summaryFrame.start(doc)).catch((fault) => { Plans.announce(`没有生成总结框架：${fault.message}。`, "fault"); return false; });

  Plans.mount((article) => {
    const kind = Plans.data?.templates?.[Plans.page()]?.kind;
    if (kind === "event-summary" || !article.querySelector(TASK)) return; // it looks back already
    Plans.tools?.add("生成总结框架", () => start(Plans.document.fromArticle(article)), { id: "summary", title: "按本计划的任务逐项列出完成情况、数据和未完成原因", order: 50 });
  });

  Plans.summary = { start };
})();
