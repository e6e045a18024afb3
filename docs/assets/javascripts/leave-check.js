/* The check before leaving: its buttons and its way in. It informs and never blocks; rules, panel and data are loaded on first use. */
(() => {
  "use strict";

  const PASTE = "checkup.html", DRAFT = "draft.html";
  // buttons that give the whole text away
  const LEAVING = "#tool-copy-rich, #tool-copy-plain, #tool-docx";
  const panel = () => Plans.part("leave-check", "check-panel");
  const rules = () => Promise.all([Plans.load("assets/data/check.js"), Plans.load("assets/data/desk-all.js"), Plans.load("assets/javascripts/check-rules.js")]).then(() => Plans.checkRules);

  const profileOf = (options) => options.profile || Plans.profiles?.current() || { year: Plans.data?.year };

  /** Resolves to what is found in a Doc, beside the templates that its sections come from. */
  async function run(doc, options = {}) {
    const { examine, fromDoc } = await rules();
    const templates = [...new Set(doc.sections.map((section) => section.from).filter(Boolean))];
    return examine(fromDoc(doc), { profile: profileOf(options), templates, draft: Plans.page() === DRAFT });
  }

  /** The same for plain text. */
  async function text(words, options = {}) {
    const { examine, fromText } = await rules();
    return examine(fromText(words.replace(/\r\n?/g, "\n")), { ...options, profile: profileOf(options) });
  }

  const draftKey = () => `draft-${Plans.store.get("drafts")?.current ?? ""}`;

  /** Check a Doc and show the panel. `focus`: asked for by the reader; otherwise only a line appears, and only when there is something
      to see. `root`: where the text stands; `key`: under which accepted findings are remembered. */
  async function open(doc, options = {}) {
    try {
      const [findings] = await Promise.all([run(doc, options), panel()]);
      const page = Plans.page(); // another draft may be taken in hand while the panel is open
      const fresh = async () => { const now = await read(); return now && run(now, options); };
      const whole = { get key() { return page === DRAFT ? draftKey() : page; }, root: document.querySelector("article.md-content__inner"), fresh, ...options };
      const known = Plans.store.get(`check:${whole.key}`, []);
      const news = findings.some(({ level, key }) => level === "look" && !(Array.isArray(known) && known.includes(key)));
      if (options.focus || news) Plans.checkPanel.show(findings, whole, !options.focus);
      return findings;
    } catch (fault) {
      Plans.announce(`没有完成体检：${fault.message}`, "fault");
      return null;
    }
  }

  let article = null, read = null; // read: this page's text, as it is now
  const tool = () => Plans.tools?.add("交稿体检", async () => {
    const doc = await read();
    if (doc) await open(doc, { focus: true });
    else Plans.announce("还没有草稿。");
  }, { id: "check", order: 20, title: "查漏填的空白、别处的名称、过时的提法；只在本机进行" });

  document.addEventListener("click", (event) => {
    if (article && event.target.closest?.(LEAVING) && article.querySelector("section.plan-section")) open(Plans.document.fromArticle(article));
  }, true);

  Plans.mount((page) => {
    article = page;
    if (Plans.page() === PASTE) panel().then(() => Plans.checkPanel.paste(page)).catch((fault) => Plans.announce(fault.message, "fault"));
    const draft = Plans.page() === DRAFT;
    read = () => (draft ? Plans.draft?.current?.() : Plans.document.fromArticle(page));
    if (draft || page.querySelector("section.plan-section")) tool();
  });

  Plans.check = { run, text, open };
})();
