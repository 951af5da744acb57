import { expect, it } from 'vitest';

import { deprecatedApis } from '#facts/deprecated-apis.ts';

const { family } = deprecatedApis('1.35');
const parse = (output: string) => family.parse(output, ['1.35'] as never);

it('deprecated APIs are read from the metrics of the API server, with the release that has them no longer', () => {
  expect(
    parse(`found
apiserver_requested_deprecated_apis{group="flowcontrol.apiserver.k8s.io",removed_release="1.32",resource="flowschemas",subresource="",version="v1beta3"} 1
apiserver_requested_deprecated_apis{group="",removed_release="",resource="componentstatuses",subresource="",version="v1"} 1
apiserver_requested_deprecated_apis{group="",removed_release="1.40",resource="endpoints",subresource="",version="v1"} 1
`),
  ).toEqual([
    [
      { name: 'flowcontrol.apiserver.k8s.io/v1beta3 flowschemas', removedIn: '1.32' },
      { name: 'v1 endpoints', removedIn: '1.40' },
    ],
  ]);
});

it('deprecated APIs are not known where nobody was asked, and none where none is told of', () => {
  expect(parse('')).toEqual([null]);
  expect(parse('found\n')).toEqual([[]]);
});
