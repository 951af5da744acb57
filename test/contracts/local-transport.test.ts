import { localTransport } from '#transport/local-transport.ts';

import { testHost } from './test-host.ts';
import { transportContract } from './transport-contract.ts';

transportContract('local', () => localTransport().connect(testHost()));
