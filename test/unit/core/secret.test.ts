import { stringify as toToml } from 'smol-toml';
import { expect, it } from 'vitest';
import { stringify as toYaml } from 'yaml';

import { secretPlace, withSecrets } from '#core/secret.ts';

const NAME = 'login of https://a@example.com:5000/x y';

it.each([
  ['YAML', toYaml({ token: secretPlace(NAME) })],
  ['TOML', toToml({ token: secretPlace(NAME) })],
  ['JSON', JSON.stringify({ token: secretPlace(NAME) })],
])('the place of a secret is quoted in %s, and has its name again', (_, text) => {
  const [before, secret, after] = withSecrets(text);
  expect(secret).toEqual({ secret: NAME });
  expect([before, after]).toEqual([expect.stringMatching(/"$/), expect.stringMatching(/^"/)]);
});
