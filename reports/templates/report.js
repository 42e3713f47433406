"use strict";
// Filters rows that are already in the page. The state lives in the URL's fragment, so that a view
// can be bookmarked and sent; nothing is stored and nothing is fetched.
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const rows = Array.from(document.querySelectorAll("details.finding"));
  const toggles = Array.from(form.querySelectorAll("button.toggle"));
  const fields = ["family", "severity", "role", "q"];
  let pending = 0;

  const pressed = () =>
    toggles.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.value);

  function apply() {
    const verdicts = new Set(pressed());
    const terms = byId("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const exact = ["family", "severity", "role"]
      .map((key) => [key, byId(key).value])
      .filter((pair) => pair[1]);
    let count = 0;
    for (const row of rows) {
      const data = row.dataset;
      const fits =
        (verdicts.size === 0 || verdicts.has(data.verdict)) &&
        exact.every(([key, value]) => data[key] === value) &&
        terms.every((term) => data.text.includes(term));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    byId("shown").textContent = `${count} of ${rows.length} shown`;
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
    const open = rows.filter((row) => row.open).map((row) => row.id);
    if (open.length && open.length <= 20) state.set("open", open.join(","));
    const hash = state.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", hash ? `#${hash}` : location.href.split("#")[0]);
  }

  function choose(select, value) {
    const known = Array.from(select.options).some((option) => option.value === value);
    select.value = known ? value : "";
  }

  function reveal(row) {
    if (row.hidden) {
      clear();
      apply();
    }
    row.open = true;
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
      const row = rows.find((item) => encodeURIComponent(item.id) === hash || item.id === hash);
      if (row) reveal(row);
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
    for (const row of rows) if (open.includes(row.id)) row.open = true;
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
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    // The same fragment twice fires no hashchange; a filter also brings its results into view.
    const hash = link.getAttribute("href");
    if (hash === location.hash) read();
    if (hash.includes("=")) requestAnimationFrame(() => byId("results").scrollIntoView());
  });
  byId("list").addEventListener("toggle", (event) => {
    if (event.target.matches("details.finding")) write();
  }, true);
  addEventListener("hashchange", read);

  // On paper a closed row would lose its evidence, so what needs attention is opened.
  let opened = [];
  addEventListener("beforeprint", () => {
    const quiet = ["PASS", "NOT_APPLICABLE"];
    opened = rows.filter((r) => !r.open && !r.hidden && !quiet.includes(r.dataset.verdict));
    opened.push(...document.querySelectorAll(".tls details:not([open]), .one:not([open])"));
    for (const row of opened) row.open = true;
  });
  addEventListener("afterprint", () => { for (const row of opened) row.open = false; });

  form.hidden = false;
  read();
})();
