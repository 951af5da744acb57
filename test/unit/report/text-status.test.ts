import { expect, test } from 'vitest';

import { renderTextFacts } from '#report/text-facts.ts';
import type { StatusRow } from '#report/status.ts';
import { renderTextStatus } from '#report/text-status.ts';

const row: StatusRow = {
  name: 'cp1',
  role: 'control-plane',
  node: 'Ready',
  note: '',
  version: 'v1.34.9',
  runtime: 'containerd 1.7.24',
  gpus: 0,
  host: 'converged',
  isConverged: true,
};

test('status reads as its golden', async () => {
  const text = renderTextStatus(
    {
      cluster: 'lab',
      kubernetes: '1.34.9',
      isAnswering: true,
      rows: [
        row,
        {
          ...row,
          name: 'gpu01',
          role: 'worker',
          node: 'NotReady',
          note: 'container runtime network not ready; cordoned',
          gpus: 8,
          host: '3 to change',
          isConverged: false,
        },
        {
          ...row,
          name: 'gpu02',
          role: 'worker',
          node: 'absent',
          version: '',
          runtime: '',
          note: 'connection refused',
          host: 'unreachable',
          isConverged: false,
        },
        { ...row, name: 'old1', role: '', note: 'not in the inventory', host: '-', isConverged: false },
      ],
    },
    { color: false },
  );
  await expect(text).toMatchFileSnapshot('__snapshots__/status.txt');
});

test('status without an API server says so', () => {
  const rows = [{ ...row, node: 'unknown' as const, version: '', runtime: '' }];
  const text = renderTextStatus(
    { cluster: 'lab', kubernetes: '1.34.9', isAnswering: false, rows },
    { color: false },
  );
  expect(text).toContain('No API server answers yet.');
  expect(text).toContain('1 of 1 host converged');
});

test('facts are one line a question, within the width', () => {
  const text = renderTextFacts(
    { cp1: { sysctl: { '"net.ipv4.ip_forward"': '0' }, file: { '"/x"': { content: 'y'.repeat(200) } } } },
    60,
  );
  expect(text).toContain('sysctl "net.ipv4.ip_forward"  0\n');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(60);
});
