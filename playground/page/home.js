// The app's Home tab, as the acted person sees it.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { el, keepFocus } from "./dom.js";
import { Form } from "./form.js";
import { store } from "./store.js";

const forms = new Map(); // view id -> Form

function surface(view) {
  if (!forms.has(view.id)) forms.set(view.id, new Form());
  const form = forms.get(view.id);
  form.show(view.blocks);
  const where = (block, element) => ({ as: store.me, view_id: view.id, block_id: block.block_id, action_id: element.action_id });
  return {
    form,
    act: (block, element, payload) => post("view/click", { ...where(block, element), ...payload, state: form.values(view.blocks) }),
    ask: (block, element, query) => post("options", { ...where(block, element), query }),
  };
}

/** Draws the home view into `pane`, or says that there is none yet. */
export function drawHome(pane, view) {
  const drawn = `${store.me}/${view?.id}/${view?.hash}`;
  if (pane.dataset.home === drawn && pane.querySelector(".home")) return;
  pane.dataset.home = drawn;
  const home = el("div", { class: "home", role: "tabpanel", "aria-labelledby": "tab-home", tabindex: "-1" });
  if (view) home.append(...drawBlocks(view.blocks, surface(view)));
  else home.append(el("p", { class: "empty" }, `${store.state.app.name} has put nothing here yet.`));
  const giveBack = keepFocus(pane);
  pane.replaceChildren(home);
  giveBack();
}
