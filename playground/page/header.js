// The head of the open conversation: its name, tabs in the app's messages, and who is in.

import { post, Refused } from "./api.js";
import { el, icon, iconButton, toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { avatar } from "./people.js";
import { go } from "./route.js";
import { channelName, isAppChannel, person, store } from "./store.js";

async function change(path, body) {
  try {
    await post(path, { as: store.me, channel: store.channel, ...body });
  } catch (error) {
    toast(error instanceof Refused ? error.message : "The playground can't be reached.", { bad: true });
  }
}

function channelMenu(c) {
  const { app } = store.state;
  const items = [];
  if (c.is_member && !c.is_archived) {
    items.push(c.bot_is_member
      ? { label: `Remove ${app.name}`, run: () => change("leave", { user: app.bot_user_id }) }
      : { label: `Add ${app.name}`, run: () => change("join", { user: app.bot_user_id }) });
    items.push({ label: "Leave this channel", run: () => change("leave", { user: store.me }) });
  }
  if (!c.is_member && !c.is_archived) items.push({ label: "Join this channel", run: () => change("join", { user: store.me }) });
  items.push({ label: c.is_archived ? "Unarchive this channel" : "Archive this channel", danger: !c.is_archived,
    run: () => change("archive", { archived: !c.is_archived }) });
  const button = iconButton("more", "Channel actions", () => openMenu(button, items, { label: "Channel actions", end: true }),
    { "aria-haspopup": "menu", "aria-expanded": "false" });
  return button;
}

/** The tabs of the app's messages that this app has. */
export function tabsOf(c) {
  if (!isAppChannel(c)) return [];
  const { home_tab: home, messages_tab: messages } = store.state.app;
  return [home ? "home" : null, messages ? "messages" : null].filter(Boolean);
}

function tabs(c) {
  const list = tabsOf(c);
  if (list.length < 2) return null;
  const open = (tab) => go({ as: store.me, channel: c.id, tab });
  const node = el("div", { class: "tabs", role: "tablist", "aria-label": `${channelName(c)}'s tabs` }, list.map((tab) => el("button", {
    type: "button", role: "tab", id: `tab-${tab}`, "aria-selected": String(store.tab === tab), "aria-controls": "pane",
    tabindex: store.tab === tab ? "0" : "-1", onclick: () => open(tab),
  }, tab === "home" ? "Home" : "Messages")));
  node.addEventListener("keydown", (event) => {
    if (!event.key.match(/^Arrow(Left|Right)$/)) return;
    const next = list.find((tab) => tab !== store.tab);
    open(next);
    requestAnimationFrame(() => document.getElementById(`tab-${next}`)?.focus());
  });
  return node;
}

function panelButton(name, glyph, words, { panel, onPanel, problems = 0 }) {
  return el("button", { type: "button", id: `${name}-button`, class: problems ? "panel-button bad" : "panel-button", "aria-expanded": String(panel === name),
    "aria-controls": name, onclick: () => onPanel(name), "aria-label": problems ? `${words}, ${problems} with problems` : words },
  icon(glyph), el("span", { class: "panel-word" }, words), problems ? el("span", { class: "count" }, String(problems)) : null);
}

/** Draws the head of channel `c` into `header`. `panel` is the open one's name; `onPanel` opens or closes one. */
export function drawHeader(header, c, { onMenu, onPanel, problems, panel }) {
  const keptId = header.contains(document.activeElement) ? document.activeElement.id : null;
  const glyph = isAppChannel(c) ? avatar(store.state.app, "small")
    : c?.kind === "im" ? avatar(person(c.user) ?? { name: "?" }, "small")
      : icon(c?.kind === "private" ? "lock" : "hash");
  const addApp = c && c.kind !== "im" && c.is_member && !c.is_archived && !c.bot_is_member
    ? el("button", { type: "button", class: "button small add-app", onclick: () => change("join", { user: store.state.app.bot_user_id }) },
      `Add ${store.state.app.name}`) : null;
  header.replaceChildren(...[
    iconButton("menu", "Conversations", onMenu, { class: "drawer-open", id: "drawer-button", "aria-controls": "sidebar" }),
    el("div", { class: "title" }, glyph, el("h1", {}, c ? channelName(c) : "No conversation")),
    c ? tabs(c) : null,
    el("div", { class: "spacer" }),
    addApp, c && c.kind !== "im" ? channelMenu(c) : null,
    panelButton("trouble", "bolt", "Trouble", { panel, onPanel }), panelButton("log", "pulse", "Traffic", { panel, onPanel, problems }),
  ].filter(Boolean));
  if (keptId) document.getElementById(keptId)?.focus();
}

/** What stands in the composer's place when the acted person can't write in `c`; null when they can. */
export function closedComposer(c) {
  if (c.is_archived) return el("div", { class: "closed" }, "This channel is archived. It can be read, not written in.");
  if (isAppChannel(c) && !store.state.app.messages_tab) {
    return el("div", { class: "closed" }, `${store.state.app.name} doesn't take messages.`);
  }
  if (c.kind === "im" || c.is_member) return null;
  return el("div", { class: "closed" }, el("span", {}, `You are looking at #${channelName(c)}.`),
    el("button", { type: "button", class: "button primary", onclick: () => change("join", { user: store.me }) }, "Join channel"));
}
