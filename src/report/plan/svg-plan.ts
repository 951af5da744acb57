import { templates } from '#core/template.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { counted, printable, truncate } from '#report/text/text-layout.ts';
import { element, type Markup } from '#report/text/xml.ts';
import { type Drawn, type LaneBox, type LaneEdge, type PlanLanes, planLanes } from './plan-lanes.ts';

/** In pixels. */
const SIZE = { label: 176, column: 160, box: 128, lane: 84, height: 44, top: 12 } as const;

/** A plan or a graph as a picture that stands by itself. */
export function renderSvgPlan(drawn: Drawn): string {
  const style = templates('report/palette.css', 'report/lanes.css');
  return `${lanesMarkup(planLanes(drawn), style).markup}\n`;
}

/** The picture: a lane for each kind of host, a box for each phase, and what waits for what. */
export function lanesMarkup(picture: PlanLanes, style?: string): Markup {
  const { title, lanes, columns, boxes, edges, hidden } = picture;
  const width = SIZE.label + columns.length * SIZE.column;
  const height = SIZE.top + lanes.length * SIZE.lane + 34;
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'lanes',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-label': `${printable(title)}. ${chainSentence(picture)}`,
  };
  return element(
    'svg',
    frame,
    ...(style === undefined ? [] : [element('style', {}, { markup: style })]),
    heads(),
    ...lanes.flatMap(({ label, hosts }, index) => laneMarkup(label, hosts, index, width)),
    ...edges.map((edge) => edgeMarkup(edge, boxes)),
    ...boxes.map((box) => boxMarkup(box, columns)),
    textAt(12, height - 12, 'note', chainSentence(picture)),
    ...(hidden.length === 0
      ? []
      : [textAt(width / 2, height - 12, 'note', `Not drawn: ${formatHosts(hidden)}`)]),
  );
}

/** What the drawn path is, in words. */
const chainSentence = ({ chain }: PlanLanes): string =>
  chain === 0
    ? 'Nothing is to be done.'
    : `The longest chain of work, drawn thick: ${counted(chain, 'resource')}, each waiting for the one before.`;

const heads = (): Markup =>
  element(
    'defs',
    {},
    ...['head', 'head critical'].map((kind) =>
      element(
        'marker',
        {
          id: kind.replace(' ', '-'),
          viewBox: '0 0 8 8',
          refX: 7,
          refY: 4,
          markerWidth: 8,
          markerHeight: 8,
          markerUnits: 'userSpaceOnUse',
          orient: 'auto',
        },
        element('path', { class: kind, d: 'M0 0 8 4 0 8z' }),
      ),
    ),
  );

const textAt = (x: number, y: number, kind: string, text: string): Markup =>
  element('text', { x, y, class: kind }, printable(text));

function laneMarkup(
  label: string,
  hosts: readonly string[],
  index: number,
  width: number,
): readonly Markup[] {
  const y = SIZE.top + index * SIZE.lane;
  return [
    element('rect', { class: 'band', x: 0, y: y + 2, width, height: SIZE.lane - 4, rx: 6 }),
    textAt(12, y + SIZE.lane / 2, 'label', truncate(label, 24)),
    ...(hosts.length > 1 ? [textAt(12, y + SIZE.lane / 2 + 16, 'note', counted(hosts.length, 'host'))] : []),
  ];
}

const leftOf = ({ column }: LaneBox): number => SIZE.label + column * SIZE.column;
const topOf = ({ lane }: LaneBox): number => SIZE.top + lane * SIZE.lane + (SIZE.lane - SIZE.height) / 2;

function boxMarkup(box: LaneBox, columns: readonly string[]): Markup {
  const { column, kind, text, isCritical } = box;
  const [x, y] = [leftOf(box), topOf(box)];
  const phase = columns[column] ?? '';
  return element(
    'g',
    { class: `box ${kind}${isCritical ? ' critical' : ''}` },
    element('title', {}, printable(`${phase}: ${text}`)),
    element('rect', { x, y, width: SIZE.box, height: SIZE.height, rx: 5 }),
    textAt(x + 9, y + 18, 'phase', truncate(phase, 18)),
    textAt(x + 9, y + 34, 'note', truncate(text, 22)),
  );
}

/** In a lane, what goes past other boxes is bent over them; between lanes, it is a curve. */
function edgeMarkup({ from, to, isCritical }: LaneEdge, boxes: readonly LaneBox[]): Markup {
  const [start, end] = [boxes[from], boxes[to]];
  const kind = isCritical ? ' critical' : '';
  return element('path', {
    class: `edge${kind}`,
    d: start === undefined || end === undefined ? '' : curve(start, end),
    'marker-end': `url(#head${kind.replace(' ', '-')})`,
  });
}

function curve(start: LaneBox, end: LaneBox): string {
  const middle = SIZE.height / 2;
  const [x1, y1] = [leftOf(start) + SIZE.box, topOf(start) + middle];
  const [x2, y2] = [leftOf(end), topOf(end) + middle];
  const isSameLane = start.lane === end.lane;
  if (isSameLane && end.column === start.column + 1) return `M${x1} ${y1}H${x2}`;
  if (start.column === end.column) {
    const x = x2 + SIZE.box / 2;
    const side = Math.sign(y2 - y1);
    return `M${x} ${y1 + side * middle}V${y2 - side * middle}`;
  }
  if (isSameLane) {
    const rise = topOf(start) - Math.min(4 + 3 * (end.column - start.column), 18);
    return `M${x1 - 14} ${topOf(start)}C${x1} ${rise} ${x2} ${rise} ${x2 + 14} ${topOf(end)}`;
  }
  const bend = SIZE.column - SIZE.box + 12;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
