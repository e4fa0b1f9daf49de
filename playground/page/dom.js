// Builds DOM nodes. People's text only ever becomes text nodes here; nothing on this page parses HTML.

/** Makes an element. `props` are attributes; on* are listeners, `class` and `dataset` as named;
 *  null, undefined and false leave an attribute out. Children are nodes or strings. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") {
      for (const [key, item] of Object.entries(value)) {
        if (item !== null && item !== undefined) node.dataset[key] = item;
      }
    } else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

/** Appends nodes and strings, however nested; skips null and false. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
  return node;
}

let counter = 0;

/** An id that is unique on this page. */
export function newId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  down: "M6 9l6 6 6-6",
  back: "M15 5l-7 7 7 7",
  menu: "M4 7h16M4 12h16M4 17h16",
  send: "M4 12l16-8-6 16-3-7z",
  plus: "M12 5v14M5 12h14",
  attach: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8L9.5 17a1.7 1.7 0 0 1-2.4-2.4L15 6.7",
  reply: "M20 11.5a7.5 7.5 0 0 1-11 6.6L4 19.5l1.4-4.6A7.5 7.5 0 1 1 20 11.5z",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  hash: "M9 4L7 20M17 4l-2 16M4 9h16M3 15h16",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  warning: "M12 4L2 20h20zM12 10v4M12 17h.01",
  check: "M5 12l5 5 9-10",
  info: "M12 11v6M12 7h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
};

/** A line icon; decoration only, so hidden from assistive technology. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon; `label` is its accessible name and its tooltip. */
export function iconButton(name, label, onclick, props = {}) {
  return el("button", { type: "button", "aria-label": label, title: label, onclick, ...props,
    class: `icon-button ${props.class ?? ""}` }, icon(name));
}

/** Says something at the bottom of the page for some seconds; `bad` draws it as a problem. */
export function toast(text, { bad = false } = {}) {
  const close = iconButton("close", "Hide", () => item.remove());
  const item = el("div", { class: bad ? "toast bad" : "toast" }, icon(bad ? "warning" : "info"),
    el("span", {}, text), close);
  // A modal dialog covers the page: what is said while one is open is said inside it.
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  (open?.querySelector(".dialog-toasts") ?? document.getElementById("toasts")).append(item);
  setTimeout(() => item.remove(), bad ? 12000 : 6000);
}

/** Puts `popup` (position: fixed) under `anchor`, or above it when there is no room below. */
export function placeBy(popup, anchor, { width = false, end = false, most = 360 } = {}) {
  const box = anchor.getBoundingClientRect();
  if (width) popup.style.width = `${box.width}px`;
  const below = window.innerHeight - box.bottom - 12;
  const above = box.top - 12;
  popup.style.maxHeight = `${Math.max(140, Math.min(most, Math.max(below, above)))}px`;
  const size = popup.getBoundingClientRect();
  const goesUp = size.height > below && above > below;
  popup.style.top = `${goesUp ? box.top - size.height - 4 : box.bottom + 4}px`;
  const left = end ? box.right - size.width : box.left;
  popup.style.left = `${Math.max(8, Math.min(left, window.innerWidth - size.width - 8))}px`;
}

/** Remembers which control has the focus inside `root`, and gives it back after a redraw. */
export function keepFocus(root) {
  const active = document.activeElement;
  if (!active || !root.contains(active)) return () => {};
  const key = active.closest("[data-focus]")?.dataset.focus;
  const range = "selectionStart" in active && active.type !== "email"
    ? [active.selectionStart, active.selectionEnd] : null;
  return () => {
    if (root.contains(document.activeElement)) return;
    const again = key && [...root.querySelectorAll("[data-focus]")].find((n) => n.dataset.focus === key);
    if (!again) {
      if (root.tabIndex >= -1) root.focus({ preventScroll: true });
      return;
    }
    again.focus({ preventScroll: true });
    if (range && range[0] !== null && "setSelectionRange" in again) again.setSelectionRange(...range);
  };
}
