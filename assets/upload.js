/* Liane: files sent one by one as raw bytes, with their progress, a way to stop, and one sentence each. */
(() => {
  "use strict";
  const NARROW = "\u202f";
  const BOX = "[data-uploads]";
  const MOST = 5242880;
  const AT_ONCE = 2;
  /* What a box says of where its files go. */
  const ABOUT = {
    patient: "X-Patient",
    draft: "X-Draft",
    conversation: "X-Conversation",
    replyTo: "X-Reply-To",
    about: "X-About",
  };
  const SEND = "/api/documents/uploads";
  const KINDS = /\.(jpe?g|pdf|png|txt|rtf|tiff?)$/i;
  const FORMATS = `Formats acceptés${NARROW}: JPG, PDF, PNG, TXT, RTF, TIF.`;
  const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  const CUT = "L’envoi s’est interrompu et rien n’a été enregistré. Renvoyez ce fichier.";
  const queue = [];
  const under = [];
  let running = 0;
  let tally = { sent: 0, kept: 0, over: 0 };

  const within = (event, selector) =>
    event.target instanceof Element ? event.target.closest(selector) : null;
  const megabytes = (size) =>
    `${(Math.ceil((size * 10) / 1048576) / 10).toLocaleString("fr-FR")}\u00a0Mo`;
  const fault = ({ name, size }) => {
    if (!KINDS.test(name)) return FORMATS;
    if (!size) return "Ce fichier est vide. Choisissez-en un autre.";
    if (size > MOST) return `Le fichier pèse ${megabytes(size)}. La taille maximale est de 5\u00a0Mo.`;
    return "";
  };
  const make = (tag, look, text = "") => {
    const element = document.createElement(tag);
    if (look) element.className = look;
    element.textContent = text;
    return element;
  };
  const button = (text, name, act) => {
    const made = make("button", "btn ghost", text);
    made.type = "button";
    made.append(make("span", "vh", ` ${name}`));
    made.addEventListener("click", act);
    return made;
  };

  /* ---- what is told: one line a file, and one live sentence for the whole ---- */
  const tell = (box, text) => {
    box.querySelector("[data-upload-status]").textContent = text;
  };
  const tellAll = (box) => {
    const { sent, kept, over } = tally;
    const files = (count) => `${count} fichier${count > 1 ? "s" : ""}`;
    const refused = over - kept;
    const rest = refused ? `, ${files(refused)} non enregistré${refused > 1 ? "s" : ""}` : "";
    tell(box, `${files(kept)} sur ${sent} prêt${kept > 1 ? "s" : ""}${rest}.`);
  };
  const newLine = (box, file) => {
    const line = make("li", "up-line");
    const head = make("div", "grow");
    const name = file.name.replace(TURNING, "");
    head.append(make("p", "fw up-name", name), make("p", "sm muted", "En attente"));
    const acts = make("div", "row");
    line.append(head, acts);
    box.querySelector("[data-upload-list]").append(line);
    return { line, head, acts, said: head.lastChild };
  };
  const say = (row, text, look) => {
    row.said.className = look;
    row.said.textContent = text;
    row.head.querySelector("progress")?.remove();
    row.acts.replaceChildren();
  };
  const takeAway = (row, box) => {
    row.line.remove();
    box.querySelector("[data-browse]").focus();
  };

  /* ---- one file ---- */
  /* A box says while files of it are on their way: the message they are for waits. */
  const tellBusy = (box) => {
    box.toggleAttribute("data-busy", under.some((job) => job.box === box));
  };
  const ended = (job, isKept) => {
    tally.over += 1;
    if (isKept) tally.kept += 1;
    tellAll(job.box);
  };
  const refuse = (job, text, isWorthAgain) => {
    const { row, box, file } = job;
    say(row, `Erreur${NARROW}: ${text}`, "err");
    if (isWorthAgain)
      row.acts.append(
        button("Renvoyer", file.name, () => {
          row.line.remove();
          add(box, [file]);
        }),
      );
    row.acts.append(button("Retirer", file.name, () => takeAway(row, box)));
    ended(job, false);
  };
  const answered = (job) => {
    const { request, row } = job;
    let said = {};
    try {
      said = JSON.parse(request.responseText);
    } catch {
      said = {};
    }
    if (request.status === 200 && said.id) {
      say(row, said.sentence, "sm");
      row.line.classList.add("ready");
      ended(job, true);
      job.box.dataset.kept = "";
    } else refuse(job, said.sentence || CUT, !request.status || request.status >= 429);
    done(job);
  };
  const over = (job) => {
    under.splice(under.indexOf(job), 1);
    tellBusy(job.box);
  };
  const done = (job) => {
    running -= 1;
    over(job);
    next();
    if (running || queue.length) return;
    if ("kept" in job.box.dataset) {
      delete job.box.dataset.kept;
      job.box.querySelector("[data-uploads-arrived]")?.click();
    }
    tally = { sent: 0, kept: 0, over: 0 };
  };
  const start = (job) => {
    const { row, file, box } = job;
    const request = new XMLHttpRequest();
    const progress = make("progress", "up-bar");
    progress.max = file.size;
    progress.setAttribute("aria-label", `Envoi de ${file.name}`);
    row.head.append(progress);
    row.said.textContent = "Envoi en cours";
    request.upload.addEventListener("progress", ({ loaded }) => {
      progress.value = loaded;
      const isWhole = loaded >= file.size;
      if (isWhole) progress.removeAttribute("value");
      row.said.textContent = isWhole
        ? "Vérification du fichier"
        : `${Math.floor((100 * loaded) / file.size)}${NARROW}% envoyés`;
    });
    request.addEventListener("load", () => answered(job));
    request.addEventListener("error", () => answered(job));
    request.open("POST", box.dataset.send || SEND);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name.slice(0, 300).replace(/\p{Cs}/gu, "\ufffd")));
    for (const [name, header] of Object.entries(ABOUT))
      if (box.dataset[name]) request.setRequestHeader(header, box.dataset[name]);
    job.request = request;
    request.send(file);
  };
  const next = () => {
    while (running < AT_ONCE && queue.length) {
      running += 1;
      start(queue.shift());
    }
  };
  const stop = (job) => {
    const at = queue.indexOf(job);
    tally.sent -= 1;
    tellAll(job.box);
    takeAway(job.row, job.box);
    if (at >= 0) {
      queue.splice(at, 1);
      over(job);
    } else {
      job.request.abort();
      done(job);
    }
  };

  /* ---- several files ---- */
  const add = (box, files) => {
    if (!running && !queue.length)
      for (const line of box.querySelectorAll(".up-line.ready")) line.remove();
    for (const file of files) {
      tally.sent += 1;
      const job = { box, file, row: newLine(box, file), request: null };
      const why = fault(file);
      if (why) {
        refuse(job, why, false);
        continue;
      }
      job.row.acts.append(button("Annuler", file.name, () => stop(job)));
      queue.push(job);
      under.push(job);
      tellBusy(box);
    }
    if (queue.length && !running) tell(box, "Envoi en cours");
    next();
    if (!running) tally = { sent: 0, kept: 0, over: 0 };
  };

  document.addEventListener("click", (event) => {
    if (within(event, "[data-browse]"))
      within(event, BOX)?.querySelector("input[type=file]").click();
  });
  document.addEventListener("change", (event) => {
    const input = within(event, `${BOX} input[type=file]`);
    if (!input) return;
    add(input.closest(BOX), [...input.files]);
    input.value = "";
  });
  /* Where files can be added, one dropped beside the zone does not take the page away. */
  const carriesFiles = (event) =>
    event.dataTransfer?.types.includes("Files") && document.querySelector(BOX);
  const light = (zone) => {
    for (const other of document.querySelectorAll("[data-drop]"))
      other.toggleAttribute("data-over", other === zone);
  };
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const zone = within(event, "[data-drop]");
    event.dataTransfer.dropEffect = zone ? "copy" : "none";
    light(zone);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) light(null);
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    light(null);
    const zone = within(event, "[data-drop]");
    if (zone) add(zone.closest(BOX), [...event.dataTransfer.files]);
  });
})();
