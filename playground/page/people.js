// Who is played: avatars, and the switch that acts as another person.

import { clockIn } from "./dates.js";
import { el, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { go } from "./route.js";
import { me, roleOf, store } from "./store.js";

/** A coloured letter. `subject` is a person or the app: {name, real_name?, color?}. */
export function avatar(subject, className = "") {
  const name = subject.real_name || subject.name || "?";
  const letter = [...name.trim()][0]?.toUpperCase() ?? "?";
  const node = el("span", { class: `avatar ${className}`, "aria-hidden": "true" }, letter);
  const color = /^#?[0-9a-f]{6}$/i.test(subject.color ?? "") ? subject.color.replace(/^#?/, "#") : "#5b6b7f";
  node.style.backgroundColor = color;
  node.style.color = isLight(color) ? "#14202b" : "#ffffff";
  return node;
}

function isLight(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  // Above this luminance dark letters contrast better than white ones.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18;
}

function details(p) {
  return [roleOf(p), clockIn(p.tz)].filter(Boolean).join(" · ");
}

/** The button that shows who is played and opens the list of people. */
export function actAs() {
  const now = me();
  const name = now.real_name || now.name;
  const button = el("button", { type: "button", class: "act-as", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": `Act as another person, now ${name}` },
  avatar(now), el("span", { class: "act-as-text" }, el("span", { class: "act-as-detail" }, "You act as"), el("strong", {}, name), el("span", { class: "act-as-detail" }, details(now))),
  icon("down"));
  button.addEventListener("click", () => {
    const people = store.state.people.filter((p) => !p.is_bot);
    openMenu(button, people.map((p) => ({
      label: el("span", { class: "menu-person" }, avatar(p, "small"), el("span", {}, p.real_name || p.name)),
      description: details(p),
      checked: p.id === store.me,
      disabled: p.deleted,
      dataset: { user: p.id },
      run: () => go({ as: p.id, channel: store.channel, tab: store.tab }),
    })), { label: "Act as" });
  });
  return button;
}
