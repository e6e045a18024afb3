/* What a check before leaving finds in a text. Nothing of the page is read or changed. Loaded when a check runs, with
   assets/data/check.js, which holds the rules of `make check`.

   Line = {text, at: its place in the whole text, own: [start, end][] filled in by the reader, part: index of its section, head?: true, cell?: true,
   lead?: what stands before a cell in its table, filled?: {id, text, span}[] blanks of the list with their values, month?: of a row of the schedule, on the cell that says what is done}
   Finding = {kind, level: "look" | "note", key, text, message, instead, places: [{line, start, end, at, part, quote, before, after}],
   words?: {names, words, present, sector}, which can be chosen in place of those found} */
(() => {
  "use strict";

  const KINDS = {
    blank: "没有填写的空白", form: "格式不对的填写", conflict: "要核对的数和日期", place: "别处的单位和地名", person: "像是人名", number: "电话、证件号和发文字号", year: "与计划年度不符的年份",
    local: "与单位名称不合的说法", sector: "其他行业的用语", outdated: "过时的提法和文件", order: "序号", amount: "金额", title: "没有收录的文件",
  };
  // a pattern meets no longer piece than this, so that no text can make it slow
  const PIECE = 600;
  const MOST_PLACES = 200, MOST_OF_A_KIND = 200, MOST_TEXT = 60;
  const HAN_DIGITS = "〇一二三四五六七八九";

  let rules = null;

  const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const anyOf = (texts) => new RegExp([...new Set(texts)].filter(Boolean).sort((a, b) => b.length - a.length).map(escape).join("|") || "(?!)", "g");
  const narrow = (text) => text.replace(/[０-９Ａ-Ｚａ-ｚ]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

  /** The patterns of Plans.checkData, compiled once. */
  function compiled() {
    if (rules) return rules;
    const data = Plans.checkData;
    const all = (source) => new RegExp(source, "g");
    const once = (source) => new RegExp(source);
    rules = {
      data, fill: (text) => data.filler.repeat(text.length),
      ...Object.fromEntries(Object.entries(data.patterns).map(([name, source]) => [name, all(source)])),
      ruleTitle: once(data.patterns.ruleTitle), handNumber: once(data.patterns.handNumber),
      persons: { innocent: all(data.persons.innocent), forms: data.persons.forms.map(all), office: once(data.persons.office) },
      places: {
        names: all(data.places.names), innocent: all(data.places.innocent), organisations: data.places.organisations.map(all),
        generic: once(data.places.generic), clause: all(data.places.clause), county: once(data.places.county),
        countyEnd: new RegExp(data.places.countyEnd, "y"), common: once(data.places.common),
      },
      official: anyOf(data.official),
      phrases: anyOf(data.phrases.flat().map(([, , text]) => text).filter((text) => text.length >= 6)),
      mask: new RegExp(`【[^【】\\n]{0,60}】|${anyOf([...data.words, ...data.official]).source}`, "g"),
      drop: new RegExp(`[${data.dropped}]|[^\\u4e00-\\u9fff]`, "g"),
      texts: Object.fromEntries(Object.entries(data.texts).map(([url, hashes]) => [url, new Set(hashes.match(/.{4}/g))])),
      words: Intl.Segmenter ? new Intl.Segmenter("zh", { granularity: "word" }) : null,
    };
    return rules;
  }

  // --- text to lines ---

  function fromText(text) {
    let at = 0;
    return text.split("\n").map((row) => {
      const line = { text: row, at, own: [], part: -1 };
      at += row.length + 1;
      return line;
    });
  }

  const hasText = (block) => (block.type === "table" ? block.rows.flat() : [block.runs]).some((runs) => runs.some((run) => run.t.trim()));

  function fromDoc(doc) {
    const lines = [];
    const put = (runs, part, more) => {
      const last = lines[lines.length - 1];
      if (more?.cell && last?.cell) more.lead = (last.lead + last.text).slice(-AROUND);
      const line = { text: "", at: 0, own: [], blanks: [], filled: [], part, ...more };
      for (const run of runs) {
        const span = [line.text.length, line.text.length + run.t.length];
        if (run.e || (run.f && run.t.includes("×"))) line.blanks.push([...span, run.f === "unit" ? "单位名称还没有填写" : ""]);
        else if (run.f) {
          line.own.push(span);
          line.filled.push({ id: run.f, text: run.t, span });
        }
        line.text += run.t;
      }
      lines.push(line);
    };
    const plain = (t, part, more) => { if (t) put([{ t }], part, more); };
    const blocks = (list, part, schedule) => list.forEach((block) => {
      if (block.type !== "table") put(block.runs, part);
      else for (const row of [block.head, ...block.rows]) {
        const month = schedule && row !== block.head && row[0]?.map((run) => run.t).join("");
        row.forEach((cell, column) => put(cell, part, { cell: true, lead: "", ...(month && column === 1 && { month }) }));
      }
    });
    plain(doc.title, -1, { head: true });
    blocks(doc.intro, -1);
    doc.sections.forEach((section, part) => {
      const from = lines.length;
      plain(section.heading, part, { head: true });
      const parent = doc.sections[part + 1]?.level > section.level; // it has what stands in the sections below it
      if (!parent && lines[from] && !section.blocks.some(hasText)) lines[from].blanks = [[0, section.heading.length, "这一节只有标题，没有内容"]];
      blocks(section.blocks, part, section.id === "schedule");
    });
    plain(doc.unit, -2);
    plain(doc.date, -2, { filled: /【/.test(doc.date) ? [] : [{ id: "sign-date", text: doc.date, span: [0, doc.date.length] }] });
    return lines;
  }

  /** A line in pieces that end at a mark where possible: [offset, text]. */
  function* pieces(text) {
    for (let from = 0; from < text.length || from === 0;) {
      let to = Math.min(from + PIECE, text.length);
      if (to < text.length) for (let i = to; i > from + PIECE / 2; i -= 1) if ("。；！？，、 ".includes(text[i - 1])) { to = i; break; }
      yield [from, text.slice(from, to)];
      from = to;
      if (!text.length) return;
    }
  }

  // --- what is found in a piece: each calls found(kind, start, end, {message, instead, level}) ---

  const blot = (text, pattern) => text.replace(pattern, rules.fill);

  const PLACE_AFTER = /^(?:省|市(?![场民级区直])|县|州|自治|总工会)/;
  const NOT_A_NAME = /^.?[各全本外该我每两邻近出进回到在赴来跨省市县区由按请送报向以经对从及和与为归属交呈至]/;
  /** Names that lie across two words are none: 重庆 in 隆重庆祝. */
  function placesIn(clause) {
    const { names, county, countyEnd, common } = rules.places;
    const hits = [...clause.matchAll(names)];
    if (!hits.length && !county.test(clause)) return [];
    if (!rules.words) return hits.map((hit) => [hit.index, hit[0]]);
    const words = new Map();
    for (const { segment, index } of rules.words.segment(clause)) words.set(index, index + segment.length);
    const ends = new Set(words.values());
    const places = new Map();
    for (const [start, end] of words) {
      countyEnd.lastIndex = end - 1;
      const word = clause.slice(start, end);
      if (end - start > 2 && countyEnd.test(clause) && !common.test(word)) places.set(start, word);
    }
    for (const { index: start, 0: name } of hits) {
      const end = start + name.length;
      const whole = words.has(start) && (words.get(start) >= end || ends.has(end));
      // 向东营市 is cut as 向东 and 营市
      if ((whole || PLACE_AFTER.test(clause.slice(end, end + 3))) && !places.has(start)) places.set(start, name);
    }
    // a county that the browser's word list lacks falls into single characters
    for (const { index: start, 0: name } of clause.matchAll(new RegExp(county.source, "g"))) {
      const single = words.get(start) === start + 1 && words.get(start + 1) === start + 2 && words.has(start + 2);
      const known = [...places].some(([from, place]) => from < start + name.length && start < from + place.length);
      const market = /市$/.test(name) && /^[场民级区直]/.test(clause.slice(start + name.length));
      if (single && !known && !market && !NOT_A_NAME.test(name) && !common.test(name)) places.set(start, name);
    }
    return [...places];
  }

  /** The reader's own unit, also by the end of its name: 第二中学 for 杭州市第二中学. */
  const isOwn = (name, unit) => unit && (unit.includes(name) || name.endsWith(unit.slice(-8))
    || [...name].some((_, i) => name.length - i >= (name[i] === "第" ? 4 : 8) && unit.endsWith(name.slice(i))));

  function findPlaces(text, found, { unit }) {
    const bare = blot(text, rules.places.innocent);
    for (const clause of bare.matchAll(rules.places.clause)) {
      for (const [start, name] of placesIn(clause[0])) {
        if (!unit.includes(name.replace(/(?<=..)[省市县区]$/, ""))) found("place", clause.index + start, clause.index + start + name.length, { message: "地名" });
      }
    }
    for (const pattern of rules.places.organisations) {
      for (const match of bare.matchAll(pattern)) {
        const proper = match.groups?.proper;
        if (proper !== undefined && rules.places.generic.test(proper)) continue;
        if (!isOwn(match[0], unit)) found("place", match.index, match.index + match[0].length, { message: "单位名称" });
      }
    }
  }

  function findPersons(text, found) {
    const bare = blot(text, rules.persons.innocent);
    for (const form of rules.persons.forms) {
      for (const match of bare.matchAll(form)) {
        const { name } = match.groups;
        const start = match.index + match[0].indexOf(name);
        if (!rules.persons.office.test(name)) found("person", start, start + name.length, { message: `“${match[0].trim()}”` });
      }
    }
  }

  function findNumbers(text, found) {
    for (const [pattern, message] of [[rules.card, "证件号或账号"], [rules.contact, "电话、邮箱或账号"], [rules.document, "发文字号"]]) {
      for (const match of text.matchAll(pattern)) found("number", match.index, match.index + match[0].length, { message });
    }
    for (const match of text.matchAll(rules.amount)) {
      found("amount", match.index, match.index + match[0].length, { message: "请核对是不是本单位的数", level: "note" });
    }
  }

  const yearsOf = (text) => {
    const digits = text.replace(/[〇零OＯ]/g, "0").replace(/[一二三四五六七八九]/g, (digit) => HAN_DIGITS.indexOf(digit));
    return (digits.match(/\d{4}/g) || []).map(Number);
  };
  const HISTORY = /^.{0,8}?(?:修正|修订|修改|施行|发布|印发|颁布|公布|通过|成立|创办|建校|建院|建厂|建成|以来|远景|规划|入职|入会|毕业|参加工作|起)/;
  const DATED = /[》大][（(]$|(?:修正|修订|修改|施行|发布|通过)，?$|[—–-]$|[到至自]$|[始建]于$/;
  const LAST_YEAR = /[了已曾]|以来|上年|去年|上一年|上年度|完成情况|总结|决算|回顾/;

  function findYears(text, found, { years, titleYears, review }, line) {
    for (const match of text.matchAll(rules.year)) {
      const { index: start, 0: shown } = match;
      const end = start + shown.length;
      const after = text.slice(end, end + 12), before = text.slice(Math.max(0, start - 6), start);
      const [first, last = first] = yearsOf(shown);
      const wrong = (message) => found("year", start, end, { message });
      if (line.head && line.title) {
        if (!titleYears.has(first) && !titleYears.has(last)) wrong("标题中的年份");
      } else if (first !== last || HISTORY.test(after) || DATED.test(before) || /[届级]$/.test(shown)) continue;
      else if (!years.has(first)) wrong("离计划年度一年以上");
      else if (!review && !titleYears.has(first) && titleYears.has(first + 1) && /^[1-9](?:月|\d日)/.test(after)) {
        const sentence = text.slice(text.lastIndexOf("。", start) + 1).split(/[。；]/)[0];
        if (!LAST_YEAR.test(sentence)) wrong("上一年的日期");
      }
    }
  }

  function findForeignWords(text, found, { sector, ownWords, foreign }) {
    if (!foreign) return;
    for (const match of text.matchAll(foreign)) {
      const [owner, own] = rules.data.sectors[sector].foreign[match[0]];
      if (!ownWords.has(match[0])) found("sector", match.index, match.index + match[0].length, { message: `${owner}的用语`, instead: own });
    }
  }

  const policyOf = (title) => {
    const { policies } = rules.data;
    const name = title.replace(/^中华人民共和国/, "");
    return Object.hasOwn(policies, title) ? policies[title] : Object.hasOwn(policies, name) ? policies[name] : null;
  };

  function findOutdated(text, found, { year }) {
    for (const match of text.matchAll(rules.outdated)) {
      const group = Object.entries(match.groups || {}).find(([, part]) => part !== undefined)?.[0];
      const [instead, why, action] = rules.data.outdated[group || match[0]];
      found("outdated", match.index, match.index + match[0].length, { message: why, instead: action === "remove" ? "删去" : instead });
    }
    for (const match of text.matchAll(rules.title)) {
      const span = [match.index, match.index + match[0].length];
      const policy = policyOf(match[1]);
      if (!policy) {
        if (rules.ruleTitle.test(match[1])) found("title", ...span, { message: "没有收录，引用前请核对名称和现行状态；单位自己的制度不必理会", level: "note" });
        continue;
      }
      const [status, since] = policy;
      if (status === "expired" || status === "ended") found("outdated", ...span, { message: status === "expired" ? "已经到期" : "已经结束", instead: "改引现行文件，或删去" });
      else if (status === "unverified") found("title", ...span, { message: "现行状态没有核实，引用前请核对", level: "note" });
      else if (since && Number(since.slice(0, 4)) > year) found("outdated", ...span, { message: `${since.slice(0, 4)}年起才施行` });
    }
    for (const match of text.matchAll(rules.phrases)) {
      const versions = rules.data.phrases.find((list) => list.some(([, , words]) => words === match[0]));
      const fits = versions.find(([from, until]) => from <= year && (!until || year <= until));
      if (fits?.[2] === match[0]) continue;
      found("outdated", match.index, match.index + match[0].length, {
        message: `这个提法没有核对到${year}年`, instead: fits ? fits[2] : "按中央和上级工会当年的提法", level: fits ? "look" : "note",
      });
    }
  }

  function findBlanks(text, found) {
    for (const match of text.matchAll(rules.blank)) found("blank", match.index, match.index + match[0].length, { message: "" });
    const rest = text.replace(rules.blank, rules.fill);
    for (const match of rest.matchAll(rules.unpaired)) found("blank", match.index, match.index + 1, { message: "括号没有成对" });
    for (const match of rest.matchAll(rules.placeholder)) {
      const space = match[0].length - match[0].trimStart().length;
      found("blank", match.index + space, match.index + match[0].trimEnd().length, { message: "占位写法" });
    }
  }

  // --- numbers of headings and items, over all lines ---

  const HAN = "[一二三四五六七八九十百]{1,4}";
  const FORMS = [
    [new RegExp(`^(第)(${HAN})((?:章|部分|篇))`), "第n部分"],
    [new RegExp(`^()(${HAN})([、.．，])(?![一二三四五六七八九十])`), "一、"],
    [new RegExp(`^([（(])(${HAN})([）)][、.．]?)`), "（一）"],
    [/^()(\d{1,2})([.．、])(?!\d)/, "1."],
    [/^([（(])(\d{1,2})([）)][、.．]?)/, "（1）"],
  ];
  const TWICE = new RegExp(`^(${HAN}、|（${HAN}）|\\d{1,2}[.、])\\1`);
  const ARTICLE = new RegExp(`^(第)(${HAN}|\\d{1,3})(条)`);

  function value(text) {
    if (/^\d+$/.test(text)) return Number(text);
    const [hundreds, rest] = text.includes("百") ? text.split("百") : ["", text];
    const [tens, ones] = rest.includes("十") ? rest.split("十") : ["0", rest];
    const digit = (char, none) => (char ? HAN_DIGITS.indexOf(char) : none);
    return digit(hundreds, 0) * 100 + (tens === "0" ? 0 : digit(tens, 1)) * 10 + digit(ones, 0);
  }

  const written = (n, sample) => (/\d/.test(sample) ? String(n) : Plans.document?.chinese?.(n) ?? String(n));

  function findOrder(lines, found) {
    const last = [], plain = [], styles = FORMS.map(() => new Map());
    let any = false, short = true, article = 0;
    lines.forEach((line, index) => {
      if (line.cell) return;
      const text = narrow(line.text);
      const indent = text.match(/^[\s　#*>]*/)[0].length;
      const rest = text.slice(indent, indent + 20);
      const put = (length, message, instead) => found("order", line, index, indent, indent + length, { message, instead });
      const says = [...text.slice(0, 20000).matchAll(/(?:^|[，。；：、\s（])([一二三四五六七八九十])是/g)];
      says.reduce((before, match) => {
        const n = value(match[1]), start = match.index + match[0].indexOf(match[1]);
        if (before && n !== 1 && n !== before + 1) found("order", line, index, start, start + 2, { message: `前面是“${written(before, "一")}是”` });
        return n === 1 || before ? n : 0;
      }, 0);
      if (line.head && line.part >= 0) { // numbered by the site: a number typed by hand stands there twice
        last.length = 0;
        const hand = rules.handNumber.exec(rest);
        if (hand) put(hand[0].length, "标题的序号会自动加上，这里又写了一个", "删去");
        return;
      }
      if (!rest.trim()) return;
      const clause = ARTICLE.exec(rest);
      if (clause) {
        const n = value(clause[2]);
        if (article && n !== article + 1 && n !== 1) put(clause[0].length, n === article ? "与上一条的序号相同" : `上一条是“第${written(article, clause[2])}条”`);
        article = n;
        return;
      }
      const twice = TWICE.exec(rest);
      if (twice) put(twice[0].length, "序号写了两遍", twice[1]);
      const rank = FORMS.findIndex(([form]) => form.test(twice ? rest.slice(twice[1].length) : rest));
      if (rank < 0) {
        plain.fill(true);
        short = rest.length < 20 && text.trim().length <= 30 && !/[。；，]$/.test(text.trim());
        return;
      }
      const [whole, open, digits, close] = FORMS[rank][0].exec(twice ? rest.slice(twice[1].length) : rest);
      const n = value(digits), before = last[rank], label = (number) => `“${open}${written(number, digits)}${close}”`;
      if (before === undefined ? any && n !== 1 : n !== before + 1) {
        if (before === undefined) put(whole.length, `前面没有${label(1)}`);
        else if (n === before) put(whole.length, "与上一个序号相同", label(n + 1));
        else if (n > before) put(whole.length, `前面缺少${label(before + 1)}${n - before > 2 ? "等" : ""}`);
        else if (n !== 1 || !(rank < 2 ? short : plain[rank])) put(whole.length, `上一个序号是${label(before)}`);
      }
      const style = open + (rank ? close : "");
      if (!styles[rank].has(style)) styles[rank].set(style, { line, index, indent, length: whole.length, count: 0 });
      styles[rank].get(style).count += 1;
      last[rank] = n;
      last.length = rank + 1;
      plain[rank] = false;
      for (let deeper = rank + 1; deeper < FORMS.length; deeper += 1) plain[deeper] = true;
      any = true;
      short = text.trim().length <= 30;
    });
    styles.forEach((used, rank) => {
      if (used.size < 2) return;
      const [, ...others] = [...used.values()].sort((a, b) => b.count - a.count);
      for (const { line, index, indent, length } of others) {
        found("order", line, index, indent, indent + length, { message: "同一级序号有几种写法", instead: `统一写成“${FORMS[rank][1]}”的样子` });
      }
    });
  }

  // --- what is filled in: each value by itself, and values against each other ---

  const fieldOf = (id) => Plans.data?.fields?.[id];

  function findForms(lines, found) {
    lines.forEach((line, index) => (line.filled || []).forEach(({ id, text, span }) => {
      const message = fieldOf(id) && Plans.profiles?.problem(id, text);
      if (message) found("form", line, index, ...span, { message: `${fieldOf(id).label}${message}` }, `${id} ${text}`);
    }));
  }

  const NEAR = 3; // months before the end of a contract in which its renewal is asked for
  const numberOf = (text) => (/^[\d,]+$/.test(text) ? Number(text.replaceAll(",", "")) : NaN);
  // months are counted through, so that NaN (no month) is neither before nor after any
  const monthOfDay = (text) => { const day = Plans.dates.parse(text); return day ? day.getUTCFullYear() * 12 + day.getUTCMonth() + 1 : NaN; };
  const monthText = (month) => `${Math.floor((month - 1) / 12)}年${(month - 1) % 12 + 1}月`;
  const monthOfWork = (text, year) => year * 12 + Plans.dates.planMonth(text);

  const UNITS = { 元: 1, 万元: 1e4, 亿元: 1e8 };
  const toCents = (sum) => Number(sum.toFixed(2)); // 0.57 times 10000 is a little less than 5700
  const amountOf = (text) => { const [, sum, unit] = /^([\d,.]+)(元|万元|亿元)$/.exec(text) || []; return unit ? toCents(sum.replaceAll(",", "") * UNITS[unit]) : numberOf(text); };
  const NOTHING = /^\s*(?:[暂并]?无|(?:暂时?|并)?没有|[0０零][项个名件人次场]?|[/／—–-]+)\s*$/; // typed where words belong
  // a rate that is wanted is not one that was reached
  const WANTED = /(?:不低于|不少于|不小于|达到|力争|高于|超过)[^，。；]{0,3}$/;
  const LATER = /(?:下次|次年|明年|下一年)[^。；]*$/;

  /** What part and whole give, when it is not what `text` says; "" otherwise. Digits that were rounded off or cut off are no matter. */
  function otherRate(text, part, whole) {
    const [, rate, digits = ""] = /^(\d+(?:\.(\d+))?)%$/.exec(text) || [];
    const given = part / whole * 100;
    if (!(whole > 0) || !(Math.abs(given - rate) >= 10 ** -digits.length)) return "";
    return `${Number(given.toFixed(Math.max(1, digits.length)))}%`;
  }

  /** Numbers against each other and against their limits: parts and wholes, sums, ranges, rates, and 0. */
  function findNumberConflicts({ values, textOf, known, put }) {
    const nameOf = (id) => fieldOf(id).label;
    const namesOf = (ids) => (ids.length > 3 ? `${nameOf(ids[0])}等${ids.length}项` : ids.map(nameOf).join("、"));
    /** Those of `ids` that have a value; for one that has none, those of which it is a part in turn. Each once, by whatever way. */
    const nearest = (ids) => [...new Set(ids.flatMap((id) => (known(id) ? id : nearest(fieldOf(id).part_of || []))))];
    const sumOf = (ids, from) => toCents(ids.reduce((sum, id) => sum + amountOf(from(id)), 0));
    for (const value of values) {
      const { id, text, span, line } = value;
      const { type, label, part_of: wholes = [], part_of_sum: addends, sum_of: parts, between, one_of: only, rate_of: pair } = fieldOf(id) || {};
      const amount = amountOf(text);
      for (const whole of nearest(wholes)) {
        if (amount > amountOf(known(whole))) put(value, `${label}大于${nameOf(whole)}${known(whole)}，请核对`, `${whole} ${known(whole)}`);
      }
      const yuan = type === "money" ? "元" : "";
      const most = addends && sumOf(addends, known);
      if (amount > most) put(value, `${label}大于${namesOf(addends)}合计${most}${yuan}，请核对`, most);
      const sum = parts && sumOf(parts, textOf);
      if (amount < sum || amount > sum) put(value, `${label}与${namesOf(parts)}合计${sum}${yuan}不一致，请核对`, sum);
      const [unit] = /^[名人年项件个]?/.exec(line.text.slice(span[1]));
      const [least, largest] = between || [null, null];
      if (amount < (least ?? amount) || amount > (largest ?? amount)) {
        put(value, `${label}：${least === null ? `至多${largest}` : largest === null ? `至少${least}` : `${least}至${largest}`}${unit}，请核对`, "between");
      }
      if (only && !Number.isNaN(amount) && !only.includes(amount)) put(value, `${label}：${only.map((each) => each + unit).join("或")}，请核对`, "one of");
      // a part of nothing is nothing
      if (type === "number" && amount === 0 && !wholes.some((whole) => amountOf(textOf(whole)) === 0)) {
        put(value, `填的是0，${line.cell ? "本行" : "本句"}没有这项内容的可以删去`, "0", { label: `${label}0` });
      } else if (type === "text" && NOTHING.test(text)) {
        put(value, `填的是“${text}”，${line.cell ? "本行" : "本句"}没有这项内容的可以删去或改写`, "nothing", { label: `${label}${text}` });
      }
      if (pair && !WANTED.test(line.text.slice(0, span[0]))) {
        const [some, of] = [textOf(pair[0]), known(pair[1])];
        const rate = otherRate(text, amountOf(some), amountOf(of));
        if (rate) put(value, `${label}：按${nameOf(pair[0])}${some}、${nameOf(pair[1])}${of}计算是${rate}，请核对`, `${some} ${of}`);
      }
    }
  }

  const REST = /其余|(?:未|没有)(?:按期|及时|全部)?([\u4e00-\u9fff]{2})/g;

  /** What is said of those that are left, where none is left: 办结35件 of 35, and behind it 没有办结的. */
  function findRest({ lines, values, textOf, found }) {
    for (const { id, text, span, line, index } of values) {
      const { label, part_of: wholes = [] } = fieldOf(id) || {};
      const whole = wholes.find((each) => amountOf(text) > 0 && amountOf(textOf(each)) === amountOf(text));
      if (!whole) continue;
      const done = label + line.text.slice(Math.max(0, span[0] - 6), span[0]);
      for (const [at, from] of [[index, span[1]], [index + 1, 0]]) {
        for (const match of lines[at]?.text.slice(from).matchAll(REST) ?? []) {
          // “其余” is of this number only within its own sentence
          if (match[1] ? !done.includes(match[1]) || label.includes(match[0]) : at !== index || match.input.slice(0, match.index).includes("。")) continue;
          const start = from + match.index;
          found("conflict", lines[at], at, start, start + match[0].length, { message: `${label}与${fieldOf(whole).label}都是${text}，请核对这一句` }, `${id} ${text} ${match[0]}`);
        }
      }
    }
  }

  const COUNTED = /(?:统计[至到]|截[至止][至到于]?)(?:(\d{4})年)?(?:(1[0-2]|[1-9])月(?:(\d{1,2})日|[底末])?|年?[底末])|(?:1?\d月)?至(1[0-2]|[1-9])月[底末]?统计/g;

  // a sentence that begins with a month, behind its number or another sentence; “6月末，” tells how things stood then
  const MONTHLY = /(?:^[\s　]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]|[①-⑳])?|[。；])[\s　]*((?:次年)?(?:1[0-2]|[1-9])月(?!末，|[至到—–-])[^。；]*)/g;

  /** The first and the last month that a row of the schedule is for: of 3月至5月, 3 and 5. */
  function monthsOfRow({ line }) {
    const months = Plans.dates.planMonths(line.month);
    return [Math.min(...months), Math.max(...months)];
  }

  /** Work of months before the day of signing, in the schedule and in the body; months of the body that the schedule has no row for. */
  function findMonthConflicts({ lines, rows, textOf, found }, { year, review }) {
    const spans = rows.map(monthsOfRow), signed = textOf("sign-date");
    const planned = (month) => spans.some(([first, last]) => first <= month && month <= last);
    const body = review ? [] : lines.flatMap((line, index) => (line.head || line.cell ? [] : [...line.text.matchAll(MONTHLY)].map((match) => {
      const [whole, sentence] = match, start = match.index + whole.length - sentence.length, month = Plans.dates.planMonth(sentence);
      // 1月 of a plan for the autumn term is 次年1月 of its schedule
      return { line, index, start, end: start + Math.min(sentence.length, MOST_TEXT), month: !planned(month) && planned(month + 12) ? month + 12 : month };
    }))).filter(({ line, start }) => !line.own.some(([from, to]) => from <= start && start < to));
    const scheduled = rows.map(({ line, index }) => ({ line, index, start: 0, end: Math.min(line.text.length, MOST_TEXT), month: Plans.dates.planMonth(line.month) }));
    const tell = (places, what, message, name) => {
      const months = [...new Set(places.map(({ month }) => month))].sort((a, b) => a - b).map(Plans.dates.planMonthText).join("、");
      for (const { line, index, start, end } of places) found("conflict", line, index, start, end, { label: what(months), message }, `${name} ${months}`);
    };
    const isEarly = ({ month }) => year * 12 + month < monthOfDay(signed);
    tell([...scheduled, ...body].filter(isEarly), (months) => `${months}的安排`, `早于成文日期${signed}，请核对日期或调整安排`, signed);
    // a row for 全年 or 上半年 may hold any month
    if (!rows.length || !spans.flat().every(Number.isFinite)) return;
    const unplanned = body.filter((place) => !planned(place.month) && !isEarly(place));
    tell(unplanned, (months) => `正文写的${months}`, "月度安排里没有这个月，请核对", "no row");
  }

  /** Days outside the text's own years, and counting that does not fit the day of signing. */
  function findDayConflicts({ lines, values, textOf, put, found, named }, { review, ownYears: [first, last] }) {
    for (const value of values) {
      const { id, text, span, line } = value, { label, own_year: own } = fieldOf(id) || {};
      const day = Math.floor((monthOfDay(text) - 1) / 12);
      if (own && !LATER.test(line.text.slice(0, span[0])) && (day < first || day > last)) put(value, `${label}不在${named}内，请核对`, named);
      if (id === "sign-date" && (day < (review ? first : first - 1) || day > (review ? last + 1 : last))) put(value, `${label}：本文写的是${named}，请核对`, named);
    }
    const signed = textOf("sign-date"), signedOn = Plans.dates.parse(signed);
    if (!signedOn || !review) return;
    lines.forEach((line, index) => [...line.text.matchAll(COUNTED)].forEach((match) => {
      const [shown, ofYear = first, month = match[4] ?? 12, day] = match;
      const until = Date.UTC(ofYear, day ? month - 1 : month, day ?? 0); // day 0: the last of the month before
      // what is still to be counted in some month is no figure of this text
      const planned = line.month || /\d月[^。]*$/.test(line.text.slice(0, match.index));
      if (!planned && until > signedOn.getTime()) {
        found("conflict", line, index, match.index, match.index + shown.length, { message: `晚于成文日期${signed}，请核对日期，或改为实际统计截止的日期` }, `${signed} ${shown}`);
      }
    }));
  }

  /** Contracts that run out, and the months in which the schedule has their renewal. */
  function findRenewalConflicts({ values, rows, put, found, named }, { year, review, draft, ownYears: [first, last] }) {
    for (const value of values) {
      const { id, text, span, line, index } = value, { label, renewal } = fieldOf(id) || {};
      if (!renewal) continue;
      const end = monthOfDay(text), over = `${label}不在${named}内，到${last}年已经届满，请核对`;
      const steps = rows.filter((row) => renewal.some((words) => row.line.text.includes(words))).map((row) => ({ ...row, at: monthOfWork(row.line.month, year) }));
      if (!steps.length) {
        if (!review && end <= first * 12) put(value, over, "renewal");
        else if (!review && end > last * 12 + 12 + NEAR) put(value, `${label}：届满前${NEAR}个月不在${named}内，请核对`, "renewal");
        continue;
      }
      // the new contract is examined and made known up to a month after the old one; asked for it is before
      const latest = Math.min(...steps.map(({ at }) => at)) > end ? end : end + 1;
      const wrong = steps.filter(({ at }) => at < end - NEAR || at > latest);
      if (!wrong.length) continue;
      if (end <= last * 12) { // months cannot be moved to a year that is over
        put(value, over, "renewal");
        continue;
      }
      const months = [...new Set(wrong.map((row) => row.line.month))].join("、");
      const more = {
        label: `${months}的续订安排`,
        message: `${label}为${text}，应在届满前${NEAR}个月内提出、届满前办完，即排在${monthText(end - NEAR)}至${monthText(end)}；${draft ? "" : "加入草稿后"}可以整体移动月份，也可以逐行修改`,
      };
      // what has to move comes first
      for (const row of wrong) found("conflict", row.line, row.index, 0, Math.min(row.line.text.length, MOST_TEXT), more, `${id} ${text} ${months}`);
      found("conflict", line, index, ...span, more, `${id} ${text} ${months}`);
    }
  }

  /** Values that do not agree with each other, with their limits, or with what the text says. */
  function findConflicts(lines, found, context) {
    const values = lines.flatMap((line, index) => (line.filled || []).map((value) => ({ ...value, line, index })));
    const textOf = (id) => values.find((value) => value.id === id)?.text ?? "";
    const [first, last] = context.ownYears;
    const given = {
      lines, values, found, textOf,
      named: first === last ? `${last}年` : `${first}年、${last}年`, // the text's own years
      // the number of members and the like may be known from another page
      known: (id) => textOf(id) || context.fields[id] || "",
      rows: lines.map((line, index) => ({ line, index })).filter(({ line }) => line.month),
      put: ({ id, text, span, line, index }, message, other, more) => found("conflict", line, index, ...span, { message, ...more }, `${id} ${text} ${other}`),
    };
    findNumberConflicts(given);
    findRest(given);
    findDayConflicts(given, context);
    findMonthConflicts(given, context);
    findRenewalConflicts(given, context);
  }

  /** Words of the template that the unit's name speaks against; all of them are one finding. */
  function findLocalWords(lines, found, { sector, templates }) {
    const values = lines.flatMap((line, index) => (line.filled || []).filter(({ id }) => id.startsWith("word-")).map((value) => ({ ...value, line, index })));
    const suited = sector && values.length && Plans.profiles?.suited({ sector, template: templates[0], shown: values.map(({ id }) => id) });
    if (!suited) return;
    const list = (words) => Object.values(words).join("、");
    for (const { id, text, span, line, index } of values) {
      if (text !== suited.present[id.slice(5)]) continue;
      found("local", line, index, ...span, {
        label: list(suited.present), message: `按单位名称，宜用${suited.names.join("、")}的说法`, instead: list(suited.words), words: { ...suited, sector },
      }, list(suited.words));
    }
  }

  // --- sentences that are still the template's ---

  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  function hash(text) {
    let h = 0xffffffff; // CRC-32 of the text in UTF-16, low byte first: sixteen bits a step
    for (let i = 0; i < text.length; i += 1) {
      h ^= text.charCodeAt(i);
      for (let bit = 0; bit < 16; bit += 1) h = (h >>> 1) ^ (h & 1 ? 0xedb88320 : 0);
    }
    h = ~h & 0xffffff;
    return ALPHABET[h >>> 18] + ALPHABET[(h >>> 12) & 63] + ALPHABET[(h >>> 6) & 63] + ALPHABET[h & 63];
  }

  function* sentences({ text, own }) {
    let bare = text;
    for (const [start, end] of own) bare = bare.slice(0, start) + rules.fill(bare.slice(start, end)) + bare.slice(end);
    let from = 0;
    for (const part of bare.split(rules.sentence)) {
      const start = bare.indexOf(part, from);
      from = start + part.length;
      const skeleton = part.replace(rules.mask, "").replace(rules.drop, "");
      if (skeleton.length >= rules.data.minSentence) yield [start, from, hash(skeleton)];
    }
  }

  /** Compared with `templates` (paths), or with the most alike of all. Null when there is nothing to compare with. */
  function compare(lines, templates) {
    const all = lines.flatMap((line, index) => [...sentences(line)].map(([start, end, code]) => ({ line, index, start, end, code })));
    let urls = templates.filter((url) => rules.texts[url]);
    if (!urls.length && !templates.length) {
      const scores = Object.keys(rules.texts).map((url) => [all.filter(({ code }) => rules.texts[url].has(code)).length, url]);
      urls = scores.sort((a, b) => b[0] - a[0]).filter(([count]) => count).slice(0, 1).map(([, url]) => url);
    }
    const same = all.filter(({ code }) => urls.some((url) => rules.texts[url].has(code)));
    const places = same.slice(0, MOST_PLACES).map(({ line, index, start, end }) => placeOf(line, index, start, end));
    return all.length && urls.length ? { same: same.length, total: all.length, templates: urls, places } : null;
  }

  // --- all of it ---

  /** The sector that a text speaks for: the one with the fewest words of others; "" when it uses none. */
  function sectorOf(text) {
    const counts = Object.entries(rules.data.sectors).map(([id, { foreign }]) => [[...text.matchAll(anyOf(Object.keys(foreign)))].length, id]);
    counts.sort((a, b) => a[0] - b[0]);
    return counts[counts.length - 1][0] ? counts[0][1] : "";
  }

  function contextOf(lines, { profile, sector, templates }) {
    const metas = templates.map((url) => Plans.data?.templates?.[url]).filter(Boolean);
    const year = Number(profile.year) || Plans.data?.year || new Date().getFullYear();
    const title = lines.find((line) => line.text.trim());
    if (title && title.text.trim().length <= 60) Object.assign(title, { head: true, title: true });
    const bases = new Set([year, ...metas.map((meta) => year + (meta.year_offset || 0))]);
    const titled = title?.title ? [...narrow(title.text).matchAll(rules.year)].flatMap(([shown]) => yearsOf(shown)) : [];
    const own = titled.length ? titled : metas.length ? metas.map((meta) => year + (meta.year_offset || 0)) : [year];
    const review = /总结|回顾|情况/.test(title?.text || "") || bases.size > 1;
    if (review) bases.add(year - 1);
    const id = sector ?? (metas.length ? metas[0].sector : sectorOf(blot(lines.map((line) => line.text).join("\n"), rules.official)));
    const known = Object.hasOwn(rules.data.sectors, id || "") ? id : "";
    const texts = [profile.unit, ...Object.values(profile.words?.[known] || {}), ...Object.values(profile.fields || {}).filter((text) => /[\u4e00-\u9fff]{3}/.test(text))];
    return {
      year, years: new Set([...bases].flatMap((base) => [base - 1, base, base + 1])), titleYears: bases, review, templates,
      ownYears: [Math.min(...own), Math.max(...own)], fields: profile.fields || {}, unit: profile.unit || "",
      sector: known, foreign: known ? anyOf(Object.keys(rules.data.sectors[known].foreign)) : null,
      ownWords: new Set([...metas.flatMap((meta) => Object.values(meta.words || {})), ...Object.values(profile.words?.[known] || {})]),
      unitName: anyOf(profile.unit ? [profile.unit] : []), ownTexts: anyOf(texts.filter(Boolean).map(narrow)),
    };
  }

  const AROUND = 16; // characters by which a place is told from others with the same words
  const placeOf = (line, index, start, end) => ({
    line: index, start, end, at: line.at + start, part: line.part, quote: line.text.slice(start, end),
    before: ((line.lead ?? "") + line.text.slice(0, start)).slice(-AROUND), after: line.text.slice(end, end + AROUND),
  });

  const pause = () => new Promise((go) => { setTimeout(go); });

  /** Resolves to the findings in `lines`, kind by kind; `findings.own` is the comparison with templates, or null: it tells, and finds no fault.
      `draft`: all of the text can be changed where it stands, not only its blanks. */
  async function examine(lines, { profile = {}, sector, templates = [], draft = false } = {}) {
    compiled();
    const context = { ...contextOf(lines, { profile, sector, templates }), draft };
    const findings = new Map(), counts = {};
    const put = (kind, line, index, start, end, { message = "", instead = "", level = "look", label, words }, name) => {
      const text = line.text.slice(start, end);
      const shown = label ?? (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);
      const key = `${kind}:${name ?? shown}`;
      let finding = findings.get(key);
      if (!finding) {
        counts[kind] = (counts[kind] || 0) + 1;
        if (counts[kind] > MOST_OF_A_KIND) return;
        finding = { kind, level, key, text: shown, message, instead, places: [], ...(words && { words }) };
        findings.set(key, finding);
      }
      if (finding.places.length < MOST_PLACES) finding.places.push(placeOf(line, index, start, end));
    };
    let since = performance.now();
    for (const [index, line] of lines.entries()) {
      for (const [start, end, message] of line.blanks || []) put("blank", line, index, start, end, { message });
      const blanks = line.blanks || [];
      for (const [offset, piece] of pieces(line.text)) {
        const raw = narrow(piece);
        const taken = {};
        const found = (kind, from, to, more) => {
          const start = offset + from, end = offset + to;
          // what is said of a title is said once
          const spans = (taken[kind === "title" ? "outdated" : kind] ||= kind === "blank" ? [...blanks] : []);
          if (start >= end || spans.some(([a, b]) => start < b && a < end)) return;
          spans.push([start, end]);
          put(kind, line, index, start, end, more);
        };
        const inside = (pattern) => blot(raw, pattern);
        let text = raw;
        for (const [a, b] of [...line.own, ...blanks]) {
          const start = Math.max(a - offset, 0), end = Math.min(b - offset, text.length);
          if (start < end) text = text.slice(0, start) + rules.fill(text.slice(start, end)) + text.slice(end);
        }
        const named = blot(text, context.ownTexts);
        const foreign = blot(named, rules.official);
        findBlanks(raw, found);
        findNumbers(foreign, found);
        findPersons(foreign, found);
        findPlaces(foreign, found, context);
        findYears(line.title ? inside(context.unitName) : foreign, found, context, line);
        findForeignWords(foreign, found, context);
        findOutdated(inside(context.unitName), found, context);
        if (performance.now() - since > 25) { // the page stays awake
          await pause();
          since = performance.now();
        }
      }
    }
    findOrder(lines, put);
    findForms(lines, put);
    findConflicts(lines, put, context);
    findLocalWords(lines, put, context);
    const order = Object.keys(KINDS);
    const list = [...findings.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    list.own = compare(lines, templates);
    list.sector = context.sector;
    return list;
  }

  Plans.checkRules = { KINDS, examine, fromText, fromDoc };
})();
