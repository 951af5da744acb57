import { describe, expect, test } from 'vitest';

import { EXIT } from '#core/exit-code.ts';
import { loadInventory } from '#inventory/load-inventory.ts';
import { InventoryError } from '#inventory/text/problem.ts';

import { host, inventory, kubernetes, parse, problemsOf } from '../inventory-fixture.ts';

test('error carries its problems, sorted by place', async () => {
  const text = inventory('  - {nmae: w1, port: 22x}', 'netwrok: {}');
  const error = await parse(text).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InventoryError);
  expect(error).toMatchObject({ code: 'inventory-invalid', exitCode: EXIT.usage });
  expect((error as InventoryError).problems).toMatchInlineSnapshot(`
    [
      {
        "column": 6,
        "line": 4,
        "message": "unknown key "nmae"",
        "path": "inventory.yaml",
        "pointer": "hosts[1]",
        "suggestion": "name",
      },
      {
        "column": 22,
        "got": ""22x"",
        "line": 4,
        "message": "must be an integer from 1 to 65535",
        "path": "inventory.yaml",
        "pointer": "hosts[1].port",
        "wanted": "an integer from 1 to 65535",
      },
      {
        "column": 1,
        "line": 5,
        "message": "unknown key "netwrok"",
        "path": "inventory.yaml",
        "pointer": "",
        "suggestion": "network",
      },
    ]
  `);
});

test('file that is not there has an error of its own', async () => {
  await expect(loadInventory('/none/inventory.yaml', { env: {} })).rejects.toMatchObject({
    code: 'inventory-unreadable',
    exitCode: EXIT.usage,
    message: 'the inventory /none/inventory.yaml cannot be read: there is none',
  });
});

test('everything is told at once', async () => {
  const text = `cluster:
kubernetes:
  version: 1.30
  networking: {podSubnet: 10.0.0.0/8, serviceSubnet: 10.96.1.0/12}
  kubelet: {staticPodPath: /x, cgroupDriver: cgroupfs}
  apiServer: {extraArgs: {--v: "4"}}
netwrok: {}
groups:
  gpu:
    labels: {gpu: true, "a b": c}
    taints: [nvidia.com/gpu, {key: x, effect: noschedule}, 5]
hosts:
  - name: cp1
    rol: control-plane
    address: 10.0.0.11
    password: hunter2
  - {name: 'gpu[01:02]', address: '10.0.0.[21:23]', user: ubuntu, group: gpus, port: 22x}
  - {name: W1, address: 10.0.0.11, port: "\${PORT}", become: yes, gpu: maybe, role: master, password: {env: NOPE}}
  - name: cp1
    name: cp1
  - foo
`;
  expect(await problemsOf(text)).toMatchInlineSnapshot(`
    "inventory.yaml:3:12: kubernetes.version: must be a full version such as 1.35.8 (got 1.30, which YAML reads as the number 1.3: put it in quotes)
    inventory.yaml:4:54: kubernetes.networking.serviceSubnet: is an address within a block, and not the block (got "10.96.1.0/12"), did you mean "10.96.0.0/12"?
    inventory.yaml:5:28: kubernetes.kubelet.staticPodPath: must be /etc/kubernetes/manifests, which is where kubeadm puts the control plane (got "/x")
    inventory.yaml:5:46: kubernetes.kubelet.cgroupDriver: must be systemd, which is the driver that slipway gives the runtime (got "cgroupfs")
    inventory.yaml:6:27: kubernetes.apiServer.extraArgs: flags stand here without dashes, unlike "--v", did you mean "v"?
    inventory.yaml:7:1: unknown key "netwrok", did you mean "network"?
    inventory.yaml:10:19: groups.gpu.labels.gpu: must be a string (got true, which YAML reads as a truth value: put it in quotes)
    inventory.yaml:10:25: groups.gpu.labels: the label's key "a b" must be letters, digits, -, _ and ., with a letter or digit at both ends
    inventory.yaml:11:14: groups.gpu.taints[0]: must be key=value:Effect or key:Effect (got "nvidia.com/gpu")
    inventory.yaml:11:47: groups.gpu.taints[1].effect: must be NoSchedule, PreferNoSchedule or NoExecute (got "noschedule"), did you mean "NoSchedule"?
    inventory.yaml:11:60: groups.gpu.taints[2]: must be key=value:Effect, key:Effect, or a map of key, value and effect (got 5)
    inventory.yaml:14:5: hosts[0]: unknown key "rol", did you mean "role"?
    inventory.yaml:15:14: hosts[0].address: 10.0.0.11 is within podSubnet 10.0.0.0/8
    inventory.yaml:16:15: hosts[0].password: must be a reference to a secret: {env: NAME}, {file: PATH}, {command: [PROGRAM, ...]} or {prompt: "question"}
    inventory.yaml:17:35: hosts[1].address: stands for 3 addresses, and the name for 2 hosts
    inventory.yaml:17:74: hosts[1].group: there is no group "gpus", did you mean "gpu"?
    inventory.yaml:17:86: hosts[1].port: must be an integer from 1 to 65535 (got "22x")
    inventory.yaml:18:12: hosts[2].name: must be lower-case letters, digits, - and ., with a letter or digit at both ends of each part (got "W1"), did you mean "w1"?
    inventory.yaml:18:25: hosts[2].address: the address 10.0.0.11 is that of cp1 already, on line 15
    inventory.yaml:18:25: hosts[2].address: 10.0.0.11 is within podSubnet 10.0.0.0/8
    inventory.yaml:18:42: hosts[2].port: the environment variable PORT is not set
    inventory.yaml:18:61: hosts[2].become: must be true or false (got "yes")
    inventory.yaml:18:71: hosts[2].gpu: must be true, false or auto (got "maybe")
    inventory.yaml:18:84: hosts[2].role: must be control-plane or worker (got "master"), did you mean "control-plane"?
    inventory.yaml:18:92: hosts[2].password: the environment variable NOPE is not set
    inventory.yaml:20:5: hosts[3]: duplicate key "name" (the first is on line 19)
    inventory.yaml:20:11: hosts[3].name: the name cp1 is that of hosts[0] already, on line 13
    inventory.yaml:21:5: hosts[4]: must be a map (got "foo")"
  `);
});

