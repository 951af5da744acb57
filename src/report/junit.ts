import type { CheckResult } from '#core/verification.ts';

import { escaped } from './text/xml.ts';

/** What JUnit calls a suite. */
export interface Suite {
  readonly name: string;
  readonly results: readonly SuiteResult[];
}

type SuiteResult = Pick<CheckResult, 'name' | 'status' | 'elapsedMs' | 'message' | 'hint' | 'output'>;

/**
 * Results as JUnit XML, in the part of the format that Jenkins, GitLab and GitHub's actions all read.
 *
 * @see https://github.com/testmoapp/junitxml (the common format; read in 2026)
 */
export function renderJunit(suites: readonly Suite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals(suites.flatMap(({ results }) => results))}>`,
    ...suites.flatMap(({ name, results }) => [
      `  <testsuite name="${escaped(name)}" ${totals(results)}>`,
      ...results.flatMap((result) => testCase(name, result)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function totals(results: readonly SuiteResult[]): string {
  const count = (...statuses: readonly CheckResult['status'][]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const elapsedMs = results.reduce((sum, result) => sum + result.elapsedMs, 0);
  return `tests="${results.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped', 'ignored')}" time="${seconds(elapsedMs)}"`;
}

function testCase(suite: string, result: SuiteResult): readonly string[] {
  const { name, status, elapsedMs, message, output } = result;
  const start = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds(elapsedMs)}"`;
  if (status === 'passed') return [`${start}><system-out>${escaped(message)}</system-out></testcase>`];
  if (status !== 'failed')
    return [`${start}><skipped message="${escaped(`${status}: ${message}`)}"/></testcase>`];
  const text = [message, result.hint, output].filter((part) => part !== undefined).join('\n\n');
  return [`${start}><failure message="${escaped(message)}">${escaped(text)}</failure></testcase>`];
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
