// A select that is searched by typing: the one control behind static, external, people and channel selects.
// Follows the ARIA combobox pattern with a listbox popup.

import { el, icon, iconButton, newId, placeBy } from "./dom.js";

/** Makes a select.
 *  load(query) -> [{label, options: [{value, text, description}]}], or a promise of it, or {hint} to say instead.
 *  value: {value, text} or null; a list of them when `multiple`.
 *  Returns {node, set(value)}; `onChange` gets the new value. */
export function combo({ load, value, multiple = false, most = 100, clearable = false, placeholder = "", attributes = {}, onChange }) {
  let chosen = value;
  let active = -1;
  let shown = [];
  let turn = 0;
  const listId = newId("list");
  const input = el("input", { type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, ...attributes });
  const chips = el("span", { class: "chips" });
  const clear = iconButton("close", "Clear", () => choose(null), { class: "small", hidden: true });
  const box = el("div", { class: "combo-box" }, multiple ? chips : null, input, multiple ? null : clear, icon("down"));
  const list = el("div", { class: "listbox", role: "listbox", id: listId, popover: "manual",
    "aria-multiselectable": multiple ? "true" : null, "aria-label": "Options" });
  const node = el("div", { class: multiple ? "combo multiple" : "combo" }, box, list);

  const isOpen = () => input.getAttribute("aria-expanded") === "true";
  const has = (item) => multiple && chosen.some((c) => c.value === item.value);

  function drawChosen() {
    if (multiple) {
      chips.replaceChildren(...chosen.map((item) => el("span", { class: "chip" }, el("span", {}, item.text),
        iconButton("close", `Remove ${item.text}`, () => {
          change(chosen.filter((c) => c.value !== item.value));
          input.focus();
        }, { class: "small" }))));
      input.placeholder = chosen.length ? "" : placeholder;
    } else {
      input.value = chosen?.text ?? "";
      input.placeholder = placeholder;
      clear.hidden = !clearable || !chosen;
    }
  }

  function change(next) {
    chosen = next;
    drawChosen();
    onChange(chosen);
  }

  function choose(item) {
    close();
    if (!multiple) {
      change(item);
      return;
    }
    input.value = "";
    if (has(item)) change(chosen.filter((c) => c.value !== item.value));
    else if (chosen.length < most) change([...chosen, item]);
  }

  function point(index, scroll = true) {
    active = index;
    shown.forEach(({ node: option }, n) => option.classList.toggle("active", n === index));
    const now = shown[index]?.node;
    if (now) {
      input.setAttribute("aria-activedescendant", now.id);
      if (scroll) now.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function drawList(groups) {
    shown = [];
    const full = multiple && chosen.length >= most;
    const nodes = groups.flatMap((group) => {
      const options = group.options.map((item) => {
        const at = shown.length;
        const selected = multiple ? has(item) : chosen?.value === item.value;
        const option = el("div", { class: "option", role: "option", id: newId("option"), "aria-selected": String(selected),
          "aria-disabled": full && !selected ? "true" : null, dataset: { value: item.value },
          onclick: () => choose(item), onmousemove: () => at !== active && point(at, false) },
        el("span", { class: "option-text" }, item.text),
        item.description ? el("span", { class: "option-description" }, item.description) : null,
        selected ? icon("check") : null);
        shown.push({ node: option, item });
        return option;
      });
      if (!group.label) return options;
      return [el("div", { role: "group", "aria-label": group.label }, el("div", { class: "option-group" }, group.label), options)];
    });
    if (full) nodes.push(el("p", { class: "list-note" }, `No more than ${most} can be chosen.`));
    list.replaceChildren(...(shown.length ? nodes : [el("p", { class: "list-note" }, "Nothing found.")]));
    const at = shown.findIndex(({ item }) => !multiple && item.value === chosen?.value);
    point(shown.length ? Math.max(at, 0) : -1);
  }

  async function show(query) {
    turn += 1;
    const mine = turn;
    if (!isOpen()) {
      list.showPopover();
      input.setAttribute("aria-expanded", "true");
    }
    const answer = load(query);
    if (answer instanceof Promise && !shown.length) list.replaceChildren(el("p", { class: "list-note" }, "Looking…"));
    let found;
    try {
      found = await answer;
    } catch (error) {
      found = { hint: error.message };
    }
    if (mine !== turn || !isOpen()) return;
    if (found.hint) {
      shown = [];
      list.replaceChildren(el("p", { class: "list-note" }, found.hint));
    } else drawList(found);
    placeBy(list, box, { width: true });
  }

  function close() {
    turn += 1;
    if (!isOpen()) return;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    shown = [];
    if (list.isConnected) list.hidePopover();
  }

  const KEYS = {
    ArrowDown: () => (isOpen() ? point(Math.min(active + 1, shown.length - 1)) : show("")),
    ArrowUp: () => (isOpen() ? point(Math.max(active - 1, 0)) : show("")),
    Enter: () => shown[active] && choose(shown[active].item),
    Escape: () => {
      close();
      drawChosen();
      if (multiple) input.value = "";
    },
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && multiple && !input.value && chosen.length) change(chosen.slice(0, -1));
    const act = KEYS[event.key];
    if (!act || event.isComposing || (!isOpen() && !event.key.startsWith("Arrow"))) return;
    // Neither the form's submit nor the dialog's Escape: the list takes the key.
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  input.addEventListener("input", () => show(input.value));
  input.addEventListener("focus", () => input.select());
  box.addEventListener("click", (event) => {
    if (event.target.closest("button")) return;
    input.focus();
    if (!isOpen()) show("");
  });
  input.addEventListener("blur", () => {
    close();
    if (!multiple) drawChosen();
    else input.value = "";
  });
  // A press in the list must not take the focus from the input.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  drawChosen();
  return {
    node,
    set(next) {
      chosen = next;
      drawChosen();
    },
  };
}
