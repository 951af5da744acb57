import { change, differs, none, type Resource, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { fileMetadata } from '#facts/file.ts';

export const SPECIFICATION_PATH = '/var/run/cdi/nvidia.yaml';

/**
 * The CDI specification of the host's GPUs. It lies in memory: nvidia-cdi-refresh.service makes it at boot.
 *
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/blob/v1.20.0/deployments/systemd/nvidia-cdi-refresh.service
 */
export const cdiSpecification = (): Resource =>
  resource({
    address: `file:${SPECIFICATION_PATH}`,
    facts: { found: fileMetadata(SPECIFICATION_PATH) },
    diff: ({ found }) =>
      found.type === 'file'
        ? none(`${SPECIFICATION_PATH} is there`)
        : change(differs('presence', found.type, 'file'), [
            run(
              'describe the GPUs to CDI',
              sh`nvidia-ctk --quiet cdi generate --output=${SPECIFICATION_PATH}`,
            ),
          ]),
  });
