// The dialog that asks before an action: Slack's confirm object.
// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object

import { append, el, newId } from "./dom.js";
import { textNodes } from "./text.js";

/** Asks; true when it was confirmed. */
export function askFirst(confirm) {
  return new Promise((resolve) => {
    const titleId = newId("confirm");
    const textId = newId("confirm-text");
    const words = (object, fallback) => (object ? textNodes(object) : fallback);
    const deny = el("button", { type: "button", class: "button", onclick: () => dialog.close("no") }, words(confirm.deny, "Cancel"));
    const yes = el("button", { type: "button", class: `button ${confirm.style === "danger" ? "danger" : "primary"}`,
      onclick: () => dialog.close("yes") }, words(confirm.confirm, "Yes"));
    const dialog = el("dialog", { class: "confirm", role: "alertdialog", "aria-labelledby": titleId, "aria-describedby": textId });
    append(dialog, [
      el("h2", { id: titleId }, words(confirm.title, "Are you sure?")),
      el("div", { id: textId, class: "confirm-text" }, words(confirm.text, "")),
      el("div", { class: "dialog-actions" }, deny, yes),
    ]);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    // An accidental Enter must not delete anything.
    (confirm.style === "danger" ? deny : yes).focus();
  });
}
