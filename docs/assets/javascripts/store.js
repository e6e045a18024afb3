/* What is kept on the device: one localStorage key a thing, versioned; faults are told, never thrown. */
(() => {
  "use strict";

  const PREFIX = "plans:1:";
  const listeners = new Map();
  const memory = new Map(); // stands in when the browser refuses storage
  let told = false;

  function tell(text) {
    if (told) return;
    told = true;
    Plans.announce(text, "fault");
  }

  function notify(key) {
    for (const listener of listeners.get(key) || []) listener(get(key));
  }

  /** The value kept under `key`, or `fallback`. A damaged value is set aside under "damaged:" and told. */
  function get(key, fallback = null) {
    if (memory.has(key)) return JSON.parse(memory.get(key));
    let text = null;
    try { text = localStorage.getItem(PREFIX + key); } catch { return fallback; }
    if (text === null) return fallback;
    try { return JSON.parse(text); } catch {
      try {
        localStorage.setItem(`${PREFIX}damaged:${key}`, text);
        localStorage.removeItem(PREFIX + key);
      } catch { /* nothing is lost: the damaged text stays where it was */ }
      tell("保存在本机的内容有损坏，已另存一份，页面按未填写继续使用。");
      return fallback;
    }
  }

  /** Keep a value. Returns false when it could only be held until the page is closed. */
  function set(key, value) {
    const text = JSON.stringify(value);
    let kept = true;
    try {
      localStorage.setItem(PREFIX + key, text);
      memory.delete(key);
    } catch {
      memory.set(key, text);
      kept = false;
      tell("本机存储已满或被禁用，填写的内容关闭页面后不保留，请先导出。");
    }
    notify(key);
    return kept;
  }

  /** The text under `key` as it is kept, damaged or not; null without one. */
  function raw(key) {
    try { return memory.get(key) ?? localStorage.getItem(PREFIX + key); } catch { return null; }
  }

  /** Forget one key. */
  function remove(key) {
    memory.delete(key);
    try { localStorage.removeItem(PREFIX + key); } catch { /* there is nothing to forget */ }
    notify(key);
  }

  /** Every key that is kept. */
  function keys() {
    const found = new Set(memory.keys());
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const name = localStorage.key(i);
        if (name.startsWith(PREFIX)) found.add(name.slice(PREFIX.length));
      }
    } catch { /* only what is in memory */ }
    return [...found];
  }

  /** Call `listener(value)` when the key changes here or in another tab. Returns a function that stops it. */
  function on(key, listener) {
    if (!listeners.has(key)) listeners.set(key, new Set());
    listeners.get(key).add(listener);
    return () => listeners.get(key).delete(listener);
  }

  addEventListener("storage", (event) => {
    if (event.key === null) for (const key of listeners.keys()) notify(key);
    else if (event.key.startsWith(PREFIX)) notify(event.key.slice(PREFIX.length));
  });

  Plans.store = { get, raw, set, remove, keys, on };
})();
