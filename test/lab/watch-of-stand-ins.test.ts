import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { apiWatch, namedPath } from '#facts/api-watch.ts';

import { followed } from '../support/followed.ts';
import { canRun, configMap, StandInServer } from './support/stand-in-server.ts';

describe.skipIf(!canRun)("the stand-ins' API server", () => {
  const standIn = new StandInServer();
  const { directory, kubectl } = standIn;
  const { means } = apiWatch();
  const here = (script: string): string => script.replaceAll('/etc/kubernetes', join(directory, 'conf'));

  beforeAll(async () => {
    await standIn.init();
    standIn.bindAdmin();
  });
  afterAll(() => standIn[Symbol.asyncDispose]());

  it('tells of changes in a list, as the real one does', async () => {
    const maps = '/api/v1/namespaces/default/configmaps';
    const [named, labelled] = [namedPath(maps, 'told'), `${maps}?labelSelector=a=b`];
    const marked = spawnSync('sh', ['-c', here(means.mark([named, '/apis/none/v1/x', labelled]))], {
      encoding: 'utf8',
    });
    const [, mark = ''] = /^0 (\d+)\n2 \d+\n$/.exec(marked.stdout) ?? [];
    const follow = (path: string, since: string, seconds = 60) =>
      followed(here(means.follow(new Map([[path, since]]), seconds)), process.env);
    const told = async (program: ReturnType<typeof follow>): Promise<string> => {
      const said = await program.first();
      expect(await program.end()).toEqual([]);
      return said ?? '';
    };
    const [byName, byLabel] = [follow(named, mark), follow(labelled, mark)];
    kubectl(['apply', '-f', '-'], configMap('other', '{}'));
    kubectl(['apply', '-f', '-'], configMap('told', '{}'));
    const [, added = ''] = (await told(byName)).split(' ');
    expect(Number(added)).toBeGreaterThan(Number(mark));
    // It comes into the list by its label, and goes out of it again.
    kubectl(['label', 'configmap', 'told', 'a=b']);
    const [, entered = ''] = (await told(byLabel)).split(' ');
    kubectl(['label', 'configmap', 'told', 'a-']);
    const [, left = ''] = (await told(follow(labelled, entered))).split(' ');
    expect(Number(left)).toBeGreaterThan(Number(entered));
    expect(await told(follow(labelled, left, 1))).toBe('over');
    kubectl(['delete', 'configmap', 'other', 'told']);
    const [, gone = ''] = (await told(follow(named, left))).split(' ');
    expect(Number(gone)).toBeGreaterThan(Number(left));
    const raw = (query: string): string => kubectl(['get', '--raw', `${maps}?watch=1&${query}`]).stdout;
    expect(raw('resourceVersion=1&timeoutSeconds=1')).toMatch(
      /^\{"type":"ERROR","object":\{"kind":"Status",.*"message":"too old resource version: 1 \(\d+\)","reason":"Expired","code":410\}\}\n$/,
    );
    expect(await told(follow(named, '1'))).toBe('0');
    const since = `resourceVersion=${gone}&fieldSelector=metadata.name=told&timeoutSeconds=1`;
    expect(raw(since)).toBe('');
    kubectl(['apply', '-f', '-'], configMap('there', '{}'));
    expect(raw('timeoutSeconds=1')).toMatch(
      /^(?:\{"type":"ADDED","object":\{"kind":"ConfigMap",[^\n]*\}\n)+$/,
    );
  });
});
