/* Liane: a message as it is written. Saved from its first character, sent until it is answered.
   A draft has one key wherever it is written; sent again under it, it makes no second message. Nothing of
   it is kept in the browser: only the fields of the page hold it. */
(() => {
  "use strict";
  const FORM = "form[data-message]";
  const SAVE = "/api/messages/draft";
  const SEND = "/api/messages/send";
  const EVERY = 5000;
  const PATIENCE = 20000;
  const LONGEST_WAIT = 30000;
  const LONGEST_PICK = 5000;
  const LONGEST_HOLD = 3000;
  const DOUBLE = 600;
  const SAME_PLACE = 16;
  const LONGEST_TEXT = 20000;
  // What a browser still sends for a page that is gone.
  const KEPT_ALIVE = 60000;
  const ENDS = "form[action^='/auth/sign-out'], form[action^='/auth/act-for']";
  const NO_TALK = "message.conversation_not_found";
  const NO_ANSWER = new Set([0, 429, 502, 503, 504]);
  const NARROW = "\u202f";
  const NO_LINE = `Pas de connexion${NARROW}: votre message partira dès qu’elle revient.`;
  const NOT_SAVED = "Votre texte n’est pas encore enregistré";
  const BROKEN = "Votre message n’est pas parti. Réessayez dans un instant.";
  const GONE = "Votre réponse ne peut plus partir d’ici. Copiez-la dans un nouveau message.";
  const FILES_FIRST = "Une pièce jointe est en cours d’envoi. Votre message partira avec elle.";
  const FILE_LEFT_OUT = "Une pièce n’a pas pu être jointe. Voyez pourquoi, puis envoyez votre message.";
  const INVISIBLE = /[\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}|\p{Cs}|\p{Cn}/gu;
  const NAMES = { recipient: "message-recipient", subject: "message-subject", text: "message-text" };

  // One for each form on the page: what the server holds of it, and what is under way.
  const desks = new Map();
  let carried = null;

  const within = (event, selector) =>
    event.target instanceof Element ? event.target.closest(selector) : null;
  const make = (tag, look, text = "") => {
    const element = document.createElement(tag);
    if (look) element.className = look;
    element.textContent = text;
    return element;
  };
  const act = (words, doIt, look = "btn") => {
    const button = make("button", look, words);
    button.type = "button";
    button.addEventListener("click", doIt);
    return button;
  };
  const place = (desk, name) => desk.form.querySelector(`[data-message-${name}]`);
  const field = (form, name) => form.elements.namedItem(name);
  const valueOf = (form, name) => field(form, name)?.value ?? "";
  const wait = (delay) =>
    new Promise((go) => {
      const end = () => {
        clearTimeout(timer);
        removeEventListener("online", end);
        go();
      };
      const timer = setTimeout(end, delay);
      addEventListener("online", end);
    });

  /* ---- what the form says ---- */
  const contentOf = (form) => ({
    draft_id: form.dataset.message,
    text: valueOf(form, "text"),
    subject: valueOf(form, "subject"),
    recipients: [...form.querySelectorAll("input[name=recipient]")].map((input) => input.value),
    priority: valueOf(form, "priority"),
    conversation_id: valueOf(form, "conversation_id"),
    reply_to_id: valueOf(form, "reply_to_id"),
    is_reply_all: valueOf(form, "is_reply_all") !== "",
    about_patient_id: valueOf(form, "about_patient_id"),
    treatment_id: valueOf(form, "treatment_id"),
    entry_id: valueOf(form, "entry_id"),
  });
  const written = (desk) => JSON.stringify(contentOf(desk.form));
  const isBlank = (content) =>
    !content.text.trim() && !content.subject.trim() && !content.recipients.length;

  /* ---- what is told ---- */
  const tell = (desk, words) => {
    const status = place(desk, "status");
    if (status && status.textContent !== words) status.textContent = words;
  };
  const trouble = (desk, words = "", ...buttons) => {
    const box = place(desk, "trouble");
    if (!box) return;
    const said = box.querySelector("p")?.textContent ?? "";
    if (said === words && !buttons.length) return;
    box.replaceChildren();
    if (!words) return;
    const callout = make("div", "callout warning");
    const inner = make("div", "grow stack tight");
    inner.append(make("p", "", words));
    if (buttons.length) {
      const row = make("div", "row wrap");
      row.append(...buttons);
      inner.append(row);
    }
    callout.append(inner);
    box.append(callout);
    box.scrollIntoView({ block: "nearest" });
  };
  const controlOf = (desk, name) =>
    desk.form.querySelector(`#${NAMES[name] ?? name}`) || desk.form.querySelector(`[name=${name}]`);
  const lowerFirst = (words) =>
    words.replace(/^\p{Lu}(?=[\p{Ll} ’])/u, (letter) => letter.toLowerCase());
  const clearFaults = (desk) => {
    place(desk, "faults")?.replaceChildren();
    desk.isUnkept = false;
    for (const box of desk.form.querySelectorAll("[data-fault]")) {
      box.replaceChildren();
      box.closest(".field")?.classList.remove("bad");
    }
    for (const control of desk.form.querySelectorAll("[data-described]")) {
      control.removeAttribute("aria-invalid");
      const before = control.dataset.described;
      if (before) control.setAttribute("aria-describedby", before);
      else control.removeAttribute("aria-describedby");
      delete control.dataset.described;
    }
  };
  const showFault = (desk, name, sentence, code) => {
    const box = desk.form.querySelector(`[data-fault=${name}]`);
    const control = controlOf(desk, name);
    if (!box) return;
    const line = make("p", "err", `Erreur${NARROW}: ${lowerFirst(sentence)}`);
    line.id = `message-${name}-fault`;
    box.replaceChildren(line);
    if (code === "message.unsendable")
      box.append(act("Retirer les caractères invisibles", () => dropInvisible(desk, name)));
    box.closest(".field")?.classList.add("bad");
    if (!control) return;
    control.dataset.described = control.getAttribute("aria-describedby") ?? "";
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", `${control.dataset.described} ${line.id}`.trim());
  };
  /* The summary takes the focus as it arrives: liane.js knows it by its class. */
  const showFaults = (desk, { fields, codes }) => {
    const names = Object.keys(fields);
    for (const name of names) showFault(desk, name, fields[name], codes?.[name]);
    const summary = make("div", "errsum");
    summary.setAttribute("role", "alert");
    summary.tabIndex = -1;
    const count = names.length > 1 ? `Il y a ${names.length} erreurs` : "Il y a 1 erreur";
    summary.append(make("h2", "", `${count} dans le formulaire`));
    const list = make("ul", "");
    for (const name of names) {
      const link = make("a", "", fields[name]);
      link.href = `#${controlOf(desk, name)?.id || "contenu"}`;
      const line = make("li", "");
      line.append(link);
      list.append(line);
    }
    summary.append(list);
    place(desk, "faults")?.replaceChildren(summary);
  };
  const dropInvisible = (desk, name) => {
    const control = controlOf(desk, name);
    if (!control) return;
    const count = (control.value.match(INVISIBLE) ?? []).length;
    control.value = control.value.replace(INVISIBLE, "");
    clearFaults(desk);
    const many = count > 1 ? "s" : "";
    trouble(desk, `${count} caractère${many} invisible${many} retiré${many}. Relisez, puis envoyez.`);
    control.focus();
    changed(desk);
  };
  const countText = (desk) => {
    const text = field(desk.form, "text");
    const box = desk.form.querySelector("#message-text-count");
    if (!text || !box) return;
    const used = [...text.value].length;
    const words =
      used < LONGEST_TEXT * 0.8
        ? ""
        : `${used.toLocaleString("fr-FR")} caractères sur ${LONGEST_TEXT.toLocaleString("fr-FR")}`;
    if (box.textContent !== words) box.textContent = words;
  };

  /* ---- asking the server ---- */
  const ask = async (address, body, keepalive = false) => {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        credentials: "same-origin",
        cache: "no-store",
        body,
        ...(keepalive ? { keepalive: true } : { signal: AbortSignal.timeout(PATIENCE) }),
      });
      if (NO_ANSWER.has(answer.status)) return { status: 0, said: {} };
      return { status: answer.status, said: await answer.json().catch(() => ({})) };
    } catch {
      return { status: 0, said: {} };
    }
  };
  const bodyOf = (desk, content, more = {}) =>
    JSON.stringify({ ...JSON.parse(content), revision: desk.revision, ...more });
  /* A save whose answer never came may have arrived: asked again as it was, before anything newer, it tells the
     revision. Otherwise one's own words would look like another tab's. */
  const settle = async (desk) => {
    if (!desk.unanswered) return true;
    const { status, said } = await ask(SAVE, desk.unanswered);
    if (!status) return false;
    desk.unanswered = "";
    if (status === 200) desk.revision = said.revision || desk.revision;
    return true;
  };
  const keep = async (desk, content, more) => {
    if (!(await settle(desk))) return { status: 0, said: {} };
    const body = bodyOf(desk, content, more);
    const answer = await ask(SAVE, body);
    if (!answer.status) desk.unanswered = body;
    return answer;
  };

  /* ---- saving: one request at a time, and what was typed meanwhile goes with the next ---- */
  const save = async (desk, more = {}) => {
    const content = written(desk);
    const isNew = desk.revision === 0;
    if (desk.isClosed || desk.isSending || desk.saving || content === desk.kept) return;
    if (content === desk.refused && !more.overwrite) return;
    if (isNew && isBlank(JSON.parse(content))) return;
    const work = keep(desk, content, more);
    desk.saving = work;
    const { status, said } = await work;
    if (desk.saving === work) desk.saving = null;
    if (desk.isClosed) return;
    if (status === 200) {
      desk.kept = content;
      desk.refused = "";
      desk.revision = said.revision || desk.revision;
      if (said.sentence) tell(desk, said.sentence);
      if (desk.isUnkept) clearFaults(desk);
      if (!desk.isSending) trouble(desk);
      if (written(desk) !== content && isNew) void save(desk);
      return;
    }
    tell(desk, NOT_SAVED);
    if (!status) return;
    // Signed out: kept as soon as somebody signs in again in another tab.
    if (status !== 401) desk.refused = content;
    refusedSave(desk, said);
  };
  const refusedSave = (desk, said) => {
    if (said.code === "message.draft_changed") return conflict(desk, said.sentence);
    if (said.code === "message.draft_sent") return sentElsewhere(desk, said.sentence);
    if (said.code === NO_TALK) return gone(desk);
    const fields = Object.entries(said.fields ?? {});
    for (const [name, sentence] of fields) {
      // Said once: whoever tried to send reads it there already.
      if (desk.form.querySelector(`[data-fault=${name}]`)?.childElementCount) continue;
      showFault(desk, name, sentence, said.codes?.[name]);
      desk.isUnkept = true;
    }
    trouble(desk, fields.length ? "" : said.sentence || NOT_SAVED);
  };
  const conflict = (desk, words) =>
    trouble(
      desk,
      words,
      act("Reprendre l’autre version", () => {
        desk.isClosed = true;
        location.reload();
      }),
      act("Garder celle-ci", () => {
        trouble(desk);
        void save(desk, { overwrite: true });
      }),
    );
  const sentElsewhere = (desk, words) =>
    trouble(
      desk,
      words,
      act("Copier dans un nouveau message", () => {
        carried = { text: valueOf(desk.form, "text"), subject: valueOf(desk.form, "subject") };
        desk.isClosed = true;
        place(desk, "again")?.click();
      }),
    );
  const gone = (desk) => {
    tell(desk, NOT_SAVED);
    sentElsewhere(desk, GONE);
  };
  const isUnsaved = (desk) => {
    const content = written(desk);
    if (desk.isClosed || desk.isSent || content === desk.kept || content === desk.refused) return false;
    return desk.revision > 0 || !isBlank(JSON.parse(content));
  };
  const leave = async (desk) => {
    if (!isUnsaved(desk)) return;
    const content = written(desk);
    // The revision is not known while an answer is awaited, and there may be no time to wait for it.
    const body = bodyOf(desk, content, desk.saving || desk.unanswered ? { overwrite: true } : {});
    const work = ask(SAVE, body, new Blob([body]).size < KEPT_ALIVE);
    desk.saving = work;
    const { status, said } = await work;
    if (desk.saving === work) desk.saving = null;
    if (!status) desk.unanswered = body;
    if (status !== 200) return;
    desk.kept = content;
    desk.revision = said.revision || desk.revision;
  };
  const changed = (desk) => {
    countText(desk);
    if (desk.revision === 0) void save(desk);
  };

  /* ---- sending: the same draft, until the server says what became of it ---- */
  const hold = (desk, isHeld) => {
    desk.isSending = isHeld;
    const button = desk.form.querySelector("button[type=submit]");
    if (button) button.disabled = isHeld || "refused" in desk.form.dataset;
    const verb = place(desk, "verb");
    if (verb) verb.textContent = isHeld ? "Envoi…" : "Envoyer";
    for (const name of ["text", "subject"]) {
      const control = field(desk.form, name);
      if (control) control.readOnly = isHeld;
    }
  };
  /* What is picked in a list comes back through the page: whoever sends at once waits for it. */
  const picksOf = (form) => {
    const { recipients, about_patient_id: about, treatment_id: treatment } = contentOf(form);
    return JSON.stringify([recipients, about, treatment]);
  };
  const pick = (option) => {
    const desk = desks.get(option.closest("form[data-message]"));
    if (desk) desk.pick = { before: picksOf(desk.form), until: Date.now() + LONGEST_PICK };
  };
  /* A search field gives way to what was chosen, and comes back without it: the focus goes on from there. */
  const goOn = async (element) => {
    const place = element.closest("form[data-message] [data-chosen]");
    if (!place) return;
    const end = Date.now() + LONGEST_PICK;
    while (element.isConnected && Date.now() < end) await new Promise((next) => setTimeout(next, 30));
    if (element.isConnected || (document.activeElement ?? document.body) !== document.body) return;
    (place.querySelector("[role=combobox]") ?? place.querySelector("button"))?.focus();
    // Its list opens again when it is asked for.
    place.querySelector(".combo")?.setAttribute("data-closed", "");
  };
  const picked = async (desk) => {
    const isDue = () => desk.form.isConnected && Date.now() < desk.pick.until;
    while (desk.pick && picksOf(desk.form) === desk.pick.before && isDue())
      await new Promise((end) => setTimeout(end, 50));
    desk.pick = null;
  };
  /* A file on its way when somebody presses « Envoyer » leaves with the message, or the message stays. */
  const filesArrived = async (desk) => {
    const box = [...document.querySelectorAll("[data-uploads][data-busy]")].find(
      ({ dataset }) => dataset.draft === desk.id,
    );
    if (!box) return true;
    const refusals = () => box.querySelectorAll(".up-line .err").length;
    const before = refusals();
    trouble(desk, FILES_FIRST);
    while ("busy" in box.dataset && box.isConnected && !desk.isClosed)
      await new Promise((end) => setTimeout(end, 50));
    trouble(desk);
    if (refusals() <= before) return true;
    hold(desk, false);
    trouble(desk, FILE_LEFT_OUT, act("Voir les fichiers", () => box.closest("dialog")?.showModal()));
    return false;
  };
  const send = async (desk) => {
    if (desk.isSending || desk.isSent || "refused" in desk.form.dataset) return;
    hold(desk, true);
    clearFaults(desk);
    trouble(desk);
    await picked(desk);
    await desk.saving;
    if (!(await filesArrived(desk))) return;
    const content = written(desk);
    let answer = { status: 0, said: {} };
    for (let delay = 1000; !desk.isClosed; delay = Math.min(delay * 2, LONGEST_WAIT)) {
      if (await settle(desk)) answer = await ask(SEND, bodyOf(desk, content));
      if (answer.status) break;
      trouble(desk, NO_LINE);
      await wait(delay);
    }
    if (desk.isClosed) return;
    if (answer.status === 200) return arrivedThere(desk, answer.said);
    hold(desk, false);
    refusedSend(desk, answer);
  };
  let sentAt = -Infinity;
  const arrivedThere = (desk, said) => {
    desk.isSent = true;
    sentAt = performance.now();
    trouble(desk);
    tell(desk, said.sentence);
    for (const name of ["text", "subject"]) {
      const control = field(desk.form, name);
      if (control) control.value = "";
    }
    place(desk, "sent")?.click();
  };
  const refusedSend = (desk, { said }) => {
    if (said.code === "message.draft_sent") return sentElsewhere(desk, said.sentence);
    if (said.code === "message.draft_changed") return conflict(desk, said.sentence);
    if (said.code === NO_TALK) return gone(desk);
    if (Object.keys(said.fields ?? {}).length) return showFaults(desk, said);
    trouble(desk, said.sentence || BROKEN);
    place(desk, "trouble")?.scrollIntoView({ block: "nearest" });
    // What could not leave is kept all the same.
    if (said.code !== "message.signed_out") void save(desk);
  };

  /* ---- forms come and go with the page ---- */
  const fill = (form, content) => {
    for (const name of ["text", "subject"]) {
      const control = field(form, name);
      if (control && content[name] !== undefined) control.value = content[name];
    }
    const chosen = { priority: content.priority, is_reply_all: content.is_reply_all ? "tous" : "" };
    for (const [name, value] of Object.entries(chosen))
      for (const radio of form.querySelectorAll(`input[type=radio][name=${name}]`))
        if (content[name] !== undefined) radio.checked = radio.value === value;
  };
  /* The place where one was typing is found again, when nothing else took the focus. */
  const backTo = (desk, typing) => {
    const control = typing && field(desk.form, typing.name);
    if (!control || (document.activeElement && document.activeElement !== document.body)) return;
    control.focus({ preventScroll: true });
    control.setSelectionRange?.(typing.from, typing.to);
  };
  const mount = (form) => {
    if (desks.has(form)) return;
    const id = form.dataset.message;
    const talk = valueOf(form, "conversation_id");
    const isSame = (desk) => desk.id === id || (talk && valueOf(desk.form, "conversation_id") === talk);
    const before = [...desks.values()].findLast((desk) => !desk.form.isConnected && isSame(desk));
    const desk = {
      id,
      form,
      revision: Number(form.dataset.revision) || 0,
      kept: "",
      refused: "",
      unanswered: "",
      isUnkept: false,
      saving: null,
      isSending: false,
      isSent: false,
      isClosed: false,
      isGone: false,
      typing: null,
    };
    desks.set(form, desk);
    desk.kept = written(desk);
    if (before) {
      // Drawn anew, as after the server came back: what was typed and not saved yet is put back.
      const content = written(before);
      const isLost = !before.isClosed && !before.isSent;
      if (isLost && content !== before.kept) {
        fill(form, JSON.parse(content));
        setTimeout(() => save(desk));
      }
      if (isLost && before.isSending && before.id === id) void send(desk);
      before.isClosed = true;
      backTo(desk, before.typing);
    }
    if (carried && !valueOf(form, "text")) {
      fill(form, carried);
      carried = null;
      changed(desk);
    }
    for (const other of desks.values())
      if (other.isClosed && !other.form.isConnected) desks.delete(other.form);
    countText(desk);
    const subject = field(form, "subject");
    if (subject?.value) subject.dispatchEvent(new Event("input", { bubbles: true }));
  };
  /* What holds the form back is said by the page: not a second time by what was answered. */
  const sayOnce = (desk) => {
    const said = place(desk, "trouble")?.textContent;
    if (said && desk.form.querySelector("#message-refusal")?.textContent.includes(said)) trouble(desk);
  };
  const look = () => {
    for (const form of document.querySelectorAll(FORM)) mount(form);
    for (const desk of desks.values()) {
      if ("refused" in desk.form.dataset) sayOnce(desk);
      if (desk.form.isConnected || desk.isGone) continue;
      desk.isGone = true;
      leave(desk);
    }
  };

  document.addEventListener("input", (event) => {
    const desk = desks.get(within(event, FORM));
    if (!desk) return;
    desk.isClosed = false;
    const { name, selectionStart: from, selectionEnd: to } = event.target;
    desk.typing = ["text", "subject"].includes(name) ? { name, from, to } : null;
    changed(desk);
  });
  document.addEventListener("focusout", (event) => {
    const desk = desks.get(within(event, FORM));
    // A field that is taken away loses the focus too, while it is still there.
    setTimeout(() => {
      if (desk?.form.isConnected) desk.typing = null;
    });
  });
  document.addEventListener("submit", (event) => {
    const form = within(event, FORM);
    if (!form) return;
    event.preventDefault();
    mount(form);
    void send(desks.get(form));
  }, true);
  /* The second half of a double click is not for what took the place of « Envoyer » meanwhile. */
  let pressed = null;
  // On the window: before any other.
  addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const { clientX: x, clientY: y } = event;
    const isThere = pressed && Math.hypot(x - pressed.x, y - pressed.y) < SAME_PLACE;
    pressed = { x, y };
    if (!isThere || performance.now() - sentAt > DOUBLE) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const option = within(event, "[role=option]");
    if (option) pick(option);
    const given = option ?? within(event, "[data-unpick]");
    if (given) void goOn(given);
    const forgetting = within(event, "[data-message-forget]");
    if (!forgetting) return;
    for (const desk of desks.values())
      if (desk.id === forgetting.dataset.messageForget) desk.isClosed = true;
  }, true);
  /* Signing out, or acting for somebody else, waits until what is typed is kept, in other tabs too. */
  const others = new BroadcastChannel("liane-drafts");
  let awaited = 0;
  let letGo = null;
  const leaveAll = () => Promise.all([...desks.values()].map(leave));
  others.addEventListener("message", async ({ data }) => {
    if (data === "wait") awaited += 1;
    if (data === "kept") awaited -= 1;
    if (data !== "leaving" || ![...desks.values()].some(isUnsaved)) return;
    others.postMessage("wait");
    await leaveAll();
    others.postMessage("kept");
  });
  document.addEventListener("submit", async (event) => {
    const form = within(event, ENDS);
    if (!form || form === letGo) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if ("held" in form.dataset) return;
    form.dataset.held = "";
    awaited = 0;
    others.postMessage("leaving");
    const end = Date.now() + LONGEST_HOLD;
    await Promise.race([leaveAll(), wait(LONGEST_HOLD)]);
    await new Promise((next) => setTimeout(next, 60));
    while (awaited > 0 && Date.now() < end) await new Promise((next) => setTimeout(next, 30));
    letGo = form;
    delete form.dataset.held;
    form.requestSubmit(submitter);
  }, true);
  addEventListener("pagehide", leaveAll);
  document.addEventListener("visibilitychange", () => document.hidden && void leaveAll());
  addEventListener("online", () => desks.forEach((desk) => void save(desk)));
  setInterval(() => desks.forEach((desk) => void save(desk)), EVERY);

  document.addEventListener("DOMContentLoaded", () => {
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
})();
