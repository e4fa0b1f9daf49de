// Modals: the stack of views a person has open, drawn as one dialog that shows the top one.

import { post, Refused } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { append, el, icon, iconButton, keepFocus, newId, toast } from "./dom.js";
import { Form, problems } from "./form.js";
import { store } from "./store.js";
import { textNodes } from "./text.js";

const TROUBLE = "We had some trouble connecting. Try again?";

const titleId = newId("modal");
const title = el("h2", { id: titleId });
const note = el("div", { class: "modal-note", role: "alert", hidden: true });
const body = el("div", { class: "modal-body", tabindex: "-1" });
const footer = el("footer", { class: "dialog-actions" });
const back = iconButton("back", "Back", () => leave(false));
const leaveAll = iconButton("close", "Dismiss", () => leave(true));
const frame = el("form", { novalidate: true },
  el("header", { class: "modal-header" }, back, title, leaveAll), note, body, footer,
  el("div", { class: "dialog-toasts", role: "status" }));
const dialog = el("dialog", { class: "modal", "aria-labelledby": titleId }, frame);

const opened = new Map(); // view id -> {form, errors, note, drawn}: what this page keeps of each open view
let top = null;
let busy = false;
let leaving = null; // id of the view that is being closed
let refresh = async () => {};

/** Puts the dialog into the page. `onDone` brings the workspace's state again. */
export function setUpModal({ onDone }) {
  refresh = onDone;
  document.body.append(dialog);
  frame.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave(false);
  });
}

/** Shows the stack, bottom view first; none closes the dialog. What was typed stays with its view. */
export function showViews(views) {
  for (const id of opened.keys()) if (!views.some((v) => v.id === id)) opened.delete(id);
  const next = views.at(-1) ?? null;
  if (!next) {
    top = null;
    if (dialog.open) dialog.close();
    return;
  }
  const isNew = next.id !== top?.id;
  top = next;
  if (!opened.has(next.id)) opened.set(next.id, { form: new Form(), errors: {}, note: null, drawn: null });
  // A new hash is a new version from the app; what a person types changes the state alone.
  const drawn = `${next.hash}/${views.length}`;
  const mine = opened.get(next.id);
  if (!isNew && mine.drawn === drawn) return;
  if (mine.drawn !== drawn) mine.errors = {};
  mine.drawn = drawn;
  mine.form.show(next.blocks);
  draw(views.length > 1);
  if (!dialog.open) dialog.showModal();
  if (isNew) {
    body.scrollTop = 0;
    focusFirst(next);
  }
}

function draw(stacked) {
  const mine = opened.get(top.id);
  const giveBack = keepFocus(body);
  const scroll = body.scrollTop;
  title.replaceChildren(...textNodes(top.title));
  back.hidden = !stacked;
  leaveAll.setAttribute("aria-label", stacked ? "Dismiss all" : "Dismiss");
  note.hidden = !mine.note;
  note.replaceChildren(...(mine.note ? [icon("warning"), el("span", {}, mine.note)] : []));
  body.replaceChildren(...drawBlocks(top.blocks, surface(top)));
  const closeWords = top.close ? textNodes(top.close) : [top.submit ? "Cancel" : "Close"];
  footer.replaceChildren();
  append(footer, [
    el("button", { type: "button", class: "button", onclick: () => leave(false) }, closeWords),
    top.submit ? el("button", { type: "submit", class: "button primary", id: "modal-submit" }, textNodes(top.submit)) : null,
  ]);
  drawBusy();
  body.scrollTop = scroll;
  giveBack();
}

function surface(view) {
  const mine = opened.get(view.id);
  const where = (block, element) => ({ as: store.me, view_id: view.id, block_id: block.block_id, action_id: element.action_id });
  return {
    form: mine.form,
    errors: mine.errors,
    act: async (block, element, payload) => {
      const answer = await post("view/click", { ...where(block, element), ...payload, state: mine.form.values(view.blocks) });
      await refresh();
      return answer;
    },
    ask: (block, element, query) => post("options", { ...where(block, element), query }),
  };
}

function focusFirst(view) {
  const named = view.blocks.find((b) => b.type === "input" && b.element.focus_on_load);
  const wanted = named ? body.querySelector(`[data-action-id="${CSS.escape(named.element.action_id)}"]`) : null;
  const first = wanted ?? body.querySelector("input, textarea, button, a") ?? footer.lastElementChild;
  first.focus();
}

function drawBusy() {
  const button = document.getElementById("modal-submit");
  frame.setAttribute("aria-busy", String(busy));
  if (!button) return;
  button.classList.toggle("busy", busy);
  // Not `disabled`: that would throw the focus away.
  button.setAttribute("aria-disabled", String(busy));
}

function redraw() {
  draw(!back.hidden);
}

function focusFirstError() {
  const field = body.querySelector("[aria-invalid=true]");
  const control = field?.matches("input, textarea") ? field : field?.querySelector("input");
  control?.focus();
}

async function submit() {
  if (busy || !top?.submit) return;
  const view = top;
  const mine = opened.get(view.id);
  const before = mine.drawn;
  mine.note = null;
  mine.errors = problems(view.blocks, mine.form);
  redraw();
  if (Object.keys(mine.errors).length) {
    focusFirstError();
    return;
  }
  busy = true;
  drawBusy();
  try {
    const answer = await post("view/submit", { as: store.me, view_id: view.id, values: mine.form.values(view.blocks) });
    if (answer.error) mine.note = answer.error;
    else if (answer.response_action === "errors") place(view, mine, answer.errors);
    await refresh();
  } catch (error) {
    mine.note = error instanceof Refused ? error.message : TROUBLE;
  } finally {
    busy = false;
    drawBusy();
  }
  if (top?.id !== view.id) return;
  redraw();
  if (mine.drawn !== before) {
    // The app's answer is another form, and says why at its top.
    body.scrollTop = 0;
    focusFirst(top);
  }
  focusFirstError();
}

function place(view, mine, errors) {
  mine.errors = errors;
  const unplaced = Object.keys(errors).filter((id) => !view.blocks.some((b) => b.block_id === id));
  if (unplaced.length) mine.note = unplaced.map((id) => `${id}: ${errors[id]}`).join(" ");
}

async function leave(all) {
  // Chromium tells of one Escape twice where a date field has the focus; and a person may press it twice.
  if (busy || !top || leaving === top.id) return;
  leaving = top.id;
  try {
    await post("view/close", { as: store.me, view_id: top.id, clear: all });
    await refresh();
  } catch (error) {
    toast(error instanceof Refused ? error.message : "The playground can't be reached.", { bad: true });
  } finally {
    leaving = null;
  }
}
