// The app's shortcuts: those of a message's "..." menu, and the global ones beside the composer.

import { post, Refused } from "./api.js";
import { toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { reactionItems } from "./reactions.js";
import { store } from "./store.js";

async function run(shortcut, place = {}) {
  try {
    const answer = await post("shortcut", { as: store.me, callback_id: shortcut.callback_id, ...place });
    if (answer.error) toast(answer.error, { bad: true });
  } catch (error) {
    toast(error instanceof Refused ? error.message : "The playground can't be reached.", { bad: true });
  }
}

function items(type, place) {
  const app = store.state.app;
  return app.shortcuts.filter((s) => s.type === type)
    .map((s) => ({ label: s.name, description: s.description || app.name, run: () => run(s, place) }));
}

/** The "..." menu of a message. `onReply` opens its thread; null inside of one. */
export function openMessageMenu(button, channel, ts, onReply) {
  const reply = onReply ? [{ label: "Reply in thread", run: onReply }] : [];
  const all = [...reply, ...items("message", { channel, ts }), ...reactionItems(channel, ts)];
  openMenu(button, all, { label: "More actions", end: true });
}

/** The menu of global shortcuts. */
export function openShortcuts(button) {
  openMenu(button, items("global", {}), { label: "Shortcuts" });
}
