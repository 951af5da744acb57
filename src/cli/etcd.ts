import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import { Secret } from '#core/secret.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { PkiReaders } from '#etcd/pki-backup.ts';

import { isAgreed, refuseWithoutAnswer } from './agree.ts';
import type { Cli } from './cli-context.ts';
import { formatOption, splitList } from './global-options.ts';
import { showResult } from './show-result.ts';
import { type Opened, withSlipway } from './with-slipway.ts';

export function etcdCommand(cli: Cli): CommandUnknownOpts {
  const command = new Command('etcd')
    .summary('look at etcd, take snapshots of it and restore them')
    .description(
      "What can be done with the cluster's etcd, as kubeadm runs it on the control planes. Its programs are taken " +
        'from its own image.',
    )
    .addHelpText('after', EXAMPLES);
  for (const make of [statusCommand, membersCommand, snapshotCommand, restoreCommand, defragCommand])
    command.addCommand(make(cli));
  return command;
}

const EXAMPLES = `
Examples:
  slipway etcd status
  slipway etcd snapshot --out berlin.db     to this machine
  slipway etcd snapshot --on-host           to /var/backups/etcd of a control plane
  slipway etcd snapshot --with-pki          and the authorities' keys, with a passphrase
  slipway etcd snapshot --recipient age1... the same, for the owner of that key
  slipway etcd restore berlin.db            on all control planes
  slipway etcd defrag`;

const statusCommand = (cli: Cli) =>
  new Command('status')
    .summary('show how the members are')
    .description('Shows version, size, role, health and alarms of each member.')
    .addOption(formatOption('of what is printed'))
    .option('--detailed-exitcode', 'exit with 2 when a member is not healthy, missing, or has an alarm')
    .action(async ({ format, detailedExitcode }, command) =>
      withSlipway(cli, command, { isChanging: false }, async (opened) => {
        const status = await (await opened.slipway.etcd()).status();
        const { renderEtcdStatus } = await import('#report/text-etcd.ts');
        await showResult(cli, opened, format, status, (look) => renderEtcdStatus(status, look));
        const { isEtcdWell } = await import('#etcd/etcd-status.ts');
        if (detailedExitcode === true && !isEtcdWell(status)) cli.finish(EXIT.changesPending);
      }),
    );

const membersCommand = (cli: Cli) =>
  new Command('members')
    .summary('show which members there are')
    .description('Shows the id of each member, as etcdctl wants it, and where it is reached.')
    .addOption(formatOption('of what is printed'))
    .action(async ({ format }, command) =>
      withSlipway(cli, command, { isChanging: false }, async (opened) => {
        const status = await (await opened.slipway.etcd()).status();
        const { renderEtcdMembers } = await import('#report/text-etcd.ts');
        await showResult(cli, opened, format, status.members, (look) => renderEtcdMembers(status, look));
      }),
    );

const snapshotCommand = (cli: Cli) =>
  new Command('snapshot')
    .summary('save a snapshot')
    .description(
      'Saves a snapshot of the leader, or of another healthy member, verifies it and brings it here, for nobody ' +
        'else to read. All Secrets of the cluster are in it: keep it as a password.',
    )
    .addOption(new Option('--out <file>', 'where it goes; default CLUSTER-etcd-TIME.db').conflicts('onHost'))
    .option('--on-host', 'leave it on the control plane, in /var/backups/etcd')
    .addOption(
      new Option(
        '--with-pki',
        "save the keys of the cluster's authorities beside it as well, to FILE.pki.age, encrypted with age",
      ).conflicts('onHost'),
    )
    .addOption(
      new Option('--recipient <keys>', 'public keys of age that may read it, with commas between')
        .argParser(splitList)
        .implies({ withPki: true }),
    )
    .addOption(
      new Option('--passphrase-file <file>', 'what is in it, in place of a question for the passphrase')
        .implies({ withPki: true })
        .conflicts('recipient'),
    )
    .addOption(formatOption('of what is printed'))
    .action(async ({ out, onHost, withPki, format, ...keys }, command) => {
      const readers = withPki === true ? await readersOf(cli, keys) : undefined;
      await withSlipway(cli, command, { isChanging: true }, async (opened) => {
        const etcd = await opened.slipway.etcd();
        const file = onHost === true ? undefined : (out ?? nameOf(opened));
        const taken = await etcd.snapshot(file, readers);
        const { renderTakenSnapshot } = await import('#report/text-etcd.ts');
        await showResult(cli, opened, format, taken, () => renderTakenSnapshot(taken));
      });
    });

