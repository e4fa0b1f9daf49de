// Interactive elements on a surface (a message, a modal, the App Home), and what happens when they are used.
//
// A surface is {form, act(block, element, payload), ask(block, element, query)}: it keeps the values and
// knows where an action goes.

import { Refused } from "./api.js";
import { askFirst } from "./confirm.js";
import { el, icon, toast } from "./dom.js";
import { holdsValue, outgoing } from "./form.js";
import { fileInput } from "./files.js";
import { choices, dateInput, textInput } from "./inputs.js";
import { openMenu } from "./menu.js";
import { select } from "./selects.js";
import { textNodes, textOf } from "./text.js";

/** The box for what this page can't draw. */
export function cannotDraw(what, type) {
  return el("div", { class: "cannot", role: "note", dataset: { cannotDraw: type } }, icon("warning"),
    el("span", {}, `This ${what} can't be drawn: ${type}`));
}

function noAnswer(sentence) {
  return el("span", { class: "no-answer", role: "alert" }, icon("warning"), sentence);
}

async function dispatch(surface, block, element, payload, wrapper) {
  wrapper.querySelector(".no-answer")?.remove();
  wrapper.setAttribute("aria-busy", "true");
  try {
    const answer = await surface.act(block, element, payload);
    if (answer.error) wrapper.append(noAnswer(answer.error));
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
    toast(error instanceof Refused ? error.message : "The playground can't be reached.", { bad: true });
  } finally {
    wrapper.removeAttribute("aria-busy");
  }
}

function button(block, element, surface) {
  const wrapper = el("span", { class: "element" });
  const style = ["primary", "danger"].includes(element.style) ? element.style : "";
  async function press(event) {
    if (wrapper.getAttribute("aria-busy")) return;
    if (element.confirm) {
      event.preventDefault();
      if (!(await askFirst(element.confirm))) return;
      if (element.url) window.open(element.url, "_blank", "noopener");
    }
    dispatch(surface, block, element, { value: element.value }, wrapper);
  }
  const safe = element.url && /^(https?:|mailto:|tel:)/i.test(element.url);
  const props = { class: `button ${style}`, onclick: press, "aria-label": element.accessibility_label,
    "data-action-id": element.action_id, "data-focus": focusKey(block, element) };
  wrapper.append(safe
    ? el("a", { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer" }, textNodes(element.text))
    : el("button", { type: "button", ...props }, textNodes(element.text)));
  return wrapper;
}

function overflow(block, element, surface) {
  const wrapper = el("span", { class: "element" });
  const opener = el("button", { type: "button", class: "button overflow", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": "More options", "data-action-id": element.action_id, "data-focus": focusKey(block, element) }, icon("more"));
  opener.addEventListener("click", () => openMenu(opener, element.options.map((option) => ({
    label: textNodes(option.text),
    description: option.description ? textNodes(option.description) : null,
    href: option.url && /^https?:/i.test(option.url) ? option.url : null,
    dataset: { value: option.value },
    run: async () => {
      if (element.confirm && !(await askFirst(element.confirm))) return;
      dispatch(surface, block, element, { selected: option.value }, wrapper);
    },
  })), { label: "More options", end: true }));
  wrapper.append(opener);
  return wrapper;
}

/** Finds a control again after its surface was drawn anew. */
export function focusKey(block, element) {
  return `${block.block_id}/${element.action_id}`;
}

function maker(type) {
  if (type in { plain_text_input: 1, number_input: 1, email_text_input: 1, url_text_input: 1 }) return textInput;
  if (type in { datepicker: 1, timepicker: 1, datetimepicker: 1 }) return dateInput;
  if (type in { checkboxes: 1, radio_buttons: 1 }) return choices;
  if (type === "file_input") return fileInput;
  return select;
}

/** The control of an element that holds a value, inside an input block or outside of one.
 *  `attributes` go to the control that takes the focus. */
export function valueControl(block, element, surface, attributes) {
  const wrapper = el("span", { class: "element value" });
  const isInput = block.type === "input";
  const dispatches = !isInput || block.dispatch_action === true;
  const isText = maker(element.type) === textInput;
  const send = (value) => dispatch(surface, block, element, { selected: outgoing(value) }, wrapper);

  async function changed(value) {
    const before = surface.form.get(block, element);
    surface.form.set(block, element, value);
    if (!dispatches || isText) return;
    if (element.confirm && !(await askFirst(element.confirm))) {
      surface.form.set(block, element, before);
      control.set(before);
      return;
    }
    send(value);
  }
  const control = maker(element.type)(element, {
    value: surface.form.get(block, element),
    optional: isInput && block.optional === true,
    attributes: { "data-action-id": element.action_id, "data-focus": focusKey(block, element), ...attributes },
    ask: (query) => surface.ask(block, element, query),
    onChange: changed,
    onTyped: (value) => dispatches || surface.form.set(block, element, value),
    onDispatch: dispatches ? send : null,
  });
  wrapper.append(control.node);
  return wrapper;
}

/** An element of an actions block or a section's accessory. `beside` is the text it belongs to. */
export function elementNode(block, element, surface, beside = "") {
  if (element.type === "button") return button(block, element, surface);
  if (element.type === "overflow") return overflow(block, element, surface);
  if (!holdsValue(element.type)) return cannotDraw("element", element.type);
  const label = element.accessibility_label || textOf(element.placeholder) || beside || element.action_id;
  return valueControl(block, element, surface, { "aria-label": label });
}
