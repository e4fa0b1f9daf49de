// Where the page is, kept in the address so that a reload, a link and the back button work:
// #as=U1&channel=C1&thread=1700000000.000100&tab=home

/** The place in the address: {as, channel, thread, tab}, each a string or null. */
export function place() {
  const query = new URLSearchParams(location.hash.slice(1));
  return { as: query.get("as"), channel: query.get("channel"), thread: query.get("thread"), tab: query.get("tab") };
}

/** The address of a place; what is null is left out. */
export function href(target) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(target)) if (value) query.set(name, value);
  return `#${query}`;
}

/** Goes there. */
export function go(target) {
  location.hash = href(target);
}

/** A link to a message of this workspace, whatever host it was made with: {channel, ts, thread}, or null. */
export function messageOf(url) {
  const match = /\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?(?:\?(.*))?$/.exec(url);
  if (!match) return null;
  const [, channel, seconds, micros, query] = match;
  const thread = new URLSearchParams(query ?? "").get("thread_ts");
  return { channel, ts: seconds ? `${seconds}.${micros}` : null, thread };
}
