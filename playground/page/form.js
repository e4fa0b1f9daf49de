// The values of one view's or message's inputs: what they start with, what was typed, what is sent.

import { textOf } from "./text.js";
import { channel, channelName, nameOf, store } from "./store.js";

function option(o) {
  return o ? { value: o.value, text: textOf(o.text) } : null;
}

function user(id) {
  return id ? { value: id, text: nameOf(id) } : null;
}

function conversation(id) {
  if (!id) return null;
  const found = channel(id);
  return { value: id, text: found ? channelName(found) : id };
}

const many = (read) => (list) => (list ?? []).map(read);
const text = (value) => value ?? "";
const asIs = (value) => value ?? null;

// Per type of element: where Slack keeps its initial value, and how it is read.
const KINDS = {
  plain_text_input: ["initial_value", text],
  number_input: ["initial_value", text],
  email_text_input: ["initial_value", text],
  url_text_input: ["initial_value", text],
  datepicker: ["initial_date", text],
  timepicker: ["initial_time", text],
  datetimepicker: ["initial_date_time", asIs],
  static_select: ["initial_option", option],
  external_select: ["initial_option", option],
  radio_buttons: ["initial_option", option],
  users_select: ["initial_user", user],
  conversations_select: ["initial_conversation", conversation],
  channels_select: ["initial_channel", conversation],
  checkboxes: ["initial_options", many(option)],
  multi_static_select: ["initial_options", many(option)],
  multi_external_select: ["initial_options", many(option)],
  multi_users_select: ["initial_users", many(user)],
  multi_conversations_select: ["initial_conversations", many(conversation)],
  multi_channels_select: ["initial_channels", many(conversation)],
  file_input: ["initial_files", many(asIs)],
};

/** Whether this type of element holds a value. */
export function holdsValue(type) {
  return type in KINDS;
}

function initial(element) {
  const [name, read] = KINDS[element.type];
  const value = read(element[name]);
  const empty = value === null || value.length === 0;
  if (!empty || !element.default_to_current_conversation || !store.channel) return value;
  const current = conversation(store.channel);
  return Array.isArray(value) ? [current] : current;
}

/** What the playground is sent for a value: option values and ids, text, unix seconds. */
export function outgoing(value) {
  if (Array.isArray(value)) return value.map((item) => item.value);
  if (value !== null && typeof value === "object") return value.value;
  return value;
}

/** Every element of these blocks that holds a value, with its block. */
export function inputsOf(blocks) {
  const found = [];
  for (const block of blocks ?? []) {
    const elements = { input: [block.element], section: [block.accessory], actions: block.elements }[block.type];
    for (const element of elements ?? []) {
      if (element && holdsValue(element.type)) found.push({ block, element });
    }
  }
  return found;
}

/** Values by block_id and action_id. They live as long as both stay in the view; a new id starts anew. */
export class Form {
  #values = new Map();

  static #key(block, element) {
    return `${block.block_id}\n${element.action_id}\n${element.type}`;
  }

  /** Takes in the blocks that are now shown: new inputs get their initial value, those gone are forgotten. */
  show(blocks) {
    const kept = new Map();
    for (const { block, element } of inputsOf(blocks)) {
      const key = Form.#key(block, element);
      kept.set(key, this.#values.has(key) ? this.#values.get(key) : initial(element));
    }
    this.#values = kept;
  }

  get(block, element) {
    const value = this.#values.get(Form.#key(block, element));
    return value === undefined ? initial(element) : value;
  }

  set(block, element, value) {
    this.#values.set(Form.#key(block, element), value);
  }

  /** {block_id: {action_id: value}} of all inputs of these blocks. */
  values(blocks) {
    const out = {};
    for (const { block, element } of inputsOf(blocks)) {
      out[block.block_id] ??= {};
      out[block.block_id][element.action_id] = outgoing(this.get(block, element));
    }
    return out;
  }
}

const length = (value) => [...value].length;

function problemWith(block, element, value) {
  const empty = value === null || value.length === 0;
  if (empty) return block.optional ? null : "Please complete this required field.";
  const { min_length: least, max_length: most, type } = element;
  if (least && length(value) < least) return `Please enter at least ${least} characters.`;
  if (most && length(value) > most) return `Please enter no more than ${most} characters; this has ${length(value)}.`;
  if (type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return "Please enter a valid email address.";
  if (type === "url_text_input" && !/^[a-z][a-z0-9+.-]*:\/\/[^\s/]+/i.test(value)) return "Please enter a valid URL.";
  if (type === "number_input") return problemWithNumber(element, value);
  return null;
}

function problemWithNumber(element, value) {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Please enter ${element.max_value} or less.`;
  return null;
}

/** What Slack's own client refuses to submit: {block_id: sentence}. */
export function problems(blocks, form) {
  const out = {};
  for (const { block, element } of inputsOf(blocks)) {
    const problem = block.type === "input" && problemWith(block, element, form.get(block, element));
    if (problem) out[block.block_id] = problem;
  }
  return out;
}
