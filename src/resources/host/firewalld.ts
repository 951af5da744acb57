import {
  FIREWALLD_NAME,
  FIREWALLD_SERVICE,
  FIREWALLD_ZONE,
  type FirewalldOpening,
  firewalldService,
  firewalldZone,
  isOwnFirewalldFile,
} from '#configuration/firewalld.ts';
import {
  change,
  changeOr,
  type Difference,
  differs,
  none,
  noted,
  type Outcome,
  refused,
  type Resource,
  resource,
} from '#core/resource.ts';
import { lines, type Script, sh } from '#core/shell.ts';
import { type Step, run } from '#core/step.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { type FirewalldAnswer, firewalldState } from '#facts/firewalld.ts';
import { type UnitAnswer, unitState } from '#facts/unit.ts';
import { diffFile } from '#resources/files/diff-file.ts';

const ADDRESS = 'firewalld';

const FACTS = {
  firewalld: firewalldState(FIREWALLD_NAME),
  service: fileContent(FIREWALLD_SERVICE),
  zone: fileContent(FIREWALLD_ZONE),
};

interface Answers {
  readonly firewalld: FirewalldAnswer;
  readonly service: FileAnswer;
  readonly zone: FileAnswer;
}

/**
 * What nodes say to each other is let in, now and after a reboot: the ports of a role as a service of firewalld's with
 * slipway's name, and pods and services in a zone of that name. Nothing of others is touched.
 *
 * @see https://firewalld.org/documentation/man-pages/firewall-cmd.html (1.3: --permanent, --check-config, --reload)
 */
export const firewalldOpening = (opening: FirewalldOpening): Resource =>
  resource({
    address: ADDRESS,
    facts: FACTS,
    diff: (answers) =>
      answers.firewalld.live === null
        ? none('firewalld is not active, and lets everything in')
        : diffOpening(answers, answers.firewalld.live, opening),
  });

function diffOpening(
  { firewalld, service, zone }: Answers,
  live: NonNullable<FirewalldAnswer['live']>,
  opening: FirewalldOpening,
): Outcome {
  const others = firewalld.sources.filter(({ zone: one }) => one !== FIREWALLD_NAME);
  const elsewhere = others.find(
    ({ address, zone: one }) => opening.sources.includes(address) && one !== 'trusted',
  );
  if (elsewhere !== undefined) {
    return refused(
      'Firewalld',
      `firewalld has ${elsewhere.address} in its zone ${elsewhere.zone}, and takes a source in one zone only`,
      `firewall-cmd --permanent --zone=${elsewhere.zone} --remove-source=${elsewhere.address} && firewall-cmd --reload; or firewalld: keep in the inventory, and trust it yourself`,
    );
  }
  // What an administrator trusts already stays where it is.
  const sources = opening.sources.filter((one) => !others.some(({ address }) => address === one));
  const files = [
    diffFile(service, fileOf(FIREWALLD_SERVICE, firewalldService(opening))),
    diffFile(zone, fileOf(FIREWALLD_ZONE, firewalldZone(sources))),
  ];
  const faulty = files.find(({ answer }) => answer === 'refused');
  if (faulty !== undefined) return faulty;
  const written = files.flatMap((one) => (one.answer === 'change' ? [one] : []));
  const strays = firewalld.zones.filter((one) => one !== firewalld.zone);
  const outcome = changeOr(
    `firewalld lets in ${[...opening.ports, ...opening.protocols].join(', ')}, and trusts ${opening.sources.join(', ')}`,
    [
      ...differs(`service ${FIREWALLD_NAME} in zone`, joined(firewalld.zones), firewalld.zone),
      ...differs('ports that are open', joined(portsOf(live, firewalld.zone)), joined(sorted(opening.ports))),
      ...differs(
        'protocols that are let in',
        joined(protocolsOf(live, firewalld.zone)),
        joined(sorted(opening.protocols)),
      ),
      ...differs('trusted', joined(sorted(live.sources)), joined(sorted(sources))),
      ...written.flatMap(({ differences }) => differences.filter(({ what }) => what !== 'content')),
      ...(written.length > 0 && isInForce(live, firewalld.zone, opening, sources)
        ? [{ what: 'permanent', from: false, to: true }]
        : []),
    ],
    () => [
      ...written.flatMap(({ steps }) => steps),
      run(
        `have firewalld let in what nodes say to each other, in zone ${firewalld.zone}`,
        lines(
          // A configuration that does not hold would leave firewalld with what it had, and say so.
          sh`firewall-cmd -q --check-config`,
          sh`firewall-cmd -q --reload`,
          ...strays.map(
            (one) => sh`firewall-cmd -q --permanent --zone=${one} --remove-service=${FIREWALLD_NAME}`,
          ),
          sh`firewall-cmd -q --permanent --zone=${firewalld.zone} --add-service=${FIREWALLD_NAME}`,
          sh`firewall-cmd -q --reload`,
        ),
      ),
    ],
  );
  return outcome.answer === 'change'
    ? noted(outcome, [RELOADS, ...written.flatMap(({ notes = [] }) => notes)])
    : outcome;
}

