/* Liane: a list that is one stop of the keyboard, and a preview that closes with Escape. */
(() => {
  "use strict";
  const LIST = "[data-roving]";
  const linksOf = (list) => [...list.querySelectorAll("a[data-row]")];
  const isNarrow = () => matchMedia("(max-width: 767px)").matches;
  const within = (event, selector) =>
    event.target instanceof Element ? event.target.closest(selector) : null;
  let opened = "";
  let piece = "";
  let wanted = "";

  const rove = (list, link) => {
    for (const other of linksOf(list)) other.tabIndex = other === link ? 0 : -1;
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  };

  const move = (event, list) => {
    const row = within(event, `${LIST} li`);
    const links = linksOf(list);
    const link = row?.querySelector("a[data-row]");
    const box = row?.querySelector(".doc-pick input");
    const at = links.indexOf(link);
    const to = {
      ArrowDown: Math.min(links.length - 1, at + 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: links.length - 1,
    }[event.key];
    if (to !== undefined && links[to]) {
      event.preventDefault();
      rove(list, links[to]);
    } else if (event.key === " " && box && event.target === link) {
      event.preventDefault();
      box.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    const list = within(event, LIST);
    if (list) move(event, list);
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    if (within(event, "input[type=search]")?.value) return;
    document.querySelector("[data-close-preview]")?.click();
  });

  document.addEventListener("focusin", (event) => {
    piece = within(event, "a[data-piece]")?.id || piece;
    const link = within(event, `${LIST} a[data-row]`);
    if (!link) return;
    opened = link.id;
    for (const other of linksOf(link.closest(LIST))) other.tabIndex = other === link ? 0 : -1;
  });

  document.addEventListener("click", (event) => {
    wanted = within(event, "[data-then-focus]")?.dataset.thenFocus ?? wanted;
  });

  /* « Ajouter un document »: to the place where files are added. */
  document.addEventListener("click", (event) => {
    const place = document.getElementById(within(event, "[data-scrolls]")?.dataset.scrolls ?? "");
    if (!place) return;
    place.scrollIntoView({ block: "center" });
    place.querySelector("form input, [data-browse]")?.focus({ preventScroll: true });
  });

  /* A picture that does not come gives way to a card that says what remains possible. */
  const mark = (event, failed) => {
    if (event.target instanceof HTMLImageElement && event.target.matches("img.doc-page"))
      event.target.closest(".doc-shown")?.toggleAttribute("data-failed", failed);
  };
  document.addEventListener("error", (event) => mark(event, true), true);
  document.addEventListener("load", (event) => mark(event, false), true);

  /* On a phone the document is a page of its own: the focus follows it, and comes back to its row. */
  const isLost = () => {
    const active = document.activeElement;
    return !active || active === document.body || !active.isConnected || !active.getClientRects().length;
  };
  const arrived = (node) => {
    if (!(node instanceof Element)) return;
    if (node.matches(".doc-adding > .panel")) {
      node.scrollIntoView({ block: "start" });
      node.querySelector("input")?.focus({ preventScroll: true });
    }
    /* A file of a message takes the place of its conversation, which takes it back. */
    if (node.matches(".piece-view")) node.querySelector("h2")?.focus();
    if (!node.matches(".doc-preview")) return;
    if (!isNarrow()) return;
    scrollTo(0, 0);
    node.querySelector("h2")?.focus();
  };
  const left = (node) => {
    if (!(node instanceof Element) || !node.matches(".doc-preview, .piece-view")) return;
    const back = node.matches(".piece-view") ? wanted || piece : opened;
    wanted = "";
    setTimeout(() => {
      if (isLost() && !document.querySelector(".doc-preview, .piece-view"))
        document.getElementById(back)?.focus();
    });
  };
  /* What goes from the oldest year to the newest is read from its end, or around the chosen one. */
  const showEnd = () => {
    for (const box of document.querySelectorAll("[data-from-end]")) {
      const chosen = box.querySelector('[aria-current="true"]');
      const from = box.getBoundingClientRect().left - box.scrollLeft + box.clientWidth / 2;
      box.scrollLeft = chosen ? chosen.getBoundingClientRect().left - from : box.scrollWidth;
    }
  };
  const YEARS = "[data-from-end], .doc-preview";
  const changesYears = (node) =>
    node instanceof Element && (node.matches(YEARS) || node.querySelector(YEARS));
  document.addEventListener("click", (event) => {
    if (within(event, "[data-expands]")) setTimeout(showEnd);
  });

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      for (const change of changes) {
        change.addedNodes.forEach(arrived);
        if ([...change.addedNodes, ...change.removedNodes].some(changesYears)) showEnd();
        change.removedNodes.forEach(left);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
