// The box in which a message or a slash command is written.

import { post, Refused } from "./api.js";
import { completion } from "./completion.js";
import { el, icon, iconButton, newId } from "./dom.js";
import { filesToSend } from "./files.js";
import { openShortcuts } from "./shortcuts.js";
import { store } from "./store.js";

const drafts = new Map(); // person + channel + thread -> what is written and not sent yet

function isCommand(text) {
  return /^\/[^\s/]/.test(text);
}

async function deliver(text, channel, thread, files) {
  const place = { as: store.me, channel, text, thread_ts: thread ?? undefined };
  if (files.length) return post("message", { ...place, files });
  return post(isCommand(text) ? "command" : "message", place);
}

/** A message box for a channel, or for a thread of it. Returns its node. */
export function composer({ channel, thread = null, label }) {
  const key = `${store.me}/${channel}/${thread ?? ""}`;
  const id = newId("message");
  const problemId = newId("problem");
  const problem = el("p", { class: "field-error", id: problemId, role: "alert", hidden: true });
  const textarea = el("textarea", { id, rows: 1, placeholder: label, "aria-label": label, "aria-describedby": problemId,
    value: drafts.get(key) ?? "" });
  const sendButton = iconButton("send", "Send", () => send(), { class: "send" });
  const shortcuts = thread ? null : iconButton("plus", "Shortcuts", () => openShortcuts(shortcuts),
    { "aria-haspopup": "menu", "aria-expanded": "false" });
  let files = [];
  const attached = filesToSend((chosen) => {
    files = chosen.map((file) => file.value);
    fit();
  });
  const field = el("div", { class: "composer-field" }, textarea);
  const node = el("div", { class: "composer" }, problem, attached.list,
    el("div", { class: "composer-box" }, shortcuts, attached.button, field, sendButton),
    thread ? null : el("p", { class: "composer-help" }, el("kbd", {}, "Enter"), " sends, ", el("kbd", {}, "Shift Enter"),
      " starts a line, ", el("kbd", {}, "/"), " lists commands"));
  const suggestions = completion(textarea);

  function fit() {
    drafts.set(key, textarea.value);
    textarea.style.height = "auto";
    textarea.style.height = `${Math.min(textarea.scrollHeight, 220)}px`;
    sendButton.classList.toggle("ready", textarea.value.trim() !== "" || files.length > 0);
  }

  function say(text) {
    problem.hidden = !text;
    problem.replaceChildren(...(text ? [icon("warning"), el("span", {}, text)] : []));
  }

  async function send() {
    const text = textarea.value;
    if (!text.trim() && !files.length) return;
    say("");
    textarea.value = "";
    fit();
    try {
      await deliver(text, channel, thread, files);
      attached.clear();
    } catch (error) {
      say(error instanceof Refused ? error.message : "The playground can't be reached; nothing was sent.");
      // Nothing typed is lost, unless something new stands there already.
      if (!textarea.value) textarea.value = text;
      fit();
    }
  }

  textarea.addEventListener("input", fit);
  textarea.addEventListener("keydown", (event) => {
    if (event.isComposing || suggestions.take(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  });
  requestAnimationFrame(fit);
  return node;
}
