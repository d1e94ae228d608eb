/*
 * The list of verdicts: search, filters, groups, keys, paper.
 *
 * Every verdict stands in the page as HTML that the browser has not looked at yet (elements "noscript", some verdicts
 * in each), and as one row of JSON that a filter looks at. The list is cut into blocks of some height; only blocks
 * near the screen hold cards. No work lasts long enough to be noticed: what takes longer is done in slices.
 */
(() => {
  "use strict";

  const BLOCK = 20;
  const SLICE = 12; // milliseconds
  const KEPT = 120; // lots of cards that are kept ready
  const PRINTED = 1000; // verdicts that go on paper at once
  const HEIGHTS = { finding: 250, other: 110, heading: 56 };

  const byId = (id) => document.getElementById(id);
  const parsed = (element) => JSON.parse(element.textContent);
  const choices = parsed(byId("choices"));
  const form = byId("filters");
  const list = byId("list");
  const status = byId("status");
  const help = byId("help");
  const lots = [...document.querySelectorAll("noscript.lot")];

  const verdicts = [];
  let shown = []; // verdicts that fit, in the order of the list
  let entries = []; // the same, with the headings between them
  let current = -1; // position in `shown`

  const pause = () => new Promise((done) => setTimeout(done));
  const kept = { // what the reader has chosen, where the browser keeps such things
    get(name) { try { return localStorage.getItem(`auditor.${name}`); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(`auditor.${name}`, value); } catch { /* then it is for this time */ } },
  };

  /* ----- reading */

  async function read() {
    const rows = document.querySelectorAll("script.rows");
    let until = performance.now() + SLICE;
    for (let lot = 0; lot < rows.length; lot++) {
      const data = parsed(rows[lot]);
      data.rows.forEach(([kind, policy, owner, standing, gaps, id, words], at) => {
        const rule = choices.policies[policy];
        verdicts.push({
          kind, policy, owner, standing, gaps, id, lot, at,
          project: data.project,
          position: verdicts.length,
          rank: kind * 10 - rule.rank,
          words: words.toLowerCase(),
          isFinding: choices.kinds[kind].finding,
          isOpen: false,
        });
      });
      if (performance.now() > until) {
        status.textContent = `Reading verdicts: ${verdicts.length} so far`;
        await pause();
        until = performance.now() + SLICE;
      }
    }
    for (const one of choices.policies) {
      one.lower = `${one.key} ${one.title} ${one.words} ${one.severity}`.toLowerCase();
    }
    for (const one of choices.projects) { one.lower = `${one.key} ${one.label}`.toLowerCase(); }
  }

  /* ----- choosing */

  const KINDS = {
    "": (one) => one.isFinding,
    all: () => true,
    error: (one) => one.kind === 0,
    fail: (one) => one.kind === 1,
    inconclusive: (one) => one.kind === 2,
    not_due: (one) => one.kind === 3,
    attested: (one) => one.kind === 4,
    weak: (one) => one.kind === 5,
    pass: (one) => one.kind >= 4 && one.kind <= 6,
    not_applicable: (one) => one.kind === 3 || one.kind === 7,
  };

  function wanted() {
    const asked = Object.fromEntries(new FormData(form));
    if (asked.q) { asked.q = asked.q.trim(); }
    return Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  }

  function tests(asked) {
    const found = [KINDS[asked.show || ""] || KINDS[""]];
    const policies = choices.policies;
    if (asked.severity) { found.push((one) => policies[one.policy].severity === asked.severity); }
    if (asked.project) {
      const number = choices.projects.findIndex((one) => one.key === asked.project);
      found.push((one) => one.project === number);
    }
    if (asked.area) {
      const isWhole = asked.area.endsWith("/");
      const fits = policies.map((one) => one.areas.some(
        (area) => (isWhole ? area.startsWith(asked.area) : area === asked.area)));
      found.push((one) => fits[one.policy]);
    }
    if (asked.owner) {
      const number = choices.owners.indexOf(asked.owner);
      found.push((one) => one.owner === number);
    }
    if (asked.standing) {
      const number = choices.standings.findIndex((one) => one.key === asked.standing);
      found.push((one) => one.standing === number);
    }
    if (asked.gap) {
      const number = choices.gaps.indexOf(asked.gap);
      found.push((one) => one.gaps.includes(number));
    }
    if (asked.q) {
      const typed = asked.q.toLowerCase().split(/\s+/);
      // A word that a rule or a project has is found once for all of its verdicts.
      const rules = typed.map((word) => policies.map((one) => one.lower.includes(word)));
      const projects = typed.map((word) => choices.projects.map((one) => one.lower.includes(word)));
      found.push((one) => typed.every((word, index) =>
        rules[index][one.policy] || projects[index][one.project] || one.words.includes(word)));
    }
    return found;
  }

  /* Number and label of the group that a verdict stands in. */
  const GROUPS = {
    "": (one) => [one.project, choices.projects[one.project].label],
    stage: (one) => {
      const stage = choices.policies[one.policy].stage;
      return [choices.stages.indexOf(stage), stage];
    },
    owner: (one) => (one.owner < 0 ? [choices.owners.length, "nobody has to act"] : [one.owner, choices.owners[one.owner]]),
    rule: (one) => [one.policy, choices.policies[one.policy].title],
  };

  function choose() {
    const asked = wanted();
    const all = tests(asked);
    const group = GROUPS[asked.by || ""] || GROUPS[""];
    shown = verdicts.filter((one) => all.every((test) => test(one)));
    for (const one of shown) { [one.group, one.label] = group(one); }
    shown.sort((a, b) => a.group - b.group || a.rank - b.rank || a.position - b.position);
    entries = [];
    let heading = null;
    shown.forEach((one, position) => {
      if (!heading || heading.group !== one.group) {
        heading = { heading: one.label, group: one.group, count: 0, kinds: new Map() };
        entries.push(heading);
      }
      heading.count += 1;
      heading.kinds.set(one.kind, (heading.kinds.get(one.kind) || 0) + 1);
      one.place = position;
      one.entry = entries.length;
      entries.push(one);
    });
    current = -1;
    lay();
    const filters = Object.keys(asked).filter((name) => name !== "by").length;
    status.textContent = shown.length
      ? `${shown.length} of ${verdicts.length} verdicts shown`
      : verdicts.length === 0
        ? "Nothing was judged."
        : filters
          ? "No verdict fits. Clear the filters to see the findings."
          : "There is no finding.";
  }

  /* ----- the list: blocks that hold cards only where somebody can see them */

  const ready = new Map();
  const template = document.createElement("template");

  function card(one) {
    let made = ready.get(one.lot);
    ready.delete(one.lot);
    if (!made) {
      // It is our own HTML, in which every text of others is escaped; the content policy lets no other script run.
      template.innerHTML = lots[one.lot].textContent;
      made = [...template.content.querySelectorAll("article")];
      if (ready.size >= KEPT) { ready.delete(ready.keys().next().value); }
    }
    ready.set(one.lot, made);
    const element = document.importNode(made[one.at], true);
    element.tabIndex = -1;
    element.id = `verdict-${one.position}`;
    element.dataset.place = one.place;
    element.setAttribute("aria-posinset", one.place + 1);
    element.setAttribute("aria-setsize", shown.length);
    const details = element.querySelector("details");
    if (details) { details.open = one.isOpen; }
    return element;
  }

  function headline(one) {
    const element = document.createElement("h3");
    const parts = [...one.kinds].sort((a, b) => a[0] - b[0])
      .map(([kind, count]) => `${count} ${choices.kinds[kind].label}`);
    element.textContent = `${one.heading}: ${parts.join(", ")}`;
    return element;
  }

  function height(one) {
    return one.heading === undefined ? (one.isFinding ? HEIGHTS.finding : HEIGHTS.other) : HEIGHTS.heading;
  }

  function fill(block) {
    if (block.isFull) { return; }
    block.isFull = true;
    const made = entries.slice(block.begin, block.begin + BLOCK)
      .map((one) => (one.heading === undefined ? card(one) : headline(one)));
    block.element.replaceChildren(...made);
    block.element.style.height = "";
  }

  function empty(block, pixels) {
    if (!block.isFull || block.element.contains(document.activeElement)) { return; }
    block.isFull = false;
    block.element.style.height = `${pixels}px`;
    block.element.replaceChildren();
  }

  let blocks = [];
  const ofElement = new WeakMap();
  const nearby = new IntersectionObserver((seen) => {
    for (const one of seen) {
      const block = ofElement.get(one.target);
      if (one.isIntersecting) { fill(block); } else { empty(block, one.boundingClientRect.height); }
    }
  }, { rootMargin: "1200px 0px" });

  function lay() {
    nearby.disconnect();
    blocks = [];
    for (let begin = 0; begin < entries.length; begin += BLOCK) {
      const element = document.createElement("div");
      element.className = "block";
      let pixels = 0;
      for (const one of entries.slice(begin, begin + BLOCK)) { pixels += height(one); }
      element.style.height = `${pixels}px`;
      const block = { element, begin, isFull: false };
      ofElement.set(element, block);
      blocks.push(block);
    }
    list.replaceChildren(...blocks.map((block) => block.element));
    if (blocks.length) { fill(blocks[0]); }
    for (const block of blocks) { nearby.observe(block.element); }
  }

  function show(place) {
    if (!shown.length) { return; }
    current = Math.max(0, Math.min(shown.length - 1, place));
    const one = shown[current];
    fill(blocks[Math.floor(one.entry / BLOCK)]);
    const element = byId(`verdict-${one.position}`);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  /* ----- the address holds the filters */

  function addressed() {
    const asked = new URLSearchParams(wanted()).toString();
    history.replaceState(null, "", asked ? `#${asked}` : location.pathname + location.search);
  }

  function restore() {
    const asked = new URLSearchParams(location.hash.slice(1));
    form.reset();
    const unknown = [];
    for (const [name, value] of asked) {
      const field = form.elements.namedItem(name);
      if (!field) { continue; }
      field.value = value;
      if (field.value !== value) {
        field.value = "";
        unknown.push(value);
      }
    }
    choose();
    if (unknown.length) {
      status.textContent += `. This report does not have what the address asks for: ${unknown.join(", ")}`;
    }
    const id = asked.get("finding");
    const found = id ? shown.findIndex((one) => one.id === id) : -1;
    if (found >= 0) {
      show(found);
    } else if (location.hash) {
      byId("findings").scrollIntoView();
      byId("findings").focus({ preventScroll: true });
    }
  }

  const holdsFilters = () => location.hash.includes("=");

  function clear() {
    form.reset();
    addressed();
    choose();
  }

  /* ----- keys */

  const areKeysOn = byId("keys-on");

  function pressed(event) {
    const isTyping = event.target.closest("input, select, textarea");
    if (event.key === "Escape" && isTyping) {
      event.target.blur();
      return;
    }
    if (isTyping || help.open || event.ctrlKey || event.metaKey || event.altKey) { return; }
    const onCard = event.target.classList.contains("card");
    if (onCard && event.key === "ArrowDown") {
      show(current + 1);
    } else if (onCard && event.key === "ArrowUp") {
      show(current - 1);
    } else if (!areKeysOn.checked) {
      return;
    } else if (event.key === "j") {
      show(current + 1);
    } else if (event.key === "k") {
      show(current - 1);
    } else if (event.key === "o") {
      const details = current >= 0 && byId(`verdict-${shown[current].position}`)?.querySelector("details");
      if (details) { details.open = !details.open; }
    } else if (event.key === "/") {
      form.elements.namedItem("q").focus();
    } else if (event.key === "c") {
      clear();
    } else if (event.key === "?") {
      help.showModal();
    } else {
      return;
    }
    event.preventDefault();
  }

  /* ----- colours */

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";

  function named() { byId("theme").textContent = isDark() ? "Light colours" : "Dark colours"; }

  function coloured(theme) {
    if (theme === "dark" || theme === "light") { document.documentElement.dataset.theme = theme; }
    named();
  }

  /* ----- tables: sorted by the column that is asked for; what has no value comes last */

  function worth(row, column) {
    let at = 0;
    for (const cell of row.cells) {
      if (at + cell.colSpan > column) {
        const text = cell.dataset.value ?? cell.textContent.trim();
        return text === "" || cell.classList.contains("none") || cell.colSpan > 1 ? null
          : isNaN(text) ? text.toLowerCase() : Number(text);
      }
      at += cell.colSpan;
    }
    return null;
  }

  function sort(table, column, isDown) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [worth(row, column), row]);
    rows.sort(([a], [b]) => {
      if (a === null || b === null) { return (a === null) - (b === null); }
      return (a < b ? -1 : a > b ? 1 : 0) * (isDown ? -1 : 1);
    });
    body.append(...rows.map(([, row]) => row));
  }

  function sortable(table) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.setAttribute("aria-label", `Sort by ${head.textContent.trim()}`);
      button.addEventListener("click", () => {
        const isDown = head.ariaSort === "ascending";
        for (const one of heads) { one.removeAttribute("aria-sort"); }
        head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        sort(table, column, isDown);
      });
      head.append(" ", button);
    });
  }

  /* ----- paper: everything that is chosen, with all that is folded */

  let folded = [];

  function unfold() {
    folded = [...document.querySelectorAll("details:not([open])")];
    nearby.disconnect(); // it would take away what nobody sees
    const last = blocks.filter((block) => block.begin < PRINTED);
    last.forEach(fill);
    for (const block of blocks.slice(last.length)) { block.element.hidden = true; }
    if (last.length < blocks.length) {
      const left = shown.length - entries.slice(0, last.length * BLOCK).filter((one) => one.heading === undefined).length;
      const note = document.createElement("p");
      note.id = "not-printed";
      note.textContent = `${left} more verdicts are not printed: filter the list to print others.`;
      list.append(note);
    }
    for (const one of document.querySelectorAll("details:not([open])")) { one.open = true; }
  }

  function fold() {
    byId("not-printed")?.remove();
    for (const one of folded) { one.open = false; }
    for (const block of blocks) {
      block.element.hidden = false;
      nearby.observe(block.element);
    }
  }

  /* ----- begin */

  coloured(kept.get("theme"));
  areKeysOn.checked = kept.get("keys") !== "off";
  document.querySelector(".switches").hidden = false;
  dark.addEventListener("change", named);
  byId("theme").addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    kept.set("theme", theme);
    coloured(theme);
  });
  byId("keys").addEventListener("click", () => help.showModal());
  byId("help-close").addEventListener("click", () => help.close());
  areKeysOn.addEventListener("change", () => kept.set("keys", areKeysOn.checked ? "on" : "off"));

  document.querySelectorAll("table.sortable").forEach(sortable);

  read().then(() => {
    form.hidden = false;
    if (holdsFilters()) { restore(); } else { choose(); }
    let waiting = 0;
    form.addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { addressed(); choose(); }, event.target.name === "q" ? 120 : 0);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    byId("clear").addEventListener("click", clear);
    list.addEventListener("toggle", (event) => {
      const one = shown[event.target.closest(".card")?.dataset.place];
      if (one && !folded.includes(event.target)) { one.isOpen = event.target.open; }
    }, true);
    list.addEventListener("focusin", (event) => {
      const place = event.target.closest(".card")?.dataset.place;
      if (place !== undefined) { current = Number(place); }
    });
    document.addEventListener("keydown", pressed);
    window.addEventListener("hashchange", () => { if (holdsFilters()) { restore(); } });
    window.addEventListener("beforeprint", unfold);
    window.addEventListener("afterprint", fold);
    document.documentElement.dataset.ready = "";
    performance.mark("the report is ready"); // for whoever looks how long it took
  });
})();
