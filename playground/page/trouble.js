// What can go wrong for the app, on order: calls that fail or are held, lost connections, another time.

import { faults, oneAtATime, order, post, Refused } from "./api.js";
import { calendarNow, dayAndTime, fromWall, toWall } from "./dates.js";
import { el, iconButton, newId, toast } from "./dom.js";
import { store } from "./store.js";

// What the playground calls each fault, what a person reads, and the number that goes with it.
const KINDS = {
  429: ["Too many requests (429)", "retry_after", "Retry after, in seconds", 30],
  500: ["Server error (500)"],
  html: ["A web page instead of an answer (503)"],
  nothing: ["Connection cut, nothing done"],
  lost_reply: ["Done, but the answer is lost"],
  slow: ["Done late", "seconds", "Seconds late", 5],
};
const POINTS = { before: "before it is done", after: "when it is done, before the answer" };
const ANY = "*";

let drawn = null; // {calls, fault, held, time}: the parts that change while the panel is open

const called = (method) => (method === ANY ? "any call" : method);

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    toast(error instanceof Refused ? error.message : "The playground can't be reached.", { bad: true });
  }
}

function labelled(label, control) {
  control.id = newId("trouble");
  return el("div", { class: "trouble-field" }, el("label", { for: control.id }, label), control);
}

function choice(options) {
  return el("select", {}, Object.entries(options).map(([value, words]) => el("option", { value }, words)));
}

function number(value) {
  const input = el("input", { type: "number", min: "1", max: "3600", required: true });
  input.value = value;
  return input;
}

function part(heading, ...children) {
  const id = newId("trouble");
  return el("section", { class: "trouble-part", "aria-labelledby": id }, el("h3", { id }, heading), children);
}

function form(submit, ...children) {
  const node = el("form", { class: "trouble-form" }, children);
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(submit);
  });
  return node;
}

const press = (words, onclick) => el("button", { type: "button", class: "button small", onclick: () => attempt(onclick) }, words);
const go = (words) => el("button", { type: "submit", class: "button small primary" }, words);

function failing() {
  const calls = choice({ [ANY]: "Any call" });
  const kind = choice(Object.fromEntries(Object.entries(KINDS).map(([name, [words]]) => [name, words])));
  const count = number(1);
  const more = number(1);
  const moreField = labelled("", more);
  const adapt = () => {
    const [, name, label, usual] = KINDS[kind.value];
    moreField.hidden = !name;
    more.disabled = !name;
    moreField.querySelector("label").textContent = label ?? "";
    more.value = usual ?? 1;
  };
  kind.addEventListener("change", adapt);
  const submit = () => order("faults", {
    method: calls.value, kind: kind.value, count: Number(count.value),
    ...(KINDS[kind.value][1] ? { [KINDS[kind.value][1]]: Number(more.value) } : {}),
  });
  const node = form(submit, labelled("Call", calls), labelled("What happens", kind), labelled("How many calls", count), moreField, go("Let it fail"));
  adapt();
  return { node, calls };
}

function holding() {
  const calls = choice({ [ANY]: "Any call" });
  const at = choice({ before: "Before it is done", after: "When it is done, before the answer" });
  const submit = () => order("hold", { method: calls.value, at: at.value });
  return { node: form(submit, labelled("Call", calls), labelled("Where", at), go("Hold the next one")), calls };
}

function connection() {
  const { app, app_url: url } = store.state;
  if (url) return el("p", { class: "trouble-note" }, `Requests go to ${url}. End ${app.name} to see what people see without it.`);
  return el("div", { class: "trouble-buttons" }, press("Cut it", () => order("sockets/drop")),
    press("Ask the app to come back anew", () => order("sockets/refresh")));
}

function calendar() {
  const moment = el("input", { type: "datetime-local", required: true });
  moment.value = toWall(calendarNow());
  const submit = () => post("clock", { as: store.me, to: new Date(fromWall(moment.value) * 1000).toISOString() });
  const time = el("p", { class: "trouble-note" });
  const node = el("div", {}, time, form(submit, labelled("Date and time", moment), go("Go there")),
    el("div", { class: "trouble-buttons" }, press("Back to real time", () => post("clock", { as: store.me, real: true }))));
  return { node, time };
}

function drawLists({ faults: ordered, holds, methods }) {
  for (const calls of drawn.calls) {
    if (calls.options.length > 1) continue;
    calls.append(...methods.map((name) => el("option", { value: name }, name)));
  }
  const row = (words) => el("li", {}, words);
  drawn.ordered.replaceChildren(...ordered.map((f) => {
    const times = f.count === 1 ? "the next one" : `the next ${f.count}`;
    return row(`${called(f.method)}, ${times}: ${KINDS[f.kind][0]}`);
  }));
  drawn.held.replaceChildren(...holds.map((h) => row(h.arrived
    ? `${called(h.method)} is held, ${POINTS[h.at]}` : `${called(h.method)}: the next one will be held, ${POINTS[h.at]}`)));
  drawn.callOff.hidden = !ordered.length;
  drawn.release.hidden = !holds.length;
}

async function read() {
  if (drawn) drawLists(await faults());
}

const readAgain = oneAtATime(read);

/** Brings what is ordered and held, and the time. */
export async function refreshTrouble() {
  if (!drawn) return;
  drawn.time.textContent = `It is ${dayAndTime(calendarNow())}${store.state.ahead_seconds ? ", which is not the real time" : ""}.`;
  await readAgain();
}

/** Draws the panel into `aside`. */
export function drawTrouble(aside, { onClose }) {
  const fails = failing();
  const holds = holding();
  const clock = calendar();
  const list = (label) => el("ul", { class: "trouble-list", "aria-label": label, "aria-live": "polite" });
  drawn = {
    calls: [fails.calls, holds.calls],
    ordered: list("Ordered"),
    held: list("Held"),
    callOff: press("Call it off", () => order("faults/clear")),
    release: press("Let go", () => order("release")),
    time: clock.time,
  };
  drawn.callOff.hidden = drawn.release.hidden = true; // until it is known what there is
  aside.replaceChildren(
    el("header", { class: "panel-header" }, el("h2", { tabindex: "-1" }, "Trouble"),
      el("span", { class: "panel-sub" }, `to try ${store.state.app.name} in`), iconButton("close", "Close trouble", onClose)),
    el("div", { class: "trouble" },
      part("The next calls fail", el("p", { class: "trouble-note" }, `A call is what ${store.state.app.name} asks of Slack.`), fails.node, drawn.ordered, drawn.callOff),
      part("A call is held", holds.node, drawn.held, drawn.release),
      part("The connection", connection()),
      part("The calendar", clock.node)),
  );
  refreshTrouble().catch((error) => toast(error.message, { bad: true }));
}
