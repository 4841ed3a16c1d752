// The stage looks again every two seconds, says moments in the reader's own time, and leaves alone what is being filled in.
"use strict";
const EVERY = 2000;

function moments(within) {
  for (const one of within.querySelectorAll("time[data-how]")) {
    const at = new Date(one.dateTime);
    const day = one.dataset.how === "day" ? { weekday: "short", day: "numeric", month: "short" } : {};
    one.textContent = at.toLocaleString("en-GB", { hour: "2-digit", minute: "2-digit", ...day });
  }
}

function busy(part) {
  const active = document.activeElement;
  const fills = active && part.contains(active) && active.matches("input, textarea, select");
  return fills || [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked);
}

function atEnd(part) {
  return part.scrollHeight - part.scrollTop - part.clientHeight < 60;
}

function open(part) {
  return [...part.querySelectorAll("details[open]")].map((one) => one.closest("[id]").id);
}

async function again() {
  if (document.hidden || document.querySelector(".modal")) return;
  let fresh;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return;
  }
  moments(fresh);
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (!now || now.innerHTML === part.innerHTML || busy(part)) continue;
    const opened = open(part);
    const focused = part.contains(document.activeElement) ? document.activeElement.outerHTML : "";
    const end = atEnd(part);
    part.innerHTML = now.innerHTML;
    for (const id of opened) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
    if (focused) [...part.querySelectorAll("a, button")].find((one) => one.outerHTML === focused)?.focus();
    if (end && "ends" in part.dataset) part.scrollTop = part.scrollHeight;
  }
}

moments(document);
for (const part of document.querySelectorAll("[data-ends]")) if (!location.hash) part.scrollTop = part.scrollHeight;
document.querySelector(".modal [aria-invalid], .modal input:not([type=hidden]), .modal textarea, .modal select")?.focus();
document.addEventListener("change", (event) => {
  const id = event.target.dataset?.listens;
  if (id) document.getElementById(id).click();
});
setInterval(again, EVERY);
