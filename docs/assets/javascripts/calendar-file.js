/* The table 月度安排 as a calendar file (RFC 5545) that phones and office calendars take. Loaded by calendar.js on the first click. */
(() => {
  "use strict";

  const DATE = /(\d+)月(\d+)日(?:至(次年)?(?:(\d+)月)?(\d+)日)?/;
  const CIRCLED = /^[①-⑨]/;
  const clean = (cell) => Plans.document.textOf(cell).trim();
  const split = (cell) => clean(cell).split("；").map((part) => part.trim()).filter((part) => part && part !== "—");

  /** The table 月度安排 of a Doc, or undefined. */
  const schedule = (doc) => doc.sections.flatMap((section) => section.blocks)
    .find((block) => block.type === "table" && block.head.length === 3 && clean(block.head[0]) === "月份" && clean(block.head[2]) === "时间节点");

  /** Days of a mark such as 职业病防治法宣传周（4月25日至5月1日）in `year`: [first, day after the last], or null. */
  function days(mark, year) {
    const found = mark.match(DATE);
    if (!found) return null;
    const [month, day, next, lastMonth, lastDay] = [found[1], found[2], found[3] ? 1 : 0, found[4], found[5]];
    const last = lastDay ? [year + next, (lastMonth || month) - 1, Number(lastDay) + 1] : [year, month - 1, Number(day) + 1];
    return [new Date(Date.UTC(year, month - 1, day)), new Date(Date.UTC(...last))];
  }

  /** Events of the schedule: {name, note, first, end}; `end` is the day after the last, as calendars want it. */
  function events(table, planYear) {
    return table.rows.flatMap((cells) => {
      const label = clean(cells[0]).match(/^(次年)?(\d+)月$/);
      if (!label) return [];
      const year = planYear + (label[1] ? 1 : 0);
      const month = Number(label[2]);
      const whole = [new Date(Date.UTC(year, month - 1, 1)), new Date(Date.UTC(year, month, 1))];
      // where a month has several works, ①②③ say which of them a mark belongs to
      const numbered = (text) => ({ number: (text.match(CIRCLED) || [""])[0], text: text.replace(CIRCLED, "") });
      const marks = split(cells[2]).map(numbered);
      const works = split(cells[1]).map(numbered);
      return works.map(({ number, text }) => {
        const mark = marks.find((one) => (number ? one.number === number : works.length === 1));
        const [first, end] = (mark && days(mark.text, year)) || whole;
        return { name: text, note: mark ? mark.text : "", first, end };
      });
    });
  }

  const escape = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n").replace(/[\u0000-\u001f\u007f]/g, "");

  /** A line of at most 75 bytes; what is more goes on lines that begin with a space. No character is cut in two. */
  function fold(line) {
    const encoder = new TextEncoder();
    let folded = "";
    let room = 75;
    for (const character of line) {
      const size = encoder.encode(character).length;
      if (size > room) { folded += "\r\n "; room = 74; }
      folded += character;
      room -= size;
    }
    return folded;
  }

  /** The same text gives the same number, so that a calendar replaces an event instead of adding it again. */
  function hash(text) {
    let [a, b] = [0x811c9dc5, 0x9e3779b9];
    for (const character of text) {
      a = Math.imul(a ^ character.codePointAt(0), 0x01000193);
      b = Math.imul(b ^ character.codePointAt(0), 0x85ebca6b) + a;
    }
    return [a, b].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
  }

  const dateOf = (day) => day.toISOString().slice(0, 10).replace(/-/g, "");

  /** The calendar file's text. `source` makes the events' ids its own, e.g. the page's path. */
  function toIcs(list, title, source, now = new Date()) {
    const stamp = `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    const seen = new Map();
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//union-plans//schedule//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", `X-WR-CALNAME:${escape(title)}`];
    for (const { name, note, first, end } of list) {
      const key = `${dateOf(first)}-${hash(`${source}\n${name}`)}`;
      seen.set(key, (seen.get(key) || 0) + 1);
      lines.push("BEGIN:VEVENT", `UID:${key}${seen.get(key) > 1 ? `-${seen.get(key)}` : ""}@union-plans`, `DTSTAMP:${stamp}`, `DTSTART;VALUE=DATE:${dateOf(first)}`,
        `DTEND;VALUE=DATE:${dateOf(end)}`, `SUMMARY:${escape(name)}`, ...(note ? [`DESCRIPTION:${escape(note)}`] : []), "TRANSP:TRANSPARENT", "END:VEVENT");
    }
    return `${[...lines, "END:VCALENDAR"].map(fold).join("\r\n")}\r\n`;
  }

  /** The year of the page's plan: the typed one, shifted for kinds that look back. */
  function yearOf() {
    const year = Number(Plans.profiles?.current?.()?.year || Plans.data?.year);
    return year + (Plans.data?.templates?.[Plans.page()]?.year_offset || 0);
  }

  function download(article) {
    const doc = Plans.document.fromArticle(article);
    const year = yearOf() || Number(article.querySelector("[data-fill=year]:not([data-offset])")?.textContent);
    const list = year ? events(schedule(doc), year) : [];
    if (!list.length) return Plans.announce("没有读到月度安排的年份，未生成日历文件。", "fault");
    if (Plans.save(`${doc.title} 月度安排.ics`, toIcs(list, `${doc.title} 月度安排`, Plans.page()), "text/calendar;charset=utf-8")) {
      return Plans.announce(`已生成${year}年日历文件，共${list.length}项，用手机或电脑的日历打开即可导入。`);
    }
    Plans.announce("此应用不能保存文件，请用系统浏览器打开本页再下载日历文件。", "fault");
    return undefined;
  }

  Plans.calendarFile = { schedule, events, toIcs, fold, download };
})();
