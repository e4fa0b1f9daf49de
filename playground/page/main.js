// Puts the page together: where we are, what changed, what is drawn anew.

import { everybody, get, listen, oneAtATime, post } from "./api.js";
import { composer } from "./composer.js";
import { el, icon, iconButton, toast } from "./dom.js";
import { closedComposer, drawHeader, tabsOf } from "./header.js";
import { drawHome } from "./home.js";
import { problemCount, refreshLog } from "./log.js";
import { MessageList } from "./messages.js";
import { setUpModal, showViews } from "./modal.js";
import { closePanelOf, drawPanel, openPanel, setUpPanels, togglePanel } from "./panels.js";
import { go, place } from "./route.js";
import { drawSidebar } from "./sidebar.js";
import { channel, channelName, isAppChannel, store } from "./store.js";
import { refreshTrouble } from "./trouble.js";
import { checkUnread, markSeen, rememberFirstVisit } from "./unread.js";

const at = (id) => document.getElementById(id);
const PERSON_KEY = "act-as";

let stopListening = () => {};
let list = null; // MessageList of the open channel
let threadList = null; // MessageList of the open thread

async function readState() {
  const who = store.me;
  const state = await get("state", { as: who });
  if (who !== store.me) return;
  store.state = state;
  drawFrame();
  showViews(state.views ?? []);
  if (store.tab === "home") drawHome(at("pane"), state.home);
  if (list && !channel(list.channel)) await openChannel();
}

const refreshState = oneAtATime(readState);
const refreshChannel = oneAtATime(readChannel);
const refreshThread = oneAtATime(readThread);

function drawFrame() {
  const c = channel(store.channel);
  drawSidebar(at("sidebar"), { onClose: closeDrawer });
  drawHeader(at("channel-header"), c, { onMenu: openDrawer, onPanel: togglePanel, problems: problemCount(), panel: openPanel() });
  drawNotices();
  drawComposer(c);
  document.title = c ? `${channelName(c)} | ${store.state.team.name}` : store.state.team.name;
}

function drawNotices() {
  const { app, app_url: url, connected } = store.state;
  const away = url ? `doesn't answer at ${url}` : "isn't connected";
  const words = !store.reachable ? "The playground doesn't answer. Trying again…"
    : !connected ? `${app.name} ${away}, so nothing you do here is answered. Start it, and this line goes away.` : null;
  const notices = at("notices");
  if (notices.textContent === (words ?? "")) return;
  notices.replaceChildren(...(words ? [el("p", { class: "notice", role: "status" }, icon("warning"), el("span", {}, words))] : []));
}

function drawComposer(c) {
  const box = at("composer");
  const closed = c ? closedComposer(c) : null;
  const kind = JSON.stringify([store.me, c?.id, store.tab, closed?.textContent]);
  if (box.dataset.kind === kind) return;
  box.dataset.kind = kind;
  box.hidden = !c || store.tab === "home";
  if (!c) return;
  const name = c.kind === "im" ? channelName(c) : `#${channelName(c)}`;
  box.replaceChildren(closed ?? composer({ channel: c.id, label: `Message ${name}` }));
}

async function readChannel() {
  if (!list || !channel(list.channel)) return;
  const mine = list;
  const { messages } = await get("messages", { as: store.me, channel: mine.channel });
  if (mine !== list) return;
  mine.show(messages);
  markSeen(mine.channel, messages);
}

async function readThread() {
  if (!threadList || !channel(threadList.channel)) return;
  const mine = threadList;
  const { messages } = await get("messages", { as: store.me, channel: mine.channel, thread_ts: mine.thread });
  if (mine === threadList) mine.show(messages);
}

async function openChannel() {
  const c = channel(store.channel);
  const pane = at("pane");
  list = null;
  if (!c) {
    pane.replaceChildren(el("p", { class: "empty" }, "This person can't see that conversation. Choose one from the list."));
    return;
  }
  if (store.tab === "home") {
    drawHome(pane, store.state.home);
    await post("home", { as: store.me });
    return;
  }
  if (isAppChannel(c)) post("dm", { as: store.me }).catch(() => {});
  list = new MessageList(c.id, { label: `Messages in ${channelName(c)}` });
  pane.replaceChildren(list.node);
  await unlessAway(refreshChannel());
  drawSidebar(at("sidebar"), { onClose: closeDrawer });
}

async function openThread() {
  const aside = at("thread");
  const before = threadList?.thread;
  threadList = null;
  aside.hidden = !store.thread;
  if (!store.thread || !channel(store.channel)) {
    aside.replaceChildren();
    if (before) at("pane").querySelector(`article[data-ts="${CSS.escape(before)}"]`)?.focus();
    return;
  }
  const c = channel(store.channel);
  threadList = new MessageList(c.id, { inThread: true, label: "Replies" });
  threadList.thread = store.thread;
  const close = iconButton("close", "Close thread", closeThread);
  aside.replaceChildren(el("header", { class: "panel-header" }, el("h2", { tabindex: "-1" }, "Thread"), el("span", { class: "panel-sub" }, channelName(c)), close),
    threadList.node, closedComposer(c) ?? composer({ channel: c.id, thread: store.thread, label: "Reply in thread" }));
  await unlessAway(refreshThread());
  // On a touch screen the focus would bring up the keyboard over what is to be read.
  const box = matchMedia("(hover: none)").matches ? null : aside.querySelector("textarea");
  (box ?? aside.querySelector("h2")).focus();
}

