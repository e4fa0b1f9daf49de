// Draws rich_text: what people type, and what apps want shown without any parsing.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { el } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { broadcast, channelMention, date, link, userMention } from "./text.js";

const LEAVES = {
  text: (e) => withBreaks(e.text),
  link: (e) => link(e.url, e.text || e.url),
  user: (e) => userMention(e.user_id),
  usergroup: () => el("span", { class: "mention" }, "@user group"),
  channel: (e) => channelMention(e.channel_id),
  broadcast: (e) => broadcast(e.range),
  emoji: (e) => emojiNode(e.name, { unicode: e.unicode, tone: e.skin_tone }),
  date: (e) => date(e.timestamp, e.format, { url: e.url, fallback: e.fallback }),
  color: (e) => {
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.backgroundColor = e.value;
    return el("span", {}, swatch, e.value);
  },
  team: (e) => el("span", { class: "mention" }, e.team_id),
};

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", highlight: "mark",
  client_highlight: "mark", code: "code" };

function withBreaks(text) {
  return text.split("\n").flatMap((line, n) => (n ? [el("br"), line] : [line]));
}

function leaf(element) {
  if (!LEAVES[element.type]) return el("span", { class: "cannot inline" }, `[can't be drawn: ${element.type}]`);
  let node = LEAVES[element.type](element);
  for (const [style, tag] of Object.entries(STYLES)) {
    if (element.style?.[style]) node = el(tag, {}, node);
  }
  return node;
}

function leaves(elements) {
  return elements.map(leaf);
}

const LETTERS = ["decimal", "lower-alpha", "lower-roman"];

function list(element) {
  const indent = element.indent ?? 0;
  const ordered = element.style === "ordered";
  const node = el(ordered ? "ol" : "ul", { class: element.border ? "bordered" : null, start: ordered ? (element.offset ?? 0) + 1 : null },
    element.elements.map((item) => el("li", {}, part(item))));
  node.style.marginInlineStart = `${indent * 1.5}rem`;
  node.style.listStyleType = ordered ? LETTERS[indent % 3] : ["disc", "circle", "square"][indent % 3];
  return node;
}

const PARTS = {
  rich_text_section: (e) => el("div", { class: "rich-section" }, leaves(e.elements)),
  rich_text_list: list,
  rich_text_preformatted: (e) => el("pre", {}, leaves(e.elements)),
  rich_text_quote: (e) => el("blockquote", {}, leaves(e.elements)),
};

function part(element) {
  if (!PARTS[element.type]) return el("p", { class: "cannot" }, `This text can't be drawn: ${element.type}`);
  return PARTS[element.type](element);
}

/** The nodes of a rich_text block. */
export function richText(block) {
  return block.elements.map(part);
}
