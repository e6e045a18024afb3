/* Managing profiles: new, rename, files, clearing. Loaded when the reader opens the menu of the panel. */
(() => {
  "use strict";

  const { el, profiles, store } = Plans;
  const { all, change, freeName, blank, tidy, allSound } = profiles;
  const FORMAT = "plans-profiles", MAX_FILE = 4e6, MAX_PROFILES = 500;

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const named = (name) => all().list.find((profile) => profile.name === name);
  const isCurrent = ({ name }) => name === all().current;

  // --- changes -----------------------------------------------------------------------------------

  /** Give the profile in use another name. Returns the name it got. */
  function rename(wish) {
    let name;
    change(({ current, list }) => {
      name = freeName(wish, list.filter((profile) => profile.name !== current));
      return { current: name, list: list.map((profile) => (profile.name === current ? { ...profile, name } : profile)) };
    });
    return name;
  }

  const remove = () => change(({ list, current }) => {
    const left = list.filter((profile) => profile.name !== current);
    if (!left.length) left.push(blank());
    return { current: left[0].name, list: left };
  });

  /** Empty the profile in use. */
  const clear = () => change((old) => ({ ...old, list: old.list.map((profile) => (profile.name === old.current ? blank(profile.name) : profile)) }));

  /** Forget every profile, and what was set aside as damaged. */
  function clearAll() {
    for (const key of store.keys()) if (/^(damaged:)*profiles$/.test(key) && key !== "profiles") store.remove(key);
    store.remove("profiles");
  }

  // --- files -------------------------------------------------------------------------------------

  const toFile = (list) => JSON.stringify({ format: FORMAT, version: 1, profiles: list }, null, 2);

  /** The profiles of a file. Throws an Error whose message says what is wrong; changes nothing. */
  function fromFile(text) {
    const wrong = (why) => new Error(`没有导入：${why}。请选择本站导出的档案文件。`);
    if (text.length > MAX_FILE) throw wrong("文件太大");
    let file;
    try { file = JSON.parse(text.replace(/^\ufeff/, "")); } catch { throw wrong("文件内容不完整，或不是档案文件"); }
    if (file?.format !== FORMAT) throw wrong("这不是档案文件");
    if (file.version !== 1) throw wrong("文件由较新的版本导出，本页不能识别");
    if (!allSound(file.profiles) || file.profiles.length > MAX_PROFILES) throw wrong("文件里的档案不完整");
    const list = file.profiles.map(tidy);
    if (new Set(list.map((profile) => profile.name)).size < list.length) throw wrong("文件里有同名的档案");
    return list;
  }

  /** Take profiles in and use the first. `overwrite`: those of the same name are replaced; otherwise both are kept. */
  const take = (imported, overwrite) => change(({ list: old }) => {
    const list = [...old];
    let current = null;
    for (const profile of imported) {
      const at = list.findIndex((other) => other.name === profile.name);
      let { name } = profile;
      if (at < 0) list.push(profile);
      else if (overwrite || same(list[at], profile)) list[at] = profile;
      else list.push({ ...profile, name: (name = freeName(name, list)) });
      current ??= name;
    }
    return { current, list };
  });

  function save(name, text) {
    if (!Plans.save(name, text, "application/json")) Plans.announce("这个应用不能保存文件，请用浏览器打开本页再导出。", "fault");
  }

  // --- menu --------------------------------------------------------------------------------------

  /** Put the buttons into `menu`; questions and faults go to `question`. */
  function show(menu, question) {
    /** Ask in the panel. `answers` are [label, action]; after the answer the question goes away. `value` asks for a text too. */
    function ask(text, answers, value) {
      const back = document.activeElement;
      const box = value === undefined ? null : el("input", { type: "text", value, maxlength: "40", "aria-label": text });
      const done = (action) => () => {
        const given = box && profiles.line(box.value);
        if (action && given === "") return box.focus();
        question.replaceChildren();
        action?.(given);
        if (back?.isConnected) back.focus();
      };
      const buttons = [...answers, ["取消"]].map(([label, action]) => el("button", { type: "button", onclick: done(action) }, label));
      question.replaceChildren(...[el("p", {}, text), box, el("div", { class: "fill-buttons" }, buttons)].filter(Boolean));
      question.onkeydown = (event) => {
        if (event.isComposing) return;
        if (event.key === "Escape") done()();
        else if (event.key === "Enter" && event.target === box) {
          event.preventDefault();
          done(answers[0][1])();
        }
      };
      (box || buttons[buttons.length - 1]).focus();
      box?.select();
    }

    const says = (text) => Plans.announce(text);
    const name = () => all().current;
    const file = el("input", { type: "file", accept: ".json,application/json", class: "fill-file", tabIndex: -1, "aria-label": "档案文件" });
    const actions = {
      新建: () => ask("新档案的名称", [["新建", (wish) => says(`已新建并使用“${profiles.add(wish)}”。`)]], ""),
      改名: () => ask("档案的新名称", [["改名", (wish) => says(`已改名为“${rename(wish)}”。`)]], name()),
      导出: () => save(`填写档案-${name()}.json`, toFile(all().list.filter(isCurrent))),
      全部导出: () => save("填写档案-全部.json", toFile(all().list)),
      导入: () => file.click(),
      清空: () => ask(`清空“${name()}”里填写的全部内容？`, [["清空", () => { clear(); says("已清空。"); }]]),
      删除: () => ask(`删除档案“${name()}”？`, [["删除", () => { remove(); says("已删除。"); }]]),
      全部清除: () => ask("清除本机上所有档案？清除后不能恢复，可以先导出。", [["全部清除", () => { clearAll(); says("已清除本机上所有档案。"); }]]),
    };

    file.addEventListener("change", async () => {
      const [picked] = file.files;
      if (!picked) return;
      try {
        const list = fromFile(picked.size > 3 * MAX_FILE ? " ".repeat(MAX_FILE + 1) : await picked.text());
        const finish = (overwrite) => () => { question.replaceChildren(); take(list, overwrite); says(`已导入 ${list.length} 份档案。`); };
        const clashes = list.filter((profile) => named(profile.name) && !same(named(profile.name), profile)).map((profile) => profile.name);
        if (!clashes.length) finish(false)();
        else ask(`本机已有同名档案：${clashes.slice(0, 5).join("、")}${clashes.length > 5 ? "等" : ""}。`, [["覆盖", finish(true)], ["两份都留", finish(false)]]);
      } catch (error) {
        Plans.announce(error.message, "fault");
        question.replaceChildren(el("p", { class: "fill-wrong" }, error.message));
      }
      file.value = "";
    });

    const damaged = store.keys().filter((key) => key === "damaged:profiles");
    menu.replaceChildren(
      ...Object.entries(actions).map(([label, act]) => el("button", { type: "button", onclick: act }, label)),
      ...damaged.map((key) => el("button", { type: "button", onclick: () => save("受损内容.json", store.raw(key)) }, "另存受损内容")), file);
  }

  Plans.manage = { show, rename, remove, clear, clearAll, toFile, fromFile, take };
})();
