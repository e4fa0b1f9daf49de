// The panels beside the conversation, of which one is open at a time: the traffic, and trouble on order.

import { drawLog } from "./log.js";
import { drawTrouble } from "./trouble.js";

const DRAW = { log: drawLog, trouble: drawTrouble };

let open = null;
let changed = () => {};

const node = (name) => document.getElementById(name);

/** The name of the open panel, or null. */
export function openPanel() {
  return open;
}

/** `onChange` is called after a panel was opened or closed. */
export function setUpPanels({ onChange }) {
  changed = onChange;
}

/** Draws the open panel, whoever is played by now. */
export function drawPanel() {
  if (open) DRAW[open](node(open), { onClose: () => togglePanel(open) });
}

/** Opens the panel with this name, or closes it. */
export function togglePanel(name) {
  const closing = open === name;
  open = closing ? null : name;
  for (const each of Object.keys(DRAW)) node(each).hidden = each !== open;
  drawPanel();
  changed();
  if (closing) node(`${name}-button`).focus();
  else node(name).querySelector("h2").focus();
}

/** Closes the panel that the event happened in; whether there was one. */
export function closePanelOf(event) {
  if (!open || !node(open).contains(event.target)) return false;
  togglePanel(open);
  return true;
}
