// Completion in the message box: commands of the app, people, channels, emoji.

import { el, newId, placeBy } from "./dom.js";
import { emojiNames } from "./emoji.js";
import { avatar } from "./people.js";
import { channelName, nameOf, store } from "./store.js";

const MOST = 8;

function commands(typed) {
  return store.state.app.commands.filter((c) => c.command.startsWith(typed)).map((c) => ({
    insert: `${c.command} `, name: c.command, label: el("strong", {}, c.command),
    hint: c.usage_hint, description: c.description,
  }));
}

function people(typed) {
  const wanted = typed.toLowerCase();
  const fits = (p) => p.name.toLowerCase().startsWith(wanted)
    || (p.real_name ?? "").toLowerCase().split(" ").some((part) => part.startsWith(wanted));
  return store.state.people.filter((p) => !p.deleted && fits(p)).map((p) => ({
    insert: `@${p.name} `, name: nameOf(p.id), hint: `@${p.name}`,
    label: el("span", { class: "menu-person" }, avatar(p, "small"), nameOf(p.id)),
  }));
}

function channels(typed) {
  return store.state.channels.filter((c) => c.kind !== "im" && c.name.startsWith(typed.toLowerCase()))
    .map((c) => ({ insert: `#${channelName(c)} `, name: c.name, label: `# ${c.name}` }));
}

function emoji(typed) {
  return emojiNames().filter(([name]) => name.startsWith(typed))
    .map(([name, character]) => ({ insert: `:${name}: `, name, label: `${character}  :${name}:` }));
}

// What stands before the caret decides what is offered.
const TRIGGERS = [
  [/^(\/\S*)$/, commands],
  [/(?:^|\s)(@([\w.-]*))$/, people],
  [/(?:^|\s)(#([\w-]*))$/, channels],
  [/(?:^|\s)(:([a-z0-9_+-]{2,}))$/, emoji],
];

/** Adds completion to a textarea. Returns {take(event)}: true when the key was for the list. */
export function completion(textarea) {
  const listId = newId("completion");
  const list = el("div", { class: "listbox completion", role: "listbox", id: listId, popover: "manual", "aria-label": "Suggestions" });
  textarea.after(list);
  textarea.setAttribute("aria-autocomplete", "list");
  textarea.setAttribute("aria-controls", listId);
  let shown = [];
  let active = 0;
  let typed = "";

  function find() {
    const before = textarea.value.slice(0, textarea.selectionStart);
    for (const [pattern, offer] of TRIGGERS) {
      const match = pattern.exec(before);
      if (!match) continue;
      typed = match[1];
      return offer(match[2] ?? match[1]).slice(0, MOST);
    }
    return [];
  }

  function point(index) {
    active = index;
    [...list.children].forEach((n, at) => {
      n.classList.toggle("active", at === index);
      n.setAttribute("aria-selected", String(at === index));
    });
    const now = list.children[index];
    if (!now) return;
    textarea.setAttribute("aria-activedescendant", now.id);
    now.scrollIntoView({ block: "nearest" });
  }

  function close() {
    shown = [];
    textarea.removeAttribute("aria-activedescendant");
    if (list.matches(":popover-open")) list.hidePopover();
  }

  function accept(item) {
    const caret = textarea.selectionStart;
    const start = caret - typed.length;
    textarea.setRangeText(item.insert, start, caret, "end");
    close();
    textarea.dispatchEvent(new Event("input"));
  }

  function update() {
    shown = find();
    if (!shown.length) {
      close();
      return;
    }
    list.replaceChildren(...shown.map((item) => el("div", { class: "option", role: "option", id: newId("suggestion"),
      onclick: () => accept(item) },
    el("span", { class: "option-text" }, item.label, item.hint ? el("span", { class: "usage" }, ` ${item.hint}`) : null),
    item.description ? el("span", { class: "option-description" }, item.description) : null)));
    list.showPopover();
    placeBy(list, textarea.closest(".composer-box"), { width: true });
    point(0);
  }

  textarea.addEventListener("input", update);
  textarea.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());

  const KEYS = {
    ArrowDown: () => point((active + 1) % shown.length),
    ArrowUp: () => point((active - 1 + shown.length) % shown.length),
    Enter: () => accept(shown[active]),
    Tab: () => accept(shown[active]),
    Escape: close,
  };
  return {
    take(event) {
      if (!shown.length || !KEYS[event.key] || event.shiftKey) return false;
      // A command that stands there in full is sent, not completed.
      if (event.key === "Enter" && shown[active].name === typed) {
        close();
        return false;
      }
      event.preventDefault();
      KEYS[event.key]();
      return true;
    },
  };
}
