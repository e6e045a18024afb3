/* The boxes of docx.js: settings of the Word file and other formats; what to do where files cannot be saved. Read on the first click. */
(() => {
  "use strict";

  const { el } = Plans;
  const KEY = "docx-options";
  // the first choice of each is the national standard's; the values are those of docx-layout.js
  const CHOICES = [
    ["pitch", "行距", [["28.95", "固定值 28.95 磅，每页 22 行（国标）"], ["28", "固定值 28 磅"], ["29", "固定值 29 磅"], ["30", "固定值 30 磅"]]],
    ["margins", "页边距", [["gb", "上 37、下 35、左 28、右 26 毫米（国标）"], ["word", "上下 25.4、左右 31.8 毫米"]]],
    ["fonts", "字体", [["gb2312", "方正小标宋简体、仿宋_GB2312、楷体_GB2312"], ["gbk", "方正小标宋_GBK、方正仿宋_GBK、方正楷体_GBK"], ["system", "华文中宋、仿宋、楷体（电脑自带）"]]],
    ["page", "页码", [["outside", "单页居右，双页居左（国标）"], ["center", "居中"], ["none", "不加页码"]]],
  ];

  /** A box over the page. The browser keeps the focus in it, closes it on Escape and gives the focus back. */
  function box(title, ...content) {
    const dialog = el("dialog", { class: "plan-docx md-typeset", "aria-labelledby": "plan-docx-title", "data-not-text": true, onclose: () => dialog.remove() },
      el("h2", { id: "plan-docx-title" }, title), content, el("p", { class: "plan-docx-actions" }, button("关闭", () => dialog.close())));
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  const button = (label, onclick, primary) => el("button", { type: "button", class: `md-button${primary ? " md-button--primary" : ""}`, onclick }, label);

  function open(give) {
    const kept = Plans.store.get(KEY, {});
    const keep = (name, value) => Plans.store.set(KEY, { ...Plans.store.get(KEY, {}), [name]: value });
    const selects = CHOICES.map(([name, label, choices]) => el("label", {}, label,
      el("select", { name, onchange: (event) => keep(name, event.target.value) },
        choices.map(([value, words]) => el("option", { value, selected: kept[name] === value }, words)))));
    const highlight = el("input", { type: "checkbox", name: "highlight", checked: kept.highlight === true, onchange: (event) => keep("highlight", event.target.checked) });
    const then = (action) => () => { dialog.close(); give(action); };
    const dialog = box("版式与其他格式",
      el("form", { onsubmit: (event) => event.preventDefault() }, selects,
        el("label", { class: "plan-docx-check" }, highlight, "未填写的空加黄底"),
        el("p", {}, "设置保存在本机，下次下载仍然有效。电脑上没有所选字体时，Word 用相近的字体显示。")),
      el("p", { class: "plan-docx-actions" },
        button("下载 Word", then(Plans.docx.download), true), button("下载 Markdown", then(Plans.docx.markdown)), button("下载纯文本", then(Plans.docx.text)),
        button("打印或存为 PDF", then(() => window.print())),
        button("恢复国标版式", () => { Plans.store.remove(KEY); dialog.close(); open(give); })));
  }

  function cannotSave(doc) {
    const write = Plans.copy?.write;
    const address = location.href.split("#")[0];
    box("当前浏览器不能保存文件",
      el("p", {}, "有的应用内置的浏览器不能保存文件。可以复制全文，粘贴到文档中；或者在应用右上角的菜单中选择“在浏览器打开”，再下载。"),
      write && el("p", { class: "plan-docx-actions" },
        button("复制全文", () => write({ html: Plans.document.toHtml(doc), text: Plans.document.toText(doc) }, "全文"), true),
        button("复制本页网址", () => write({ html: el("p", {}, address).outerHTML, text: address }, "本页网址"))),
      el("p", {}, el("a", { href: address, target: "_blank", rel: "noopener" }, "在系统浏览器中打开本页")));
  }

  Plans.docxFormats = { open, cannotSave };
})();
