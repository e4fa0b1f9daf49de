// A menu that opens from a button: overflow menus, a message's "...", shortcuts, people.

import { el, newId, placeBy } from "./dom.js";

/** Opens a menu at `button`. Items: {label (string or nodes), description?, group?, href?, checked?,
 *  disabled?, danger?, name?, run?}. Arrow keys, Home, End, Escape and typing a letter work. */
export function openMenu(button, items, { label, end = false } = {}) {
  if (button.getAttribute("aria-expanded") === "true") return;
  const menu = el("div", { class: "menu", role: "menu", popover: "auto", id: newId("menu"), "aria-label": label });
  let group = null;
  for (const item of items) {
    if (item.group && item.group !== group) menu.append(el("div", { class: "menu-group", role: "presentation" }, item.group));
    group = item.group ?? group;
    menu.append(draw(item));
  }
  if (!items.length) menu.append(el("p", { class: "menu-empty" }, "Nothing here."));

  function draw(item) {
    const role = item.checked === undefined ? "menuitem" : "menuitemradio";
    return el(item.href ? "a" : "button", {
      type: item.href ? null : "button", role, class: item.danger ? "menu-item danger" : "menu-item", tabindex: "-1",
      "aria-checked": item.checked === undefined ? null : String(item.checked),
      "aria-disabled": item.disabled ? "true" : null, "aria-label": item.name,
      href: item.href, target: item.href ? "_blank" : null, rel: item.href ? "noopener noreferrer" : null,
      dataset: item.dataset,
      onclick: () => {
        if (item.disabled) return;
        menu.hidePopover();
        item.run?.();
      },
    }, el("span", { class: "menu-label" }, item.label),
    item.description ? el("span", { class: "menu-description" }, item.description) : null);
  }

  const all = () => [...menu.querySelectorAll("[role^=menuitem]")];
  menu.addEventListener("keydown", (event) => {
    const list = all();
    const at = list.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      list.at(to % list.length)?.focus();
    } else if (event.key === "Tab") menu.hidePopover();
    else if (event.key === "Escape") {
      // Only the menu: not the dialog or the panel it stands in.
      event.preventDefault();
      menu.hidePopover();
    }
    else if (event.key.length === 1 && /\S/.test(event.key)) {
      const rest = [...list.slice(at + 1), ...list.slice(0, at + 1)];
      rest.find((n) => n.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    }
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (hadFocus && button.isConnected) button.focus();
  });
  // Beside the button, so that inside a modal dialog the menu isn't inert.
  button.after(menu);
  button.setAttribute("aria-expanded", "true");
  menu.showPopover();
  placeBy(menu, button, { end, most: 640 });
  (all().find((n) => n.getAttribute("aria-checked") === "true") ?? all()[0])?.focus();
}
