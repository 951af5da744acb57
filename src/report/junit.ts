import type { CheckResult } from '#core/verification.ts';

/**
 * Checks as JUnit XML, in the part of the format that Jenkins, GitLab and GitHub's actions all read.
 *
 * @see https://github.com/testmoapp/junitxml (the common format; read in 2026)
 */
export function renderJunit(suite: string, results: readonly CheckResult[]): string {
  const count = (...statuses: readonly CheckResult['status'][]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const total = results.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  const totals = `tests="${results.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped', 'ignored')}" time="${seconds(total)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${escaped(suite)}" ${totals}>`,
    ...results.flatMap((result) => testCase(suite, result)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(suite: string, result: CheckResult): readonly string[] {
  const { name, status, elapsedMs, message, output } = result;
  const start = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds(elapsedMs)}"`;
  if (status === 'passed') return [`${start}><system-out>${escaped(message)}</system-out></testcase>`];
  if (status !== 'failed')
    return [`${start}><skipped message="${escaped(`${status}: ${message}`)}"/></testcase>`];
  const text = [message, result.hint, output].filter((part) => part !== undefined).join('\n\n');
  return [`${start}><failure message="${escaped(message)}">${escaped(text)}</failure></testcase>`];
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** Control characters have no place in XML 1.0, escaped or not. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? '');
