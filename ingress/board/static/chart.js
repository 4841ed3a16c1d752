// Draws the charts of the key figures in the page's own colours, and again when day becomes night.
"use strict";

const CONFIG = { displayModeBar: false, responsive: true };
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function painted(figure) {
  for (const trace of figure.data) {
    if (trace.meta === "target") trace.line.color = colour("target");
    else Object.assign(trace.marker, { color: colour("bar"), pattern: { ...trace.marker.pattern, bgcolor: colour("sheet"), fgcolor: colour("bar") }, line: { color: colour("bar"), width: 1.5 } });
  }
  const axis = { color: colour("soft"), gridcolor: colour("grid"), linecolor: colour("line"), zerolinecolor: colour("line") };
  const layout = figure.layout;
  Object.assign(layout, { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" });
  for (const word of layout.annotations ?? []) word.font = { color: colour("soft"), size: 10 };
  layout.font = { color: colour("soft"), family: getComputedStyle(document.body).fontFamily, size: 11 };
  layout.hoverlabel = { bgcolor: colour("ink"), font: { color: colour("sheet") } };
  Object.assign(layout.xaxis, axis);
  Object.assign(layout.yaxis, axis);
  return figure;
}

function draw() {
  for (const place of document.querySelectorAll(".chart")) {
    const figure = painted(JSON.parse(place.dataset.figure));
    Plotly.react(place, figure.data, figure.layout, CONFIG);
  }
}

draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
