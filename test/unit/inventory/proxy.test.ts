import { describe, expect, it } from 'vitest';

import { proxyDropInContent } from '#configuration/proxy-drop-in.ts';
import { debian } from '#distributions/debian/debian.ts';

import { inventory, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const proxyOf = async (text: string) => (await parse(text)).cluster.proxy;

describe('a proxy', () => {
  it('is there where the inventory has one', async () => {
    expect(await proxyOf(inventory())).toBeNull();
  });

  it('is by default one for http and https', async () => {
    const one = 'http://proxy.lan:3128';
    expect(await proxyOf(inventory(`proxy: {http: "${one}"}`))).toMatchObject({ http: one, https: one });
    expect(await proxyOf(inventory(`proxy: {https: "${one}/"}`))).toMatchObject({ http: one, https: one });
    expect(await proxyOf(inventory(`proxy: {http: "${one}", https: "https://p:8"}`))).toMatchObject({
      http: one,
      https: 'https://p:8',
    });
  });

  it('is no way to what the cluster is made of, whichever hosts there are', async () => {
    const settings =
      'controlPlaneEndpoint: "api.lab:6443", networking: {podSubnet: "10.1.0.0/16,fd00::/48", serviceSubnet: "10.2.0.0/16,fd01::/112", dnsDomain: lab.internal}';
    const proxy = 'proxy: {http: "http://p:1", noProxy: [.corp.lan, 10.1.0.0/16, 192.168.0.0/16]}';
    const wanted = [
      'localhost',
      '127.0.0.1',
      '::1',
      'api.lab',
      '10.1.0.0/16',
      'fd00::/48',
      '10.2.0.0/16',
      'fd01::/112',
      '.svc',
      '.lab.internal',
      '.corp.lan',
      '192.168.0.0/16',
    ];
    expect((await proxyOf(kubernetes(settings, proxy)))!.noProxy).toEqual(wanted);
    const more = kubernetes(settings, '  - {name: w1, address: 10.0.0.99}', proxy);
    expect((await proxyOf(more))!.noProxy).toEqual(wanted);
  });

  it.each([
    ['{}', 'proxy: says nothing of where the proxy is'],
    ['{noProxy: [a]}', 'proxy: says nothing of where the proxy is'],
    ['{http: proxy.lan}', 'proxy.http: must be the http(s) URL of a proxy'],
    ['{http: "http://a b"}', 'proxy.http: must be'],
    [`{http: 'http://a"b'}`, 'proxy.http: must be'],
    ['{http: "http://me:hunter2@proxy.lan"}', 'proxy.http: must have no login'],
    ['{http: "http://p", noProxy: ["a b"]}', 'proxy.noProxy[0]: must be a name, .domain, address or CIDR'],
    ['{http: "http://p", noProxy: ["a;b"]}', 'proxy.noProxy[0]: must be'],
  ])('%s is refused', async (written, fault) => {
    const problems = await problemsOf(inventory(`proxy: ${written}`));
    expect(problems).toContain(fault);
    expect(problems).not.toContain('hunter2');
  });
});

describe('files of a proxy', () => {
  const proxy = {
    http: 'http://proxy.lan:3128',
    https: 'http://tls.lan:3129/%41',
    noProxy: ['localhost', '::1', '10.96.0.0/12', '.corp.lan', '*.lan', 'mirror.lan'],
  };

  it("apt's names the hosts it can, and no domains or blocks, which it does not know", () => {
    expect(debian.proxyFile.content(proxy, ['apt.corp.lan'])).toMatchInlineSnapshot(`
      "# Written by slipway: the proxy of the inventory.
      Acquire::http::Proxy "http://proxy.lan:3128";
      Acquire::https::Proxy "http://tls.lan:3129/%41";
      Acquire::http::Proxy::localhost "DIRECT";
      Acquire::http::Proxy::mirror.lan "DIRECT";
      Acquire::http::Proxy::apt.corp.lan "DIRECT";
      Acquire::https::Proxy::localhost "DIRECT";
      Acquire::https::Proxy::mirror.lan "DIRECT";
      Acquire::https::Proxy::apt.corp.lan "DIRECT";
      "
    `);
  });

  it("systemd's doubles a percent sign, which would else be its own", () => {
    expect(proxyDropInContent(proxy)).toMatchInlineSnapshot(`
      "# Written by slipway: the proxy of the inventory.
      [Service]
      Environment="HTTP_PROXY=http://proxy.lan:3128"
      Environment="HTTPS_PROXY=http://tls.lan:3129/%%41"
      Environment="NO_PROXY=localhost,::1,10.96.0.0/12,.corp.lan,*.lan,mirror.lan"
      "
    `);
  });
});
