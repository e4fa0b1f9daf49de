// The workspace's calendar: what it shows, and the buttons that move it.

import { post, Refused } from "./api.js";
import { calendarNow, dayAndTime } from "./dates.js";
import { el, toast } from "./dom.js";
import { store } from "./store.js";

const REDRAW_SECONDS = 5;

async function move(how) {
  try {
    await post("clock", { as: store.me, ...how });
  } catch (error) {
    toast(error instanceof Refused ? error.message : "The playground can't be reached.", { bad: true });
  }
}

function mover(label, how) {
  return el("button", { type: "button", class: "clock-button", dataset: { focus: `clock/${label}` }, onclick: () => move(how) }, label);
}

/** The date and time where the acted person is, and what moves them. */
export function clockPanel() {
  const moved = store.state.ahead_seconds !== 0;
  return el("section", { class: "clock", "aria-label": "Calendar" },
    el("p", {}, el("time", { class: "clock-time" }, dayAndTime(calendarNow())), moved ? el("span", { class: "clock-moved" }, "moved") : null),
    el("div", { class: "clock-buttons" }, mover("+1 h", { by: 3600 }), mover("Tomorrow 09:00", { tomorrow: true }),
      moved ? mover("Real time", { real: true }) : null));
}

setInterval(() => {
  const time = document.querySelector(".clock-time");
  if (time) time.textContent = dayAndTime(calendarNow());
}, REDRAW_SECONDS * 1000);
