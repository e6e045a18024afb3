// Runs inside the frame that stands in for a worker on file://; see CHANGES.txt.
"use strict";
window.postMessage = (message, origin) => parent.postMessage(message, origin || "*");
window.importScripts = (...urls) => urls.reduce(
  (before, url) => before.then(() => new Promise((done) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = done;
    document.body.appendChild(script);
  })),
  Promise.resolve(),
);
const worker = document.currentScript.dataset.worker;
addEventListener("error", ({ error }) => parent.dispatchEvent(new ErrorEvent("error", { filename: worker, error })));
// The worker takes the first script of its document for its own and finds its files beside it.
document.currentScript.remove();
