// Draws messages and keeps a list of them current without touching those that didn't change.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { calendarNow, clock, dayDivider, dayOf, full } from "./dates.js";
import { el, icon, iconButton, keepFocus } from "./dom.js";
import { cannotDraw } from "./elements.js";
import { fileNode } from "./files.js";
import { Form } from "./form.js";
import { openMessageMenu } from "./shortcuts.js";
import { avatar } from "./people.js";
import { reactions } from "./reactions.js";
import { go } from "./route.js";
import { nameOf, person, store } from "./store.js";
import { mrkdwn } from "./text.js";

const forms = new Map(); // person + channel + ts -> Form: a choice made in a message outlives its redraw
const dismissed = new Set(); // person + channel + ts of ephemeral messages put away

const keyOf = (channel, m) => `${store.me}/${channel}/${m.ts}`;

function author(m) {
  const app = store.state.app;
  if (m.bot_id || m.user === app.bot_user_id) return { name: app.name, color: app.color, isApp: true };
  if (m.user === "USLACKBOT") return { name: "Slackbot", color: "5b6b7f", isApp: false };
  const found = person(m.user);
  return found ? { ...found, name: nameOf(m.user), isApp: found.is_bot } : { name: m.user ?? "Somebody", isApp: false };
}

function surface(channel, m) {
  const key = keyOf(channel, m);
  if (!forms.has(key)) forms.set(key, new Form());
  const form = forms.get(key);
  form.show(m.blocks);
  const where = (block, element) => ({ as: store.me, channel, ts: m.ts, revision: m.revision,
    block_id: block.block_id, action_id: element.action_id });
  return {
    form,
    act: (block, element, payload) => post("click", { ...where(block, element), ...payload, state: form.values(m.blocks) }),
    ask: (block, element, query) => post("options", { ...where(block, element), query }),
  };
}

