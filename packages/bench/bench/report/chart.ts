import type { Share } from "../bench.ts";
import type { Machine } from "./machine.ts";

const width = 820;
const labelWidth = 250;
const barHeight = 9;
const rowHeight = 26;
const groupHeight = 34;

// Of middle lightness, so that they can be told from white and from near-black alike.
const colours = { hot: "#2f81f7", ours: "#e8590c", cold: 0.45 };

/** Two bars a row, a known and a new token: how much of the bare route is left. No script, no font of its own. */
export function formatChart(shares: readonly Share[], machine: Machine): string {
  const parts: string[] = [];
  let y = 64;
  for (const group of new Set(shares.map((share) => share.group))) {
    parts.push(text(16, y + 14, group, "head"));
    y += groupHeight - 8;
    const rows = shares.filter((share) => share.group === group).toSorted((a, b) => b.hot - a.hot);
    for (const share of rows) {
      parts.push(row(share, y));
      y += rowHeight;
    }
    y += 12;
  }
  const caption = `bare ÷ guarded CPU per request; ${machine.cpu}, Node ${machine.node}, ${machine.date}`;
  parts.push(text(16, y + 8, caption, "small"));
  const height = y + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="What is left of the bare route behind each middleware">
<style>
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .head { font-weight: 600; font-size: 15px; }
  .small { font-size: 11px; opacity: 0.75; }
  .track { fill: #8b949e; opacity: 0.18; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }
</style>
${text(16, 24, "What is left of the bare route", "head")}
${text(16, 44, "upper bar: a token seen before; lower, pale bar: every token new", "small")}
${parts.join("\n")}
</svg>
`;
}

function row({ label, hot, cold }: Share, y: number): string {
  const full = width - labelWidth - 80;
  const colour = label.startsWith("@cloudbase-auth") ? colours.ours : colours.hot;
  const bar = (share: number, top: number, opacity: number): string =>
    [
      rectangle(labelWidth, top, full, 'class="track"'),
      rectangle(labelWidth, top, full * Math.min(1, share), `fill="${colour}" opacity="${String(opacity)}"`),
    ].join("");
  return [
    text(labelWidth - 10, y + 14, label, "", "end"),
    bar(hot, y, 1),
    bar(cold, y + barHeight + 2, colours.cold),
    text(labelWidth + full + 8, y + 14, `${percent(hot)} / ${percent(cold)}`, "small"),
  ].join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function rectangle(x: number, y: number, size: number, attributes: string): string {
  return `<rect x="${String(x)}" y="${String(y)}" width="${size.toFixed(1)}" height="${String(barHeight)}" rx="2" ${attributes}/>`;
}

function text(x: number, y: number, content: string, name: string, anchor = "start"): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${String(x)}" y="${String(y)}" class="${name}" text-anchor="${anchor}">${escaped}</text>`;
}
