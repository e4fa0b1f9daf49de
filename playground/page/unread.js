// Which conversations have something new for the acted person. Kept in the browser: what a person has
// looked at is the page's business, the playground doesn't know it.

import { get } from "./api.js";
import { store } from "./store.js";

const unread = new Set(); // person + channel
const storageKey = (person, channel) => `seen/${store.state.team.id}/${person}/${channel}`;

const firstVisitKey = () => `seen/${store.state.team.id}`;

/** What was there before this browser first saw the workspace is no news. */
export function rememberFirstVisit() {
  if (!localStorage.getItem(firstVisitKey())) localStorage.setItem(firstVisitKey(), String(Date.now() / 1000));
}

/** Whether the acted person has not seen the latest of this channel. */
export function isUnread(channel) {
  return unread.has(`${store.me}/${channel}`);
}

/** The acted person is looking at these messages. */
export function markSeen(channel, messages) {
  const last = messages.at(-1);
  if (last) localStorage.setItem(storageKey(store.me, channel), last.ts);
  unread.delete(`${store.me}/${channel}`);
}

/** Looks whether a channel that isn't open has news; true when that changed what the sidebar shows. */
export async function checkUnread(channel) {
  const person = store.me;
  const key = `${person}/${channel}`;
  const { messages } = await get("messages", { as: person, channel });
  const seen = localStorage.getItem(storageKey(person, channel)) ?? localStorage.getItem(firstVisitKey());
  const isNew = messages.some((m) => Number(m.ts) > Number(seen) && m.user !== person);
  if (isNew === unread.has(key)) return false;
  if (isNew) unread.add(key);
  else unread.delete(key);
  return true;
}
