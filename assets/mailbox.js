/* Liane: the mailbox. Where one reads stays where it is, the newest message is in view when a conversation opens,
   and what is in front of somebody is marked read. */
(() => {
  "use strict";
  const NEAR = 96;
  const DOUBLE = 600;
  const within = (event, selector) =>
    event.target instanceof Element ? event.target.closest(selector) : null;
  const thread = () => document.querySelector(".conv [data-thread]");
  /* On a phone the page itself scrolls. */
  const scroller = (box) =>
    getComputedStyle(box).overflowY === "auto" ? box : document.scrollingElement;
  const lastOf = (box) => box.querySelector(".msgs")?.lastElementChild ?? null;
  const fromEnd = (place) => place.scrollHeight - place.scrollTop - place.clientHeight;
  const toNewest = (box) => {
    const place = scroller(box);
    if (place === box) place.scrollTop = place.scrollHeight;
    else lastOf(box)?.scrollIntoView({ block: "nearest" });
    box.closest(".conv")?.removeAttribute("data-missed");
  };

  let shown = "";
  let newest = null;
  let wasNear = true;
  let olderFromEnd = -1;
  let openedAt = -Infinity;

  /* The form below takes its place a moment later, and changes its height as one writes. */
  const sizes = new ResizeObserver(([entry]) => {
    const box = entry.target;
    if (box.isConnected && scroller(box) === box && wasNear) toNewest(box);
  });

  const look = () => {
    const box = thread();
    if (!box) {
      shown = "";
      return;
    }
    const last = lastOf(box);
    if (box.dataset.thread !== shown) {
      shown = box.dataset.thread;
      newest = last;
      openedAt = performance.now();
      wasNear = true;
      sizes.disconnect();
      sizes.observe(box);
      requestAnimationFrame(() => toNewest(box));
      return;
    }
    if (olderFromEnd >= 0) {
      const place = scroller(box);
      place.scrollTop = place.scrollHeight - place.clientHeight - olderFromEnd;
      olderFromEnd = -1;
      newest = last;
      return;
    }
    if (last && newest && last !== newest && !last.contains(newest)) {
      const isOwn = last.matches(".me");
      if (wasNear || isOwn) requestAnimationFrame(() => toNewest(box));
      else box.closest(".conv")?.setAttribute("data-missed", "");
    }
    newest = last;
  };
  const remember = () => {
    const box = thread();
    if (!box) return;
    wasNear = fromEnd(scroller(box)) < NEAR;
    if (wasNear) box.closest(".conv")?.removeAttribute("data-missed");
  };
  /* The focus goes to the title of what opens; on a phone, that must not bring back the beginning. */
  document.addEventListener("focusin", (event) => {
    const box = within(event, ".conv h1") ? thread() : null;
    if (box && openedAt + 1500 > performance.now()) requestAnimationFrame(() => toNewest(box));
  });
  document.addEventListener("scroll", remember, { capture: true, passive: true });

  /* What is in front of somebody is read: the tab is shown and has the focus. */
  let asked = 0;
  const readIt = () => {
    if (document.hidden || !document.hasFocus()) return;
    const button = document.querySelector(".conv [data-reads]");
    if (!button || performance.now() - asked < 300) return;
    asked = performance.now();
    button.click();
  };
  addEventListener("focus", readIt);
  document.addEventListener("visibilitychange", readIt);

  /* The list keeps its place from one page of the mailbox to the next. */
  let listTop = 0;
  const LIST = ".mb-scroll";
  document.addEventListener("scroll", (event) => {
    if (event.target instanceof Element && event.target.matches(LIST)) listTop = event.target.scrollTop;
  }, { capture: true, passive: true });

  /* « Marquer comme traité » shows the next conversation: a double click is for the first one alone. */
  let advancedAt = -Infinity;
  document.addEventListener("click", (event) => {
    if (!within(event, "[data-advances]")) return;
    const isAgain = performance.now() - advancedAt < DOUBLE;
    advancedAt = performance.now();
    if (isAgain) event.stopImmediatePropagation();
  }, true);

  document.addEventListener("click", (event) => {
    if (within(event, "[data-older]")) {
      const box = thread();
      if (box) olderFromEnd = fromEnd(scroller(box));
    }
    if (within(event, "[data-to-newest]")) {
      const box = thread();
      if (!box) return;
      toNewest(box);
      box.focus({ preventScroll: true });
    }
    if (within(event, ".boxes a, .mb-head a, .mb-list .pager a")) listTop = 0;
  });

  /* Escape leaves the conversation for its row in the list; on a phone, for the list. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const pane = within(event, ".conv");
    if (!pane || within(event, "input, textarea, select, [data-close-preview]")) return;
    if (document.querySelector("[data-close-preview]")) return;
    const row = document.querySelector(`${LIST} a[data-row][tabindex="0"]`);
    if (row?.getClientRects().length) row.focus();
    else pane.querySelector("a.back")?.click();
  });

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      for (const change of changes)
        for (const node of change.addedNodes) {
          if (!(node instanceof Element)) continue;
          const list = node.matches(LIST) ? node : node.querySelector(LIST);
          if (list && listTop) list.scrollTop = listTop;
        }
      look();
      readIt();
    }).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["data-thread"],
    });
  });
})();
