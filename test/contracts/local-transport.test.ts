import { localTransport } from '#transport/local-transport.ts';

import { testHost } from './test-host.ts';
import { KILL_AFTER_MS, transportContract } from './transport-contract.ts';

transportContract('local', () => localTransport({ killAfterMs: KILL_AFTER_MS }).connect(testHost()));
