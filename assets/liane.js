/* Liane: what the browser does by itself. Loaded in <head>, before the application.
   Every listener sits on the document, so that it outlives any rendering of the page. */
(() => {
  "use strict";
  const root = document.documentElement;
  const NARROW = "\u202f";
  const NO_FILE = "Aucun fichier choisi";

  /* A strong token for the page's socket, before the application makes a weak one (S003). */
  const strongToken = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  sessionStorage.token ||= strongToken();

  /* ---- theme: the person's choice, else the system's ---- */
  const THEME = "liane-theme";
  const applyTheme = () => {
    const chosen = localStorage.getItem(THEME);
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    else delete root.dataset.theme;
    for (const input of document.querySelectorAll("input[data-theme-choice]"))
      input.checked = input.value === (root.dataset.theme || "system");
  };
  applyTheme();
  addEventListener("storage", (event) => event.key === THEME && applyTheme());

  /* ---- small helpers ---- */
  const closest = (event, selector) =>
    event.target instanceof Element ? event.target.closest(selector) : null;
  const controls = "input:not([type=hidden]), select, textarea, button, a[href]";
  const focusOn = (element) => {
    if (!element) return;
    const target = element.matches(controls + ", [tabindex]")
      ? element
      : element.querySelector(controls) || element;
    if (!target.matches(controls + ", [tabindex]")) target.tabIndex = -1;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  };

  /* ---- a file that is too heavy is not sent: its name gives way to the reason; the server looks again ---- */
  const weight = (bytes) =>
    bytes < 1e6
      ? `${Math.ceil(bytes / 1000)}\u00a0ko`
      : `${(Math.ceil(bytes / 1e5) / 10).toLocaleString("fr-FR")}\u00a0Mo`;
  const fileFault = ({ size }, most) => {
    if (!size) return "Ce fichier est vide. Choisissez-en un autre";
    if (size <= most) return "";
    return `Le fichier pèse ${weight(size)}. La taille maximale est de ${weight(most)}`;
  };

  /* ---- password in clear on demand ---- */
  const togglePassword = (button) => {
    const input = document.getElementById(button.dataset.togglePassword);
    if (!input) return;
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    const use = button.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, show ? "#eye-off" : "#eye"));
  };

  /* ---- criteria of a new password: ticked as one types; the server checks them again ---- */
  const CRITERIA = {
    length: (text) => [...text].length >= 8 && [...text].length <= 128,
    upper: (text) => /\p{Lu}/u.test(text),
    lower: (text) => /\p{Ll}/u.test(text),
    digit: (text) => /\p{Nd}/u.test(text),
    special: (text) => /[^\p{L}\p{N}\s]/u.test(text),
    again: (text, again) => text !== "" && text === again,
  };
  const tickCriteria = (group) => {
    const typed = (id) => (group.querySelector(`#${id}`)?.value || "").normalize("NFC");
    const lines = [...group.querySelectorAll("[data-criterion]")];
    let met = 0;
    for (const line of lines) {
      const isMet = CRITERIA[line.dataset.criterion](typed("password"), typed("password_again"));
      line.toggleAttribute("data-met", isMet);
      line.querySelector(".vh").textContent = isMet ? `${NARROW}: rempli` : "";
      if (isMet) met += 1;
    }
    const status = group.querySelector("[data-criteria-status]");
    const words = `${met} critère${met > 1 ? "s" : ""} rempli${met > 1 ? "s" : ""} sur ${lines.length}`;
    if (status && status.textContent !== words) status.textContent = words;
  };

  /* ---- combobox (WAI-ARIA 1.2: focus stays in the field, the option is designated) ---- */
  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const optionsOf = (input) => [...(listOf(input)?.querySelectorAll("[role=option]") || [])];
  const isClosed = (input) => input.closest(".combo")?.hasAttribute("data-closed");
  const watched = new WeakSet();
  const syncExpanded = (input) =>
    input.setAttribute("aria-expanded", String(!isClosed(input) && optionsOf(input).length > 0));
  const designate = (input, option) => {
    for (const other of optionsOf(input)) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const setClosed = (input, closed) => {
    input.closest(".combo")?.toggleAttribute("data-closed", closed);
    if (closed) designate(input, null);
    syncExpanded(input);
  };
  const watchList = (input) => {
    const list = listOf(input);
    if (!list || watched.has(list)) return;
    watched.add(list);
    new MutationObserver(() => {
      designate(input, null);
      syncExpanded(input);
    }).observe(list, { childList: true });
  };
  const comboboxKey = (event, input) => {
    if (event.isComposing) return;
    const options = isClosed(input) ? [] : optionsOf(input);
    const active = options.findIndex((o) => o.id === input.getAttribute("aria-activedescendant"));
    const go = (index) => {
      event.preventDefault();
      designate(input, options[Math.max(0, Math.min(options.length - 1, index))]);
    };
    if (event.key === "Escape" && options.length) {
      event.preventDefault();
      event.stopPropagation();
      setClosed(input, true);
    } else if (event.key === "ArrowDown" && isClosed(input)) {
      event.preventDefault();
      setClosed(input, false);
    } else if (!options.length) {
      if (event.key === "Enter" && input.closest("form")) event.preventDefault();
    } else if (event.key === "ArrowDown") go(active + 1);
    else if (event.key === "ArrowUp") go(active < 0 ? options.length - 1 : active - 1);
    else if (event.key === "Home" && active >= 0) go(0);
    else if (event.key === "End" && active >= 0) go(options.length - 1);
    else if (event.key === "Enter") {
      event.preventDefault();
      options[active]?.click();
    }
  };

  /* ---- drafts: what is typed is kept on the server (S055, S149) ---- */
  const timers = new Map();
  const fieldsOf = (form) => {
    const fields = {};
    for (const control of form.elements) {
      if (!control.name || control.name === "key" || "noDraft" in control.dataset) continue;
      if (["password", "file", "submit", "button", "reset"].includes(control.type)) continue;
      const isChoice = control.type === "checkbox" || control.type === "radio";
      const value = isChoice && !control.checked ? "" : control.value;
      const before = fields[control.name];
      fields[control.name] = before && value ? `${before}\n${value}` : before || value;
    }
    return fields;
  };
  const tellDraft = (form, text) => {
    for (const place of form.querySelectorAll("[data-draft-status]")) place.textContent = text;
    if (form.dataset.draft !== "registration") return;
    for (const place of document.querySelectorAll("[data-draft-saved]"))
      place.textContent = text.startsWith("Enregistré") ? `${text}, vous pouvez reprendre plus tard` : text;
  };
  const saveDraft = (form) => {
    clearTimeout(timers.get(form));
    timers.delete(form);
    const body = JSON.stringify({
      form: form.dataset.draft,
      scope: form.dataset.scope || "",
      fields: fieldsOf(form),
    });
    fetch("/api/drafts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "same-origin",
      keepalive: true,
      body,
    })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        const now = new Date();
        const minutes = String(now.getMinutes()).padStart(2, "0");
        tellDraft(form, `Enregistré à ${now.getHours()}${NARROW}h${NARROW}${minutes}`);
      })
      .catch(() => tellDraft(form, "Votre saisie n’est pas encore enregistrée"));
  };
  const draftLater = (form) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => saveDraft(form), 800));
  };
  const saveAllDrafts = () => [...timers.keys()].forEach(saveDraft);
  const dropTimer = (form) => {
    clearTimeout(timers.get(form));
    timers.delete(form);
  };

  /* ---- characters left: said from 80 % of the limit ---- */
  const countCharacters = (control) => {
    const place = document.getElementById(control.dataset.count);
    const limit = control.maxLength;
    if (!place || limit <= 0) return;
    const used = control.value.length;
    place.textContent =
      used >= limit * 0.8 ? `${used} caractère${used > 1 ? "s" : ""} sur ${limit}` : "";
  };

  /* ---- dialogs: modal ones of the browser; the state or a button of the page opens them ---- */
  const openers = new WeakMap();
  const openDialog = (dialog) => {
    if (!dialog.isConnected || dialog.open) return;
    openers.set(dialog, document.activeElement);
    dialog.showModal();
    dialog.querySelector("[data-safe]")?.focus();
  };
  const backToOpener = (dialog) => {
    const opener = openers.get(dialog);
    openers.delete(dialog);
    if (document.activeElement && document.activeElement !== document.body) return;
    if (opener?.isConnected) opener.focus();
    else if (opener) focusOn(document.querySelector("h1"));
  };
  /* A dialog drawn by the state is closed by the state: Escape presses its cross. */
  const isDrawn = (target) => target instanceof HTMLDialogElement && "modal" in target.dataset;
  document.addEventListener("cancel", (event) => {
    if (!isDrawn(event.target)) return;
    event.preventDefault();
    event.target.querySelector("[data-cancel]")?.click();
  }, true);
  document.addEventListener("close", (event) => {
    if (isDrawn(event.target) && event.target.isConnected)
      event.target.querySelector("[data-cancel]")?.click();
  }, true);

  /* ---- copying a code, filling a form with an account of the demonstration ---- */
  const copy = (button) =>
    navigator.clipboard?.writeText(button.dataset.copy).then(() => {
      announce("Copié");
      button.dataset.copied = "";
      setTimeout(() => delete button.dataset.copied, 2000);
    });
  const fill = (values) => {
    const inputs = Object.keys(values).map((name) => document.getElementById(name));
    for (const input of inputs) if (input) input.value = values[input.id];
    focusOn(inputs[0]);
  };

  /* ---- a page that asks again by itself, while its box is ticked and somebody sees it ---- */
  setInterval(() => {
    if (document.hidden) return;
    for (const box of document.querySelectorAll("input[data-repeats]:checked"))
      document.getElementById(box.dataset.repeats)?.click();
  }, 3000);

  /* ---- secrets told to the page alone: fetched, written as text, gone when the page is left ---- */
  const GONE = "Cette page a attendu trop longtemps. Rechargez-la.";
  const tellSecret = (place) =>
    fetch(place.dataset.toldBy, { credentials: "same-origin", cache: "no-store" })
      .then((answer) => (answer.ok ? answer.text() : GONE))
      .catch(() => GONE)
      .then((text) => (place.textContent = text));
  const askSecrets = (button) => {
    const list = document.getElementById(button.dataset.into);
    button.disabled = true;
    fetch(button.dataset.secrets, { method: "POST", credentials: "same-origin", cache: "no-store" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error())))
      .then(({ lines }) => {
        const items = lines.map((line) => {
          const item = document.createElement("li");
          item.textContent = line;
          return item;
        });
        list.replaceChildren(...items);
        list.closest("dialog")?.setAttribute("data-told", "");
        for (const copier of list.closest("dialog")?.querySelectorAll("[data-copy]") || [])
          copier.dataset.copy = lines.join("\n");
        focusOn(list);
      })
      .catch(() => location.assign(button.dataset.otherwise));
  };

  /* ---- menus: closed by Escape, by a click elsewhere, by leaving ---- */
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!except || !menu.contains(except)) menu.open = false;
  };

  /* ---- forms with several ways out: the button pressed says which one in the hidden field `way` ---- */
  const takeWay = (button) => {
    const way = button.form?.elements.namedItem("way");
    if (!way) return;
    way.value = button.dataset.way;
    if (button.type === "button") button.form.requestSubmit();
  };

  /* ---- the search pill of the top bar leads to the search field, wherever one was, and so does
     whatever empties it ---- */
  let searchWanted = -Infinity;
  const wantSearch = () => {
    searchWanted = performance.now();
    document.querySelector("input[data-search]")?.focus();
  };

  document.addEventListener("click", (event) => {
    const way = closest(event, "button[data-way]");
    if (way) takeWay(way);
    if (closest(event, ".top a.search, [data-wants-search]")) wantSearch();
    const eye = closest(event, "[data-toggle-password]");
    if (eye) togglePassword(eye);
    if (closest(event, "[data-print]")) print();
    const secrets = closest(event, "[data-secrets]");
    if (secrets) askSecrets(secrets);
    const copier = closest(event, "[data-copy]");
    if (copier) copy(copier);
    const filler = closest(event, "[data-fill]");
    if (filler) fill(JSON.parse(filler.dataset.fill));
    const opener = closest(event, "[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog) openDialog(dialog);
    }
    closest(event, "[data-closes]")?.closest("dialog")?.close();
    const more = closest(event, "[data-expands]");
    if (more) {
      const open = more.getAttribute("aria-expanded") !== "true";
      more.setAttribute("aria-expanded", String(open));
      document.getElementById(more.dataset.expands)?.toggleAttribute("data-open", open);
    }
    const jump = closest(event, ".errsum a, a.skip");
    if (jump) {
      const target = document.getElementById(decodeURIComponent(jump.hash.slice(1)));
      if (target) {
        event.preventDefault();
        focusOn(target);
      }
    }
    const option = closest(event, "[role=option]");
    if (option) {
      const input = option.closest(".combo")?.querySelector("[role=combobox]");
      if (input) setClosed(input, true);
      const form = option.closest("form[data-draft]");
      if (form) draftLater(form);
    }
    closeMenus(event.target);
  }, true);

  /* The focus stays in the field while an option is pressed. */
  document.addEventListener("mousedown", (event) => {
    if (closest(event, ".combo [role=listbox]")) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    const input = closest(event, "input[role=combobox]");
    if (input) comboboxKey(event, input);
    if (event.key !== "Escape" || event.defaultPrevented) return;
    root.dataset.hush = "";
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      event.preventDefault();
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("pointermove", () => delete root.dataset.hush, { passive: true });

  document.addEventListener("focusin", (event) => {
    delete root.dataset.hush;
    const input = closest(event, "input[role=combobox]");
    if (input) {
      watchList(input);
      setClosed(input, false);
    }
    if (!closest(event, "details.menu")) closeMenus();
  });
  document.addEventListener("focusout", (event) => {
    const input = closest(event, "input[role=combobox]");
    if (input && document.hasFocus()) setClosed(input, true);
  });

  document.addEventListener("input", (event) => {
    const control = event.target;
    if (!(control instanceof HTMLElement)) return;
    if (control.dataset.count) countCharacters(control);
    const choosing = control.closest("[data-new-password]");
    if (choosing) tickCriteria(choosing);
    if (control.getAttribute("role") === "combobox") setClosed(control, false);
    const form = control.closest("form[data-draft]");
    if (form && !("noDraft" in control.dataset)) draftLater(form);
  });
  document.addEventListener("change", (event) => {
    const choice = closest(event, "input[data-theme-choice]");
    if (choice) {
      if (choice.value === "system") localStorage.removeItem(THEME);
      else localStorage.setItem(THEME, choice.value);
      applyTheme();
    }
    const file = closest(event, ".filebox input");
    if (file) {
      const chosen = file.files[0];
      const fault = chosen && fileFault(chosen, Number(file.dataset.maxBytes));
      if (fault) file.value = "";
      const place = file.closest(".filebox").querySelector("[data-file-name]");
      place.textContent = fault || chosen?.name || NO_FILE;
      place.classList.toggle("err", Boolean(fault));
    }
    const form = closest(event, "form[data-draft]");
    if (form && !("noDraft" in event.target.dataset)) draftLater(form);
  });

  /* ---- one act per form, and no draft of what is being sent ---- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    dropTimer(form);
    const summary = document.querySelector(".errsum");
    if (summary) setTimeout(() => summary.isConnected && focusOn(summary), 500);
    if (!("once" in form.dataset)) return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
    });
  });
  addEventListener("pageshow", (event) => {
    applyTheme();
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  });
  addEventListener("pagehide", saveAllDrafts);
  document.addEventListener("visibilitychange", () => document.hidden && saveAllDrafts());

  /* ---- a step that replaces another on the same page takes the focus; the first one does not ---- */
  let stepsOf = "";
  const arriveWithin = (place) => {
    if (stepsOf === location.pathname) focusOn(place);
    stepsOf = location.pathname;
  };

  /* ---- « encore 42 min »: the server says how many seconds were left, this counts them down ---- */
  const countdowns = new WeakMap();
  setInterval(() => {
    for (const place of document.querySelectorAll("[data-left]")) {
      const known = countdowns.get(place);
      if (known?.left !== place.dataset.left) {
        countdowns.set(place, { left: place.dataset.left, at: performance.now() });
        continue;
      }
      const seconds = Number(known.left) - (performance.now() - known.at) / 1000;
      place.textContent = `encore ${Math.max(0, Math.ceil(seconds / 60))}\u00a0min`;
    }
  }, 10000);

  /* ---- the token of a link of ours: in the fragment, which no server sees, until the form is posted ---- */
  const fillFragment = (input) => {
    if (location.hash.length < 2) return;
    input.value = decodeURIComponent(location.hash.slice(1));
    if (input.dataset.fragment !== "send") return;
    history.replaceState(history.state, "", location.pathname);
    input.form?.requestSubmit();
  };

  /* ---- arrivals: the summary of errors takes the focus, menus know the theme ---- */
  const ERRORS = ".errsum, [data-page-error]";
  const arrived = (node) => {
    if (!(node instanceof Element)) return;
    const find = (selector) => (node.matches(selector) ? node : node.querySelector(selector));
    const summary = find(".errsum");
    if (summary) focusOn(summary);
    find("[data-page-error]")?.scrollIntoView({ block: "nearest" });
    if (find(ERRORS) && !document.title.startsWith("Erreur – "))
      document.title = `Erreur – ${document.title}`;
    const modal = find("dialog[data-modal]");
    if (modal) openDialog(modal);
    if (find("input[data-theme-choice]")) applyTheme();
    const token = find("input[data-fragment]");
    if (token) fillFragment(token);
    const secret = find("[data-told-by]");
    if (secret) tellSecret(secret);
    const search = find("input[data-search]");
    if (search && performance.now() - searchWanted < 3000) search.focus();
    const place = find("[data-focus]");
    if (place && !document.querySelector(".errsum")) arriveWithin(place);
  };
  const left = (node) => {
    if (!(node instanceof Element)) return;
    const find = (selector) => (node.matches(selector) ? node : node.querySelector(selector));
    if (find(ERRORS)) document.title = document.title.replace(/^Erreur – /, "");
    const modal = find("dialog[data-modal]");
    if (modal) backToOpener(modal);
  };

  /* ---- navigation inside the page: the focus goes to the title, which is announced ---- */
  let announcer;
  const announce = (text) => {
    if (!announcer?.isConnected) {
      announcer = document.createElement("p");
      announcer.className = "vh";
      announcer.setAttribute("role", "status");
      document.body.append(announcer);
    }
    announcer.textContent = text;
  };
  const plain = (path) => path.replace(/\/+$/, "") || "/";
  let here = plain(location.pathname);
  const arriveAt = () => {
    const there = plain(location.pathname);
    if (there === here) return;
    here = there;
    // Sent to sign in from inside: nothing of the pages before stays in memory, and a cookie that was
    // renewed meanwhile in another tab is seen by a connection of its own.
    if (there === "/connexion" && document.querySelector(".app")) {
      saveAllDrafts();
      location.reload();
      return;
    }
    stepsOf = "";
    saveAllDrafts();
    closeMenus();
    for (const dialog of document.querySelectorAll("dialog[open]:not([data-modal])")) dialog.close();
    const before = document.querySelector("h1");
    const start = performance.now();
    const look = () => {
      if (there !== here) return;
      const title = document.querySelector("h1");
      const patience = !title ? 3000 : title === before ? 600 : 0;
      if (performance.now() - start < patience) {
        setTimeout(look, 50);
        return;
      }
      announce(document.title);
      const active = document.activeElement;
      const typing = active instanceof Element && active.matches("input, textarea, select");
      if (!typing) focusOn(title || document.getElementById("contenu"));
    };
    setTimeout(look, 50);
  };
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      arriveAt();
    };
  }
  addEventListener("popstate", arriveAt);

  document.addEventListener("DOMContentLoaded", () => {
    applyTheme();
    new MutationObserver((changes) => {
      for (const change of changes) {
        change.addedNodes.forEach(arrived);
        change.removedNodes.forEach(left);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
