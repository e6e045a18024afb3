/* From a plan the frame of its year-end summary: every task with blanks for what was done, the figures and what was not done.
   Loaded by summary.js on the first click. */
(() => {
  "use strict";

  // parts of a text that look back or ahead; what stands in them is no task of this plan
  const NO_TASKS = ["overview", "review", "done", "remaining", "highlights", "shortcomings", "next-steps", "schedule", "safeguards"];
  const text = (t) => ({ t });
  const blank = (label, id) => ({ t: `【${label}】`, e: true, ...(id && { f: id }) });
  const p = (...runs) => ({ type: "p", runs });

  /** The sections that state tasks: what stands under 重点任务, and every section of a theme outside the parts that look back. */
  function tasks(doc) {
    let parent = null;
    return doc.sections.filter((each, index) => {
      if (each.level === 2) parent = each;
      if (NO_TASKS.includes((each.level === 3 && parent || each).id) || each.theme === "guidance" || each.id === "tasks") return false;
      if (each.level === 2) {
        const next = doc.sections[index + 1];
        return Boolean(each.theme) && !(next && next.level === 3 && next.theme);
      }
      return Boolean(each.theme) || (parent !== null && parent.id === "tasks");
    });
  }

  /** What was planned, in few words: the first sentence of a measure, with its blanks as they are. */
  function firstSentence(runs) {
    const first = [];
    for (const run of runs) {
      const [before, rest] = run.t.split(/。|（(?:责任|依据)：/, 2);
      if (before) first.push({ ...run, t: before });
      if (rest !== undefined) break;
    }
    return first;
  }

  const asked = () => [text("完成情况："), blank("完成情况"), text("。数据："), blank("数据"), text("。未完成原因："), blank("未完成原因")];

  function taskBlocks(task) {
    const proofOf = (block) => Plans.document.textOf(block.runs ?? []).match(/依据：([^；）]+)/);
    // a measure that stands alone is a paragraph, known by its proof
    const measures = task.blocks.filter((block) => block.type === "li" || (block.type === "p" && proofOf(block)));
    if (!measures.length) return [p(...asked(), text("。"))];
    return measures.map((block, index) => {
      const proof = proofOf(block);
      return { ...(measures.length > 1 ? { type: "li", n: index + 1 } : { type: "p" }), runs: [text("计划："), ...firstSentence(block.runs), text("。"), ...asked(), text(proof ? `。（依据：${proof[1]}）` : "。")] };
    });
  }

  /** The table of goals with a column for what was reached. */
  function goals(doc) {
    const table = doc.sections.filter((each) => each.id === "targets").flatMap((each) => each.blocks).find((block) => block.type === "table");
    if (!table) return [];
    const put = (cells, cell) => [...cells.slice(0, 2), [cell], ...cells.slice(2)];
    return [{ type: "table", head: table.head.length ? put(table.head, text("完成情况")) : [], rows: table.rows.map((cells) => put(cells, blank("完成情况"))) }];
  }

  function title(doc) {
    // 2026年工作总结和2027年工作计划 is the plan of 2027; 2027年上半年工作总结和下半年工作计划 that of 2027's second half
    const plan = doc.title.replace(/(\d{4}年)?(?:上半年)?工作总结和(\d{4}年)?/, (_, before, after) => after || before || "");
    return /(计划|要点|方案|安排)$/.test(plan) ? plan.replace(/(?:工作)?(计划|要点|安排)$/, "工作总结").replace(/方案$/, "总结") : `${plan}工作总结`;
  }

  /** The summary's frame as a Doc, in the order of a summary; null where the text states no task. */
  function make(doc) {
    const found = tasks(doc);
    if (!found.length) return null;
    // the frame speaks for the same unit as the tasks do
    const { from } = found[0];
    const section = (level, heading, id, blocks = []) => ({ level, heading, theme: null, id, from, blocks });
    return {
      title: title(doc),
      intro: [p(text("现对照年初计划，将完成情况总结如下。文中数据统计至"), blank("统计截止日期"), text("。"))],
      sections: [
        section(2, "总体情况", "overview", [
          p(text("现有职工"), blank("职工人数", "staff-count"), text("名，会员"), blank("会员人数", "member-count"),
            text(`名。计划安排任务${found.length}项，完成`), blank("完成项数"), text("项，未完成"), blank("未完成项数"), text("项。")),
          ...goals(doc)]),
        section(2, "工作完成情况", "review"),
        ...found.map((task) => ({ ...task, level: 3, blocks: taskBlocks(task) })),
        section(2, "特色做法", "highlights", [
          p(text("本年的特色做法是"), blank("特色项目名称", "feature-project"), text("。实施前后的变化是："), blank("特色项目成效", "feature-result"), text("。"))]),
        section(2, "存在不足", "shortcomings", [
          { type: "li", n: 1, runs: [text("会员反映最集中的问题是"), blank("主要不足", "main-shortcoming"), text("，原因是"), blank("不足原因", "shortcoming-cause"), text("。")] },
          { type: "li", n: 2, runs: [text("没有完成的事项是"), blank("未完成事项", "unfinished-item"), text("，原因是"), blank("未完成原因", "unfinished-reason"), text("。")] }]),
        section(2, "下一步打算", "next-steps", [
          { type: "li", n: 1, runs: [text("针对"), blank("主要不足", "main-shortcoming"), text("，由"), blank("责任人"), text("在"), blank("完成时限"), text("前"), blank("改进措施"), text("。")] },
          { type: "li", n: 2, runs: [text("未完成事项由"), blank("责任人"), text("在"), blank("完成时限"), text("前办结。")] }]),
      ],
      unit: doc.unit, date: "【成文日期】",
    };
  }

  /** Make the frame and open it as a draft of its own; without drafts it is copied. */
  async function start(doc) {
    const summary = make(doc);
    if (!summary) {
      Plans.announce("文中没有可以转为总结的任务。", "fault");
      return false;
    }
    if (!Plans.draft) return Plans.copy.document(summary, true);
    await Plans.load("assets/data/desk-all.js");
    await Plans.load("assets/javascripts/draft-model.js");
    const { index, create, save, remove, add } = Plans.draft.model;
    const names = index().list.map((entry) => entry.name);
    const wish = summary.title.slice(0, 60);
    let name = wish;
    for (let n = 2; names.includes(name); n += 1) name = `${wish} ${n}`;
    const { draft } = save(create(name)); // the draft in hand from now on
    if (!add(summary.sections, summary)) {
      remove(draft.id);
      return false;
    }
    location.assign(Plans.url("draft.html"));
    return true;
  }

  Plans.summaryFrame = { make, start };
})();
