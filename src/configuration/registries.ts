import type { ArtifactRef } from '#core/artifact.ts';
import { endpointsOf, type Registry, type RegistryEndpoint, type RegistryLogin } from '#core/runtime.ts';
import type { GivenSecret } from '#core/secret.ts';

/** What the names of secrets in files about registries stand for. */
export const registrySecrets = (registries: readonly Registry[]): readonly GivenSecret[] =>
  loginsOf(registries.flatMap(endpointsOf)).map(({ secret, basic }) => ({ name: secret, value: basic }));

/** The certificates that such files are made from. */
export const registryCertificates = (registries: readonly Registry[]): readonly ArtifactRef[] =>
  registries.flatMap(endpointsOf).flatMap(({ caFile }) =>
    caFile === undefined
      ? []
      : [
          {
            location: caFile,
            pin: 'local',
            faultIn: (text) =>
              text.includes('-----BEGIN CERTIFICATE-----') ? undefined : 'it is no certificate in PEM',
          },
        ],
  );

export const loginsOf = (endpoints: readonly RegistryEndpoint[]): readonly RegistryLogin[] =>
  endpoints.flatMap(({ login }) => (login === undefined ? [] : [login]));