const RELOADS = 'firewalld reads its settings again: what was added to it without --permanent goes';

const fileOf = (path: string, content: string) => ({ path, content, isOwn: isOwnFirewalldFile });

const sorted = (values: readonly string[]): readonly string[] => values.toSorted();
const joined = (values: readonly string[]): string | null => (values.length === 0 ? null : values.join(', '));

type Live = NonNullable<FirewalldAnswer['live']>;

const portsOf = ({ zones, service }: Live, zone: string): readonly string[] =>
  zones.includes(zone) ? sorted(service?.ports ?? []) : [];
const protocolsOf = ({ zones, service }: Live, zone: string): readonly string[] =>
  zones.includes(zone) ? sorted(service?.protocols ?? []) : [];

const isInForce = (
  live: Live,
  zone: string,
  { ports, protocols }: FirewalldOpening,
  sources: readonly string[],
): boolean =>
  joined(portsOf(live, zone)) === joined(sorted(ports)) &&
  joined(protocolsOf(live, zone)) === joined(sorted(protocols)) &&
  joined(sorted(live.sources)) === joined(sorted(sources));

/** Of what slipway has let in nothing is left; firewalld itself stays as it is. */
export const noFirewalldOpening: Resource = resource({
  address: ADDRESS,
  facts: FACTS,
  diff: (answers) => {
    const { differences, steps } = leftOf(answers);
    return noted(
      changeOr('firewalld has nothing of slipway', differences, steps),
      steps.length > 0 && answers.firewalld.isRunning ? [RELOADS] : [],
    );
  },
});

/** firewalld does not run, and nobody can start it by mistake. */
export const noFirewalld: Resource = resource({
  address: ADDRESS,
  facts: { ...FACTS, unit: unitState('firewalld') },
  diff: ({ unit, ...answers }) => {
    const left = leftOf({ ...answers, firewalld: { ...answers.firewalld, isRunning: false } });
    const differences = [...unitDifferences(unit), ...left.differences];
    if (differences.length === 0) {
      return none(unit.load === 'not-found' ? 'firewalld is not installed' : 'firewalld is masked');
    }
    return change(differences, [...(unitDifferences(unit).length === 0 ? [] : [DISABLE]), ...left.steps]);
  },
});

const unitDifferences = ({ load, active }: UnitAnswer): readonly Difference[] =>
  load === 'not-found'
    ? []
    : [...differs('masked', load === 'masked', true), ...differs('active', active === 'active', false)];

const DISABLE = run(
  'stop firewalld, and mask it',
  sh`systemctl disable --now firewalld
systemctl mask firewalld`,
);

interface Left {
  readonly differences: readonly Difference[];
  readonly steps: readonly Step[];
}

/** The service leaves zones before its file goes: a zone that names one which is not there is none that firewalld takes. */
function leftOf({ firewalld, service, zone }: Answers): Left {
  const paths = [...(isOwn(service) ? [FIREWALLD_SERVICE] : []), ...(isOwn(zone) ? [FIREWALLD_ZONE] : [])];
  const zones = isOwn(service) || service.type === 'absent' ? firewalld.zones : [];
  if (paths.length === 0 && zones.length === 0) return { differences: [], steps: [] };
  return {
    differences: [
      ...differs(`service ${FIREWALLD_NAME} in zone`, joined(zones), null),
      ...paths.map((path) => ({ what: path, from: 'there', to: null })),
    ],
    steps: [
      run(
        'take what slipway has let in out of firewalld',
        lines(
          ...zones.map((one) => withoutService(one, firewalld.isRunning)),
          ...(paths.length === 0 ? [] : [sh`rm -f -- ${paths}`]),
          ...(firewalld.isRunning ? [sh`firewall-cmd -q --reload`] : []),
        ),
      ),
    ],
  };
}

const isOwn = ({ type, content }: FileAnswer): boolean =>
  type === 'file' && content !== null && isOwnFirewalldFile(content);

/** firewalld that does not run is told by another program. */
const withoutService = (zone: string, isRunning: boolean): Script =>
  isRunning
    ? sh`firewall-cmd -q --permanent --zone=${zone} --remove-service=${FIREWALLD_NAME}`
    : sh`firewall-offline-cmd -q --zone=${zone} --remove-service-from-zone=${FIREWALLD_NAME}`;