describe('YAML', () => {
  test.each([
    ['nothing', ''],
    ['a list', '- a'],
    ['a colon too many', 'a: b: c'],
    ['a tab', 'hosts:\n\t- a'],
    ['a quote that is open', "hosts: [{name: 'a"],
    ['a bracket that is open', 'kubernetes: {version: "1.34.9"\nhosts: []'],
    ['two documents', 'a: 1\n---\nb: 2'],
    ['a key that is a list', '? [a, b]\n: c'],
    ['a tag', 'kubernetes: !foo {}'],
    ['an alias for nothing', 'x: *foo'],
    ['an alias within itself', 'hosts: &a [*a]'],
    ['a duplicate key', inventory('hosts: []')],
    ['a word alone', 'kubernetes:\n  version "1.34.9"\nhosts: []'],
  ])('with %s is told in words', async (_, text) => {
    expect(await problemsOf(text)).toMatchSnapshot();
  });

  test('aliases that multiply are refused', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`,
    );
    expect(
      await problemsOf(kubernetes(`kubelet: {l0: &l0 [a], ${levels.join(', ')}}`)),
    ).toMatchInlineSnapshot(
      `"inventory.yaml:1:329: kubernetes.kubelet.l6[6]: aliases (*name) stand for too much text"`,
    );
  });

  test('anchors and aliases may be used', async () => {
    const { cluster } = await parse(host('labels: &l {a: b}', '  - {name: w2, labels: *l}'));
    expect(cluster.hosts[2]?.labels).toEqual({ a: 'b' });
  });

  test('problem in an alias is told where the anchor is', async () => {
    expect(await problemsOf(host('labels: &l {a: 1}', '  - {name: w2, labels: *l}'))).toMatchInlineSnapshot(`
      "inventory.yaml:4:51: hosts[1].labels.a: must be a string (got 1, which YAML reads as the number 1: put it in quotes)
      inventory.yaml:4:51: hosts[2].labels.a: must be a string (got 1, which YAML reads as the number 1: put it in quotes)"
    `);
  });
});

describe('schema', () => {
  test.each([
    ['missing sections', 'cluster: {}'],
    ['no hosts', 'kubernetes: {version: "1.34.9"}\nhosts: []'],
    ['keys in other cases', kubernetes('pod_subnet: a, Networking: {podsubnet: b}, image-repository: c')],
    ['a key far from any other', inventory('frobnicate: 1')],
    ['a list for a map', inventory('network: [calico]')],
    ['a map for a list', 'kubernetes: {version: "1.34.9"}\nhosts: {cp1: {}}'],
    ['numbers for strings', host('kubeletExtraArgs: {v: 4, a: 1.10, b: true}')],
    ['strings for numbers', inventory('ssh: {connectTimeout: 10s}', 'network: {mtu: 1e9}')],
    [
      'other words',
      inventory('ssh: {hostKeys: accept_new}', 'network: {plugin: calcio, encapsulation: VXLAN}'),
    ],
    [
      'patterns',
      kubernetes('repository: {url: mirror.lab, fingerprint: DE15}, imageRepository: "https://a/b"'),
    ],
    ['a manifest without digest', inventory('network: {manifest: {url: "https://a/b"}}')],
    [
      'a manifest of two kinds',
      inventory(`network: {manifest: {url: "https://a/b", path: c, sha256: ${'0a'.repeat(32)}}}`),
    ],
    [
      'taints of all kinds',
      host('taints: [a, {key: a}, {kye: a, effect: NoSchedule}, 5, "a=b:Never", a:NoExecute, a:NoExecute]'),
    ],
  ])('refuses %s in words', async (_, text) => {
    expect(await problemsOf(text)).toMatchSnapshot();
  });
});

describe('what is repeated of the file', () => {
  test.each<[string, string, string]>([
    ['a line break', 'w\\nx', 'w\\nx'],
    ['the start of a terminal command', 'w\\u001b]0;x\\u0007', '\\u001b]0;x\\u0007'],
    ['a control character beyond ASCII', 'w\\u009b1m', '\\u009b1m'],
    ['a turn of the reading order', 'w\\u202eslx', '\\u202eslx'],
    ['a break of lines that is no line feed', 'w\\u2028x', '\\u2028x'],
  ])('stays on its line and does nothing to a terminal: %s', async (_, written, shown) => {
    const problems = await problemsOf(
      inventory(
        `  - {name: "${written}", address: "${written}", "${written}": 1, labels: {"${written}": 2}}`,
      ),
    );
    const lines = problems.split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line).toMatch(/^inventory\.yaml:4:\d+: /);
    expect(problems).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(problems).toContain(shown.replace(/^w/, ''));
  });
});

test('places are inside of the file where the parser loses count of its lines', async () => {
  const text = 'a: {b: 1}\r\r\nc:\r\r\n  d: [x]\r\r\n  e: f: g\r\r\n';
  const lines = text.split('\n');
  const error = await parse(text).catch((reason: unknown) => reason);
  const { problems } = error as InventoryError;
  expect(problems.length).toBeGreaterThan(0);
  for (const { line, column } of problems) {
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
});
