import { defineConfig, type DefaultTheme } from 'vitepress';

/** By what a reader wants. A test asks for each page. */
const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: 'Begin',
    items: [
      { text: 'Install', link: '/install' },
      { text: 'On a laptop', link: '/quick-start' },
      { text: 'Bare metal with GPUs', link: '/bare-metal' },
      { text: 'A site without the internet', link: '/air-gapped' },
      { text: 'From kubespray, or from a script', link: '/migration' },
      { text: 'When it fails', link: '/faq' },
    ],
  },
  {
    text: 'Use',
    items: [
      { text: 'Inventories and hosts', link: '/inventories' },
      { text: 'Plans', link: '/plans' },
      { text: 'Runs', link: '/runs' },
      { text: 'Verify', link: '/verify' },
      { text: 'Access', link: '/access' },
      { text: 'Kubeconfig', link: '/kubeconfig' },
      { text: 'The life of a cluster', link: '/lifecycle' },
      { text: 'Backup', link: '/backup' },
      { text: 'Certificates', link: '/certificates' },
      { text: 'Hosts that are in use', link: '/used-hosts' },
    ],
  },
  {
    text: 'Configure',
    items: [
      { text: 'Platforms', link: '/platforms' },
      { text: 'High availability', link: '/high-availability' },
      { text: 'etcd', link: '/etcd' },
      { text: 'Container runtimes', link: '/runtimes' },
      { text: 'GPU hosts', link: '/gpu' },
      { text: 'Network', link: '/network' },
      { text: "kubeadm's configuration", link: '/kubeadm' },
      { text: 'Nodes', link: '/nodes' },
      { text: 'Addons', link: '/addons' },
      { text: 'Hooks', link: '/hooks' },
      { text: 'Performance', link: '/performance' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Inventory', link: '/reference/inventory' },
      { text: 'Commands', link: '/reference/commands' },
      { text: 'Exit codes', link: '/reference/exit-codes' },
      { text: 'Resources', link: '/reference/resources' },
      { text: 'Checks', link: '/reference/checks' },
      { text: 'Events', link: '/reference/events' },
      { text: 'The library', link: '/library' },
    ],
  },
];

interface Token {
  readonly type: string;
  children: Token[] | null;
  attrGet: (name: string) => string | null;
}

/** Files of the repository that are no pages, such as schemas, are named on the site and not linked to. */
function withoutOuterLinks(token: Token): void {
  let isOuter = false;
  token.children =
    token.children?.filter((child) => {
      if (child.type === 'link_open') isOuter = child.attrGet('href')?.startsWith('../') === true;
      return !(isOuter && (child.type === 'link_open' || child.type === 'link_close'));
    }) ?? null;
}

export default defineConfig({
  title: 'slipway',
  description: 'Bare Linux machines become a Kubernetes cluster, by a plan and an apply of just that.',
  lang: 'en',
  srcExclude: ['node_modules/**'],
  // The project's own texts have no HTML, and what looks like it, such as <file>, is text.
  markdown: {
    html: false,
    config: (md) => {
      md.core.ruler.push('repository-files', ({ tokens, env }) => {
        if (!(env as { relativePath: string }).relativePath.includes('/')) tokens.forEach(withoutOuterLinks);
      });
    },
  },
  themeConfig: { search: { provider: 'local' }, sidebar, outline: [2, 3] },
});
