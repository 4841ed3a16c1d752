// Keeps a page alive: clocks count down by the server's time, and what changed is fetched every few seconds.
"use strict";

const live = document.getElementById("live");
const said = document.getElementById("said");
const stopped = document.getElementById("stopped");
const SOON = 5 * 60 * 1000;
const MINUTE = 60, HOUR = 3600, DAY = 86400;
const every = Number(live.dataset.every) * 1000;
let offset = Number(live.dataset.now) - Date.now();
let tag = "";
let heardAt = Date.now();
let before = null;

const now = () => Date.now() + offset;

/** A span as the server writes it too: 40 s, 12 min, 3 h 20 min, 1 day 4 h, 2 days. */
function spoken(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) {
    const minutes = Math.floor((seconds % HOUR) / MINUTE);
    return `${Math.floor(seconds / HOUR)} h` + (minutes ? ` ${minutes} min` : "");
  }
  const whole = Math.floor((seconds + HOUR / 2) / HOUR), days = Math.floor(whole / 24), hours = whole % 24;
  return days > 1 ? `${days} days` : "1 day" + (hours ? ` ${hours} h` : "");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Let every clock show the present moment, and count what is late. */
function tick() {
  const at = now();
  for (const clock of live.querySelectorAll(".clock")) {
    const left = Number(clock.dataset.due) - at;
    clock.classList.toggle("late", left <= 0);
    clock.classList.toggle("soon", left > 0 && left <= SOON);
    write(clock, `${spoken(left)} ${left <= 0 ? "overdue" : "left"}`);
  }
  for (const since of live.querySelectorAll(".since")) write(since, spoken(at - Number(since.dataset.since)));
  const face = document.getElementById("now");
  if (face) write(face, new Date(at).toLocaleTimeString("en-GB"));
  sum();
  announce();
  if (every) watchSilence();
}

const FORMS = {
  hour: { hour: "2-digit", minute: "2-digit" },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit" },
  year: { day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  date: { day: "2-digit", month: "short" },
};
for (const [name, form] of Object.entries(FORMS)) FORMS[name] = new Intl.DateTimeFormat("en-GB", { ...form, hour12: false });

/** Moments in their reader's zone, which stands once beside the clock; their titles keep UTC. */
function localise() {
  for (const one of live.querySelectorAll("[data-at]")) write(one, FORMS[one.dataset.form].format(Number(one.dataset.at)).replace(",", ""));
  const zone = document.getElementById("zone");
  if (zone) write(zone, zoneName());
}

const zoneName = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";

function sum() {
  const counted = { late: late().length, soon: live.querySelectorAll(".soon[data-counted]").length };
  for (const place of live.querySelectorAll("[data-sum]")) {
    write(place, String(counted[place.dataset.sum]));
    if (place.dataset.sum === "late") place.parentElement.classList.toggle("some", counted.late > 0);
  }
  document.title = (counted.late ? `(${counted.late} overdue) ` : "") + live.dataset.title;
}

const late = () => Array.from(live.querySelectorAll(".clock.late[data-counted]"), (clock) => clock.closest(".owing").id);

/** Say aloud only what is new: an incident that was not there, a clock that was not late. */
function announce() {
  const seen = {
    incidents: new Set(Array.from(live.querySelectorAll(".incidents:not(.history) .incident"), (one) => one.id)),
    late: new Set(late()),
  };
  if (before) {
    const news = [...seen.incidents].filter((id) => !before.incidents.has(id));
    const missed = [...seen.late].filter((id) => !before.late.has(id));
    const words = [
      ...news.map((id) => `New incident ${text(id, ".about")}.`),
      ...missed.map((id) => `Overdue now: ${text(id, ".what")}, ${text(id, ".whom")}.`),
    ];
    if (words.length) write(said, words.slice(0, 3).join(" ") + (words.length > 3 ? ` And ${words.length - 3} more.` : ""));
  }
  before = seen;
}

function text(id, part) {
  const found = document.getElementById(id)?.querySelector(part);
  return found ? found.textContent.replace(/\s+/g, " ").trim() : id;
}

/** Say plainly when the page is not being kept up to date. */
function watchSilence() {
  const silent = Date.now() - heardAt > 4 * every;
  stopped.hidden = !silent;
  if (silent) write(stopped, `This page is not being updated: no answer for ${spoken(Date.now() - heardAt)}. Clocks go on; everything else is as it was then.`);
}

/** Fetch what the page holds and take over what differs. */
async function look() {
  const address = new URL(location.href);
  address.searchParams.set("part", "live");
  const asked = Date.now();
  const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  if (answer.status === 401 || answer.status === 403) return location.reload();
  if (answer.status !== 304 && !answer.ok) return;
  heardAt = Date.now();
  // An answer that took long says little of when it was given: the machine may have slept meanwhile.
  if (heardAt - asked < 2000) offset = Number(answer.headers.get("X-Standfast-Now")) - (asked + heardAt) / 2;
  if (answer.status === 304) return;
  tag = answer.headers.get("ETag") ?? "";
  take(await answer.text());
}

function take(html) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html; // the server's own page, escaped there; scripts in it would not run
  renew(live, fresh);
  localise();
  tick();
}

