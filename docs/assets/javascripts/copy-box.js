/* The last way of copying: the text in a box, selected, for the reader's own copying. Loaded by copy.js when the browser has refused the others. */
(() => {
  "use strict";
  const { el } = Plans;

  function show({ html, text }, what) {
    const box = el("textarea", { readonly: true, rows: "12", "aria-labelledby": "plans-copy-title" });
    box.value = text;
    const dialog = el("dialog", { class: "plans-copy-box", "aria-labelledby": "plans-copy-title", onclose: () => dialog.remove() },
      el("p", { id: "plans-copy-title" }, `浏览器没有允许自动复制${what}。文字已选中，请按 Ctrl+C（苹果电脑按 ⌘C），手机上长按选择“复制”。${html ? "这里只有纯文本。" : ""}`),
      box, el("button", { type: "button", onclick: () => dialog.close() }, "关闭"));
    document.body.append(dialog);
    dialog.showModal();
    box.focus();
    box.select();
    Plans.announce(`没有自动复制${what}，请在打开的文字框中手动复制。`, "fault");
  }

  Plans.copyBox = { show };
})();
