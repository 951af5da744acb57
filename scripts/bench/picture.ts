import type { Summary } from './summary.ts';

const width = 900;
const barHeight = 16;
const labelWidth = 400;

/** Wall time as bars on a logarithmic scale, a group for each race: an SVG written as text. */
export function picture(summary: readonly Summary[]): string {
  const shortest = Math.min(...summary.map(({ wallS }) => wallS)) / 2;
  const longest = Math.max(...summary.map(({ wallS }) => wallS));
  const length = (seconds: number): number =>
    (Math.log(seconds / shortest) / Math.log(longest / shortest)) * (width - labelWidth - 90);
  const races = Map.groupBy(
    summary,
    ({ hosts, delayMs, isStandIn }) =>
      `${hosts} ${hosts === 1 ? 'host' : 'hosts'}, ${isStandIn ? 'stand-in server' : `${delayMs} ms of round trip added`}`,
  );
  let y = 44;
  const shapes: string[] = [text(12, 22, 'A run that changes nothing: seconds, logarithmic', 'bold')];
  for (const [title, rows] of races) {
    shapes.push(text(12, y + 12, title, 'bold'));
    y += barHeight + 4;
    for (const { name, wallS } of rows) {
      const colour = name.startsWith('slipway') ? '#1f6feb' : '#9aa4af';
      const end = labelWidth + length(wallS);
      shapes.push(text(24, y + 12, name));
      shapes.push(
        `<rect x="${labelWidth}" y="${y}" width="${(end - labelWidth).toFixed(1)}" height="${barHeight - 2}" fill="${colour}"/>`,
      );
      shapes.push(text(end + 6, y + 12, wallS.toFixed(2)));
      y += barHeight + 2;
    }
    y += 10;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${y}" fill="#ffffff"/>`,
    ...shapes,
    '</svg>\n',
  ].join('\n');
}

const text = (x: number, y: number, content: string, weight = 'normal'): string =>
  `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}" fill="#24292f">${content}</text>`;
