/* Puts a page of the mall into the page that this script stands in. docs/embed.md */
(function () {
  "use strict";
  const script = document.currentScript;
  if (!script) return;
  const origin = new URL(script.src, location.href).origin;
  let path = script.getAttribute("data-path") || "/";
  // A path of the mall and nothing else, whatever the attribute says.
  if (!/^\/(?![/\\])[^\\\s]*$/.test(path)) path = "/";
  const frame = document.createElement("iframe");
  frame.title = script.getAttribute("data-title") || "积分商城";
  frame.src = origin + path;
  frame.style.cssText = "display:block;width:100%;border:0;min-height:480px";
  frame.setAttribute("allow", "clipboard-write");
  frame.setAttribute("referrerpolicy", "origin");
  const isFixed = script.getAttribute("data-height");
  if (isFixed) frame.style.height = /^\d+$/.test(isFixed) ? isFixed + "px" : "100%";
  addEventListener("message", function (event) {
    // Only the mall, and only from this frame of it.
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const said = event.data;
    if (!said || typeof said !== "object") return;
    if (said.type === "qiangdui:height" && !isFixed) {
      const height = Math.min(20000, Math.max(320, Math.ceil(Number(said.height) || 0)));
      frame.style.height = height + "px";
    }
    if (said.type === "qiangdui:path" && typeof said.path === "string") {
      script.dispatchEvent(new CustomEvent("mallpath", { detail: { path: said.path } }));
    }
  });
  script.parentNode.insertBefore(frame, script.nextSibling);
})();