interface PkiKeys {
  readonly recipient?: readonly string[] | undefined;
  readonly passphraseFile?: string | undefined;
}

/** For whom the PKI is encrypted. @throws {SlipwayError} where there is nobody to ask, or what is typed twice differs. */
async function readersOf({ ask }: Cli, { recipient, passphraseFile }: PkiKeys): Promise<PkiReaders> {
  if (recipient !== undefined) return { recipients: recipient };
  if (passphraseFile !== undefined) return { passphrase: passphraseOf(await passphraseIn(passphraseFile)) };
  if (ask === undefined) {
    throw wrongPassphrase(
      'there is nobody to ask for the passphrase',
      'give --recipient or --passphrase-file',
    );
  }
  const passphrase = passphraseOf(await ask('Passphrase of the PKI: ', { isHidden: true }));
  if ((await ask('Once more: ', { isHidden: true })) !== passphrase.reveal())
    throw wrongPassphrase('these are two passphrases', 'run it again');
  return { passphrase };
}

async function passphraseIn(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw wrongPassphrase(`cannot read ${path}: ${(cause as Error).message}`, 'name a file with one line');
  });
}

/** Without the line end of a file. */
function passphraseOf(text: string): Secret {
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase === '')
    throw wrongPassphrase('the passphrase is empty', 'whoever has the file could read it');
  return new Secret(passphrase);
}

const wrongPassphrase = (message: string, hint: string): SlipwayError =>
  new SlipwayError(message, { code: 'no-passphrase', exitCode: EXIT.usage, hint });

const restoreCommand = (cli: Cli) =>
  new Command('restore')
    .summary('restore a snapshot on all control planes')
    .description(
      'Shows what it would do, asks, stops etcd and the API servers on all control planes, restores all members ' +
        'from the file, and starts them. What the members had is kept beside. Cut off anywhere, the same command ' +
        'goes on with it.',
    )
    .argument('<file>', 'a snapshot, of slipway or of etcdctl')
    .option('--yes', 'restore without asking')
    .option('--another-cluster', 'take a snapshot that is not of this cluster')
    .addOption(formatOption('of what is printed'))
    .action(async (file, { yes, anotherCluster, format }, command) => {
      refuseWithoutAnswer(cli, yes, 'give --yes to restore without a question');
      await withSlipway(cli, command, { isChanging: true }, async (opened) => {
        const etcd = await opened.slipway.etcd();
        const planned = await etcd.planRestore(file, { isOfAnother: anotherCluster === true });
        const { renderRestorePlan, renderRestored } = await import('#report/text-etcd.ts');
        await opened.settle();
        const stream = format === 'json' ? cli.stderr : cli.stdout;
        stream.write(renderRestorePlan(planned));
        const isRefused = planned.plan.answer === 'refused';
        if (!isRefused && !(await isAgreed(cli, yes, 'Restore this snapshot?', 'Nothing was restored.')))
          return;
        const missed = await etcd.restore(planned, ({ name, hosts }) =>
          stream.write(`${name}: ${hosts.map(({ host }) => host).join(', ')}\n`),
        );
        const restored = { file, sha256: planned.sha256, missed };
        await showResult(cli, opened, format, restored, () => renderRestored(restored));
      });
    });

const defragCommand = (cli: Cli) =>
  new Command('defrag')
    .summary('give free space of the databases back to the disks')
    .description(
      'Defragments one member after another, the leader last. A member answers nothing meanwhile. Takes back the ' +
        'alarm NOSPACE, where there is one.',
    )
    .option('--yes', 'defragment without asking')
    .addOption(formatOption('of what is printed'))
    .action(async ({ yes, format }, command) => {
      refuseWithoutAnswer(cli, yes, 'give --yes to defragment without a question');
      await withSlipway(cli, command, { isChanging: true }, async (opened) => {
        const etcd = await opened.slipway.etcd();
        const planned = await etcd.planDefragmentation();
        const { renderActions, renderEtcdStatus } = await import('#report/text-etcd.ts');
        await opened.settle();
        (format === 'json' ? cli.stderr : cli.stdout).write(renderActions(planned));
        if (!(await isAgreed(cli, yes, 'Defragment these members?', 'Nothing was defragmented.'))) return;
        const status = await etcd.defragment(planned);
        await showResult(cli, opened, format, status, (look) => renderEtcdStatus(status, look));
      });
    });

/** `berlin-etcd-20261128T143000Z.db` */
const nameOf = ({ slipway }: Opened): string =>
  `${slipway.cluster.name}-etcd-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}.db`;
