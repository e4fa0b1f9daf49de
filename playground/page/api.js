// Talks to the playground: /play and /control over HTTP, and the socket on which it says what has changed.

/** Where this workspace is, with a slash at its end: one of several has a folder of its own. */
export const base = new URL("../", import.meta.url).pathname;

/** A refusal: its message is the server's sentence. */
export class Refused extends Error {}

async function read(response) {
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  throw new Refused(body?.error ?? `The playground answered ${response.status}.`);
}

/** GET /play/<path>; query values that are null are left out. */
export async function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(given);
  return read(await fetch(`${base}play/${path}?${search}`));
}

/** The people of the workspace, before anybody is played. */
export async function everybody() {
  return (await read(await fetch(`${base}control/workspace`))).people;
}

async function send(path, body) {
  return read(await fetch(base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

/** POST /play/<path> with a JSON body. */
export async function post(path, body) {
  return send(`play/${path}`, body);
}

/** POST /control/<path> with a JSON body: what happens to the app, whoever is played. */
export async function order(path, body = {}) {
  return send(`control/${path}`, body);
}

/** The faults that are ordered, the calls that are held, and the names of all calls. */
export async function faults() {
  return read(await fetch(`${base}control/faults`));
}

/** Makes a reader of which one run is under way at a time: who asks meanwhile gets one that starts after. So
 *  no answer is older than the question, and a burst of changes costs two reads. */
export function oneAtATime(read) {
  let running = null;
  let again = false;
  return () => {
    again = running !== null;
    running ??= (async () => {
      do {
        again = false;
        await read();
      } while (again);
    })().finally(() => { running = null; });
    return running;
  };
}

/** Listens to what changes for a person. Each time it has joined it reports `everything`: what changed
 *  before that was missed. Returns the function that ends it. */
export function listen(person, { onChange, onConnection }) {
  let socket = null;
  let over = false;
  let wait = 300;

  function join() {
    if (over) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}${base}play/events?as=${encodeURIComponent(person)}`);
    socket.onopen = () => {
      wait = 300;
      onConnection(true);
      onChange({ type: "changed", what: "everything" });
    };
    socket.onmessage = (message) => onChange(JSON.parse(message.data));
    socket.onclose = () => {
      if (over) return;
      onConnection(false);
      setTimeout(join, wait);
      wait = Math.min(wait * 2, 5000);
    };
  }

  join();
  return () => {
    over = true;
    socket.close();
  };
}
