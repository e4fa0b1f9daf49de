// The sidebar: who is played, the channels, the direct messages, the app.

import { clockPanel } from "./clock.js";
import { el, icon, iconButton, keepFocus } from "./dom.js";
import { actAs, avatar } from "./people.js";
import { href } from "./route.js";
import { channelName, isAppChannel, person, store } from "./store.js";
import { isUnread } from "./unread.js";

function glyph(c) {
  if (isAppChannel(c)) return avatar(store.state.app, "small");
  if (c.kind === "im") return avatar(person(c.user) ?? { name: "?" }, "small");
  return icon(c.kind === "private" || c.kind === "mpim" ? "lock" : "hash");
}

function marks(c) {
  const words = [];
  if (c.is_archived) words.push("archived");
  if (c.is_shared) words.push("shared");
  if (c.kind !== "im" && !c.is_member) words.push("not joined");
  return words.length ? el("span", { class: "channel-mark" }, words.join(", ")) : null;
}

function link(c) {
  const unread = isUnread(c.id);
  const classes = ["channel-link", unread ? "unread" : "", c.is_archived || (!c.is_member && c.kind !== "im") ? "faint" : ""];
  return el("li", {}, el("a", { href: href({ as: store.me, channel: c.id }), class: classes.join(" ").trim(),
    "aria-current": c.id === store.channel ? "page" : null, dataset: { channel: c.id, focus: `channel/${c.id}` } },
  glyph(c), el("span", { class: "channel-name" }, channelName(c)), marks(c),
  unread ? el("span", { class: "dot" }, el("span", { class: "visually-hidden" }, "unread")) : null));
}

function group(title, channels) {
  if (!channels.length) return null;
  return el("section", { "aria-label": title }, el("h2", {}, title), el("ul", {}, channels.map(link)));
}

function connection() {
  const { app, connected } = store.state;
  const words = connected ? `${app.name} is connected` : `${app.name} isn't connected`;
  return el("p", { class: connected ? "connection on" : "connection off" }, el("span", { class: "lamp", "aria-hidden": "true" }), words);
}

const byName = (a, b) => Number(a.is_archived) - Number(b.is_archived) || channelName(a).localeCompare(channelName(b));

/** Draws the sidebar into `nav`. `onClose` puts the drawer away on a phone. */
export function drawSidebar(nav, { onClose }) {
  const { channels, team } = store.state;
  const apps = channels.filter(isAppChannel);
  const ims = channels.filter((c) => (c.kind === "im" || c.kind === "mpim") && !isAppChannel(c));
  const rest = channels.filter((c) => c.kind === "public" || c.kind === "private");
  const giveFocusBack = keepFocus(nav);
  const scroll = nav.scrollTop;
  nav.replaceChildren(
    el("div", { class: "workspace" }, el("div", {}, el("p", { class: "workspace-name" }, team.name), connection()),
      iconButton("close", "Close the list", onClose, { class: "drawer-close" })),
    actAs(),
    clockPanel(),
    ...[group("Channels", rest.sort(byName)), group("Direct messages", ims.sort(byName)), group("Apps", apps)].filter(Boolean),
  );
  // The link to where one is changes nothing in the address, so nothing else would put the drawer away.
  nav.onclick = (event) => { if (event.target.closest(".channel-link[aria-current]")) onClose(); };
  nav.scrollTop = scroll;
  giveFocusBack();
}
