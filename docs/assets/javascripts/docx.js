/* Files to take away. The layout of the Word file (docx-layout.js), the library that writes it and the box with settings and
   other formats (docx-formats.js) are read on the first click. */
(() => {
  "use strict";

  const formats = () => Plans.part("docx", "docx-formats");

  /** The .docx of a Doc (see document.js) as a Blob. `options` go over those kept on this device; see docx-layout.js. */
  async function blob(doc, options) {
    await Promise.all(["vendor/docx/docx.js", "javascripts/docx-layout.js"].map((path) => Plans.load(`assets/${path}`)));
    return Plans.docxLayout.build(doc, { ...Plans.store.get("docx-options", {}), ...options });
  }

  async function trying(action) {
    try {
      return await action();
    } catch (error) {
      Plans.announce(`没有完成：${error.message}。文字可以用“复制全文”取走。`, "fault");
      return false;
    }
  }

  /** Save a file named by the title. False where the browser saves no files; the reader is then told what else to do. */
  async function give(doc, ending, content, type) {
    const name = doc.title || "工会工作计划";
    if (Plans.save(`${name}.${ending}`, content, type)) {
      Plans.announce(`已生成“${name}”，请在浏览器的下载内容中查看。`);
      return true;
    }
    await formats();
    Plans.docxFormats.cannotSave(doc);
    return false;
  }

  function download(doc, options) {
    Plans.announce("正在生成 Word 文件……");
    return trying(async () => give(doc, "docx", await blob(doc, options)));
  }

  // Windows programs know UTF-8 text by its mark and its line ends
  const text = (doc) => trying(() => give(doc, "txt", `\ufeff${Plans.document.toText(doc).replace(/\n/g, "\r\n")}`, "text/plain;charset=utf-8"));
  const markdown = (doc) => trying(async () => {
    await Plans.load("assets/javascripts/document-markdown.js");
    return give(doc, "md", Plans.document.toMarkdown(doc), "text/markdown;charset=utf-8");
  });
  /** Open the box with the Word settings and the other formats. `give(action)` hands the Doc to the chosen format. */
  const open = (give) => trying(async () => { await formats(); Plans.docxFormats.open(give); });

  Plans.mount((article) => {
    if (!article.querySelector(".plan-section")) return;
    const read = () => Plans.document.fromArticle(article);
    Plans.tools?.add("下载 Word", () => download(read()), { id: "docx", order: 30, title: "按《党政机关公文格式》排版的 Word 文件" });
    const leave = (action) => {
      const doc = read();
      Plans.check?.open(doc); // it informs; whatever comes of it, the text goes out
      return action(doc);
    };
    Plans.tools?.add("其他格式", () => open(leave), { id: "docx-formats", order: 31, title: "Word 版式设置、Markdown、纯文本、打印" });
  });

  Plans.docx = { blob, download, text, markdown, open };
})();
