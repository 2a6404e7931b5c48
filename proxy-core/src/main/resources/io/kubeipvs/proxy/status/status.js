"use strict";
// Text from the cluster goes into the page as text nodes only, never as markup.
(() => {
  const LEAST_PAUSE = 2000; // the kernel adds its counters up that often
  const COST = 20; // the daemon may spend a twentieth of its time on this page
  const POINTS = 60;
  const SYNCS = 100;
  const PAGE = 50;
  const SVG = "http://www.w3.org/2000/svg";

  const at = (id) => document.getElementById(id);
  const open = new Set();
  const rates = new Map();
  const totals = [];
  let offset = 0;
  let since = 0;
  let instance = "";
  let found = "";
  let paused = false;
  let timer = 0;
  let asked = 0;
  let updated = 0;

  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== false && value !== undefined) {
        element.setAttribute(key, value === true ? "" : value);
      }
    }
    element.append(...children.filter((child) => child !== ""));
    return element;
  }

  function number(value) {
    return Number(value).toLocaleString("en-GB").replaceAll(",", "\u2009");
  }

  function plural(count, what) {
    return number(count) + " " + what + (count === 1 ? "" : "s");
  }

  function bytes(value) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return (unit === 0 ? value : value.toFixed(1)) + " " + units[unit] + "/s";
  }

  function setText(id, text, tone) {
    const element = at(id);
    if (element.textContent !== text) {
      element.textContent = text;
    }
    if (tone !== undefined) {
      element.classList.remove("good", "warn", "bad");
      if (tone) {
        element.classList.add(tone);
      }
    }
  }

  function draw(svg, points) {
    const most = Math.max(1, ...points);
    const step = 100 / (POINTS - 1);
    const first = 100 - (points.length - 1) * step;
    const line = points
      .map((value, i) => (first + i * step).toFixed(2) + "," + (25 - (value / most) * 23).toFixed(2))
      .join("L");
    svg.setAttribute("viewBox", "0 0 100 26");
    svg.setAttribute("preserveAspectRatio", "none");
    const area = document.createElementNS(SVG, "path");
    area.setAttribute("class", "area");
    area.setAttribute("d", "M" + first.toFixed(2) + ",26L" + line + "L100,26Z");
    const stroke = document.createElementNS(SVG, "path");
    stroke.setAttribute("d", "M" + line);
    svg.replaceChildren(area, stroke);
  }

  function remember(points, value) {
    points.push(value);
    if (points.length > POINTS) {
      points.shift();
    }
  }

  // Overview

  function overview(state) {
    document.title = "kube-ipvs " + state.node;
    setText("node", state.node);
    const ipvs = state.mode === "ipvs";
    const alone = state.unserved === "" ? "" : state.unserved.startsWith("IPv4") ? ", IPv6 only" : ", IPv4 only";
    setText("mode", "mode " + state.mode + (state.modeReason === "" ? "" : ", fallback") + alone,
      state.modeReason === "" ? "" : "warn");
    at("mode").title = [state.modeReason, state.unserved].filter((text) => text !== "").join(" ");
    setText("version", "kube-ipvs " + state.version);
    health(state);
    const missing = ipvs ? state.servicesDesired - state.services : 0;
    setText("services", number(ipvs ? state.services : state.servicesDesired), missing > 0 ? "warn" : "");
    setText(
      "services-note",
      (!ipvs ? "as rules of iptables" : missing === 0 ? "as many as asked for" : number(state.servicesDesired) + " asked for") +
        (state.foreign > 0 ? ", " + number(state.foreign) + " not ours" : ""));
    setText("servers", number(ipvs ? state.servers : state.serversDesired));
    const kept = ipvs ? state.servers - state.serversDesired : 0;
    setText("servers-note", kept === 0 ? "as many as asked for" : number(state.serversDesired) + " asked for");
    // Rules keep no connections: a 0 would say that there are none.
    setText("active", ipvs ? number(state.active) : "\u2013");
    setText(
      "active-note",
      (ipvs ? number(state.inactive) + " inactive" : "rules keep no connections") +
        (state.trackedMost > 0
          ? ", conntrack " + Math.round((100 * state.tracked) / state.trackedMost) + "% full"
          : ""));
    setText("rate", ipvs ? number(state.rate) + " / s" : "\u2013");
    at("rate").title = ipvs ? bytes(state.inBytes) + " in, " + bytes(state.outBytes) + " out" : "";
    setText("draining", ipvs ? number(state.draining) : "\u2013", state.draining > 0 ? "warn" : "");
    if (ipvs) {
      remember(totals, state.rate);
      draw(at("rate-plot"), totals);
    }
    at("attention").hidden = state.problemsTotal === 0;
    setText("attention-count", number(state.problemsTotal));
    at("problems").replaceChildren(
      ...state.problems.map((text) => make("li", { class: "mono" }, text)),
      ...(state.problemsTotal > state.problems.length
        ? [make("li", { class: "quiet" }, "and " + number(state.problemsTotal - state.problems.length) + " more")]
        : []));
  }

  function health(state) {
    if (!state.healthy) {
      setText("health", "late: a change waits for " + Math.round(state.waitingSeconds) + " s", "bad");
    } else if (state.syncs === 0) {
      setText("health", "starting", "warn");
    } else if (!state.nodeEligible) {
      setText("health", "healthy, node is about to go", "warn");
    } else if (state.problemsTotal > 0) {
      setText("health", "healthy, " + plural(state.problemsTotal, "problem"), "warn");
    } else {
      setText("health", "healthy", "good");
    }
  }

  // Services

  const KINDS = {
    cluster_ip: "cluster IP",
    external_ip: "external IP",
    load_balancer: "load balancer",
    node_port: "node port",
    foreign: "not ours",
  };

  function services(state) {
    const list = at("rows");
    const selection = window.getSelection();
    if (selection !== null && !selection.isCollapsed && list.contains(selection.anchorNode)) {
      return; // somebody copies from it
    }
    if (state.matching === 1 && at("search").value !== "" && at("search").value !== found) {
      open.add(state.rows[0].key); // what was looked for is found
    }
    found = at("search").value;
    const rows = state.rows.map(serviceRow);
    if (rows.length === 0) {
      rows.push(make("p", { class: "empty" }, state.mode === "ipvs" ? "Nothing matches." : "In iptables mode there is no table to show: on the node, kube-ipvs list -o wide shows chains, shares and counters."));
    }
    const focused = document.activeElement && document.activeElement.closest
      ? document.activeElement.closest("#rows details") : null;
    const key = focused ? focused.dataset.key : null;
    list.replaceChildren(...rows);
    if (key !== null) {
      const again = rows.find((row) => row.dataset.key === key);
      if (again) {
        again.firstElementChild.focus();
      }
    }
    const from = state.matching === 0 ? 0 : state.offset + 1;
    setText("range", number(from) + " to " + number(state.offset + state.rows.length) + " of " + number(state.matching));
    at("previous").disabled = state.offset === 0;
    at("next").disabled = state.offset + state.rows.length >= state.matching;
    offset = state.offset;
    const shown = new Set(state.rows.map((row) => row.key));
    for (const known of rates.keys()) {
      if (!shown.has(known)) {
        rates.delete(known);
      }
    }
  }

  function serviceRow(row) {
    const points = rates.get(row.key) || [];
    remember(points, row.rate);
    rates.set(row.key, points);
    const plot = document.createElementNS(SVG, "svg");
    plot.setAttribute("class", "plot");
    plot.setAttribute("aria-hidden", "true");
    draw(plot, points);
    const details = make("details", { open: open.has(row.key) },
      make("summary", { class: "row" },
        make("span", { class: "name" },
          ...(row.service === ""
            ? [make("b", {}, "not ours")]
            : [make("span", { class: "quiet" }, row.namespace + "/"), make("b", {}, row.service)]),
          make("br"),
          make("span", { class: "tag" }, [KINDS[row.kind] || row.kind, row.port].filter((t) => t !== "").join(", "))),
        make("span", { class: "where" },
          make("span", { class: "mono" }, row.key),
          make("br"),
          make("span", { class: "tag" }, scheduling(row))),
        make("span", { class: "shared" }, shares(row), counts(row)),
        make("span", { class: "value count" }, number(row.active)),
        make("span", { class: "rate" }, plot, make("span", { class: "value" }, number(row.rate)))),
      serverTable(row));
    details.dataset.key = row.key;
    details.addEventListener("toggle", () => {
      if (details.open) {
        open.add(row.key);
      } else {
        open.delete(row.key);
      }
    });
    return details;
  }

  function scheduling(row) {
    return row.scheduler +
      (row.flags === "" ? "" : " (" + row.flags + ")") +
      (row.persistence > 0 ? ", sticky for " + number(row.persistence) + " s" : "");
  }

  function shares(row) {
    const bar = make("span", { class: "shares" });
    for (const server of row.servers) {
      const part = make("i", { class: server.weight === 0 ? "drain" : "" });
      part.style.flexGrow = server.weight === 0 ? "0" : String(server.weight);
      part.title = server.address + " weight " + server.weight;
      bar.append(part);
    }
    return bar;
  }

  function counts(row) {
    const line = make("span", { class: "tag" + (row.serving === 0 ? " warn" : "") },
      row.serving === 0 ? "no servers" : plural(row.serving, "server"));
    return row.draining === 0
      ? line
      : make("span", {}, line, make("span", { class: "tag warn" }, ", " + number(row.draining) + " draining"));
  }

  function serverTable(row) {
    const all = row.servers.reduce((sum, server) => sum + server.weight, 0);
    const busiest = Math.max(1, ...row.servers.map((server) => server.active));
    const body = make("tbody");
    for (const server of row.servers) {
      const meter = make("div", {});
      meter.style.width = (100 * server.active) / busiest + "%";
      body.append(make("tr", {},
        make("td", { class: "mono" }, server.address),
        make("td", {}, server.pod === "" ? "–" : server.pod),
        make("td", {}, server.node === "" ? "–" : server.node),
        make("td", { class: "value" }, String(server.weight)),
        make("td", { class: "value" },
          server.weight === 0 ? "draining" : Math.round((100 * server.weight) / all) + "%"),
        make("td", { class: "value" }, number(server.active)),
        make("td", { class: "value" }, number(server.inactive)),
        make("td", { class: "value" }, number(server.rate)),
        make("td", { class: "meter" }, meter)));
    }
    const total = row.serving + row.draining;
    const more = total - row.servers.length;
    return make("div", { class: "servers" },
      make("table", {},
        make("thead", {}, make("tr", {},
          make("th", {}, "Server"), make("th", {}, "Pod"), make("th", {}, "Node"),
          ...["Weight", "Share", "Active", "Inactive", "New / s"].map((t) => make("th", { class: "value" }, t)),
          make("th", {}, ""))),
        body),
      more > 0 ? make("p", { class: "quiet" }, "and " + number(more) + " more") : "");
  }

  // Syncs

  function history(answer) {
    if (answer.instance !== instance) {
      instance = answer.instance;
      at("syncs").replaceChildren();
      if (since !== 0) {
        since = 0;
        ask("/debug/history?since=0&limit=" + SYNCS).then(history, () => {});
        return;
      }
    }
    setText("repairs", number(answer.repairs), answer.repairs > 0 ? "warn" : "");
    setText("idle", answer.idle === 0 ? ""
      : plural(answer.idle, "look") + " found everything in order, the last at " + time(answer.lastIdle));
    const list = at("syncs");
    for (const sync of answer.entries) {
      if (sync.number >= since) {
        list.prepend(syncEntry(sync));
      }
    }
    since = answer.next;
    while (list.childElementCount > SYNCS) {
      list.lastElementChild.remove();
    }
  }

  function time(text) {
    const when = new Date(text);
    return Number.isNaN(when.getTime()) ? "" : when.toLocaleTimeString("en-GB");
  }

  function syncEntry(sync) {
    const lines = make("div", { class: "lines" });
    const add = (label, items, total, text) => {
      for (const item of items) {
        lines.append(line(label, text(item)));
      }
      if (total > items.length) {
        lines.append(line(label, "and " + number(total - items.length) + " more"));
      }
    };
    if (sync.reason !== "") {
      lines.append(line("because", sync.reason));
    }
    add("because", sync.causes, sync.causesTotal, causeText);
    add("did", sync.operations, sync.operationsTotal, (text) => text);
    add("failed", sync.failures, sync.failuresTotal, (f) => f.operation + ": " + f.reason);
    add("repaired", sync.repairs, sync.repairsTotal, repairText);
    const parts = Object.entries(sync.millisecondsOf).map(([part, ms]) => part.replaceAll("_", " ") + " " + ms);
    if (parts.length > 0) {
      lines.append(line("took", parts.join(", ") + " ms"));
    }
    if (sync.error !== "") {
      lines.append(line("error", sync.error));
    }
    const wrong = sync.error !== "" || sync.failuresTotal > 0 || sync.repairsTotal > 0;
    return make("details", { class: wrong ? "wrong" : "" },
      make("summary", { class: "sync" },
        make("time", { datetime: sync.at }, time(sync.at)),
        make("span", { class: "what" }, ...summary(sync)),
        make("span", { class: "value quiet" }, milliseconds(sync.milliseconds))),
      lines);
  }

  function milliseconds(value) {
    return value >= 1000 ? (value / 1000).toFixed(1) + " s" : value.toFixed(1) + " ms";
  }

  function line(label, text) {
    return make("div", {}, make("span", { class: "quiet" }, label), make("span", { class: "mono" }, text));
  }

  function causeText(cause) {
    return cause.kind + " " + cause.name + (cause.deleted ? " deleted" : "") +
      (cause.resourceVersion === "" ? "" : " at " + cause.resourceVersion);
  }

  function repairText(repair) {
    return repair.differences
      .map((each) => each.field + ": expected " + each.expected + ", found " + each.found)
      .join("; ") + ": " + repair.operation;
  }

  function summary(sync) {
    if (sync.error !== "") {
      return [make("span", { class: "bad" }, "given up: " + sync.error)];
    }
    const parts = [plural(sync.operationsTotal, "operation")];
    if (sync.failuresTotal > 0) {
      parts.push(", ", make("span", { class: "bad" }, plural(sync.failuresTotal, "failure")));
    }
    if (sync.repairsTotal > 0) {
      parts.push(", ", make("span", { class: "warn" }, plural(sync.repairsTotal, "repair")));
    }
    const causes = sync.causes.slice(0, 3).map((cause) => cause.kind + " " + cause.name);
    const more = sync.causesTotal - causes.length;
    const why = causes.length > 0 ? causes.join(", ") + (more > 0 ? " and " + number(more) + " more" : "") : sync.reason;
    parts.push(make("span", { class: "quiet" }, why === "" ? "" : " \u00b7 " + why));
    return parts;
  }

  // Asking

  async function ask(path) {
    const answer = await fetch(path, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) {
      throw new Error("it answers " + answer.status);
    }
    return answer.json();
  }

  function wanted() {
    return new URLSearchParams({
      search: at("search").value,
      filter: at("filter").value,
      sort: at("sort").value,
      offset: String(offset),
      limit: String(PAGE),
    });
  }

  async function refresh() {
    clearTimeout(timer);
    const mine = ++asked;
    let pause = LEAST_PAUSE;
    try {
      const [state, syncs] = await Promise.all([
        ask("/debug/state?" + wanted()),
        ask("/debug/history?since=" + since + "&limit=" + SYNCS),
      ]);
      if (mine !== asked) {
        return;
      }
      overview(state);
      services(state);
      history(syncs);
      updated = Date.now();
      pause = Math.max(pause, state.readMilliseconds * COST);
      document.body.dataset.ready = "yes";
    } catch (error) {
      if (mine !== asked) {
        return;
      }
      setText("health", "no answer: " + error.message, "bad");
    }
    age();
    schedule(pause);
  }

  function schedule(pause) {
    clearTimeout(timer);
    if (!paused && !document.hidden) {
      timer = setTimeout(refresh, pause);
    }
  }

  function age() {
    if (updated !== 0) {
      const seconds = Math.round((Date.now() - updated) / 1000);
      setText("updated", paused ? "paused" : seconds < 5 ? "live" : "updated " + number(seconds) + " s ago");
    }
  }

  function changed() {
    offset = 0;
    const words = wanted();
    for (const name of ["offset", "limit"]) {
      words.delete(name);
    }
    for (const [name, value] of [...words]) {
      if (value === "") {
        words.delete(name);
      }
    }
    window.history.replaceState(null, "", words.size === 0 ? "/" : "#" + words);
    clearTimeout(timer);
    timer = setTimeout(refresh, 150);
  }

  function start() {
    const words = new URLSearchParams(location.hash.slice(1));
    for (const name of ["search", "filter", "sort"]) {
      at(name).value = words.get(name) || "";
      at(name).addEventListener("input", changed);
    }
    at("kinds").addEventListener("input", () => {
      at("syncs").className = at("kinds").value;
    });
    at("previous").addEventListener("click", () => { offset = Math.max(0, offset - PAGE); refresh(); });
    at("next").addEventListener("click", () => { offset += PAGE; refresh(); });
    at("pause").addEventListener("click", () => {
      paused = !paused;
      at("pause").setAttribute("aria-pressed", String(paused));
      setText("pause", paused ? "Go on" : "Pause");
      age();
      if (paused) {
        clearTimeout(timer);
      } else {
        refresh();
      }
    });
    document.addEventListener("visibilitychange", () => { if (!document.hidden && !paused) { refresh(); } });
    setInterval(age, 1000);
    refresh();
  }

  start();
})();
