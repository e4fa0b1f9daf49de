// Draws Slack's text: mrkdwn (https://docs.slack.dev/messaging/formatting-message-text) and plain_text.

import { fillDate, full } from "./dates.js";
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { href, messageOf } from "./route.js";
import { channel, channelName, nameOf, person, store } from "./store.js";

const WORD = /[\p{L}\p{N}]/u;
const MARKS = { "*": "strong", _: "em", "~": "s" };

/** Undoes Slack's three entities, once. */
export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_whole, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** A link that opens outside, or the text alone when its scheme isn't one that Slack opens.
 *  A permalink of this workspace opens here. */
export function link(url, children) {
  const inside = messageOf(url);
  if (inside && channel(inside.channel)) {
    return el("a", { href: href({ as: store.me, channel: inside.channel, thread: inside.thread }) }, children);
  }
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return el("span", {}, children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** @Name */
export function userMention(id, label) {
  const name = person(id) ? nameOf(id) : label || id;
  return el("span", { class: id === store.me ? "mention me" : "mention", dataset: { user: id } }, `@${name}`);
}

/** #name, which opens the channel when the acted person sees it. */
export function channelMention(id, label) {
  const found = channel(id);
  const name = found ? channelName(found) : label || "private channel";
  if (!found) return el("span", { class: "mention" }, `#${name}`);
  return el("a", { class: "mention", href: href({ as: store.me, channel: id }) }, `#${name}`);
}

/** @here and the like: a mention of many. */
export function broadcast(range) {
  return el("span", { class: "mention me", dataset: { broadcast: range } }, `@${range}`);
}

/** A date in the acted person's zone; its exact moment as a tooltip. */
export function date(seconds, template, { url, fallback }) {
  const text = fillDate(seconds, template);
  if (text === null) return document.createTextNode(fallback ?? "");
  const node = el("time", { datetime: new Date(seconds * 1000).toISOString(), title: full(seconds) }, text);
  return url ? link(url, node) : node;
}

function token(inner) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : inner.slice(bar + 1);
  if (/^@[UWB][A-Z0-9]*$/.test(target)) return userMention(target.slice(1), unescape(label));
  if (/^#[CGD][A-Z0-9]*$/.test(target)) return channelMention(target.slice(1), unescape(label));
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!subteam^")) return el("span", { class: "mention" }, unescape(label) || "@user group");
  if (target.startsWith("!date^")) {
    const [, seconds, template, url] = target.split("^");
    return date(Number(seconds), unescape(template ?? ""), { url: url && unescape(url), fallback: unescape(label) });
  }
  if (/^(https?:|mailto:|tel:)/i.test(target)) {
    const url = unescape(target);
    return link(url, label ? withEmoji(unescape(label)) : url.replace(/^(mailto:|tel:)/i, ""));
  }
  return null;
}

function closing(text, from, mark) {
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === "<") {
      const end = text.indexOf(">", i);
      if (end > 0) i = end;
    } else if (text[i] === "`" && mark !== "`") {
      const end = text.indexOf("`", i + 1);
      if (end > 0) i = end;
    } else if (text[i] === mark && i > from && !/\s/.test(text[i - 1]) && !WORD.test(text[i + 1] ?? "")) return i;
  }
  return -1;
}

const URL_AT = /https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]}*_~]/y;

function inline(text, verbatim) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push(...withEmoji(unescape(plain)));
    plain = "";
  };
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    const opens = !WORD.test(text[i - 1] ?? "");
    if (c === "<") {
      const end = text.indexOf(">", i);
      const node = end > 0 ? token(text.slice(i + 1, end)) : null;
      if (node) {
        flush();
        out.push(node);
        i = end;
        continue;
      }
    } else if (c === "`" && opens) {
      const end = closing(text, i + 1, "`");
      if (end > 0) {
        flush();
        out.push(el("code", {}, bare(text.slice(i + 1, end))));
        i = end;
        continue;
      }
    } else if (MARKS[c] && opens && !/\s/.test(text[i + 1] ?? " ")) {
      const end = closing(text, i + 1, c);
      if (end > 0) {
        flush();
        out.push(el(MARKS[c], {}, inline(text.slice(i + 1, end), verbatim)));
        i = end;
        continue;
      }
    } else if (c === "h" && opens && !verbatim) {
      URL_AT.lastIndex = i;
      const found = URL_AT.exec(text);
      if (found) {
        flush();
        out.push(link(unescape(found[0]), unescape(found[0])));
        i = URL_AT.lastIndex - 1;
        continue;
      }
    }
    plain += c;
  }
  flush();
  return out;
}

function bare(text) {
  const shown = text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_whole, target, label) => label || target);
  return unescape(shown);
}

function lines(text, verbatim) {
  const out = [];
  let quoted = null;
  let fresh = true;
  const all = text.split("\n");
  for (let i = 0; i < all.length; i += 1) {
    const line = all[i];
    const rest = /^(?:&gt;|>){3}\s?/.exec(line);
    const quote = /^(?:&gt;|>)\s?/.exec(line);
    if (rest) {
      const kept = [line.slice(rest[0].length), ...all.slice(i + 1)];
      out.push(el("blockquote", {}, kept.map((l, n) => [n ? el("br") : null, inline(l, verbatim)])));
      return out;
    }
    if (quote) {
      if (quoted) quoted.append(el("br"));
      else out.push(quoted = el("blockquote"));
      quoted.append(...inline(line.slice(quote[0].length), verbatim));
      fresh = true;
      continue;
    }
    quoted = null;
    if (!fresh) out.push(el("br"));
    out.push(...inline(line, verbatim));
    fresh = false;
  }
  return out;
}

/** Nodes for a mrkdwn text. `verbatim` leaves bare addresses unlinked. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const out = [];
  const fence = /```\n?([\s\S]+?)\n?```\n?/g;
  let last = 0;
  for (const match of text.matchAll(fence)) {
    const before = text.slice(last, match.index).replace(/\n$/, "");
    if (before) out.push(...lines(before, verbatim));
    out.push(el("pre", {}, bare(match[1])));
    last = match.index + match[0].length;
  }
  const after = text.slice(last);
  if (after) out.push(...lines(after, verbatim));
  return out;
}

/** Nodes for a text object, mrkdwn or plain_text. */
export function textNodes(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  return object.emoji === false ? [object.text] : withEmoji(object.text);
}

/** A text object's words without any drawing, for accessible names. */
export function textOf(object) {
  return textNodes(object).map((n) => (typeof n === "string" ? n : n.textContent)).join("");
}
