/* Days of observances for any year from 2000 to 2099, as macros/observance_dates.py works them out. Days are UTC midnights. */
(() => {
  "use strict";

  const FIRST = 2000, LAST = 2099;
  // month 0 and day 0 roll back, which gives the end of the month before
  const day = (year, month, date) => new Date(Date.UTC(year, month - 1, date));
  const later = (from, days) => day(from.getUTCFullYear(), from.getUTCMonth() + 1, from.getUTCDate() + days);
  const iso = (date) => date.getUTCDay() || 7;
  const monthOf = (date) => date.getUTCMonth() + 1;
  const monthDay = (year, text) => day(year, ...text.split("-").map(Number));

  /** The first and last day of an observance in `year`: {first, last, unit}; null where a notice sets them. */
  function span(id, year) {
    const item = Plans.data.observances[id];
    if (!item || !Number.isInteger(year) || year < FIRST || year > LAST) return null;
    const { rule } = item;
    const start = rule.month && day(year, rule.month, rule.day || 1);
    let first;
    switch (rule.type) {
      case "fixed":
        first = start;
        break;
      case "nth_weekday":
        first = later(start, ((rule.weekday - iso(start) + 7) % 7) + 7 * (rule.n - 1));
        break;
      case "last_weekday": {
        const end = day(year, rule.month + 1, 0);
        first = later(end, -((iso(end) - rule.weekday + 7) % 7));
        break;
      }
      case "week_containing": // weeks are counted from Monday here
        first = later(start, 1 - iso(start));
        return { first, last: later(first, 6), unit: "day" };
      case "range":
        return { first: monthDay(year, rule.start), last: monthDay(year, rule.end), unit: "day" };
      case "month":
        return { first: start, last: day(year, rule.month + 1, 0), unit: "month" };
      case "season":
        return {
          first: day(year, rule.from_month, 1), unit: "season",
          last: day(year + (rule.to_month < rule.from_month ? 1 : 0), rule.to_month + 1, 0),
        };
      default: { // lunar days and solar terms stand in a table, MMDD for each year
        const table = Plans.data.tables[id];
        if (!table) return null;
        const at = (year - FIRST) * 4;
        first = day(year, +table.slice(at, at + 2), +table.slice(at + 2, at + 4));
      }
    }
    return { first, last: first, unit: "day" };
  }

  /** `9月10日`, `4月25日至5月1日`, `6月`, `12月至次年2月`. */
  function spanText({ first, last, unit }, monthOnly) {
    const after = last.getUTCFullYear() > first.getUTCFullYear() ? "次年" : "";
    const sameMonth = !after && monthOf(first) === monthOf(last);
    const from = `${monthOf(first)}月`, to = sameMonth ? "" : `${after}${monthOf(last)}月`;
    if (monthOnly || unit !== "day") return to ? `${from}至${to}` : from;
    const start = `${from}${first.getUTCDate()}日`;
    return +first === +last ? start : `${start}至${to}${last.getUTCDate()}日`;
  }

  /** Its number in `year` (the 43rd, the 78th anniversary); null where none is printed. */
  function ordinal(id, year) {
    const rule = Plans.data.observances[id]?.ordinal;
    const number = rule ? year - rule.first + (rule.kind === "count" ? 1 : 0) : 0;
    return number > 0 ? number : null;
  }

  function ordinalText(id, year) {
    const { name, ordinal: rule } = Plans.data.observances[id];
    const number = ordinal(id, year);
    if (number === null) return name;
    return rule.kind === "anniversary" ? `${name.replace(/(?:纪念日|纪念|节)$/, "")}${number}周年` : `第${number}个${name}`;
  }

  const weekday = (date) => `星期${"日一二三四五六"[date.getUTCDay()]}`;

  /** What stands in the text for `form`: "date", "month", "ordinal" or "weekday"; null where the data cannot tell. */
  function text(id, form, year) {
    if (!Plans.data.observances[id]) return null;
    if (form === "ordinal") return ordinalText(id, year);
    const days = span(id, year);
    if (!days) return null;
    return form === "weekday" ? weekday(days.first) : spanText(days, form === "month");
  }

  /** The day that a text means (`2027年1月8日`, `2027-1-8`, `2027/1/8`, `20270108`); null if it means none. */
  function parse(written) {
    const parts = /^(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?$/.exec(written) || /^(\d{4})(\d\d)(\d\d)$/.exec(written);
    if (!parts) return null;
    const date = day(+parts[1], +parts[2], +parts[3]);
    return monthOf(date) === +parts[2] && date.getUTCDate() === +parts[3] ? date : null;
  }

  /** `2027年1月8日`, as official documents write a day. */
  const full = (date) => `${date.getUTCFullYear()}年${monthOf(date)}月${date.getUTCDate()}日`;

  /** The month that a text begins with, counted from January of the plan: `3月上旬` is 3, `次年1月` 13. NaN where there is none, or a span of months. */
  function planMonth(written) {
    const [, next, month] = /^(次年)?(1[0-2]|[1-9])月(?![至到—–-])/.exec(written) ?? [];
    return Number(month) + (next ? 12 : 0);
  }

  // in `3月至5月`, `3—5月` and `3、4月` each month counts
  const EACH_MONTH = /(次年)?(1[0-2]|[1-9])(?=(?:[至到、～~—–-](?:次年)?(?:1[0-2]|[1-9]))*月)/g;
  const planMonths = (written) => [...written.matchAll(EACH_MONTH)].map(([month]) => planMonth(`${month}月`));

  const planMonthText = (month) => `${month > 12 ? "次年" : ""}${(month - 1) % 12 + 1}月`;

  Plans.dates = { span, spanText, ordinal, text, weekday, parse, full, planMonth, planMonths, planMonthText, EACH_MONTH };
})();
