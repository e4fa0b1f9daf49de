// Text, date and choice inputs. Each maker returns {node, set(value)}; `node` or one inside takes the focus.

import { fromWall, toWall } from "./dates.js";
import { el, newId } from "./dom.js";
import { outgoing } from "./form.js";
import { me, zone } from "./store.js";
import { textNodes, textOf } from "./text.js";

/** How long typing may rest before a "character entered" dispatch, or a date typed by keyboard, is taken. */
const REST = 400;

const KINDS = {
  plain_text_input: {},
  number_input: { inputmode: "decimal" },
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url", autocomplete: "off" },
};

/** plain_text_input, number_input, email_text_input, url_text_input. `onChange` keeps the value,
 *  `onDispatch` is called when the element's dispatch_action_config says so. */
export function textInput(element, { value, attributes, onChange, onDispatch }) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const placeholder = textOf(element.placeholder);
  const counterId = element.max_length ? newId("count") : null;
  const described = [attributes["aria-describedby"], counterId].filter(Boolean).join(" ") || null;
  const props = { ...attributes, "aria-describedby": described, placeholder, value };
  const input = element.multiline
    ? el("textarea", { rows: 4, ...props })
    : el("input", { type: "text", ...KINDS[element.type], ...props });
  const counter = counterId ? el("span", { class: "counter", id: counterId }) : null;
  let timer = null;

  function count() {
    if (!counter) return;
    const left = element.max_length - [...input.value].length;
    counter.textContent = `${left} left`;
    counter.classList.toggle("over", left < 0);
  }
  input.addEventListener("input", () => {
    count();
    onChange(input.value);
    if (!onDispatch || !triggers.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(() => onDispatch(input.value), REST);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (!onDispatch || element.multiline || !triggers.includes("on_enter_pressed")) return;
    event.preventDefault();
    onDispatch(input.value);
  });
  count();
  return {
    node: el("div", { class: "text-input" }, input, counter),
    set(next) {
      input.value = next;
      count();
    },
  };
}

const DATES = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

/** datepicker, timepicker, datetimepicker; the last in the acted person's zone. `onTyped` hears each change
 *  at once, `onChange` when it has come to rest: typing a year by keyboard changes the value at every digit. */
export function dateInput(element, { value, attributes, onTyped, onChange }) {
  const moment = element.type === "datetimepicker";
  const shown = (v) => (moment ? (v === null ? "" : toWall(v)) : v);
  const read = () => (moment ? fromWall(input.value) : input.value);
  const input = el("input", { type: DATES[element.type], ...attributes, value: shown(value) });
  let timer = null;
  let last = input.value;
  function settle() {
    clearTimeout(timer);
    if (input.value === last) return;
    last = input.value;
    onChange(read());
  }
  input.addEventListener("input", () => {
    onTyped(read());
    clearTimeout(timer);
    timer = setTimeout(settle, REST);
  });
  input.addEventListener("blur", settle);
  const place = moment ? el("span", { class: "zone" }, `${me().real_name || me().name}'s time, ${zone()}`) : null;
  return {
    node: el("div", { class: "date-input" }, input, place),
    set(next) {
      input.value = shown(next);
      last = input.value;
    },
  };
}

/** checkboxes and radio_buttons. */
export function choices(element, { value, attributes, onChange }) {
  const single = element.type === "radio_buttons";
  const name = newId("choice");
  const { id, "data-focus": focus, "data-action-id": action, "aria-describedby": described,
    "aria-required": required, ...group } = attributes;
  const boxes = element.options.map((option, n) => {
    const noteId = option.description ? newId("note") : null;
    const box = el("input", { type: single ? "radio" : "checkbox", name, value: option.value,
      id: n ? null : id, "data-focus": `${focus}/${option.value}`, onchange: read,
      "aria-describedby": [n ? null : described, noteId].filter(Boolean).join(" ") || null });
    const label = el("label", { class: "choice" }, box, el("span", {}, textNodes(option.text)));
    return { box, option, node: el("div", {}, label,
      noteId ? el("p", { class: "choice-note", id: noteId }, textNodes(option.description)) : null) };
  });
  const node = el("div", { class: "choices", role: single ? "radiogroup" : "group",
    "aria-required": single ? required : null, "data-action-id": action, ...group },
    boxes.map((b) => b.node));

  function read() {
    const on = boxes.filter((b) => b.box.checked).map((b) => ({ value: b.option.value, text: textOf(b.option.text) }));
    onChange(single ? on[0] ?? null : on);
  }
  function set(next) {
    const values = single ? [outgoing(next)] : outgoing(next);
    for (const b of boxes) b.box.checked = values.includes(b.option.value);
  }
  set(value);
  return { node, set };
}