function attachment(a, place) {
  const node = el("div", { class: "attachment" });
  if (/^#?[0-9a-f]{6}$/i.test(a.color ?? "")) node.style.borderInlineStartColor = a.color.replace(/^#?/, "#");
  if (a.blocks) node.append(...drawBlocks(a.blocks, place));
  else if (a.text || a.fallback) node.append(el("div", { class: "text" }, mrkdwn(a.text || a.fallback)));
  else node.append(cannotDraw("attachment", Object.keys(a).join(", ")));
  return node;
}

function content(channel, m) {
  const place = surface(channel, m);
  const nodes = m.blocks?.length ? drawBlocks(m.blocks, place) : [el("div", { class: "text" }, mrkdwn(m.text ?? ""))];
  for (const file of m.files ?? []) nodes.push(fileNode(file));
  for (const a of m.attachments ?? []) nodes.push(attachment(a, place));
  return nodes;
}

function openThread(channel, m) {
  go({ as: store.me, channel, thread: m.thread_ts ?? m.ts });
}

function tools(channel, m, inThread) {
  if (m.ephemeral) return null;
  const reply = inThread ? null
    : iconButton("reply", "Reply in thread", () => openThread(channel, m), { class: "small reply-button" });
  const more = iconButton("more", "More actions", () => openMessageMenu(more, channel, m.ts, inThread ? null : () => openThread(channel, m)),
    { class: "small", "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": `more/${m.ts}` });
  return el("div", { class: "tools" }, reply, more);
}

function replies(channel, m, inThread) {
  if (inThread || !m.reply_count) return null;
  const words = m.reply_count === 1 ? "1 reply" : `${m.reply_count} replies`;
  return el("button", { type: "button", class: "replies", onclick: () => openThread(channel, m) }, icon("reply"), words);
}

function drawMessage(channel, m, { compact, inThread, onDismiss }) {
  const who = author(m);
  const seconds = m.said_at;
  const time = el("time", { datetime: new Date(seconds * 1000).toISOString(), title: full(seconds) }, clock(seconds));
  const head = compact ? null : el("div", { class: "message-head" }, el("span", { class: "author" }, who.name),
    who.isApp ? el("span", { class: "badge" }, "APP") : null, time);
  const classes = ["message", compact ? "compact" : "", m.ephemeral ? "ephemeral" : "", m.subtype ? "system" : ""];
  return el("article", { class: classes.join(" ").trim(), "aria-label": `${who.name}, ${clock(seconds)}`, tabindex: "-1",
    dataset: { ts: m.ts, user: m.user, revision: m.revision, ephemeral: m.ephemeral ? "true" : null } },
  el("div", { class: "gutter" }, compact ? time : avatar(who)),
  el("div", { class: "message-body" },
    m.ephemeral ? el("p", { class: "only-you" }, icon("eye"), "Only visible to you",
      el("button", { type: "button", class: "link-button", onclick: onDismiss }, "Dismiss")) : null,
    head,
    el("div", { class: "content" }, content(channel, m)),
    m.edited ? el("span", { class: "edited", title: full(Number(m.edited.ts ?? m.ts)) }, "(edited)") : null,
    reactions(channel, m),
    replies(channel, m, inThread)),
  tools(channel, m, inThread));
}

function divider(seconds) {
  const words = dayDivider(seconds);
  return el("div", { class: "day", role: "separator", "aria-label": words }, el("span", {}, words));
}

/** The messages of one conversation, or of one thread of it. */
export class MessageList {
  #drawn = new Map(); // key -> {signature, node}
  #top = 0;
  #atEnd = true; // whether the newest is in sight, and is to stay there

  constructor(channel, { inThread = false, label }) {
    this.channel = channel;
    this.inThread = inThread;
    this.node = el("div", { class: "messages", role: "log", "aria-live": "off", "aria-label": label, tabindex: "0" });
    this.node.addEventListener("scroll", () => {
      // A picture that has just come makes the end move away, too: only who goes up wants to be elsewhere.
      const up = this.node.scrollTop < this.#top;
      this.#top = this.node.scrollTop;
      this.#atEnd = this.#seesEnd() || (this.#atEnd && !up);
    });
    // Pictures take their room when they have come; "load" reaches nobody above them but who captures it.
    this.node.addEventListener("load", () => { if (this.#atEnd) this.#goToEnd(); }, { capture: true });
  }

  #seesEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80;
  }

  #goToEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.#top = this.node.scrollTop;
  }

  /** Shows these messages, oldest first. */
  show(messages) {
    const visible = messages.filter((m) => !dismissed.has(keyOf(this.channel, m)));
    const toEnd = this.#atEnd || this.#seesEnd() || this.node.ariaLive === "off";
    const wanted = this.#nodes(visible, messages);
    const giveBack = keepFocus(this.node);
    place(this.node, wanted);
    giveBack();
    this.#atEnd = toEnd;
    if (toEnd) this.#goToEnd();
    // What was there before is not news to be read aloud; what comes or changes from now on is.
    requestAnimationFrame(() => { this.node.ariaLive = "polite"; });
  }

  #nodes(visible, all) {
    const kept = new Map();
    const nodes = [];
    const take = (key, signature, make) => {
      const old = this.#drawn.get(key);
      const item = old?.signature === signature ? old : { signature, node: make() };
      kept.set(key, item);
      nodes.push(item.node);
    };
    const today = dayOf(calendarNow()); // texts may say "today"
    let before = null;
    for (const m of visible) {
      const day = dayOf(m.said_at);
      const newDay = !before || dayOf(before.said_at) !== day;
      // With the message, as a calendar put back makes one day come twice.
      if (newDay) take(`day ${day} ${m.ts}`, dayDivider(m.said_at), () => divider(m.said_at));
      const compact = !newDay && follows(before, m);
      const onDismiss = () => {
        dismissed.add(keyOf(this.channel, m));
        this.show(all);
        this.node.focus();
      };
      take(m.ts, JSON.stringify([m, compact, today]), () => drawMessage(this.channel, m, { compact, inThread: this.inThread, onDismiss }));
      before = m;
    }
    if (!visible.length) take("empty", "", () => el("p", { class: "empty" }, "No messages yet."));
    this.#drawn = kept;
    return nodes;
  }
}

function follows(before, m) {
  const same = before.user === m.user && before.bot_id === m.bot_id && !before.ephemeral && !m.ephemeral;
  return same && !before.reply_count && m.said_at - before.said_at < 300 && !m.subtype && !before.subtype;
}

/** Makes `nodes` the children of `parent`, moving none that is already in its place. */
function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
}
