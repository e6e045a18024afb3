/* The layout of a Word file by GB/T 9704-2012. Loaded on the first download, together with the library `docx` that writes the parts. */
(() => {
  "use strict";

  const twips = (mm) => Math.round(mm * 1440 / 25.4);
  const PAPER = { width: 11906, height: 16838 }; // A4
  const LATIN = "Times New Roman";
  const HEI = "黑体";
  const SONG = "宋体";
  // body type 16 pt; set 0.25 pt closer, 28 characters fill the 156 mm of the standard (a character grid breaks in some programs)
  const BODY_SIZE = 16;
  const CLOSER = -5;
  const TABLE_INSET = 108;

  /* Options, each with the standard's value first: pitch of lines in pt, margins (top, bottom, left, right in mm), fonts, page
     number; `highlight` marks unfilled blanks. */
  const PITCHES = ["28.95", "28", "29", "30"];
  // 25.96 stands for 26: at exactly 26 LibreOffice 7.4 drops punctuation at the ends of justified lines, a fault of rounding
  const MARGINS = { gb: [37, 35, 28, 25.96], word: [25.4, 25.4, 31.8, 31.8] };
  const FONTS = {
    gb2312: { title: "方正小标宋简体", body: "仿宋_GB2312", kai: "楷体_GB2312" },
    gbk: { title: "方正小标宋_GBK", body: "方正仿宋_GBK", kai: "方正楷体_GBK" },
    system: { title: "华文中宋", body: "仿宋", kai: "楷体" },
  };

  const PAGES = ["outside", "center", "none"];

  /** Whole options; what is missing or unknown becomes the standard's. */
  function complete(given) {
    const known = (value, values) => (values.includes(String(value)) ? String(value) : values[0]);
    return {
      pitch: known(given.pitch, PITCHES), margins: known(given.margins, Object.keys(MARGINS)), fonts: known(given.fonts, Object.keys(FONTS)),
      page: known(given.page, PAGES), highlight: given.highlight === true,
    };
  }

  // what no XML file may hold (with /u, halves of characters only where they stand alone); line ends become a space
  const clean = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/gu, "").replace(/[\t\r\n]+/g, " ");
  /** Width in characters: Latin letters and digits take half. */
  const width = (text) => [...text].reduce((sum, character) => sum + (character.codePointAt(0) < 0x2000 && !/[·×]/.test(character) ? 0.5 : 1), 0);

  /** A long title in lines of fair length, broken before the year, else between words. */
  function titleLines(title, room) {
    if (width(title) <= room) return [title];
    const year = title.search(/\d{4}年/);
    if (year > 0 && year < title.length - 5) return [title.slice(0, year), title.slice(year)].flatMap((part) => titleLines(part, room));
    const words = window.Intl && Intl.Segmenter ? [...new Intl.Segmenter("zh", { granularity: "word" }).segment(title)].map((word) => word.segment) : [...title];
    const fair = width(title) / Math.ceil(width(title) / room);
    const lines = [""];
    for (const word of words) {
      const line = lines[lines.length - 1];
      if (line && width(line + word) > room || width(line) >= fair) lines.push(word);
      else lines[lines.length - 1] += word;
    }
    return lines;
  }

  /** The .docx of a Doc (see document.js) as a Blob. */
  function build(doc, given) {
    const options = complete(given);
    const lib = window.docx;
    const { AlignmentType: Align, BuilderElement, Paragraph, TextRun, createAlignment } = lib;
    const fonts = FONTS[options.fonts];
    const [top, bottom, left, right] = MARGINS[options.margins].map(twips);
    const line = Math.round(options.pitch * 20);
    const exact = { line, lineRule: "exact" };
    const closer = options.margins === "gb" ? CLOSER : 0;
    const textWidth = PAPER.width - left - right;
    // length of n characters for programs that read no indents in characters
    const characters = (n, size = BODY_SIZE) => Math.round(n * (size * 20 + (size === BODY_SIZE ? closer : 0)));

    // `hint`: quotes, dashes and × belong to the Chinese font, not to the Latin one
    const face = (name, latin = LATIN) => ({ ascii: latin, hAnsi: latin, cs: latin, eastAsia: name, hint: "eastAsia" });
    const run = (text, name, more = {}) => new TextRun({ ...more, text: clean(text), font: face(name) });
    /** Runs of one look are joined, so that the reader can search and replace across them. */
    function runs(list, name) {
      const joined = [];
      for (const { t, b, e } of list) {
        const look = { bold: b, highlight: e && options.highlight ? "yellow" : undefined };
        const last = joined[joined.length - 1];
        if (last && last.look.bold === look.bold && last.look.highlight === look.highlight) last.text += t;
        else joined.push({ text: t, look });
      }
      return joined.map(({ text, look }) => run(text, name, look));
    }

    /** Indents in characters, which the library cannot write, and the alignment after them, as the schema orders. */
    function indented(paragraph, sides, alignment, size) {
      const attributes = {};
      for (const [side, count] of Object.entries(sides)) {
        attributes[`${side}Chars`] = { key: `w:${side}Chars`, value: Math.round(count * 100) };
        attributes[side] = { key: `w:${side}`, value: characters(count, size) };
      }
      paragraph.properties.push(new BuilderElement({ name: "w:ind", attributes }));
      paragraph.properties.push(createAlignment(alignment));
      return paragraph;
    }

    const style = (id, name, font, size, paragraph, more = {}) => ({
      id, name, basedOn: "Normal", next: "BodyText", quickFormat: true, ...more,
      run: { font: face(font), size: size * 2, characterSpacing: size === BODY_SIZE ? closer : 0, ...more.run },
      paragraph: { spacing: exact, ...paragraph },
    });
    const twoIn = { indent: { firstLine: characters(2), firstLineChars: 200 } };
    const heading = (level, font) => style(`Heading${level}`, `heading ${level}`, font, BODY_SIZE, { keepNext: true, outlineLevel: level - 1, ...twoIn });
    const tableText = { spacing: { line: 400, lineRule: "exact", before: 40, after: 40 } };
    const plain = (keys, value) => Object.fromEntries(keys.map((key) => [key, value]));
    const bodyRun = { font: face(fonts.body), size: BODY_SIZE * 2, characterSpacing: closer };
    const styles = {
      default: {
        document: { run: { ...bodyRun, language: { value: "en-US", eastAsia: "zh-CN" } }, paragraph: { spacing: exact } },
        // the library's own further styles: no colours and sizes of theirs, our fonts
        ...plain(["heading5", "heading6", "listParagraph", "caption", "bibliography", "footnoteText", "footnoteTextChar", "footnoteReference",
          "endnoteText", "endnoteTextChar", "endnoteReference", "hyperlink", "lineNumber"], { run: { font: face(fonts.body) } }),
        strong: { run: { font: face(fonts.body), bold: true } },
      },
      paragraphStyles: [
        { id: "Normal", name: "Normal", quickFormat: true, run: bodyRun, paragraph: { spacing: exact, widowControl: false, alignment: Align.BOTH } },
        style("BodyText", "Body Text", fonts.body, BODY_SIZE, twoIn),
        style("Title", "Title", fonts.title, 22, { alignment: Align.CENTER, keepNext: true, spacing: { ...exact, after: line } }),
        heading(1, HEI), heading(2, fonts.kai), heading(3, fonts.body), heading(4, fonts.body),
        style("PlanTable", "表格文字", fonts.body, 12, { alignment: Align.LEFT, ...tableText }, { next: "PlanTable" }),
        style("PlanTableHead", "表格标题行", HEI, 12, { alignment: Align.CENTER, keepNext: true, ...tableText }, { next: "PlanTable" }),
        // a blank line stands above the signature; it stays with the date and with the end of the text
        style("Signature", "Signature", fonts.body, BODY_SIZE, { keepNext: true, spacing: { ...exact, before: line } }, { next: "Date" }),
        style("Date", "Date", fonts.body, BODY_SIZE, {}),
        style("Footer", "footer", SONG, 14, { spacing: { line: 320, lineRule: "exact" } }, { next: "Footer", run: { font: face(SONG, SONG) } }),
        ...Array.from({ length: 9 }, (_, index) => style(`TOC${index + 1}`, `toc ${index + 1}`, fonts.body, BODY_SIZE,
          { indent: { left: characters(2) * index } }, { quickFormat: undefined })),
      ],
      // the library bases its character styles on this one but does not write it
      characterStyles: [{ id: "DefaultParagraphFont", name: "Default Paragraph Font", run: { font: face(fonts.body) } }],
    };

    // --- the text ---

    /** `1.` stands close to the text, but not to a digit: 1.2月 would be read as one number. */
    function marker(block) {
      if (block.type !== "li") return [];
      if (block.n === null) return [{ t: "· " }];
      return [{ t: `${block.n}.${block.runs.length && /^\d/.test(block.runs[0].t) ? " " : ""}` }];
    }

    /** Widths of columns in twips: short columns get what their longest cell needs, the others share the rest by their average. */
    function columnWidths(rows, count) {
      const columns = Array.from({ length: count }, (_, column) => {
        const lengths = rows.map((cells) => width((cells[column] || []).map((part) => part.t).join("")));
        return { needs: (Math.max(4, ...lengths) + 0.5) * 240 + 2 * TABLE_INSET, weight: lengths.reduce((sum, length) => sum + length, 1) };
      });
      let room = textWidth;
      let open = columns;
      for (let fits; (fits = open.filter((column) => column.needs <= room / open.length)).length && fits.length < open.length;) {
        for (const column of fits) { column.size = Math.round(column.needs); room -= column.size; }
        open = open.filter((column) => !column.size);
      }
      const whole = open.reduce((sum, column) => sum + column.weight, 0);
      const least = room / open.length / 2;
      for (const column of open) column.size = Math.floor(least + (room - least * open.length) * column.weight / whole);
      const widths = columns.map((column) => column.size);
      widths[columns.indexOf(open[0])] += textWidth - widths.reduce((sum, size) => sum + size, 0);
      return widths;
    }

    function table(block) {
      const rows = [block.head, ...block.rows].filter((cells) => cells.length);
      const count = Math.max(...rows.map((cells) => cells.length));
      const widths = columnWidths(rows, count);
      return new lib.Table({
        columnWidths: widths, layout: "fixed", width: { size: textWidth, type: "dxa" },
        margins: { left: TABLE_INSET, right: TABLE_INSET },
        rows: rows.map((cells, index) => {
          const head = index === 0 && block.head.length > 0;
          return new lib.TableRow({
            cantSplit: true, tableHeader: head || undefined,
            children: widths.map((size, column) => new lib.TableCell({
              width: { size, type: "dxa" }, verticalAlign: "center",
              children: [new Paragraph({ style: head ? "PlanTableHead" : "PlanTable", children: runs(cells[column] || [], head ? HEI : fonts.body) })],
            })),
          });
        }),
      });
    }

    const blocks = (list, keepNext) => list.map((block, index) => (block.type === "table"
      ? (block.head.length || block.rows.length) && table(block)
      : new Paragraph({ style: "BodyText", keepNext: keepNext && index === list.length - 1 || undefined, children: runs([...marker(block), ...block.runs], fonts.body) }))).filter(Boolean);

    const numbers = Plans.document.numbers(doc.sections);
    const levels = Plans.document.levels(doc.sections);
    const signed = Boolean(doc.unit || doc.date);
    const children = [];
    const title = titleLines(clean(doc.title), Math.floor(textWidth / 440));
    if (doc.title) children.push(new Paragraph({ style: "Title", children: title.map((part, index) => run(part, fonts.title, { break: index ? 1 : undefined })) }));
    children.push(...blocks(doc.intro, signed && !doc.sections.length));
    doc.sections.forEach((section, index) => {
      const level = levels[index] - 1;
      children.push(new Paragraph({ style: `Heading${level}`, children: [run(numbers[index] + section.heading, level === 1 ? HEI : fonts.kai)] }));
      children.push(...blocks(section.blocks, signed && index === doc.sections.length - 1));
    });
    const indents = Plans.document.signatureIndents(doc.unit, doc.date);
    if (doc.unit) children.push(indented(new Paragraph({ style: "Signature", children: [run(doc.unit, fonts.body)] }), { right: indents[0] }, Align.RIGHT));
    if (doc.date) children.push(indented(new Paragraph({ style: "Date", children: [run(doc.date, fonts.body)] }), { right: indents[1] }, Align.RIGHT));

    // --- page numbers ---

    const element = (name, attributes, children) => new BuilderElement({ name, attributes, children });
    const fieldMark = (kind) => element("w:fldChar", { kind: { key: "w:fldCharType", value: kind } });
    const footerRun = (content) => new TextRun({ ...content, font: face(SONG, SONG) });
    // the number is a field with a text of its own, for programs that do not work fields out
    const number = (shown) => [
      footerRun({ text: "— " }), footerRun({ children: [fieldMark("begin")] }), footerRun({ children: [element("w:instrText", undefined, ["PAGE"])] }),
      footerRun({ children: [fieldMark("separate")] }), footerRun({ text: shown }), footerRun({ children: [fieldMark("end")] }), footerRun({ text: " —" }),
    ];
    const footer = (shown, sides, alignment) => new lib.Footer({ children: [indented(new Paragraph({ style: "Footer", children: number(shown) }), sides, alignment, 14)] });
    const twoSided = options.page === "outside";
    const footers = twoSided
      ? { default: footer("1", { right: 1 }, Align.RIGHT), even: footer("2", { left: 1 }, Align.LEFT) }
      : options.page === "center" ? { default: footer("1", {}, Align.CENTER) } : {};

    // the dash stands 7 mm below the text: its height above the footer's lower edge is 2.6 mm
    const below = Math.max(twips(8), bottom - twips(7) - twips(2.6));
    const file = new lib.Document({
      title: clean(doc.title), creator: "", lastModifiedBy: "", styles, evenAndOddHeaderAndFooters: twoSided,
      sections: [{
        properties: { page: { size: PAPER, margin: { top, bottom, left, right, header: twips(15), footer: below, gutter: 0 } }, grid: { linePitch: line } },
        footers, children,
      }],
    });
    return lib.Packer.toBlob(file, undefined, [{ path: "word/fontTable.xml", data: fontTable(fonts) }]);
  }

  /** The fonts and what stands in where one is not installed. */
  function fontTable(fonts) {
    const substitutes = [[fonts.title, SONG], [fonts.body, "仿宋"], [fonts.kai, "楷体"], [HEI, "SimHei"], [SONG, "SimSun"]];
    const entry = ([name, other]) => `<w:font w:name="${name}">${name === other ? "" : `<w:altName w:val="${other}"/>`}<w:charset w:val="86"/><w:family w:val="auto"/></w:font>`;
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${
      substitutes.map(entry).join("")}<w:font w:name="${LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/></w:font></w:fonts>`;
  }

  Plans.docxLayout = { build, titleLines };
})();
