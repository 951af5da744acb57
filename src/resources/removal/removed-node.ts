import { change, none, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { API_AWAY, kubectl } from '#facts/kubectl.ts';

import { MEMBER_GONE } from './removed-member.ts';

/** The API server of a control plane that has just left etcd answers nothing, and may be the one that is asked. */
const PATIENCE = {
  when: `${API_AWAY}|deadline exceeded|Client.Timeout|timed out`,
  attempts: 6,
  pauseMs: 2000,
};

/** The cluster knows no node of this name. It is to run on the CLUSTER; where that is gone, so are its nodes. */
export const removedNode = (name: string): Resource =>
  resource({
    address: `removed-node:${name}`,
    facts: { api: apiState },
    settle: MEMBER_GONE,
    diff: ({ api }) => {
      if (api.state !== 'ready') return none('the cluster does not answer: its nodes go with it');
      if (api.nodes[name] === undefined) return none(`no node ${name} is registered`);
      return change(
        [{ what: `node ${name}`, from: 'registered', to: null }],
        [
          {
            ...run(
              `delete node ${name}`,
              sh`${embed(kubectl)} --request-timeout=15s delete node ${name} --ignore-not-found`,
            ),
            timeoutMs: 300_000,
            retry: PATIENCE,
          },
        ],
      );
    },
  });
