// The traffic between the app and this workspace: calls, deliveries, acknowledgements; problems in red.

import { get, oneAtATime, order } from "./api.js";
import { clockSeconds } from "./dates.js";
import { el, icon, iconButton, toast } from "./dom.js";
import { store } from "./store.js";

// As the app sees it: what it was sent, what it called, all else.
const DIRECTIONS = { in: ["→", "to the app"], out: ["←", "from the app"], event: ["•", "in the workspace"] };
const MOST = 500;

let entries = [];
let onlyProblems = false;
let list = null;

const isBad = (entry) => Boolean(entry.problem) || entry.ok === false;

/** How many of the entries have a problem. */
export function problemCount() {
  return entries.filter(isBad).length;
}

async function fetchNew() {
  const { entries: fresh } = await get("log", { as: store.me, since: entries.at(-1)?.n });
  const last = entries.at(-1)?.n ?? -1;
  entries = [...entries, ...fresh.filter((e) => e.n > last)].slice(-MOST);
  drawEntries();
}

/** Brings what is new. */
export const refreshLog = oneAtATime(fetchNew);

/** The button that brings a payload again; events are marked as retries, as Slack marks them. */
function again({ direction, detail }) {
  if (direction !== "in" || !detail?.envelope_id) return null;
  const retry = detail.type === "events_api" ? { retry_attempt: 1, retry_reason: "http_timeout" } : {};
  const deliver = () => order("redeliver", { envelope_id: detail.envelope_id, ...retry })
    .catch((error) => toast(error.message, { bad: true }));
  return el("button", { type: "button", class: "button small", onclick: deliver }, "Deliver again");
}

function drawEntry(entry) {
  const bad = isBad(entry);
  const [arrow, words] = DIRECTIONS[entry.direction] ?? DIRECTIONS.event;
  const detail = typeof entry.detail === "string" ? entry.detail : JSON.stringify(entry.detail, null, 2);
  return el("li", { class: bad ? "entry bad" : "entry", dataset: { n: entry.n, problem: bad ? "true" : null } },
    el("details", {}, el("summary", {},
      el("span", { class: "arrow", role: "img", "aria-label": words, title: words }, arrow),
      el("span", { class: "entry-name" }, entry.name),
      bad ? el("span", { class: "entry-problem" }, icon("warning"), el("span", {}, `Problem: ${entry.problem || "refused"}`)) : null,
      el("span", { class: "entry-summary" }, entry.summary ?? ""),
      el("time", {}, clockSeconds(entry.at))),
    el("pre", { tabindex: "0" }, detail ?? ""), again(entry)));
}

function drawEntries() {
  if (!list) return;
  const shown = onlyProblems ? entries.filter(isBad) : entries;
  const wanted = new Map(shown.map((e) => [String(e.n), e]));
  for (const child of [...list.children]) if (!wanted.has(child.dataset.n)) child.remove();
  const there = new Map([...list.children].map((n) => [n.dataset.n, n]));
  // Newest first; entries never change, so those drawn already stay as they are, open or not.
  [...wanted.keys()].reverse().forEach((n, at) => {
    const node = there.get(n) ?? drawEntry(wanted.get(n));
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
  if (!shown.length) list.append(el("li", { class: "empty" }, onlyProblems ? "No problems." : "Nothing yet."));
}

/** Draws the drawer into `aside`. */
export function drawLog(aside, { onClose }) {
  const filter = el("input", { type: "checkbox", id: "only-problems" });
  filter.checked = onlyProblems;
  filter.addEventListener("change", () => {
    onlyProblems = filter.checked;
    drawEntries();
  });
  list = el("ol", { class: "entries" });
  aside.replaceChildren(
    el("header", { class: "panel-header" }, el("h2", { tabindex: "-1" }, "Traffic"),
      el("label", { class: "filter" }, filter, "Problems only"), iconButton("close", "Close traffic", onClose)),
    list);
  drawEntries();
}
