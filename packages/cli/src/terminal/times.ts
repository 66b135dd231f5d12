const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A length of time in the two units that say most of it: `1 hour 56 minutes`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const largest = units.findIndex(([, size]) => whole >= size);
  if (largest === -1) return "less than a second";
  const [first, second] = units.slice(largest);
  if (first === undefined) return "less than a second";
  const rest = second === undefined ? 0 : Math.floor((whole % first[1]) / second[1]);
  const parts = [[Math.floor(whole / first[1]), first[0]] as const, ...(second ? [[rest, second[0]] as const] : [])];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)} ${unit}${count === 1 ? "" : "s"}`)
    .join(" ");
}

/** A moment of a token in words: the date in UTC, and how far from now. */
export function formatMoment(epochSeconds: number, nowMs: number): string {
  const at = new Date(epochSeconds * 1_000);
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9_999) {
    const inMilliseconds = new Date(epochSeconds);
    const hint = Number.isNaN(inMilliseconds.getTime()) ? "" : "; it looks like milliseconds, and tokens have seconds";
    return `no date that a calendar has${hint}`;
  }
  const date = at.toISOString().replace("T", " ").slice(0, 19);
  const distance = epochSeconds - nowMs / 1_000;
  const words = formatDuration(distance);
  return `${date} UTC, ${distance < 0 ? `${words} ago` : `in ${words}`}`;
}

/** A latency: `12 ms`, `1.4 s`. */
export function formatMs(ms: number): string {
  return ms < 1_000 ? `${String(Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
