// Draws blocks (https://docs.slack.dev/reference/block-kit/blocks). What it can't draw it says.

import { el, icon, newId } from "./dom.js";
import { cannotDraw, elementNode, valueControl } from "./elements.js";
import { fileAddress } from "./files.js";
import { holdsValue } from "./form.js";
import { richText } from "./richtext.js";
import { textNodes, textOf } from "./text.js";

function picture(block, alt, className) {
  const src = block.slack_file ? fileAddress(block.slack_file.id) : block.image_url;
  const image = el("img", { src, alt, class: className, loading: "lazy", referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.replaceWith(
    el("span", { class: "no-picture", role: "img", "aria-label": alt }, alt || "Picture")));
  return image;
}

function section(block, surface) {
  const text = el("div", { class: "section-text" }, block.text ? el("div", { class: "text" }, textNodes(block.text)) : null);
  if (block.fields) {
    text.append(el("div", { class: "fields" }, block.fields.map((f) => el("div", { class: "text" }, textNodes(f)))));
  }
  const accessory = block.accessory;
  if (!accessory) return text;
  const node = accessory.type === "image"
    ? picture(accessory, accessory.alt_text, "accessory-image")
    : elementNode(block, accessory, surface, textOf(block.text));
  const beneath = ["checkboxes", "radio_buttons"].includes(accessory.type);
  return [text, el("div", { class: beneath ? "accessory beneath" : "accessory" }, node)];
}

function context(block) {
  return block.elements.map((e) => {
    if (e.type === "image") return picture(e, e.alt_text, "context-image");
    if (e.type === "mrkdwn" || e.type === "plain_text") return el("span", { class: "text" }, textNodes(e));
    return cannotDraw("element", e.type);
  });
}

function image(block) {
  const title = block.title ? el("figcaption", {}, textNodes(block.title)) : null;
  return el("figure", {}, title, picture(block, block.alt_text, "picture"));
}

function input(block, surface) {
  const element = block.element;
  if (!holdsValue(element.type)) return [el("p", { class: "label" }, textNodes(block.label)), cannotDraw("input", element.type)];
  const [id, labelId, hintId, errorId] = ["input", "label", "hint", "error"].map(newId);
  const error = surface.errors?.[block.block_id];
  const group = ["checkboxes", "radio_buttons"].includes(element.type);
  const words = [textNodes(block.label), block.optional ? el("span", { class: "optional" }, " (optional)") : null];
  const label = group
    ? el("span", { class: "label", id: labelId }, words)
    : el("label", { class: "label", id: labelId, for: id }, words);
  const described = [error ? errorId : null, block.hint ? hintId : null].filter(Boolean).join(" ") || null;
  const control = valueControl(block, element, surface, {
    id, "aria-labelledby": group ? labelId : null, "aria-describedby": described,
    "aria-invalid": error ? "true" : null, "aria-required": block.optional ? null : "true",
  });
  return [label, control,
    error ? el("p", { class: "field-error", id: errorId }, icon("warning"), el("span", {}, error)) : null,
    block.hint ? el("p", { class: "hint", id: hintId }, textNodes(block.hint)) : null];
}

const DRAW = {
  section,
  context,
  image,
  input,
  header: (block) => el("h2", {}, textNodes(block.text)),
  divider: () => el("hr"),
  actions: (block, surface) => block.elements.map((e) => elementNode(block, e, surface)),
  rich_text: (block) => el("div", { class: "text" }, richText(block)),
};

function drawBlock(block, surface) {
  const draw = DRAW[block.type];
  const node = el("div", { class: `block block-${draw ? block.type : "unknown"}`, dataset: { blockId: block.block_id } });
  if (surface.errors?.[block.block_id]) node.classList.add("invalid");
  let inside;
  try {
    inside = draw ? draw(block, surface) : cannotDraw("block", block.type);
  } catch (error) {
    // A block that is not as documented shows as such, and leaves the rest readable.
    console.error(error);
    inside = cannotDraw("block", `${block.type} (${error.message})`);
  }
  node.append(...[inside].flat(Infinity).filter(Boolean));
  return node;
}

/** The nodes of a list of blocks on a surface. */
export function drawBlocks(blocks, surface) {
  return blocks.map((block) => drawBlock(block, surface));
}