/** Make a list hold what the new one holds; what did not change stays, and with it focus, and what a reader reads. */
function renew(old, fresh) {
  const kept = new Map(Array.from(old.children).filter((one) => one.id).map((one) => [one.id, one]));
  const children = Array.from(fresh.childNodes).map((one) => {
    const known = one.id ? kept.get(one.id) : null;
    if (!known) return mark(one, old, kept);
    if (known.source !== one.outerHTML) exchange(known, one);
    return known;
  });
  const same = children.length === old.childNodes.length && children.every((one, place) => one === old.childNodes[place]);
  if (!same) keepingFocus(() => place(old, children));
}

/** Put children in order, moving only those that stand elsewhere. */
function place(old, children) {
  const staying = new Set(children);
  for (const one of Array.from(old.childNodes)) if (!staying.has(one)) one.remove();
  children.forEach((one, position) => {
    if (old.childNodes[position] !== one) old.insertBefore(one, old.childNodes[position] ?? null);
  });
}

function exchange(known, one) {
  const source = one.outerHTML;
  if (one.querySelector("[id]")) renew(known, one);
  else keepingFocus(() => known.replaceChildren(...one.childNodes));
  known.className = one.className;
  known.source = source;
}

function mark(one, list, kept) {
  if (one.nodeType === Node.ELEMENT_NODE) {
    one.source = one.outerHTML;
    if (kept.size && one.id && list.matches("ol")) one.classList.add("fresh");
  }
  return one;
}

/** Focus stays on the same link of the same entry, although its element is another. */
function keepingFocus(change) {
  const focus = document.activeElement;
  const entry = focus?.closest("#live [id]");
  const position = entry ? Array.from(entry.querySelectorAll("a, summary")).indexOf(focus) : -1;
  change();
  if (position >= 0 && document.activeElement === document.body) {
    document.getElementById(entry.id)?.querySelectorAll("a, summary")[position]?.focus({ preventScroll: true });
  }
}

async function keepLooking() {
  try {
    if (!document.hidden) await look();
  } catch {
    // Nobody answered; `watchSilence` says so when it lasts.
  } finally {
    setTimeout(keepLooking, every);
  }
}

/** On paper everything that is folded away is open; afterwards it is as it was. */
function prints() {
  const button = document.getElementById("print");
  if (button) { button.hidden = false; button.addEventListener("click", () => print()); }
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = Array.from(live.querySelectorAll("details:not([open])"));
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of folded) one.open = false; });
}

/** What an address points to is seen, also where it is folded away. */
function reveal() {
  const folded = document.getElementById(location.hash.slice(1))?.closest("details");
  if (folded) folded.open = true;
}

/** On a phone what is not needed first begins folded. */
function fold() {
  if (!matchMedia("(max-width: 40rem)").matches) return;
  for (const one of live.querySelectorAll("details:is(.wide, .missed)")) one.open = false;
}

/** A moment is typed in its reader's zone; what is sent is the same in UTC, as a form without script has it. */
function zoned() {
  for (const shown of document.querySelectorAll("input[type=datetime-local]")) {
    const sent = document.createElement("input");
    sent.type = "hidden";
    sent.name = shown.name;
    sent.value = shown.value;
    shown.removeAttribute("name");
    if (shown.value) shown.value = shifted(new Date(`${shown.value}Z`));
    shown.after(sent);
    shown.addEventListener("input", () => { sent.value = shown.value ? new Date(shown.value).toISOString().slice(0, 16) : ""; });
    const zone = shown.labels[0]?.querySelector(".zone");
    if (zone) zone.textContent = zoneName();
  }
}

/** The moment as its reader's clock shows it, in the form of the input. */
function shifted(at) {
  return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

prints();
zoned();
fold();
reveal();
addEventListener("hashchange", reveal);
localise();
tick();
setInterval(tick, 1000);
if (every) {
  setTimeout(keepLooking, every);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look().catch(() => {}); });
}
