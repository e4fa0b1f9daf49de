// What the page knows: the person who is played, the workspace as that person sees it, and where they are.

export const store = {
  me: null, // Slack user id of the acted person
  state: null, // answer of /play/state
  channel: null, // open channel's id
  thread: null, // ts of the open thread's root, or null
  tab: "messages", // "home" | "messages" | "about", in the app's direct messages
  reachable: true, // the playground's server answers
};

/** The person with this id, or null. */
export function person(id) {
  return store.state?.people.find((p) => p.id === id) ?? null;
}

/** The acted person. */
export function me() {
  return person(store.me);
}

/** The channel with this id, as far as the acted person sees it. */
export function channel(id) {
  return store.state?.channels.find((c) => c.id === id) ?? null;
}

/** The name a person is shown by. */
export function nameOf(id) {
  const found = person(id);
  return found ? found.real_name || found.name : id;
}

/** A conversation's name: a channel's own, or the other person's. */
export function channelName(c) {
  if (c.kind === "im") return nameOf(c.user);
  return c.name;
}

/** The acted person's time zone (IANA name). */
export function zone() {
  return me()?.tz || "UTC";
}

/** Whether this conversation is the one with the app. */
export function isAppChannel(c) {
  return Boolean(c && c.kind === "im" && c.user === store.state.app.bot_user_id);
}

/** What a person is in the workspace, in words; empty for a plain member. */
export function roleOf(p) {
  if (p.deleted) return "Deactivated";
  if (p.is_bot) return "App";
  if (p.team_id && p.team_id !== store.state.team.id) return "Other workspace";
  if (p.is_restricted || p.is_ultra_restricted) return "Guest";
  if (p.is_admin) return "Admin";
  return "Member";
}
