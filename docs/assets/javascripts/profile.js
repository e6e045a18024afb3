/* What readers fill in: named profiles kept on the device, and the text that each place in a template takes from them. */
(() => {
  "use strict";

  const KEY = "profiles", FIRST_NAME = "默认", MAX_NAME = 40, MAX_UNIT = 60;
  const data = Plans.data;
  // the part of the data that this page's text needs
  const own = document.getElementById("plans-page");
  if (own) Object.assign(data, JSON.parse(own.textContent));

  /** One line of visible text: no line ends, control characters, marks that turn the writing round, or halves of characters. */
  function line(value) {
    const text = typeof value === "string" ? value : "";
    // zero-width joiners stay: they hold emoji together
    return (text.toWellFormed ? text.toWellFormed() : text)
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
      .replace(/[\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g, "").trim();
  }

  const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  // Object.fromEntries defines keys, so that "__proto__" is a key like any other
  const lines = (map, make = line) => Object.fromEntries(Object.entries(isMap(map) ? map : {}).map(([k, v]) => [k, make(v)])
    .filter(([, v]) => (typeof v === "string" ? v : Object.keys(v).length)));
  const blank = (name = FIRST_NAME) => ({ name, unit: "", year: "", words: {}, fields: {} });
  /** A profile of just the parts it has, each of the right type. `year` is text, as it was typed. */
  const tidy = (raw) => ({
    name: line(raw.name).slice(0, MAX_NAME), unit: line(raw.unit), year: line(String(raw.year ?? "")),
    words: lines(raw.words, (words) => lines(words)), fields: lines(raw.fields),
  });
  const isTexts = (map) => isMap(map) && Object.values(map).every((text) => typeof text === "string");
  /** Whether something read from elsewhere is a profile; parts may be missing. */
  const sound = ({ name, unit = "", year = "", words = {}, fields = {} }) => typeof name === "string" && line(name) !== "" && typeof unit === "string"
    && ["string", "number"].includes(typeof year) && isTexts(fields) && isMap(words) && Object.values(words).every(isTexts);
  const allSound = (list) => Array.isArray(list) && list.length > 0 && list.every((raw) => isMap(raw) && sound(raw));

  let state = null; // {current: name, list: profile[]}
  let kept = true;
  let seen = {}; // the copy of a profile that others get, until the profile changes
  const listeners = new Set();

  /** Read what is kept. What is not of our shape is set aside and told, never dropped. */
  function read() {
    const raw = Plans.store.get(KEY);
    if (raw === null) return { current: FIRST_NAME, list: [blank()] };
    let list = raw.list;
    if (!allSound(list)) {
      Plans.store.set(`damaged:${KEY}`, raw);
      Plans.announce("保存在本机的内容有损坏，已另存一份，完好的部分继续使用。", "fault");
      list = (Array.isArray(list) ? list : []).filter((item) => allSound([item]));
      if (!list.length) list = [blank()];
      Plans.store.set(KEY, { current: list[0].name, list });
    }
    // values were tidied on their way in; doing it again for hundreds of profiles would be felt at each key
    list = list.map((profile) => ({ ...blank(), ...profile, year: String(profile.year ?? "") }));
    return { current: list.some((p) => p.name === raw.current) ? raw.current : list[0].name, list };
  }

  const all = () => (state ??= read());
  const found = (name) => all().list.find((profile) => profile.name === name);
  const active = () => found(all().current);

  let writing = false;

  function tell() {
    if (writing) return; // whether it was kept is not yet known
    state = null;
    for (const listener of listeners) listener(current());
  }
  Plans.store.on(KEY, tell);

  function write(next) {
    writing = true;
    kept = Plans.store.set(KEY, next);
    writing = false;
    tell();
  }

  const validYear = (text) => /^\d{4}$/.test(text) && +text >= data.years[0] && +text <= data.years[1];

  /** The profile in use; `year` is the plan year that holds (a number), `yearText` what was typed. */
  function current() {
    if (seen.of !== active()) {
      const profile = JSON.parse(JSON.stringify(active()));
      seen = { of: active(), now: { ...profile, year: validYear(profile.year) ? +profile.year : data.year, yearText: profile.year } };
    }
    return seen.now;
  }

  /** Change the whole: `make({current, list})` returns the same with changes. */
  function change(make) {
    state = null; // another tab may have written since
    write(make(all()));
  }

  const select = (name) => change((old) => (found(name) ? { ...old, current: name } : old));

  /** Change parts of the profile in use; an empty text takes a value away. */
  function update(patch) {
    change(({ current: name, list }) => ({
      current: name,
      list: list.map((profile) => (profile.name !== name ? profile : tidy({
        ...profile, ...patch, name,
        fields: { ...profile.fields, ...patch.fields },
        words: patch.words
          ? { ...profile.words, ...Object.fromEntries(Object.entries(patch.words).map(([s, w]) => [s, { ...profile.words[s], ...w }])) }
          : profile.words,
      }))),
    }));
  }

  /** A name that is free: the wished one, or with a number. */
  function freeName(wish, taken) {
    const name = line(wish).slice(0, MAX_NAME - 4) || FIRST_NAME;
    for (let n = 1; ; n += 1) {
      const tried = n > 1 ? `${name}（${n}）` : name;
      if (!taken.some((profile) => profile.name === tried)) return tried;
    }
  }

  /** Add a profile and use it. Returns its name, which differs from the wish when that was taken. */
  function add(wish, values = {}) {
    let name;
    change(({ list }) => ({ current: (name = freeName(wish, list)), list: [...list, tidy({ ...values, name })] }));
    return name;
  }

  /** What a fill place shows: {text, state: "default" | "filled" | "empty"}; text is undefined for an id that is not known.
      `sector` and `template` (a page's path) say whose defaults hold; `offset` is added to the plan year. */
  function value(id, { sector, offset = 0, template } = {}) {
    const profile = active(), page = data.templates[template];
    if (id === "year") {
      const given = validYear(profile.year);
      return { text: String((given ? +profile.year : data.year) + Number(offset)), state: given ? "filled" : "default" };
    }
    if (id === "unit") {
      return profile.unit ? { text: profile.unit, state: "filled" }
        : { text: data.unit ?? page?.unit ?? data.sectors[sector ?? page?.sector]?.unit, state: "default" };
    }
    if (id.startsWith("word-")) {
      const word = id.slice(5), of = sector ?? page?.sector, given = profile.words[of]?.[word];
      return given ? { text: given, state: "filled" }
        : { text: page?.words?.[word] ?? data.sectors[of]?.words[word], state: "default" };
    }
    const field = data.fields[id];
    if (!field) return { text: undefined, state: "default" };
    const given = profile.fields[id];
    return given ? { text: given, state: "filled" } : { text: `【${field.label}】`, state: "empty" };
  }

  /** Words that suit the unit, as its name tells, better than those shown; what the reader has chosen stays. `template` may
      have words of its own; `shown`: ids of the words that stand on the page, as word-x; without it, all. Returns {names, words, present}, or null when there are none. */
  function suited({ sector, template, shown }) {
    const { unit, words: chosen } = active(), usual = data.sectors[sector].words, found = {};
    for (const { name, when, but_not: butNot = [], words } of data.variants) {
      const bare = butNot.reduce((text, other) => text.split(other).join("…"), unit);
      if (!when.some((part) => bare.includes(part))) continue;
      for (const [id, text] of Object.entries(words[sector] ?? {})) if (found[id]?.text !== text) found[id] = { name, text };
    }
    const open = Object.keys(found).filter((id) => (!shown || shown.includes(`word-${id}`)) && found[id].text !== usual[id] && !chosen[sector]?.[id] && !data.templates[template]?.words?.[id]);
    const each = (make) => Object.fromEntries(open.map((id) => [id, make(id)]));
    return open.length ? { names: [...new Set(open.map((id) => found[id].name))], words: each((id) => found[id].text), present: each((id) => usual[id]) } : null;
  }

  /** Choose words of a sector. The union may be called otherwise then, so its name is taken off the unit's anew. */
  function adopt(words, context) {
    update({ words: { [context.sector]: words } });
    update({ unit: usual("unit", active().unit, context) });
  }

  /** The version of an official phrase for a year: {text, valid, from, until}; null for an id that is not known. */
  function phrase(id, year) {
    const versions = data.phrases[id]?.versions;
    if (!versions) return null;
    const fits = versions.find((v) => v.from <= year && !(v.until < year));
    const nearest = fits ?? versions.filter((v) => v.from <= year).pop() ?? versions[0];
    return { ...nearest, valid: Boolean(fits) };
  }

  const half = (text) => text.replace(/[０-９．，％－／]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0));

  // names of which the last word is no mere addition: 某某总工会, 某某县教育工会
  const NAMED_UNION = /(?:总|教育|系统|产业|行业|联合)$/;
  /** A unit's name without its union's, which the text puts behind it anyway. `union` is how the page calls it. */
  function withoutUnion(text, union) {
    const ending = [`${union}委员会`, union, "机关工会委员会", "机关工会", "工会委员会", "工会"].find((end) => end && text.endsWith(end));
    const name = ending ? text.slice(0, -ending.length).trim() : text;
    return !name || (/^工会/.test(ending) && NAMED_UNION.test(name)) ? text : name;
  }

  // words that only name what is counted; the text has its own behind the blank. Spans of time are counted in more than one way
  const COUNTED = /^([\d,]+)(?:人次|场次|册次|个|名|人|位|项|件|次|场|条|家|户|篇|份|例|期|组|对|册|种|间|处|所)$/;
  const TIME = /^(\d+)(年|天|分钟)$/;
  /** A number without the unit, a rate with its sign. */
  function withoutUnit(type, { label, hint }, text) {
    if (type === "rate") return /^\d+(\.\d+)?$/.test(text) && +text > 1 ? `${text}%` : text; // 0.9 may mean 90% as well
    const [, count, unit] = type === "number" && (COUNTED.exec(text) || TIME.exec(text)) || [];
    return count && (!unit || (label + hint).includes(unit)) ? count : text;
  }

  /** A sum of money with its unit. */
  function withUnit(text) {
    const [, sign, sum, scale = "", unit] = /^([¥￥]?)([\d,]+(?:\.\d+)?)(万|亿)?(元?)$/.exec(text) ?? [];
    // a small number alone may be meant in 万元 as well
    return sign || scale || unit || sum === "0" || /^[\d,]{3}/.test(sum) ? `${sum}${scale}元` : text;
  }

  /** A day with its year, where that can only be the text's: `3月25日` -> `2027年3月25日`. */
  function withYear(id, text, template) {
    const [, month] = /^(\d{1,2})月\d{1,2}[日号]?$/.exec(text) ?? [];
    const page = data.templates[template];
    // plans are signed in their year or at the end of the one before, and what is over in its year or after it; a summary with
    // the plan for the year after it tells of two years
    const own = id === "sign-date" ? month < 10 && !page?.past : data.fields[id].own_year && page?.kind !== "summary-plan";
    return month && own ? `${current().year + (page?.year_offset ?? 0)}年${text}` : text;
  }

  /** The usual way to write what was typed: `2027-1-8` -> `2027年1月8日`, `12项` -> `12`, `90` -> `90%`, `12万` -> `12万元`, a phrase without
      a full stop. What is not understood, or may mean two things, stays as it is. */
  function usual(id, text, context) {
    if (id === "year") return half(text).replace(/年$/, "");
    if (id === "unit") return withoutUnion(text, value("word-union", context).text);
    const type = data.fields[id]?.type;
    // the sentence around it has its own full stop, and its own quotation marks where they belong
    if (type === "text") {
      return text.replace(/[。，；\s]+$/, "").replace(/^\s*[“"「]([^“”"「」]*)[”"」]$/, "$1")
        .replace(/([\u4e00-\u9fff]), *(?=[\u4e00-\u9fff])/g, data.fields[id].hint.includes("用顿号") ? "$1、" : "$1，");
    }
    if (!type) return text;
    const plain = half(text).replace(/\s/g, "");
    if (type === "date") {
      const date = Plans.dates.parse(withYear(id, plain, context?.template));
      return date ? Plans.dates.full(date) : text;
    }
    const whole = type === "money" ? withUnit(plain) : withoutUnit(type, data.fields[id], plain);
    return problem(id, whole) ? text : whole;
  }

  /** The sample of a blank; a day lies in `year`. */
  const sample = ({ type, example }, year) => (type === "date" ? example.replace(/^\d{4}/, year) : example);

  /** What is doubtful about a value, as a sentence for the reader; "" when nothing is. */
  function problem(id, text) {
    if (!text) return "";
    if (id === "unit") return [...text].length > MAX_UNIT ? `单位名称超过${MAX_UNIT}个字，请核对` : "";
    if (id === "year") return validYear(text) ? "" : `年度应为${data.years.join("—")}之间的四位数字`;
    if (id.startsWith("word-")) return [...text].length > 20 ? "说法超过20个字，请核对" : "";
    const field = data.fields[id] || {};
    const as = (what) => `应为${what}，如${sample(field, current().year)}`;
    switch (field.type) {
      case "number":
        return /^\d{1,3}(,\d{3})+$|^\d+$/.test(text) ? "" : as("整数，不写单位");
      case "rate": {
        const rate = /^(\d+(?:\.\d+)?)%$/.exec(text);
        return !rate ? as("百分比") : +rate[1] > 100 ? "超过100%，请核对" : "";
      }
      case "money":
        return /^(\d{1,3}(,\d{3})+|\d+)(\.\d{1,6})?(元|万元|亿元)$/.test(text) ? "" : as("金额，写明元或万元");
      case "date":
        return Plans.dates.parse(text) ? "" : /^\d{4}年\d+月\d+日$/.test(text) ? `没有${text}这一天` : as("年月日");
      default:
        return [...text].length > 200 ? "超过200个字，请核对" : "";
    }
  }

  /** Take `?unit=…&year=…` of the address. What another profile holds is not overwritten: a new unit gets its own. */
  function prefill() {
    const given = new URLSearchParams(location.search);
    const unit = line(given.get("unit") ?? "").slice(0, MAX_UNIT), year = line(given.get("year") ?? "");
    if (!unit && !year) return;
    const [visit] = performance.getEntriesByType("navigation");
    if (visit && visit.type !== "navigate") return; // reloaded, or come back to: the reader may have changed it since
    if (unit && unit !== active().unit) {
      const known = all().list.find((profile) => profile.unit === unit);
      if (known) select(known.name);
      else if (active().unit) add(unit, { unit });
      else update({ unit });
    }
    if (validYear(year)) update({ year });
    Plans.announce(year && !validYear(year) ? `链接里的年度没有采用：${problem("year", year)}。` : `已按链接填入，档案为“${all().current}”。`,
      year && !validYear(year) ? "fault" : "done");
  }

  Plans.mount(prefill);
  Plans.profiles = {
    current, update, select, add, value, suited, adopt, phrase, usual, sample, problem, line,
    // for profile-manage.js
    all, change, freeName, blank, tidy, allSound,
    /** Every profile as {name, unit}. */
    list: () => all().list.map(({ name, unit }) => ({ name, unit })),
    /** Call `listener(current)` after each change, here or in another tab. Returns a function that stops it. */
    on: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
    /** Whether what was typed outlives the page. */
    kept: () => kept,
    /** Text of an observance in a year: "date", "month", "ordinal" or "weekday". */
    dateText: (id, form, year) => Plans.dates.text(id, form, year),
  };
})();