function closeThread() {
  go({ as: store.me, channel: store.channel, tab: store.tab });
}

function onEscape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("drawer")) closeDrawer();
  else if (closePanelOf(event)) return;
  else if (at("thread").contains(event.target)) closeThread();
}

function openDrawer() {
  document.body.classList.add("drawer");
  at("scrim").hidden = false;
  at("main").inert = true;
  at("sidebar").querySelector(".act-as").focus();
}

function closeDrawer() {
  if (!document.body.classList.contains("drawer")) return;
  document.body.classList.remove("drawer");
  at("scrim").hidden = true;
  at("main").inert = false;
  at("drawer-button")?.focus();
}

async function showTraffic() {
  const before = problemCount();
  await refreshLog();
  if (problemCount() !== before) drawFrame();
}

async function onChange({ what, channel: id }) {
  if (what === "everything") {
    await Promise.all([refreshState(), refreshChannel(), refreshThread(), readUnread(), showTraffic(), refreshTrouble()]);
  } else if (what === "faults") await refreshTrouble();
  else if (what === "log") await showTraffic();
  else if (what === "clock") {
    await refreshState();
    await Promise.all([refreshChannel(), refreshThread(), refreshTrouble()]);
  }
  else if (what !== "channel") await refreshState();
  else if (id === store.channel) await Promise.all([refreshChannel(), refreshThread()]);
  else if (!channel(id)) await refreshState();
  else if (await checkUnread(id)) drawSidebar(at("sidebar"), { onClose: closeDrawer });
}

function quietly(work) {
  // The socket tells when the server is back; everything is read again then.
  work.catch((error) => console.error(error));
}

/** What the browser itself couldn't fetch is read once the server is back, too. */
function unlessAway(work) {
  return work.catch((error) => {
    if (!(error instanceof TypeError)) throw error;
    console.error(error);
  });
}

function join(who) {
  stopListening();
  stopListening = listen(who, {
    onChange: (change) => quietly(onChange(change)),
    onConnection: (up) => {
      store.reachable = up;
      if (store.state) drawNotices();
    },
  });
}

function firstChannel() {
  const open = store.state.channels.filter((c) => !c.is_archived);
  return (open.find((c) => c.kind !== "im" && c.is_member) ?? open[0])?.id ?? null;
}

async function readUnread() {
  const others = store.state.channels.filter((c) => c.id !== store.channel);
  const changed = await Promise.all(others.map((c) => checkUnread(c.id)));
  if (changed.some(Boolean)) drawSidebar(at("sidebar"), { onClose: closeDrawer });
}

async function anybody() {
  const playable = (await everybody()).filter((p) => !p.is_bot && !p.deleted);
  const last = sessionStorage.getItem(PERSON_KEY);
  return (playable.find((p) => p.id === last) ?? playable[0]).id;
}

async function follow() {
  const target = place();
  const who = target.as ?? store.me ?? await anybody();
  const newPerson = who !== store.me || !store.state;
  if (newPerson) {
    store.me = who;
    const state = await get("state", { as: who });
    if (who !== store.me) return;
    store.state = state;
    sessionStorage.setItem(PERSON_KEY, who);
    rememberFirstVisit();
    join(who);
    drawPanel();
  }
  const wanted = target.channel && channel(target.channel) ? target.channel : firstChannel();
  const tabs = tabsOf(channel(wanted));
  const tab = tabs.includes(target.tab) ? target.tab : tabs[0] ?? "messages";
  const moved = newPerson || wanted !== store.channel || tab !== store.tab;
  const threadMoved = moved || target.thread !== store.thread;
  Object.assign(store, { channel: wanted, tab, thread: target.thread });
  closeDrawer();
  drawFrame();
  if (newPerson) showViews(store.state.views ?? []);
  if (moved) await openChannel();
  if (threadMoved) await openThread();
}

function start() {
  setUpModal({ onDone: refreshState });
  setUpPanels({ onChange: drawFrame });
  at("scrim").addEventListener("click", closeDrawer);
  document.addEventListener("keydown", onEscape);
  window.addEventListener("hashchange", () => follow().catch((error) => toast(error.message, { bad: true })));
  begin();
}

function begin() {
  follow().catch((error) => {
    const away = error instanceof TypeError;
    at("pane").replaceChildren(el("p", { class: "empty" }, away ? "The playground doesn't answer. Trying again…" : error.message));
    if (away) setTimeout(begin, 1000);
  });
}

start();
