import { describe, expect, test } from 'vitest';

import type { Plan, PlanNode } from '#core/plan.ts';
import { none } from '#core/resource.ts';
import { PLAN_FORMATS, renderPlan } from '#report/renderers.ts';
import { renderHtmlPlan } from '#report/plan/html-plan.ts';
import { renderSvgPlan } from '#report/plan/svg-plan.ts';

import { hasChromium, openHtml } from '../../../support/chromium.ts';
import { file, nodesOf, planOf, sysctl, threeHosts, troubled } from './fixture-plan.ts';

/** Names that would be markup, a script, an end of one, a template's place, or the other way round. */
const HOSTILE = [
  '</script><script>window.hit=1</script>',
  '"><img src=x onerror="window.hit=1">',
  "'><svg/onload=window.hit=1>",
  '<!--<script>',
  '{{ script }}',
  '&lt;b&gt;',
  'w\u202e1',
];

const hostile = (): Plan =>
  planOf(
    HOSTILE.map((name) => ({ name })),
    HOSTILE.flatMap((name, index) =>
      nodesOf(name, [
        ['kernel', `file:/etc/${name}`, file(`/etc/${name}`, `${name}\nline ${index}\n`, 'old\n', [name])],
        sysctl(name, name),
      ]),
    ),
  );

const dataIn = (html: string): string =>
  /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';

const contentOf = (host: string): string => `# of ${host}\n${'a line of a file\n'.repeat(40)}`;

/** 400 hosts with 60 resources each, of which five have another value on each host. */
const large = (): Plan => {
  const hosts = Array.from({ length: 400 }, (_, index) => `w${String(index + 1).padStart(3, '0')}`);
  return planOf(
    hosts.map((name) => ({ name })),
    hosts.flatMap((host): readonly PlanNode[] =>
      nodesOf(host, [
        ...Array.from(
          { length: 30 },
          (_, index) => ['host', `unit:u${index}`, none('it is enabled')] as const,
        ),
        ...Array.from({ length: 25 }, (_, index) => sysctl(`net.key${index}`, '0')),
        ...Array.from(
          { length: 5 },
          (_, index) => ['join', `file:/etc/f${index}`, file(`/etc/f${index}`, contentOf(host))] as const,
        ),
      ]),
    ),
  );
};

describe('plan in HTML', () => {
  test('loads nothing, and lets no script run but its own', () => {
    const html = renderHtmlPlan(threeHosts());
    expect(html).not.toMatch(/<(?:link|img|iframe)\b|<script src=|@import|url\(['"]?http/);
    expect(html).toContain("default-src 'none'");
    expect(html).toMatch(/script-src 'sha256-[\w+/]{43}='/);
    expect(html).toMatch(/[^\n]\n$/);
  });

  test('with hostile names has them in its data, and nowhere as markup', () => {
    const html = renderHtmlPlan(hostile());
    const data = JSON.parse(dataIn(html)) as { readonly hosts: readonly string[] };
    expect(data.hosts).toEqual(HOSTILE.map((name) => name.replace('\u202e', '\\u202e')));
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toMatch(/<img|<svg\/|<!--/);
  });

  test('shows a deferred resource with what is known of it', () => {
    const html = renderHtmlPlan(threeHosts());
    expect(dataIn(html)).toContain('waits for runtime: the unit of the package containerd');
  });

  test.each(PLAN_FORMATS)(
    'of 400 hosts with 60 resources as %s takes less than 2 s of an idle core',
    async (format) => {
      const plan = large();
      const before = process.threadCpuUsage();
      const pieces = await renderPlan(plan, format, { color: false, verbose: false, width: 100 });
      const length = [...pieces].reduce((sum, piece) => sum + piece.length, 0);
      const { user, system } = process.threadCpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(2000);
      expect(length).toBeLessThan(format === 'json' || format === 'junit' ? 50_000_000 : 5_000_000);
    },
  );
});

test('plan in HTML begins with what is in the way', () => {
  const { lists } = JSON.parse(dataIn(renderHtmlPlan(troubled()))) as { lists: readonly { kind: string }[] };
  expect(lists.map(({ kind }) => kind)).toEqual(['refused', 'away']);
});

describe('plan in SVG', () => {
  test('reads as its golden', async () => {
    await expect(renderSvgPlan(threeHosts())).toMatchFileSnapshot('__snapshots__/plan-three-hosts.svg');
  });

  test('with hostile names has no element of theirs', () => {
    const elements = [...renderSvgPlan(hostile()).matchAll(/<(\w+)/g)].map(([, name]) => name);
    expect(new Set(elements)).toEqual(
      new Set(['svg', 'style', 'defs', 'marker', 'path', 'rect', 'text', 'g', 'title']),
    );
  });
});

describe.skipIf(!hasChromium)('plan in a real Chromium', () => {
  test('is shown, filtered and searched, by keys alone', { timeout: 120_000 }, async () => {
    const page = await openHtml(renderHtmlPlan(threeHosts()));
    expect(await page.evaluate('document.title')).toBe('Plan of cluster lab, Kubernetes 1.34.9 - slipway');
    expect(await page.evaluate('document.querySelectorAll("#grid tbody tr").length')).toBe(3);
    expect(await page.evaluate('document.querySelectorAll("svg .box").length')).toBeGreaterThan(10);
    await page.evaluate('document.querySelector("td[tabindex]").focus()');
    await page.press('ArrowDown', 'ArrowRight', 'Enter');
    expect(await page.evaluate('[host.value, document.activeElement.id]')).toEqual(['gpu01', 'changes']);
    await page.evaluate('document.getElementById("filter").reset()');
    await page.press('/', ...Array.from('sandbox_image'));
    const found =
      'new Promise((done) => setTimeout(() => done([...document.querySelectorAll(".name")].map((n) => n.textContent)), 500))';
    expect(new Set((await page.evaluate(found)) as string[])).toEqual(
      new Set(['file:/etc/containerd/config.toml']),
    );
    await page.evaluate('document.querySelector(".entry summary").click()');
    expect(
      await page.evaluate(
        'new Promise((done) => setTimeout(() => done(document.querySelector(".diff").textContent), 100))',
      ),
    ).toContain("+sandbox_image = 'registry.k8s.io/pause:3.10.1'");
    expect(page.complaints).toEqual([]);
  });

  test('with hostile names runs nothing of theirs', { timeout: 120_000 }, async () => {
    const page = await openHtml(renderHtmlPlan(hostile()), { scheme: 'dark' });
    await page.evaluate('document.querySelectorAll("summary").forEach((one) => one.click())');
    expect(await page.evaluate('new Promise((done) => setTimeout(() => done(typeof window.hit), 300))')).toBe(
      'undefined',
    );
    expect(await page.evaluate('document.querySelectorAll("#groups img, #groups script").length')).toBe(0);
    expect(await page.evaluate('document.querySelector("tbody th").textContent')).toBe(HOSTILE[0]);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(13, 17, 23)');
    expect(page.complaints).toEqual([]);
  });
});
