/* Search: what a query means, and which sections answer it. The data come from macros/find_data.py.

   A query is cut into words that the synonyms know ("units": a theme, a sector, a kind of paper …) and the rest. Every section
   is then looked through for them: a few hundred texts, or ten thousand, are read faster than an index of them would load.

   Unit = {words: [text, share, weights of places][], facets: {sectors, kinds, themes, periods}, strict, run}; Doc, see docsOf.
   Hit = {doc, score} */
(() => {
  "use strict";
  const find = Plans.find;

  const WEIGHT = { heading: 1, title: 0.85, summary: 0.6, text: 0.64, again: 0.06 };
  const OTHER = { heading: 0.7, title: 0.62, summary: 0.4, text: 0.36, again: 0.05 }; // a synonym counts for less than what was typed
  const GUESSED = 0.9;
  const NEARLY = 0.7; // other words for one that stands in the library itself, or is not typed to its end
  const AMONG_THE_BEST = 0.45;
  const FACET = 0.7; // of a theme, where its word does not stand in the text
  const ELSEWHERE = 0.6; // the topic is right and the sector another than the word points to
  const OTHER_SECTOR = 0.25, OTHER_KIND = 0.5, OTHER_PERIOD = 0.45; // a sector, kind or half-year was asked for, and this is not it
  const NEAR = 0.15, NEAR_SHARE = 0.5; // on the theme of most sections that have the word
  const MAX_GUESSES = 3;
  const LONGEST_GUESS = 8;
  const LONGEST_PINYIN = 48;
  const SAME_TEMPLATE = 0.98; // several sections of one template push others down a little
  const ENTITLED = 1.5; // the whole template is about what is looked for
  const PAGE = 0.4;
  const ASKS_HOW = /怎(?:么样?|样)?[来去]?写|咋写|如何[来去]?撰?写|写法|写作(?:指南|要求|要点)|(?:计划|总结|方案|要点)(?:写作)?(?:指南|注意(?:什么|哪些|事项))/;
  const ON_EVERYTHING = ["schedule", "targets", "guidance", "overview", "safeguards"]; // they touch on all that a plan has
  const ALONE = ["special-plan", "event-summary"];
  const WHOLE = 0.3; // of what a section of it scores
  const YEARLY = ["annual-plan", "summary", "summary-plan"];

  // --- the texts ------------------------------------------------------------------------------------

  let docs = [];
  let known = null; // {units: word -> synonyms row, fillers, longest}
  let letters = null; // {syllables, initials, alike: characters that are read so; simple: Traditional -> Simplified}
  let everything = "", starts = [], texts = []; // all docs in one text; where each begins, and where its own text does
  const places = new Map(); // word -> where it stands, see placesOf
  let stage = ""; // what has been taken in

  const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'" };
  /** The text of a section without its heading. The HTML is our own build's, so a tag is what stands between < and >. */
  const textOf = (html) => html.replace(/^<h[23].*?<\/h[23]>/s, "").replace(/<[^>]*>/g, "").replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]).replace(/\s+/g, " ").trim();

  const low = (text) => text.toLowerCase();

  /** Doc = {type, path, id, heading, summary, text, theme, sector, kind, periods, name; of a template: template, section, first}. */
  function docsOf({ names, sections, text }) {
    const all = [];
    names.templates.forEach(([path, title, sector, kind, periods], template) => {
      const [audience, summary, parts] = sections?.templates[template] ?? ["", "", []];
      const shared = { path, sector, kind, periods, template, name: title, first: all.length };
      all.push({ ...shared, type: "template", id: "", heading: low(title), summary: low(`${audience} ${summary}`), text: "", theme: "" });
      parts.forEach(([id, heading, theme], section) => all.push({
        ...shared, type: "section", section, id, heading: low(heading), summary: "", text: text ? low(textOf(text[template][section])) : "", theme }));
    });
    for (const [path, title, summary] of sections?.pages ?? []) {
      all.push({ path, type: "page", id: "", name: title, heading: low(title), summary: low(summary), text: "", theme: "", sector: "", kind: "", periods: [] });
    }
    for (const doc of all) if (doc.type === "template" && ALONE.includes(doc.kind)) doc.themes = themesOfTitle(doc, all);
    return all;
  }

  /** What a plan for one matter is about: the themes that its title names and its sections have. */
  function themesOfTitle(template, all) {
    const owned = new Set(); // its sections follow it
    for (let at = template.first + 1; all[at]?.template === template.template; at += 1) owned.add(all[at].theme);
    return cut(template.heading, new Set()).flatMap(({ word }) => (word ? known.units.get(word)[3] : [])).filter((theme) => owned.has(theme));
  }

  /** `said`: for each row of the synonyms other ways to ask for the same; they are only read, not looked for. */
  function knownOf({ synonyms, fillers }, said = []) {
    const units = new Map();
    synonyms.forEach((row, at) => { for (const word of [...row[0], ...(said[at] ?? [])]) if (!units.has(word)) units.set(word, row); });
    const longest = Math.max(...[...units.keys(), ...fillers].map((word) => word.length));
    return { units, fillers: new Set(fillers), longest };
  }

  function lettersOf({ readings, traditional }) {
    const syllables = new Map(), initials = new Map(), alike = new Map(), simple = new Map();
    for (const line of readings.trim().split("\n")) {
      const [syllable, characters] = line.split(" ");
      syllables.set(syllable, characters);
      initials.set(syllable[0], (initials.get(syllable[0]) ?? "") + characters);
      for (const character of characters) alike.set(character, (alike.get(character) ?? "") + characters);
    }
    for (const [simplified, ...forms] of traditional.trim().split("\n")) for (const form of forms) simple.set(form, simplified);
    return { syllables, initials, alike, simple };
  }

  /** Take in what has been loaded since the last call. False as long as there is nothing to search in. */
  function ready() {
    if (!find.names) return false;
    if (find.letters && !letters) {
      letters = lettersOf(find.letters);
      known = null;
    }
    known ??= knownOf(find.names, find.letters?.said);
    const now = [find.sections && "sections", find.text && "text"].join();
    if (now === stage && docs.length) return true;
    stage = now;
    docs = docsOf(find);
    starts = [];
    texts = [];
    const parts = [];
    let length = 0;
    for (const doc of docs) {
      const head = `\n${doc.heading}\n${doc.summary}\n`;
      starts.push(length);
      texts.push(length + head.length);
      parts.push(head, doc.text);
      length += head.length + doc.text.length;
    }
    everything = parts.join("");
    places.clear();
    guesses.clear();
    return true;
  }

  /** The doc in which a place of the whole text lies, `from` or later. */
  function docAt(at, from) {
    let [first, last] = [from, starts.length - 1];
    while (first < last) {
      const middle = (first + last + 1) >> 1;
      if (starts[middle] <= at) first = middle;
      else last = middle - 1;
    }
    return first;
  }

  /** Where a word stands: doc -> [in its heading, in its summary, how often in its text]. Reading the whole is quicker than asking every doc. */
  function placesOf(word) {
    if (places.has(word)) return places.get(word);
    const found = new Map();
    let doc = 0;
    for (let at = everything.indexOf(word); at >= 0; at = everything.indexOf(word, at + word.length)) {
      if (doc + 1 < starts.length && starts[doc + 1] <= at) doc = docAt(at, doc + 1);
      if (!found.has(doc)) found.set(doc, [0, 0, 0]);
      const hit = found.get(doc);
      if (at >= texts[doc]) hit[2] += 1;
      else hit[at <= starts[doc] + docs[doc].heading.length ? 0 : 1] += 1;
    }
    places.set(word, found);
    return found;
  }

  // --- what a query means -----------------------------------------------------------------------------

  const YEAR = /(?:19|20)\d{2}(?:\s*[-—~至到]\s*(?:19|20)\d{2})?\s*(?:学年度?|年(?!度))?/g;
  const MONTH = /(?<!\d)1?\d月(?:份)?(?!\d)/g; // when somebody writes says little of what is written
  const DIGITS = "〇一二三四五六七八九";
  /** 二〇二七年 and 27年 as 2027年. */
  const withYears = (text) => text
    .replace(/[二][〇零○o][〇零○一二三四五六七八九]{2}(?=年)/g, (year) => [...year.replace(/[零○o]/g, "〇")].map((digit) => DIGITS.indexOf(digit)).join(""))
    .replace(/(?<!\d)(\d{2})(?=年)/g, "20$1");

  /** Width, case and Traditional characters aside. */
  function fold(query) {
    const half = query.normalize("NFKC").toLowerCase();
    return letters ? [...half].map((character) => letters.simple.get(character) ?? character).join("") : half;
  }

  /** The best cut of a text into known words and the rest: as much as possible in as few words as possible.
      `ends`: where the rest is cut as well. */
  function cut(text, ends) {
    const best = [{ value: 0, pieces: [] }];
    for (let end = 1; end <= text.length; end += 1) {
      const skipped = best[end - 1], last = skipped.pieces[skipped.pieces.length - 1];
      best[end] = { value: skipped.value, pieces: last?.rest && !ends.has(end - 1) ? [...skipped.pieces.slice(0, -1), { rest: last.rest + text[end - 1] }] : [...skipped.pieces, { rest: text[end - 1] }] };
      for (let length = Math.min(known.longest, end); length > 0; length -= 1) {
        const word = text.slice(end - length, end), row = known.units.get(word);
        if (!row && !known.fillers.has(word)) continue;
        const value = best[end - length].value + length - (length === 1 ? 0.9 : 0.5);
        if (value > best[end].value) best[end] = { value, pieces: [...best[end - length].pieces, row ? { word } : { filler: word }] };
      }
    }
    return best[text.length].pieces;
  }

  const NONE = { sectors: [], kinds: [], themes: [], periods: [] };

  function unitOf(word, weight = 1) {
    const [words, sectors, kinds, themes, periods, strict] = known.units.get(word);
    const others = words.filter((each) => each !== word), share = others.length === words.length && placesOf(word).size ? weight * NEARLY : weight;
    return {
      words: [[word, weight, WEIGHT], ...others.map((each) => [each, share, OTHER])],
      facets: { sectors, kinds, themes, periods }, strict: Boolean(strict), typed: word,
    };
  }

  const runOf = (text) => ({ words: [[text, 1, WEIGHT]], facets: NONE, strict: false, run: text, typed: text });

  /** A unit for what was guessed: the first guess may be a word that the synonyms know. */
  function guessed(texts, typed) {
    const first = known.units.has(texts[0]) ? unitOf(texts[0], GUESSED) : { ...runOf(texts[0]), run: "" };
    return { ...first, words: [...first.words, ...texts.slice(1).map((text) => [text, GUESSED, WEIGHT])], typed, guess: texts[0] };
  }

  // --- guessing: pinyin, homophones, a wrong, missing or surplus character -------------------------------

  const guesses = new Map();
  const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const ANY = "[\\u4e00-\\u9fff]";
  const oneOf = (characters) => (characters ? `[${characters}]` : null);

  /** The strings of the library that fit a pattern, the most usual first; words of the synonyms before all others. */
  function fitting(source) {
    if (source === null) return [];
    if (guesses.has(source)) return guesses.get(source);
    const whole = new RegExp(`^(?:${source})$`), anywhere = new RegExp(source, "g"), counts = new Map();
    const count = (text, by) => { for (const [match] of text.matchAll(anywhere)) counts.set(match, (counts.get(match) ?? 0) + by); };
    for (const word of known.units.keys()) if (whole.test(word)) counts.set(word, known.units.get(word)[0].includes(word) ? 1000 : 500);
    for (const doc of docs) {
      count(doc.heading, doc.type === "page" ? 1 : 10);
      if (!counts.size || counts.size < MAX_GUESSES) count(doc.text || doc.summary, 1);
    }
    const found = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MAX_GUESSES).map(([text]) => text);
    guesses.set(source, found);
    return found;
  }

  const anyFitting = (sources) => {
    for (const source of sources) {
      const found = fitting(source);
      if (found.length) return found;
    }
    return [];
  };

  /** Ways to read Latin letters as syllables; the last one may be unfinished. */
  function readings(typed) {
    const done = [];
    const read = (at, parts) => {
      if (done.length >= 12) return;
      if (at === typed.length) { done.push(parts); return; }
      for (let length = Math.min(6, typed.length - at); length > 0; length -= 1) {
        const characters = letters.syllables.get(typed.slice(at, at + length));
        if (characters) read(at + length, [...parts, oneOf(characters)]);
      }
      const rest = typed.slice(at), begun = parts.length && [...letters.syllables].filter(([syllable]) => syllable.startsWith(rest)).map(([, characters]) => characters).join("");
      if (begun) done.push([...parts, oneOf(begun)]);
    };
    read(0, []);
    return done.sort((a, b) => a.length - b.length).map((parts) => parts.join(""));
  }

  /** What pinyin stands for, as Chinese texts, the likeliest first; none when nothing of the kind is in the library. */
  function spelled(typed) {
    if (typed.length > LONGEST_PINYIN) return [];
    const sources = readings(typed);
    const found = anyFitting(sources);
    if (found.length) return found;
    const initials = [...typed].map((letter) => oneOf(letters.initials.get(letter)));
    const short = typed.length >= 2 && typed.length <= LONGEST_GUESS && !initials.includes(null) ? fitting(initials.join("")) : [];
    if (short.length) return short;
    return wordsRunTogether(typed);
  }

  /** Pinyin of every known word -> the word. */
  function spellings() {
    const all = new Map(), of = new Map();
    for (const [syllable, characters] of letters.syllables) for (const character of characters) of.set(character, [...(of.get(character) ?? []), syllable]);
    for (const word of [...known.fillers, ...known.units.keys()]) {
      let forms = [""];
      for (const character of word) forms = forms.flatMap((form) => (of.get(character) ?? []).map((syllable) => form + syllable)).slice(0, 8);
      for (const form of forms) all.set(form, word);
    }
    return all;
  }

  /** Known words whose pinyin was typed without a space, as one text; none when a part is left over. */
  function wordsRunTogether(typed) {
    letters.words ??= spellings();
    const best = [[]];
    for (let end = 1; end <= typed.length; end += 1) {
      for (let start = 0; start < end; start += 1) {
        const word = best[start] && letters.words.get(typed.slice(start, end));
        if (word && (!best[end] || best[end].length > best[start].length + 1)) best[end] = [...best[start], word];
      }
    }
    return best[typed.length]?.length ? [best[typed.length].join("")] : [];
  }

  /** What a text that is nowhere in the library was meant to be. Of a word in a sentence only what sounds alike is believed. */
  function meant(text, inSentence = false) {
    if (!letters || text.length < 2 || text.length > LONGEST_GUESS || !/^\p{Script=Han}+$/u.test(text)) return [];
    const characters = [...text], exact = characters.map(escape);
    const sound = characters.map((character) => oneOf(letters.alike.get(character)) ?? escape(character));
    const put = (at, remove, ...given) => [...exact.slice(0, at), ...given, ...exact.slice(at + remove)].join("");
    const patterns = [sound.join("")];
    if (inSentence) return anyFitting(patterns);
    const each = (make) => exact.map((_, at) => make(at));
    if (text.length > 2) patterns.push(each((at) => put(at, 1, ANY)).join("|"));
    if (text.length > 2) patterns.push(each((at) => (at ? put(at, 0, ANY) : null)).filter(Boolean).join("|"));
    if (text.length > 3) patterns.push(each((at) => put(at, 1)).join("|"));
    const found = anyFitting(patterns);
    // of three characters two that stand are taken as they are: 学技术 is no misspelt 学技能
    return text.length === 3 && !fitting(patterns[0]).length && standingParts(text).length ? found.filter((each) => known.units.has(each)) : found;
  }

  /** Whether a text stands anywhere in the library; asked of its pairs of characters first, which are soon known. */
  function stands(text) {
    for (let at = 2; at < text.length; at += 1) if (!placesOf(text.slice(at - 2, at)).size) return false;
    return placesOf(text).size > 0;
  }

  /** The longest pieces of a text that stand in the library. */
  function standingParts(text) {
    const parts = [];
    for (let at = 0; at < text.length - 1; at += 1) {
      for (let length = Math.min(LONGEST_GUESS, text.length - at); length > 1; length -= 1) {
        if (!stands(text.slice(at, at + length))) continue;
        parts.push(text.slice(at, at + length));
        at += length - 1;
        break;
      }
    }
    return parts;
  }

  // --- from text to units -------------------------------------------------------------------------------

  function unitsOfHan(typedText, inSentence) {
    const tokens = typedText.split(/\s+/), text = tokens.join("");
    const ends = new Set(); // where a space stood
    tokens.reduce((length, token) => { ends.add(length + token.length); return length + token.length; }, 0);
    const spelt = tokens.every((token) => token.length === 1); // 女 职 工: no spaces between words
    let pieces = cut(text, spelt ? new Set() : ends);
    // a single character left beside a known word may be that word misspelt: 教师结, 职代汇
    if (letters && text.length <= LONGEST_GUESS && pieces.length > 1 && pieces.some(({ rest }) => rest?.length === 1)) {
      const at = pieces.findIndex(({ rest }) => rest?.length === 1);
      for (const [from, to] of [[at - 1, at + 1], [at, at + 2]]) {
        if (from < 0 || to > pieces.length) continue;
        const joined = pieces.slice(from, to).map(({ word, filler, rest }) => word ?? filler ?? rest).join("");
        const word = !stands(joined) && meant(joined, inSentence).find((each) => known.units.has(each));
        if (!word) continue;
        pieces = [...pieces.slice(0, from), { word, typed: joined }, ...pieces.slice(to)];
        break;
      }
    }
    if (!inSentence) pieces = withTail(pieces);
    const units = [], fillers = [];
    for (const { word, typed, begun, filler, rest } of pieces) {
      if (begun) units.push(begunUnit(word, begun));
      else if (word) units.push(typed ? guessed([word], typed) : unitOf(word));
      else if (filler) fillers.push(filler);
      else if (rest.length > 1 || pieces.length < 3) units.push(...unitsOfRest(rest, text.length <= LONGEST_GUESS, inSentence));
    }
    return { units, fillers };
  }

  /** The pieces, with those at the end as one where they begin a known word that is not typed to its end: 思想政, 年度工. */
  function withTail(pieces) {
    for (let from = 0; from < pieces.length; from += 1) {
      const tail = pieces.slice(from), text = tail.map(({ word, filler, rest }) => word ?? filler ?? rest).join("");
      if (text.length < 2 || text.length > LONGEST_GUESS || !tail.some(({ rest }) => rest)) continue;
      const word = [...known.units.keys()].filter((each) => each.startsWith(text)).sort((a, b) => a.length - b.length)[0];
      if (word) return [...pieces.slice(0, from), { word, begun: text }];
    }
    return pieces;
  }

  /** What was typed of a word counts as typed, and what the word means is looked for too. */
  function begunUnit(word, begun) {
    const unit = unitOf(word);
    return { ...unit, words: [[begun, 1, WEIGHT], ...unit.words.map(([text]) => [text, text.startsWith(begun) ? 1 : NEARLY, OTHER])], typed: begun };
  }

  function unitsOfRest(rest, short, inSentence) {
    if (stands(rest) || rest.length === 1) return [runOf(rest)];
    const found = short ? meant(rest, inSentence) : [];
    if (found.length) return [guessed(found, rest)];
    const parts = standingParts(rest);
    return parts.length ? parts.map(runOf) : [runOf(rest)];
  }

  /** {units, fillers, year, corrected}: what is looked for; words that hardly say anything; the year typed, if any; what was guessed, to be
      told to the reader. */
  function parse(query) {
    const folded = withYears(fold(query));
    const year = folded.match(/(?:19|20)\d{2}/)?.[0] ?? null;
    const bare = folded.replace(YEAR, " "), without = bare.replace(MONTH, " ");
    const text = without.trim() ? without : bare;
    const sentence = text.replace(/\s/g, "").length > LONGEST_GUESS;
    let units = [], fillers = [];
    const take = (part) => { const found = unitsOfHan(part, sentence); units.push(...found.units); fillers.push(...found.fillers); };
    // pinyin may be typed with spaces between syllables or words, and so may Chinese
    for (const [part, latin] of text.matchAll(/([a-zü][a-zü'’\s]*)|[\p{Script=Han}\d]+(?:\s+[\p{Script=Han}\d]+)*/gu)) {
      if (!latin) { take(part); continue; }
      const typed = part.replace(/[ü]/g, "v").replace(/[^a-z]/g, "");
      if (!letters || !typed) continue;
      const found = spelled(typed);
      if (!found.length) { units.push(runOf(part.trim())); continue; }
      if (found.length === 1 && !known.units.has(found[0])) take(found[0]);
      else units.push(known.fillers.has(found[0]) ? runOf(found[0]) : guessed(found, part.trim()));
    }
    if (!units.length) units = fillers.map(runOf);
    for (const unit of units) unit.weak = sentence && !unit.strict && Boolean(unit.run || isSoft(unit));
    return { units, fillers, year, corrected: units.filter(({ guess }) => guess).map(({ typed, guess }) => [typed, guess]) };
  }

  // --- how well a section answers ------------------------------------------------------------------------

  /** Put into `scores` how well one word fits each doc, 0 to 1.4, where that is more. `weight`: of the places where it may stand. */
  function scoreWord(scores, word, share, weight) {
    const put = (at, score) => { if (score * share > scores[at]) scores[at] = score * share; };
    const found = placesOf(word);
    for (const [at, [heading, summary, count]] of found) {
      const doc = docs[at], named = doc.type === "section" && found.get(doc.first)?.[0];
      let score = heading ? weight.heading * (0.95 + 0.15 * Math.min(1, word.length / doc.heading.length)) : named ? weight.title : summary ? weight.summary : 0;
      if (count) score = score ? score + weight.again * Math.min(count, 4) : weight.text + weight.again * (Math.min(count, 4) - 1);
      put(at, score);
      // what a template is about, its sections are about
      if (heading && doc.type === "template") for (let next = at + 1; docs[next]?.type === "section" && docs[next].template === doc.template; next += 1) put(next, weight.title);
    }
  }

  /** Whether the doc is on the theme (or of the kind) that a topic points to: 0 to 1. */
  function facetScore(doc, { themes, kinds, sectors }) {
    const on = themes.length ? themes.includes(doc.theme) || doc.themes?.some((theme) => themes.includes(theme)) : kinds.includes(doc.kind);
    const share = doc.type === "section" && !themes.length ? ELSEWHERE : 1; // a kind is a kind of whole papers
    return on ? share * (!sectors.length || sectors.includes(doc.sector) ? 1 : ELSEWHERE) : 0;
  }

  /** The theme of most sections in which a topic without a theme stands; none when it stands anywhere. */
  function themeOf(scores) {
    const shares = new Map();
    let whole = 0;
    docs.forEach((doc, at) => {
      if (doc.type !== "section" || !scores[at]) return;
      whole += scores[at];
      if (doc.theme) shares.set(doc.theme, (shares.get(doc.theme) ?? 0) + scores[at]);
    });
    return [...shares].find(([, share]) => share > whole * NEAR_SHARE)?.[0];
  }

  const rarityOf = (count) => Math.log(1 + docs.length / (1 + count));

  /** The pairs of characters of a run, as far as the library has them. */
  const pairsOf = (run) => (run && run.length > 2 ? [...new Set([...run].slice(1).map((character, at) => run[at] + character))].filter(stands) : []);

  /** Put into `scores` how much of a run of characters stands in each doc, by its pairs, where that is more. */
  function scorePairs(scores, pairs) {
    const sums = new Map();
    let whole = 0;
    for (const pair of pairs) {
      const found = placesOf(pair), rarity = rarityOf(found.size);
      whole += rarity;
      for (const [at, [heading, summary]] of found) sums.set(at, (sums.get(at) ?? 0) + rarity * (heading ? 1 : summary ? 0.6 : 0.5));
    }
    for (const [at, sum] of sums) scores[at] = Math.max(scores[at], 0.6 * (sum / whole));
  }

  /** A plan for one matter is about what its sections are about. Put that into `scores`. */
  function scoreWholes(scores) {
    docs.forEach((doc, at) => {
      if (doc.type === "section" && ALONE.includes(doc.kind)) scores[doc.first] = Math.max(scores[doc.first], WHOLE * Math.min(1, scores[at]));
    });
    return scores;
  }

  /** How well every doc answers a topic, 0 to 1.7. */
  function scoresOf(unit) {
    const scores = new Float64Array(docs.length), { sectors, themes, kinds } = unit.facets;
    for (const [word, share, weight] of unit.words) scoreWord(scores, word, share, weight);
    scorePairs(scores, pairsOf(unit.run));
    if (!sectors.length && !themes.length && !kinds.length) {
      const near = themeOf(scores);
      if (near) docs.forEach((doc, at) => { if (!scores[at] && doc.theme === near) scores[at] = NEAR; });
      return scoreWholes(scores);
    }
    docs.forEach((doc, at) => {
      if (scores[at] && sectors.length && !sectors.includes(doc.sector)) scores[at] *= ELSEWHERE;
      const facet = facetScore(doc, unit.facets);
      if (facet) scores[at] = Math.max(scores[at], FACET * facet) + 0.3 * Math.min(scores[at], facet);
    });
    return scoreWholes(scores);
  }

  /** Words for people of one sector (教师, 护士) narrow the search a little and need not stand in the text. */
  const isSoft = ({ strict, facets }) => !strict && facets.sectors.length && !facets.themes.length && !facets.kinds.length;

  /** What a doc keeps of its score when a sector, kind or half-year is asked for. */
  function fit(doc, { facets: { sectors, kinds, periods }, typed }) {
    let factor = 1;
    if (sectors.length) factor *= sectors.includes(doc.sector) ? 1 : OTHER_SECTOR;
    if (kinds.length) factor *= kinds.includes(doc.kind) ? 1 : OTHER_KIND;
    if (periods.length) factor *= periods.some((period) => doc.periods.includes(period)) ? 1 : OTHER_PERIOD;
    // "卫生院" says more than "医院": the templates that name it come first
    return doc.summary.includes(typed) || doc.heading.includes(typed) || low(doc.name).includes(typed) ? factor * 1.3 : factor;
  }

  /** What most of the best answers are about, others on the same theme are about too. */
  function lean(hits) {
    const first = hits.slice(0, 8), shares = new Map();
    for (const { doc } of first) if (doc.theme) shares.set(doc.theme, (shares.get(doc.theme) ?? 0) + 1 / first.length);
    for (const hit of hits) {
      hit.score *= 1 + 0.25 * (shares.get(hit.doc.theme) ?? 0);
      if (ON_EVERYTHING.includes(hit.doc.id)) hit.score *= 0.5;
    }
    hits.sort((a, b) => b.score - a.score);
  }

  /** The templates whose titles have one of the words of a topic. */
  function entitledBy({ words }) {
    const titles = new Set();
    for (const [word] of words) for (const [at, [heading]] of placesOf(word)) if (heading && docs[at].type === "template") titles.add(at);
    return titles;
  }

  /** The pages of the templates whose titles name most of what is looked for, or all of its themes. */
  function titlesOn(topics, weights, total) {
    const named = topics.map(entitledBy), themed = named.filter((_, at) => topics[at].facets.themes.length);
    const most = (title) => named.reduce((sum, titles, at) => sum + (titles.has(title) ? weights[at] : 0), 0) >= total * 0.33;
    const candidates = total ? [...new Set(named.flatMap((titles) => [...titles]))] : [];
    return new Set(candidates.filter((title) => most(title) || (themed.length && themed.every((titles) => titles.has(title)))).map((title) => docs[title].path));
  }

  /** Hits, best first. */
  function rank(units) {
    const limits = units.filter(({ strict }) => strict), topics = units.filter(({ strict }) => !strict);
    const scores = topics.map(scoresOf);
    const weights = scores.map((list, at) => {
      const count = list.reduce((sum, score) => sum + (score >= 0.25), 0);
      // of a sentence only the words that the library knows matter much
      if (!count) return 0;
      const share = topics[at].weak ? 0.3 : (topics[at].run && topics.length > 2) || (isSoft(topics[at]) && topics.length > 1) ? 0.5 : 1;
      return Math.min(3, rarityOf(count)) * share;
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const byKind = limits.some(({ facets }) => facets.kinds.length), byPeriod = limits.some(({ facets }) => facets.periods.length);
    const vague = limits.length && topics.every(({ weak }) => weak); // a question that says no more than for whom, or what kind of paper
    const hits = [];
    const entitled = titlesOn(topics, weights, total);
    docs.forEach((doc, at) => {
      let score = 1;
      if (total) {
        let sum = 0, met = 0;
        for (let unit = 0; unit < weights.length; unit += 1) {
          const scored = scores[unit][at];
          sum += weights[unit] * scored;
          met += weights[unit] * Math.min(1, scored / OTHER.text);
        }
        if (!sum && !vague) return;
        score = (sum / total) * (met / total) ** (topics.length > 3 ? 0.5 : 1);
        if (vague) score = 0.8 + 0.2 * score;
      } else if (!limits.length) return;
      if (!score) return;
      for (const limit of limits) score *= fit(doc, limit);
      for (const topic of topics) if (topics.length > 1 && isSoft(topic) && !topic.facets.sectors.includes(doc.sector)) score *= ELSEWHERE;
      // a kind of paper is asked for: the whole of one, and what stands in it
      const whole = doc.type === "template", on = entitled.has(doc.path);
      if (!total || vague) score *= whole ? 1.6 : 1;
      else if (byKind) score *= whole ? (on ? 2.4 : 1) : on ? 1.25 : entitled.size ? 0.6 : 1;
      else if (on && whole) score *= ENTITLED;
      if (limits.length && !byPeriod && YEARLY.includes(doc.kind)) score *= total ? 1.02 : 1.1;
      if (doc.type === "page") score *= PAGE;
      hits.push({ doc, score });
    });
    hits.sort((a, b) => b.score - a.score);
    lean(hits);
    const least = hits.length ? hits[0].score * 0.2 : 0;
    return hits.filter(({ score }) => score >= least);
  }

  /** Sections of one template after the first stand a little lower, so that several templates are seen. */
  function spread(hits) {
    const seen = new Map();
    for (const hit of hits) {
      const count = seen.get(hit.doc.path) ?? 0;
      seen.set(hit.doc.path, count + 1);
      hit.score *= SAME_TEMPLATE ** Math.min(count, 6);
    }
    return hits.sort((a, b) => b.score - a.score);
  }

  /** Where it is asked how something is written, the guide to it stands second: most want a text to start from. All guides where nothing else is said. */
  function withGuide(hits, query, passes) {
    if (!ASKS_HOW.test(fold(query).replace(/\s/g, ""))) return hits;
    if (!hits.length) return docs.filter((doc) => doc.path.startsWith("guides/") && passes(doc)).map((doc) => ({ doc, score: 1 }));
    const guide = docs.find(({ path }) => path === `guides/${hits[0].doc.kind}.html`);
    return guide && passes(guide) ? [hits[0], { doc: guide, score: hits[0].score }, ...hits.slice(1).filter(({ doc }) => doc !== guide)] : hits;
  }

  const FILTERS = { sector: (doc) => [doc.sector], kind: (doc) => [doc.kind], theme: (doc) => [doc.theme], period: (doc) => doc.periods };

  /** Look for a query. `chosen`: {sector, kind, theme, period} -> id or "".
      Returns {hits, counts: {sector: Map id -> number …}, words: what to mark, year, corrected}. */
  function search(query, chosen = {}) {
    if (!ready()) return null;
    const { units, fillers, year, corrected } = parse(query);
    if (!units.length && !year) return { hits: [], counts: {}, words: [], year, corrected };
    const sought = units.length ? units : [unitOf("年度计划")];
    const parts = Object.keys(FILTERS).filter((part) => chosen[part]);
    const passes = (doc, but) => parts.every((part) => part === but || FILTERS[part](doc).includes(chosen[part]));
    const found = rank(sought);
    const all = found.length ? found : rank(fillers.filter((word) => word.length > 1).map(runOf)); // 工会没钱怎么把活动搞起来 says “活动” at least
    const counts = {};
    for (const part of Object.keys(FILTERS)) {
      counts[part] = new Map();
      for (const { doc } of all) if (passes(doc, part)) for (const id of FILTERS[part](doc)) if (id) counts[part].set(id, (counts[part].get(id) ?? 0) + 1);
    }
    const hits = withGuide(spread(all.filter(({ doc }) => passes(doc))), query, passes);
    const words = [...new Set(sought.flatMap((unit) => (unit.run && unit.run.length > 2 ? [unit.run, ...pairsOf(unit.run)] : unit.words.map(([word]) => word))))];
    return { hits, counts, words: words.sort((a, b) => b.length - a.length), year, corrected };
  }

  /** The pages of templates that answer a query, best first: those whose best part is not much worse than the best of all. */
  function templates(query) {
    const best = new Map();
    for (const { doc, score } of search(query)?.hits ?? []) if (doc.type !== "page" && !best.has(doc.path)) best.set(doc.path, score);
    const least = Math.max(...best.values()) * AMONG_THE_BEST;
    return [...best].filter(([, score]) => score >= least).map(([path]) => path);
  }

  // --- reading in: titles answer first, the rest follows behind ---------------------------------------------

  const file = (name) => Plans.load(`assets/data/find-${name}.js`);
  const pause = () => new Promise((done) => { (window.requestIdleCallback ?? setTimeout)(done, { timeout: 300 }); });
  const listeners = new Set();
  let reading = null;

  /** Read all there is to search in. `told` is called whenever more can be found. Rejects where a file is missing; the next call tries again. */
  function load(told) {
    listeners.add(told);
    const tell = () => { if (ready()) for (const each of listeners) each(); };
    reading ??= (async () => {
      for (const name of ["names", "sections", "letters", "text"]) {
        await file(name);
        tell();
        await pause(); // what has been typed meanwhile is answered first
      }
    })().catch((fault) => {
      reading = null;
      throw fault;
    });
    return reading;
  }

  Object.assign(find, { load, search, templates });
})();
