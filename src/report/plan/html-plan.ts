import { createHash } from 'node:crypto';

import type { Plan } from '#core/plan.ts';
import { filledTemplate, template, templates } from '#core/template.ts';
import { printable } from '#report/text/text-layout.ts';
import { planLanes } from './plan-lanes.ts';
import { type PlanRemarks, remarkPlaces } from './plan-remarks.ts';
import type { PlanRow } from './plan-row.ts';
import {
  groupTitle,
  idleSentence,
  phasesSentence,
  REMARK_KINDS,
  summarySentence,
  TITLES,
} from './plan-sentences.ts';
import { type PlanView, planView } from './plan-view.ts';
import { lanesMarkup } from './svg-plan.ts';
import { SIGNS } from './text-row.ts';

/**
 * A plan as one file for a browser, that loads nothing: the data is JSON in it, and the page writes each text as text,
 * so that no name of a host and no line of a file can be markup. Its policy lets only its own script run.
 */
export function renderHtmlPlan(plan: Plan): string {
  const script = template('report/plan.js');
  return filledTemplate('report/plan.html', {
    hash: createHash('sha256').update(script).digest('base64'),
    style: templates('report/palette.css', 'report/lanes.css', 'report/plan.css'),
    picture: lanesMarkup(planLanes(plan)).markup,
    data: jsonInHtml(dataOf(plan)),
    script,
  });
}

/** JSON that no end of an element can stand in. */
const jsonInHtml = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'string' ? printable(member) : member,
  ).replaceAll('<', String.raw`\u003c`);

/** What the page shows. Hosts, phases and rows are named by their places in a list, as there may be many. */
function dataOf(plan: Plan): object {
  const view = planView(plan, { verbose: true, hasShell: true, repeats: true });
  const hostAt = new Map(plan.hosts.map(({ name }, index) => [name, index]));
  const hostsAt = (hosts: readonly string[]): readonly number[] =>
    hosts.flatMap((host) => hostAt.get(host) ?? []);
  const phaseAt = new Map(plan.phases.map((phase, index) => [phase, index]));
  const rows = new Map<string, number>();
  const rowAt = (row: PlanRow): number => {
    const key = JSON.stringify(row);
    const place = rows.get(key) ?? rows.size;
    rows.set(key, place);
    return place;
  };
  const groups = view.groups.map((group) => ({
    title: groupTitle(group),
    hosts: hostsAt(group.hosts),
    entries: group.phases.flatMap(({ phase, entries }) =>
      entries.map(({ name, variants }) => [
        phaseAt.get(phase),
        name,
        variants.map(({ hosts, row }) => [rowAt(row), ...hostsAt(hosts)]),
      ]),
    ),
  }));
  return {
    cluster: view.cluster,
    kubernetes: view.kubernetes,
    summary: [summarySentence(view), phasesSentence(view)].filter((text) => text !== '').join('. '),
    idle: view.idle.hosts.length === 0 ? '' : idleSentence(view),
    lists: listsOf(view),
    signs: Object.fromEntries(Object.entries(SIGNS).map(([kind, [sign]]) => [kind, sign])),
    phases: plan.phases,
    hosts: plan.hosts.map(({ name }) => name),
    away: hostsAt(view.unreachable.map(({ name }) => name)),
    groups,
    rows: [...rows.keys()].map((key): unknown => JSON.parse(key)),
  };
}

/** What the page calls them. */
const KINDS: Readonly<Partial<Record<keyof PlanRemarks, string>>> = {
  refusals: 'refused',
  unreachable: 'away',
};

/** What is to be known beside the changes. */
const listsOf = (view: PlanView): readonly object[] =>
  REMARK_KINDS.filter((kind) => view[kind].length > 0).map((kind) => ({
    kind: KINDS[kind] ?? kind,
    title: TITLES[kind],
    items: view[kind].map((remark) => {
      const { name, text, hint = '' } = remark;
      return [name, text, hint, kind === 'turns' || kind === 'unreachable' ? '' : remarkPlaces(remark)];
    }),
  }));
