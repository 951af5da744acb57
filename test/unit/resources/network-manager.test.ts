import { describe, expect, it } from 'vitest';

import type { Outcome } from '#core/resource.ts';
import { networkManager } from '#facts/network-manager.ts';
import { CALICO_INTERFACES_FILE, unmanagedCalico } from '#resources/host/network-manager.ts';

import { missingFile } from '../../support/file-answer.ts';
import { askHere, parseText } from '../facts/ask.ts';

const file = (content: string) => ({
  ...missingFile,
  type: 'file',
  content,
  mode: '0644',
  owner: 'root:root',
});
const decided = (printed: string, found: object): Outcome => {
  const [manager] = parseText(printed, [networkManager(CALICO_INTERFACES_FILE)]);
  return unmanagedCalico.diff({ manager, found } as never, { host: 'w1', changed: [] });
};
const summaries = (outcome: Outcome): readonly string[] =>
  'steps' in outcome ? outcome.steps.map(({ summary }) => summary) : [];
const RELOAD = 'have NetworkManager read its settings again';
const LIST =
  'interface-name:cali*;interface-name:tunl*;interface-name:vxlan.calico;interface-name:vxlan-v6.calico;interface-name:wireguard.cali;interface-name:wg-v6.cali';

describe("Calico's interfaces and NetworkManager", () => {
  it('are named in a file of their own, which is read at once', () => {
    const outcome = decided('running\n', missingFile);
    expect(summaries(outcome)).toEqual([`write ${CALICO_INTERFACES_FILE}`, RELOAD]);
    const [written] = 'steps' in outcome ? outcome.steps : [];
    const content = written?.do === 'write' && typeof written.content === 'string' ? written.content : '';
    expect(content).toContain(`[keyfile]\nunmanaged-devices+=${LIST}\n`);
    expect(decided('running\nread\n', file(content))).toMatchObject({ answer: 'none' });
  });

  it('are read where a run was cut off before that', () => {
    const outcome = decided('running\n', file(`[keyfile]\nunmanaged-devices=${LIST}\n`));
    expect(summaries(outcome)).toEqual([RELOAD]);
  });

  it("may be named by somebody else's file, which is kept where it lacks one", () => {
    expect(
      decided('running\nread\n', file(`[keyfile]\nunmanaged-devices = ${LIST};mac:00:11\n`)),
    ).toMatchObject({
      answer: 'none',
    });
    const outcome = decided('running\nread\n', file('[keyfile]\nunmanaged-devices=interface-name:cali*\n'));
    expect(summaries(outcome)).toEqual([
      `keep a copy of ${CALICO_INTERFACES_FILE}`,
      `write ${CALICO_INTERFACES_FILE}`,
      RELOAD,
    ]);
  });

  it('need nothing where it does not run', () => {
    expect(decided('', missingFile)).toEqual({ answer: 'none', why: 'NetworkManager does not run' });
  });

  it('are asked by a program that a shell can read', () => {
    expect(askHere([networkManager('/nonexistent')])[0]).toMatchObject({ isRead: false });
  });
});
