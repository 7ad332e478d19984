/* Liane: « (3) Messagerie – Liane ». The page says how many messages wait; the title of the document shows it,
   on whatever page, before or after the application changes that title. */
(() => {
  "use strict";
  // « Erreur – » comes first, whoever puts it there.
  const PARTS = /^(Erreur – )?(?:\(\d+\+?\) )?/;
  const mark = () => {
    const waiting = document.querySelector("[data-unread]")?.dataset.unread;
    const wanted = document.title.replace(PARTS, `$1${waiting ? `(${waiting}) ` : ""}`);
    if (wanted !== document.title) document.title = wanted;
  };
  document.addEventListener("DOMContentLoaded", () => {
    const changed = new MutationObserver(mark);
    changed.observe(document.head, { childList: true, subtree: true, characterData: true });
    changed.observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-unread"] });
    mark();
  });
})();
