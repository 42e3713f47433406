"use strict";
// Filters the results. The state lives in the URL's fragment, so that a view can be bookmarked and
// sent; nothing is stored and nothing is fetched. A short run has its rows in the document. A long
// one has them packed: only the first of those that fit are in the document, and a story is
// unpacked when its row is opened.
(() => {
  const PAGE = 100;
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const list = byId("list");
  const more = byId("more");
  const toggles = Array.from(form.querySelectorAll("button.toggle"));
  const fields = ["family", "severity", "role", "q"];
  const shapes = more ? JSON.parse(byId("shapes").textContent) : [];
  const items = more ? packedItems() : itemsHere();
  let shown = items;
  let limit = PAGE;
  let pending = 0;

  function itemsHere() {
    return Array.from(document.querySelectorAll("details.finding"), (node) => {
      const { verdict, family, severity, role, text } = node.dataset;
      return { id: node.id, verdict, family, severity, role, text, node };
    });
  }

  function packedItems() {
    return JSON.parse(byId("index").textContent).map(
      ([id, shape, family, title, reason, text], at) => {
        const [verdict, severity, role] = shapes[shape];
        return { id, shape, family, title, reason, text, verdict, severity, role, at, node: null };
      });
  }

  function nodeOf(item) {
    if (!item.node) {
      const holder = document.createElement("template");
      holder.innerHTML = shapes[item.shape][3];
      const node = holder.content.firstElementChild;
      node.id = item.id;
      node.querySelector(".f-id").textContent = item.id;
      node.querySelector(".f-title > .device").textContent = item.title;
      const reason = node.querySelector(".f-reason.device");
      if (reason) reason.textContent = item.reason;
      item.node = node;
    }
    return item.node;
  }

  const blocks = new Map();
  function storiesOf(number) {
    if (!blocks.has(number)) {
      if (blocks.size > 8) blocks.delete(blocks.keys().next().value);
      blocks.set(number, unpacked(document.querySelectorAll("script.stories")[number].textContent));
    }
    return blocks.get(number);
  }

  async function unpacked(text) {
    const octets = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  async function unfold(item) {
    if (!more || item.told) return;
    item.told = true;
    const size = Number(more.dataset.size);
    let story = "";
    try {
      story = (await storiesOf(Math.floor(item.at / size)))[item.at % size];
    } catch {
      story = '<p class="body">This browser cannot unpack the evidence; record.jsonl has it.</p>';
    }
    nodeOf(item).insertAdjacentHTML("beforeend", story);
  }

  const pressed = () =>
    toggles.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.value);

  function fitting() {
    const verdicts = new Set(pressed());
    const terms = byId("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const exact = ["family", "severity", "role"]
      .map((key) => [key, byId(key).value])
      .filter((pair) => pair[1]);
    return items.filter((item) =>
      (verdicts.size === 0 || verdicts.has(item.verdict)) &&
      exact.every(([key, value]) => item[key] === value) &&
      terms.every((term) => item.text.includes(term)));
  }

  function apply() {
    limit = PAGE;
    shown = fitting();
    draw();
  }

  function draw() {
    const count = shown.length;
    let listed = "";
    if (more) {
      list.replaceChildren(...shown.slice(0, limit).map(nodeOf));
      more.hidden = count <= limit;
      more.textContent = `Show ${Math.min(PAGE, count - limit)} more`;
      if (count > limit) listed = `, the first ${limit} are listed`;
    } else {
      const fits = new Set(shown);
      for (const item of items) item.node.hidden = !fits.has(item);
    }
    byId("shown").textContent = `${count} of ${items.length} shown${listed}`;
    byId("empty").hidden = count > 0;
  }

  // Browsers limit how often the address may change, so changes are gathered.
  function write() {
    clearTimeout(pending);
    pending = setTimeout(writeNow, 120);
  }

  function writeNow() {
    const state = new URLSearchParams();
    for (const key of fields) if (byId(key).value) state.set(key, byId(key).value);
    if (pressed().length) state.set("verdict", pressed().join(","));
    const open = items.filter((item) => item.node && item.node.open).map((item) => item.id);
    if (open.length && open.length <= 20) state.set("open", open.join(","));
    const hash = state.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", hash ? `#${hash}` : location.href.split("#")[0]);
  }

  function choose(select, value) {
    const known = Array.from(select.options).some((option) => option.value === value);
    select.value = known ? value : "";
  }

  function reveal(item) {
    if (!shown.includes(item)) {
      clear();
      apply();
    }
    // A row beyond the first page is brought to the front, for its own page may be the hundredth.
    if (more && shown.indexOf(item) >= limit) {
      shown = [item, ...shown.filter((other) => other !== item)];
      draw();
    }
    const row = nodeOf(item);
    row.open = true;
    unfold(item);
    row.scrollIntoView({ block: "start" });
    row.querySelector("summary").focus({ preventScroll: true });
  }

  function clear() {
    for (const key of fields) byId(key).value = "";
    for (const button of toggles) button.setAttribute("aria-pressed", "false");
  }

  // A fragment without "=" names one row or section; otherwise it is a filter.
  function read() {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) {
      const item = items.find(({ id }) => encodeURIComponent(id) === hash || id === hash);
      if (item) reveal(item);
      return;
    }
    const state = new URLSearchParams(hash);
    for (const key of ["family", "severity", "role"]) choose(byId(key), state.get(key) || "");
    byId("q").value = state.get("q") || "";
    const wanted = (state.get("verdict") || "").split(",");
    for (const button of toggles) {
      button.setAttribute("aria-pressed", String(wanted.includes(button.dataset.value)));
    }
    const open = (state.get("open") || "").split(",");
    for (const item of items) if (open.includes(item.id)) nodeOf(item).open = true;
    apply();
  }

  form.addEventListener("input", () => { apply(); write(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
    apply();
    write();
  });
  for (const button of toggles) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!on));
      apply();
      write();
    });
  }
  if (more) {
    more.addEventListener("click", () => {
      const next = shown[limit];
      limit += PAGE;
      draw();
      nodeOf(next).querySelector("summary").focus();
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    // The same fragment twice fires no hashchange; a filter also brings its results into view.
    const hash = link.getAttribute("href");
    if (hash === location.hash) read();
    if (hash.includes("=")) requestAnimationFrame(() => byId("results").scrollIntoView());
  });
  list.addEventListener("toggle", (event) => {
    if (!event.target.matches("details.finding")) return;
    const item = more && items.find(({ node }) => node === event.target);
    if (item) unfold(item);
    write();
  }, true);
  addEventListener("hashchange", read);

  // On paper a closed row would lose its evidence, so what needs attention is opened. Of packed
  // rows those are printed that are listed, and opened that have been read.
  let opened = [];
  addEventListener("beforeprint", () => {
    const quiet = ["PASS", "NOT_APPLICABLE"];
    opened = (more ? shown.slice(0, limit).filter(({ told }) => told) : shown)
      .filter(({ verdict, node }) => !node.open && !quiet.includes(verdict))
      .map(({ node }) => node);
    opened.push(...document.querySelectorAll(".tls details:not([open]), .one:not([open])"));
    for (const row of opened) row.open = true;
  });
  addEventListener("afterprint", () => { for (const row of opened) row.open = false; });

  form.hidden = false;
  if (more) draw();
  read();
})();
