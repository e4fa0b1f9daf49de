// Reactions: what people put under a message, and the menu entries that put it there.

import { post, Refused } from "./api.js";
import { el, toast } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { nameOf, store } from "./store.js";

// A few, so that an app's answer to a reaction can be tried.
const OFFERED = { white_check_mark: "a check mark", "+1": "a thumb up", eyes: "eyes" };

async function react(channel, ts, name) {
  try {
    await post("react", { as: store.me, channel, ts, name });
  } catch (error) {
    toast(error instanceof Refused ? error.message : "The playground can't be reached.", { bad: true });
  }
}

/** What stands under a message; a click adds one's own or takes it back. */
export function reactions(channel, m) {
  if (!m.reactions?.length) return null;
  const chip = ({ name, users, count }) => el("button", {
    type: "button", class: "reaction", "aria-pressed": String(users.includes(store.me)),
    "aria-label": `${name}: ${users.map(nameOf).join(", ")}`, title: users.map(nameOf).join(", "),
    onclick: () => react(channel, m.ts, name),
  }, emojiNode(name), String(count));
  return el("div", { class: "reactions" }, m.reactions.map(chip));
}

/** The entries of a message's menu. */
export function reactionItems(channel, ts) {
  return Object.entries(OFFERED).map(([name, words]) => (
    { label: ["React with ", emojiNode(name)], name: `React with ${words}`, run: () => react(channel, ts, name) }));
}
