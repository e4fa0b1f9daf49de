// Times in the acted person's zone: Slack's <!date> tokens, day dividers, and the date-time picker's two ways.

import { store, zone } from "./store.js";

const LOCALE = "en-US";

/** What time it is by the workspace's calendar, in unix seconds. */
export function calendarNow() {
  return Date.now() / 1000 + (store.state?.ahead_seconds ?? 0);
}

function format(seconds, options) {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: zone(), ...options }).format(seconds * 1000);
}

function ordinal(day) {
  if (day >= 11 && day <= 13) return `${day}th`;
  return `${day}${{ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th"}`;
}

/** YYYY-MM-DD in the acted person's zone. */
export function dayOf(seconds) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone() }).format(seconds * 1000);
}

function daysFrom(day, count) {
  return new Date(Date.parse(day) + count * 86400000).toISOString().slice(0, 10);
}

function relativeDay(seconds) {
  const day = dayOf(seconds);
  const today = dayOf(calendarNow());
  if (day === today) return "today";
  if (day === daysFrom(today, -1)) return "yesterday";
  if (day === daysFrom(today, 1)) return "tomorrow";
  return null;
}

function long(seconds, { weekday, year, month = "long" }) {
  const day = ordinal(Number(format(seconds, { day: "numeric" })));
  const head = weekday ? `${format(seconds, { weekday: "long" })}, ` : "";
  const tail = year ? `, ${format(seconds, { year: "numeric" })}` : "";
  return `${head}${format(seconds, { month })} ${day}${tail}`;
}

function short(seconds) {
  return format(seconds, { month: "short", day: "numeric", year: "numeric" });
}

function ago(seconds) {
  const difference = seconds - calendarNow();
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" });
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  for (const [unit, size] of units) {
    if (Math.abs(difference) >= size) return words.format(Math.round(difference / size), unit);
  }
  return words.format(Math.round(difference), "second");
}

/** 9:41 AM */
export function clock(seconds) {
  return format(seconds, { hour: "numeric", minute: "2-digit" });
}

/** Mon, Nov 18, 9:41 AM */
export function dayAndTime(seconds) {
  return format(seconds, { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
}

/** 9:41:07 AM */
export function clockSeconds(seconds) {
  return format(seconds, { hour: "numeric", minute: "2-digit", second: "2-digit" });
}

/** Monday, November 18th, 2024 at 9:41 AM */
export function full(seconds) {
  return `${long(seconds, { weekday: true, year: true })} at ${clock(seconds)}`;
}

function dividerPretty(seconds) {
  const thisYear = dayOf(seconds).slice(0, 4) === dayOf(calendarNow()).slice(0, 4);
  return relativeDay(seconds) ?? long(seconds, { weekday: true, year: !thisYear });
}

/** The words of a day divider: Today, or Tuesday, November 18th. */
export function dayDivider(seconds) {
  const words = dividerPretty(seconds);
  return words[0].toUpperCase() + words.slice(1);
}

// https://docs.slack.dev/reference/block-kit/block-elements/date-element
const TOKENS = {
  day_divider_pretty: dividerPretty,
  date_num: dayOf,
  date_slash: (s) => format(s, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date_long: (s) => long(s, { weekday: true, year: true }),
  date_long_full: (s) => long(s, { year: true }),
  date_long_pretty: (s) => relativeDay(s) ?? long(s, { weekday: true, year: true }),
  date: (s) => long(s, { year: true }),
  date_pretty: (s) => relativeDay(s) ?? long(s, { year: true }),
  date_short: short,
  date_short_pretty: (s) => relativeDay(s) ?? short(s),
  time: clock,
  time_secs: clockSeconds,
  ago,
};

/** Fills Slack's date tokens; null when the template or the timestamp makes no sense. */
export function fillDate(seconds, template) {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12) return null;
  let known = true;
  const text = template.replace(/\{(\w+)\}/g, (_whole, token) => {
    if (TOKENS[token]) return TOKENS[token](seconds);
    known = false;
    return "";
  });
  return known ? text : null;
}

function offsetMinutes(seconds, timeZone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(seconds * 1000);
  const of = (type) => Number(parts.find((p) => p.type === type).value);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return Math.round((wall / 1000 - Math.floor(seconds)) / 60);
}

/** Unix seconds of a wall time (YYYY-MM-DDTHH:MM) in the acted person's zone; null when unreadable.
 *  Of a time that comes twice, the first; one that a change of clocks skips moves forward by the gap. */
export function fromWall(text) {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number);
  const wall = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  const [before, after] = [-86400, 86400].map((away) => wall - offsetMinutes(wall + away, zone()) * 60);
  const fits = (seconds) => toWall(seconds) === match[0];
  return !fits(before) && fits(after) ? after : before;
}

/** The wall time (YYYY-MM-DDTHH:MM) of unix seconds in the acted person's zone. */
export function toWall(seconds) {
  const moved = new Date((seconds + offsetMinutes(seconds, zone()) * 60) * 1000);
  return moved.toISOString().slice(0, 16);
}

/** The time of day now in any zone, for the list of people; empty for an unknown zone. */
export function clockIn(timeZone) {
  try {
    return new Intl.DateTimeFormat(LOCALE, { timeZone, weekday: "short", hour: "numeric", minute: "2-digit" })
      .format(calendarNow() * 1000);
  } catch {
    return "";
  }
}
