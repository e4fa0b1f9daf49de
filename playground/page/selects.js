// Slack's select menus, single and multiple, as searchable selects.

import { combo } from "./combo.js";
import { textOf } from "./text.js";
import { channelName, nameOf, roleOf, store } from "./store.js";

const item = (option) => ({ value: option.value, text: textOf(option.text), description: textOf(option.description) });

function groupsOf(source) {
  if (source.option_groups) {
    return source.option_groups.map((g) => ({ label: textOf(g.label), options: g.options.map(item) }));
  }
  return [{ label: null, options: (source.options ?? []).map(item) }];
}

function matching(groups, query) {
  const wanted = query.trim().toLowerCase();
  const fits = (o) => o.text.toLowerCase().includes(wanted) || (o.description ?? "").toLowerCase().includes(wanted);
  return groups.map((g) => ({ ...g, options: g.options.filter(fits) })).filter((g) => g.options.length);
}

function people() {
  const options = store.state.people.filter((p) => !p.deleted).map((p) => {
    const role = roleOf(p);
    const details = [`@${p.name}`, role === "Member" ? null : role].filter(Boolean);
    return { value: p.id, text: nameOf(p.id), description: details.join(" · ") };
  });
  return [{ label: null, options }];
}

function conversations(filter = {}) {
  const kinds = filter.include ?? ["public", "private", "im", "mpim"];
  const options = store.state.channels.filter((c) => {
    if (c.is_archived || !kinds.includes(c.kind)) return false;
    if (filter.exclude_external_shared_channels && c.is_shared) return false;
    const other = c.kind === "im" && store.state.people.find((p) => p.id === c.user);
    return !(filter.exclude_bot_users && other?.is_bot);
  }).map((c) => ({ value: c.id, text: c.kind === "im" ? channelName(c) : `# ${channelName(c)}` }));
  return [{ label: null, options }];
}

function external(element, ask) {
  const least = element.min_query_length ?? 3;
  let timer = null;
  return (query) => {
    if (query.trim().length < least) return { hint: `Type at least ${least} ${least === 1 ? "character" : "characters"} to search.` };
    return new Promise((resolve, reject) => {
      clearTimeout(timer);
      timer = setTimeout(() => ask(query).then((answer) => resolve(answer.error ? { hint: answer.error } : groupsOf(answer)), reject), 200);
    });
  };
}

function source(element, ask) {
  const kind = element.type.replace(/^multi_/, "");
  if (kind === "external_select") return external(element, ask);
  const groups = {
    static_select: () => groupsOf(element),
    users_select: people,
    channels_select: () => conversations({ include: ["public"] }),
    conversations_select: () => conversations(element.filter),
  }[kind];
  return (query) => matching(groups(), query);
}

/** The control of a select element. `ask(query)` brings an external select's options. */
export function select(element, { value, attributes, optional, ask, onChange }) {
  return combo({
    load: source(element, ask),
    value,
    multiple: element.type.startsWith("multi_"),
    most: element.max_selected_items,
    clearable: optional,
    placeholder: textOf(element.placeholder) || "Choose an option",
    attributes,
    onChange,
  });
}
