import { join } from 'node:path';
import type { LabRecord } from './lab-record.ts';

export const identityFileOf = (record: LabRecord) => join(record.directory, 'id_ed25519');
export const knownHostsFileOf = (record: LabRecord) => join(record.directory, 'known_hosts');
export const hostDirectoryOf = (record: LabRecord, host: string) => join(record.directory, 'hosts', host);
export const consoleLogOf = (record: LabRecord, host: string) =>
  join(hostDirectoryOf(record, host), 'console.log');
